/**
 * Reads quoted strings, and the `${ … }` and `%{ … }` sequences that strings and heredocs have in common.
 * It never joins or decodes literal text: parts stay 1:1 with the source, but for escapes.
 */
import {
  BACKSLASH,
  blanksEnd,
  CLOSE_BRACE,
  DOLLAR,
  isBlank,
  lineEnd,
  NEWLINE,
  nameEnd,
  OPEN_BRACE,
  PERCENT,
  QUOTE,
  RETURN,
  TILDE,
} from './characters.ts';
import { readForClause } from './collection.ts';
import { readExpression } from './expression.ts';
import { stringEnd } from './recovery.ts';
import { type Mark, markOf, peek, peekBeyond, report, rewind, type Scanner, skipBlanks, spanOf } from './scanner.ts';
import type { DirectivePart, EscapePart, Expression, Name, Template, TemplatePart } from './syntax.ts';

/**
 * The string whose opening quote stands at the position. Interpolations may cross lines; where the string then turns out
 * to be unclosed it is read again as ending with its first line.
 */
export function readTemplate(scanner: Scanner): Template {
  const mark = markOf(scanner);
  if (scanner.rereads > 0) {
    const template = readQuoted(scanner);
    if (template.closed || scanner.line <= mark.at || scanner.rereads <= 0) return template;
    rewind(scanner, mark);
  }
  scanner.end = lineEnd(scanner.text, mark.at, mark.end);
  const template = readQuoted(scanner);
  scanner.end = mark.end;
  return template;
}

/** A whole text as a template: a file that `templatefile` reads, where quotes and backslashes are letters. */
export function readTemplateFile(scanner: Scanner): Template {
  const parts: TemplatePart[] = [];
  const { end } = scanner;
  let literal = 0;
  while (scanner.at < end) {
    const start = scanner.at;
    const doubled = takeDoubled(scanner);
    if (!doubled && !isSequence(scanner)) {
      scanner.at++;
      continue;
    }
    const behind = scanner.at;
    scanner.at = start;
    addLiteral(scanner, parts, literal);
    scanner.at = behind;
    parts.push(doubled ?? readSequence(scanner));
    literal = scanner.at;
  }
  addLiteral(scanner, parts, literal);
  return { kind: 'template', parts, span: spanOf(0, end), closed: true };
}

/** Whether a `${` or `%{` starts at the position. */
export function isSequence(scanner: Scanner): boolean {
  const code = peek(scanner);
  return (code === DOLLAR || code === PERCENT) && peekBeyond(scanner, 1) === OPEN_BRACE;
}

/** The `$${` or `%%{` at the position, taken; undefined where neither stands. */
export function takeDoubled(scanner: Scanner): EscapePart | undefined {
  const code = peek(scanner);
  const isDoubled = peekBeyond(scanner, 1) === code && peekBeyond(scanner, 2) === OPEN_BRACE;
  if (!isDoubled || (code !== DOLLAR && code !== PERCENT)) return undefined;
  const { at } = scanner;
  scanner.at += 3;
  return { kind: 'escape', text: code === DOLLAR ? '${' : '%{', span: spanOf(at, scanner.at) };
}

/**
 * The `${ … }` or `%{ … }` at the position. One that does not close, or only behind broken lines, ends on its own line:
 * at its brace, else behind its expression, else before the next quote.
 */
export function readSequence(scanner: Scanner): TemplatePart {
  const mark = markOf(scanner);
  const { newlineEnds, braces, brackets, parens } = scanner;
  scanner.newlineEnds = false;
  scanner.braces = 1;
  scanner.brackets = 0;
  scanner.parens = 0;
  if (scanner.rereads <= 0) scanner.end = lineEnd(scanner.text, mark.at, mark.end);
  const sequence = readInside(scanner);
  const isBroken = scanner.line > mark.at && scanner.problems.length > mark.problems;
  const isClosed = peek(scanner) === CLOSE_BRACE && !isBroken;
  if (isClosed) scanner.at++;
  const inside = isClosed ? sequence : readBroken(scanner, mark, sequence);
  scanner.end = mark.end;
  scanner.newlineEnds = newlineEnds;
  scanner.braces = braces;
  scanner.brackets = brackets;
  scanner.parens = parens;
  return partOf(scanner, mark.at, inside);
}

