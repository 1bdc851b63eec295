/** Denying: whether a Deny may take away what an Allow grants. What cannot be seen may deny: an accusation rests on what is certain. */
import type { Power } from '../config/config.ts';
import { holdsFor, keyName, operatorOf } from '../policy/condition.ts';
import { globIncludes, globMatches, globsOverlap } from '../policy/pattern.ts';
import type { Condition, Statement } from '../policy/policy.ts';
import { HOLE, hasHole, knownText } from '../text/text.ts';
import { lacks } from '../value/value.ts';
import type { Place } from './holding.ts';

/** Whether a statement that is or may be a Deny may take the action away on all of the pattern that matters here: certainly, or for all that is known. */
export function takesAway(deny: Statement, action: string, place: Place, power: Power): boolean {
  return mayName(deny, action) && mayCover(deny, place, power) && mayHold(deny, power);
}

function mayName(deny: Statement, action: string): boolean {
  const clause = deny.action;
  if (!clause) return !lacks(deny.value, 'Action') || !lacks(deny.value, 'NotAction');
  const certain = clause.items.some((item) => globMatches(knownText(item.text)?.toLowerCase() ?? '', action));
  const possible = clause.open || clause.items.some((item) => hasHole(item.text));
  return clause.negated ? !certain || clause.items.some((item) => item.presence === 'sometimes') : certain || possible;
}

function mayCover(deny: Statement, { pattern, wide }: Place, power: Power): boolean {
  const clause = deny.resource;
  if (!clause) return true;
  if (wide !== pattern)
    return clause.negated || clause.items.some((item) => globsOverlap(item.text.flat.replaceAll(HOLE, '*'), wide));
  if (clause.open || clause.items.some((item) => hasHole(item.text))) return true;
  const targets = [
    pattern,
    ...power.resources.filter((resource) => power.resources.length === 1 || globIncludes(resource, pattern)),
  ];
  const covering = (target: string) => clause.items.some((item) => globIncludes(item.text.flat, target));
  if (clause.negated) return !clause.items.some((item) => globsOverlap(item.text.flat, pattern));
  return targets.some(covering) || (power.resources.length > 0 && power.resources.every(covering));
}

/** Whether the Deny's conditions all may hold for the requests that matter: a test of another key certainly may fail. */
function mayHold(deny: Statement, power: Power): boolean {
  if (deny.conditionsOpen) return true;
  return deny.conditions.every((condition) => testsOnly(condition, power));
}

function testsOnly(condition: Condition, power: Power): boolean {
  const key = keyName(condition);
  if (key === undefined || condition.open || !operatorOf(condition.operator)) return true;
  const values = power.when[key];
  return values?.every((value) => holdsFor(condition, value) !== 'no') ?? false;
}
