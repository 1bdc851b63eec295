/**
 * Needless: statements that do nothing of their own, proved under both readings of colons and whatever the unknowns stand
 * for. To know less of a policy never makes another statement needless; what cannot be proved in time is not named.
 */
import { globIncludes, isPattern } from '../policy/pattern.ts';
import type { ColonReading } from './evaluate.ts';
import { hasHoles } from './glob.ts';
import { type Budget, findPoint, overlap } from './search.ts';
import { type Space, spaceOf } from './space.ts';
import type { PrincipalTerm, StatementTerms, Term, Terms, Test } from './terms.ts';
import { atLeast, atMost, hasUnknowns } from './views.ts';

type Statements = readonly StatementTerms[];

/**
 * A statement that could go, by its index. `dead`: no request can meet it. `shadowed`: an Allow of which the Denies `by`
 * leave nothing. `redundant`: what it does is done by the statements `by`, of the same effect. `by` are indexes, as few as
 * were found.
 */
export interface Needless {
  readonly index: number;
  readonly why: 'dead' | 'shadowed' | 'redundant';
  readonly by: readonly number[];
}

/**
 * The statements that do nothing of their own; one may be both shadowed and redundant. Of two that do the same the later
 * one is named, and no statement is covered by one that is named itself: all of them can go at once. A statement counts as
 * dead only by tests that are `isClear`. Yields between statements, so that whoever asked can stop.
 */
export function* needlessStatements(
  statements: Statements,
  isClear: (test: Test) => boolean = () => true,
): Generator<undefined, readonly Needless[]> {
  if (statements.length > MOST_STATEMENTS) return [];
  const found: Needless[] = [];
  const candidates: Candidate[] = [];
  const { worth, around } = namedElsewhere(statements);
  const proof = worth.size > 0 ? proofOf(around) : undefined;
  for (const statement of statements) {
    yield;
    if (!standsOnce(statement, statements)) continue;
    const { index, effect } = statement;
    if (canNeverHold({ ...statement, tests: statement.tests.filter(isClear) })) {
      found.push({ index, why: 'dead', by: [] });
      continue;
    }
    if (!proof || !worth.has(statement) || mayBeDead(statement)) continue;
    const near = around.filter((other) => other.index !== index && mayMeet(proof, statement, other));
    const denies = near.filter((other) => other.effect === 'Deny');
    if (effect === 'Allow' && denies.length > 0 && isWithin(proof, statement, denies))
      found.push({ index, why: 'shadowed', by: fewest(proof, statement, denies) });
    const alike = near.filter((other) => other.effect === effect && namesAsDirectly(statement, other));
    if (alike.length > 0 && isWithin(proof, statement, alike)) candidates.push({ statement, alike });
  }
  if (proof) found.push(...(yield* redundant(proof, candidates)));
  return found.sort((a, b) => a.index - b.index);
}

/**
 * The statements of which each action on each resource is taken in by another statement: no others can lie within others,
 * but for globs that only together take in a third. Most policies have none, and nothing more is asked about them.
 */
function namedElsewhere(statements: Statements): { worth: ReadonlySet<StatementTerms>; around: Statements } {
  const broad = statements.filter(({ action }) => isBroad(action));
  const named = new Map<string, Set<StatementTerms>>();
  for (const statement of statements) {
    for (const { pattern } of statement.action?.terms ?? []) {
      const holders = named.get(pattern.text);
      if (holders) holders.add(statement);
      else named.set(pattern.text, new Set([statement]));
    }
  }
  const wild = [...named.keys()].filter(isPattern);
  const holding = (text: string) => [
    ...broad,
    ...(named.get(text) ?? []),
    ...wild.flatMap((glob) => (glob !== text && globIncludes(glob, text) ? [...(named.get(glob) ?? [])] : [])),
  ];
  const covered = (statement: StatementTerms, text: string) => {
    const others = holding(text).filter((other) => other !== statement);
    if (others.length === 0) return false;
    if (isHidden(statement.resource)) return others.some(({ resource }) => isBroad(resource) || takesIn(resource, '*'));
    return (statement.resource?.terms ?? []).every(({ pattern }) =>
      others.some(({ resource }) => takesIn(resource, pattern.text)),
    );
  };
  const worth = new Set(
    statements.filter(
      (statement) =>
        isBroad(statement.action) ||
        (statement.action?.terms ?? []).every(({ pattern }) => covered(statement, pattern.text)),
    ),
  );
  const near = new Set<StatementTerms>(worth);
  for (const statement of worth) {
    if (isBroad(statement.action)) return { worth, around: statements };
    for (const { pattern } of statement.action?.terms ?? []) for (const other of holding(pattern.text)) near.add(other);
  }
  return { worth, around: statements.filter((statement) => near.has(statement)) };
}

