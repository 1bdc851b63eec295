/**
 * Common: what all statements of some policies have in common. A statement matches what all of its elements match, so that
 * an element that is the same in all of them makes no difference to how they compare, however little is known of it.
 */
import { canonicalValue, type Entry, unseenName } from '../value/value.ts';
import type { Policy, Statement } from './policy.ts';

const ELEMENTS: readonly (readonly string[])[] = [
  ['Principal', 'NotPrincipal'],
  ['Condition'],
  ['Resource', 'NotResource'],
];

/** The policies without the elements that are the same in every statement of all of them, letter for letter. */
export function withoutCommon(policies: readonly Policy[]): readonly Policy[] {
  const statements = policies.flatMap((policy) => policy.statements);
  // One that is there only sometimes may stand for several, in which equal words are not equal text.
  if (statements.some(({ presence, value }) => presence !== 'always' || value.open)) return policies;
  const common = ELEMENTS.filter((keys) => {
    const names = statements.map((statement) => nameOf(statement, keys));
    return names.every((name) => name !== undefined && name === names[0]);
  });
  const gone = common.flat();
  return gone.length === 0
    ? policies
    : policies.map((policy) => ({ ...policy, statements: policy.statements.map((one) => without(one, gone)) }));
}

/** What the statement says under one of the keys; undefined where it says nothing, or that has no name. */
function nameOf({ value }: Statement, keys: readonly string[]): string | undefined {
  const entries = value.entries.filter((entry) => isOf(entry, keys));
  const [only] = entries;
  if (!only || entries.length > 1 || only.presence !== 'always' || unseenName(only.value) === undefined)
    return undefined;
  return `${only.key.flat} ${canonicalValue(only.value)}`;
}

function isOf({ key }: Entry, keys: readonly string[]): boolean {
  return keys.includes(key.flat);
}

function without(statement: Statement, keys: readonly string[]): Statement {
  const { value } = statement;
  return {
    ...statement,
    value: { ...value, entries: value.entries.filter((entry) => !isOf(entry, keys)) },
    ...(keys.includes('Principal') ? { principal: undefined } : {}),
    ...(keys.includes('Resource') ? { resource: undefined } : {}),
    ...(keys.includes('Condition') ? { conditions: [], conditionsOpen: false, conditionEntry: undefined } : {}),
  };
}
