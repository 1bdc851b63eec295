/** pass-role-any-resource: any role of the account may be handed to a service, with all that the role can do. */
import type { Policy, Statement } from '../policy/policy.ts';
import { narrowPassRole } from './narrowing/pass-role.ts';
import { isStar, isTied, isUnsure, namesService, partOf, ROLE_ACTION_CODES, roleActionOf } from './role-action.ts';
import type { Draft, RuleContext, StatementRule } from './rule.ts';

/** Source: IAM User Guide, "Grant a user permissions to pass a role to an AWS service"; Access Analyzer, "Pass role with …", as recorded. */
export const passRoleAnyResource: StatementRule = {
  id: 'pass-role-any-resource',
  on: 'statement',
  summary: 'Any role of the account may be passed to a service',
  level: 'warning',
  kinds: ['identity'],
  effect: 'Allow',
  clause: 'Resource',
  subject: 'document',
  accessAnalyzer: [
    'PASS_ROLE_WITH_NOT_ACTION_AND_NOT_RESOURCE',
    'PASS_ROLE_WITH_NOT_RESOURCE',
    'PASS_ROLE_WITH_STAR_IN_ACTION_AND_NOT_RESOURCE',
    'PASS_ROLE_WITH_STAR_IN_ACTION_AND_RESOURCE',
    'PASS_ROLE_WITH_STAR_IN_RESOURCE',
    'PASS_ROLE_WITH_STAR_IN_RESOURCE_AND_NOT_ACTION',
  ],
  equivalents: [
    'cfn_nag:F38',
    'cfn_nag:F39',
    'cfn_nag:F40',
    'cfn_nag:IamPolicyPassRoleResourceWildcard',
    'trivy:AWS-0342',
  ],
  check: checkPassRole,
};

function* checkPassRole(statement: Statement, policy: Policy, context: RuleContext): Iterable<Draft> {
  const found = roleActionOf(statement, 'iam:passrole');
  if (!found) return;
  // To all others an Allow with NotAction is a finding of its own.
  if (found.by === 'negated' && context.config.preset !== 'access-analyzer') return;
  const toService = isTied(statement, ['iam:passedtoservice'], namesService);
  const forResource = isTied(statement, ['iam:associatedresourcearn'], (value) => value !== '*');
  const certain = toService === 'no' && forResource === 'no' && !isUnsure(statement);
  const to =
    toService === 'yes'
      ? 'to the services of the condition'
      : forResource === 'yes'
        ? 'for the resources of the condition'
        : 'to any service';
  const star = found.roles.find(isStar);
  const by = partOf(found.actions[0], found.action);
  const role = partOf(star ?? found.roles[0], found.resource);
  const roles = found.on === 'all' ? 'any role' : 'every role that it does not name';
  yield {
    message: `\`${role.name}\` lets ${roles} be passed ${to}`,
    span: role.span,
    related: [{ span: by.span, message: `\`${by.name}\` allows it` }],
    ...(certain ? {} : { level: 'info' }),
    fixes: () => narrowPassRole(policy, statement, found, context),
    ...(certain && (star || found.on === 'rest')
      ? {
          accessAnalyzer: `PASS_ROLE_WITH_${ROLE_ACTION_CODES[found.on][found.by]}`,
          accessAnalyzerType: 'SECURITY_WARNING',
        }
      : {}),
  };
}
