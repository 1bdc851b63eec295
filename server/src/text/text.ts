/**
 * Text: a string that remembers where each of its parts came from, through any number of escapes, templates and
 * embeddings. Knows nothing about IAM, never reads a source, never throws.
 */

/** A half-open range of UTF-16 offsets into the source with that path. */
export interface Span {
  readonly source: string;
  readonly start: number;
  readonly end: number;
}

/**
 * What a part of a Text rests on.
 * - `same`: the source under `span` is the part, character by character.
 * - `spelled`: the source spells the part otherwise (`\"`, `$${`); indivisible, but editable as a whole.
 * - `derived`: computed from the expression at `span`; readable, never edited piecewise.
 * - `hole`: known only at deploy time; one {@link HOLE} in `flat`. Equal symbols stand for equal text.
 */
export type PartKind = 'same' | 'spelled' | 'derived' | 'hole';

/** What a template directive does with the text up to its partner; see {@link Part.directive}. */
export type Directive = 'open' | 'else' | 'close';

/** `length` characters of `flat`, from `at`. Invariant: the parts of a Text cover `flat` in order, without gaps. */
export interface Part {
  readonly kind: PartKind;
  readonly at: number;
  readonly length: number;
  readonly span: Span;
  /** Of holes only. */
  readonly symbol?: string;
  /** Of holes only: this one is a template directive such as `%{ if }`, so that what follows is there only sometimes. */
  readonly directive?: Directive;
  /** Of derived parts and holes only: what gave this part and its neighbours together. */
  readonly origin?: Origin;
}

/**
 * An expression whose text is known in pieces (`aws_s3_bucket.b.arn`, of which the letters `arn:` and `:s3:::` are known).
 * All of it, `length` characters in a row, is shown to people by the expression's `name`; a piece of it as what it is.
 */
export interface Origin {
  readonly name: string;
  readonly length: number;
}

/** A string with memory. `flat` holds one {@link HOLE} for each hole; ask {@link isHole}, since text may hold that character too. */
export interface Text {
  readonly flat: string;
  readonly parts: readonly Part[];
}

/** The character that stands for a hole in `flat` (U+FFFC, object replacement). */
export const HOLE = '\uFFFC';

/** A Text that is the source itself from `start` to `end`; `content` is the whole text of the source. */
export function sourceText(source: string, content: string, start = 0, end = content.length): Text {
  if (end <= start) return EMPTY;
  const span = { source, start, end };
  return { flat: content.slice(start, end), parts: [{ kind: 'same', at: 0, length: end - start, span }] };
}

/** Text of the kind that an expression at `span` gives: computed (`derived`) or an escape (`spelled`). */
export function spelledText(kind: 'spelled' | 'derived', flat: string, span: Span): Text {
  return flat === '' ? EMPTY : { flat, parts: [{ kind, at: 0, length: flat.length, span }] };
}

/** A Text that is one hole. */
export function holeText(symbol: string, span: Span, directive?: Directive): Text {
  const part: Part = { kind: 'hole', at: 0, length: 1, span, symbol, ...(directive ? { directive } : {}) };
  return { flat: HOLE, parts: [part] };
}

/** The Text as what an expression of that name gave: shown by the name where it is whole. Leaves parts of the source itself as they are. */
export function originText(text: Text, name: string): Text {
  const origin: Origin = { name, length: text.flat.length };
  const parts = text.parts.map((part) =>
    part.kind === 'derived' || part.kind === 'hole' ? { ...part, origin } : part,
  );
  return { flat: text.flat, parts };
}

/** The empty Text; it has no place. */
export const EMPTY: Text = { flat: '', parts: [] };

/** The Texts, one after the other. */
export function joinText(texts: readonly Text[]): Text {
  if (texts.length === 1 && texts[0]) return texts[0];
  let flat = '';
  const parts: Part[] = [];
  for (const text of texts) {
    for (const part of text.parts) push(parts, { ...part, at: part.at + flat.length });
    flat += text.flat;
  }
  return { flat, parts };
}

function push(parts: Part[], part: Part): void {
  const last = parts[parts.length - 1];
  const continues =
    last?.kind === 'same' &&
    part.kind === 'same' &&
    last.span.end === part.span.start &&
    last.span.source === part.span.source;
  if (!continues) parts.push(part);
  else {
    parts[parts.length - 1] = {
      kind: 'same',
      at: last.at,
      length: last.length + part.length,
      span: { source: last.span.source, start: last.span.start, end: part.span.end },
    };
  }
}

