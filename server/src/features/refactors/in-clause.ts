/** Refactors of one clause: wildcards for names and back, NotAction for Action and back, order. */

import type { Safety } from '../../finding/finding.ts';
import { polarity } from '../../policy/policy.ts';
import { invert } from '../../rules/shapes/invert.ts';
import { sortClause } from '../../rules/shapes/sort.ts';
import { expandItem, shrinkClause } from '../../rules/shapes/wildcards.ts';
import { knownText } from '../../text/text.ts';
import { counted, type Draft, type Place } from './refactor.ts';

/** Those of the clause at the cursor, the item's own first. */
export function inClause(place: Place): readonly Draft[] {
  const { clause } = place;
  if (!clause) return [];
  const ofActions = clause.key === 'Action' ? [...expanded(place), ...shrunk(place), ...inverted(place)] : [];
  return [...ofActions, ...sorted(place)];
}

function expanded({ clause, item, statement, catalog }: Place): readonly Draft[] {
  const names = clause && item && expandItem(clause, item, catalog);
  const sign = clause ? polarity(statement, clause) : 'unknown';
  if (!names || sign === 'unknown') return [];
  const pattern = knownText(item.text) ?? '';
  const title = `Expand \`${pattern}\` to ${counted(names.plain.length, 'action')} of today (${tomorrow(place(statement, clause), 'left')})`;
  const safety: Safety = sign === 'more' ? 'narrows' : 'changes';
  return [{ title, safety, edits: names.edits }];
}

function shrunk({ clause, item, statement, catalog }: Place): readonly Draft[] {
  if (!clause || polarity(statement, clause) === 'unknown') return [];
  const own = item && knownText(item.text)?.split(':', 1)[0]?.toLowerCase();
  const found = [...(own === undefined ? [] : [shrinkClause(clause, catalog, own)]), shrinkClause(clause, catalog)];
  return found.flatMap((reshaped): readonly Draft[] => {
    if (!reshaped) return [];
    const { items, plain, edits } = reshaped;
    const services = [...new Set(plain.map((pattern) => pattern.split(':', 1)[0]))];
    const whose = services.length === 1 ? ` of ${services[0]}` : '';
    const title = `Shrink ${counted(items.length, 'action')}${whose} to ${plain.length} (the same today; ${tomorrow(place(statement, clause), 'taken in')})`;
    return [{ title, safety: 'changes', edits }];
  });
}

/** What the clause does to an action that it takes in. */
function place(
  statement: Place['statement'],
  { negated }: NonNullable<Place['clause']>,
): 'allowed' | 'denied' | 'excepted' {
  if (negated) return 'excepted';
  return statement.effect.answer === 'Deny' ? 'denied' : 'allowed';
}

/** What becomes of actions that AWS adds. */
function tomorrow(is: 'allowed' | 'denied' | 'excepted', to: 'left' | 'taken in'): string {
  return to === 'left' ? `those of tomorrow are no longer ${is}` : `those of tomorrow are ${is} too`;
}

/** Never an Allow's Action to NotAction: that would allow all that AWS adds. */
function inverted({ clause, statement, catalog }: Place): readonly Draft[] {
  const { answer } = statement.effect;
  if (!clause || (answer !== 'Allow' && answer !== 'Deny') || (answer === 'Allow' && !clause.negated)) return [];
  const safety: Safety = answer === 'Allow' || !clause.negated ? 'narrows' : 'changes';
  const title = clause.negated
    ? `Turn \`NotAction\` into the actions of today that the resources here can take (others are no longer ${answer === 'Allow' ? 'allowed' : 'denied'})`
    : 'Turn `Action` into `NotAction` of what else the resources here can take today (all others are denied, tomorrow’s too)';
  return invert(statement, clause, catalog).map((edits) => ({ title, safety, edits }));
}

function sorted({ clause }: Place): readonly Draft[] {
  const order = clause && sortClause(clause);
  if (!order) return [];
  const what = clause.key === 'Action' ? 'actions' : 'resources';
  const twice =
    order.twice === 0 ? '' : ` and remove ${order.twice} that ${order.twice === 1 ? 'is' : 'are'} there twice`;
  return [{ title: `Sort the ${what}${twice}`, safety: 'same', edits: order.edits }];
}
