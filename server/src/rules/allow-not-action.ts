/** allow-not-action: an Allow that names what it leaves out grants all the rest, with all services and actions to come. */
import { reaches } from '../policy/condition.ts';
import type { Policy, Statement } from '../policy/policy.ts';
import { displayText, spanOf } from '../text/text.ts';
import type { Draft, RuleContext, StatementRule } from './rule.ts';

/** Source: IAM User Guide, "IAM JSON policy elements: NotAction", "NotAction with Allow". */
export const allowNotAction: StatementRule = {
  id: 'allow-not-action',
  on: 'statement',
  summary: 'An Allow with NotAction grants everything that it does not name, services to come included',
  level: 'warning',
  kinds: ['identity', 'resource'],
  effect: 'Allow',
  clause: 'Action',
  subject: 'document',
  equivalents: [
    'cfn_nag:W15',
    'cfn_nag:W17',
    'cloudsplaining:NotAction',
    'cfn_nag:W14',
    'iam-policy-validator:not_action_not_resource',
  ],
  check: checkNotAction,
};

function* checkNotAction(statement: Statement, _policy: Policy, { facts }: RuleContext): Iterable<Draft> {
  const clause = statement.action;
  if (!clause?.negated) return;
  const wide = facts(statement).everyResource && reaches(statement) === 'as written' && statement.presence === 'always';
  const named = clause.items.map(({ text }) => `\`${displayText(text)}\``);
  const left = clause.open ? 'the named ones' : named.length === 1 ? named[0] : `the ${named.length} named ones`;
  yield {
    message: `\`NotAction\` in an Allow grants every action of every service but ${left}`,
    span: spanOf(clause.entry.key) ?? clause.entry.keySpan,
    ...(wide ? {} : { level: 'info' }),
  };
}
