/** wildcard-principal: an Allow for everybody, other accounts and anonymous callers included, that no condition ties down. */
import { demands, keyName, operatorOf } from '../policy/condition.ts';
import { globIncludes } from '../policy/pattern.ts';
import type { Clause, Condition, Policy, PrincipalItem, Statement } from '../policy/policy.ts';
import { canonicalText, knownText } from '../text/text.ts';
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

function* checkPrincipal(statement: Statement, policy: Policy): Iterable<Draft> {
  const clause = statement.principal;
  if (!clause || clause.negated) return;
  const everybody = clause.items.find((item) => item.presence === 'always' && isEverybody(item));
  if (!everybody) return;
  if (
    statement.conditions.some(mayTieDown) ||
    statement.conditionsOpen ||
    policy.statements.some((other) => shutsOut(other, statement))
  )
    return;
  const conditional = statement.conditions.length > 0 || statement.conditionsOpen;
  const subject = policy.kind === 'trust' ? 'anybody assume the role' : 'anybody in';
  yield {
    message: conditional
      ? `\`*\` lets ${subject} wherever the condition holds`
      : `\`*\` lets ${subject}, other accounts included`,
    span: everybody.span,
    ...(conditional || statement.presence === 'sometimes' ? { level: 'info' } : {}),
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
 * here. The Deny must be there always and cover what the Allow names.
 */
function shutsOut(deny: Statement, allow: Statement): boolean {
  if (
    deny.effect.answer === 'Allow' ||
    !deny.principal ||
    deny.principal.negated ||
    !deny.principal.items.some(isEverybody)
  )
    return false;
  const hidden = deny.conditionsOpen || deny.conditions.some((condition) => condition.presence === 'sometimes');
  const turned = deny.conditions.some((condition) => {
    const key = keyName(condition);
    return (
      key !== undefined &&
      (TYING.has(key) || key.startsWith('aws:principaltag/')) &&
      operatorOf(condition.operator)?.negated === true
    );
  });
  return (turned || hidden) && covers(deny.action, allow.action) && covers(deny.resource, allow.resource);
}

/** Whether each pattern of the inner clause lies within one of the outer's, letter by letter where there are holes. */
function covers(outer: Clause | undefined, inner: Clause | undefined): boolean {
  if (!outer || !inner) return outer === inner;
  if (outer.negated || inner.negated) return false;
  return inner.items.every((item) =>
    outer.items.some((other) =>
      globIncludes(canonicalText(other.text).toLowerCase(), canonicalText(item.text).toLowerCase()),
    ),
  );
}

/** Whether the condition ties the statement down, or might if more of it could be seen. */
function mayTieDown(condition: Condition): boolean {
  if (condition.presence === 'sometimes' || !operatorOf(condition.operator)) return true;
  const key = keyName(condition);
  if (key === undefined) return false;
  if (
    key === 'aws:sourceip' &&
    condition.values.some((item) => literalOf(item.value) === '0.0.0.0/0' || literalOf(item.value) === '::/0')
  )
    return false;
  return (
    demands(condition) && (TYING.has(key) || key.startsWith('aws:principaltag/') || /:(sub|aud|amr|oaud)$/.test(key))
  );
}
