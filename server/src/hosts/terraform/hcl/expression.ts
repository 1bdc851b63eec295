/**
 * Reads one HCL expression, operators by precedence, with everything that may stand behind a name.
 * It never evaluates, and stops before the first character that cannot go on.
 */
import {
  BANG,
  CLOSE_BRACKET,
  CLOSE_PAREN,
  COLON,
  DOT,
  isDigit,
  LESS,
  MINUS,
  nameEnd,
  OPEN_BRACE,
  OPEN_BRACKET,
  OPEN_PAREN,
  PLUS,
  QUESTION,
  QUOTE,
  STAR,
} from './characters.ts';

import { readArguments, readList, readObject } from './collection.ts';
import { readHeredoc } from './heredoc.ts';
import { operatorAt } from './operators.ts';
import { skipJunk, startsAttribute, takeCloser } from './recovery.ts';
import { MAX_DEPTH, peek, peekBeyond, report, type Scanner, skipBlanks, spanOf } from './scanner.ts';
import type { Call, Expression, Invalid, NumberLiteral, Paren, Step } from './syntax.ts';
import { readTemplate } from './template.ts';

/**
 * The expression behind the position; the scanner is left behind it and the blanks that follow. Where there is none:
 * an empty `invalid` at the position, with nothing but blanks read.
 */
export function readExpression(scanner: Scanner): Expression {
  const outerPeak = scanner.peak;
  scanner.depth++;
  scanner.peak = scanner.depth;
  const condition = readBinary(scanner, 1);
  const expression = peek(scanner) === QUESTION ? readConditional(scanner, condition) : condition;
  scanner.depth--;
  scanner.peak = Math.max(scanner.peak, outerPeak);
  return expression;
}

function readConditional(scanner: Scanner, condition: Expression): Expression {
  scanner.at++;
  const consequent = readExpression(scanner);
  let alternative: Expression;
  if (peek(scanner) === COLON) {
    scanner.at++;
    alternative = readExpression(scanner);
  } else {
    const { end } = consequent.span;
    report(scanner, 'Expected `:`', end, end);
    alternative = { kind: 'invalid', span: spanOf(end, end) };
  }
  const span = spanOf(condition.span.start, alternative.span.end);
  return { kind: 'conditional', condition, consequent, alternative, span };
}

/** Operators that bind at least as tightly as `power`, from left to right. */
function readBinary(scanner: Scanner, power: number): Expression {
  let left = readUnary(scanner);
  for (;;) {
    skipBlanks(scanner);
    const operator = operatorAt(scanner);
    if (operator === undefined || operator.power < power) return left;
    scanner.at += operator.text.length;
    scanner.peak++;
    const right = scanner.peak > MAX_CHAIN ? skipTooDeep(scanner) : readBinary(scanner, operator.power + 1);
    const span = spanOf(left.span.start, right.span.end);
    left = { kind: 'binary', operator: operator.text, left, right, span };
  }
}

function readUnary(scanner: Scanner): Expression {
  const from = scanner.at;
  skipBlanks(scanner);
  if (scanner.depth > MAX_DEPTH) return skipTooDeep(scanner);
  if (scanner.line > from && startsAttribute(scanner)) return missing(scanner, from);
  const { at } = scanner;
  const code = peek(scanner);
  if (code !== MINUS && code !== BANG) return readOperand(scanner, from);
  scanner.at++;
  scanner.depth++;
  scanner.peak++;
  const operand = readUnary(scanner);
  scanner.depth--;
  return { kind: 'unary', operator: code === MINUS ? '-' : '!', operand, span: spanOf(at, operand.span.end) };
}

/** A term and the steps behind it. */
function readOperand(scanner: Scanner, from: number): Expression {
  const root = readTerm(scanner, from);
  if (root.kind === 'invalid') return root;
  const steps: Step[] = [];
  let { end } = root.span;
  for (let step = readStep(scanner, end); step !== undefined; step = readStep(scanner, end)) {
    steps.push(step);
    end = step.span.end;
  }
  return steps.length === 0 ? root : { kind: 'traversal', root, steps, span: spanOf(root.span.start, end) };
}

function readTerm(scanner: Scanner, from: number): Expression {
  const code = peek(scanner);
  if (code === QUOTE) return readTemplate(scanner);
  if (code === OPEN_BRACKET) return readList(scanner);
  if (code === OPEN_BRACE) return readObject(scanner);
  if (code === OPEN_PAREN) return readParen(scanner);
  if (isDigit(code)) return readNumber(scanner);
  if (code === LESS && peekBeyond(scanner, 1) === LESS) return readHeredoc(scanner) ?? missing(scanner, from);
  const stop = nameEnd(scanner.text, scanner.at, scanner.end);
  return stop === scanner.at ? missing(scanner, from) : readNamed(scanner, stop);
}

