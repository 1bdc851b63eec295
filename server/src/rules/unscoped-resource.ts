/** unscoped-resource: actions that can be scoped reach every resource that they can, by `*` or by an ARN that comes to the same. */
import { andNot, eachBit, isEmpty, oneBit } from '../catalog/bits.ts';
import type { Fix } from '../finding/finding.ts';
import { reaches } from '../policy/condition.ts';
import type { ClauseItem, Policy, Statement } from '../policy/policy.ts';
import { displayText, knownText } from '../text/text.ts';
import { onlyDescribes } from './describing.ts';
import { type Actions, countActions, namesOf, resourcePattern } from './facts.ts';
import { narrowChanging } from './narrowing/levels.ts';
import { completeFirst } from './narrowing/order.ts';
import { narrowByService, narrowResources } from './narrowing/resources.ts';
import { demandRequestTag, demandResourceTag } from './narrowing/tags.ts';
import { narrowToTasksOn } from './narrowing/tasks.ts';
import { demandViaService } from './narrowing/via-service.ts';
import { typesTakenIn } from './reach.ts';
import { RISK_RULES } from './risk-rules.ts';
import type { Draft, RuleContext, StatementRule } from './rule.ts';

/** Source: IAM User Guide, "IAM JSON policy elements: Resource"; which actions can be scoped: Service Authorization Reference. */
export const unscopedResource: StatementRule = {
  id: 'unscoped-resource',
  on: 'statement',
  summary: 'Actions that can be scoped to a resource reach every resource',
  level: 'warning',
  kinds: ['identity'],
  effect: 'Allow',
  clause: 'Resource',
  subject: 'document',
  implies: RISK_RULES,
  equivalents: [
    'checkov:CKV_AWS_111',
    'checkov:CKV_AWS_290',
    'checkov:CKV_AWS_355',
    'checkov:CKV_AWS_356',
    'cloudsplaining:InfrastructureModification',
    'parliament:RESOURCE_STAR',
    'parliament:RESOURCE_EFFECTIVELY_STAR',
    'cloudsplaining:InfrastructureModification',
    'cfn_nag:W11',
    'cfn_nag:W12',
    'trivy:AWS-0057',
    'trivy:AWS-0346',
    'cfn_nag:W13',
  ],
  check: checkResources,
};

function* checkResources(statement: Statement, policy: Policy, context: RuleContext): Iterable<Draft> {
  const { unscoped: all, everyResource } = context.facts(statement);
  const unscoped = withoutPassRole(all);
  const items = unscoped.length > 0 ? (statement.resource?.items ?? []) : [];
  const wide = items.filter((item) => item.presence === 'always' && isWide(item, everyResource, unscoped));
  const [item] = wide;
  if (!item) return;
  const count = countActions(unscoped);
  const [first = ''] = namesOf(unscoped, 1);
  const subject =
    count === 1 ? `\`${first}\` reaches` : `\`${first}\` and ${count - 1} more action${count === 2 ? '' : 's'} reach`;
  const can = count === 1 ? 'it can be scoped' : 'they can be scoped';
  const reach = reaches(statement);
  const certain = reach === 'as written' && statement.presence === 'always';
  const admitted = reach === 'narrowed' ? ' that the conditions admit' : '';
  const every = everyResource ? 'every resource' : `every resource of ${count === 1 ? 'its' : 'their'} type`;
  yield {
    message: `\`${displayText(item.text)}\`: ${subject} ${every}${admitted}, though ${can}`,
    span: item.span,
    related: wide.slice(1).map((other) => ({ span: other.span, message: `\`${displayText(other.text)}\` is as wide` })),
    ...(certain && !unscoped.every(onlyDescribes) ? {} : { level: 'info' }),
    fixes: () => {
      const tasks = narrowToTasksOn(policy, statement, wide, context);
      const ways = [
        () => narrowResources(policy, statement, wide, all, context),
        () => narrowChanging(policy, statement, wide, all, context),
        () => narrowByService(policy, statement, wide, unscoped, context),
      ];
      const bound = reach === 'as written' ? bindActions(policy, statement, unscoped, context) : [];
      return [...tasks.meant, ...completeFirst([...firstOf(ways), ...bound]), ...tasks.others];
    },
  };
}

/** The fixes of the first way that has some. */
function firstOf(ways: readonly (() => readonly Fix[])[]): readonly Fix[] {
  for (const way of ways) {
    const fixes = way();
    if (fixes.length > 0) return fixes;
  }
  return [];
}

/** Conditions that bind all that is unscoped: the tags of what is reached or made, or the services through which keys are used. */
function bindActions(
  policy: Policy,
  statement: Statement,
  unscoped: readonly Actions[],
  context: RuleContext,
): readonly Fix[] {
  const usesKeys = unscoped.every(({ service }) => service.prefix === 'kms');
  return [
    ...(usesKeys ? demandViaService(policy, statement, context) : []),
    ...demandResourceTag(policy, statement, unscoped, context),
    ...demandRequestTag(policy, statement, unscoped, context),
  ];
}

/** The item that makes the statement wide: `*` where there is one, else what takes in a whole type of resource. */
function isWide(item: ClauseItem, everyResource: boolean, unscoped: readonly Actions[]): boolean {
  if (!everyResource) return takesType(item, unscoped);
  const pattern = knownText(item.text) ?? item.text.flat;
  return /^\*+$/.test(pattern) || /^arn:[^:]*(:\*){1,5}$/.test(pattern) || pattern === 'arn:*';
}

/** Whether the item takes in every resource of some type that the actions act on. */
function takesType(item: ClauseItem, unscoped: readonly Actions[]): boolean {
  const pattern = resourcePattern(item);
  if (pattern === undefined) return false;
  return unscoped.some(({ service, bits }) => {
    const taken = typesTakenIn(service, pattern);
    return [...eachBit(bits)].some((index) => service.resourcesOf(index).some(({ type }) => taken.has(type)));
  });
}

/** Passing a role has a rule of its own. */
function withoutPassRole(actions: readonly Actions[]): readonly Actions[] {
  return actions.flatMap(({ service, bits }) => {
    if (service.prefix !== 'iam') return [{ service, bits }];
    const rest = andNot(bits, oneBit(service.names.length, service.names.indexOf('PassRole')));
    return isEmpty(rest) ? [] : [{ service, bits: rest }];
  });
}
