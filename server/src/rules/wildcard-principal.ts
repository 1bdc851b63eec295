/** wildcard-principal: an Allow for everybody, other accounts and anonymous callers included, that no condition ties down. */
import { bindsRequest } from '../catalog/binding-keys.ts';
import { demands, keyName, operatorOf } from '../policy/condition.ts';
import { globIncludes } from '../policy/pattern.ts';
import type { Condition, Policy, Statement } from '../policy/policy.ts';
import { hasHole } from '../text/text.ts';
import { lacks, literalOf } from '../value/value.ts';
import { narrowEverybody } from './narrowing/principals.ts';
import { isEverybody } from './principal/everybody.ts';
import type { Draft, RuleContext, StatementRule } from './rule.ts';

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
  equivalents: [
    'checkov:CKV_AWS_283',
    'checkov:CKV_AWS_60',
    'checkov:CKV_AWS_70',
    'cfn_nag:F2',
    'cfn_nag:F16',
    'cloudsplaining:AssumableByAnyPrincipal',
    'checkov:CKV_AWS_32',
    'checkov:CKV_AWS_33',
    'checkov:CKV_AWS_167',
    'checkov:CKV_AWS_168',
    'checkov:CKV_AWS_169',
    'checkov:CKV_AWS_301',
    'checkov:CKV_AWS_387',
    'checkov:CKV_AWS_72',
    'cfn_nag:F15',
    'cfn_nag:F18',
    'cfn_nag:F21',
    'trivy:AWS-0032',
    'trivy:AWS-0097',
  ],
  check: checkPrincipal,
};

function* checkPrincipal(statement: Statement, policy: Policy, context: RuleContext): Iterable<Draft> {
  const clause = statement.principal;
  if (clause?.negated) return;
  const everybody = clause?.items.find((item) => item.presence === 'always' && isEverybody(item));
  if (!everybody) return;
  if (
    statement.conditions.some(mayTieDown) ||
    statement.conditionsOpen ||
    policy.statements.some((other) => mayShutOut(other, statement))
  )
    return;
  const conditional = statement.conditions.length > 0;
  const subject = policy.kind === 'trust' ? 'anybody assume the role' : 'anybody in';
  yield {
    message: conditional
      ? `\`*\` lets ${subject} wherever the condition holds`
      : `\`*\` lets ${subject}, other accounts included`,
    span: everybody.span,
    ...(conditional || statement.presence === 'sometimes' ? { level: 'info' } : {}),
    fixes: () => narrowEverybody(policy, statement, everybody, context),
  };
}

/**
 * AWS's own way to say it in two statements: an Allow for everybody beside a Deny for everybody who does not come from
 * here. A Deny of which something is hidden may be one.
 */
function mayShutOut(deny: Statement, allow: Statement): boolean {
  if (deny.effect.answer === 'Allow' || !mayNameEverybody(deny)) return false;
  const turned = deny.conditions.some((condition) => {
    const key = keyName(condition) ?? '';
    return bindsRequest(key) && operatorOf(condition.operator)?.negated === true;
  });
  const hidden = deny.conditionsOpen || deny.conditionEntry?.presence === 'sometimes';
  return (turned || hidden) && mayCover(deny, allow, 'action') && mayCover(deny, allow, 'resource');
}

function mayNameEverybody(statement: Statement): boolean {
  const clause = statement.principal;
  if (!clause) return mayHide(statement, 'Principal');
  return !clause.negated && (clause.open || clause.items.some((item) => isEverybody(item) || hasHole(item.text)));
}

/** Whether each pattern of the Allow's clause may lie within one of the Deny's. */
function mayCover(deny: Statement, allow: Statement, name: 'action' | 'resource'): boolean {
  const [outer, inner] = [deny[name], allow[name]];
  const key = name === 'action' ? 'Action' : 'Resource';
  if (!outer || !inner) return outer === inner || mayHide(outer ? allow : deny, key);
  if (outer.negated || inner.negated) return false;
  if (outer.open || outer.items.some((item) => hasHole(item.text))) return true;
  return inner.items.every(
    (item) =>
      item.presence === 'sometimes' ||
      hasHole(item.text) ||
      outer.items.some((other) => globIncludes(other.text.flat.toLowerCase(), item.text.flat.toLowerCase())),
  );
}

/** Whether an element that cannot be seen may be there. What hides a key hides its `Not` sister too. */
function mayHide(statement: Statement, key: 'Action' | 'Resource' | 'Principal'): boolean {
  return !lacks(statement.value, key);
}

/** Whether the condition ties the statement down, or might if more of it could be seen. */
function mayTieDown(condition: Condition): boolean {
  if (condition.presence === 'sometimes' || !operatorOf(condition.operator)) return true;
  const key = keyName(condition) ?? '';
  const world = condition.values.some(
    (item) => literalOf(item.value) === '0.0.0.0/0' || literalOf(item.value) === '::/0',
  );
  return !world && demands(condition) && bindsRequest(key);
}
