/**
 * Separates two duties that one identity holds: takes the actions of one of them away, only such as are named, so that
 * nothing else goes; or denies what makes up one of them. Each fix is of safety `narrows`; whoever offers it proves it.
 */
import type { Edit } from '../../finding/edit.ts';
import type { Fix } from '../../finding/finding.ts';
import { conflictsOf, type HeldConflict } from '../../identities/conflicts.ts';
import { packOf } from '../../identities/packs.ts';
import { isPattern } from '../../policy/pattern.ts';
import type { ClauseItem, Policy, Statement } from '../../policy/policy.ts';
import { displayText, knownText } from '../../text/text.ts';
import { entryOf } from '../../value/value.ts';
import type { RuleContext } from '../rule.ts';
import { replaceInClause } from './clause-edits.ts';
import { denyApproval, denyDuty } from './denials.ts';

/** Items that one fix takes away. */
const MOST_ITEMS = 4;

/** For each duty of the pair the fix that takes it away, the one with fewer actions first. `said` names a duty. */
export function separateDuties(
  policy: Policy,
  held: HeldConflict,
  said: (duty: HeldConflict['duties'][number]) => string,
  context: RuleContext,
): readonly Fix[] {
  const sides = ([1, 0] as const).flatMap((side) => {
    const items = itemsOfSide(policy, held, side, context);
    const edits = items && editsFor(policy, items);
    return items && edits ? [{ duty: held.duties[side], items, edits }] : [];
  });
  const removals = [...sides]
    .sort((a, b) => a.items.length - b.items.length)
    .map(({ duty, items, edits }): Fix => {
      const names = [...new Set(items.map(({ text }) => `\`${displayText(text)}\``))];
      return { title: `Remove ${names.join(' and ')}, by which it can \`${said(duty)}\``, safety: 'narrows', edits };
    });
  const denials = denyApproval(policy, held, context);
  if (removals.length > 0 || denials.length > 0) return [...removals, ...denials];
  return ([1, 0] as const).flatMap((side) => denyDuty(policy, held, side, said, context));
}

/** The items without which the pair is not held; undefined where one is a wildcard, or they are many. */
function itemsOfSide(
  policy: Policy,
  { conflict }: HeldConflict,
  side: 0 | 1,
  { catalog, config, facts }: RuleContext,
): readonly ClauseItem[] | undefined {
  const gone: ClauseItem[] = [];
  let statements = policy.statements;
  while (gone.length <= MOST_ITEMS) {
    const still = conflictsOf(packOf(config), statements, catalog, facts).find((one) => one.conflict === conflict);
    if (!still) return gone;
    const { item } = still.ways[side];
    if (!item || isPattern(knownText(item.text) ?? '*')) return undefined;
    gone.push(item);
    statements = statements.flatMap((statement) => withoutItem(statement, item) ?? []);
  }
  return undefined;
}

/** The statement as it is without the item; undefined where nothing is left of it. */
function withoutItem(statement: Statement, item: ClauseItem): Statement | undefined {
  const { action } = statement;
  if (!action?.items.includes(item)) return statement;
  const items = action.items.filter((other) => other !== item);
  return items.length === 0 ? undefined : { ...statement, action: { ...action, items } };
}

/** A statement of which no action is left goes as a whole. */
function editsFor(policy: Policy, items: readonly ClauseItem[]): readonly Edit[] | undefined {
  const list = entryOf(policy.document, 'Statement')?.value;
  const edits: Edit[] = [];
  let statementsLeft = policy.statements.length;
  for (const { action, value } of policy.statements) {
    const mine = action?.items.filter((item) => items.includes(item)) ?? [];
    if (!action || mine.length === 0) continue;
    if (mine.length < action.items.length) {
      const replaced = replaceInClause(action, mine, []);
      if (!replaced) return undefined;
      edits.push(...replaced);
      continue;
    }
    const item = list?.kind === 'list' ? list.items.find((one) => one.value === value) : undefined;
    statementsLeft -= 1;
    if (list?.kind !== 'list' || !item || statementsLeft === 0) return undefined;
    edits.push({ kind: 'remove-item', from: list, item });
  }
  return edits.length > 0 ? edits : undefined;
}
