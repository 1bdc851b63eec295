/**
 * Compare: whether one policy allows a request that another does not, exactly, with such a request. Sorts every part of a
 * request into classes, makes boxes of the statements, and looks for a point in an Allow of the one that no Allow of the
 * other holds. Bounded: what takes too long is `unknown`.
 */
import { type Bits, oneBit } from './bits.ts';
import { type ColonReading, evaluate } from './evaluate.ts';
import { canBeGuessedAbout, plainRequests } from './guess.ts';
import { isPlainlyWithin } from './inclusion.ts';
import { type Request, readyRequest } from './request.ts';
import { type Box, type Budget, findPoint, overlap } from './search.ts';
import { type Space, spaceOf } from './space.ts';
import type { StatementTerms } from './terms.ts';
import { realistic, type Universe } from './universe.ts';
import { atLeast, atMost, hasUnknowns } from './views.ts';
import { requestsAt } from './witness.ts';

type Statements = readonly StatementTerms[];

/** The answer. `witness` is allowed by the proposed policy and not by the existing one, and has been replayed. */
export type Comparison =
  | { readonly verdict: 'no-new-access' }
  | { readonly verdict: 'new-access'; readonly witness: Request }
  | { readonly verdict: 'unknown'; readonly reason: string };

/** `readings` are the readings of colons to prove it under, by default the one that AWS's samples show; {@link provesNoNewAccess} takes both. With a `universe` witnesses are of actions and resources that there are, where that can be. */
export interface CompareOptions {
  readonly readings?: readonly ColonReading[];
  readonly universe?: Universe | undefined;
}

/**
 * Whether `proposed` allows a request that `existing` does not. Symbols are taken to stand for the same in both: give
 * statements of two texts only where neither has holes.
 */
export function compare(existing: Statements, proposed: Statements, options: CompareOptions = {}): Comparison {
  const { readings = ['parts'], universe } = options;
  if (isPlainlyWithin(existing, proposed)) return { verdict: 'no-new-access' };
  const guess = universe ? undefined : guessNew(existing, proposed, readings[0] ?? 'parts');
  if (guess) return { verdict: 'new-access', witness: guess };
  for (const colons of readings) {
    const answer = compareUnder(existing, proposed, colons);
    if (answer.verdict === 'no-new-access') continue;
    if (answer.verdict === 'unknown' || !universe) return answer;
    const isNew = isNewTo(existing, proposed, colons);
    return { verdict: 'new-access', witness: realistic(answer.witness, proposed, universe, isNew) };
  }
  return { verdict: 'no-new-access' };
}

/** A request that can be read off a statement, where it is one that was looked for. */
function guessNew(existing: Statements, proposed: Statements, colons: ColonReading): Request | undefined {
  if (existing.length + proposed.length > MOST_GUESSED) return undefined;
  if (!canBeGuessedAbout(existing) || !canBeGuessedAbout(proposed)) return undefined;
  const isNew = isNewTo(existing, proposed, colons);
  for (const request of plainRequests(proposed)) if (isNew(request)) return request;
  return undefined;
}

/** Statements of policies that are guessed about: the search is quicker on longer ones. */
const MOST_GUESSED = 40;

/** Whether it is proved, whatever colons and unknowns mean, that `proposed` allows nothing that `existing` does not. */
export function provesNoNewAccess(existing: Statements, proposed: Statements): boolean {
  return compare(existing, proposed, { readings: ['parts', 'free'] }).verdict === 'no-new-access';
}

/** Whether it is proved that both allow the same requests. */
export function equivalent(a: Statements, b: Statements): boolean {
  return provesNoNewAccess(a, b) && provesNoNewAccess(b, a);
}

function compareUnder(existing: Statements, proposed: Statements, colons: ColonReading): Comparison {
  const isNew = isNewTo(existing, proposed, colons);
  const answer = findNew(existing, proposed, colons, isNew);
  if (answer.verdict !== 'unknown' || !(hasUnknowns(existing) || hasUnknowns(proposed))) return answer;
  const certain = findNew(atMost(existing), atLeast(proposed), colons, isNew);
  return certain.verdict === 'new-access' ? certain : { verdict: 'unknown', reason: DEPLOY_TIME };
}

const DEPLOY_TIME = 'it depends on text that is known only at deploy time';
const TOO_LARGE = 'the policies overlap in too many ways to be compared in a short time';
const CORRELATED = 'it depends on how policy variables and condition keys hang together';

