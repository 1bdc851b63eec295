/** Edits on the items of a clause, whether it is a list or a single string. Knows no host, and no AWS data. */
import type { Edit, Plain } from '../../finding/edit.ts';
import type { Clause, ClauseItem, Policy, Statement } from '../../policy/policy.ts';
import { knownText } from '../../text/text.ts';
import { entryOf, type Item, type ListValue } from '../../value/value.ts';

/** Puts `plain` in the place of the items; undefined where they do not stand together, or nothing would be left. */
export function replaceInClause(
  clause: Clause,
  items: readonly ClauseItem[],
  plain: readonly Plain[],
): readonly Edit[] | undefined {
  const [first] = items;
  if (!first) return undefined;
  const { list } = first;
  const [only] = plain;
  if (!list) {
    if (clause.items.length > 1 || only === undefined) return undefined;
    return [{ kind: 'replace', value: first.value, plain: plain.length === 1 ? only : plain }];
  }
  const members = list.items.filter(({ value }) => items.some((item) => item.value === value));
  if (members.length !== items.length || (plain.length === 0 && list.items.length === items.length)) return undefined;
  return [{ kind: 'replace-items', into: list, items: members, plain }];
}

/** A second statement behind this one, which takes over some of its actions while it keeps the others. */
export function splitStatement(
  policy: Policy,
  statement: Statement,
  moved: readonly ClauseItem[],
): { readonly here: readonly Edit[]; readonly copy: (more: readonly Edit[]) => Edit } | undefined {
  const { action } = statement;
  const place = placeOf(policy, statement);
  if (!action || !place) return undefined;
  const stays = action.items.filter((item) => !moved.includes(item));
  const here = replaceInClause(action, moved, []);
  const there = replaceInClause(action, stays, []);
  const sid = newSid(policy, statement);
  if (!here || !there || !sid) return undefined;
  return {
    here,
    copy: (more) => ({ kind: 'copy-item', into: place.list, item: place.item, edits: [...sid, ...there, ...more] }),
  };
}

/** The list that holds the statement. */
function placeOf(policy: Policy, statement: Statement): { readonly list: ListValue; readonly item: Item } | undefined {
  const list = entryOf(policy.document, 'Statement')?.value;
  const item = list?.kind === 'list' ? list.items.find(({ value }) => value === statement.value) : undefined;
  return list?.kind === 'list' && item?.presence === 'always' ? { list, item } : undefined;
}

/** A Sid is unique in a policy: the copy's has letters behind it. */
function newSid(policy: Policy, { sid }: Statement): readonly Edit[] | undefined {
  if (!sid) return [];
  const known = knownText(sid.text);
  const taken = new Set(policy.statements.map((other) => other.sid && knownText(other.sid.text)));
  const ending = ENDINGS.find((letters) => !taken.has(`${known}${letters}`));
  const { length } = sid.text.flat;
  return known === undefined || ending === undefined
    ? undefined
    : [{ kind: 'rewrite', value: sid, from: length, to: length, text: ending }];
}

const ENDINGS = ['Other', 'Other2', 'Other3', 'Other4'];
