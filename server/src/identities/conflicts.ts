/** Conflicts: pairs of duties that one identity holds though two should. Pure; the rules say it, the front ends show it. */
import type { Catalog } from '../catalog/catalog.ts';
import type { Conflict, Duty } from '../config/config.ts';
import { demands, keyName, operatorOf } from '../policy/condition.ts';
import type { Condition, Statement } from '../policy/policy.ts';
import { literalOf } from '../value/value.ts';
import { environmentOf, type Holding, holdingsOf, meets, type Place } from './holding.ts';
import { type DutyIndex, indexDuties, type Meaning, nearDuties } from './naming.ts';
import type { Pack } from './packs.ts';

/** Two duties held together, with one way each, chosen so that the ways meet. `possible`: held only if a tag's value means production. */
export interface HeldConflict {
  readonly conflict: Conflict;
  readonly duties: readonly [Duty, Duty];
  readonly ways: readonly [Holding, Holding];
  readonly possible: boolean;
}

/**
 * The pack's conflicts among all the statements that one identity holds. `meaning` is one object for statements whose
 * Action and Resource clauses have equal content.
 */
export function conflictsOf(
  pack: Pack,
  statements: readonly Statement[],
  catalog: Catalog,
  meaning: (statement: Statement) => Meaning,
): readonly HeldConflict[] {
  const near = nearDuties(
    indexOf(pack),
    statements.filter((statement) => statement.effect.answer === 'Allow'),
    meaning,
  );
  const close = pack.conflicts.filter(({ between }) => near.has(between[0]) && near.has(between[1]));
  if (close.length === 0) return [];
  const known = new Map<string, readonly Holding[]>();
  const duties = new Map(pack.duties.map((duty) => [duty.id, duty] as const));
  const holdings = holdingsOf(statements, catalog);
  const waysOf = (duty: Duty) => {
    const ways = known.get(duty.id) ?? holdings.of(duty);
    known.set(duty.id, ways);
    return ways;
  };
  return close.flatMap((conflict) => {
    const [first, second] = [duties.get(conflict.between[0]), duties.get(conflict.between[1])];
    if (!first || !second) return [];
    const left = waysOf(first);
    const ways = left.length > 0 ? pair(conflict, left, waysOf(second)) : undefined;
    return ways ? [{ conflict, duties: [first, second], ways, possible: ways[0].possible || ways[1].possible }] : [];
  });
}

const INDEXES = new WeakMap<Pack, DutyIndex>();

function indexOf(pack: Pack): DutyIndex {
  const index = INDEXES.get(pack) ?? indexDuties(pack.duties);
  INDEXES.set(pack, index);
  return index;
}

/** The first two ways that meet; certain ones before possible ones, and those that say least of other things first. */
function pair(
  conflict: Conflict,
  first: readonly Holding[],
  second: readonly Holding[],
): readonly [Holding, Holding] | undefined {
  let possible: readonly [Holding, Holding] | undefined;
  for (const a of first) {
    for (const b of second) {
      if (!meet(conflict, a, b) || exclude(a.statement, b.statement)) continue;
      if (!a.possible && !b.possible) return [a, b];
      possible ??= [a, b];
    }
  }
  return possible;
}

function meet(conflict: Conflict, a: Holding, b: Holding): boolean {
  switch (conflict.meet) {
    case 'any':
      return true;
    case 'same-resource':
      return a.everywhere || b.everywhere || a.resources.some((x) => b.resources.some((y) => meetAt(x, y)));
    case 'same-environment': {
      const [x, y] = [environmentOf(a.statement), environmentOf(b.statement)];
      if (x === 'hidden' || y === 'hidden') return false;
      return x === 'any' || y === 'any' || x === y;
    }
  }
}

/** Places that are not known meet where they are certainly the same. */
function meetAt(a: Place, b: Place): boolean {
  return a.name === b.name || (a.wide === a.pattern && b.wide === b.pattern && meets(a.pattern, b.pattern));
}

/** Keys that one identity cannot have two values of. Those of the single request (MFA, time, network) separate nothing: one person can make two requests. */
const FIXED: ReadonlySet<string> = new Set([
  'aws:principalarn',
  'aws:userid',
  'aws:username',
  'aws:sourceidentity',
  'sts:rolesessionname',
]);

/** Whether the two statements demand different values of a key that is fixed for the identity. */
function exclude(a: Statement, b: Statement): boolean {
  if (a === b) return false;
  return a.conditions.some((x) =>
    b.conditions.some((y) => keyName(x) === keyName(y) && isFixed(keyName(x)) && apart(x, y)),
  );
}

function isFixed(key: string | undefined): boolean {
  return key !== undefined && (FIXED.has(key) || key.startsWith('aws:principaltag/'));
}

/** Whether no value fits both; yes too where a value cannot be seen, since an accusation wants certainty. */
function apart(a: Condition, b: Condition): boolean {
  if (isHidden(a) || isHidden(b)) return true;
  if (!demands(a) || !demands(b)) return false;
  const values = (condition: Condition) => condition.values.map((item) => literalOf(item.value));
  const [left, right] = [values(a), values(b)];
  if ([...left, ...right].some((value) => value === undefined || /[*?]|\$\{/.test(value))) return false;
  return !left.some((value) => right.includes(value));
}

function isHidden(condition: Condition): boolean {
  const unseen = condition.values.some(
    (item) => item.presence === 'sometimes' || (item.value.kind === 'text' && literalOf(item.value) === undefined),
  );
  return condition.presence === 'sometimes' || condition.open || !operatorOf(condition.operator) || unseen;
}
