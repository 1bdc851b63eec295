/** full-access: one statement allows every action on every resource. */

import { matchesEverything } from '../catalog/match.ts';
import type { Policy, Statement } from '../policy/policy.ts';
import { knownText } from '../text/text.ts';
import { narrowEveryAccess } from './narrowing/everything.ts';
import { RISK_RULES } from './risk-rules.ts';
import type { Draft, RuleContext, StatementRule } from './rule.ts';

/** Source: IAM User Guide, "Security best practices in IAM: Apply least-privilege permissions". */
export const fullAccess: StatementRule = {
  id: 'full-access',
  on: 'statement',
  summary: 'One statement allows every action on every resource',
  level: 'warning',
  kinds: ['identity'],
  effect: 'Allow',
  clause: 'Action',
  subject: 'document',
  implies: [
    'wildcard-action',
    'unscoped-resource',
    'pass-role-any-resource',
    'privilege-escalation',
    'redundant-value',
    ...RISK_RULES,
  ],
  equivalents: [
    'checkov:CKV_AWS_1',
    'checkov:CKV_AWS_62',
    'cfn_nag:F4',
    'cloudsplaining:ServiceWildcard',
    'checkov:CKV_AWS_49',
    'checkov:CKV_AWS_63',
    'checkov:CKV_AWS_289',
    'checkov:CKV_AWS_286',
    'cfn_nag:F3',
    'cfn_nag:F5',
    'cfn_nag:W12',
    'cloudsplaining:InfrastructureModification',
    'parliament:RESOURCE_STAR',
    'checkov:CKV_AWS_355',
    'checkov:CKV_AWS_356',
    'checkov:CKV_AWS_111',
    'checkov:CKV_AWS_290',
    'trivy:AWS-0057',
    'trivy:AWS-0345',
  ],
  check: checkFullAccess,
};

function* checkFullAccess(statement: Statement, policy: Policy, context: RuleContext): Iterable<Draft> {
  const { everyAction, everyResource } = context.facts(statement);
  if (statement.presence === 'sometimes') return;
  const items = everyAction && everyResource ? statement.action?.items : undefined;
  const item = items?.find((candidate) => matchesEverything(knownText(candidate.text) ?? ''));
  if (!item) return;
  const conditional = statement.conditions.length > 0 || statement.conditionsOpen;
  yield {
    message: conditional
      ? `\`${item.text.flat}\` allows every action on every resource wherever the condition holds`
      : `\`${item.text.flat}\` allows every action on every resource`,
    span: item.span,
    ...(conditional ? { level: 'info' } : {}),
    fixes: () => narrowEveryAccess(policy, statement, item, context),
  };
}