/** The characters from `from` to `to` of `flat`. A part of a spelled or derived part keeps the whole part's span, as `derived`. */
export function sliceText(text: Text, from: number, to: number): Text {
  if (from <= 0 && to >= text.flat.length) return text;
  if (to <= from) return EMPTY;
  const parts: Part[] = [];
  for (let i = partIndex(text, from); i < text.parts.length; i++) {
    const part = text.parts[i];
    if (!part || part.at >= to) break;
    const start = Math.max(from, part.at);
    const end = Math.min(to, part.at + part.length);
    if (end <= start) continue;
    parts.push(cut(part, start, end, from));
  }
  return { flat: text.flat.slice(from, to), parts };
}

function cut(part: Part, start: number, end: number, base: number): Part {
  const whole = start === part.at && end === part.at + part.length;
  if (part.kind === 'same') {
    const from = part.span.start + (start - part.at);
    const span = { source: part.span.source, start: from, end: from + (end - start) };
    return { kind: 'same', at: start - base, length: end - start, span };
  }
  return { ...part, kind: whole ? part.kind : 'derived', at: start - base, length: end - start };
}

/** The index of the part that holds `offset`, by bisection. */
function partIndex(text: Text, offset: number): number {
  let low = 0;
  let high = text.parts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    const part = text.parts[middle];
    if (part && part.at <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The part that holds the character at `offset`; undefined beyond the end. */
export function partAt(text: Text, offset: number): Part | undefined {
  if (offset < 0 || offset >= text.flat.length) return undefined;
  return text.parts[partIndex(text, offset)];
}

/** Whether the character at `offset` stands for a hole. */
export function isHole(text: Text, offset: number): boolean {
  return text.flat[offset] === HOLE && partAt(text, offset)?.kind === 'hole';
}

/** Whether any part is known only at deploy time. */
export function hasHole(text: Text): boolean {
  const { parts } = text;
  if (parts.length < 2) return parts[0]?.kind === 'hole';
  return parts.some((part) => part.kind === 'hole');
}

/** The string, where all of it is known. */
export function knownText(text: Text): string | undefined {
  return hasHole(text) ? undefined : text.flat;
}

/**
 * Where the characters from `from` to `to` stand. Exact at both ends for `same` parts, the whole spelling for others;
 * undefined for an empty Text, and for one whose ends lie in different sources.
 */
export function spanOf(text: Text, from = 0, to = text.flat.length): Span | undefined {
  if (text.parts.length === 1 && from === 0 && to === text.flat.length) return text.parts[0]?.span;
  const first = text.parts[partIndex(text, from)];
  const last = text.parts[partIndex(text, Math.max(from, to - 1))];
  if (!first || !last || first.span.source !== last.span.source) return undefined;
  const start = first.kind === 'same' ? first.span.start + Math.min(from - first.at, first.length) : first.span.start;
  const end = last.kind === 'same' ? last.span.start + Math.min(to - last.at, last.length) : last.span.end;
  return { source: first.span.source, start, end: Math.max(start, end) };
}

/** The name of a Text's content without its places: equal for two Texts that are equal wherever they are known and whose holes have equal symbols. */
export function canonicalText(text: Text): string {
  const isPlain = !text.flat.includes('\0');
  if (!hasHole(text)) return isPlain ? text.flat : text.flat.replaceAll('\0', '\0\0');
  let name = '';
  for (const part of text.parts) {
    if (part.kind === 'hole') name += `\0<${part.symbol ?? ''}\0>`;
    else {
      const letters = text.flat.slice(part.at, part.at + part.length);
      name += isPlain ? letters : letters.replaceAll('\0', '\0\0');
    }
  }
  return name;
}

/** The Text as people would write it down: holes as `${symbol}`, and what one expression gave in pieces as `${name}`. */
export function displayText(text: Text): string {
  if (!hasHole(text)) return text.flat;
  let shown = '';
  for (let index = 0; index < text.parts.length; index++) {
    const part = text.parts[index];
    const last = part?.origin ? lastOfOrigin(text.parts, index, part.origin) : undefined;
    if (last !== undefined) {
      shown += `\${${part?.origin?.name ?? ''}}`;
      index = last;
    } else if (part)
      shown += part.kind === 'hole' ? `\${${part.symbol ?? ''}}` : text.flat.slice(part.at, part.at + part.length);
  }
  return shown;
}

/** The index of the part that completes what the origin gave from `first` on; undefined where some of it is missing. */
function lastOfOrigin(parts: readonly Part[], first: number, origin: Origin): number | undefined {
  let length = 0;
  for (let index = first; index < parts.length; index++) {
    const part = parts[index];
    if (part?.origin !== origin) return undefined;
    length += part.length;
    if (length >= origin.length) return length === origin.length ? index : undefined;
  }
  return undefined;
}

/** Whether `inner` lies within `outer`, in the same source. */
export function contains(outer: Span, inner: Span): boolean {
  return outer.source === inner.source && outer.start <= inner.start && inner.end <= outer.end;
}
