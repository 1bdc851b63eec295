/** open-assume-role: a whole foreign account, or every certificate of every trust anchor, may assume the role. */
import { PLACEHOLDER } from '../finding/placeholder.ts';
import { keyName } from '../policy/condition.ts';
import type { Policy, PrincipalItem, Statement } from '../policy/policy.ts';
import { knownText } from '../text/text.ts';
import { whereaboutsOf } from './narrowing/arns.ts';
import { addCondition } from './narrowing/conditions.ts';
import type { Draft, RuleContext, StatementRule } from './rule.ts';
import { assumesRole } from './trust/actions.ts';
import { accountOf, isBoundToCustomer, isForeign, isWholeAccount, mayDemand } from './trust/foreign.ts';

/** Source: IAM User Guide, "Access to AWS accounts owned by third parties"; IAM Roles Anywhere User Guide, "Trust policy". */
export const openAssumeRole: StatementRule = {
  id: 'open-assume-role',
  on: 'statement',
  summary: 'A foreign account, or any certificate, may assume the role on behalf of anybody',
  level: 'warning',
  kinds: ['trust'],
  effect: 'Allow',
  clause: 'Principal',
  subject: 'document',
  implies: ['confused-deputy'],
  equivalents: ['cloudsplaining:AssumableByCrossAccount'],
  check: checkStatement,
};

function* checkStatement(statement: Statement, policy: Policy, context: RuleContext): Iterable<Draft> {
  const { principal, conditionsOpen } = statement;
  if (!principal || principal.negated || conditionsOpen || policy.statements.some(mayShutOut)) return;
  for (const item of principal.items) {
    if (item.presence === 'sometimes' || !assumesRole(statement)) continue;
    yield* wholeAccount(item, statement, context);
    if (item.type === 'Service' && knownText(item.text) === ROLES_ANYWHERE)
      yield* anyCertificate(item, statement, policy, context);
  }
}

/** Whether a Deny asks something of the caller, or may. */
function mayShutOut({ effect, conditions, conditionsOpen }: Statement): boolean {
  return effect.answer !== 'Allow' && (conditionsOpen || conditions.length > 0);
}

/** An account that the configuration does not know: whoever runs it may be led to act for somebody else. */
function* wholeAccount(item: PrincipalItem, statement: Statement, { config }: RuleContext): Iterable<Draft> {
  const account = isWholeAccount(item) ? accountOf(item) : undefined;
  if (account === undefined || !isForeign(account, config) || isBoundToCustomer(statement)) return;
  yield {
    message: `account \`${account}\` is foreign and may assume the role for anybody that it serves, since no condition asks for \`sts:ExternalId\``,
    span: item.span,
    fixes: () => {
      const edits = addCondition(statement, 'StringEquals', 'sts:ExternalId', [`${PLACEHOLDER}EXTERNAL_ID`]);
      return edits ? [{ title: 'Ask for an external id', safety: 'narrows', edits }] : [];
    },
  };
}

const ROLES_ANYWHERE = 'rolesanywhere.amazonaws.com';

function* anyCertificate(
  item: PrincipalItem,
  statement: Statement,
  policy: Policy,
  { config }: RuleContext,
): Iterable<Draft> {
  const keys = statement.conditions.filter(mayDemand).map((condition) => keyName(condition) ?? '');
  if (keys.includes('aws:sourcearn')) return;
  const named = keys.some((key) => /^(aws:(principal|request)tag\/x509|sts:sourceidentity$)/.test(key));
  yield {
    message: named
      ? 'no condition asks for `aws:SourceArn`, so a certificate of another trust anchor with the same names gets in too'
      : `\`${ROLES_ANYWHERE}\` is trusted without a condition on certificates, so any one of any trust anchor of the account gets in`,
    span: item.span,
    level: named ? 'info' : 'warning',
    fixes: () => {
      const { partition, region, account } = whereaboutsOf(policy, config);
      const anchor = `arn:${partition}:rolesanywhere:${region}:${account}:trust-anchor/${PLACEHOLDER}TRUST_ANCHOR_ID`;
      const edits = addCondition(statement, 'ArnEquals', 'aws:SourceArn', [anchor]);
      return edits ? [{ title: `Let in only \`${anchor}\``, safety: 'narrows', preferred: true, edits }] : [];
    },
  };
}
