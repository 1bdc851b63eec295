/**
 * Effects: which statements of a policy do something of their own. Proves it under both readings of colons, and says
 * nothing of what it cannot prove.
 */
import type { ColonReading } from './evaluate.ts';
import { type Budget, findPoint, overlap } from './search.ts';
import { type Space, spaceOf } from './space.ts';
import type { StatementTerms } from './terms.ts';

type Statements = readonly StatementTerms[];

/**
 * A statement that could go. `dead`: no request can meet it. `shadowed`: an Allow of which the Denies `by` leave nothing.
 * `redundant`: what it does is done by the statements `by`, of the same effect. `by` are indexes, as few as were found.
 */
export interface Idle {
  readonly index: number;
  readonly why: 'dead' | 'shadowed' | 'redundant';
  readonly by: readonly number[];
}

/**
 * The statements that do nothing of their own. Of two that do the same, the later one is named, and no statement is
 * covered by one that is itself named redundant: all of them can go at once.
 */
export function idleStatements(statements: Statements): readonly Idle[] {
  const proof = proofOf(statements);
  if (!proof) return [];
  const found: Idle[] = [];
  let rest = statements.filter(({ index }) => index >= 0);
  for (const statement of [...rest].reverse()) {
    if (rest.some((other) => other !== statement && other.index === statement.index)) continue;
    const others = rest.filter((other) => other !== statement);
    const idle = idleness(proof, statement, others);
    if (!idle) continue;
    found.unshift(idle);
    rest = others;
  }
  return found;
}

/** The statements as boxes, once for each reading. */
interface Proof {
  readonly spaces: readonly Space[];
  readonly budget: Budget;
}

const READINGS: readonly ColonReading[] = ['parts', 'free'];

/** Steps of all proofs about one policy: some hundred milliseconds. */
const MOST_WORK = 10_000_000;

/** Steps of one proof. */
const MOST_WORK_AT_ONCE = 500_000;

function proofOf(statements: Statements): Proof | undefined {
  const spaces = READINGS.flatMap((colons) => spaceOf(statements, colons) ?? []);
  return spaces.length < READINGS.length ? undefined : { spaces, budget: { left: MOST_WORK } };
}

function idleness(proof: Proof, statement: StatementTerms, others: Statements): Idle | undefined {
  const { index, effect } = statement;
  if (isWithin(proof, statement, [])) return { index, why: 'dead', by: [] };
  const near = others.filter((other) => mayMeet(proof, statement, other));
  const redundantBy = cover(
    proof,
    statement,
    near.filter((other) => other.effect === effect),
  );
  if (redundantBy) return { index, why: 'redundant', by: redundantBy };
  if (effect === 'Deny') return undefined;
  const shadowedBy = cover(
    proof,
    statement,
    near.filter((other) => other.effect === 'Deny'),
  );
  return shadowedBy && { index, why: 'shadowed', by: shadowedBy };
}

/** As few of the statements as still hold every request of the first; undefined where all of them do not. */
function cover(proof: Proof, statement: StatementTerms, near: Statements): readonly number[] | undefined {
  if (near.length === 0 || !isWithin(proof, statement, near)) return undefined;
  const alone = near.find((other) => isWithin(proof, statement, [other]));
  if (alone) return [alone.index];
  let by = near;
  for (const other of near) {
    const fewer = by.filter((one) => one !== other);
    if (isWithin(proof, statement, fewer)) by = fewer;
  }
  return by.map(({ index }) => index);
}

/** Whether it is proved that every request that meets the statement meets one of the others. */
function isWithin({ spaces, budget }: Proof, statement: StatementTerms, others: Statements): boolean {
  return spaces.every(({ sizes, rules, boxes }) => {
    const own = boxes.get(statement);
    if (!own) return true;
    if (budget.left < 0) return false;
    const once = { left: Math.min(budget.left, MOST_WORK_AT_ONCE) };
    const before = once.left;
    const found = findPoint(sizes, own, [...rules, ...others.flatMap((other) => boxes.get(other) ?? [])], once);
    budget.left -= before - once.left;
    return found === 'nothing';
  });
}

/** Whether some request may meet both, under some reading. */
function mayMeet({ spaces }: Proof, a: StatementTerms, b: StatementTerms): boolean {
  return spaces.some(({ boxes }) => {
    const [x, y] = [boxes.get(a), boxes.get(b)];
    return x !== undefined && y !== undefined && overlap(x, y) !== undefined;
  });
}
