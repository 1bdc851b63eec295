/**
 * Reads JSON out of a Text: plain files, JSON inside strings, templates with holes and directives anywhere. Keeps every
 * place, forgives every mistake and reports it. Never throws; nesting beyond {@link DEEPEST} is passed over as unknown.
 */
import {
  canonicalText,
  EMPTY,
  HOLE,
  hasHole,
  holeText,
  isHole,
  joinText,
  type Part,
  partAt,
  type Span,
  sliceText,
  spanOf,
  spelledText,
  type Text,
} from '../text/text.ts';
import {
  type Entry,
  type Item,
  joinNames,
  type Presence,
  type Spelling,
  type UnknownValue,
  type Value,
} from './value.ts';

/** A place where the text departs from JSON, as one present-tense clause. `fatal`: no strict reader reads on; a key that stands twice many pass over. */
export interface JsonProblem {
  readonly span: Span;
  readonly message: string;
  readonly fatal: boolean;
}

/** What was read. `value` is undefined where the text holds nothing but blanks and comments. */
export interface JsonReading {
  readonly value: Value | undefined;
  readonly problems: readonly JsonProblem[];
}

/** Nesting that is read; IAM's own grammar needs six levels. */
export const DEEPEST = 200;

/** Problems that are kept of one text. */
const MOST_PROBLEMS = 100;

/**
 * Reads the first JSON value of `text`. `anchor` is the place of the whole text, for what has no characters of its own.
 * Holes outside of strings stand for anything: an item, several, a key, nothing.
 */
export function readJson(text: Text, anchor: Span, spelling: Spelling): JsonReading {
  return new Reader(text, anchor, spelling).read();
}

/** What opens a list or object: holes between its members, and the text from its first branch of a template to its last. */
interface Opening {
  readonly holes: string[];
  from: number;
  to: number;
}

class Reader {
  private at = 0;
  /** Template directives that are open around the current place, and those of them that the container stands in as a whole. */
  private branches = 0;
  private outside = 0;
  private readonly flat: string;
  private readonly problems: JsonProblem[] = [];
  /** Where a text is one run of its source, places are sums. */
  private readonly run: Part | undefined;
  private readonly holes: boolean;

  constructor(
    private readonly text: Text,
    private readonly anchor: Span,
    private readonly spelling: Spelling,
  ) {
    this.flat = text.flat;
    const only = text.parts.length === 1 ? text.parts[0] : undefined;
    this.run = only?.kind === 'same' ? only : undefined;
    this.holes = hasHole(text);
  }

  read(): JsonReading {
    if (this.flat.charCodeAt(0) === 0xfeff) this.at = 1;
    this.skip();
    if (this.at >= this.flat.length) return { value: undefined, problems: this.problems };
    const value = this.value(0);
    this.skip();
    if (this.at < this.flat.length && !this.isBareHole())
      this.problem(this.at, this.at + 1, 'text follows the end of the document');
    return { value, problems: this.problems };
  }

  private span(from: number, to: number): Span {
    if (this.run)
      return { source: this.run.span.source, start: this.run.span.start + from, end: this.run.span.start + to };
    if (to <= from) {
      const before = from > 0 ? spanOf(this.text, from - 1, from) : undefined;
      const at = before?.end ?? this.anchor.start;
      return { source: this.anchor.source, start: at, end: at };
    }
    return spanOf(this.text, from, to) ?? this.anchor;
  }

  private problem(from: number, to: number, message: string): void {
    if (this.problems.length < MOST_PROBLEMS)
      this.problems.push({ span: this.span(from, Math.min(to, this.flat.length)), message, fatal: true });
  }

  private isBareHole(): boolean {
    return this.holes && this.flat[this.at] === HOLE && isHole(this.text, this.at);
  }

  /** Passes blanks, comments and template directives. */
  private skip(): void {
    for (; this.at < this.flat.length; ) {
      const code = this.flat.charCodeAt(this.at);
      if (code === 32 || code === 10 || code === 13 || code === 9) this.at++;
      else if (code === 47) {
        if (!this.comment()) return;
      } else if (this.holes && code === 0xfffc) {
        const directive = isHole(this.text, this.at) ? partAt(this.text, this.at)?.directive : undefined;
        if (!directive) return;
        if (directive === 'open') this.branches++;
        if (directive === 'close') this.branches = Math.max(0, this.branches - 1);
        this.at++;
      } else return;
    }
  }

  private comment(): boolean {
    const start = this.at;
    const next = this.flat[this.at + 1];
    if (next !== '/' && next !== '*') return false;
    const end = next === '/' ? this.flat.indexOf('\n', this.at) : this.flat.indexOf('*/', this.at + 2);
    this.at = end < 0 ? this.flat.length : next === '/' ? end : end + 2;
    this.problem(start, this.at, 'a comment stands where JSON has none');
    return true;
  }

