/** privilege-escalation: whoever holds the policy can get rights that it does not give, by steps that all are allowed. */
import type { Policy, Statement } from '../policy/policy.ts';
import { itemNaming } from './escalation/candidates.ts';
import { escalationsOf } from './escalation/find.ts';
import { amongOthers, isByWholeServices, isGrave, othersAt, stepsAt, told } from './escalation/tell.ts';
import type { Draft, RuleContext, StatementRule } from './rule.ts';

/** Source: pathfinding.cloud, Rhino Security Labs and others, as named in `server/data/privilege-escalation.json`. */
export const privilegeEscalation: StatementRule = {
  id: 'privilege-escalation',
  on: 'statement',
  summary: 'Whoever holds the policy can get rights that it does not give',
  level: 'warning',
  wave: 'second',
  kinds: ['identity'],
  effect: 'Allow',
  clause: 'Action',
  subject: 'identity',
  equivalents: [
    'checkov:CKV_AWS_110',
    'checkov:CKV_AWS_286',
    'cloudsplaining:PrivilegeEscalation',
    'parliament:PRIVILEGE_ESCALATION',
  ],
  check: checkEscalation,
};

function* checkEscalation(statement: Statement, policy: Policy, context: RuleContext): Iterable<Draft> {
  const all = escalationsOf(statement, policy, context);
  const [main, ...others] = [...all.filter(isGrave), ...all.filter((one) => !isGrave(one))];
  const item = main && itemNaming(statement, main.path.decisive[0] ?? '');
  if (!item) return;
  yield {
    message: `${told(main)}${amongOthers(others)}`,
    span: item.span,
    related: [...stepsAt(main, policy), ...othersAt(others, statement)],
    ...(isGrave(main) ? {} : { level: 'info' }),
    ...(isByWholeServices(main, statement, context.facts(statement)) ? {} : { beyond: ['wildcard-action'] }),
  };
}
