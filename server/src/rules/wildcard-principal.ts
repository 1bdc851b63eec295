/** wildcard-principal: an Allow for everybody, other accounts and anonymous callers included, that no condition ties down. */
import { demands, keyName, operatorOf } from '../policy/condition.ts';
import { globIncludes } from '../policy/pattern.ts';
import type { Condition, Policy, PrincipalItem, Statement } from '../policy/policy.ts';
import { hasHole, knownText } from '../text/text.ts';
import { lacks, literalOf } from '../value/value.ts';
import { narrowEverybody } from './narrowing/principals.ts';
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
  'lambda:eventsourcetoken',
  'sns:endpoint',
  'sts:externalid',
]);

/**
 * AWS's own way to say it in two statements: an Allow for everybody beside a Deny for everybody who does not come from
 * here. A Deny of which something is hidden may be one.
 */
function mayShutOut(deny: Statement, allow: Statement): boolean {
  if (deny.effect.answer === 'Allow' || !mayNameEverybody(deny)) return false;
  const turned = deny.conditions.some((condition) => {
    const key = keyName(condition) ?? '';
    return (TYING.has(key) || key.startsWith('aws:principaltag/')) && operatorOf(condition.operator)?.negated === true;
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
  return (
    !world &&
    demands(condition) &&
    (TYING.has(key) || key.startsWith('aws:principaltag/') || /:(sub|aud|amr|oaud)$/.test(key))
  );
}
