/** allow-not-resource: an Allow that names what it leaves out reaches all other resources, those to come included. */
import { and } from '../catalog/bits.ts';
import { reaches } from '../policy/condition.ts';
import type { ClauseItem, Policy, Statement } from '../policy/policy.ts';
import { HOLE, spanOf } from '../text/text.ts';
import { onlyDescribes } from './describing.ts';
import { countActions, namesOf } from './facts.ts';
import type { Draft, RuleContext, StatementRule } from './rule.ts';

/** Source: IAM User Guide, "IAM JSON policy elements: NotResource". */
export const allowNotResource: StatementRule = {
  id: 'allow-not-resource',
  on: 'statement',
  summary: 'An Allow with NotResource reaches every resource that it does not name, those to come included',
  level: 'warning',
  kinds: ['identity'],
  effect: 'Allow',
  clause: 'Resource',
  subject: 'document',
  implies: ['allow-not-action'],
  equivalents: ['cfn_nag:W21', 'cfn_nag:W22', 'cfn_nag:W23', 'parliament:NOTRESOURCE_WITH_ALLOW'],
  check: checkNotResource,
};

function* checkNotResource(statement: Statement, _policy: Policy, { facts }: RuleContext): Iterable<Draft> {
  const { action, resource, presence } = statement;
  if (!resource?.negated || !action || resource.open || resource.items.some(mayBeEverything)) return;
  const { actions, everyAction } = facts(statement);
  const scopable = actions.map(({ service, bits }) => ({ service, bits: and(bits, service.scopable) }));
  const all = action.negated || everyAction;
  const [first = ''] = namesOf(scopable, 1);
  const count = countActions(scopable);
  if (!all && (count === 0 || (count === 1 && OF_OTHERS.has(first)))) return;
  const grave = all || !scopable.every(onlyDescribes);
  const certain = reaches(statement) === 'as written' && presence === 'always';
  const whom = all ? 'its actions' : count === 1 ? `\`${first}\`` : `\`${first}\` and ${count - 1} more`;
  yield {
    message: `\`NotResource\` in an Allow lets ${whom} reach every resource that it does not name`,
    span: spanOf(resource.entry.key) ?? resource.entry.keySpan,
    ...(grave && certain ? {} : { level: 'info' }),
  };
}

/** Actions on roles that have rules of their own. */
const OF_OTHERS: ReadonlySet<string> = new Set(['iam:PassRole', 'iam:CreateServiceLinkedRole']);

/** Where everything is left out, nothing is reached; `dead-statement` says so. */
function mayBeEverything({ text }: ClauseItem): boolean {
  return EVERYTHING.test(text.flat);
}

const EVERYTHING = new RegExp(`^[*${HOLE}]*$`);
