/** Takes members of blocks out of a file by their lines. Looks at letters only. */
import type { TextEdit } from '../../../finding/edit.ts';
import type { Span } from '../../../text/text.ts';
import { lineEnd, lineStart, restOfLine } from './layout.ts';

/** A change to a source. */
export function editAt(source: string, start: number, end: number, newText: string): TextEdit {
  return { span: { source, start, end }, newText };
}

/** The column of an offset. */
export function columnOf(content: string, offset: number): number {
  return offset - lineStart(content, offset);
}

/** Takes a member out with its lines and the comment on its last one; one that begins behind a dash gives its place to the next. */
export function withoutLines(
  at: number,
  member: Span,
  whole: Span,
  content: string,
  source: string,
): TextEdit | undefined {
  const start = lineStart(content, at);
  const end = lineEnd(content, member);
  if (member.end > whole.end || restOfLine(content, member) === undefined) return undefined;
  if (/^ *$/.test(content.slice(start, at))) {
    if (start === 0) return editAt(source, start, nextLine(content, end), '');
    return editAt(source, content[start - 2] === '\r' ? start - 2 : start - 1, end, '');
  }
  const next = /^\r?\n(?:[ \t]*(?:#[^\n]*)?\r?\n)* */.exec(content.slice(end))?.[0].length;
  return next === undefined || end + next >= whole.end ? undefined : editAt(source, at, end + next, '');
}

function nextLine(content: string, end: number): number {
  const feed = content.indexOf('\n', end);
  return feed < 0 ? content.length : feed + 1;
}
