/** service-linked-role: a service-linked role may be made for any service, also for those that nobody meant. */
import type { Fix } from '../finding/finding.ts';
import type { Policy, Statement } from '../policy/policy.ts';
import { knownText } from '../text/text.ts';
import { addCondition } from './narrowing/conditions.ts';
import {
  isTied,
  isUnsure,
  namesService,
  partOf,
  ROLE_ACTION_CODES,
  type RoleAction,
  roleActionOf,
} from './role-action.ts';
import type { Draft, RuleContext, StatementRule } from './rule.ts';

/** Source: IAM User Guide, "Create a service-linked role"; Access Analyzer, "Create SLR with …", as recorded. */
export const serviceLinkedRole: StatementRule = {
  id: 'service-linked-role',
  on: 'statement',
  summary: 'A service-linked role may be made for any service',
  level: 'info',
  kinds: ['identity'],
  effect: 'Allow',
  clause: 'Resource',
  subject: 'document',
  accessAnalyzer: [
    'CREATE_SLR_WITH_NOT_ACTION_AND_NOT_RESOURCE',
    'CREATE_SLR_WITH_NOT_RESOURCE',
    'CREATE_SLR_WITH_STAR_IN_ACTION_AND_NOT_RESOURCE',
    'CREATE_SLR_WITH_STAR_IN_ACTION_AND_RESOURCE',
    'CREATE_SLR_WITH_STAR_IN_RESOURCE',
    'CREATE_SLR_WITH_STAR_IN_RESOURCE_AND_NOT_ACTION',
  ],
  check: checkCreation,
};

function* checkCreation(statement: Statement, _policy: Policy, { config }: RuleContext): Iterable<Draft> {
  const found = roleActionOf(statement, 'iam:createservicelinkedrole');
  if (!found) return;
  const asAnalyzer = config.preset === 'access-analyzer';
  // Who allows more than this one action by a wildcard has other findings for it, and they weigh more.
  if (found.by !== 'named' && !asAnalyzer) return;
  if (isTied(statement, ['iam:awsservicename'], asAnalyzer ? beginsWithService : namesService) !== 'no') return;
  const star = found.roles.find(({ text }) => knownText(text) === '*');
  const by = partOf(found.actions[0], found.action);
  const role = partOf(star ?? found.roles[0], found.resource);
  const counts = (star || found.on === 'rest') && !isUnsure(statement);
  const services = found.on === 'all' ? 'any service' : 'every service that it does not name';
  yield {
    message: `\`${role.name}\` lets service-linked roles be made for ${services}`,
    span: role.span,
    related: [{ span: by.span, message: `\`${by.name}\` allows it` }],
    fixes: () => tieToService(statement, found),
    ...(counts
      ? { accessAnalyzer: `CREATE_SLR_WITH_${ROLE_ACTION_CODES[found.on][found.by]}`, accessAnalyzerType: 'WARNING' }
      : {}),
  };
}

/** As recorded: `*a4b.amazonaws.com` does not tie a statement to a service, though only one is meant. */
function beginsWithService(value: string): boolean {
  return !/^[*?]/.test(value);
}

/** A condition that asks for a service, which is for the author to name. */
function tieToService(statement: Statement, { by, action }: RoleAction): readonly Fix[] {
  if (by !== 'named' || action.items.length > 1 || action.open) return [];
  const edits = addCondition(statement, 'StringEquals', 'iam:AWSServiceName', ['REPLACE_ME.amazonaws.com']);
  return edits ? [{ title: 'Let service-linked roles be made for one service only', safety: 'narrows', edits }] : [];
}