/** Adds the literal run from `start` to the position, if there is one. */
export function addLiteral(scanner: Scanner, parts: TemplatePart[], start: number): void {
  if (scanner.at > start) parts.push({ kind: 'literal', span: spanOf(start, scanner.at) });
}

function readQuoted(scanner: Scanner): Template {
  const start = scanner.at;
  const parts: TemplatePart[] = [];
  scanner.at++;
  let literalStart = scanner.at;
  while (scanner.at < scanner.end) {
    const code = scanner.text.charCodeAt(scanner.at);
    if (code === QUOTE) {
      addLiteral(scanner, parts, literalStart);
      scanner.at++;
      return { kind: 'template', parts, span: spanOf(start, scanner.at), closed: true };
    }
    if (code === NEWLINE || (code === RETURN && peekBeyond(scanner, 1) === NEWLINE)) break;
    const isPlain = code !== BACKSLASH && code !== DOLLAR && code !== PERCENT;
    const special = isPlain ? undefined : takeSpecial(scanner, parts, literalStart);
    if (special === undefined) scanner.at++;
    else {
      parts.push(special);
      literalStart = scanner.at;
    }
  }
  addLiteral(scanner, parts, literalStart);
  report(scanner, 'This string is never closed', start, scanner.at);
  return { kind: 'template', parts, span: spanOf(start, scanner.at), closed: false };
}

/** The escape or sequence at the position, after the literal run before it; undefined where the character is plain. */
function takeSpecial(scanner: Scanner, parts: TemplatePart[], literalStart: number): TemplatePart | undefined {
  if (isSequence(scanner)) {
    addLiteral(scanner, parts, literalStart);
    return readSequence(scanner);
  }
  const { at } = scanner;
  const sequence = peek(scanner) === BACKSLASH ? takeEscape(scanner) : takeDoubled(scanner);
  if (sequence !== undefined && at > literalStart) parts.push({ kind: 'literal', span: spanOf(literalStart, at) });
  return sequence;
}

/** The backslash sequence at the position, taken; undefined, with a problem, where HCL knows none such. */
function takeEscape(scanner: Scanner): EscapePart | undefined {
  const { text, at } = scanner;
  const letter = peekBeyond(scanner, 1) < 0 ? '' : text.charAt(at + 1);
  const simple = SIMPLE_ESCAPES.get(letter);
  if (simple !== undefined) {
    scanner.at += 2;
    return { kind: 'escape', text: simple, span: spanOf(at, scanner.at) };
  }
  const length = letter === 'u' ? 4 : letter === 'U' ? 8 : 0;
  const digits = text.slice(at + 2, Math.min(at + 2 + length, scanner.end));
  const point = length > 0 && digits.length === length && HEXADECIMAL.test(digits) ? Number.parseInt(digits, 16) : -1;
  if (point < 0 || point > 0x10ffff) {
    const stop = letter === '' || letter === '\n' || letter === '\r' ? at + 1 : at + 2;
    report(scanner, `\`${text.slice(at, stop)}\` is no escape sequence; a backslash is written \`\\\\\``, at, stop);
    return undefined;
  }
  scanner.at += 2 + length;
  return { kind: 'escape', text: String.fromCodePoint(point), span: spanOf(at, scanner.at) };
}

/** What stands between the braces of a sequence. */
interface Inside {
  readonly keyword: DirectivePart['keyword'];
  readonly expression: Expression | undefined;
  readonly variables: readonly Name[];
  readonly stripLeft: boolean;
  readonly stripRight: boolean;
}

function readInside(scanner: Scanner): Inside {
  const isDirective = peek(scanner) === PERCENT;
  scanner.at += 2;
  const stripLeft = peek(scanner) === TILDE;
  if (stripLeft) scanner.at++;
  const content = isDirective ? readDirective(scanner) : interpolated(readExpression(scanner));
  skipBlanks(scanner);
  const stripRight = peek(scanner) === TILDE && peekBeyond(scanner, 1) === CLOSE_BRACE;
  if (stripRight) scanner.at++;
  return { ...content, stripLeft, stripRight };
}

type Content = Pick<Inside, 'keyword' | 'expression' | 'variables'>;

function interpolated(expression: Expression): Content {
  return { keyword: 'invalid', expression, variables: [] };
}

