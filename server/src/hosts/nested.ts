/** Puts blocks into blocks: a member of what several blocks make up stands on lines of its own, below those beside it. Looks at the source for layout only. */
import type { Plain, TextEdit } from '../finding/edit.ts';
import type { Span } from '../text/text.ts';
import type { Entry, ObjectValue, Value } from '../value/value.ts';
import { type Lines, newlineOf, stepOf } from './layout.ts';
import type { Printing } from './spelling.ts';

/** An entry as blocks behind the last member there is; undefined where the host spells none, or where that shares its line. */
export function insertBlocks(
  object: ObjectValue,
  key: string,
  plain: Plain,
  after: Entry | undefined,
  printing: Printing,
): TextEdit | undefined {
  const content = printing.content(object.span.source);
  const anchor = after && object.span.start < after.span.start ? after.span : object.span;
  const lines = content === undefined ? undefined : linesAt(anchor, content);
  const blocks = lines && printing.blocksFor?.(object, key, plain, lines);
  const end = content === undefined ? undefined : ownLineEnd(anchor, content);
  if (!lines || !blocks || end === undefined) return undefined;
  const gap = `${lines.newline}${lines.newline}${lines.indent}`;
  return { span: { ...anchor, start: end, end }, newText: blocks.map((block) => `${gap}${block}`).join('') };
}

/** A block in the place of the one that makes up the value; undefined as for {@link insertBlocks}. */
export function replaceBlock(value: Value, plain: Plain, printing: Printing): TextEdit | undefined {
  const place = printing.blockInPlace?.(value, plain);
  const content = place && printing.content(place.span.source);
  const lines = place && content !== undefined ? linesAt(place.span, content) : undefined;
  const block = lines && place?.block(lines);
  return place && block !== undefined ? { span: place.span, newText: block } : undefined;
}

/** How lines are where something begins on a line of its own. */
function linesAt({ start }: Span, content: string): Lines | undefined {
  const indent = content.slice(content.lastIndexOf('\n', start - 1) + 1, start);
  return /^[ \t]*$/.test(indent) ? { indent, step: stepOf(content), newline: newlineOf(content) } : undefined;
}

/** The end of the line on which something ends, behind a comment; undefined where more stands there. */
function ownLineEnd({ end }: Span, content: string): number | undefined {
  const rest = /^[ \t]*(?:(?:#|\/\/)[^\r\n]*)?(?=\r?\n|$)/.exec(content.slice(end))?.[0];
  return rest === undefined ? undefined : end + rest.length;
}
