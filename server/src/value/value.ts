/**
 * Value: a forgiving JSON-shaped tree in which every node knows its place and may be unknown, open, or there only
 * sometimes. Hosts make it; it knows nothing about IAM and holds no reference to a file.
 */
import { canonicalText, displayText, knownText, type Span, type Text } from '../text/text.ts';

/** `sometimes`: inside a branch, `count`, `for_each` over the unknown, `%{ if }`. */
export type Presence = 'always' | 'sometimes';

/**
 * How a node is written, for whoever prints edits: its own notation, and the encodings around it from the inside out.
 * `fn-sub` is the template of CloudFormation's `Fn::Sub` that the text itself stands in, `sub` one that something in
 * another notation stands in. Flow collections of YAML are written as JSON is, with `yaml-flow` outermost. `made` is what an
 * expression computes from text that stands elsewhere: it has no place where a member could be put, replaced or taken out.
 */
export interface Spelling {
  readonly notation: 'json' | 'hcl' | 'block' | 'yaml' | 'made';
  readonly layers: readonly Layer[];
}

/** One encoding of letters. */
export type Layer =
  | 'json-string'
  | 'heredoc'
  | 'hcl-string'
  | 'fn-sub'
  | 'sub'
  | 'yaml-plain'
  | 'yaml-single'
  | 'yaml-double'
  | 'yaml-block'
  | 'yaml-flow';

/** Any node. `span` covers the whole spelling, quotes and brackets included. */
export type Value = TextValue | ListValue | ObjectValue | ScalarValue | ChoiceValue | UnknownValue;

/** A string. `text` leaves the quotes out. */
export interface TextValue {
  readonly kind: 'text';
  readonly span: Span;
  readonly spelling: Spelling;
  readonly text: Text;
}

/**
 * `open`: there may be more items than can be seen. `openSymbol` names the text that decides what of it cannot be seen: the
 * items beyond, and which of those that are there only sometimes are there. Equal symbols decide equally; without one
 * nothing is known of it.
 */
export interface ListValue {
  readonly kind: 'list';
  readonly span: Span;
  readonly spelling: Spelling;
  readonly items: readonly Item[];
  readonly open: boolean;
  readonly openSymbol?: string | undefined;
}

/** One item of a list. */
export interface Item {
  readonly value: Value;
  readonly presence: Presence;
}

/** `open`: there may be more entries than can be seen; `openSymbol` as of lists. Entries stand in source order and may repeat a key. */
export interface ObjectValue {
  readonly kind: 'object';
  readonly span: Span;
  readonly spelling: Spelling;
  readonly entries: readonly Entry[];
  readonly open: boolean;
  readonly openSymbol?: string | undefined;
}

/** `span` runs from the key to the end of the value; `keySpan` includes quotes. */
export interface Entry {
  readonly key: Text;
  readonly keySpan: Span;
  readonly value: Value;
  readonly presence: Presence;
  readonly span: Span;
}

/** A number, a boolean or null, with its own spelling in `raw`: `012345678901` as a number keeps its letters. */
export interface ScalarValue {
  readonly kind: 'scalar';
  readonly span: Span;
  readonly spelling: Spelling;
  readonly value: number | boolean | null;
  readonly raw: string;
}

/**
 * Exactly one of the options, which one is decided at deploy time: by what `symbol` names, the same for equal symbols over
 * equal options. Invariant: at least two options, none of them a choice.
 */
export interface ChoiceValue {
  readonly kind: 'choice';
  readonly span: Span;
  readonly spelling: Spelling;
  readonly options: readonly Value[];
  readonly symbol?: string | undefined;
}

/** Anything. Equal symbols stand for equal values. */
export interface UnknownValue {
  readonly kind: 'unknown';
  readonly span: Span;
  readonly spelling: Spelling;
  readonly symbol: string;
}

/** The spelling of a plain JSON file. */
export const PLAIN_JSON: Spelling = { notation: 'json', layers: [] };

/** The value's text where it is a string, all of it known. */
export function literalOf(value: Value | undefined): string | undefined {
  return value?.kind === 'text' ? knownText(value.text) : undefined;
}

/** The entry that counts for a key that is spelled exactly so: the last one, as JSON readers have it. Undefined where there is none for certain. */
export function entryOf(object: ObjectValue, key: string): Entry | undefined {
  for (let i = object.entries.length - 1; i >= 0; i--) {
    const entry = object.entries[i];
    if (entry && entry.key.flat === key && knownText(entry.key) === key) return entry;
  }
  return undefined;
}

/** Whether the object can be said not to hold the key: it is closed, and no key of it is a hole or computed. */
export function lacks(object: ObjectValue, key: string): boolean {
  return (
    !object.open &&
    object.entries.every((entry) => knownText(entry.key) !== undefined) &&
    entryOf(object, key) === undefined
  );
}

