/** dead-statement: no request can meet all that a statement asks for. */
import type { Clause, Policy, PrincipalClause, Statement } from '../policy/policy.ts';
import type { Draft, RuleContext, StatementRule } from './rule.ts';

/** Source: IAM User Guide, "JSON element reference": a statement applies where all of its elements match. */
export const deadStatement: StatementRule = {
  id: 'dead-statement',
  on: 'statement',
  summary: 'No request can meet all that a statement asks for',
  level: 'warning',
  wave: 'second',
  kinds: 'all',
  subject: 'document',
  check: checkDead,
};

function* checkDead(statement: Statement, policy: Policy, { needless }: RuleContext): Iterable<Draft> {
  if (!needless(policy).some(({ index, why }) => index === statement.index && why === 'dead')) return;
  if ([statement.action, statement.resource, statement.principal].some(isEmpty)) return;
  yield {
    message: 'no request can meet all that this statement asks for',
    span: statement.head,
    unnecessary: statement.value.span,
  };
}

/** A list without items is said by `empty-element`. */
function isEmpty(clause: Clause | PrincipalClause | undefined): boolean {
  return clause !== undefined && !clause.negated && !clause.open && clause.items.length === 0;
}
