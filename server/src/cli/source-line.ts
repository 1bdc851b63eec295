/** Draws a source line for a screen with a mark beneath a part of it: tabs, wide letters and lines too long for the screen. Pure. */

/** The line as shown, and what stands on the row beneath. */
export interface DrawnLine {
  readonly source: string;
  readonly mark: string;
}

/** One letter as shown. `offset` counts in UTF-16 units of the line. */
interface Cell {
  readonly shown: string;
  readonly width: number;
  readonly offset: number;
}

/** Draws `line` with a mark from `start` to `end`, in at most `columns` columns: what is too much on either side becomes `…`. An empty part gets a mark of one column. */
export function drawLine(line: string, start: number, end: number, columns: number): DrawnLine {
  const from = Math.max(0, start - 2 * columns);
  const to = Math.min(line.length, start + 2 * columns);
  const cells = cellsOf(line, from, to);
  const found = cells.findIndex((cell) => cell.offset >= start);
  const marked = found < 0 ? cells.length : found;
  const fits = from === 0 && to === line.length && widthOf(cells) <= columns;
  const left = fits ? 0 : leftEdge(cells, marked, end, columns);
  const right = fits ? cells.length : rightEdge(cells, left, columns - 2);
  const before = left > 0 || from > 0 ? '…' : '';
  const after = right < cells.length || to < line.length ? '…' : '';
  const shown = cells.slice(left, right);
  const part = widthOf(shown.filter((cell) => cell.offset >= start && cell.offset < end));
  return {
    source: before + shown.map((cell) => cell.shown).join('') + after,
    mark: ' '.repeat(before.length + widthOf(cells.slice(left, marked))) + '^'.repeat(Math.max(1, part)),
  };
}

/** The first cell to show: the marked part fits whole, or from its beginning, with some of what stands before it. */
function leftEdge(cells: readonly Cell[], marked: number, end: number, columns: number): number {
  const part = widthOf(cells.slice(marked).filter((cell) => cell.offset < end));
  let room = Math.max(Math.floor(columns / 4), columns - 2 - part - Math.floor(columns / 4));
  let left = marked;
  while (left > 0 && room > 0) {
    left--;
    room -= cells[left]?.width ?? 0;
  }
  return left;
}

/** The cell after the last that is shown. */
function rightEdge(cells: readonly Cell[], left: number, columns: number): number {
  let right = left;
  for (let width = 0; right < cells.length; right++) {
    width += cells[right]?.width ?? 0;
    if (width > columns) break;
  }
  return right;
}

function widthOf(cells: readonly Cell[]): number {
  return cells.reduce((sum, cell) => sum + cell.width, 0);
}

function cellsOf(line: string, from: number, to: number): readonly Cell[] {
  const cells: Cell[] = [];
  let column = 0;
  for (let at = from; at < to; ) {
    const code = line.codePointAt(at) ?? 0;
    const cell =
      code === 9 ? { shown: ' '.repeat(TAB - (column % TAB)), width: TAB - (column % TAB) } : shownLetter(code);
    cells.push({ ...cell, offset: at });
    column += cell.width;
    at += code > 0xffff ? 2 : 1;
  }
  return cells;
}

const TAB = 4;

function shownLetter(code: number): { readonly shown: string; readonly width: number } {
  if (code < 32) return { shown: String.fromCharCode(0x2400 + code), width: 1 };
  const hidden =
    (code >= 0x7f && code < 0xa0) ||
    (code >= 0x202a && code <= 0x202e) ||
    (code >= 0x2066 && code <= 0x2069) ||
    (code >= 0xd800 && code < 0xe000);
  if (hidden) return { shown: '\uFFFD', width: 1 };
  return { shown: String.fromCodePoint(code), width: widthOfLetter(code) };
}

/** Columns that a terminal gives a letter. Source: Unicode Standard Annex 11, its wide ranges in broad strokes. */
function widthOfLetter(code: number): 0 | 1 | 2 {
  if (code < 0x300) return 1;
  if (
    (code >= 0x300 && code < 0x370) ||
    (code >= 0x200b && code <= 0x200f) ||
    code === 0xfeff ||
    (code >= 0xfe00 && code <= 0xfe0f)
  )
    return 0;
  const wide =
    (code >= 0x1100 && code <= 0x115f) ||
    (code >= 0x2e80 && code <= 0xa4cf) ||
    (code >= 0xac00 && code <= 0xd7a3) ||
    (code >= 0xf900 && code <= 0xfaff) ||
    (code >= 0xfe30 && code <= 0xfe6f) ||
    (code >= 0xff00 && code <= 0xff60) ||
    (code >= 0x1f300 && code <= 0x1faff) ||
    (code >= 0x20000 && code <= 0x3fffd);
  return wide ? 2 : 1;
}
