/**
 * Operators: whether a condition holds for a request, value by value. Answers `unknown` where holes decide. Source: IAM
 * User Guide, "Condition operators", "Conditions with multiple context keys or values", "Set operators for multivalued
 * context keys".
 */
import type { Answer } from '../policy/pattern.ts';
import { holdsRange, readBytes, readRange } from './address.ts';
import { bind, caseless, hasHoles, matchPattern, type Pattern, plainOf } from './glob.ts';
import { compareDecimals, readMoment, readNumber } from './quantity.ts';
import { type ReadyRequest, singleValue } from './request.ts';
import type { Term, Test } from './terms.ts';

/**
 * Whether the test holds. A missing key fails positive operators and passes negated ones, `IfExists` and `ForAllValues`;
 * it fails `ForAnyValue` in any case. A list under an operator without a qualifier is read as "some value matches".
 */
export function testHolds(test: Test, request: ReadyRequest): Answer {
  const { base, negated, ifExists, qualifier } = test.operator;
  const values = request.context.get(test.key) ?? [];
  if (base === 'Null') return nullHolds(test, values.length === 0);
  const matches = () =>
    values.map((value) => someTerm(test, (term) => matchesValue(base, term.pattern, value, request)));
  switch (qualifier) {
    case 'ForAllValues':
      return every(matches().map((match) => (negated ? opposite(match) : match)));
    case 'ForAnyValue':
      return some(matches().map((match) => (negated ? opposite(match) : match)));
    case undefined:
      if (values.length === 0) return negated || ifExists ? 'yes' : 'no';
      return negated ? opposite(some(matches())) : some(matches());
  }
}

/** `Null` takes several values as alternatives, and no qualifier changes it. */
function nullHolds(test: Test, missing: boolean): Answer {
  return someTerm(test, ({ pattern }) =>
    hasHoles(pattern) ? 'unknown' : matchPattern(pattern, missing ? 'true' : 'false', 'free'),
  );
}

/** Whether some alternative matches, those that may be there counting as unknown. */
function someTerm(test: Test, matches: (term: Term) => Answer): Answer {
  const answers = test.values.map((term) => {
    const answer = matches(term);
    return answer === 'yes' && term.onlyIf !== undefined ? 'unknown' : answer;
  });
  return some(test.hidden === undefined ? answers : [...answers, 'unknown']);
}

/** Whether one value of a request matches one value of a policy; a variable without value matches nothing. */
export function matchesValue(base: string, pattern: Pattern, value: string, request: ReadyRequest): Answer {
  const family = familyOf(base);
  if (family === 'text') {
    const bound = bind(pattern, (key) => singleValue(request, key));
    if (!bound) return 'no';
    return matchPattern(base === 'StringEqualsIgnoreCase' ? caseless(bound) : bound, value, shapeOf(base));
  }
  const given = plainOf(pattern);
  if (given === undefined) return 'unknown';
  return (family === 'bool' ? matchPattern(pattern, value, 'free') === 'yes' : matchesPlain(base, given, value))
    ? 'yes'
    : 'no';
}

/** What the values of an operator are. */
export type Family = 'text' | 'number' | 'moment' | 'bool' | 'address' | 'bytes';

/** The family of an operator's values; `Null` has none of its own and counts as text. */
export function familyOf(base: string): Family {
  if (base.startsWith('Numeric')) return 'number';
  if (base.startsWith('Date')) return 'moment';
  if (base === 'Bool') return 'bool';
  if (base === 'IpAddress') return 'address';
  return base === 'BinaryEquals' ? 'bytes' : 'text';
}

/** ARN operators check the six parts one by one. */
export function shapeOf(base: string): 'free' | 'parts' {
  return base.startsWith('Arn') ? 'parts' : 'free';
}

/** Whether a request's value meets a policy's value, for numbers, dates, addresses and bytes. What cannot be read meets nothing. */
export function matchesPlain(base: string, given: string, value: string): boolean {
  switch (familyOf(base)) {
    case 'number':
      return compares(base.slice('Numeric'.length), readNumber(value), readNumber(given));
    case 'moment':
      return compares(base.slice('Date'.length), readMoment(value), readMoment(given));
    case 'address': {
      const [outer, inner] = [readRange(given), readRange(value)];
      return outer !== undefined && inner !== undefined && holdsRange(outer, inner);
    }
    case 'bytes': {
      const bytes = readBytes(value);
      return bytes !== undefined && bytes === readBytes(given);
    }
    case 'bool':
    case 'text':
      return given === value;
  }
}

type Quantity = ReturnType<typeof readNumber>;

function compares(relation: string, value: Quantity, given: Quantity): boolean {
  if (!value || !given) return false;
  const order = compareDecimals(value, given);
  switch (relation) {
    case 'LessThan':
      return order < 0;
    case 'LessThanEquals':
      return order <= 0;
    case 'GreaterThan':
      return order > 0;
    case 'GreaterThanEquals':
      return order >= 0;
    default:
      return order === 0;
  }
}

/** Yes where one is yes, no where all are no. */
export function some(answers: readonly Answer[]): Answer {
  return answers.includes('yes') ? 'yes' : answers.includes('unknown') ? 'unknown' : 'no';
}

/** No where one is no, yes where all are yes. */
export function every(answers: readonly Answer[]): Answer {
  return answers.includes('no') ? 'no' : answers.includes('unknown') ? 'unknown' : 'yes';
}

/** Yes for no, no for yes. */
export function opposite(answer: Answer): Answer {
  return answer === 'yes' ? 'no' : answer === 'no' ? 'yes' : 'unknown';
}
