/**
 * What condition operators compare, in our own words, and what they answer when the request does not carry the key.
 * Source: IAM User Guide, "IAM JSON policy elements: Condition operators" and "Single-valued vs. multivalued context keys".
 */
import type { Operator } from '../policy/condition.ts';

/** `verb` stands between key and values: `is`, `is like`. `meaning` is one sentence; backticks mark code. */
export interface OperatorText {
  readonly verb: string;
  readonly meaning: string;
}

/** The words for an operator, without its qualifier and `IfExists`. */
export function operatorText(operator: Operator): OperatorText {
  const [verb, meaning] = TEXTS[`${operator.negated ? 'not ' : ''}${operator.base}`] ?? [operator.base, ''];
  return { verb, meaning };
}

/** The condition's answer for a request that does not carry the key; of `Null` it depends on the value. */
export function whenMissing(operator: Operator): 'holds' | 'fails' | 'by value' {
  if (operator.base === 'Null') return 'by value';
  if (operator.ifExists || operator.qualifier === 'ForAllValues') return 'holds';
  return operator.qualifier === 'ForAnyValue' || !operator.negated ? 'fails' : 'holds';
}

const LIKE = '`*` is any run of characters, `?` exactly one';
const BY_PART = 'part by part between the colons; `*` and `?` are wildcards';

const TEXTS: Readonly<Record<string, readonly [verb: string, meaning: string]>> = {
  StringEquals: ['is', 'The value is one of these texts, letter for letter. Wildcards are plain letters here.'],
  'not StringEquals': ['is not', 'The value is none of these texts. Wildcards are plain letters here.'],
  StringEqualsIgnoreCase: ['is (in any letter case)', 'The value is one of these texts, in any letter case.'],
  'not StringEqualsIgnoreCase': [
    'is not (in any letter case)',
    'The value is none of these texts, in any letter case.',
  ],
  StringLike: ['is like', `The value matches one of these patterns: ${LIKE}. Letter case counts.`],
  'not StringLike': ['is not like', `The value matches none of these patterns: ${LIKE}. Letter case counts.`],
  NumericEquals: ['is the number', 'The value is one of these numbers.'],
  'not NumericEquals': ['is not the number', 'The value is none of these numbers.'],
  NumericLessThan: ['is less than', 'The value is less than this number.'],
  NumericLessThanEquals: ['is at most', 'The value is this number or less.'],
  NumericGreaterThan: ['is greater than', 'The value is greater than this number.'],
  NumericGreaterThanEquals: ['is at least', 'The value is this number or more.'],
  DateEquals: ['is the time', 'The value is this point in time.'],
  'not DateEquals': ['is not the time', 'The value is another point in time.'],
  DateLessThan: ['is before', 'The value lies before this point in time.'],
  DateLessThanEquals: ['is at or before', 'The value is this point in time or lies before it.'],
  DateGreaterThan: ['is after', 'The value lies after this point in time.'],
  DateGreaterThanEquals: ['is at or after', 'The value is this point in time or lies after it.'],
  Bool: ['is', 'The value is this truth value, `true` or `false`.'],
  BinaryEquals: ['is', 'The value is these bytes, written in Base64.'],
  IpAddress: ['is in', 'The address lies in one of these ranges (CIDR).'],
  'not IpAddress': ['is not in', 'The address lies in none of these ranges (CIDR).'],
  ArnEquals: ['is like', `The ARN matches one of these, ${BY_PART}. The same as \`ArnLike\`.`],
  'not ArnEquals': ['is not like', `The ARN matches none of these, ${BY_PART}. The same as \`ArnNotLike\`.`],
  ArnLike: ['is like', `The ARN matches one of these, ${BY_PART}.`],
  'not ArnLike': ['is not like', `The ARN matches none of these, ${BY_PART}.`],
  Null: [
    'is absent:',
    'Asks whether the request carries the key at all: `true` means that it must not, `false` that it must.',
  ],
};
