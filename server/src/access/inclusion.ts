/**
 * Inclusion: the plain cases in which one policy allows nothing new, seen statement by statement and term by term, without
 * a search. A yes is a proof under every reading of colons; a no says nothing.
 */
import { type Pattern, STAR, SYMBOL } from './glob.ts';
import type { PrincipalTerm, StatementTerms, Term, Terms, Test } from './terms.ts';

type Statements = readonly StatementTerms[];

/** Pairs of statements that are looked at: the search is quicker on long policies. */
const MOST_PAIRS = 2000;

/** Whether each Allow of `proposed` lies in one of `existing`, and each Deny of `existing` in one of `proposed`. */
export function isPlainlyWithin(existing: Statements, proposed: Statements): boolean {
  if (existing.length * proposed.length > MOST_PAIRS) return false;
  const liesIn = (inner: StatementTerms, outer: Statements) =>
    outer.some((other) => other.effect === inner.effect && (other === inner || covers(other, inner)));
  return (
    proposed.every((one) => one.effect === 'Deny' || liesIn(one, existing)) &&
    existing.every((one) => one.effect === 'Allow' || liesIn(one, proposed))
  );
}

function covers(outer: StatementTerms, inner: StatementTerms): boolean {
  return (
    coversClause(outer.action, inner.action) &&
    coversClause(outer.resource, inner.resource) &&
    coversClause(outer.principal, inner.principal) &&
    outer.guards.every(({ symbol, holds }) =>
      inner.guards.some((guard) => guard.symbol === symbol && guard.holds === holds),
    ) &&
    outer.tests.every((test) => inner.tests.some((other) => isSameTest(test, other)))
  );
}

function coversClause(outer: Terms | undefined, inner: Terms | undefined): boolean {
  if (!outer) return true;
  if (!inner || outer.negated !== inner.negated) return false;
  return outer.negated ? holdsTerms(inner, outer) : holdsTerms(outer, inner);
}

/** Whether the alternatives of `inner` are among those of `outer`. */
function holdsTerms(outer: Terms, inner: Terms): boolean {
  if (inner.hidden !== undefined && inner.hidden !== outer.hidden) return false;
  return inner.terms.every((term) => outer.terms.some((other) => holdsTerm(other, term)));
}

function holdsTerm(outer: Term | PrincipalTerm, inner: Term | PrincipalTerm): boolean {
  if (outer.onlyIf !== undefined && outer.onlyIf !== inner.onlyIf) return false;
  if ('type' in outer || 'type' in inner)
    return 'type' in outer && 'type' in inner && outer.type === inner.type && outer.pattern.name === inner.pattern.name;
  return outer.pattern.name === inner.pattern.name || beginsWith(inner.pattern, outer.pattern);
}

/** Whether `outer` is letters and a star at its end, and `inner` begins with the letters. That star crosses colons under every reading. */
function beginsWith({ tokens }: Pattern, outer: Pattern): boolean {
  const last = outer.tokens.length - 1;
  if (outer.tokens[last] !== STAR || tokens.length < last) return false;
  for (let i = 0; i < last; i++) {
    const token = outer.tokens[i] ?? STAR;
    if (token < 0 || token >= SYMBOL || token !== tokens[i]) return false;
  }
  return true;
}

function isSameTest(a: Test, b: Test): boolean {
  const [one, other] = [a.operator, b.operator];
  return (
    a.key === b.key &&
    a.hidden === b.hidden &&
    one.base === other.base &&
    one.negated === other.negated &&
    one.ifExists === other.ifExists &&
    one.qualifier === other.qualifier &&
    a.values.length === b.values.length &&
    a.values.every(({ pattern, onlyIf }, i) => {
      const value = b.values[i];
      return value !== undefined && value.pattern.name === pattern.name && value.onlyIf === onlyIf;
    })
  );
}
