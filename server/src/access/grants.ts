/** Grants: whether a policy allows any of the named actions on any of the named resources: the question of IAM Access Analyzer's CheckAccessNotGranted, with a request for an answer. */
import { boxesOf, type Comparison, type Hunt, huntIn, MOST_WORK } from './compare.ts';
import { type ColonReading, evaluate, statementMatches } from './evaluate.ts';
import { globOf, lowered } from './glob.ts';
import { type Request, readyRequest } from './request.ts';
import { overlap } from './search.ts';
import { spaceOf } from './space.ts';
import type { StatementTerms } from './terms.ts';
import { atLeast, atMost, hasUnknowns } from './views.ts';

/** The answer, with a request that the policy allows. */
export type Granting =
  | { readonly answer: 'no' }
  | { readonly answer: 'yes'; readonly witness: Request }
  | { readonly answer: 'unknown'; readonly reason: string };

/** Patterns as in a policy. Left out: any action, any resource. */
export interface Asked {
  readonly actions?: readonly string[];
  readonly resources?: readonly string[];
}

/** Whether the policy by itself allows one of the actions on one of the resources, to anybody in any circumstances. */
export function grants(
  statements: readonly StatementTerms[],
  { actions, resources }: Asked,
  colons: ColonReading = 'parts',
): Granting {
  const target = allowing(
    actions?.map((text) => ({ pattern: lowered(globOf(text)) })),
    resources?.map((text) => ({ pattern: globOf(text) })),
  );
  return allowsWithin(statements, [target], colons);
}

function allowing(
  actions: readonly { pattern: ReturnType<typeof globOf> }[] | undefined,
  resources: readonly { pattern: ReturnType<typeof globOf> }[] | undefined,
): StatementTerms {
  return {
    index: -1,
    sid: undefined,
    effect: 'Allow',
    guards: [],
    action: actions && { negated: false, terms: actions },
    resource: resources && { negated: false, terms: resources },
    principal: undefined,
    tests: [],
  };
}

/** Whether the policy allows a request that meets all of the targets, which are no part of it. */
export function allowsWithin(
  statements: readonly StatementTerms[],
  targets: readonly StatementTerms[],
  colons: ColonReading,
): Granting {
  const isWanted = (request: Request) => {
    const ready = readyRequest(request);
    if (targets.some((target) => statementMatches(target, ready, colons) !== 'yes')) return false;
    return evaluate(statements, ready, colons).decision === 'allowed';
  };
  const answer = hunt(statements, targets, colons, isWanted);
  if (answer.answer !== 'unknown' || !hasUnknowns(statements)) return answer;
  const certain = hunt(atLeast(statements), targets, colons, isWanted);
  if (certain.answer === 'yes') return certain;
  return hunt(atMost(statements), targets, colons, isWanted).answer === 'no' ? { answer: 'no' } : answer;
}

function hunt(
  statements: readonly StatementTerms[],
  targets: readonly StatementTerms[],
  colons: ColonReading,
  isWanted: Hunt['isWanted'],
): Granting {
  const all = [...statements, ...targets];
  const space = spaceOf(all, colons);
  if (!space) return { answer: 'unknown', reason: 'the policy is too large to be searched in a short time' };
  const one: Hunt = { space, statements: all, budget: { left: MOST_WORK }, isWanted };
  const denies = boxesOf(space, statements, 'Deny');
  const wanted = boxesOf(space, targets, 'Allow');
  if (wanted.length < targets.length) return { answer: 'no' };
  let doubt: string | undefined;
  for (const allow of boxesOf(space, statements, 'Allow')) {
    const start = wanted.reduce<typeof allow | undefined>((box, target) => box && overlap(box, target), allow);
    const caught: Comparison = start ? huntIn(one, start, denies) : { verdict: 'no-new-access' };
    if (caught.verdict === 'new-access') return { answer: 'yes', witness: caught.witness };
    if (caught.verdict === 'unknown') doubt ??= caught.reason;
  }
  return doubt === undefined ? { answer: 'no' } : { answer: 'unknown', reason: doubt };
}
