/**
 * Tokens of YAML, with the rest of a file kept alive: a line that no YAML can go on from is passed over, and a quote that is
 * never closed ends with its line. The only file that knows the YAML parser: bundles load that with its first use
 * (`scripts/build.mjs`), so that nothing else may ask for it while it is itself loaded.
 */
import { type CST, Parser } from 'yaml';

/**
 * A place where the text departs from YAML: a `quote` that is never closed, a `line` that was passed over, or something
 * `dented`, in quotes or brackets, whose lines stand further out than YAML has it, which nobody else minds.
 */
export interface Fault {
  readonly kind: 'quote' | 'line' | 'dented';
  readonly start: number;
  readonly end: number;
}

/** Documents in order, and what was passed over between the tokens. Offsets are those of the text as given. */
export interface Tokens {
  readonly documents: readonly CST.Document[];
  readonly faults: readonly Fault[];
}

/** Readings of one text: each passes over one fault more. */
const MOST_READINGS = 12;

/** Reads a text. Never throws. */
export function tokensOf(content: string): Tokens {
  const faults: Fault[] = [];
  let text = withoutTagLines(withoutLastColons(content));
  for (;;) {
    const tokens = [...new Parser().parse(text)];
    const documents = tokens.filter((token): token is CST.Document => token.type === 'document');
    const fault = faults.length + 1 < MOST_READINGS ? firstFault(tokens, text) : undefined;
    if (!fault) return { documents, faults };
    faults.push(fault);
    text = text.slice(0, fault.start) + masked(text, fault) + text.slice(fault.start + lengthOf(fault));
  }
}

/**
 * What is still being typed: in `Action: s3:` the last colon, behind which nothing stands, would open an object that takes
 * in the entries below. YAML has no such line. Letters of scalars are taken from the text as given, so nothing else changes.
 */
function withoutLastColons(content: string): string {
  return content.replace(HALF_TYPED, '$1_');
}

