/**
 * Reads heredocs: finds their ends, also where the terminator never comes, and takes common indentation away.
 * Backslashes mean nothing in them.
 */
import { blanksEnd, DOLLAR, MINUS, NEWLINE, nameEnd, PERCENT } from './characters.ts';
import { isTopLevelHeader, report, type Scanner, spanOf } from './scanner.ts';
import type { Heredoc, TemplatePart } from './syntax.ts';
import { addLiteral, isSequence, readSequence, takeDoubled } from './template.ts';

/**
 * The heredoc whose `<<` stands at the position; undefined, with nothing read, where no marker and newline follow. Its
 * terminator is the first line that holds the marker alone, outside interpolations. Where no such line comes it ends
 * before the line that opens the next top-level block.
 */
export function readHeredoc(scanner: Scanner): Heredoc | undefined {
  const { text, at: start, end } = scanner;
  const indented = text.charCodeAt(start + 2) === MINUS;
  const markerStart = start + (indented ? 3 : 2);
  const markerStop = nameEnd(text, markerStart, end);
  const newline = blanksEnd(text, markerStop, end);
  const isAlone = newline < end ? text.charCodeAt(newline) === NEWLINE : newline === text.length;
  if (markerStop === markerStart || !isAlone) return undefined;
  const marker = text.slice(markerStart, markerStop);
  const bodyStart = Math.min(newline + 1, text.length);
  scanner.at = bodyStart;
  scanner.line = bodyStart;
  scanner.terminators ??= terminatorsOf(text);
  const mayEnd = (scanner.terminators.get(marker) ?? -1) >= bodyStart;
  if (!mayEnd) scanner.end = Math.max(bodyStart, beforeHeader(text, bodyStart, end));
  const lines = readLines(scanner, { marker, indented });
  scanner.end = end;
  const parts = indented ? withoutIndentation(text, lines.parts, lines.lineStarts) : lines.parts;
  const bodySpan = spanOf(bodyStart, lines.bodyEnd);
  const span = spanOf(start, scanner.at);
  if (!lines.closed) {
    report(scanner, `This heredoc is never closed by a line \`${marker}\``, start, markerStop);
    // Where a block opens on the very next line, the newline before it is left to be seen there.
    if (isTopLevelHeader(text, scanner.at)) scanner.at = newline;
  }
  return { kind: 'heredoc', marker, indented, parts, bodySpan, span, closed: lines.closed };
}

interface Lines {
  readonly parts: readonly TemplatePart[];
  /** The offsets at which lines start that are not inside a sequence. */
  readonly lineStarts: ReadonlySet<number>;
  readonly bodyEnd: number;
  readonly closed: boolean;
}

/** Reads to the terminator, or to the scanner's end. With `<<-` a literal part is never longer than its line. */
function readLines(scanner: Scanner, form: Pick<Heredoc, 'marker' | 'indented'>): Lines {
  const { text } = scanner;
  const parts: TemplatePart[] = [];
  const lineStarts = new Set<number>();
  let literalStart = scanner.at;
  let lineStart = scanner.at;
  while (scanner.at < scanner.end) {
    if (scanner.at === lineStart) {
      const stop = terminatorEnd(scanner, form.marker);
      if (stop > 0) {
        addLiteral(scanner, parts, literalStart);
        scanner.at = stop;
        return { parts, lineStarts, bodyEnd: lineStart, closed: true };
      }
      lineStarts.add(lineStart);
    }
    const code = text.charCodeAt(scanner.at);
    if (code === NEWLINE) {
      scanner.at++;
      scanner.line = scanner.at;
      lineStart = scanner.at;
      if (form.indented) {
        addLiteral(scanner, parts, literalStart);
        literalStart = scanner.at;
      }
    } else if (code !== DOLLAR && code !== PERCENT) scanner.at++;
    else if (isSequence(scanner)) {
      addLiteral(scanner, parts, literalStart);
      parts.push(readSequence(scanner));
      literalStart = scanner.at;
    } else {
      const { at } = scanner;
      const doubled = takeDoubled(scanner);
      if (doubled === undefined) scanner.at++;
      else {
        if (at > literalStart) parts.push({ kind: 'literal', span: spanOf(literalStart, at) });
        parts.push(doubled);
        literalStart = scanner.at;
      }
    }
  }
  addLiteral(scanner, parts, literalStart);
  return { parts, lineStarts, bodyEnd: scanner.at, closed: false };
}

/** The end of the marker where it stands alone on the line that starts at the position, else -1. */
function terminatorEnd(scanner: Scanner, marker: string): number {
  const { text, end } = scanner;
  const start = blanksEnd(text, scanner.at, end);
  if (!text.startsWith(marker, start)) return -1;
  const stop = start + marker.length;
  const rest = blanksEnd(text, stop, end);
  return stop <= end && (rest === end || text.charCodeAt(rest) === NEWLINE) ? stop : -1;
}

/**
 * Takes from each line the indentation that all lines share, as HCL counts it: blank lines do not count and keep what
 * they have, and a line that starts with a sequence has none.
 */
function withoutIndentation(
  text: string,
  parts: readonly TemplatePart[],
  lineStarts: ReadonlySet<number>,
): readonly TemplatePart[] {
  const widths = parts.map((part) => (lineStarts.has(part.span.start) ? indentation(text, part) : Infinity));
  const shared = widths.reduce((least, width) => Math.min(least, width), Infinity);
  if (shared === 0 || shared === Infinity) return parts;
  return parts.flatMap((part, index) => {
    if (widths[index] === Infinity || part.kind !== 'literal') return [part];
    const start = part.span.start + shared;
    return start < part.span.end ? [{ kind: 'literal', span: spanOf(start, part.span.end) }] : [];
  });
}

/** The width of the blanks that a line's first part starts with; infinite for a line of blanks alone. */
function indentation(text: string, part: TemplatePart): number {
  const { start, end } = part.span;
  if (part.kind !== 'literal') return 0;
  const stop = blanksEnd(text, start, end);
  return text.charCodeAt(stop) === NEWLINE && stop < end ? Infinity : stop - start;
}

/** For each text that stands alone on a line and could be a marker: where the last such line starts. */
function terminatorsOf(text: string): ReadonlyMap<string, number> {
  const terminators = new Map<string, number>();
  let line = 0;
  while (line < text.length) {
    const start = blanksEnd(text, line, text.length);
    const stop = nameEnd(text, start, text.length);
    const rest = stop === start ? start : blanksEnd(text, stop, text.length);
    const isAlone = stop > start && (rest === text.length || text.charCodeAt(rest) === NEWLINE);
    if (isAlone) terminators.set(text.slice(start, stop), line);
    const next = text.indexOf('\n', rest);
    line = next < 0 ? text.length : next + 1;
  }
  return terminators;
}

/** The newline before the next line that opens a top-level block, or `end` where none does before it. */
function beforeHeader(text: string, from: number, end: number): number {
  let line = from;
  while (line < end) {
    if (isTopLevelHeader(text, line)) return line - 1;
    const next = text.indexOf('\n', line);
    if (next < 0) return end;
    line = next + 1;
  }
  return end;
}
