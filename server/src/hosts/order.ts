/**
 * Order: puts the items of a list in another order, each in the words that it has. Comments go with the item on whose line
 * or above which they stand. Looks at the source for layout only; what cannot be told from the text is undefined.
 */
import type { TextEdit } from '../finding/edit.ts';
import type { Span } from '../text/text.ts';
import type { Item, ListValue } from '../value/value.ts';

/** What separates the items, and how some are taken out. */
export interface Separation {
  readonly by: 'commas' | 'dashes';
  readonly remove: (gone: readonly Item[]) => readonly TextEdit[] | undefined;
}

/** The items in that order; those of the list that it leaves out go. */
export function reorderItems(
  list: ListValue,
  order: readonly Item[],
  content: string,
  separation: Separation,
): readonly TextEdit[] | undefined {
  const spans = list.items.map(({ value }) => value.span);
  const inOrder = spans.every(
    ({ source, start }, i) => source === list.span.source && start >= (spans[i - 1]?.end ?? list.span.start),
  );
  if (!inOrder || order.length === 0 || list.span.end > content.length) return undefined;
  return hasComments(spans, list, content)
    ? inLines(spans, order, list, content, separation)
    : inPlaces(order, list, content, separation);
}

function hasComments(spans: readonly Span[], { span }: ListValue, content: string): boolean {
  const gaps = [...spans, undefined].map((next, i) =>
    content.slice(spans[i - 1]?.end ?? span.start, next?.start ?? span.end),
  );
  return (
    gaps.some((gap) => /[#/]/.test(gap)) ||
    /(^|\n)[ \t]*#[^\n]*\n[ \t]*$/.test(content.slice(0, spans[0]?.start).replace(/-[ ]+$/, ''))
  );
}

/** Each place of the list keeps its layout and gets other words. */
function inPlaces(
  order: readonly Item[],
  list: ListValue,
  content: string,
  { remove }: Separation,
): readonly TextEdit[] | undefined {
  const edits = order.flatMap(({ value }, i): readonly TextEdit[] => {
    const place = list.items[i]?.value.span;
    if (!place || place.start === value.span.start) return [];
    return [{ span: place, newText: content.slice(value.span.start, value.span.end) }];
  });
  const gone = list.items.slice(order.length);
  const removals = gone.length > 0 ? remove(gone) : [];
  return removals && [...edits, ...removals];
}

/** An item with the lines that belong to it: comments above, and one behind. */
interface Chunk {
  readonly start: number;
  readonly end: number;
  readonly above: string;
  readonly comma: boolean;
  readonly behind: string;
}

function inLines(
  spans: readonly Span[],
  order: readonly Item[],
  { span, items }: ListValue,
  content: string,
  { by }: Separation,
): readonly TextEdit[] | undefined {
  const chunks: Chunk[] = [];
  for (const one of spans) {
    const start = chunks.at(-1)?.end ?? firstLine(one, span, content, by);
    const chunk = chunkOf(one, start, content, by);
    if (!chunk) return undefined;
    chunks.push(chunk);
  }
  const [first, last] = [chunks[0], chunks.at(-1)];
  if (!first || !last) return undefined;
  const newline = content.includes('\r\n') ? '\r\n' : '\n';
  const texts = order.map(({ value }, i) => {
    const chunk = chunks[items.findIndex((item) => item.value === value)];
    const comma = by === 'commas' && (i < order.length - 1 || last.comma) ? ',' : '';
    return `${chunk?.above ?? ''}${content.slice(value.span.start, value.span.end)}${comma}${chunk?.behind ?? ''}`;
  });
  return [{ span: { ...span, start: first.start, end: last.end }, newText: texts.join(newline) + newline }];
}

/** Where the lines of the first item begin. */
function firstLine({ start }: Span, list: Span, content: string, by: Separation['by']): number {
  if (by === 'commas') return content.indexOf('\n', list.start) + 1;
  let at = content.lastIndexOf('\n', start - 1) + 1;
  for (;;) {
    const above = content.lastIndexOf('\n', at - 2) + 1;
    if (at === 0 || !/^[ \t]*#/.test(content.slice(above, at))) return at;
    at = above;
  }
}

function chunkOf({ start, end }: Span, from: number, content: string, by: Separation['by']): Chunk | undefined {
  const above = content.slice(from, start);
  const rest = /^([ \t]*,)?([ \t]*(?:(?:#|\/\/)[^\r\n]*)?)\r?\n/.exec(content.slice(end));
  const own =
    by === 'dashes' ? /^(?:[ \t]*(?:#[^\n]*)?\r?\n)*[ ]*-[ ]+$/ : /^(?:[ \t]*(?:(?:#|\/\/)[^\n]*)?\r?\n)*[ \t]*$/;
  if (from > start || !own.test(above) || !rest) return undefined;
  return {
    start: from,
    end: end + rest[0].length,
    above,
    comma: rest[1] !== undefined,
    behind: rest[2]?.trimEnd() ?? '',
  };
}
