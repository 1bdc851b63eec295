/**
 * How reading goes on behind what is no HCL: what to skip, and which line shows that something before it was never
 * closed. It never adds to the tree.
 */
import {
  BACKSLASH,
  blanksEnd,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  EQUALS,
  GREATER,
  HASH,
  isCloser,
  NEWLINE,
  nameEnd,
  OPEN_BRACE,
  OPEN_BRACKET,
  OPEN_PAREN,
  QUOTE,
  SLASH,
} from './characters.ts';
import { crossLine, peek, report, type Scanner, skipBlanks, skipComment } from './scanner.ts';

/**
 * Skips to a newline or comma outside brackets (`item`) or to a closer that was opened outside (both), whichever comes
 * first. Where nothing is in the way nothing is skipped.
 */
export function skipJunk(scanner: Scanner, until: 'item' | 'closer'): void {
  const { text } = scanner;
  const { depth } = scanner;
  let open = 0;
  while (scanner.at < scanner.end) {
    const code = text.charCodeAt(scanner.at);
    if (open === 0 && (isCloser(code) || (until === 'item' && (code === NEWLINE || code === COMMA)))) break;
    scanner.depth = depth + open;
    if (code === NEWLINE) crossLine(scanner);
    else if (code === QUOTE) scanner.at = stringEnd(text, scanner.at, scanner.end);
    else if ((code === HASH || code === SLASH) && skipComment(scanner)) continue;
    else {
      if (code === OPEN_BRACE || code === OPEN_BRACKET || code === OPEN_PAREN) open++;
      else if (isCloser(code)) open--;
      scanner.at++;
    }
  }
  scanner.depth = depth;
}

/** Whether the closer at the position belongs to something that is open around what is being read. */
export function hasOwner(scanner: Scanner, closer: number): boolean {
  if (closer === CLOSE_BRACE) return scanner.braces > 0;
  return (closer === CLOSE_BRACKET ? scanner.brackets : scanner.parens) > 0;
}

/**
 * Takes the closer of something whose last token ended at `end`, skipping what stands before it on the line.
 * Gives the offset behind the closer, or `end` where it does not come.
 */
export function takeCloser(scanner: Scanner, closer: number, end: number): number {
  skipBlanks(scanner);
  if (peek(scanner) !== closer) {
    report(scanner, `Expected \`${String.fromCharCode(closer)}\``, end, end);
    while (scanner.line <= end && peek(scanner) !== closer) {
      const before = scanner.at;
      if (peek(scanner) === COMMA) scanner.at++;
      skipJunk(scanner, 'item');
      if (scanner.at === before) break;
    }
    if (peek(scanner) !== closer) return end;
  }
  scanner.at++;
  return scanner.at;
}

/** Whether an attribute or a block starts at the position: never valid where an expression is awaited. */
export function startsAttribute(scanner: Scanner): boolean {
  const { text, end } = scanner;
  const wordEnd = nameEnd(text, scanner.at, end);
  if (wordEnd === scanner.at) return false;
  let at = blanksEnd(text, wordEnd, end);
  if (startsValue(text, at)) return true;
  while (at < end && text.charCodeAt(at) === QUOTE) at = blanksEnd(text, stringEnd(text, at, end), end);
  return at < end && text.charCodeAt(at) === OPEN_BRACE;
}

/** Whether an attribute, a block or an entry of an object starts at the position: never valid as an item of a list. */
export function startsEntry(scanner: Scanner): boolean {
  const { text, end } = scanner;
  if (peek(scanner) !== QUOTE) return startsAttribute(scanner);
  const at = blanksEnd(text, stringEnd(text, scanner.at, end), end);
  return at < end && (text.charCodeAt(at) === COLON || startsValue(text, at));
}

/** The end of the quoted string at `at`: behind its quote or at its line's end. It knows nothing of interpolations. */
export function stringEnd(text: string, at: number, end: number): number {
  let position = at + 1;
  while (position < end) {
    const code = text.charCodeAt(position);
    if (code === QUOTE) return position + 1;
    if (code === NEWLINE) return position;
    position += code === BACKSLASH && text.charCodeAt(position + 1) !== NEWLINE ? 2 : 1;
  }
  return Math.min(position, end);
}

function startsValue(text: string, at: number): boolean {
  if (text.charCodeAt(at) !== EQUALS) return false;
  const next = text.charCodeAt(at + 1);
  return next !== EQUALS && next !== GREATER;
}