  private get presence(): Presence {
    return this.branches > this.outside ? 'sometimes' : 'always';
  }

  private unknown(from: number, to: number, symbol: string): UnknownValue {
    return { kind: 'unknown', span: this.span(from, to), spelling: this.spelling, symbol };
  }

  private value(depth: number): Value {
    const code = this.flat.charCodeAt(this.at);
    if (depth > DEEPEST && (code === 123 || code === 91)) return this.tooDeep();
    if (code === 123 || code === 91) {
      const outside = this.outside;
      this.outside = this.branches;
      const container = code === 123 ? this.object(depth) : this.list(depth);
      this.outside = outside;
      return container;
    }
    if (code === 34) return this.string();
    if (this.isBareHole()) return this.bareHole();
    return this.word();
  }

  private object(depth: number): Value {
    const start = this.at++;
    const entries: Entry[] = [];
    const opening: Opening = { holes: [], from: -1, to: -1 };
    let open = false;
    let comma = true;
    for (;;) {
      if (this.passesBranch(opening)) comma = open = true;
      const code = this.flat.charCodeAt(this.at);
      if (this.at >= this.flat.length) {
        this.problem(start, start + 1, 'the object is not closed');
        break;
      }
      if (code === 125) {
        if (comma && entries.length > 0 && !open)
          this.problem(this.lastComma(), this.lastComma() + 1, 'a comma stands before `}`');
        this.at++;
        break;
      }
      if (code === 93) {
        this.problem(start, start + 1, 'the object is not closed');
        break;
      }
      if (code === 44) {
        if (comma && !open) this.problem(this.at, this.at + 1, 'a comma stands where an entry is due');
        comma = true;
        this.at++;
        continue;
      }
      if (this.isBareHole() && !this.holeIsKey()) {
        opening.holes.push(this.bareHole().symbol);
        comma = open = true;
        continue;
      }
      if (!comma && !open) this.problem(this.at, this.at + 1, 'a comma is missing before this entry');
      comma = false;
      const entry = this.entry(depth);
      if (entry) this.add(entries, entry);
      else comma = true;
    }
    return {
      kind: 'object',
      span: this.span(start, this.at),
      spelling: this.spelling,
      entries,
      open,
      openSymbol: this.openSymbol(opening),
    };
  }

  /** Passes what stands between members; whether a branch of the template began or ended there. */
  private passesBranch(opening: Opening): boolean {
    const start = this.at;
    const before = this.branches;
    this.skip();
    if (this.branches === before) return false;
    if (opening.from < 0) opening.from = start;
    opening.to = this.at;
    return true;
  }

  private openSymbol({ holes, from, to }: Opening): string | undefined {
    const branches = from < 0 ? '' : canonicalText(sliceText(this.text, from, to)).trim();
    return joinNames([...holes, branches]);
  }

  private add(entries: Entry[], entry: Entry): void {
    const certain = entry.presence === 'always' && !hasHole(entry.key);
    if (
      certain &&
      entries.length < 500 &&
      entries.some((other) => other.key.flat === entry.key.flat && other.presence === 'always' && !hasHole(other.key))
    ) {
      if (this.problems.length < MOST_PROBLEMS)
        this.problems.push({
          span: entry.keySpan,
          message: `the key \`${entry.key.flat}\` stands twice in one object`,
          fatal: false,
        });
    }
    entries.push(entry);
  }

  private lastComma(): number {
    return Math.max(0, this.flat.lastIndexOf(',', this.at - 1));
  }

  private holeIsKey(): boolean {
    let i = this.at + 1;
    while (i < this.flat.length && /\s/.test(this.flat[i] ?? '')) i++;
    return this.flat[i] === ':';
  }

  private entry(depth: number): Entry | undefined {
    const start = this.at;
    const presence = this.presence;
    const key = this.key();
    if (!key) return undefined;
    const keySpan = this.span(start, this.at);
    const keyEnd = this.at;
    this.skip();
    if (this.flat[this.at] !== ':') {
      this.problem(start, this.at, 'a colon and a value are missing after this key');
      const value = this.unknown(keyEnd, keyEnd, `missing@${keySpan.end}`);
      return { key, keySpan, value, presence, span: keySpan };
    }
    const colonEnd = ++this.at;
    this.skip();
    const code = this.flat.charCodeAt(this.at);
    let value: Value;
    if (this.at >= this.flat.length || code === 44 || code === 125 || code === 93) {
      this.problem(start, this.at, 'the value is missing');
      value = this.unknown(colonEnd, colonEnd, `missing@${keySpan.end}`);
    } else value = this.value(depth + 1);
    const span = { source: keySpan.source, start: keySpan.start, end: Math.max(keySpan.end, value.span.end) };
    return { key, keySpan, value, presence, span };
  }

