/** action-resource-mismatch: an action that none of the statement's resources can be a resource of, so that it has no effect there. */
import { eachBit } from '../catalog/bits.ts';
import type { Match } from '../catalog/match.ts';
import type { Clause, Policy, Statement } from '../policy/policy.ts';
import { displayText } from '../text/text.ts';
import { canReach } from './facts.ts';
import type { Draft, RuleContext, StatementRule } from './rule.ts';

/** Source: Service Authorization Reference, "Resource types": an action without any can only be granted on `*`. */
export const actionResourceMismatch: StatementRule = {
  id: 'action-resource-mismatch',
  on: 'statement',
  summary: 'An action matches none of the resources of its statement',
  level: 'warning',
  kinds: ['identity', 'boundary', 'session'],
  clause: 'Resource',
  subject: 'document',
  equivalents: ['parliament:RESOURCE_MISMATCH'],
  check: checkActions,
};

function* checkActions(statement: Statement, _policy: Policy, { facts }: RuleContext): Iterable<Draft> {
  const { action, resource } = statement;
  if (!action || action.negated || !resource || resource.negated || resource.open || resource.items.length === 0)
    return;
  if (resource.items.some((item) => !item.text.flat.startsWith('arn:'))) return;
  const { items } = facts(statement);
  const mismatched = action.items.filter((_, index) => matchesNone(items[index] ?? [], resource));
  const [first] = mismatched;
  if (!first) return;
  const matches = items[action.items.indexOf(first)] ?? [];
  yield {
    message: messageOf(displayText(first.text), matches, resource),
    span: first.span,
    related: mismatched
      .slice(1)
      .map((item) => ({ span: item.span, message: `\`${displayText(item.text)}\` matches none of them either` })),
  };
}

/** Whether the pattern takes in actions, and none of them can reach any of the resources. */
function matchesNone(matches: readonly Match[], resource: Clause): boolean {
  if (matches.length === 0) return false;
  return matches.every(({ service, bits }) => {
    for (const index of eachBit(bits)) {
      const action = service.actions[index];
      if (!action || resource.items.some((item) => canReach(action, service, item.text))) return false;
    }
    return true;
  });
}

function messageOf(pattern: string, matches: readonly Match[], resource: Clause): string {
  const types = typesOf(matches);
  const resources =
    resource.items.length === 1 && resource.items[0] ? `\`${displayText(resource.items[0].text)}\`` : 'these resources';
  if (types.length === 0)
    return `\`${pattern}\` has no effect on ${resources}, since it cannot be scoped and needs \`*\``;
  const named = types
    .slice(0, 3)
    .map((type) => `\`${type}\``)
    .join(', ');
  return `\`${pattern}\` has no effect on ${resources}, since it acts on ${named}${types.length > 3 ? ' and others' : ''}`;
}

/** The types that the actions act on: required ones before others, plain names before long ones. */
function typesOf(matches: readonly Match[]): readonly string[] {
  const all = matches.flatMap(({ service, bits }) =>
    [...eachBit(bits)].flatMap((index) => service.actions[index]?.resourceTypes ?? []),
  );
  const ordered = [...all].sort(
    (a, b) => Number(b.required) - Number(a.required) || a.type.length - b.type.length || a.type.localeCompare(b.type),
  );
  return [...new Set(ordered.map(({ type }) => type))];
}
