/** dead-statement: no request can meet all that a statement asks for. */
import type { Policy, Statement } from '../policy/policy.ts';
import { displayText } from '../text/text.ts';
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
  const empty = [statement.action, statement.resource, statement.principal].find(
    (clause) => clause && !clause.negated && !clause.open && clause.items.length === 0,
  );
  yield {
    message: empty
      ? `\`${displayText(empty.entry.key)}\` is empty, so that no request meets this statement`
      : 'no request can meet all that this statement asks for',
    span: empty ? empty.entry.keySpan : statement.head,
    unnecessary: statement.value.span,
  };
}
