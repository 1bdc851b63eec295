/**
 * Condition edits: puts a condition under another operator, with its key and values or with others. Knows what the text
 * allows and nothing of meaning: whether the change keeps access the same is for the caller to say.
 */

import type { Edit, Plain } from '../finding/edit.ts';
import type { Operator } from '../policy/condition.ts';
import type { Condition, Statement } from '../policy/policy.ts';
import { canonicalText, knownText } from '../text/text.ts';
import type { Entry, ObjectValue, Value } from '../value/value.ts';

/**
 * The edits that leave the condition under the operator of that name, with `plain` as its value where it is given.
 * Undefined where the text has no place for it, or where the key stands under that operator already.
 */
export function underOperator(
  statement: Statement,
  condition: Condition,
  name: string,
  plain?: string,
): readonly Edit[] | undefined {
  const place = placeOf(statement, condition);
  if (!place) return undefined;
  const target = place.block.entries.find((entry) => knownText(entry.key)?.toLowerCase() === name.toLowerCase());
  if (target) return moved(place, condition, target, plain);
  if (place.operator.value.entries.length === 1) {
    const rename: Edit = { kind: 'rename', entry: place.operator, key: name };
    return plain === undefined ? [rename] : [rename, ...replaced(condition.entry.value, plain)];
  }
  const value = plain ?? plainOf(condition.entry.value);
  if (value === undefined || place.block.spelling.notation === 'block') return undefined;
  const entries = [[knownText(condition.key) ?? '', value]] as const;
  if (knownText(condition.key) === undefined) return undefined;
  return [
    { kind: 'remove-entry', from: place.operator.value, entry: condition.entry },
    { kind: 'insert-entry', into: place.block, key: name, plain: { entries }, after: place.operator },
  ];
}

/** The operators of the statement's Condition as they are written. */
export function operatorEntries(statement: Statement): readonly Entry[] {
  const block = statement.conditionEntry?.value;
  return block?.kind === 'object' ? block.entries : [];
}

/**
 * The edits that give an operator with all its keys another name. Undefined where several blocks make up the entry, or
 * where the name stands there already and more than one key would have to move.
 */
export function renamedOperator(statement: Statement, entry: Entry, name: string): readonly Edit[] | undefined {
  const members = entry.value.kind === 'object' ? entry.value.entries : [];
  const [first] = statement.conditions.filter((condition) => members.includes(condition.entry));
  if (!first) return undefined;
  if (members.length === 1) return underOperator(statement, first, name);
  const taken = operatorEntries(statement).some((other) => knownText(other.key) === name);
  return taken || entry.value.spelling.notation === 'block' ? undefined : [{ kind: 'rename', entry, key: name }];
}

/** The edits that take the condition out, with its operator where nothing else stands under it. Undefined where it is the only one. */
export function withoutCondition(statement: Statement, condition: Condition): readonly Edit[] | undefined {
  const place = placeOf(statement, condition);
  if (!place) return undefined;
  if (place.operator.value.entries.length > 1)
    return [{ kind: 'remove-entry', from: place.operator.value, entry: condition.entry }];
  if (place.block.entries.length < 2) return undefined;
  return [{ kind: 'remove-entry', from: place.block, entry: place.operator }];
}

/** The name of an operator, taken together again. */
export function operatorName(operator: Operator): string {
  const { base, negated, ifExists, qualifier } = operator;
  return `${qualifier ? `${qualifier}:` : ''}${negated ? negation(base) : base}${ifExists ? 'IfExists' : ''}`;
}

/** `NotIpAddress`, but `StringNotLike`. */
function negation(base: string): string {
  return base === 'IpAddress' ? 'NotIpAddress' : base.replace(/^(String|Numeric|Date|Arn)/, '$1Not');
}

/** The Condition element, and in it the operator that the condition stands under. */
interface Place {
  readonly block: ObjectValue;
  readonly operator: Entry & { readonly value: ObjectValue };
}

function placeOf(statement: Statement, condition: Condition): Place | undefined {
  const block = statement.conditionEntry?.value;
  if (block?.kind !== 'object') return undefined;
  for (const entry of block.entries) {
    const { value } = entry;
    if (value.kind === 'object' && value.entries.includes(condition.entry))
      return { block, operator: { ...entry, value } };
  }
  return undefined;
}

function moved(
  place: Place,
  condition: Condition,
  target: Entry,
  plain: string | undefined,
): readonly Edit[] | undefined {
  const key = knownText(condition.key);
  const value = plain ?? plainOf(condition.entry.value);
  const into = target.value;
  if (key === undefined || value === undefined || into.kind !== 'object') return undefined;
  if (place.block.spelling.notation === 'block') return undefined;
  if (into.entries.some((entry) => canonicalText(entry.key).toLowerCase() === key.toLowerCase())) return undefined;
  const last = into.entries.at(-1);
  const whole = place.operator.value.entries.length === 1;
  return [
    whole
      ? { kind: 'remove-entry', from: place.block, entry: place.operator }
      : { kind: 'remove-entry', from: place.operator.value, entry: condition.entry },
    { kind: 'insert-entry', into, key, plain: value, ...(last ? { after: last } : {}) },
  ];
}

/** One text in the place of all values. */
function replaced(value: Value, plain: string): readonly Edit[] {
  const only = value.kind === 'list' && value.items.length === 1 ? value.items[0]?.value : value;
  if (only?.kind === 'text') return [{ kind: 'rewrite', value: only, from: 0, to: only.text.flat.length, text: plain }];
  return [{ kind: 'replace', value, plain }];
}

/** The value as it is written, where all of it is known. */
function plainOf(value: Value): Plain | undefined {
  switch (value.kind) {
    case 'text':
      return knownText(value.text);
    case 'scalar':
      return value.value;
    case 'list': {
      const items = value.items.map((item) => (item.presence === 'always' ? plainOf(item.value) : undefined));
      return value.open ? undefined : all(items);
    }
    case 'object':
    case 'choice':
    case 'unknown':
      return undefined;
  }
}

function all(items: readonly (Plain | undefined)[]): readonly Plain[] | undefined {
  const known = items.filter((item) => item !== undefined);
  return known.length === items.length ? known : undefined;
}
