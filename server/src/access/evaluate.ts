/**
 * Evaluate: one request against one policy. Three-valued: what rests on text that is known only at deploy time is
 * `unknown`. Combines no policies; that is combine.ts. Source: IAM User Guide, "Policy evaluation logic".
 */
import type { Answer } from '../policy/pattern.ts';
import { bind, matchPattern, plainOf, type Shape } from './glob.ts';
import { every, opposite, testHolds } from './operators.ts';
import { type Naming, naming } from './principals.ts';
import { type ReadyRequest, singleValue } from './request.ts';
import type { PrincipalTerm, StatementTerms, Term, Terms } from './terms.ts';

/** `denied` by a Deny, `not-granted` for want of an Allow. */
export type Decision = 'allowed' | 'denied' | 'not-granted' | 'unknown';

/** A decision and the statements that made it: the Denies, else the Allows, else those that nothing definite is known of. */
export interface Judgement {
  readonly decision: Decision;
  readonly statements: readonly StatementTerms[];
}

/**
 * How colons bound the wildcards of a Resource: within the parts of the ARN (what AWS's own samples show), or not at all,
 * which the guide's wording also allows. See docs/semantics.md.
 */
export type ColonReading = Shape;

/** What the policy by itself says of the request. */
export function evaluate(
  statements: readonly StatementTerms[],
  request: ReadyRequest,
  colons: ColonReading = 'parts',
): Judgement {
  const answers = statements.map((statement) => ({ statement, answer: statementMatches(statement, request, colons) }));
  const those = (effect: 'Allow' | 'Deny', wanted: Answer) =>
    answers.filter(({ statement, answer }) => statement.effect === effect && answer === wanted).map((x) => x.statement);
  const denies = those('Deny', 'yes');
  if (denies.length > 0) return { decision: 'denied', statements: denies };
  const allows = those('Allow', 'yes');
  const possible = those('Allow', 'unknown');
  const doubts = those('Deny', 'unknown');
  if (allows.length === 0 && possible.length === 0) return { decision: 'not-granted', statements: [] };
  if (allows.length > 0 && doubts.length === 0) return { decision: 'allowed', statements: allows };
  return { decision: 'unknown', statements: [...possible, ...doubts] };
}

/** Whether all of a statement matches the request. */
export function statementMatches(
  statement: StatementTerms,
  request: ReadyRequest,
  colons: ColonReading = 'parts',
): Answer {
  const guards: Answer = statement.guards.length > 0 ? 'unknown' : 'yes';
  const action = clauseMatches(statement.action, ({ pattern }) => matchPattern(pattern, request.action, 'free'));
  if (action === 'no') return 'no';
  const resource = clauseMatches(statement.resource, (term) => resourceMatches(term, request, colons));
  if (resource === 'no') return 'no';
  const principal = clauseMatches(statement.principal, (term) => principalMatches(term, request));
  if (principal === 'no') return 'no';
  return every([guards, action, resource, principal, ...statement.tests.map((test) => testHolds(test, request))]);
}

function clauseMatches<T extends Term>(clause: Terms<T> | undefined, matches: (term: T) => Answer): Answer {
  if (!clause) return 'yes';
  let any: Answer = clause.hidden === undefined ? 'no' : 'unknown';
  for (const term of clause.terms) {
    const answer = matches(term);
    if (answer === 'no') continue;
    any = answer === 'yes' && term.onlyIf === undefined ? 'yes' : 'unknown';
    if (any === 'yes') break;
  }
  return clause.negated ? opposite(any) : any;
}

/** A resource with a variable that has no value matches nothing. */
function resourceMatches({ pattern }: Term, request: ReadyRequest, colons: ColonReading): Answer {
  const bound = bind(pattern, (key) => singleValue(request, key));
  return bound ? matchPattern(bound, request.resource, colons) : 'no';
}

/** Everyone is everyone; who else asks must be told. */
function principalMatches(term: PrincipalTerm, request: ReadyRequest): Answer {
  const text = plainOf(term.pattern);
  if (text === undefined) return 'unknown';
  if (request.principal === undefined) return text === '*' && 'AWS*'.includes(term.type) ? 'yes' : 'unknown';
  return naming(term.type, text, request.principal) ? 'yes' : 'no';
}

/** The ways in which a matching statement's Principal names who asks; empty for other statements. */
export function namings(statement: StatementTerms, request: ReadyRequest): readonly Naming[] {
  const { principal } = statement;
  const asks = request.principal;
  if (!principal || asks === undefined) return [];
  if (principal.negated) return ['everyone'];
  return principal.terms.flatMap((term) => naming(term.type, plainOf(term.pattern) ?? '', asks) ?? []);
}