/** The name of the value's content without its places; equal content gives equal names. Equal names are equal content where {@link unseenName} is not undefined. */
export function canonicalValue(value: Value): string {
  switch (value.kind) {
    case 'text':
      return `"${escaped(canonicalText(value.text))}"`;
    case 'scalar':
      return value.raw;
    case 'unknown':
      return `?${value.symbol}?`;
    case 'choice':
      return `(${symbolMark(value.symbol)}${value.options.map(canonicalValue).join('|')})`;
    case 'list': {
      let name = '[';
      for (const item of value.items) name += `${separator(name)}${mark(item.presence)}${canonicalValue(item.value)}`;
      return `${name}${value.open ? '…' : ''}${symbolMark(value.openSymbol)}]`;
    }
    case 'object': {
      let name = '{';
      for (const entry of value.entries)
        name += `${separator(name)}${mark(entry.presence)}"${escaped(canonicalText(entry.key))}":${canonicalValue(entry.value)}`;
      return `${name}${value.open ? '…' : ''}${symbolMark(value.openSymbol)}}`;
    }
  }
}

function separator(before: string): string {
  return before.length > 1 ? ',' : '';
}

function symbolMark(symbol: string | undefined): string {
  return symbol === undefined ? '' : `<${symbol}>`;
}

/** Longer names are none: they would be copied into each other without end. */
const LONGEST_NAME = 4000;

/** The names as one; undefined where one of them is, or all together are too long. */
export function joinNames(names: readonly (string | undefined)[]): string | undefined {
  let joined = '';
  for (const name of names) {
    if (name === undefined || joined.length + name.length > LONGEST_NAME) return undefined;
    if (name !== '') joined += joined === '' ? name : `, ${name}`;
  }
  return joined;
}

/**
 * The name of what cannot be seen of the value: unknown parts, open ones, and choices. What is known of it may change
 * without changing the name. Empty where all is seen; undefined where something has no name. Holes in texts have their own.
 */
export function unseenName(value: Value): string | undefined {
  switch (value.kind) {
    case 'unknown':
      return `?${value.symbol}?`;
    case 'choice':
      return value.symbol !== undefined && value.options.every((option) => unseenName(option) !== undefined)
        ? joinNames([canonicalValue(value)])
        : undefined;
    case 'list':
      return joinNames([openName(value), ...value.items.map((item) => unseenName(item.value))]);
    case 'object':
      return joinNames([openName(value), ...value.entries.map(unseenEntry)]);
    case 'text':
    case 'scalar':
      return '';
  }
}

/** The `openSymbol` where there is something to name: empty where all members are seen and there always. */
export function openName(value: ListValue | ObjectValue): string | undefined {
  const members = value.kind === 'list' ? value.items : value.entries;
  return value.open || members.some(({ presence }) => presence === 'sometimes') ? value.openSymbol : '';
}

function unseenEntry(entry: Entry): string | undefined {
  const name = unseenName(entry.value);
  return name ? `${canonicalText(entry.key)}: ${name}` : name;
}

function escaped(text: string): string {
  return text.includes('"') || text.includes('\\') ? text.replace(/["\\]/g, '\\$&') : text;
}

function mark(presence: Presence): string {
  return presence === 'always' ? '' : '~';
}

/** The value on one line, for messages and snapshots: JSON with holes as `${symbol}`. */
export function displayValue(value: Value): string {
  switch (value.kind) {
    case 'text':
      return JSON.stringify(displayText(value.text));
    case 'scalar':
      return value.raw;
    case 'unknown':
      return `\${${value.symbol}}`;
    case 'choice':
      return value.options.map(displayValue).join(' | ');
    case 'list':
      return `[${[...value.items.map((item) => displayValue(item.value) + tail(item.presence)), ...(value.open ? ['…'] : [])].join(', ')}]`;
    case 'object':
      return `{${[...value.entries.map((entry) => `${JSON.stringify(displayText(entry.key))}: ${displayValue(entry.value)}${tail(entry.presence)}`), ...(value.open ? ['…'] : [])].join(', ')}}`;
  }
}

function tail(presence: Presence): string {
  return presence === 'always' ? '' : '?';
}

/** Visits the value and all below it, parents first; `visit` returns false to leave a node's children out. */
export function walkValue(value: Value, visit: (value: Value) => boolean): void {
  if (!visit(value)) return;
  switch (value.kind) {
    case 'list':
      for (const item of value.items) walkValue(item.value, visit);
      return;
    case 'object':
      for (const entry of value.entries) walkValue(entry.value, visit);
      return;
    case 'choice':
      for (const option of value.options) walkValue(option, visit);
      return;
    case 'text':
    case 'scalar':
    case 'unknown':
  }
}
