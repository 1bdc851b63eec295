/**
 * Spells edits in the notation of the values that they touch: JSON, HCL expressions, and the encodings around them.
 * Positions come from the values' own spans; the source is looked at for layout only. Knows no rules and no resources.
 */
import type { Edit, Plain, TextEdit } from '../finding/edit.ts';
import { type Part, partAt, type Span, spanOf } from '../text/text.ts';
import type { Entry, Item, ListValue, ObjectValue, Spelling, TextValue, Value } from '../value/value.ts';
import { copyItem, copyObject, insertObject, listText, replaceItems } from './items.ts';
import { isObject } from './layout.ts';
import { insertBlocks, replaceBlock } from './nested.ts';
import { reorderItems } from './order.ts';
import { encode, hclKey, isList, keyOf, type Printing, spell } from './spelling.ts';

/** All edits, or undefined where one of them cannot be spelled. */
export function printEdits(edits: readonly Edit[], printing: Printing): readonly TextEdit[] | undefined {
  const printed: TextEdit[] = [];
  for (const edit of edits) {
    const texts = printEdit(edit, printing);
    if (!texts) return undefined;
    printed.push(...texts);
  }
  return printed;
}

function printEdit(edit: Edit, printing: Printing): readonly TextEdit[] | undefined {
  if (isMade(edit)) return undefined;
  switch (edit.kind) {
    case 'rewrite':
      return only(rewrite(edit.value, edit.from, edit.to, edit.text));
    case 'rename':
      return only(rename(edit.entry, edit.key, printing));
    case 'replace':
      return only(replaceBlock(edit.value, edit.plain, printing) ?? replace(edit.value, edit.plain, printing));
    case 'insert-item':
      return only(insertItem(edit.into, edit.plain, edit.after, printing));
    case 'insert-entry':
      return only(
        insertBlocks(edit.into, edit.key, edit.plain, edit.after, printing) ??
          insertEntry(edit.into, edit.key, edit.plain, edit.after, printing),
      );
    case 'replace-items':
      return edit.into.spelling.notation === 'block' && edit.plain.length === 0
        ? printEdits(
            edit.items.map((item) => ({ kind: 'remove-item', from: edit.into, item })),
            printing,
          )
        : replaceItems(edit.into, edit.items, edit.plain, printing);
    case 'reorder-items':
      return reorder(edit.into, edit.items, printing);
    case 'copy-item': {
      const inner = printEdits(edit.edits, printing);
      return inner && only(copyItem(edit.into, edit.item, inner, printing));
    }
    case 'copy-object': {
      const inner = printEdits(edit.edits, printing);
      return inner && copyObject(edit.value, inner, printing);
    }
    case 'remove-item':
      return only(remove(edit.from, edit.item.value.span, printing));
    case 'remove-entry':
      return only(remove(edit.from, edit.entry.span, printing));
  }
}

/** Whether the edit would change the members of what is computed, or one of several members that one text stands for. */
function isMade(edit: Edit): boolean {
  switch (edit.kind) {
    case 'rewrite':
    case 'rename':
      return false;
    case 'replace':
    case 'copy-object':
      return edit.value.spelling.notation === 'made';
    case 'insert-item':
    case 'insert-entry':
      return edit.into.spelling.notation === 'made';
    case 'replace-items':
      return edit.into.spelling.notation === 'made' || edit.items.some((item) => isOneOfSeveral(item, edit.into));
    case 'reorder-items':
      return edit.into.spelling.notation === 'made' || edit.into.items.some((item) => isOneOfSeveral(item, edit.into));
    case 'copy-item':
      return edit.into.spelling.notation === 'made' || isOneOfSeveral(edit.item, edit.into);
    case 'remove-item':
      return edit.from.spelling.notation === 'made' || isOneOfSeveral(edit.item, edit.from);
    case 'remove-entry':
      return edit.from.spelling.notation === 'made';
  }
}

function isOneOfSeveral({ value: { span } }: Item, list: ListValue): boolean {
  const alike = list.items.filter(
    ({ value }) => value.span.start === span.start && value.span.end === span.end && value.span.source === span.source,
  );
  return alike.length > 1;
}

function only(edit: TextEdit | undefined): readonly TextEdit[] | undefined {
  return edit && [edit];
}

/** A list that takes the place of a single value is laid out as the line's length asks for. */
function replace(value: Value, plain: Plain, printing: Printing): TextEdit | undefined {
  if (value.spelling.notation === 'block') return undefined;
  const list = typeof plain === 'object' && plain !== null && isList(plain) ? plain : undefined;
  const spelling = around(value.spelling);
  const newText = list ? listText(list, { ...value, spelling }, printing) : spell(plain, spelling, printing);
  return newText === undefined ? undefined : { span: value.span, newText };
}

/** How what takes the place of a value is spelled: the function that it was in goes with it. */
function around(spelling: Spelling): Spelling {
  return spelling.layers[0] === 'fn-sub' ? { ...spelling, layers: spelling.layers.slice(1) } : spelling;
}

function rewrite(value: TextValue, from: number, to: number, text: string): TextEdit | undefined {
  let before: Part | undefined;
  for (let at = from; at < to; ) {
    const part = partAt(value.text, at);
    if (!part || part.kind === 'derived' || part.kind === 'hole') return undefined;
    if (before && (before.span.end !== part.span.start || before.span.source !== part.span.source)) return undefined;
    before = part;
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
  const bare = span?.start === entry.keySpan.start && span.end === entry.keySpan.end;
  if (span && bare && spelling.notation === 'hcl') return { span, newText: hclKey(key) };
  return span ? { span, newText: encode(key, spelling) } : undefined;
}

function insertItem(list: ListValue, plain: Plain, after: Item | undefined, printing: Printing): TextEdit | undefined {
  if (after && isObject(plain)) return insertObject(list, plain, after, printing);
  const text = spell(plain, list.spelling, printing);
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
  if (notation === 'block' && (printing.blockKey?.(key) === undefined || isObject(plain))) return undefined;
  const value = spell(plain, object.spelling, printing);
  if (value === undefined) return undefined;
  const text = `${keyOf(key, object.spelling, printing)}${value}`;
  // What blocks only imply stands at their keyword, where nothing can be put.
  const members = object.entries
    .map((entry) => entry.span)
    .filter((span) => notation !== 'block' || span.start > object.span.start);
  return insert(object, members, after?.span, text, printing);
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

function reorder(list: ListValue, order: readonly Item[], printing: Printing): readonly TextEdit[] | undefined {
  const content = printing.content(list.span.source);
  if (content === undefined || list.spelling.notation === 'block') return undefined;
  const remove = (gone: readonly Item[]) => replaceItems(list, gone, [], printing);
  return reorderItems(list, order, content, { by: 'commas', remove });
}

/** Where the blank line begins that sets a block apart from what stands above it. */
function withBlankLine(lineStart: number, content: string): number {
  return lineStart - (/(?<=\n)[ \t]*\r?\n$/.exec(content.slice(0, lineStart))?.[0].length ?? 0);
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
  if (alone && rest !== undefined) {
    const isBlock = notation === 'block' && whole.kind === 'list';
    return span(isBlock ? withBlankLine(lineStart, content) : lineStart, member.end + comma + rest);
  }
  if (notation === 'block') return undefined;
  const last = /^[ \t\r\n]*[\]}]/.test(behind.slice(comma));
  if (last && before > 0) return span(member.start - before, member.end);
  const blanks = comma > 0 ? (/^[ \t\r\n]*/.exec(behind.slice(comma))?.[0].length ?? 0) : 0;
  return span(member.start, member.end + comma + blanks);
}
