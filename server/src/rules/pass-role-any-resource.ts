/** pass-role-any-resource: any role of the account may be handed to a service, with all that the role can do. */
import { demands, keyName, reaches } from '../policy/condition.ts';
import { globIncludes, globMatches, isPattern } from '../policy/pattern.ts';
import type { ClauseItem, Policy, Statement } from '../policy/policy.ts';
import { displayText, knownText } from '../text/text.ts';
import { narrowPassRole } from './narrowing/pass-role.ts';
import type { Draft, RuleContext, StatementRule } from './rule.ts';

/** Source: IAM User Guide, "Grant a user permissions to pass a role to an AWS service"; Access Analyzer, "Pass role with star in resource". */
export const passRoleAnyResource: StatementRule = {
  id: 'pass-role-any-resource',
  on: 'statement',
  summary: 'Any role of the account may be passed to a service',
  level: 'warning',
  kinds: ['identity'],
  effect: 'Allow',
  clause: 'Resource',
  subject: 'document',
  accessAnalyzer: ['PASS_ROLE_WITH_STAR_IN_RESOURCE', 'PASS_ROLE_WITH_STAR_IN_ACTION_AND_RESOURCE'],
  equivalents: ['cfn_nag:F38', 'cfn_nag:F39'],
  check: checkPassRole,
};

function* checkPassRole(statement: Statement, policy: Policy, context: RuleContext): Iterable<Draft> {
  const { action, resource } = statement;
  const { actions, everyAction } = context.facts(statement);
  // A `NotAction` has no actions here.
  if (resource?.negated || (!everyAction && !actions.some(({ service }) => service.prefix === 'iam'))) return;
  const allPassing = action?.items.filter((item) => item.presence === 'always' && takesIn(item)) ?? [];
  const allWide = resource?.items.filter((item) => item.presence === 'always' && takesEveryRole(item)) ?? [];
  const [passing] = allPassing;
  const [anyRole] = allWide;
  if (!passing || !anyRole) return;
  const bound = statement.conditions.some(
    (condition) => keyName(condition) === 'iam:passedtoservice' && demands(condition),
  );
  const open = reaches(statement) === 'unknown' || statement.presence === 'sometimes';
  const code = isPattern(passing.text.flat)
    ? 'PASS_ROLE_WITH_STAR_IN_ACTION_AND_RESOURCE'
    : 'PASS_ROLE_WITH_STAR_IN_RESOURCE';
  yield {
    message: bound
      ? `\`${displayText(anyRole.text)}\` lets any role be passed to the services of the condition`
      : `\`${displayText(anyRole.text)}\` lets any role be passed to any service`,
    span: anyRole.span,
    related: [{ span: passing.span, message: `\`${displayText(passing.text)}\` allows it` }],
    ...(bound || open ? { level: 'info' } : {}),
    fixes: () => narrowPassRole(policy, statement, allPassing, allWide, context),
    ...(!bound && !open && isStar(anyRole) ? { accessAnalyzer: code, accessAnalyzerType: 'SECURITY_WARNING' } : {}),
  };
}

function takesIn(item: ClauseItem): boolean {
  const pattern = knownText(item.text)?.toLowerCase();
  return pattern !== undefined && globMatches(pattern, 'iam:passrole');
}

/**
 * Every role of some account: which account is no restriction, since only the account's own roles can be passed.
 * Invariant: a pattern with a hole takes in the roles without the hole's letter never, so it answers no.
 */
function takesEveryRole(item: ClauseItem): boolean {
  const { flat } = item.text;
  const fields = flat.split(':');
  return fields.length >= 6
    ? globIncludes(`${fields[2]}:${fields[3]}:${fields.slice(5).join(':')}`, 'iam::role/*')
    : globIncludes(flat, 'arn:aws:iam::000000000000:role/*');
}

/** What Access Analyzer calls a star. */
function isStar(item: ClauseItem): boolean {
  return item.text.flat === '*' || /^arn:[^:]*:iam::\*:\*$/.test(item.text.flat);
}
