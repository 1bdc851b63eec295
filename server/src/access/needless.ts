/**
 * Needless: statements that do nothing of their own, proved under both readings of colons and whatever the unknowns stand
 * for. To know less of a policy never makes another statement needless; what cannot be proved in time is not named.
 */
import { isPattern } from '../policy/pattern.ts';
import { hasHoles } from './glob.ts';
import { helpersOf, type Names, namesOf } from './near.ts';
import {
  fewest,
  isCertainlyBeyond,
  isPlainlyBeyond,
  isWithin,
  MOST_WORK,
  mayBeWithin,
  mayMeet,
  type Proof,
  partNear,
  proofOf,
  type Statements,
} from './proving.ts';
import type { PrincipalTerm, StatementTerms, Term, Terms, Test } from './terms.ts';
import { hasUnknowns } from './views.ts';

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
  const budget = { left: MOST_WORK };
  const names = statements.length > 1 ? namesOf(statements) : undefined;
  for (const statement of statements) {
    yield;
    if (!standsOnce(statement, statements)) continue;
    const { index } = statement;
    if (canNeverHold({ ...statement, tests: statement.tests.filter(isClear) })) {
      found.push({ index, why: 'dead', by: [] });
      continue;
    }
    const helpers = names && !mayBeDead(statement) ? helpersOf(statement, names) : [];
    if (helpers.length === 0 || isPlainlyBeyond(statement, helpers)) continue;
    const parts = helpers.map((helper) => partNear(helper, statement));
    const proof = proofOf([statement, ...parts], budget);
    if (!proof) continue;
    const near = parts.filter((other) => mayMeet(proof, statement, other));
    const denies = near.filter((other) => other.effect === 'Deny');
    if (statement.effect === 'Allow' && denies.length > 0 && isWithin(proof, statement, denies))
      found.push({ index, why: 'shadowed', by: fewest(proof, statement, denies) });
    const alike = near.filter((other) => other.effect === statement.effect && namesAsDirectly(statement, other));
    if (alike.length === 0 || !isWithin(proof, statement, alike)) continue;
    const wholes = helpers.filter((helper) => alike.some((part) => part.index === helper.index));
    const whole = proofOf([statement, ...wholes], budget);
    if (whole) candidates.push({ statement, alike: wholes, proof: whole });
  }
  if (names && candidates.length > 0) found.push(...(yield* redundant(names, candidates)));
  return found.sort((a, b) => a.index - b.index);
}

/** Larger policies are not looked at: AWS takes none of that size. */
const MOST_STATEMENTS = 500;

/**
 * Whether no request meets the statement, proved by what it says alone. What a list names counts as something that there
 * is: AWS refuses names of another form.
 */
export function canNeverHold(statement: StatementTerms): boolean {
  const [action, resource, principal] = [statement.action, statement.resource, statement.principal].map(mayHoldNothing);
  if (!action && !resource && !principal && statement.tests.every((test) => holdsAlone(test, statement.tests)))
    return false;
  const bare: StatementTerms = {
    ...statement,
    action: action ? statement.action : undefined,
    resource: resource ? statement.resource : undefined,
    principal: principal ? statement.principal : undefined,
  };
  const proof = proofOf([bare]);
  return proof !== undefined && isWithin(proof, bare, []);
}

/** Whether some request meets the test, whatever meets the others: nothing else is asked of its key and of its variables. */
function holdsAlone({ key, values, operator }: Test, tests: readonly Test[]): boolean {
  if (values.length === 0 || tests.filter((other) => other.key === key).length > 1) return false;
  const isFree = ({ pattern }: Term) =>
    pattern.unknowns.every(
      (unknown) =>
        unknown.kind !== 'variable' || (unknown.key !== key && tests.every((other) => other.key !== unknown.key)),
    );
  const mayFail = operator.negated && operator.qualifier === 'ForAnyValue';
  return values.every((value) => isFree(value) && !(mayFail && isPattern(value.pattern.text)));
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
  readonly proof: Proof;
}

/**
 * First those that lie within one other, of equal ones all but the first. Then those that lie within several, counting on
 * none that others may cover: so that what is named here is never leaned on, today or when more is known.
 */
function* redundant(names: Names, candidates: readonly Candidate[]): Generator<undefined, readonly Needless[]> {
  const singly = new Map<StatementTerms, StatementTerms>();
  for (const { statement, alike, proof } of candidates) {
    yield;
    const outer = alike.find((other) => isWithin(proof, statement, [other]) && goesBefore(proof, other, statement));
    if (outer) singly.set(statement, outer);
  }
  const found: Needless[] = [];
  const mayGo = new Map<StatementTerms, boolean>();
  for (const { statement, alike, proof } of candidates) {
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
    const others = helpersOf(statement, names).filter(
      (other) => other.effect === statement.effect && !singly.has(other),
    );
    return others.length > 0 && mayBeWithin(statement, others);
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
