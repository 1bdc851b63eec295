/** Where members of blocks begin and end in the lines of a file, and how the file is written. Looks at letters only. */
import type { Span } from '../../../text/text.ts';

/** How a file is written: one step of indentation, whether dashes stand a step further in than the key of their list, its quotes and its line ends. */
export interface Style {
  readonly step: string;
  readonly dashStep: string;
  readonly quote: '"' | "'";
  readonly newline: string;
}

/** The style of a file, by what is first in it. */
export function styleOf(content: string): Style {
  const step = /\n( +)\S/.exec(content)?.[1] ?? '  ';
  const list = /(?:^|\n)( *)(?:- +)*[\w"'][^\n]*:[ \t]*(?:#[^\n]*)?\r?\n( *)- /.exec(content);
  const [, own = '', dash = ''] = list ?? [];
  const flush = list !== null && dash.length <= own.length;
  const quote = (content.match(/[:-] +"/g)?.length ?? 0) >= (content.match(/[:-] +'/g)?.length ?? 0) ? '"' : "'";
  return { step, dashStep: flush ? '' : step, quote, newline: newlineOf(content) };
}

/** What ends the lines of a file. */
export function newlineOf(content: string): string {
  return content.includes('\r\n') ? '\r\n' : '\n';
}

/** Where the line of an offset begins. */
export function lineStart(content: string, offset: number): number {
  return content.lastIndexOf('\n', offset - 1) + 1;
}

/** The blanks that the line of an offset begins with, dashes of items counted as blanks. */
export function indentOf(content: string, offset: number): string {
  return (/^ *(?:- +)*/.exec(content.slice(lineStart(content, offset), offset))?.[0] ?? '').replaceAll('-', ' ');
}

/** Where the last line of a member ends, its comment included; a block scalar that keeps its last break ends before it. */
export function lineEnd(content: string, { start, end }: Span): number {
  const from = end > start && content[end - 1] === '\n' ? end - 1 : end;
  const feed = content.indexOf('\n', from);
  const at = feed < 0 ? content.length : feed;
  return at > from && content[at - 1] === '\r' ? at - 1 : at;
}

/** What stands behind a member on its last line where that is blank or a comment; undefined where something else does. */
export function restOfLine(content: string, member: Span): string | undefined {
  const from = member.end > member.start && content[member.end - 1] === '\n' ? member.end - 1 : member.end;
  const rest = content.slice(from, lineEnd(content, member));
  return /^[ \t]*(?:#.*)?$/.test(rest) ? rest : undefined;
}

/** Where the dash of an item stands that begins at a span; undefined where the item stands elsewhere. */
export function dashOf(content: string, list: Span, item: Span): number | undefined {
  if (item.source !== list.source || item.start < list.start || item.end > list.end) return undefined;
  const before = blankBefore(content, item.start);
  return before > list.start && content[before - 1] === '-' ? before - 1 : undefined;
}

/** The offset behind the last letter before a place: blanks, line ends, comments and anchors are passed over. */
export function blankBefore(content: string, offset: number): number {
  const before = content.slice(Math.max(0, offset - 400), offset);
  const gap = /(?:\s|(?<=[\s])#[^\n]*(?=\n)|(?<=\s)&[\w-]+(?=\s))*$/.exec(before)?.[0].length ?? 0;
  return offset - gap;
}
