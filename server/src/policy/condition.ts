/**
 * Conditions: what an operator's name says, and whether a condition ties a statement to something. Knows no catalog.
 * Source: IAM User Guide, "IAM JSON policy elements: Condition operators" and "Conditions with multiple context keys or values".
 */
import { knownText, type Text } from '../text/text.ts';
import { literalOf } from '../value/value.ts';
import { type Answer, globMatches } from './pattern.ts';
import type { Condition, Statement } from './policy.ts';

/** An operator's name, taken apart: `ForAnyValue:StringNotLikeIfExists` is StringLike, negated, with both modifiers. */
export interface Operator {
  /** Without qualifier, `Not` and `IfExists`: `StringEquals`, `ArnLike`, `Bool`, `Null` … */
  readonly base: string;
  readonly negated: boolean;
  readonly ifExists: boolean;
  readonly qualifier: 'ForAllValues' | 'ForAnyValue' | undefined;
}

const BASES: ReadonlyMap<string, readonly [base: string, negated: boolean]> = new Map([
  ['stringequals', ['StringEquals', false]],
  ['stringnotequals', ['StringEquals', true]],
  ['stringequalsignorecase', ['StringEqualsIgnoreCase', false]],
  ['stringnotequalsignorecase', ['StringEqualsIgnoreCase', true]],
  ['stringlike', ['StringLike', false]],
  ['stringnotlike', ['StringLike', true]],
  ['numericequals', ['NumericEquals', false]],
  ['numericnotequals', ['NumericEquals', true]],
  ['numericlessthan', ['NumericLessThan', false]],
  ['numericlessthanequals', ['NumericLessThanEquals', false]],
  ['numericgreaterthan', ['NumericGreaterThan', false]],
  ['numericgreaterthanequals', ['NumericGreaterThanEquals', false]],
  ['dateequals', ['DateEquals', false]],
  ['datenotequals', ['DateEquals', true]],
  ['datelessthan', ['DateLessThan', false]],
  ['datelessthanequals', ['DateLessThanEquals', false]],
  ['dategreaterthan', ['DateGreaterThan', false]],
  ['dategreaterthanequals', ['DateGreaterThanEquals', false]],
  ['bool', ['Bool', false]],
  ['binaryequals', ['BinaryEquals', false]],
  ['ipaddress', ['IpAddress', false]],
  ['notipaddress', ['IpAddress', true]],
  ['arnequals', ['ArnEquals', false]],
  ['arnnotequals', ['ArnEquals', true]],
  ['arnlike', ['ArnLike', false]],
  ['arnnotlike', ['ArnLike', true]],
  ['null', ['Null', false]],
]);

/** Every operator as AWS spells it, without qualifier and `IfExists`. */
export const OPERATOR_NAMES: readonly string[] = [
  ...['StringEquals', 'StringNotEquals', 'StringEqualsIgnoreCase', 'StringNotEqualsIgnoreCase'],
  ...['StringLike', 'StringNotLike', 'NumericEquals', 'NumericNotEquals', 'NumericLessThan', 'NumericLessThanEquals'],
  ...['NumericGreaterThan', 'NumericGreaterThanEquals', 'DateEquals', 'DateNotEquals', 'DateLessThan'],
  ...['DateLessThanEquals', 'DateGreaterThan', 'DateGreaterThanEquals', 'Bool', 'BinaryEquals', 'IpAddress'],
  ...['NotIpAddress', 'ArnEquals', 'ArnNotEquals', 'ArnLike', 'ArnNotLike', 'Null'],
];

/** The operator of that name, letter case aside; undefined where IAM has none, or the name is not known. */
export function operatorOf(name: Text): Operator | undefined {
  const known = knownText(name);
  if (known === undefined) return undefined;
  const before = READ.get(known);
  if (before !== undefined) return before ?? undefined;
  if (READ.size >= MOST_READ) READ.clear();
  const operator = readOperator(known);
  READ.set(known, operator ?? null);
  return operator;
}

/** Names that were read before, null for those that are none. There are a few dozen. */
const READ = new Map<string, Operator | null>();
const MOST_READ = 1000;

