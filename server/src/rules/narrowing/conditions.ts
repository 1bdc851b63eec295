/** Edits that put a condition on a statement. They know no AWS data; what the condition does is for the caller to say, and to prove. */
import type { Edit, Plain } from '../../finding/edit.ts';
import type { Statement } from '../../policy/policy.ts';
import { entryOf, type ObjectValue } from '../../value/value.ts';

/** The statement with one more condition; undefined where its `Condition` cannot be added to, or has that operator with that key. */
export function addCondition(
  statement: Statement,
  operator: string,
  key: string,
  values: readonly string[],
): readonly Edit[] | undefined {
  const [only] = values;
  return only === undefined
    ? undefined
    : addConditions(statement, operator, [[key, values.length === 1 ? only : values]]);
}

/** The statement with more conditions under one operator; undefined as for {@link addCondition}, or where there are none to add. */
export function addConditions(
  { value, conditionEntry }: Statement,
  operator: string,
  tests: readonly (readonly [key: string, plain: Plain])[],
): readonly Edit[] | undefined {
  if (tests.length === 0) return undefined;
  const plain: Plain = { entries: tests };
  if (!conditionEntry) {
    const after = value.entries.at(-1);
    return [
      { kind: 'insert-entry', into: value, key: 'Condition', plain: { entries: [[operator, plain]] }, ...last(after) },
    ];
  }
  const block = conditionEntry.value;
  if (block.kind !== 'object') return undefined;
  const there = entryOf(block, operator);
  if (!there) return [insertion(block, operator, plain)];
  const into = there.value;
  if (into.kind !== 'object') return undefined;
  const taken = new Set(into.entries.map((entry) => entry.key.flat.toLowerCase()));
  if (tests.some(([key]) => taken.has(key.toLowerCase()))) return undefined;
  return tests.map(([key, own]) => insertion(into, key, own));
}

function insertion(into: ObjectValue, key: string, plain: Plain): Edit {
  return { kind: 'insert-entry', into, key, plain, ...last(into.entries.at(-1)) };
}

function last<T>(after: T | undefined): { readonly after?: T } {
  return after === undefined ? {} : { after };
}
