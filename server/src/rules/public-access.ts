/**
 * public-access: an Allow for everybody lets strangers in though conditions stand beside it, since these hold for anybody.
 * Where no condition stands there, `wildcard-principal` speaks. Decided by `access`, with the Denies of the policy.
 */
import { publicAccess } from '../access/public-access.ts';
import { bindsRequest, whyWeak } from '../catalog/binding-keys.ts';
import { demands, keyName, operatorOf } from '../policy/condition.ts';
import type { Condition, Policy, Statement } from '../policy/policy.ts';
import { displayText } from '../text/text.ts';
import { literalOf } from '../value/value.ts';
import { narrowEverybody } from './narrowing/principals.ts';
import { knownTerms } from './needless.ts';
import { isEverybody } from './principal/everybody.ts';
import type { Draft, RuleContext, StatementRule } from './rule.ts';

/** Source: Amazon S3 User Guide, "The meaning of public"; IAM Access Analyzer, CheckNoPublicAccess. */
export const publicAccessRule: StatementRule = {
  id: 'public-access',
  on: 'statement',
  summary: 'Everybody is let in, and the conditions beside it hold for anybody',
  level: 'warning',
  wave: 'second',
  kinds: ['resource', 'trust'],
  effect: 'Allow',
  clause: 'Principal',
  subject: 'document',
  implies: ['wildcard-principal', 'untrustworthy-condition-key', 'weak-condition', 'too-permissive-value'],
  equivalents: ['checkov:CKV_AWS_70', 'cloudsplaining:AssumableByAnyPrincipalWithConditions'],
  check: checkPublic,
};

function* checkPublic(statement: Statement, policy: Policy, context: RuleContext): Iterable<Draft> {
  const { principal, conditions } = statement;
  const everybody = principal?.items.find(isEverybody);
  if (!everybody || conditions.length === 0 || conditions.some(mayLimit)) return;
  const statements = knownTerms(policy).filter(({ index, effect }) => index === statement.index || effect === 'Deny');
  if (publicAccess(statements, 'AWS::S3::Bucket').answer !== 'yes') return;
  const whom = policy.kind === 'trust' ? 'lets strangers assume the role' : 'lets strangers in';
  const reasons = conditions.map((condition) => ({ span: condition.keySpan, message: reasonOf(condition) }));
  yield {
    message: `\`*\` ${whom}: ${reasons[0]?.message}${conditions.length > 1 ? ', and nothing else ties them down' : ''}`,
    span: everybody.span,
    related: reasons.slice(1),
    fixes: () => narrowEverybody(policy, statement, everybody, context),
  };
}

/** Whether the condition says which things are public, or limits the callers by what `access` does not weigh. */
function mayLimit(condition: Condition): boolean {
  const key = keyName(condition) ?? '';
  if (MARKS.test(key)) return true;
  return demands(condition) && bindsRequest(key) && (!WEIGHED.test(key) || namesBuckets(condition));
}

/** Tags on what is reached: somebody chose each thing that is public. */
const MARKS = /^(aws:resourcetag|s3:existingobjecttag|s3:bucketversiontag)\//;

/** Keys whose values `access` weighs: a fixed one is no stranger's, a pattern may be. */
const WEIGHED = /^(aws:(principal(arn|account|orgid)|source(arn|account|ip|vpc|vpce)|userid|username))$/;

/** Names of buckets belong to one account in the world, so that an ARN needs none. */
function namesBuckets(condition: Condition): boolean {
  return condition.values.every(({ value }) => /^arn:[^:]*:s3:[^:]*:[^:]*:[^*?]/.test(literalOf(value) ?? ''));
}

function reasonOf(condition: Condition): string {
  const key = displayText(condition.key);
  const name = keyName(condition) ?? '';
  const weak = whyWeak(name);
  if (weak) return `\`${key}\` ${weak}`;
  const operator = operatorOf(condition.operator);
  if (operator?.ifExists || operator?.qualifier === 'ForAllValues')
    return `\`${displayText(condition.operator)}\` also holds if the request carries no \`${key}\``;
  if (bindsRequest(name) && operator?.negated)
    return `\`${displayText(condition.operator)}\` of \`${key}\` lets all others in`;
  const value = condition.values.map((item) => literalOf(item.value)).find((word) => word !== undefined);
  if (bindsRequest(name) && value !== undefined) return `\`${value}\` of \`${key}\` takes in strangers`;
  return `\`${key}\` does not say who calls`;
}
