/**
 * Items: spells changes of several items of a list at once, in the layout that the list has, and copies of an item. Looks
 * at the source for layout only. What cannot be told from the text is undefined.
 */
import { applyEdits, type Plain, type TextEdit } from '../finding/edit.ts';
import type { Span } from '../text/text.ts';
import type { Item, Layer, ListValue, Value } from '../value/value.ts';
import { newlineOf, spellInLines, stepOf } from './layout.ts';
import { type Printing, spell } from './spelling.ts';

/** Columns that a line may take before a list in it is broken up. */
const WIDEST = 110;

/** Puts `plain` in the place of the first of the items and takes out the others with their separators and the comments on their lines. */
export function replaceItems(
  list: ListValue,
  items: readonly Item[],
  plain: readonly Plain[],
  printing: Printing,
): readonly TextEdit[] | undefined {
  const content = printing.content(list.span.source);
  const texts = spellAll(plain, list, printing);
  const [first] = items;
  if (content === undefined || !texts || !first || list.spelling.notation === 'block') return undefined;
  const [text] = texts;
  if (items.length === 1 && texts.length === 1 && text !== undefined)
    return [{ span: first.value.span, newText: text }];
  const members = membersOf(list, items, content);
  if (!members) return undefined;
  const runs = runsOf(members);
  const [head] = runs;
  const kept = members.some((member) => !member.taken);
  if (!head || (texts.length === 0 && !kept)) return undefined;
  if (texts.length > 0) {
    const whole = brokenUp(list, members, texts, content);
    if (whole) return [whole];
  }
  const rest = texts.length > 0 ? runs.slice(1) : runs;
  const gone = rest.map((run) => takeOut(run, members, list, content));
  if (texts.length === 0) return gone;
  const [from, to] = endsOf(head, members);
  return [{ span: { ...from, end: to.end }, newText: texts.join(gapBefore(from, list, content)) }, ...gone];
}

/** A list in this spelling in the place of a value: on its line where it fits, else an item a line. */
export function listText(plain: readonly Plain[], value: Value, printing: Printing): string | undefined {
  const content = printing.content(value.span.source);
  const texts = spellAll(plain, value, printing);
  if (content === undefined || !texts) return undefined;
  const line = `[${texts.join(', ')}]`;
  return mayBreak(value, line.length, content) ? manyLines(texts, value, content) : line;
}

/** A copy of an item behind it. `edits` are inside of the item. */
export function copyItem(
  list: ListValue,
  { value }: Item,
  edits: readonly TextEdit[],
  printing: Printing,
): TextEdit | undefined {
  const { source, start, end } = value.span;
  const content = printing.content(source);
  const inside = list.span.source === source && list.span.start <= start && end <= list.span.end;
  const copy = content === undefined || !inside ? undefined : edited(value.span, content, edits);
  if (content === undefined || copy === undefined) return undefined;
  const gap =
    list.spelling.notation === 'block' ? blankLine(value.span, content) : gapBefore(value.span, list, content);
  return { span: { source, start: end, end }, newText: `${gap}${copy}` };
}

/** Brackets around an object and a copy of it. `edits` are inside of the object. */
export function copyObject(
  { span, spelling }: Value,
  edits: readonly TextEdit[],
  printing: Printing,
): readonly TextEdit[] | undefined {
  const { source, start, end } = span;
  const content = printing.content(source);
  const copy = content === undefined ? undefined : edited(span, content, edits);
  if (copy === undefined || spelling.notation === 'block') return undefined;
  return [
    { span: { source, start, end: start }, newText: '[' },
    { span: { source, start: end, end }, newText: `, ${copy}]` },
  ];
}

/** The text at the span after the edits; undefined where one lies outside. */
function edited({ source, start, end }: Span, content: string, edits: readonly TextEdit[]): string | undefined {
  if (!edits.every(({ span }) => span.source === source && start <= span.start && span.end <= end)) return undefined;
  const moved = edits.map(({ span, newText }) => ({
    span: { source, start: span.start - start, end: span.end - start },
    newText,
  }));
  return applyEdits(source, content.slice(start, end), moved);
}

/** An object as a new item behind one, on as many lines as that one has; as a block where the list is one of blocks. */
export function insertObject(list: ListValue, plain: Plain, { value }: Item, printing: Printing): TextEdit | undefined {
  const { source, start, end } = value.span;
  const content = printing.content(source);
  const inside = list.span.source === source && list.span.start <= start && end <= list.span.end;
  if (content === undefined || !inside) return undefined;
  const indent = /^[ \t]*/.exec(lineAround(value.span, content).before)?.[0] ?? '';
  const lines = { indent, step: stepOf(content), newline: newlineOf(content) };
  if (list.spelling.notation === 'block') {
    const block = printing.block?.(plain, lines);
    return block === undefined
      ? undefined
      : { span: { source, start: end, end }, newText: `${blankLine(value.span, content)}${block}` };
  }
  const many = content.slice(start, end).includes('\n');
  const text = many ? spellInLines(plain, list.spelling, printing, lines) : spell(plain, list.spelling, printing);
  if (text === undefined) return undefined;
  return { span: { source, start: end, end }, newText: `${gapBefore(value.span, list, content)}${text}` };
}

/** An item whose letters stand in the list. */
interface Member {
  readonly span: Span;
  readonly taken: boolean;
}

