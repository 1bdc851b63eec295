/** Edits on the items of a clause, whether it is a list or a single string. Knows no host, and no AWS data. */
import type { Edit, Plain } from '../../finding/edit.ts';
import type { Clause, ClauseItem, Policy, Statement } from '../../policy/policy.ts';
import { knownText } from '../../text/text.ts';
import { entryOf } from '../../value/value.ts';

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
  const copy = copyOfStatement(policy, statement);
  if (!action || !copy) return undefined;
  const stays = action.items.filter((item) => !moved.includes(item));
  const here = replaceInClause(action, moved, []);
  const there = replaceInClause(action, stays, []);
  return here && there && { here, copy: (more) => copy([...there, ...more]) };
}

/** Makes a copy of the statement behind it, with the edits and a Sid of its own that has one of the endings; undefined where there is no place for one. */
export function copyOfStatement(
  policy: Policy,
  statement: Statement,
  endings: readonly string[] = ENDINGS,
): ((edits: readonly Edit[]) => Edit) | undefined {
  const entry = entryOf(policy.document, 'Statement');
  const list = entry?.value;
  const sid = newSid(policy, statement, endings);
  if (!sid || entry?.presence !== 'always') return undefined;
  if (list === statement.value)
    return (edits) => ({ kind: 'copy-object', value: statement.value, edits: [...sid, ...edits] });
  const item = list?.kind === 'list' ? list.items.find(({ value }) => value === statement.value) : undefined;
  if (list?.kind !== 'list' || item?.presence !== 'always') return undefined;
  return (edits) => ({ kind: 'copy-item', into: list, item, edits: [...sid, ...edits] });
}

/** A Sid is unique in a policy: the copy's has letters behind it. */
function newSid(policy: Policy, { sid }: Statement, endings: readonly string[]): readonly Edit[] | undefined {
  if (!sid) return [];
  const known = knownText(sid.text);
  const taken = new Set(policy.statements.map((other) => other.sid && knownText(other.sid.text)));
  const ending = endings.find((letters) => !taken.has(`${known}${letters}`));
  const { length } = sid.text.flat;
  return known === undefined || ending === undefined
    ? undefined
    : [{ kind: 'rewrite', value: sid, from: length, to: length, text: ending }];
}

const ENDINGS = ['Other', 'Other2', 'Other3', 'Other4'];
