/** Block scalars of YAML as Text: letters stand where they say, folded line breaks are spelled. Source: YAML 1.2.2, chapter 8.1 "Block Scalar Styles". Total. */
import type { Text } from '../../../text/text.ts';
import { type Letters, Pieces } from './pieces.ts';

/** A block scalar: the indicator (`|-`, `>2+`), the indent of what holds it, and the lines behind the indicator. */
export interface BlockScalarLines {
  readonly header: string;
  readonly indent: number;
  readonly start: number;
  readonly end: number;
}

/** The text of a block scalar. */
export function blockText(letters: Letters, block: BlockScalarLines): Text {
  const lines = linesBetween(letters.content, block.start, block.end);
  const explicit = Number(/[1-9]/.exec(block.header)?.[0] ?? 0);
  const chomp = /[+-]/.exec(block.header)?.[0] ?? '';
  const first = lines.find((line) => !isBlank(line));
  const deepest = explicit > 0 ? Math.max(0, block.indent) + explicit : (first?.indent ?? 0);
  const trim = first ? deepest : Number.POSITIVE_INFINITY;
  let last = lines.length;
  while (last > 0 && isBlank(lines[last - 1]) && !(first && (lines[last - 1]?.indent ?? 0) > trim)) last -= 1;
  const body = lines.slice(0, last).map((line) => cutLine(line, trim));
  const pieces = new Pieces(letters);
  if (block.header.startsWith('>')) foldLines(body, pieces);
  else keepLines(body, pieces);
  const ending = lines.slice(Math.max(0, last - 1));
  finish(
    ending.map((line) => cutLine(line, trim)),
    last > 0,
    chomp,
    pieces,
  );
  return pieces.text();
}

/** A line: blanks in front, then letters up to its end, then its break. */
interface Line {
  readonly start: number;
  readonly indent: number;
  /** Where its letters end. */
  readonly end: number;
  /** Behind its break. */
  readonly next: number;
}

/** A line without the indentation of the block. `from` to `end` are its letters. */
interface Cut {
  readonly from: number;
  readonly end: number;
  readonly next: number;
  readonly deeper: boolean;
}

function isBlank(line: Line | undefined): boolean {
  return line !== undefined && line.start + line.indent === line.end;
}

function linesBetween(content: string, start: number, end: number): readonly Line[] {
  const lines: Line[] = [];
  for (let at = start; at < end; ) {
    const feed = content.indexOf('\n', at);
    const next = feed < 0 || feed >= end ? end : feed + 1;
    let letters = feed < 0 || feed >= end ? end : feed;
    if (letters > at && content[letters - 1] === '\r') letters -= 1;
    let indent = 0;
    while (at + indent < letters && content[at + indent] === ' ') indent += 1;
    lines.push({ start: at, indent, end: letters, next });
    at = next;
  }
  return lines;
}

function cutLine(line: Line, trim: number): Cut {
  const from = Math.min(line.end, line.start + Math.min(line.indent, trim));
  const deeper = line.indent > trim && line.end > line.start + line.indent;
  return { from, end: line.end, next: line.next, deeper };
}

function keepLines(lines: readonly Cut[], pieces: Pieces): void {
  lines.forEach((line, i) => {
    pieces.same(line.from, line.end);
    if (i < lines.length - 1) pieces.newline(line.end, line.next);
  });
}

/** Breaks between lines of letters become a blank, or as many breaks as there are empty lines; those around deeper lines stay. */
function foldLines(lines: readonly Cut[], pieces: Pieces): void {
  let i = 0;
  for (; i < lines.length && (lines[i]?.end ?? 0) === lines[i]?.from; i++) {
    const line = lines[i];
    if (line) pieces.newline(line.end, line.next);
  }
  for (; i < lines.length; ) {
    const line = lines[i];
    if (!line) return;
    pieces.same(line.from, line.end);
    let next = i + 1;
    while (next < lines.length && lines[next]?.from === lines[next]?.end) next += 1;
    const following = lines[next];
    if (following) {
      const breaks = next - i - 1;
      const kept = isDeeper(line, pieces) || isDeeper(following, pieces);
      const text = kept ? '\n'.repeat(breaks + 1) : breaks === 0 ? ' ' : '\n'.repeat(breaks);
      pieces.spelled(text, line.end, following.from);
    }
    i = next;
  }
}

function isDeeper(line: Cut, pieces: Pieces): boolean {
  return line.deeper || pieces.letterAt(line.from) === '\t' || pieces.letterAt(line.from) === ' ';
}

/** The breaks at the end: none, one, or all. `lines` begins with the last line of letters where there is one. */
function finish(lines: readonly Cut[], hasLetters: boolean, chomp: string, pieces: Pieces): void {
  const [last] = lines;
  if (!last || chomp === '-') return;
  if (chomp === '+') {
    for (const line of lines) {
      if (line !== last || !hasLetters) pieces.same(line.from, line.end);
      if (line.next > line.end) pieces.newline(line.end, line.next);
    }
  } else if (hasLetters && last.next > last.end) pieces.newline(last.end, last.next);
}
