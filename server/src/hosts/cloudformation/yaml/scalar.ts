/**
 * Flow scalars of YAML as Text: each letter that stands in the source is itself, escapes and folded line breaks are spelled.
 * Source: YAML 1.2.2, chapter 7.3 "Flow Scalar Styles". Total: what is no YAML keeps its letters.
 */
import type { Text } from '../../../text/text.ts';
import { type Letters, Pieces } from './pieces.ts';

/** A plain scalar from `start` to `end`. */
export function plainText(letters: Letters, start: number, end: number): Text {
  return foldedText(letters, start, end, new Pieces(letters)).text();
}

/** What stands between the quotes, which `start` and `end` leave out. */
export function singleQuotedText(letters: Letters, start: number, end: number): Text {
  const pieces = new Pieces(letters);
  return foldedText(letters, start, end, {
    same: (from, to) => {
      for (let at = from; at < to; ) {
        const quotes = letters.content.indexOf("''", at);
        const until = quotes < 0 || quotes + 2 > to ? to : quotes;
        pieces.same(at, until);
        if (until < to) pieces.spelled("'", until, until + 2);
        at = until < to ? until + 2 : to;
      }
    },
    spelled: (text, from, to) => pieces.spelled(text, from, to),
    text: () => pieces.text(),
  }).text();
}

/** What stands between the quotes, which `start` and `end` leave out. An escape that YAML does not have keeps its letters. */
export function doubleQuotedText(letters: Letters, start: number, end: number): Text {
  const { content } = letters;
  const pieces = new Pieces(letters);
  let from = start;
  for (let at = start; at < end; ) {
    const letter = content[at];
    if (letter === '\\') {
      const escaped = escapeAt(content, at, end);
      pieces.same(from, at);
      if (escaped) pieces.spelled(escaped.text, at, escaped.end);
      else pieces.same(at, at + 1);
      from = at = escaped ? escaped.end : at + 1;
    } else if (letter === '\n' || (letter === '\r' && content[at + 1] === '\n')) {
      const fold = foldAt(content, at, from, end);
      pieces.same(from, Math.max(from, fold.start));
      pieces.spelled(fold.text, Math.max(from, fold.start), fold.end);
      from = at = fold.end;
    } else at += 1;
  }
  pieces.same(from, end);
  return pieces.text();
}

/** Takes lines of a flow scalar: letters, and folds between them. */
interface Taking {
  same(from: number, to: number): void;
  spelled(text: string, from: number, to: number): void;
  text(): Text;
}

function foldedText({ content }: Letters, start: number, end: number, taking: Taking): Taking {
  let from = start;
  for (let at = start; at < end; ) {
    const letter = content[at];
    if (letter !== '\n' && !(letter === '\r' && content[at + 1] === '\n')) {
      at += 1;
      continue;
    }
    const fold = foldAt(content, at, from, end);
    taking.same(from, Math.max(from, fold.start));
    taking.spelled(fold.text, Math.max(from, fold.start), fold.end);
    from = at = fold.end;
  }
  taking.same(from, end);
  return taking;
}

/** The fold around the break at `at`: blanks before it, all empty lines, blanks behind. One break is a blank, more are one less. */
function foldAt(
  content: string,
  at: number,
  low: number,
  high: number,
): { readonly start: number; readonly end: number; readonly text: string } {
  let start = at;
  while (start > low && isSpace(content[start - 1])) start -= 1;
  let end = at;
  let breaks = 0;
  for (; end < high; end++) {
    const letter = content[end];
    if (letter === '\n') breaks += 1;
    else if (letter !== '\r' && !isSpace(letter)) break;
  }
  return { start, end, text: breaks <= 1 ? ' ' : '\n'.repeat(breaks - 1) };
}

function isSpace(letter: string | undefined): boolean {
  return letter === ' ' || letter === '\t';
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['0', '\0'],
  ['a', '\x07'],
  ['b', '\b'],
  ['t', '\t'],
  ['\t', '\t'],
  ['n', '\n'],
  ['v', '\v'],
  ['f', '\f'],
  ['r', '\r'],
  ['e', '\x1b'],
  [' ', ' '],
  ['"', '"'],
  ['/', '/'],
  ['\\', '\\'],
  ['N', '\u0085'],
  ['_', '\u00a0'],
  ['L', '\u2028'],
  ['P', '\u2029'],
]);

function escapeAt(
  content: string,
  at: number,
  end: number,
): { readonly text: string; readonly end: number } | undefined {
  const letter = content[at + 1] ?? '';
  if (at + 1 >= end) return undefined;
  const plain = ESCAPES.get(letter);
  if (plain !== undefined) return { text: plain, end: at + 2 };
  if (letter === '\n' || letter === '\r') return { text: '', end: pastBlanks(content, at + 1, end) };
  const length = letter === 'x' ? 2 : letter === 'u' ? 4 : letter === 'U' ? 8 : 0;
  const digits = content.slice(at + 2, at + 2 + length);
  if (length === 0 || at + 2 + length > end || !/^[0-9a-fA-F]+$/.test(digits)) return undefined;
  const code = Number.parseInt(digits, 16);
  return code > 0x10ffff ? undefined : { text: String.fromCodePoint(code), end: at + 2 + length };
}

/** Behind one break and the blanks that follow it. */
function pastBlanks(content: string, at: number, end: number): number {
  let past = content.startsWith('\r\n', at) ? at + 2 : at + 1;
  while (past < end && isSpace(content[past])) past += 1;
  return past;
}