  private key(): Text | undefined {
    if (this.flat.charCodeAt(this.at) === 34) {
      const value = this.string();
      return value.kind === 'text' ? value.text : undefined;
    }
    const start = this.at;
    if (this.isBareHole()) {
      this.at++;
      return sliceText(this.text, start, this.at);
    }
    const end = wordEnd(this.flat, start);
    this.at = Math.max(end, start + 1);
    this.problem(
      start,
      this.at,
      end > start ? 'the key is not in quotes' : `\`${this.flat.slice(start, this.at)}\` stands where a key is due`,
    );
    return end > start ? sliceText(this.text, start, end) : undefined;
  }

  private list(depth: number): Value {
    const start = this.at++;
    const items: Item[] = [];
    const opening: Opening = { holes: [], from: -1, to: -1 };
    let open = false;
    let comma = true;
    /** Where the last item begins, or the comma before it: what turns out to be a key belongs to the object around. */
    let last = this.at;
    for (;;) {
      if (this.passesBranch(opening)) comma = open = true;
      const code = this.flat.charCodeAt(this.at);
      if (this.at >= this.flat.length) {
        this.problem(start, start + 1, 'the list is not closed');
        break;
      }
      if (code === 93) {
        if (comma && items.length > 0 && !open)
          this.problem(this.lastComma(), this.lastComma() + 1, 'a comma stands before `]`');
        this.at++;
        break;
      }
      if (code === 125 || (code === 58 && items.at(-1)?.value.kind === 'text')) {
        this.problem(start, start + 1, 'the list is not closed');
        if (code === 58) {
          items.pop();
          this.at = last;
        }
        break;
      }
      if (code === 44) {
        if (comma && !open) this.problem(this.at, this.at + 1, 'a comma stands where an item is due');
        comma = true;
        last = this.at++;
        continue;
      }
      if (this.isBareHole()) {
        opening.holes.push(this.bareHole().symbol);
        comma = open = true;
        continue;
      }
      if (!comma && !open) this.problem(this.at, this.at + 1, 'a comma is missing before this item');
      if (!comma || open || items.length === 0) last = this.at;
      comma = false;
      const presence = this.presence;
      items.push({ value: this.value(depth + 1), presence });
    }
    return {
      kind: 'list',
      span: this.span(start, this.at),
      spelling: this.spelling,
      items,
      open,
      openSymbol: this.openSymbol(opening),
    };
  }

