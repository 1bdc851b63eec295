/**
 * Narrows the passing of roles: to the services whose actions the policy allows beside, to roles of the module or to one
 * to be named. Where the statement has other business, passing moves to a statement of its own. Each fix is of safety
 * `narrows`; whoever offers it proves it.
 */
import { hasBit, oneBit } from '../../catalog/bits.ts';
import { roleReceivers } from '../../catalog/passed-roles.ts';
import type { Fix } from '../../finding/finding.ts';
import { PLACEHOLDER } from '../../finding/placeholder.ts';
import { isPattern } from '../../policy/pattern.ts';
import type { Policy, Statement } from '../../policy/policy.ts';
import type { Actions } from '../facts.ts';
import { isTied, namesService, type RoleAction } from '../role-action.ts';
import type { RuleContext } from '../rule.ts';
import { splitStatement } from './clause-edits.ts';
import { addCondition } from './conditions.ts';
import { lowerFirst } from './names.ts';
import { narrowResources } from './resources.ts';

/** The fixes for a statement that lets any role be passed. */
export function narrowPassRole(
  policy: Policy,
  statement: Statement,
  found: RoleAction,
  context: RuleContext,
): readonly Fix[] {
  const { action, actions, roles } = found;
  const iam = context.catalog.service('iam');
  if (!iam) return [];
  const alone = action.items.length === actions.length;
  const wildcard = actions.some(({ text }) => isPattern(text.flat));
  const { unscoped } = context.facts(statement);
  if (found.by === 'negated' || wildcard) return narrowResources(policy, statement, roles, unscoped, context);
  if (alone)
    return [
      ...narrowResources(policy, statement, roles, unscoped, context),
      ...tieToServices(policy, statement, context),
    ];
  const split = splitStatement(policy, statement, actions);
  const own: Statement = { ...statement, action: { ...action, items: actions } };
  const only: Actions = { service: iam, bits: oneBit(iam.names.length, iam.names.indexOf('PassRole')) };
  return split
    ? [...narrowResources(policy, own, roles, [only], context), ...tieToServices(policy, own, context)].map(
        (fix): Fix => ({
          ...fix,
          title: `Give \`iam:PassRole\` a statement of its own: ${lowerFirst(fix.title)}`,
          edits: [...split.here, split.copy(fix.edits)],
        }),
      )
    : [];
}

/** More services than these are no choice that anybody made. */
const MOST_SERVICES = 4;

/**
 * Lets roles be passed to some services only: to those that get roles by actions which the policy allows, else to one to be
 * filled in. For a statement that allows nothing but the passing of roles; none where a condition names services already, or may.
 */
export function tieToServices(policy: Policy, statement: Statement, context: RuleContext): readonly Fix[] {
  if (isTied(statement, ['iam:passedtoservice'], namesService) !== 'no') return [];
  const services = receiversIn(policy, context);
  const known = services.length > 0 && services.length <= MOST_SERVICES;
  const values = known ? services : [`${PLACEHOLDER}SERVICE.amazonaws.com`];
  const edits = addCondition(statement, 'StringEquals', 'iam:PassedToService', values);
  const names = known ? services.map((service) => `\`${service}\``).join(' and ') : 'one service';
  const title = `Let roles be passed to ${names} only${known ? '' : ', to be filled in'}`;
  return edits ? [{ title, safety: 'narrows', edits }] : [];
}

/** The services that get roles by actions that the policy allows for certain. */
function receiversIn(policy: Policy, { facts }: RuleContext): readonly string[] {
  const allowed = policy.statements
    .filter(({ effect, presence }) => effect.answer === 'Allow' && presence === 'always')
    .flatMap((one) => facts(one).actions);
  return roleReceivers().flatMap(({ principal, actions }) =>
    actions.some((name) => allowed.some((some) => isAmong(name, some))) ? [principal] : [],
  );
}

function isAmong(name: string, { service, bits }: Actions): boolean {
  const [prefix, action = ''] = name.split(':');
  const index = prefix === service.prefix ? service.names.indexOf(action) : -1;
  return index >= 0 && hasBit(bits, index);
}
