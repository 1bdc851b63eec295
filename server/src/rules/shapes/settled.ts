/** What is settled in a clause or statement: all of it seen, and there always. What is not is left in the shape that it has. */
import type { Clause, ClauseItem, Policy, PrincipalClause, Statement } from '../../policy/policy.ts';
import { knownText } from '../../text/text.ts';
import { entryOf, type Item, type ListValue } from '../../value/value.ts';

/** Whether all of the clause is seen, and there always. Its items may hold variables. */
export function isSettled({ entry, items, open }: Clause | PrincipalClause): boolean {
  return (
    !open && items.length > 0 && entry.presence === 'always' && items.every(({ presence }) => presence === 'always')
  );
}

/** Whether the statement is there always, with all of its elements seen. */
export function isWhole({ value, presence, strays, effect, conditionsOpen }: Statement): boolean {
  const { answer } = effect;
  const seen = !value.open && value.entries.every((entry) => entry.presence === 'always');
  return (
    seen && presence === 'always' && strays.length === 0 && !conditionsOpen && (answer === 'Allow' || answer === 'Deny')
  );
}

/** The texts of items that are known; undefined where one is not. */
export function knownItems(items: readonly ClauseItem[]): readonly string[] | undefined {
  const texts = items.map(({ text }) => knownText(text));
  return texts.every((text) => text !== undefined) ? texts : undefined;
}

/** A statement's place in the list of statements; undefined where it stands in none that the policy always has. */
export function memberOf(
  policy: Policy,
  { value }: Statement,
): { readonly list: ListValue; readonly item: Item } | undefined {
  const entry = entryOf(policy.document, 'Statement');
  if (entry?.presence !== 'always' || entry.value.kind !== 'list') return undefined;
  const list = entry.value;
  const item = list.items.find((one) => one.value === value);
  return item && item.presence === 'always' ? { list, item } : undefined;
}
