/**
 * Views: a policy with unknowns from below and from above, without any. Accusations rest on `atLeast`, "nothing more
 * than" on `atMost`. Decides nothing by itself.
 */
import { hasHoles, lettersOf, type Pattern, type Unknown } from './glob.ts';
import type { PrincipalTerm, StatementTerms, Term, Terms, Test } from './terms.ts';

/** What is allowed for certain: the Allows that are certain, minus every Deny that might apply. */
export function atLeast(statements: readonly StatementTerms[]): readonly StatementTerms[] {
  return statements.flatMap((statement) => settle(statement, statement.effect === 'Allow' ? 'smallest' : 'largest'));
}

/** What may be allowed: every Allow that might apply, minus the Denies that are certain. */
export function atMost(statements: readonly StatementTerms[]): readonly StatementTerms[] {
  return statements.flatMap((statement) => settle(statement, statement.effect === 'Allow' ? 'largest' : 'smallest'));
}

/** Whether anything of the policy is known only at deploy time. Request-time variables are no such thing. */
export function hasUnknowns(statements: readonly StatementTerms[]): boolean {
  return statements.some(
    ({ guards, action, resource, principal, tests }) =>
      guards.length > 0 ||
      [action, resource, principal].some((terms) => terms && isUnsure(terms.terms, terms.hidden)) ||
      tests.some((test) => isUnsure(test.values, test.hidden)),
  );
}

function isUnsure(terms: readonly Term[], hidden: string | undefined): boolean {
  return hidden !== undefined || terms.some((term) => term.onlyIf !== undefined || hasHoles(term.pattern));
}

type Bound = 'smallest' | 'largest';

function settle(statement: StatementTerms, bound: Bound): readonly StatementTerms[] {
  if (statement.guards.length > 0 && bound === 'smallest') return [];
  const action = settleClause(statement.action, bound);
  const resource = settleClause(statement.resource, bound);
  const principal = settleClause(statement.principal, bound);
  if (action === 'nothing' || resource === 'nothing' || principal === 'nothing') return [];
  const tests: Test[] = [];
  for (const test of statement.tests) {
    const settled = settleTest(test, bound);
    if (settled === 'nothing') return [];
    if (settled) tests.push(settled);
  }
  return [{ ...statement, guards: [], action, resource, principal, tests }];
}

function settleClause<T extends Term>(clause: Terms<T> | undefined, bound: Bound): Terms<T> | undefined | 'nothing' {
  if (!clause || !isUnsure(clause.terms, clause.hidden)) return clause;
  const wide = (bound === 'largest') !== clause.negated;
  if (wide && clause.hidden !== undefined) return clause.negated ? 'nothing' : undefined;
  return { negated: clause.negated, terms: wide ? clause.terms.map(widest) : certainOf(clause.terms) };
}

/** Undefined where the test says nothing. */
function settleTest(test: Test, bound: Bound): Test | undefined | 'nothing' {
  if (!isUnsure(test.values, test.hidden)) return test;
  const { base, negated } = test.operator;
  const globs = base.startsWith('String') || base.startsWith('Arn');
  if (!globs && (test.hidden !== undefined || test.values.some(({ pattern }) => hasHoles(pattern)) || base === 'Null'))
    return bound === 'largest' ? undefined : 'nothing';
  const wide = (bound === 'largest') !== negated;
  const { hidden, ...seen } = test;
  if (wide && hidden !== undefined) return bound === 'largest' ? undefined : 'nothing';
  return { ...seen, values: wide ? test.values.map(widest) : certainOf(test.values) };
}

function certainOf<T extends Term>(terms: readonly T[]): readonly T[] {
  return terms.filter((term) => term.onlyIf === undefined && !hasHoles(term.pattern));
}

/** The term for certain, its holes read as anything; principals with holes become everyone. */
function widest<T extends Term | PrincipalTerm>(term: T): T {
  if (!hasHoles(term.pattern)) return { ...term, onlyIf: undefined };
  if ('type' in term) return { ...term, type: '*', pattern: lettersOf('*'), onlyIf: undefined };
  return { ...term, pattern: anything(term.pattern), onlyIf: undefined };
}

function anything(pattern: Pattern): Pattern {
  const unknowns = pattern.unknowns.map(
    (unknown): Unknown => (unknown.kind === 'hole' ? { kind: 'anything' } : unknown),
  );
  return { ...pattern, unknowns, name: `widest ${pattern.name}` };
}
