/**
 * Proving: whether all of a statement lies within others, by a search of the requests under each reading of colons. Work is
 * bounded; what is not proved in time is not within.
 */
import { globsOverlap } from '../policy/pattern.ts';
import { type ColonReading, statementMatches } from './evaluate.ts';
import { outline } from './glob.ts';
import { plainRequests } from './guess.ts';
import { readyRequest } from './request.ts';
import { type Budget, findPoint, overlap } from './search.ts';
import { type Space, spaceOf } from './space.ts';
import type { StatementTerms, Term, Terms } from './terms.ts';
import { atLeast, atMost, hasUnknowns } from './views.ts';

/** Statements of one policy. */
export type Statements = readonly StatementTerms[];

/** Some statements as boxes, once for each reading that matters. */
export interface Proof {
  readonly spaces: readonly Space[];
  readonly budget: Budget;
}

const READINGS: readonly ColonReading[] = ['parts', 'free'];

/** Steps of all proofs about one policy: some two hundred milliseconds. */
export const MOST_WORK = 5_000_000;

/** Steps of one proof. */
const MOST_WORK_AT_ONCE = 250_000;

/** The statements made ready for questions about them; undefined where that would be too large. `budget` is shared by all proofs about one policy. */
export function proofOf(statements: Statements, budget: Budget = { left: MOST_WORK }): Proof | undefined {
  const readings = statements.every(({ resource }) => readsAlike(resource)) ? READINGS.slice(0, 1) : READINGS;
  const spaces = readings.flatMap((colons) => spaceOf(statements, colons) ?? []);
  return spaces.length < readings.length ? undefined : { spaces, budget };
}

/** Whether the resources match the same under both readings. */
function readsAlike(resource: Terms | undefined): boolean {
  const isAlike = ({ pattern }: Term) => {
    if (pattern.unknowns.length > 0) return false;
    const free = outline(pattern, 'free');
    return outline(pattern, 'parts').every((token, i) => token === free[i]);
  };
  return !resource || resource.terms.every(isAlike);
}

/** Whether it is proved that every request that meets the statement meets one of the others. */
export function isWithin({ spaces, budget }: Proof, statement: StatementTerms, others: Statements): boolean {
  return spaces.every((space) => search(space, statement, others, budget) === 'nothing');
}

/** Whether some request certainly meets the first and not the second, where both are known. */
export function isCertainlyBeyond(
  { spaces, budget }: Proof,
  statement: StatementTerms,
  other: StatementTerms,
): boolean {
  return spaces.every((space) => {
    const found = search(space, statement, [other], budget);
    return found !== 'nothing' && found !== 'too long';
  });
}

/** Whether all of the statement may lie within the others once what is unknown is known. */
export function mayBeWithin(statement: StatementTerms, others: Statements): boolean {
  const inner = hasUnknowns([statement]) ? smallest(statement) : [statement];
  const outer = others.flatMap((other) => (hasUnknowns([other]) ? largest(other) : [other]));
  const [own] = inner;
  const proof = own && proofOf([own, ...outer]);
  if (!own || !proof) return true;
  return proof.spaces.some((space) => {
    const found = search(space, own, outer, proof.budget);
    return found === 'nothing' || found === 'too long';
  });
}

/** The statement without what may not be there. */
function smallest(statement: StatementTerms): Statements {
  return statement.effect === 'Allow' ? atLeast([statement]) : atMost([statement]);
}

/** The statement with all that may be there. */
function largest(statement: StatementTerms): Statements {
  return statement.effect === 'Allow' ? atMost([statement]) : atLeast([statement]);
}

/** Looks for a request that meets the statement and none of the others. */
function search({ sizes, rules, boxes }: Space, statement: StatementTerms, others: Statements, budget: Budget) {
  const own = boxes.get(statement);
  if (!own) return 'nothing';
  if (budget.left < 0) return 'too long';
  const once = { left: Math.min(budget.left, MOST_WORK_AT_ONCE) };
  const before = once.left;
  const found = findPoint(sizes, own, [...rules, ...others.flatMap((other) => boxes.get(other) ?? [])], once);
  budget.left -= before - once.left;
  return found;
}

/** Of statements that together hold all of the first, as few as still do. */
export function fewest(proof: Proof, statement: StatementTerms, others: Statements): readonly number[] {
  const alone = others.find((other) => isWithin(proof, statement, [other]));
  if (alone) return [alone.index];
  let by = others;
  for (const other of others) {
    const fewer = by.filter((one) => one !== other);
    if (isWithin(proof, statement, fewer)) by = fewer;
  }
  return by.map(({ index }) => index);
}

/** Whether some request may meet both, under some reading. */
export function mayMeet({ spaces }: Proof, a: StatementTerms, b: StatementTerms): boolean {
  return spaces.some(({ boxes }) => {
    const [x, y] = [boxes.get(a), boxes.get(b)];
    return x !== undefined && y !== undefined && overlap(x, y) !== undefined;
  });
}
/** The helper without what has nothing to do with the statement: it takes in just as much of that, and there is less to tell apart. */
export function partNear(helper: StatementTerms, { action, resource }: StatementTerms): StatementTerms {
  return { ...helper, action: termsNear(helper.action, action), resource: termsNear(helper.resource, resource) };
}

function termsNear(clause: Terms | undefined, own: Terms | undefined): Terms | undefined {
  if (!clause || !own || own.negated || own.hidden !== undefined || !own.terms.every(isWordedOut)) return clause;
  const mayMeetOwn = (term: Term) =>
    !isWordedOut(term) || own.terms.some(({ pattern }) => globsOverlap(pattern.text, term.pattern.text));
  return { ...clause, terms: clause.terms.filter(mayMeetOwn) };
}

/** Whether the words of the term are all there is to it. */
function isWordedOut({ pattern: { unknowns, text } }: Term): boolean {
  return unknowns.length === 0 && !text.includes('${');
}

/** Whether a request that can be read off the statement is met by none of the others, under one reading: then no proof has to be tried. */
export function isPlainlyBeyond(statement: StatementTerms, others: Statements): boolean {
  for (const request of plainRequests([{ ...statement, effect: 'Allow' }])) {
    const ready = readyRequest(request);
    const isBeyond = (colons: ColonReading) =>
      statementMatches(statement, ready, colons) === 'yes' &&
      others.every((other) => statementMatches(other, ready, colons) === 'no');
    if (READINGS.some(isBeyond)) return true;
  }
  return false;
}
