/**
 * The moving position in a text that is being read, with what is open around it. It skips blanks, comments and
 * newlines; it never looks at what stands between them.
 */
import {
  blanksEnd,
  END,
  HASH,
  isBlank,
  lineEnd,
  NEWLINE,
  nameEnd,
  OPEN_BRACE,
  QUOTE,
  SLASH,
  STAR,
  startsWithByteOrderMark,
} from './characters.ts';
import type { Comment, HclProblem, HclSpan } from './syntax.ts';

/** The state of one reading; offsets are UTF-16. */
export interface Scanner {
  readonly text: string;
  readonly problems: HclProblem[];
  readonly comments: Comment[];
  at: number;
  /** Nothing is read from here on. Lowered to a line's end, or to a top-level header that shows something unclosed. */
  end: number;
  /** The start of the line that was last entered by skipping a newline. */
  line: number;
  /** Whether a newline ends an expression: in bodies and objects, not in brackets, parentheses and interpolations. */
  newlineEnds: boolean;
  /** How many expressions and bodies are being read inside one another. */
  depth: number;
  /** The depth of the deepest node of the expression being read; long operator chains are deep, too. */
  peak: number;
  /** What is open around the position, so that a closer can be left to its owner. */
  braces: number;
  brackets: number;
  parens: number;
  /** How many characters may still be read twice to recover; keeps every text linear. */
  rereads: number;
  /** Where a block comment opens that nothing closes; there is no use in looking for a closer from there on. */
  unclosedComment: number;
  /** The last line of each text that could end a heredoc; made when the first heredoc is met. */
  terminators: ReadonlyMap<string, number> | undefined;
}

/** Nesting beyond this is skipped and reads as `invalid`. */
export const MAX_DEPTH = 200;

/** A scanner at the start of the text. */
export function createScanner(text: string): Scanner {
  return {
    text,
    problems: [],
    comments: [],
    at: startsWithByteOrderMark(text) ? 1 : 0,
    end: text.length,
    line: 0,
    newlineEnds: true,
    depth: 0,
    peak: 0,
    braces: 0,
    brackets: 0,
    parens: 0,
    rereads: 4 * text.length + 10_000,
    unclosedComment: text.length,
    terminators: undefined,
  };
}

/** The code at the position, or `END`. */
export function peek(scanner: Scanner): number {
  return scanner.at < scanner.end ? scanner.text.charCodeAt(scanner.at) : END;
}

/** The code `distance` behind the position, or `END`. */
export function peekBeyond(scanner: Scanner, distance: number): number {
  const at = scanner.at + distance;
  return at < scanner.end ? scanner.text.charCodeAt(at) : END;
}

/** Notes a problem at the offsets `start` to `end`; scanning goes on. */
export function report(scanner: Scanner, message: string, start: number, end: number): void {
  scanner.problems.push({ message, span: { start, end } });
}

/** The span from one UTF-16 offset to another. */
export function spanOf(start: number, end: number): HclSpan {
  return { start, end };
}

/** Skips blanks and comments, and newlines where they mean nothing. */
export function skipBlanks(scanner: Scanner): void {
  const { text } = scanner;
  while (scanner.at < scanner.end) {
    const code = text.charCodeAt(scanner.at);
    if (isBlank(code)) scanner.at++;
    else if (code === NEWLINE) {
      if (scanner.newlineEnds) return;
      crossLine(scanner);
    } else if (!((code === HASH || code === SLASH) && skipComment(scanner))) return;
  }
}

/** Skips blanks, comments and newlines. */
export function skipLines(scanner: Scanner): void {
  const { newlineEnds } = scanner;
  scanner.newlineEnds = false;
  skipBlanks(scanner);
  scanner.newlineEnds = newlineEnds;
}

/**
 * Steps over the newline at the position. Where something is open and the next line starts with the header of a
 * top-level block, the reading of all that is open ends there.
 */
export function crossLine(scanner: Scanner): void {
  scanner.at++;
  scanner.line = scanner.at;
  if (scanner.depth > 0 && isTopLevelHeader(scanner.text, scanner.at)) scanner.end = Math.min(scanner.end, scanner.at);
}

/** Skips and keeps the comment at the position; false where none starts. */
export function skipComment(scanner: Scanner): boolean {
  const { text, at } = scanner;
  const isBlockComment = text.charCodeAt(at) === SLASH && peekBeyond(scanner, 1) === STAR;
  if (text.charCodeAt(at) === SLASH && peekBeyond(scanner, 1) !== SLASH && !isBlockComment) return false;
  scanner.at = isBlockComment ? blockCommentEnd(scanner) : lineEnd(text, at, scanner.end);
  scanner.comments.push({ span: { start: at, end: scanner.at } });
  return true;
}

/**
 * Whether a line that starts here, in the first column, opens one of Terraform's top-level blocks: a word that takes
 * labels and a quote, or a word that takes none and a brace.
 */
export function isTopLevelHeader(text: string, at: number): boolean {
  const first = text.charCodeAt(at);
  if (!(first >= 99 && first <= 118)) return false;
  const wordEnd = nameEnd(text, at, Math.min(text.length, at + 12));
  const next = HEADERS.get(text.slice(at, wordEnd));
  return next !== undefined && text.charCodeAt(blanksEnd(text, wordEnd, text.length)) === next;
}

/** A place to come back to. */
export interface Mark {
  readonly at: number;
  readonly end: number;
  readonly line: number;
  readonly problems: number;
  readonly comments: number;
}

/** Where the scanner is now, to come back to. */
export function markOf(scanner: Scanner): Mark {
  const { at, end, line, problems, comments } = scanner;
  return { at, end, line, problems: problems.length, comments: comments.length };
}

/** Goes back to a mark and forgets what was reported since; what was read for nothing is charged to `rereads`. */
export function rewind(scanner: Scanner, mark: Mark): void {
  scanner.rereads -= scanner.at - mark.at + 1;
  scanner.at = mark.at;
  scanner.end = mark.end;
  scanner.line = mark.line;
  scanner.problems.length = mark.problems;
  scanner.comments.length = mark.comments;
}

const LABELLED = ['check', 'data', 'ephemeral', 'module', 'output', 'provider', 'resource', 'variable'];
const UNLABELLED = ['import', 'locals', 'moved', 'removed', 'terraform'];
const HEADERS: ReadonlyMap<string, number> = new Map([
  ...LABELLED.map((word) => [word, QUOTE] as const),
  ...UNLABELLED.map((word) => [word, OPEN_BRACE] as const),
]);

function blockCommentEnd(scanner: Scanner): number {
  const { text, at, end } = scanner;
  if (at < scanner.unclosedComment) {
    for (let position = at + 2; position + 1 < end; position++) {
      if (text.charCodeAt(position) === STAR && text.charCodeAt(position + 1) === SLASH) return position + 2;
    }
  }
  if (end === text.length) scanner.unclosedComment = Math.min(scanner.unclosedComment, at);
  const stop = lineEnd(text, at, end);
  report(scanner, 'This comment is never closed', at, stop);
  return stop;
}
