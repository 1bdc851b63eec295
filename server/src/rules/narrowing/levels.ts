/**
 * Levels: splits a statement by what its actions do. What only lists and describes may stay where it is; what reads contents
 * or writes moves to a statement that can be narrowed by itself. Knows no hosts.
 */
import { andNot, isEmpty } from '../../catalog/bits.ts';
import type { Match } from '../../catalog/match.ts';
import type { AccessLevel } from '../../catalog/service.ts';
import type { Edit } from '../../finding/edit.ts';
import type { Fix } from '../../finding/finding.ts';
import type { ClauseItem, Policy, Statement } from '../../policy/policy.ts';
import { displayText } from '../../text/text.ts';
import { describing } from '../describing.ts';
import type { Actions } from '../facts.ts';
import type { RuleContext } from '../rule.ts';
import { splitStatement } from './clause-edits.ts';
import { lowerFirst } from './names.ts';
import { narrowResources } from './resources.ts';

/**
 * Leaves the wide items to the actions that only describe, and narrows them for the rest, in a statement of its own. None
 * where all actions are of one sort, or an item takes in both. Each fix is of safety `narrows`.
 */
export function narrowChanging(
  policy: Policy,
  statement: Statement,
  wide: readonly ClauseItem[],
  about: readonly Actions[],
  context: RuleContext,
): readonly Fix[] {
  const { action } = statement;
  const parts = action && partsBy(statement, (match) => (describes(match) ? 'describes' : 'does more'), context);
  const mine = parts?.get('does more');
  if (!action || !mine || !parts?.has('describes')) return [];
  const split = splitStatement(policy, statement, mine);
  const rest = about.flatMap(({ service, bits }): readonly Actions[] => {
    const left = andNot(bits, describing(service));
    return isEmpty(left) ? [] : [{ service, bits: left }];
  });
  if (!split) return [];
  const own: Statement = { ...statement, action: { ...action, items: mine } };
  return narrowResources(policy, own, wide, rest, context).map((fix) => ({
    ...fix,
    title: `Give ${counted(mine)} a statement of ${mine.length === 1 ? 'its' : 'their'} own: ${lowerFirst(fix.title)}`,
    edits: [...split.here, split.copy(fix.edits)],
  }));
}

/**
 * The statement as two, one for each access level and the last for all that is left: what it allows stays the same. For
 * refactors. Undefined where all actions are of one level, or an item takes in several.
 */
export function splitOffLevel(
  policy: Policy,
  statement: Statement,
  level: AccessLevel,
  context: RuleContext,
): readonly Edit[] | undefined {
  const parts = partsBy(
    statement,
    ({ service, bits }) => String(isEmpty(andNot(bits, service.levels[level]))),
    context,
  );
  const mine = parts?.get('true');
  const split = mine && parts?.has('false') ? splitStatement(policy, statement, mine) : undefined;
  return split && [...split.here, split.copy([])];
}

/** The items of a positive Action clause by a word for what they take in; undefined where there may be more items, or one has two words or none. */
function partsBy(
  statement: Statement,
  wordFor: (match: Match) => string,
  { facts }: RuleContext,
): ReadonlyMap<string, readonly ClauseItem[]> | undefined {
  const { action } = statement;
  if (!action || action.negated || action.open) return undefined;
  const { items } = facts(statement);
  const parts = new Map<string, ClauseItem[]>();
  for (const [index, item] of action.items.entries()) {
    const [word, ...others] = new Set((items[index] ?? []).map(wordFor));
    if (word === undefined || others.length > 0) return undefined;
    parts.set(word, [...(parts.get(word) ?? []), item]);
  }
  return parts;
}

function describes({ service, bits }: Match): boolean {
  return isEmpty(andNot(bits, describing(service)));
}

function counted(items: readonly ClauseItem[]): string {
  const [only] = items;
  if (items.length === 1 && only) return `\`${displayText(only.text)}\``;
  return `the ${items.length} actions that do more than describe`;
}