function readNamed(scanner: Scanner, nameStop: number): Expression {
  const { text, at } = scanner;
  let stop = nameStop;
  while (text.charCodeAt(stop) === COLON && text.charCodeAt(stop + 1) === COLON) {
    const next = nameEnd(text, stop + 2, scanner.end);
    if (next === stop + 2) break;
    stop = next;
  }
  const name = text.slice(at, stop);
  scanner.at = stop;
  const span = spanOf(at, stop);
  skipBlanks(scanner);
  if (peek(scanner) === OPEN_PAREN) return readCall(scanner, name, at, stop);
  if (name === 'true' || name === 'false') return { kind: 'boolean', value: name === 'true', span };
  if (name === 'null') return { kind: 'null', span };
  if (stop > nameStop) report(scanner, 'Expected `(`', stop, stop);
  return { kind: 'variable', name, span };
}

function readCall(scanner: Scanner, name: string, start: number, nameStop: number): Call {
  const read = readArguments(scanner);
  const { items, expand, closed } = read;
  const nameSpan = spanOf(start, nameStop);
  return { kind: 'call', name, nameSpan, arguments: items, expand, span: spanOf(start, read.end), closed };
}

function readParen(scanner: Scanner): Paren {
  const { at } = scanner;
  const { newlineEnds } = scanner;
  scanner.at++;
  scanner.newlineEnds = false;
  scanner.parens++;
  const expression = readExpression(scanner);
  const end = takeCloser(scanner, CLOSE_PAREN, expression.span.end);
  scanner.parens--;
  scanner.newlineEnds = newlineEnds;
  return { kind: 'paren', expression, span: spanOf(at, end) };
}

function readNumber(scanner: Scanner): NumberLiteral {
  const { text, at } = scanner;
  let stop = digitsEnd(scanner, at);
  if (text.charCodeAt(stop) === DOT && isDigit(text.charCodeAt(stop + 1))) stop = digitsEnd(scanner, stop + 1);
  const letter = text.charCodeAt(stop);
  if (letter === 69 || letter === 101) {
    const sign = text.charCodeAt(stop + 1);
    const digits = sign === PLUS || sign === MINUS ? stop + 2 : stop + 1;
    if (isDigit(text.charCodeAt(digits))) stop = digitsEnd(scanner, digits);
  }
  scanner.at = Math.min(stop, scanner.end);
  return { kind: 'number', value: Number(text.slice(at, scanner.at)), span: spanOf(at, scanner.at) };
}

function digitsEnd(scanner: Scanner, at: number): number {
  let stop = at;
  while (stop < scanner.end && isDigit(scanner.text.charCodeAt(stop))) stop++;
  return stop;
}

/** The step behind something that ended at `end`; undefined where none follows. */
function readStep(scanner: Scanner, end: number): Step | undefined {
  skipBlanks(scanner);
  const code = peek(scanner);
  if (code === OPEN_BRACKET) return readIndex(scanner);
  if (code !== DOT || peekBeyond(scanner, 1) === DOT) return undefined;
  const { at, text } = scanner;
  scanner.at++;
  const afterDot = scanner.at;
  skipBlanks(scanner);
  const next = peek(scanner);
  if (next === STAR) {
    scanner.at++;
    return { kind: 'splat', full: false, span: spanOf(at, scanner.at) };
  }
  if (isDigit(next)) {
    const start = scanner.at;
    scanner.at = digitsEnd(scanner, start);
    const key = {
      kind: 'number',
      value: Number(text.slice(start, scanner.at)),
      span: spanOf(start, scanner.at),
    } as const;
    return { kind: 'index', key, span: spanOf(at, scanner.at) };
  }
  const isNextAttribute = scanner.line > end && startsAttribute(scanner);
  const stop = isNextAttribute ? scanner.at : nameEnd(text, scanner.at, scanner.end);
  if (stop > scanner.at) {
    const name = text.slice(scanner.at, stop);
    scanner.at = stop;
    return { kind: 'attribute', name, span: spanOf(at, stop) };
  }
  report(scanner, 'Expected a name behind the dot', at, afterDot);
  return { kind: 'attribute', name: '', span: spanOf(at, afterDot) };
}

function readIndex(scanner: Scanner): Step {
  const { at, newlineEnds } = scanner;
  scanner.at++;
  scanner.newlineEnds = false;
  scanner.brackets++;
  skipBlanks(scanner);
  const isSplat = peek(scanner) === STAR;
  if (isSplat) scanner.at++;
  const isEmpty = scanner.line > at && startsAttribute(scanner);
  const key = isSplat ? undefined : isEmpty ? missing(scanner, at + 1) : readExpression(scanner);
  const end = takeCloser(scanner, CLOSE_BRACKET, key?.span.end ?? scanner.at);
  scanner.brackets--;
  scanner.newlineEnds = newlineEnds;
  const span = spanOf(at, end);
  return key === undefined ? { kind: 'splat', full: true, span } : { kind: 'index', key, span };
}

/** No expression where one is awaited from `from` on. */
function missing(scanner: Scanner, from: number): Invalid {
  report(scanner, 'Expected an expression', from, from);
  return { kind: 'invalid', span: spanOf(from, from) };
}

function skipTooDeep(scanner: Scanner): Invalid {
  const { at } = scanner;
  skipJunk(scanner, 'closer');
  report(scanner, 'This is nested too deep to be read', at, scanner.at);
  return { kind: 'invalid', span: spanOf(at, scanner.at) };
}

/** A chain of operators is as deep as it is long; beyond this its rest is `invalid`. */
const MAX_CHAIN = 1000;
