/** loose-federation: tokens of an identity provider that were issued to strangers let them into a role. */
import type { Policy, Statement } from '../policy/policy.ts';
import { audienceFindings } from './federation/audience.ts';
import { subjectFindings } from './federation/subject.ts';
import { unboundProviders } from './federation/unbound.ts';
import type { Draft, RuleContext, StatementRule } from './rule.ts';

/** Source: IAM User Guide, "Identity-provider controls for shared OIDC providers" and "Create a role for OpenID Connect federation"; Access Analyzer's checks of conditions on OIDC providers. */
export const looseFederation: StatementRule = {
  id: 'loose-federation',
  on: 'statement',
  summary: 'A role trusts tokens of an identity provider that strangers can get as well',
  level: 'error',
  kinds: ['trust', 'resource'],
  effect: 'Allow',
  clause: 'Principal',
  subject: 'document',
  accessAnalyzer: [
    'MISSING_CONDITION_KEY_FOR_OIDC_PRINCIPAL',
    'MISSING_GITHUB_REPO_CONDITION_KEY',
    'SPECIFIC_GITHUB_REPO_AND_BRANCH_RECOMMENDED',
    'FORANYVALUE_WITH_AUDIENCE_CLAIM_TYPE',
    'CONFIRM_AUDIENCE_CLAIM_TYPE',
  ],
  equivalents: ['checkov:CKV_AWS_358', 'checkov:CKV_AWS_393'],
  check: checkStatement,
};

function* checkStatement(statement: Statement, policy: Policy, context: RuleContext): Iterable<Draft> {
  if (!statement.principal?.items.some(({ type }) => type === 'Federated')) return;
  yield* unboundProviders(statement, policy, context);
  yield* subjectFindings(statement, policy, context);
  yield* audienceFindings(statement, context);
}
