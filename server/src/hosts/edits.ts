/**
 * Spells edits in the notation of the values that they touch: JSON, HCL expressions, and the encodings around them.
 * Positions come from the values' own spans; the source is looked at for layout only. Knows no rules and no resources.
 */
import type { Edit, Plain, Reference, TextEdit } from '../finding/edit.ts';
import { partAt, type Span, spanOf } from '../text/text.ts';
import type { Entry, Item, ListValue, ObjectValue, Spelling, TextValue } from '../value/value.ts';

/** What a host lends for printing: the text of its sources, references in its own words, and its names for IAM's keys. */
export interface Printing {
  readonly content: (source: string) => string | undefined;
  /** The reference as a host's expression, undefined where it has none. */
  readonly reference: (reference: Reference, spelling: Spelling) => string | undefined;
  /** The key as written in a block (`NotAction` is `not_actions`); undefined where the block has no such key. */
  readonly blockKey?: (key: string) => string | undefined;
}

/** All edits, or undefined where one of them cannot be spelled. */
export function printEdits(edits: readonly Edit[], printing: Printing): readonly TextEdit[] | undefined {
  const printed: TextEdit[] = [];
  for (const edit of edits) {
    const text = printEdit(edit, printing);
    if (!text) return undefined;
    printed.push(text);
  }
  return printed;
}

function printEdit(edit: Edit, printing: Printing): TextEdit | undefined {
  switch (edit.kind) {
    case 'rewrite':
      return rewrite(edit.value, edit.from, edit.to, edit.text);
    case 'rename':
      return rename(edit.entry, edit.key, printing);
    case 'replace': {
      const newText = spell(edit.plain, edit.value.spelling, printing, '');
      return newText === undefined ? undefined : { span: edit.value.span, newText };
    }
    case 'insert-item':
      return insertItem(edit.into, edit.plain, edit.after, printing);
    case 'insert-entry':
      return insertEntry(edit.into, edit.key, edit.plain, edit.after, printing);
    case 'remove-item':
      return remove(
        edit.from,
        edit.from.items.map((item) => item.value.span),
        edit.from.items.indexOf(edit.item),
        printing,
      );
    case 'remove-entry':
      return remove(
        edit.from,
        edit.from.entries.map((entry) => entry.span),
        edit.from.entries.indexOf(edit.entry),
        printing,
      );
  }
}

function rewrite(value: TextValue, from: number, to: number, text: string): TextEdit | undefined {
  for (let at = from; at < to; ) {
    const part = partAt(value.text, at);
    if (!part || part.kind === 'derived' || part.kind === 'hole') return undefined;
    at = part.at + part.length;
  }
  const span = from === to ? caret(value, from) : spanOf(value.text, from, to);
  return span ? { span, newText: encode(text, value.spelling) } : undefined;
}

/** The place between two characters of a text. */
function caret(value: TextValue, at: number): Span | undefined {
  const before = at > 0 ? spanOf(value.text, at - 1, at) : undefined;
  if (before) return { ...before, start: before.end };
  const after = spanOf(value.text, at, at + 1);
  if (after) return { ...after, end: after.start };
  return { ...value.span, start: value.span.start + 1, end: value.span.start + 1 };
}

function rename(entry: Entry, key: string, printing: Printing): TextEdit | undefined {
  const spelling = entry.value.spelling;
  const part = entry.key.parts[0];
  if (part?.kind === 'derived') {
    const name = printing.blockKey?.(key);
    return name === undefined ? undefined : { span: part.span, newText: name };
  }
  const span = spanOf(entry.key);
  return span ? { span, newText: encode(key, spelling) } : undefined;
}

/** Letters as they stand inside a string of this spelling. */
export function encode(text: string, spelling: Spelling): string {
  let spelled = text;
  if (spelling.notation === 'json') spelled = JSON.stringify(spelled).slice(1, -1);
  else spelled = hclLetters(spelled);
  return layer(spelled, spelling);
}

function layer(text: string, spelling: Spelling): string {
  let spelled = text;
  for (const layer of spelling.layers) {
    if (layer === 'json-string') spelled = JSON.stringify(spelled).slice(1, -1);
    else if (layer === 'hcl-string') spelled = hclLetters(spelled);
    else spelled = spelled.replaceAll('${', '$${').replaceAll('%{', '%%{');
  }
  return spelled;
}

function hclLetters(text: string): string {
  return JSON.stringify(text).slice(1, -1).replaceAll('${', '$${').replaceAll('%{', '%%{');
}

