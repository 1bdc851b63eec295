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
      if (edit.value.spelling.notation === 'block') return undefined;
      const newText = spell(edit.plain, edit.value.spelling, printing, '');
      return newText === undefined ? undefined : { span: edit.value.span, newText };
    }
    case 'insert-item':
      return insertItem(edit.into, edit.plain, edit.after, printing);
    case 'insert-entry':
      return insertEntry(edit.into, edit.key, edit.plain, edit.after, printing);
    case 'remove-item':
      return remove(edit.from, edit.item.value.span, printing);
    case 'remove-entry':
      return remove(edit.from, edit.entry.span, printing);
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
  if (spelling.notation === 'json') spelled = encodeJson(spelled);
  else if (spelling.layers[0] !== 'heredoc') spelled = hclLetters(spelled);
  return layer(spelled, spelling);
}

/** The quote that opens and closes a string of this spelling. */
export function quoteOf(spelling: Spelling): string {
  return layer('"', spelling);
}

function layer(text: string, spelling: Spelling): string {
  let spelled = text;
  for (const layer of spelling.layers) {
    if (layer === 'json-string') spelled = JSON.stringify(spelled).slice(1, -1);
    else if (layer === 'hcl-string') spelled = hclLetters(spelled);
    else spelled = withoutSequences(spelled);
  }
  return spelled;
}

function hclLetters(text: string): string {
  return withoutSequences(JSON.stringify(text).slice(1, -1));
}

/** Letters that begin no template sequence of HCL. */
function withoutSequences(text: string): string {
  return text.replace(/[$%](?=\{)/g, (sign) => sign + sign);
}

/** A whole value in this spelling. */
function spell(plain: Plain, spelling: Spelling, printing: Printing, indent: string): string | undefined {
  if (plain === null || typeof plain === 'number' || typeof plain === 'boolean') return String(plain);
  if (typeof plain === 'string') {
    const quote = quoteOf(spelling);
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
  if (text === undefined || list.spelling.notation === 'block') return undefined;
  const members = list.items.map((item) => item.value.span);
  return insert(list, members, after?.value.span, text, printing);
}

function insertEntry(
  object: ObjectValue,
  key: string,
  plain: Plain,
  after: Entry | undefined,
  printing: Printing,
): TextEdit | undefined {
  const { notation } = object.spelling;
  if (notation === 'block' && (printing.blockKey?.(key) === undefined || isDeep(plain))) return undefined;
  const value = spell(plain, object.spelling, printing, '');
  if (value === undefined) return undefined;
  const text = `${keyOf(key, object.spelling, printing)}${value}`;
  // What blocks only imply stands at their keyword, where nothing can be put.
  const members = object.entries
    .map((entry) => entry.span)
    .filter((span) => notation !== 'block' || span.start > object.span.start);
  return insert(object, members, after?.span, text, printing);
}

/** Whether a block's argument cannot hold it. */
function isDeep(plain: Plain): boolean {
  return typeof plain === 'object' && plain !== null && !('thing' in plain) && !isList(plain);
}

/** Puts `text` behind the member at `after`, or in front of all. The blanks before the first member are the layout. */
function insert(
  whole: ListValue | ObjectValue,
  members: readonly Span[],
  after: Span | undefined,
  text: string,
  printing: Printing,
): TextEdit | undefined {
  const { source, start } = whole.span;
  const content = printing.content(source);
  if (content === undefined) return undefined;
  const block = whole.spelling.notation === 'block';
  const visible = members.filter((span) => span.source === source && span.start >= start && span.end <= whole.span.end);
  const [first] = visible;
  if (!first) {
    const opened = members.length === 0 && !block && /[[{]/.test(content.charAt(start));
    return opened ? { span: { source, start: start + 1, end: start + 1 }, newText: text } : undefined;
  }
  const lineStart = content.lastIndexOf('\n', first.start - 1) + 1;
  const before = content.slice(lineStart, first.start);
  const ownLine = /^[ \t]*$/.test(before) && lineStart > start;
  if (block && !ownLine) return undefined;
  const newline = content.includes('\r\n') ? '\r\n' : '\n';
  const lines = ownLine && whole.kind === 'object' && whole.spelling.notation !== 'json';
  const gap = `${lines ? '' : ','}${ownLine ? `${newline}${before}` : ' '}`;
  const anchor = after && visible.find((span) => span.start === after.start && span.end === after.end);
  if (anchor) return { span: { source, start: anchor.end, end: anchor.end }, newText: `${gap}${text}` };
  return { span: { source, start: first.start, end: first.start }, newText: `${text}${gap}` };
}

/** Takes a member out with its separator and the blanks that it leaves behind. Undefined where that cannot be told from the text. */
function remove(whole: ListValue | ObjectValue, member: Span, printing: Printing): TextEdit | undefined {
  const { source, start, end } = whole.span;
  const content = printing.content(source);
  if (content === undefined || member.source !== source || member.start <= start || member.end > end) return undefined;
  const span = (from: number, to: number): TextEdit => ({ span: { source, start: from, end: to }, newText: '' });
  const behind = content.slice(member.end, end);
  const comma = /^[ \t\r\n]*,/.exec(behind)?.[0].length ?? 0;
  const before = /,[ \t\r\n]*$/.exec(content.slice(start, member.start))?.[0].length ?? 0;
  if (comma === 0 && before > 0) return span(member.start - before, member.end);
  const { notation } = whole.spelling;
  const members = whole.kind === 'list' ? whole.items.length : whole.entries.length;
  if (comma === 0 && members > 1 && notation === 'json') return undefined;
  const lineStart = content.lastIndexOf('\n', member.start - 1) + 1;
  const alone = lineStart > start && /^[ \t]*$/.test(content.slice(lineStart, member.start));
  const rest = /^[ \t]*(?:(?:#|\/\/)[^\r\n]*)?\r?\n/.exec(behind.slice(comma))?.[0].length;
  if (alone && rest !== undefined) return span(lineStart, member.end + comma + rest);
  if (notation === 'block') return undefined;
  const last = /^[ \t\r\n]*[\]}]/.test(behind.slice(comma));
  if (last && before > 0) return span(member.start - before, member.end);
  const blanks = comma > 0 ? (/^[ \t\r\n]*/.exec(behind.slice(comma))?.[0].length ?? 0) : 0;
  return span(member.start, member.end + comma + blanks);
}
