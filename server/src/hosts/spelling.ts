/** Spelling: letters, keys and whole values in the notation of a place: JSON, HCL expressions, and the encodings around them. Looks at no source. */
import type { Plain, Reference, Written } from '../finding/edit.ts';
import type { Span } from '../text/text.ts';
import type { Layer, ObjectValue, Spelling, Value } from '../value/value.ts';
import type { Lines } from './layout.ts';

/** What a host lends for printing: the text of its sources, references in its own words, and its names for IAM's keys. */
export interface Printing {
  readonly content: (source: string) => string | undefined;
  /** The reference as a host's expression, undefined where it has none. */
  readonly reference: (reference: Reference, spelling: Spelling) => string | undefined;
  /** The key as written in a block (`NotAction` is `not_actions`); undefined where the block has no such key. */
  readonly blockKey?: (key: string) => string | undefined;
  /** An object as a block, without blanks in front; undefined where the host has no such block. */
  readonly block?: (plain: Plain, lines: Lines) => string | undefined;
  /** An entry of an object that blocks make up, as blocks of its own; undefined where it is none. */
  readonly blocksFor?: (into: ObjectValue, key: string, plain: Plain, lines: Lines) => readonly string[] | undefined;
  /** The block, and its place, that an object as the whole of such a value becomes; undefined where it is none. */
  readonly blockInPlace?: (value: Value, plain: Plain) => BlockInPlace | undefined;
}

/** A block for another, in its lines. */
export interface BlockInPlace {
  readonly span: Span;
  readonly block: (lines: Lines) => string | undefined;
}

/** Letters as they stand inside a string of this spelling. */
export function encode(text: string, spelling: Spelling): string {
  let spelled = text;
  if (spelling.notation === 'json') spelled = encodeJson(spelled);
  else if (spelling.notation !== 'yaml' && spelling.layers[0] !== 'heredoc') spelled = hclLetters(spelled);
  return layer(spelled, spelling);
}

/** The quote that opens and closes a string of this spelling. */
export function quoteOf(spelling: Spelling): string {
  return layer('"', spelling);
}

function layer(text: string, spelling: Spelling): string {
  let spelled = text;
  for (const layer of spelling.layers) spelled = through(layer, spelled);
  return spelled;
}

function through(layer: Layer, text: string): string {
  switch (layer) {
    case 'json-string':
    case 'yaml-double':
      return JSON.stringify(text).slice(1, -1);
    case 'hcl-string':
      return hclLetters(text);
    case 'heredoc':
      return withoutSequences(text);
    case 'fn-sub':
    case 'sub':
      return text.replaceAll('${', '${!');
    case 'yaml-single':
      return text.replaceAll("'", "''");
    case 'yaml-plain':
    case 'yaml-block':
    case 'yaml-flow':
      return text;
  }
}

function hclLetters(text: string): string {
  return withoutSequences(JSON.stringify(text).slice(1, -1));
}

/** Letters that begin no template sequence of HCL. */
function withoutSequences(text: string): string {
  return text.replace(/[$%](?=\{)/g, (sign) => sign + sign);
}

/** A whole value in this spelling, on one line; undefined where the host has no words for a reference in it. */
export function spell(plain: Plain, spelling: Spelling, printing: Printing): string | undefined {
  if (plain === null || typeof plain === 'number' || typeof plain === 'boolean') return String(plain);
  if (typeof plain === 'string') {
    const quote = quoteOf(spelling);
    return `${quote}${encode(plain, spelling)}${quote}`;
  }
  if ('thing' in plain) return printing.reference(plain, spelling);
  if ('written' in plain) return asWritten(plain, spelling, printing);
  if (isList(plain)) {
    const items = plain.map((item) => spell(item, spelling, printing));
    return items.some((item) => item === undefined) ? undefined : `[${items.join(', ')}]`;
  }
  const entries = plain.entries.map(([key, value]) => {
    const text = spell(value, spelling, printing);
    return text === undefined ? undefined : `${keyOf(key, spelling, printing)}${text}`;
  });
  return entries.some((entry) => entry === undefined) ? undefined : `{ ${entries.join(', ')} }`;
}

/** The words of the source, where they are on one line and in the same encodings. */
function asWritten({ written }: Written, spelling: Spelling, printing: Printing): string | undefined {
  const { span, spelling: own } = written;
  const same = own.notation === spelling.notation && own.layers.join() === spelling.layers.join();
  const words = printing.content(span.source)?.slice(span.start, span.end);
  return same && words && !words.includes('\n') ? words : undefined;
}

/** Whether it is a list. */
export function isList(plain: Extract<Plain, object>): plain is readonly Plain[] {
  return Array.isArray(plain);
}

/** A key with what stands between it and its value. */
export function keyOf(key: string, spelling: Spelling, printing: Printing): string {
  if (spelling.notation === 'json') return layer(`"${encodeJson(key)}": `, spelling);
  if (spelling.notation === 'block') return `${printing.blockKey?.(key) ?? key} = `;
  return `${hclKey(key)} = `;
}

/** A key of HCL's objects: bare where it may be. */
export function hclKey(key: string): string {
  return /^[A-Za-z_][\w-]*$/.test(key) ? key : `"${hclLetters(key)}"`;
}

function encodeJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}
