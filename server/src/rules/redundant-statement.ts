/** redundant-statement: all that a statement allows or denies is allowed or denied by others already. */
import type { Policy, Statement } from '../policy/policy.ts';
import { knownText } from '../text/text.ts';
import { canonicalValue } from '../value/value.ts';
import { removal, statementName, statementNames } from './needless.ts';
import type { Draft, RuleContext, StatementRule } from './rule.ts';

/** Source: IAM User Guide, "Policy evaluation logic"; Access Analyzer names only statements that are equal but for their Sid. */
export const redundantStatement: StatementRule = {
  id: 'redundant-statement',
  on: 'statement',
  summary: 'All that a statement allows or denies is done by other statements',
  level: 'info',
  wave: 'second',
  kinds: 'all',
  subject: 'document',
  accessAnalyzer: ['REDUNDANT_STATEMENT'],
  check: checkRedundant,
};

function* checkRedundant(statement: Statement, policy: Policy, { needless }: RuleContext): Iterable<Draft> {
  const found = needless(policy).find(({ index, why }) => index === statement.index && why === 'redundant');
  if (!found) return;
  const others = found.by.flatMap((index) => policy.statements[index] ?? []);
  const [verb, plural] = statement.effect.answer === 'Deny' ? ['denies', 'deny'] : ['allows', 'allow'];
  yield {
    message: `${statementNames(others)} ${others.length === 1 ? verb : plural} all that this statement ${verb}`,
    span: statement.head,
    related: others.map((other) => ({ span: other.head, message: `${statementName(other)} stands here` })),
    unnecessary: statement.value.span,
    fixes: () => removal(statement, policy),
    ...(others.every((other) => content(other) === content(statement))
      ? { accessAnalyzer: 'REDUNDANT_STATEMENT', accessAnalyzerType: 'SUGGESTION' }
      : {}),
  };
}

/** All but the Sid. */
function content({ value }: Statement): string {
  return canonicalValue({ ...value, entries: value.entries.filter(({ key }) => knownText(key) !== 'Sid') });
}