const HALF_TYPED = /^([ \t]*(?:- +)*[\w-]+:[ \t]+[\w*?$][^\s#'"]*):(?=[ \t]*(?:[ \t]#[^\n]*)?\r?$)/gm;

/** Templates of Go (Helm) and Jinja, rendered before YAML is read: a line of nothing but a tag, at its very beginning, is blank. */
function withoutTagLines(content: string): string {
  if (!content.includes('{{') && !content.includes('{%')) return content;
  return content.replace(/^\{(\{[^\n]*\}|%[^\n]*%)\}[ \t]*(?=\r?$)/gm, (tag) => ' '.repeat(tag.length));
}

function lengthOf({ kind, start, end }: Fault): number {
  return kind === 'quote' ? 1 : end - start;
}

/** What the parser reads in the place of a fault: as many letters. */
function masked(text: string, { kind, start, end }: Fault): string {
  switch (kind) {
    case 'quote':
      return '_';
    case 'line':
      return ' '.repeat(end - start);
    case 'dented':
      return text.slice(start, end).replace(/[ \t]#[^\n]*|[\r\n]/g, (gone) => ' '.repeat(gone.length));
  }
}

/** What keeps the parser from reading on: first a quote that swallows what follows, then a line that fits nowhere. */
function firstFault(tokens: readonly CST.Token[], text: string): Fault | undefined {
  const error = tokens.find((token) => token.type === 'error');
  const limit = error ? error.offset : text.length;
  const inside = collections(tokens);
  for (const token of brokenUp(tokens, inside)) {
    if (token.offset > limit) break;
    const end = token.type === 'flow-collection' ? bracketEnd(text, token.offset) : quoteEnd(text, token.offset);
    if (isClosed(token)) {
      if (!error || token.type === 'flow-collection' || !SWALLOWED.test(token.source)) continue;
    } else if (end !== undefined && text.slice(token.offset, end).includes('\n')) {
      if (token.type === 'flow-collection' || !SWALLOWED.test(text.slice(token.offset, end)))
        return { kind: 'dented', start: token.offset, end };
    }
    if (token.type === 'flow-collection') continue;
    return { kind: 'quote', start: token.offset, end: lineEnd(text, token.offset) };
  }
  const line = misplacedLine(inside, text);
  if (line) return line;
  if (!error) return undefined;
  const start = text.lastIndexOf('\n', error.offset - 1) + 1;
  const end = lineEnd(text, error.offset);
  return /\S/.test(text.slice(start, end)) ? { kind: 'line', start, end } : undefined;
}

/** A line of a quoted scalar that looks like an entry or item of YAML. */
const SWALLOWED = /\n[ \t]*(?:- |[A-Za-z][\w-]*:(?:[ \t\r\n]|$))/;

function lineEnd(text: string, from: number): number {
  const feed = text.indexOf('\n', from);
  const end = feed < 0 ? text.length : feed;
  return end > from && text[end - 1] === '\r' ? end - 1 : end;
}

/** A line that the parser takes for the beginning of the next key, or one with tabs where blanks are due. */
function misplacedLine(inside: readonly Collection[], text: string): Fault | undefined {
  const isTab = ({ type, source, offset }: CST.SourceToken) =>
    type === 'space' && source.includes('\t') && (offset === 0 || text[offset - 1] === '\n');
  for (const token of inside) {
    if (token.type === 'flow-collection') continue;
    for (const { start, sep, key } of token.items) {
      if (key?.type === 'scalar' && key.source.includes('\n'))
        return { kind: 'line', start: key.offset, end: lineEnd(text, key.offset) };
      const tab = start.find(isTab) ?? sep?.find(isTab);
      const end = tab && lineEnd(text, tab.offset);
      if (tab && end !== undefined && /\S/.test(text.slice(tab.offset, end)))
        return { kind: 'line', start: tab.offset, end };
    }
  }
  return undefined;
}

type Enclosed = CST.FlowScalar | CST.FlowCollection;

function isClosed(token: Enclosed): boolean {
  if (token.type === 'flow-collection')
    return token.end.some(({ type }) => type === 'flow-map-end' || type === 'flow-seq-end');
  return token.source.length > 1 && token.source.endsWith(token.source[0] ?? '');
}

/** Behind the quote that closes the one at `start`; undefined where none does. */
function quoteEnd(text: string, start: number): number | undefined {
  const quote = text[start] ?? '';
  for (let at = start + 1; at < text.length; at++) {
    if (quote === '"' && text[at] === '\\') at += 1;
    else if (text[at] === quote) {
      if (quote === '"' || text[at + 1] !== quote) return at + 1;
      at += 1;
    }
  }
  return undefined;
}

/** Brackets further apart than this are not looked for. */
const FARTHEST = 100_000;

/** Behind the bracket that closes the one at `start`; undefined where none does, or another comes first. */
function bracketEnd(text: string, start: number): number | undefined {
  const open: string[] = [];
  for (let at = start; at < text.length && at < start + FARTHEST; at++) {
    const letter = text[at] ?? '';
    if (letter === '[' || letter === '{') open.push(letter === '[' ? ']' : '}');
    else if (letter === ']' || letter === '}') {
      if (open.pop() !== letter) return undefined;
      if (open.length === 0) return at + 1;
    } else if ((letter === '"' || letter === "'") && /[\s[{,:]/.test(text[at - 1] ?? ' ')) {
      const end = quoteEnd(text, at);
      if (end === undefined) return undefined;
      at = end - 1;
    } else if (letter === '#' && /\s/.test(text[at - 1] ?? ' ')) at = lineEnd(text, at);
    else if (letter === '\n' && NEXT_ENTRY.test(text.slice(at + 1, at + 80))) return undefined;
  }
  return undefined;
}

/** A line that begins as entries of blocks do, without quotes, and so is none of a collection that is written as JSON is. */
const NEXT_ENTRY = /^[ \t]*(?:- )?[A-Za-z][\w-]*:[ \t]*(?:\r?\n|$|[^\s,]*\r?\n)/;

/** Everything in quotes or brackets, in source order. */
function brokenUp(tokens: readonly CST.Token[], inside: readonly Collection[]): readonly Enclosed[] {
  const found: Enclosed[] = [];
  const keep = (token: CST.Token | null | undefined) => {
    if (token?.type === 'single-quoted-scalar' || token?.type === 'double-quoted-scalar') found.push(token);
  };
  for (const token of tokens) if (token.type === 'document') keep(token.value);
  for (const collection of inside) {
    if (collection.type === 'flow-collection') found.push(collection);
    for (const { key, value } of collection.items) {
      keep(key);
      keep(value);
    }
  }
  return found.sort((a, b) => a.offset - b.offset);
}

type Collection = CST.BlockMap | CST.BlockSequence | CST.FlowCollection;

/** Every collection, from the outside in. Uses no recursion, so any depth is fine. */
function collections(tokens: readonly CST.Token[]): readonly Collection[] {
  const found: Collection[] = [];
  const keep = (token: CST.Token | null | undefined) => {
    if (token?.type === 'block-map' || token?.type === 'block-seq' || token?.type === 'flow-collection')
      found.push(token);
  };
  for (const token of tokens) if (token.type === 'document') keep(token.value);
  for (let i = 0; i < found.length; i++)
    for (const { key, value } of found[i]?.items ?? []) {
      keep(key);
      keep(value);
    }
  return found;
}