/** Replays a request. */
function isNewTo(existing: Statements, proposed: Statements, colons: ColonReading): (request: Request) => boolean {
  return (request) => {
    const ready = readyRequest(request);
    if (evaluate(proposed, ready, colons).decision !== 'allowed') return false;
    const before = evaluate(existing, ready, colons).decision;
    return before === 'denied' || before === 'not-granted';
  };
}

function findNew(
  existing: Statements,
  proposed: Statements,
  colons: ColonReading,
  isNew: (request: Request) => boolean,
): Comparison {
  const all = [...new Set([...existing, ...proposed])];
  const space = spaceOf(all, colons);
  if (!space) return { verdict: 'unknown', reason: TOO_LARGE };
  const [allows, denies] = [boxesOf(space, proposed, 'Allow'), boxesOf(space, proposed, 'Deny')];
  const before = { allows: boxesOf(space, existing, 'Allow'), denies: boxesOf(space, existing, 'Deny') };
  const hunt: Hunt = { space, statements: all, budget: { left: MOST_WORK }, isWanted: isNew };
  let doubt: string | undefined;
  for (const allow of allows) {
    const ungranted = [{ start: allow, forbidden: [...denies, ...before.allows] }];
    const denied = before.denies.flatMap((deny) => {
      const start = overlap(allow, deny);
      return start ? [{ start, forbidden: denies }] : [];
    });
    for (const { start, forbidden } of [...ungranted, ...denied]) {
      const caught = huntIn(hunt, start, forbidden);
      if (caught.verdict === 'new-access') return caught;
      if (caught.verdict === 'unknown') doubt ??= caught.reason;
      if (hunt.budget.left < 0) return { verdict: 'unknown', reason: TOO_LARGE };
    }
  }
  return doubt === undefined ? { verdict: 'no-new-access' } : { verdict: 'unknown', reason: doubt };
}

/** Steps of all searches of one question: some tens of milliseconds. */
export const MOST_WORK = 2_000_000;

/** Steps that a replay counts for, by statement. */
const COST_OF_REPLAY = 2000;

/** Points that are tried in one box before it is given up. */
const MOST_POINTS = 12;

/** A search for a request: `isWanted` replays what is found. */
export interface Hunt {
  readonly space: Space;
  readonly statements: Statements;
  readonly budget: Budget;
  readonly isWanted: (request: Request) => boolean;
}

/** The boxes of the statements with that effect. */
export function boxesOf({ boxes }: Space, statements: Statements, effect: 'Allow' | 'Deny'): readonly Box[] {
  return statements.flatMap((statement) => (statement.effect === effect ? (boxes.get(statement) ?? []) : []));
}

/** Looks for a wanted request in a box outside of others. Nothing is there for certain, or it is shown, or it could not be told. */
export function huntIn(hunt: Hunt, start: Box, forbidden: readonly Box[]): Comparison {
  const { space, budget, statements } = hunt;
  const closed = [...space.rules, ...forbidden];
  for (let i = 0; i < MOST_POINTS; i++) {
    const point = findPoint(space.sizes, start, closed, budget);
    if (point === 'too long') return { verdict: 'unknown', reason: TOO_LARGE };
    if (point === 'nothing') return i === 0 ? { verdict: 'no-new-access' } : { verdict: 'unknown', reason: CORRELATED };
    for (const witness of requestsAt(space, point, statements)) {
      budget.left -= COST_OF_REPLAY * statements.length;
      if (hunt.isWanted(witness)) return { verdict: 'new-access', witness };
      if (budget.left < 0) return { verdict: 'unknown', reason: CORRELATED };
    }
    closed.push(around(space, point));
  }
  return { verdict: 'unknown', reason: CORRELATED };
}

/** The first class of each part of the request at a point, whatever the truths that are not settled: not to be tried again. */
function around({ sizes, dimensions }: Space, point: readonly Bits[]): Box {
  const tried = dimensions.flatMap((dimension, i) => {
    const [size, own] = [sizes[i] ?? 0, point[i]];
    if (!own || size < 2) return [];
    const first = Array.from({ length: size }, (_, n) => n).find((n) => ((own[n >> 5] ?? 0) >>> (n & 31)) & 1) ?? 0;
    const settled = dimension.kind !== 'truth' || own.reduce((sum, word) => sum + word, 0) !== 3;
    return settled ? [{ dimension: i, allowed: oneBit(size, first) }] : [];
  });
  return { dimensions: tried.map(({ dimension }) => dimension), allowed: tried.map(({ allowed }) => allowed) };
}