/** Whether a list has no words to compare. */
function isHidden(list: Terms | undefined): boolean {
  return !list || list.negated || list.hidden !== undefined || list.terms.some(({ pattern }) => hasHoles(pattern));
}

/** Whether a list may be more than its words. */
function isBroad(list: Terms | undefined): boolean {
  return isHidden(list) || (list?.terms.some(({ pattern }) => pattern.unknowns.length > 0) ?? false);
}

function takesIn(list: Terms | undefined, text: string): boolean {
  return isBroad(list) || (list?.terms.some(({ pattern }) => globIncludes(pattern.text, text)) ?? true);
}

/** Larger policies are not looked at: AWS takes none of that size. */
const MOST_STATEMENTS = 500;

/**
 * Whether no request meets the statement, proved by what it says alone. What a list names counts as something that there
 * is: AWS refuses names of another form.
 */
export function canNeverHold(statement: StatementTerms): boolean {
  const [action, resource, principal] = [statement.action, statement.resource, statement.principal].map(mayHoldNothing);
  const { tests } = statement;
  const alone = tests.every(
    ({ key, values, operator }) =>
      values.length > 0 &&
      values.every(({ pattern }) => pattern.unknowns.length === 0 && !(operator.negated && isPattern(pattern.text))) &&
      tests.filter((other) => other.key === key).length === 1,
  );
  if (alone && !action && !resource && !principal) return false;
  const bare: StatementTerms = {
    ...statement,
    action: action ? statement.action : undefined,
    resource: resource ? statement.resource : undefined,
    principal: principal ? statement.principal : undefined,
  };
  const proof = proofOf([bare]);
  return proof !== undefined && isWithin(proof, bare, []);
}

function mayHoldNothing(list: Terms | undefined): boolean {
  return list !== undefined && (list.negated || (list.terms.length === 0 && list.hidden === undefined));
}

/**
 * Whether more knowledge could turn out that no request meets the statement: then that is what is wrong with it, and it is
 * named nothing else before.
 */
function mayBeDead({ guards, action, resource, principal, tests }: StatementTerms): boolean {
  const isOpen = (list: Terms | undefined) => list !== undefined && mayTurnOutEmpty(list);
  if (guards.length > 0 || [action, resource, principal].some(isOpen)) return true;
  const unknown = tests.filter(({ values, hidden }) => hasUnknownTerms(values, hidden));
  return unknown.some(
    (test) => test.operator.qualifier !== undefined || tests.some((other) => other !== test && other.key === test.key),
  );
}

function mayTurnOutEmpty(list: Terms): boolean {
  return list.negated
    ? hasUnknownTerms(list.terms, list.hidden)
    : list.terms.every(({ onlyIf }) => onlyIf !== undefined);
}

function hasUnknownTerms(terms: readonly Term[], hidden: string | undefined): boolean {
  return hidden !== undefined || terms.some(({ pattern, onlyIf }) => onlyIf !== undefined || hasHoles(pattern));
}

/** A statement that lies within others of its effect. */
interface Candidate {
  readonly statement: StatementTerms;
  readonly alike: Statements;
}

/**
 * First those that lie within one other, of equal ones all but the first. Then those that lie within several, counting on
 * none that others may cover: so that what is named here is never leaned on, today or when more is known.
 */
