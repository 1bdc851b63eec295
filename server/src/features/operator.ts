/**
 * Operator: what a condition operator compares and what it answers when the request does not carry the key. Total: any
 * text gives an answer or undefined. Source: IAM User Guide, "IAM JSON policy elements: Condition operators" and
 * "Single-valued vs. multivalued context keys". Letter case does not count.
 */

/** A condition operator, taken apart. */
export interface Operator {
  /** `StringEquals`, as AWS spells it. */
  readonly base: string;
  readonly quantifier: 'ForAllValues' | 'ForAnyValue' | undefined;
  readonly ifExists: boolean;
  readonly negated: boolean;
  /** The condition's answer for a request that does not carry the key. */
  readonly whenMissing: 'holds' | 'fails' | 'by value';
  /** A verb phrase between key and values: `is`, `is like`. */
  readonly verb: string;
  /** One sentence. */
  readonly meaning: string;
}

/** The operator of that name; undefined where AWS has none such. */
export function operatorOf(text: string): Operator | undefined {
  const [, quantifierText, name = '', suffix] =
    /^(?:(forallvalues|foranyvalue):)?(.*?)(ifexists)?$/i.exec(text.trim()) ?? [];
  const found = BASES.find(([base]) => base.toLowerCase() === name.toLowerCase());
  if (!found) return undefined;
  const [base, verb, meaning] = found;
  const quantifier =
    quantifierText === undefined
      ? undefined
      : quantifierText.toLowerCase() === 'forallvalues'
        ? 'ForAllValues'
        : 'ForAnyValue';
  const ifExists = suffix !== undefined;
  const negated = /Not/.test(base);
  return {
    base,
    quantifier,
    ifExists,
    negated,
    whenMissing: missing(base, quantifier, ifExists, negated),
    verb,
    meaning,
  };
}

function missing(
  base: string,
  quantifier: Operator['quantifier'],
  ifExists: boolean,
  negated: boolean,
): Operator['whenMissing'] {
  if (base === 'Null') return 'by value';
  if (ifExists || quantifier === 'ForAllValues') return 'holds';
  return quantifier === 'ForAnyValue' || !negated ? 'fails' : 'holds';
}

type Base = readonly [name: string, verb: string, meaning: string];

const BASES: readonly Base[] = [
  ['StringEquals', 'is', 'The value is one of these texts, letter for letter. Wildcards are plain letters here.'],
  ['StringNotEquals', 'is not', 'The value is none of these texts. Wildcards are plain letters here.'],
  ['StringEqualsIgnoreCase', 'is (in any letter case)', 'The value is one of these texts, in any letter case.'],
  ['StringNotEqualsIgnoreCase', 'is not (in any letter case)', 'The value is none of these texts, in any letter case.'],
  [
    'StringLike',
    'is like',
    'The value matches one of these patterns: `*` is any run of characters, `?` exactly one. Letter case counts.',
  ],
  [
    'StringNotLike',
    'is not like',
    'The value matches none of these patterns: `*` is any run of characters, `?` exactly one. Letter case counts.',
  ],
  ['NumericEquals', 'is the number', 'The value is one of these numbers.'],
  ['NumericNotEquals', 'is not the number', 'The value is none of these numbers.'],
  ['NumericLessThan', 'is less than', 'The value is less than this number.'],
  ['NumericLessThanEquals', 'is at most', 'The value is this number or less.'],
  ['NumericGreaterThan', 'is greater than', 'The value is greater than this number.'],
  ['NumericGreaterThanEquals', 'is at least', 'The value is this number or more.'],
  ['DateEquals', 'is the time', 'The value is this point in time.'],
  ['DateNotEquals', 'is not the time', 'The value is another point in time.'],
  ['DateLessThan', 'is before', 'The value lies before this point in time.'],
  ['DateLessThanEquals', 'is at or before', 'The value is this point in time or lies before it.'],
  ['DateGreaterThan', 'is after', 'The value lies after this point in time.'],
  ['DateGreaterThanEquals', 'is at or after', 'The value is this point in time or lies after it.'],
  ['Bool', 'is', 'The value is this truth value, `true` or `false`.'],
  ['BinaryEquals', 'is', 'The value is these bytes, written in Base64.'],
  ['IpAddress', 'is in', 'The address lies in one of these ranges (CIDR).'],
  ['NotIpAddress', 'is not in', 'The address lies in none of these ranges (CIDR).'],
  [
    'ArnEquals',
    'is like',
    'The ARN matches one of these, part by part between the colons; `*` and `?` are wildcards. The same as `ArnLike`.',
  ],
  ['ArnLike', 'is like', 'The ARN matches one of these, part by part between the colons; `*` and `?` are wildcards.'],
  [
    'ArnNotEquals',
    'is not like',
    'The ARN matches none of these, part by part between the colons. The same as `ArnNotLike`.',
  ],
  [
    'ArnNotLike',
    'is not like',
    'The ARN matches none of these, part by part between the colons; `*` and `?` are wildcards.',
  ],
  [
    'Null',
    'is absent:',
    'Asks whether the request carries the key at all: `true` means that it must not, `false` that it must.',
  ],
];