function readDirective(scanner: Scanner): Content {
  skipBlanks(scanner);
  const { text, at } = scanner;
  const stop = nameEnd(text, at, scanner.end);
  const keyword = text.slice(at, stop);
  switch (keyword) {
    case 'if':
      scanner.at = stop;
      return { keyword, expression: readExpression(scanner), variables: [] };
    case 'for': {
      scanner.at = stop;
      const { variables, collection } = readForClause(scanner);
      return { keyword, expression: collection, variables };
    }
    case 'else':
    case 'endif':
    case 'endfor':
      scanner.at = stop;
      return { keyword, expression: undefined, variables: [] };
    default:
      report(scanner, 'Expected `if`, `else`, `endif`, `for` or `endfor`', at, stop);
      return { keyword: 'invalid', expression: readExpression(scanner), variables: [] };
  }
}

/** Finds the end of a broken sequence on its first line, and leaves the scanner there. */
function readBroken(scanner: Scanner, mark: Mark, read: Inside): Inside {
  const { text } = scanner;
  const start = mark.at + (read.stripLeft ? 3 : 2);
  if (scanner.rereads <= 0) {
    report(scanner, 'Expected `}`', mark.at, mark.at + 2);
    return read;
  }
  rewind(scanner, mark);
  const brace = closingBrace(scanner, start);
  if (brace >= 0) {
    scanner.at = brace + 1;
    const stripRight = brace > start && text.charCodeAt(brace - 1) === TILDE;
    const expression = invalidBetween(text, start, stripRight ? brace - 1 : brace);
    report(scanner, `\`${text.slice(mark.at, mark.at + 2)}\` does not hold an expression`, mark.at, scanner.at);
    return { keyword: 'invalid', expression, variables: [], stripLeft: read.stripLeft, stripRight };
  }
  report(scanner, 'Expected `}`', mark.at, mark.at + 2);
  const stop = lineEnd(text, start, scanner.end);
  const end = read.expression?.span.end ?? start;
  const next = blanksEnd(text, end, stop);
  const isWhole = read.expression !== undefined && read.expression.kind !== 'invalid' && end <= stop;
  if (isWhole && (next === stop || text.charCodeAt(next) === QUOTE)) {
    scanner.at = end;
    return { ...read, stripRight: false };
  }
  let quote = start;
  while (quote < stop && text.charCodeAt(quote) !== QUOTE) quote++;
  scanner.at = Math.max(quote, start);
  const expression = invalidBetween(text, start, scanner.at);
  return { keyword: 'invalid', expression, variables: [], stripLeft: read.stripLeft, stripRight: false };
}

/** The brace on this line that closes what opened before `start`, or -1; the look-out is charged to `rereads`. */
function closingBrace(scanner: Scanner, start: number): number {
  const { text, end } = scanner;
  let open = 0;
  let at = start;
  let brace = -1;
  while (at < end && brace < 0 && text.charCodeAt(at) !== NEWLINE) {
    const code = text.charCodeAt(at);
    if (code === CLOSE_BRACE && open === 0) brace = at;
    else if (code === OPEN_BRACE) open++;
    else if (code === CLOSE_BRACE) open--;
    at = code === QUOTE ? stringEnd(text, at, end) : at + 1;
  }
  scanner.rereads -= at - start;
  return brace;
}

function invalidBetween(text: string, start: number, end: number): Expression {
  const from = blanksEnd(text, start, end);
  let to = end;
  while (to > from && isBlank(text.charCodeAt(to - 1))) to--;
  return { kind: 'invalid', span: spanOf(from, to) };
}

function partOf(scanner: Scanner, start: number, inside: Inside): TemplatePart {
  const { keyword, expression, variables, stripLeft, stripRight } = inside;
  const span = spanOf(start, scanner.at);
  if (scanner.text.charCodeAt(start) === PERCENT) {
    return { kind: 'directive', keyword, expression, variables, stripLeft, stripRight, span };
  }
  const held = expression ?? { kind: 'invalid', span: spanOf(scanner.at, scanner.at) };
  return { kind: 'interpolation', expression: held, stripLeft, stripRight, span };
}

const HEXADECIMAL = /^[0-9a-fA-F]+$/;
const SIMPLE_ESCAPES: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['"', '"'],
  ['\\', '\\'],
]);