function readOperator(known: string): Operator | undefined {
  const parts = /^(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?$/i.exec(known);
  const found = BASES.get(parts?.[2]?.toLowerCase() ?? '');
  if (!parts || !found) return undefined;
  const qualifier = parts[1] ? (parts[1].toLowerCase() === 'forallvalues' ? 'ForAllValues' : 'ForAnyValue') : undefined;
  return { base: found[0], negated: found[1], ifExists: parts[3] !== undefined, qualifier };
}

/** The key's name in lower case; undefined where it is not known. Keys do not heed letter case. */
export function keyName(condition: Condition): string | undefined {
  return knownText(condition.key)?.toLowerCase();
}

/**
 * Whether the condition demands that its key is there with one of the values: a positive operator without IfExists or
 * ForAllValues, always present, and no value that takes in everything.
 */
export function demands(condition: Condition): boolean {
  const operator = operatorOf(condition.operator);
  if (!operator || operator.negated || operator.ifExists || operator.qualifier === 'ForAllValues') return false;
  if (
    operator.base === 'Null' ||
    condition.presence === 'sometimes' ||
    (condition.values.length === 0 && !condition.open)
  )
    return false;
  return condition.values.every((item) => literalOf(item.value) !== '*' || !LIKE.has(operator.base));
}

const LIKE: ReadonlySet<string> = new Set(['StringLike', 'ArnLike', 'ArnEquals']);

/** Whether a condition with the operator never holds for requests without its key, whatever its values. */
export function needsKey({ base, negated, ifExists, qualifier }: Operator): boolean {
  return base !== 'Null' && !negated && !ifExists && qualifier !== 'ForAllValues';
}

/** Whether the condition would hold for a request in which its key has just this value. */
export function holdsFor(condition: Condition, value: string): Answer {
  const operator = operatorOf(condition.operator);
  if (!operator || condition.open) return 'unknown';
  if (operator.base === 'Null')
    return condition.values.some((item) => literalOf(item.value) === 'false') ? 'yes' : 'no';
  const answers = condition.values.map((item) => matchesValue(operator.base, literalOf(item.value), value));
  if (answers.includes('yes')) return operator.negated ? 'no' : 'yes';
  if (answers.includes('unknown')) return 'unknown';
  return operator.negated ? 'yes' : 'no';
}

function matchesValue(base: string, pattern: string | undefined, value: string): Answer {
  if (pattern === undefined || pattern.includes('${')) return 'unknown';
  switch (base) {
    case 'StringEquals':
      return pattern === value ? 'yes' : 'no';
    case 'StringEqualsIgnoreCase':
      return pattern.toLowerCase() === value.toLowerCase() ? 'yes' : 'no';
    case 'StringLike':
    case 'ArnLike':
    case 'ArnEquals':
      return globMatches(pattern, value) ? 'yes' : 'no';
    default:
      return 'unknown';
  }
}

/**
 * Keys that say something of the moment or the caller, not of what the statement reaches: a statement that tests only
 * these reaches as far as before. All in lower case.
 */
const SETTING: readonly string[] = [
  'aws:securetransport',
  'aws:multifactorauthpresent',
  'aws:multifactorauthage',
  'aws:currenttime',
  'aws:epochtime',
  'aws:tokenissuetime',
  'aws:useragent',
  'aws:referer',
  'aws:requestedregion',
  'aws:sourceip',
  'aws:sourcevpc',
  'aws:sourcevpce',
  'aws:vpcsourceip',
  'aws:viaawsservice',
  'aws:principaltype',
];

/** Whether a condition narrows what the statement reaches: the resource's tags, account or organization, or any key of the service's own. */
export function reaches(statement: Statement): 'narrowed' | 'as written' | 'unknown' {
  const narrowing = statement.conditions.filter((condition) => narrows(keyName(condition)));
  if (narrowing.some((condition) => demands(condition) || demandsPresence(condition) === 'yes')) return 'narrowed';
  const hidden = (condition: Condition) =>
    !operatorOf(condition.operator) || condition.presence === 'sometimes' || keyName(condition) === undefined;
  const open =
    statement.conditionsOpen ||
    statement.conditions.some(hidden) ||
    narrowing.some((condition) => demandsPresence(condition) === 'unknown');
  return open ? 'unknown' : 'as written';
}

/**
 * `Null` with `false`: the key has to be there, whatever its value; for a tag, of which `*` says the same, that is a mark of its
 * own. Unknown where the value cannot be seen.
 */
function demandsPresence(condition: Condition): Answer {
  const operator = operatorOf(condition.operator);
  const isTag = keyName(condition)?.includes(':resourcetag/');
  if (isTag && operator && LIKE.has(operator.base) && needsKey(operator))
    return condition.presence === 'always' ? 'yes' : 'unknown';
  if (operator?.base !== 'Null') return 'no';
  const words = condition.values.map(({ value }) =>
    value.kind === 'scalar' ? String(value.value) : literalOf(value)?.toLowerCase(),
  );
  if (condition.open || condition.presence === 'sometimes' || words.includes(undefined)) return 'unknown';
  return words.length > 0 && words.every((word) => word === 'false') ? 'yes' : 'no';
}

function narrows(key: string | undefined): boolean {
  return key !== undefined && !SETTING.includes(key) && !/^aws:(principal|userid$|username$|sourceidentity$)/.test(key);
}
