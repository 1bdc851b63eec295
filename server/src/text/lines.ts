/** Lines: the only arithmetic on lines and columns. Never looks at what the text says. */

/** A place as editors say it: line and UTF-16 column, both from 0. */
export interface Position {
  readonly line: number;
  readonly character: number;
}

/** Where each line of a text begins. */
export interface Lines {
  readonly starts: readonly number[];
  readonly length: number;
}

/** Finds the line starts of `content`; a line ends after `\n`, `\r\n` or a lone `\r`, as in the Language Server Protocol. */
export function linesOf(content: string): Lines {
  const starts = [0];
  for (let i = 0; i < content.length; i++) {
    const code = content.charCodeAt(i);
    if (code === 10 || (code === 13 && content.charCodeAt(i + 1) !== 10)) starts.push(i + 1);
  }
  return { starts, length: content.length };
}

/** The position of a UTF-16 offset; offsets outside the text are brought to its ends. */
export function positionAt(lines: Lines, offset: number): Position {
  const at = Math.max(0, Math.min(offset, lines.length));
  let low = 0;
  let high = lines.starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((lines.starts[middle] ?? 0) <= at) low = middle;
    else high = middle - 1;
  }
  return { line: low, character: at - (lines.starts[low] ?? 0) };
}

/** The UTF-16 offset of a position; positions outside the text are brought to the line's or the text's end. */
export function offsetAt(lines: Lines, position: Position): number {
  if (position.line < 0) return 0;
  const start = lines.starts[position.line];
  if (start === undefined) return lines.length;
  const next = lines.starts[position.line + 1] ?? lines.length;
  return Math.min(start + Math.max(0, position.character), next);
}
