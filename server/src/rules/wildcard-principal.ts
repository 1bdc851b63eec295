/** wildcard-principal: an Allow for everybody, other accounts and anonymous callers included, that no condition ties down. */
import { demands, keyName, operatorOf } from '../policy/condition.ts';
import type { Condition, Policy, PrincipalItem, Statement } from '../policy/policy.ts';
import { knownText } from '../text/text.ts';
import { literalOf } from '../value/value.ts';
import type { Draft, StatementRule } from './rule.ts';

/** Source: IAM User Guide, "AWS JSON policy elements: Principal", "All principals". */
export const wildcardPrincipal: StatementRule = {
  id: 'wildcard-principal',
  on: 'statement',
  summary: 'Everybody is allowed, other accounts and anonymous callers included',
  level: 'warning',
  kinds: ['resource', 'trust'],
  effect: 'Allow',
  clause: 'Principal',
  subject: 'document',
  equivalents: ['checkov:CKV_AWS_70', 'checkov:CKV_AWS_283', 'cfn_nag:F16', 'trivy:AVD-AWS-0092'],
  check: checkPrincipal,
};

function* checkPrincipal(statement: Statement, policy: Policy): Iterable<Draft> {
  const clause = statement.principal;
  if (!clause || clause.negated) return;
  const everybody = clause.items.find((item) => item.presence === 'always' && isEverybody(item));
  if (!everybody) return;
  if (statement.conditions.some(tiesDown)) return;
  const conditional = statement.conditions.length > 0 || statement.conditionsOpen || statement.presence === 'sometimes';
  const subject = policy.kind === 'trust' ? 'anybody assume the role' : 'anybody in';
  yield {
    message: conditional
      ? `\`*\` lets ${subject} wherever the condition holds`
      : `\`*\` lets ${subject}, other accounts included`,
    span: everybody.span,
    ...(conditional ? { level: 'info' } : {}),
  };
}

function isEverybody(item: PrincipalItem): boolean {
  return knownText(item.text) === '*' && (item.type === '*' || item.type === 'AWS');
}

/**
 * Keys that say who calls, from which network, or on whose behalf: a value demanded of one of them shuts the rest of the
 * world out. In lower case. Source: AWS, "Data perimeters on AWS"; services' own keys of the same meaning.
 */
const TYING: ReadonlySet<string> = new Set([
  'aws:principalorgid',
  'aws:principalorgpaths',
  'aws:principalaccount',
  'aws:principalarn',
  'aws:principalisawsservice',
  'aws:principalservicename',
  'aws:principalservicenameslist',
  'aws:sourcearn',
  'aws:sourceaccount',
  'aws:sourceowner',
  'aws:sourceorgid',
  'aws:sourceorgpaths',
  'aws:sourcevpc',
  'aws:sourcevpce',
  'aws:sourceip',
  'aws:vpcsourceip',
  'aws:userid',
  'aws:username',
  'aws:calledvia',
  'aws:calledviafirst',
  'aws:calledvialast',
  'kms:calleraccount',
  's3:dataaccesspointaccount',
  's3:dataaccesspointarn',
  'elasticfilesystem:accessedviamounttarget',
  'lambda:functionurlauthtype',
  'lambda:eventsourcetoken',
  'sns:endpoint',
  'sns:protocol',
  'sts:externalid',
]);

function tiesDown(condition: Condition): boolean {
  const key = keyName(condition);
  if (key === undefined) return false;
  if (
    key === 'aws:sourceip' &&
    condition.values.some((item) => literalOf(item.value) === '0.0.0.0/0' || literalOf(item.value) === '::/0')
  )
    return false;
  if (TYING.has(key) || key.startsWith('aws:principaltag/')) return demands(condition);
  return /:(sub|aud|amr|oaud)$/.test(key) && operatorOf(condition.operator)?.negated === false && demands(condition);
}
