/**
 * Narrows the passing of roles: to roles of the module or one to be named. Where the statement has other business, passing
 * moves to a statement of its own. Each fix is of safety `narrows`; whoever offers it proves it.
 */
import { oneBit } from '../../catalog/bits.ts';
import type { Fix } from '../../finding/finding.ts';
import { isPattern } from '../../policy/pattern.ts';
import type { ClauseItem, Policy, Statement } from '../../policy/policy.ts';
import type { Actions } from '../facts.ts';
import type { RuleContext } from '../rule.ts';
import { splitStatement } from './clause-edits.ts';
import { narrowResources } from './resources.ts';

/** The fixes for the items that take in every role; `passing` are the actions that let roles be passed. */
export function narrowPassRole(
  policy: Policy,
  statement: Statement,
  passing: readonly ClauseItem[],
  anyRole: readonly ClauseItem[],
  context: RuleContext,
): readonly Fix[] {
  const { action } = statement;
  const iam = context.catalog.service('iam');
  if (!action || !iam) return [];
  const alone = action.items.length === passing.length;
  if (alone || passing.some(({ text }) => isPattern(text.flat)))
    return narrowResources(policy, statement, anyRole, context.facts(statement).unscoped, context);
  const split = splitStatement(policy, statement, passing);
  const own: Statement = { ...statement, action: { ...action, items: passing } };
  const only: Actions = { service: iam, bits: oneBit(iam.names.length, iam.names.indexOf('PassRole')) };
  return split
    ? narrowResources(policy, own, anyRole, [only], context).map(
        (fix): Fix => ({
          ...fix,
          title: `Give \`iam:PassRole\` a statement of its own: ${lowerFirst(fix.title)}`,
          edits: [...split.here, split.copy(fix.edits)],
        }),
      )
    : [];
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