/** The visible items in order; undefined where one that is to go is not among them, or more than commas stands between two. */
function membersOf(list: ListValue, items: readonly Item[], content: string): readonly Member[] | undefined {
  const { source, start, end } = list.span;
  const members = list.items.flatMap((item): readonly Member[] => {
    const { span } = item.value;
    const visible = span.source === source && span.start > start && span.end < end;
    return visible ? [{ span, taken: items.includes(item) }] : [];
  });
  if (members.filter((member) => member.taken).length !== items.length) return undefined;
  const apart = members.some(({ span }, i) => {
    const next = members[i + 1];
    return next && !/^(\s|,|#[^\n]*\n|\/\/[^\n]*\n)*$/.test(content.slice(span.end, next.span.start));
  });
  return apart ? undefined : members;
}

type Run = readonly [first: number, last: number];

/** Neighbours that go together. */
function runsOf(members: readonly Member[]): readonly Run[] {
  const runs: Run[] = [];
  for (const [index, { taken }] of members.entries()) {
    const before = runs.at(-1);
    if (taken && before && before[1] === index - 1) runs[runs.length - 1] = [before[0], index];
    else if (taken) runs.push([index, index]);
  }
  return runs;
}

function endsOf([first, last]: Run, members: readonly Member[]): readonly [Span, Span] {
  const [from, to] = [members[first], members[last]];
  if (!from || !to) throw new Error('a run is made of members');
  return [from.span, to.span];
}

/** Takes a run out: its lines where it has them for itself, else what stands up to its neighbour. */
function takeOut(run: Run, members: readonly Member[], list: ListValue, content: string): TextEdit {
  const [from, to] = endsOf(run, members);
  const before = members.slice(0, run[0]).findLast((member) => !member.taken)?.span;
  const next = members[run[1] + 1]?.span;
  const cut = (start: number, end: number): TextEdit => ({ span: { ...from, start, end }, newText: '' });
  const rest = /^[ \t]*,?[ \t]*(?:(?:#|\/\/)[^\r\n]*)?\r?\n/.exec(content.slice(to.end, list.span.end))?.[0].length;
  if (rest !== undefined && isOwnLine(from, list, content) && (next || list.spelling.notation !== 'json'))
    return cut(lineStart(from, content), to.end + rest);
  if (next) return cut(from.start, next.start);
  return cut(before?.end ?? from.start, to.end);
}

/** A list on one line that grows too long, with an item a line. */
function brokenUp(
  list: ListValue,
  members: readonly Member[],
  texts: readonly string[],
  content: string,
): TextEdit | undefined {
  const source = content.slice(list.span.start, list.span.end);
  if (!/^\[[^\n#]*\]$/.test(source) || list.open || members.length < list.items.length) return undefined;
  const first = members.findIndex((member) => member.taken);
  const all = members.flatMap(({ span, taken }, i) => {
    if (!taken) return [content.slice(span.start, span.end)];
    return i === first ? texts : [];
  });
  if (!mayBreak(list, all.join(', ').length + 2, content)) return undefined;
  return { span: list.span, newText: manyLines(all, list, content) };
}

/** Whether a list of that length is better broken up: its line is too long, and holds nothing beside the list and its key. Strings have no lines. */
function mayBreak({ span, spelling }: Value, length: number, content: string): boolean {
  const { before, behind } = lineAround(span, content);
  if (before.length + length + behind.length <= WIDEST) return false;
  const alone = /^[ \t]*(?:"?\w+"?[ \t]*[:=][ \t]*)?$/.test(before) && /^[ \t]*,?[ \t\r]*$/.test(behind);
  return alone && spelling.layers.every((layer) => LINES.has(layer));
}

/** Encodings that keep line breaks as they are. */
const LINES: ReadonlySet<Layer> = new Set(['heredoc', 'sub', 'yaml-block', 'yaml-flow']);

function manyLines(texts: readonly string[], { span, spelling }: Value, content: string): string {
  const newline = newlineOf(content);
  const indent = /^[ \t]*/.exec(lineAround(span, content).before)?.[0] ?? '';
  const inner = `${newline}${indent}${stepOf(content)}`;
  return `[${inner}${texts.join(`,${inner}`)}${spelling.notation === 'json' ? '' : ','}${newline}${indent}]`;
}

/** What separates an item from one before it: a comma, and a line where it has one for itself. */
function gapBefore(span: Span, list: ListValue, content: string): string {
  return isOwnLine(span, list, content) ? `,${newlineOf(content)}${lineAround(span, content).before}` : ', ';
}

/** Blocks stand apart. */
function blankLine(span: Span, content: string): string {
  const newline = newlineOf(content);
  return `${newline}${newline}${/^[ \t]*/.exec(lineAround(span, content).before)?.[0] ?? ''}`;
}

function isOwnLine(span: Span, list: ListValue, content: string): boolean {
  return lineStart(span, content) > list.span.start && /^[ \t]*$/.test(lineAround(span, content).before);
}

function lineStart(span: Span, content: string): number {
  return content.lastIndexOf('\n', span.start - 1) + 1;
}

function lineAround(span: Span, content: string): { readonly before: string; readonly behind: string } {
  const end = content.indexOf('\n', span.end);
  return {
    before: content.slice(lineStart(span, content), span.start),
    behind: content.slice(span.end, end < 0 ? content.length : end),
  };
}

function spellAll(plain: readonly Plain[], { spelling }: Value, printing: Printing): readonly string[] | undefined {
  const texts = plain.map((one) => spell(one, spelling, printing));
  return texts.every((text) => text !== undefined) ? texts : undefined;
}
