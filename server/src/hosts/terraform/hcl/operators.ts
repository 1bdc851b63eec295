/**
 * The binary operators of HCL, with how tightly they bind. It never reads an operand.
 */
import { AMPERSAND, BANG, BAR, EQUALS, GREATER, LESS, MINUS, PERCENT, PLUS, SLASH, STAR } from './characters.ts';
import { peek, peekBeyond, type Scanner } from './scanner.ts';
import type { BinaryOperator } from './syntax.ts';

/** A binary operator as it stands, and how tightly it binds. */
export interface Operator {
  readonly text: BinaryOperator;
  /** 1 (`||`) to 6 (`*`): the higher, the tighter. */
  readonly power: number;
}

/** The operator at the position; undefined where none stands. */
export function operatorAt(scanner: Scanner): Operator | undefined {
  const next = peekBeyond(scanner, 1);
  switch (peek(scanner)) {
    case BAR:
      return next === BAR ? OR : undefined;
    case AMPERSAND:
      return next === AMPERSAND ? AND : undefined;
    case EQUALS:
      return next === EQUALS ? EQUAL : undefined;
    case BANG:
      return next === EQUALS ? UNEQUAL : undefined;
    case LESS:
      return next === EQUALS ? AT_MOST : next === LESS ? undefined : BELOW;
    case GREATER:
      return next === EQUALS ? AT_LEAST : ABOVE;
    case PLUS:
      return ADD;
    case MINUS:
      return SUBTRACT;
    case STAR:
      return MULTIPLY;
    case SLASH:
      return DIVIDE;
    case PERCENT:
      return REMAINDER;
    default:
      return undefined;
  }
}

function operator(text: BinaryOperator, power: number): Operator {
  return { text, power };
}

const OR = operator('||', 1);
const AND = operator('&&', 2);
const EQUAL = operator('==', 3);
const UNEQUAL = operator('!=', 3);
const BELOW = operator('<', 4);
const ABOVE = operator('>', 4);
const AT_MOST = operator('<=', 4);
const AT_LEAST = operator('>=', 4);
const ADD = operator('+', 5);
const SUBTRACT = operator('-', 5);
const MULTIPLY = operator('*', 6);
const DIVIDE = operator('/', 6);
const REMAINDER = operator('%', 6);
