/** The audience of a token, which has one value: what Access Analyzer says of conditions on it. */
import { operatorOf } from '../../policy/condition.ts';
import type { Statement } from '../../policy/policy.ts';
import type { Draft, RuleContext } from '../rule.ts';
import { withoutQualifier } from './fixes.ts';
import { claimTests } from './statement.ts';

/**
 * `ForAnyValue:` on an audience means what it would mean without. Access Analyzer suggests to confirm every audience but
 * Cognito's whatever its operator, which nothing can be done about: that is said in its own preset only.
 */
export function* audienceFindings(statement: Statement, { config }: RuleContext): Iterable<Draft> {
  for (const { claim, condition } of claimTests(statement)) {
    if (claim.name !== 'aud' || condition.presence === 'sometimes') continue;
    const key = condition.key.flat;
    if (operatorOf(condition.operator)?.qualifier === 'ForAnyValue')
      yield {
        message: `\`ForAnyValue:\` is for keys of several values, and \`${claim.issuer === undefined ? ':aud' : key}\` has one`,
        span: condition.operatorSpan,
        level: 'info',
        accessAnalyzer: 'FORANYVALUE_WITH_AUDIENCE_CLAIM_TYPE',
        accessAnalyzerType: 'SECURITY_WARNING',
        fixes: () => withoutQualifier(statement, condition),
      };
    if (config.preset !== 'access-analyzer' || claim.issuer === undefined || COGNITO.test(claim.issuer)) continue;
    yield {
      message: `\`${key}\` says whom a token is for`,
      span: condition.keySpan,
      level: 'info',
      accessAnalyzer: 'CONFIRM_AUDIENCE_CLAIM_TYPE',
      accessAnalyzerType: 'SUGGESTION',
    };
  }
}

const COGNITO = /^cognito-identity[.-]/;
