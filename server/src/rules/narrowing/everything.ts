/**
 * Narrows a statement that allows everything: nothing in it tells what it is for, but what stands beside it does. Each fix is
 * of safety `narrows`; whoever offers it proves it.
 */
import type { Fix } from '../../finding/finding.ts';
import type { ClauseItem, Policy, Statement } from '../../policy/policy.ts';
import { displayText } from '../../text/text.ts';
import { entryOf } from '../../value/value.ts';
import type { RuleContext } from '../rule.ts';
import { replaceInClause } from './clause-edits.ts';

/** More services than these are no choice that anybody made. */
const MOST_SERVICES = 6;

/** The service whose resources hold policies, or hand them out: that they are there tells nothing of what the policies are for. */
const IDENTITIES = 'iam';

/** Without the statement where others allow something; else with the services that the module has resources of. `everything` is the item that takes in every action. */
export function narrowEveryAccess(
  policy: Policy,
  statement: Statement,
  everything: ClauseItem,
  context: RuleContext,
): readonly Fix[] {
  return [...withoutStatement(policy, statement), ...toServices(statement, everything, context)];
}

function withoutStatement(policy: Policy, statement: Statement): readonly Fix[] {
  const others = policy.statements.filter(
    ({ effect, presence, value }) => effect.answer === 'Allow' && presence === 'always' && value !== statement.value,
  );
  const list = entryOf(policy.document, 'Statement')?.value;
  const item = list?.kind === 'list' ? list.items.find(({ value }) => value === statement.value) : undefined;
  if (list?.kind !== 'list' || !item || others.length === 0) return [];
  const name = statement.sid ? `\`${displayText(statement.sid.text)}\`` : 'the statement';
  const left = others.length === 1 ? 'the other statement allows' : `the other ${others.length} statements allow`;
  return [
    {
      title: `Remove ${name}, which leaves what ${left}`,
      safety: 'narrows',
      edits: [{ kind: 'remove-item', from: list, item }],
    },
  ];
}

function toServices({ action }: Statement, everything: ClauseItem, { things, catalog }: RuleContext): readonly Fix[] {
  const all = new Set(things.flatMap(({ type }) => catalog.typeOfThing(type)?.service ?? []));
  const services = [...all].filter((service) => service !== IDENTITIES).sort();
  if (!action || services.length === 0 || services.length > MOST_SERVICES) return [];
  const items = services.map((service) => `${service}:*`);
  const edits = replaceInClause(action, [everything], items);
  const named = items.map((one) => `\`${one}\``).join(', ');
  const title = `Narrow \`${everything.text.flat}\` to ${named}: what the module has resources of`;
  return edits ? [{ title, safety: 'narrows', edits }] : [];
}
