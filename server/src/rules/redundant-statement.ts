/** redundant-statement: all that a statement allows or denies is allowed or denied by others already. */
import type { Policy, Statement } from '../policy/policy.ts';
import { removal, statementName, statementNames } from './needless.ts';
import type { Draft, RuleContext, StatementRule } from './rule.ts';
import { content, mayHaveTwins } from './twins.ts';

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
  mayConcern: mayHaveTwins,
  check: checkRedundant,
};

function* checkRedundant(statement: Statement, policy: Policy, context: RuleContext): Iterable<Draft> {
  const found = context.needless(policy).find(({ index, why }) => index === statement.index && why === 'redundant');
  if (!found) return;
  const twin = policy.statements.slice(0, statement.index).find((other) => content(other) === content(statement));
  const others = twin ? [twin] : found.by.flatMap((index) => policy.statements[index] ?? []);
  const [verb, plural] = statement.effect.answer === 'Deny' ? ['denies', 'deny'] : ['allows', 'allow'];
  yield {
    message: `${statementNames(others)} ${others.length === 1 ? verb : plural} all that this statement ${verb}`,
    span: statement.head,
    related: others.map((other) => ({ span: other.head, message: `${statementName(other)} stands here` })),
    unnecessary: statement.value.span,
    fixes: () => (isMeant(statement, others, context) ? [] : removal(statement, policy)),
    ...(twin ? { accessAnalyzer: 'REDUNDANT_STATEMENT', accessAnalyzerType: 'SUGGESTION' } : {}),
  };
}

/**
 * Whether only a statement that allows everything stands against it: then that one has to go, which full-access offers,
 * and not the one that says what is needed.
 */
export function isMeant(statement: Statement, others: readonly Statement[], context: RuleContext): boolean {
  return !allowsEverything(statement, context) && others.some((other) => allowsEverything(other, context));
}

function allowsEverything(statement: Statement, { facts }: RuleContext): boolean {
  const { everyAction, everyResource } = facts(statement);
  return statement.effect.answer === 'Allow' && everyAction && everyResource;
}