/** A whole value in this spelling. */
function spell(plain: Plain, spelling: Spelling, printing: Printing, indent: string): string | undefined {
  if (plain === null || typeof plain === 'number' || typeof plain === 'boolean') return String(plain);
  if (typeof plain === 'string') {
    const quote = layer('"', spelling);
    return `${quote}${encode(plain, spelling)}${quote}`;
  }
  if ('thing' in plain) return printing.reference(plain, spelling);
  if (isList(plain)) {
    const items = plain.map((item) => spell(item, spelling, printing, indent));
    return items.some((item) => item === undefined) ? undefined : `[${items.join(', ')}]`;
  }
  const entries = plain.entries.map(([key, value]) => {
    const text = spell(value, spelling, printing, indent);
    return text === undefined ? undefined : `${keyOf(key, spelling, printing)}${text}`;
  });
  return entries.some((entry) => entry === undefined) ? undefined : `{ ${entries.join(', ')} }`;
}

function isList(plain: readonly Plain[] | { readonly entries: unknown }): plain is readonly Plain[] {
  return Array.isArray(plain);
}

function keyOf(key: string, spelling: Spelling, printing: Printing): string {
  if (spelling.notation === 'json') return layer(`"${encodeJson(key)}": `, spelling);
  if (spelling.notation === 'block') return `${printing.blockKey?.(key) ?? key} = `;
  return /^[A-Za-z_][\w-]*$/.test(key) ? `${key} = ` : `"${hclLetters(key)}" = `;
}

function encodeJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

function insertItem(list: ListValue, plain: Plain, after: Item | undefined, printing: Printing): TextEdit | undefined {
  const text = spell(plain, list.spelling, printing, '');
  if (text === undefined) return undefined;
  const spans = list.items.map((item) => item.value.span);
  return insert(list.span, spans, after ? list.items.indexOf(after) : -1, text, ',', printing);
}

function insertEntry(
  object: ObjectValue,
  key: string,
  plain: Plain,
  after: Entry | undefined,
  printing: Printing,
): TextEdit | undefined {
  const value = spell(plain, object.spelling, printing, '');
  if (value === undefined) return undefined;
  if (object.spelling.notation === 'block' && printing.blockKey?.(key) === undefined) return undefined;
  const text = `${keyOf(key, object.spelling, printing)}${value}`;
  const spans = object.entries.filter((entry) => entry.span.source === object.span.source).map((entry) => entry.span);
  const separator = object.spelling.notation === 'json' ? ',' : '';
  return insert(object.span, spans, after ? object.entries.indexOf(after) : -1, text, separator, printing);
}

/** Puts `text` behind the member at `index`, or in front of all. The blanks between the opening and the first member are the layout. */
function insert(
  whole: Span,
  members: readonly Span[],
  index: number,
  text: string,
  separator: string,
  printing: Printing,
): TextEdit | undefined {
  const content = printing.content(whole.source);
  const first = members[0];
  if (content === undefined) return undefined;
  if (!first) {
    const at = whole.start + 1;
    return { span: { source: whole.source, start: at, end: at }, newText: text };
  }
  const before = content.slice(content.lastIndexOf('\n', first.start - 1) + 1, first.start);
  const ownLine = /^[ \t]*$/.test(before) && content.lastIndexOf('\n', first.start - 1) >= whole.start;
  const newline = content.includes('\r\n') ? '\r\n' : '\n';
  const gap = ownLine ? `${newline}${before}` : separator === '' ? `${newline}  ` : ' ';
  const anchor = index >= 0 ? members[index] : undefined;
  if (anchor)
    return { span: { source: whole.source, start: anchor.end, end: anchor.end }, newText: `${separator}${gap}${text}` };
  return { span: { source: whole.source, start: first.start, end: first.start }, newText: `${text}${separator}${gap}` };
}

/** Takes a member out with the separator that it leaves behind. */
function remove(
  whole: { readonly span: Span },
  members: readonly Span[],
  index: number,
  printing: Printing,
): TextEdit | undefined {
  const content = printing.content(whole.span.source);
  const member = members[index];
  if (!member || content === undefined) return undefined;
  const next = members[index + 1];
  const previous = members[index - 1];
  if (next) return { span: { source: member.source, start: member.start, end: next.start }, newText: '' };
  if (previous) return { span: { source: member.source, start: previous.end, end: member.end }, newText: '' };
  return { span: member, newText: '' };
}