function* redundant(proof: Proof, candidates: readonly Candidate[]): Generator<undefined, readonly Needless[]> {
  const singly = new Map<StatementTerms, StatementTerms>();
  for (const { statement, alike } of candidates) {
    yield;
    const outer = alike.find((other) => isWithin(proof, statement, [other]) && goesBefore(proof, other, statement));
    if (outer) singly.set(statement, outer);
  }
  const found: Needless[] = [];
  const mayGo = new Map<StatementTerms, boolean>();
  for (const { statement, alike } of candidates) {
    yield;
    const { index } = statement;
    let one = singly.get(statement);
    for (let next = one; next; next = singly.get(next)) one = next;
    if (one) {
      found.push({ index, why: 'redundant', by: [one.index] });
      continue;
    }
    const firm = alike.filter((other) => !singly.has(other) && !remembered(mayGo, other, () => covered(other)));
    if (firm.length > 0 && isWithin(proof, statement, firm))
      found.push({ index, why: 'redundant', by: fewest(proof, statement, firm) });
  }
  return found;

  function covered(statement: StatementTerms): boolean {
    return mayBeWithin(
      statement,
      proof.statements.filter(
        (other) => other.index !== statement.index && other.effect === statement.effect && !singly.has(other),
      ),
    );
  }
}

function remembered<K>(memory: Map<K, boolean>, key: K, ask: () => boolean): boolean {
  const known = memory.get(key) ?? ask();
  memory.set(key, known);
  return known;
}

/** Of two statements of which the second lies within the first: whether it is the second that can go. Whoever goes before another never comes after it, so that there is no circle. */
function goesBefore(proof: Proof, outer: StatementTerms, inner: StatementTerms): boolean {
  if (outer.index < inner.index) return true;
  return hasUnknowns([outer, inner]) ? !mayBeWithin(outer, [inner]) : isCertainlyBeyond(proof, outer, inner);
}

/** A statement of unknown effect stands twice, hidden ones have no index. */
function standsOnce(statement: StatementTerms, statements: Statements): boolean {
  return statement.index >= 0 && statements.every((other) => other === statement || other.index !== statement.index);
}

/**
 * A resource-based policy that names a role itself grants more than one that names its account: the grant then holds
 * without any other policy. So an Allow stands in for another only where it names the same principals in the same words.
 */
function namesAsDirectly(inner: StatementTerms, outer: StatementTerms): boolean {
  if (inner.effect === 'Deny' || !inner.principal) return true;
  const own = plain(inner.principal);
  const others = outer.principal && plain(outer.principal);
  return own !== undefined && others !== undefined && own.every((name) => others.includes(name));
}

/** The words of all principals; undefined where not all are there for certain. */
function plain({ negated, terms, hidden }: Terms<PrincipalTerm>): readonly string[] | undefined {
  const certain = !negated && hidden === undefined && terms.every(({ onlyIf }) => onlyIf === undefined);
  return certain ? terms.map(({ type, pattern }) => `${type} ${pattern.name}`) : undefined;
}

/** The statements as boxes, once for each reading. */
interface Proof {
  readonly statements: Statements;
  readonly spaces: readonly Space[];
  readonly budget: Budget;
}

const READINGS: readonly ColonReading[] = ['parts', 'free'];

/** Steps of all proofs about one policy: some two hundred milliseconds. */
const MOST_WORK = 5_000_000;

/** Steps of one proof. */
const MOST_WORK_AT_ONCE = 250_000;

function proofOf(statements: Statements): Proof | undefined {
  const spaces = READINGS.flatMap((colons) => spaceOf(statements, colons) ?? []);
  return spaces.length < READINGS.length ? undefined : { statements, spaces, budget: { left: MOST_WORK } };
}

/** Whether it is proved that every request that meets the statement meets one of the others. */
function isWithin({ spaces, budget }: Proof, statement: StatementTerms, others: Statements): boolean {
  return spaces.every((space) => search(space, statement, others, budget) === 'nothing');
}

/** Whether some request certainly meets the first and not the second, where both are known. */
function isCertainlyBeyond({ spaces, budget }: Proof, statement: StatementTerms, other: StatementTerms): boolean {
  return spaces.every((space) => {
    const found = search(space, statement, [other], budget);
    return found !== 'nothing' && found !== 'too long';
  });
}

/** Whether all of the statement may lie within the others once what is unknown is known. */
function mayBeWithin(statement: StatementTerms, others: Statements): boolean {
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
function fewest(proof: Proof, statement: StatementTerms, others: Statements): readonly number[] {
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
function mayMeet({ spaces }: Proof, a: StatementTerms, b: StatementTerms): boolean {
  return spaces.some(({ boxes }) => {
    const [x, y] = [boxes.get(a), boxes.get(b)];
    return x !== undefined && y !== undefined && overlap(x, y) !== undefined;
  });
}
