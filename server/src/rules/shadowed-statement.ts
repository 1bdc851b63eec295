/** shadowed-statement: Denies of the same policy leave nothing of an Allow. */
import type { Policy, Statement } from '../policy/policy.ts';
import { removal, statementName, statementNames } from './needless.ts';
import type { Draft, RuleContext, StatementRule } from './rule.ts';

/** Source: IAM User Guide, "How AWS enforcement code logic evaluates requests": an explicit Deny outweighs every Allow. */
export const shadowedStatement: StatementRule = {
  id: 'shadowed-statement',
  on: 'statement',
  summary: 'Denies of the same policy leave nothing of what a statement allows',
  level: 'warning',
  wave: 'second',
  kinds: 'all',
  subject: 'document',
  implies: ['redundant-statement'],
  check: checkShadowed,
};

function* checkShadowed(statement: Statement, policy: Policy, { needless }: RuleContext): Iterable<Draft> {
  const found = needless(policy).find(({ index, why }) => index === statement.index && why === 'shadowed');
  if (!found) return;
  const others = found.by.flatMap((index) => policy.statements[index] ?? []);
  yield {
    message: `${statementNames(others)} ${others.length === 1 ? 'denies' : 'deny'} all that this statement allows`,
    span: statement.head,
    related: others.map((other) => ({ span: other.head, message: `${statementName(other)} denies it` })),
    unnecessary: statement.value.span,
    fixes: () => removal(statement, policy),
  };
}