  /** A hole outside of strings, with what touches it: `${a}`, `${a}${b}`, `${n}000`. */
  private bareHole(): UnknownValue {
    const start = this.at;
    const symbol = partAt(this.text, start)?.symbol ?? '';
    this.at++;
    while (this.at < this.flat.length && !/[\s,:[\]{}"]/.test(this.flat[this.at] ?? '')) this.at++;
    return this.unknown(
      start,
      this.at,
      this.at === start + 1 ? symbol : `${symbol}${this.flat.slice(start + 1, this.at)}`,
    );
  }

  private word(): Value {
    const start = this.at;
    const end = wordEnd(this.flat, start);
    this.at = Math.max(end, start + 1);
    const raw = this.flat.slice(start, this.at);
    const value = raw === 'true' ? true : raw === 'false' ? false : raw === 'null' ? null : numberOf(raw);
    if (value !== undefined)
      return { kind: 'scalar', span: this.span(start, this.at), spelling: this.spelling, value, raw };
    this.problem(start, this.at, `\`${raw.slice(0, 40)}\` is not a JSON value`);
    return this.unknown(start, this.at, `invalid@${start}:${raw.slice(0, 40)}`);
  }

  /** A string; one that is not closed ends at the line's end, or at `limit`. */
  private string(limit = this.flat.length): Value {
    const plain = this.run && limit === this.flat.length ? this.plainString() : undefined;
    if (plain) return plain;
    const start = this.at++;
    const pieces: Text[] = [];
    let from = this.at;
    for (;;) {
      const code = this.flat.charCodeAt(this.at);
      if (code === 34) {
        const end = this.unclosedAt(start);
        if (end !== undefined) {
          this.at = start;
          return this.string(end);
        }
        const text = this.pieces(pieces, from);
        this.at++;
        return { kind: 'text', span: this.span(start, this.at), spelling: this.spelling, text };
      }
      if (this.at >= limit || code === 10 || code === 13) {
        this.problem(start, this.at, 'the string is not closed');
        const text = this.pieces(pieces, from);
        const rest = holeText(`unclosed@${this.span(start, start).start}`, this.span(this.at, this.at));
        return { kind: 'text', span: this.span(start, this.at), spelling: this.spelling, text: joinText([text, rest]) };
      }
      if (code === 92) {
        if (this.at > from) pieces.push(sliceText(this.text, from, this.at));
        pieces.push(this.escape());
        from = this.at;
      } else if (code === 0xfffc && this.isBareHole() && partAt(this.text, this.at)?.directive === 'open') {
        if (this.at > from) pieces.push(sliceText(this.text, from, this.at));
        pieces.push(this.branch());
        from = this.at;
      } else {
        if (code < 32) this.problem(this.at, this.at + 1, 'a control character stands in a string');
        this.at++;
      }
    }
  }

  /** A string of a plain source without escape, control character or anything odd behind it: nearly all are so. */
  private plainString(): Value | undefined {
    const start = this.at;
    const end = this.flat.indexOf('"', start + 1);
    const flat = end < 0 || end - start > LONGEST_PLAIN ? '\n' : this.flat.slice(start + 1, end);
    if (UNPLAIN.test(flat) || /\w/.test(this.flat[end + 1] ?? '')) return undefined;
    this.at = end + 1;
    const parts: Part[] =
      flat === '' ? [] : [{ kind: 'same', at: 0, length: flat.length, span: this.span(start + 1, end) }];
    return { kind: 'text', span: this.span(start, this.at), spelling: this.spelling, text: { flat, parts } };
  }

  /**
   * A quote with a letter right behind it begins a string; where the one before it holds a comma or a bracket, that one
   * was not closed, and ends there. Variables such as `${aws:username}` are part of it.
   */
  private unclosedAt(start: number): number | undefined {
    if (!/\w/.test(this.flat[this.at + 1] ?? '')) return undefined;
    const inside = this.flat.slice(start + 1, this.at);
    const end = /^(?:\$\{[^}]*\}|[^,\]}])*/.exec(inside)?.[0].length ?? 0;
    return end < inside.length ? start + 1 + end : undefined;
  }

  private pieces(pieces: Text[], from: number): Text {
    const last = this.at > from ? sliceText(this.text, from, this.at) : EMPTY;
    return pieces.length === 0 ? last : joinText([...pieces, last]);
  }

  private escape(): Text {
    const start = this.at;
    const letter = this.flat[start + 1] ?? '';
    const plain = ESCAPES.get(letter);
    if (plain !== undefined) {
      this.at += 2;
      return spelledText('spelled', plain, this.span(start, this.at));
    }
    const digits = this.flat.slice(start + 2, start + 6);
    if (letter === 'u' && /^[0-9a-fA-F]{4}$/.test(digits)) {
      this.at += 6;
      return spelledText('spelled', String.fromCharCode(Number.parseInt(digits, 16)), this.span(start, this.at));
    }
    this.at++;
    this.problem(start, this.at, 'the backslash begins no escape');
    return sliceText(this.text, start, this.at);
  }

  /** `%{ if }` to `%{ endif }` inside a string is one hole. */
  private branch(): Text {
    const start = this.at;
    let depth = 0;
    do {
      const directive = this.isBareHole() ? partAt(this.text, this.at)?.directive : undefined;
      if (directive === 'open') depth++;
      if (directive === 'close') depth--;
      this.at++;
    } while (depth > 0 && this.at < this.flat.length && this.flat[this.at] !== '"');
    return holeText(canonicalText(sliceText(this.text, start, this.at)), this.span(start, this.at));
  }

  /** Passes over a container that is nested too deep, without recursion. */
  private tooDeep(): Value {
    const start = this.at;
    let depth = 0;
    for (; this.at < this.flat.length; this.at++) {
      const code = this.flat.charCodeAt(this.at);
      if (code === 123 || code === 91) depth++;
      else if (code === 125 || code === 93) {
        if (--depth === 0) break;
      } else if (code === 34) {
        for (this.at++; this.at < this.flat.length && this.flat[this.at] !== '"'; this.at++)
          if (this.flat[this.at] === '\\') this.at++;
      }
    }
    this.at = Math.min(this.at + 1, this.flat.length);
    this.problem(start, start + 1, 'the value is nested too deep');
    return this.unknown(start, this.at, `deep@${start}`);
  }
}

/** Longer strings are read letter by letter: an unclosed one would be sliced again and again. */
const LONGEST_PLAIN = 4000;

// biome-ignore lint/suspicious/noControlCharactersInRegex: what JSON forbids in strings
const UNPLAIN = /[\\\u0000-\u001f\ufffc]/;

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ['\\', '\\'],
  ['/', '/'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
]);

/** The end of a run of letters, digits and signs: a number, a word, an unquoted key. */
function wordEnd(flat: string, start: number): number {
  let end = start;
  while (end < flat.length && /[\w.+\-$]/.test(flat[end] ?? '')) end++;
  return end;
}

function numberOf(raw: string): number | undefined {
  return /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(raw) ? Number(raw) : undefined;
}
