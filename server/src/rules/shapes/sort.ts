/** Sorts the items of a clause by their letters and takes out those that stand there twice. Variables count as what they are called. */
import type { Edit } from '../../finding/edit.ts';
import type { Clause } from '../../policy/policy.ts';
import { canonicalText, displayText } from '../../text/text.ts';
import { isSettled } from './settled.ts';

/** The edit, and how many items are there twice; undefined where the items stand in order, or not in one list of the text. */
export function sortClause(clause: Clause): { readonly edits: readonly Edit[]; readonly twice: number } | undefined {
  const list = clause.items[0]?.list;
  if (!list || list.open || !isSettled(clause) || list.items.length !== clause.items.length) return undefined;
  const isAction = clause.key === 'Action';
  const named = clause.items.flatMap(({ text, value }, index) => {
    const item = list.items[index];
    if (item?.value !== value) return [];
    const name = canonicalText(text);
    const shown = displayText(text).toLowerCase();
    return [{ item, name: isAction ? name.toLowerCase() : name, shown }];
  });
  if (named.length !== list.items.length) return undefined;
  const first = new Map<string, (typeof named)[number]>();
  for (const one of named) if (!first.has(one.name)) first.set(one.name, one);
  const ordered = [...first.values()].sort((a, b) => (a.shown < b.shown ? -1 : a.shown > b.shown ? 1 : 0));
  const items = ordered.map(({ item }) => item);
  if (items.every((item, index) => item === list.items[index]) && items.length === list.items.length) return undefined;
  return { edits: [{ kind: 'reorder-items', into: list, items }], twice: named.length - items.length };
}
