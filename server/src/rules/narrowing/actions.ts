/**
 * Narrows a wildcard in an Allow's Action: to what the statement's own resources can take, to reading and listing, to what
 * it takes in today. Says each as a fix of safety `narrows`; whoever offers it proves it.
 */
import { and, countBits, isEmpty, or } from '../../catalog/bits.ts';
import { matchesEverything } from '../../catalog/match.ts';
import type { Service } from '../../catalog/service.ts';
import type { Fix } from '../../finding/finding.ts';
import type { ClauseItem, Policy, Statement } from '../../policy/policy.ts';
import { type Actions, countActions } from '../facts.ts';
import type { RuleContext } from '../rule.ts';
import { definiteArns } from './arns.ts';
import { replaceInClause } from './clause-edits.ts';
import { itemsFor, removalOf } from './names.ts';
import { narrowToTasks } from './tasks.ts';
import { takenBy } from './types.ts';

/** Names that a list may have before it becomes patterns, or is not offered. */
const MOST_NAMES = 40;
const MOST_TODAY = 60;

/** The fixes for one item that is a known pattern, best first. */
export function narrowAction(
  item: ClauseItem,
  pattern: string,
  statement: Statement,
  policy: Policy,
  context: RuleContext,
): readonly Fix[] {
  const { catalog } = context;
  if (matchesEverything(pattern)) return narrowEverything(item, pattern, statement, catalog.service);
  const before: readonly Actions[] = catalog.match(pattern);
  const patterns = definiteArns(statement);
  const taken = patterns ? takenBy(before, patterns) : before;
  const reading = readingOf(taken);
  const [all, own, reads] = [countActions(before), countActions(taken), countActions(reading)];
  const scoped = own > 0 && own < all;
  const here = scoped ? ' that the resources here can take' : '';
  const narrow = `Narrow \`${pattern}\` to the`;
  const offers: readonly Offer[] = [
    ...(scoped ? [{ to: taken, title: `${narrow} ${counted(own, 'action')}${here}` }] : []),
    ...(reads < own ? [{ to: reading, title: `${narrow} ${counted(reads, 'read and list action')}${here}` }] : []),
  ];
  const tasks = narrowToTasks(policy, statement, item, context);
  return [
    ...tasks.meant,
    ...offers.flatMap(({ to, title }) =>
      toFix(item, statement, itemsFor(to, MOST_NAMES), `${title} (${removalOf(before, to)})`),
    ),
    ...tasks.others,
    ...(all <= MOST_TODAY ? toFix(item, statement, itemsFor(before, MOST_TODAY), today(pattern, all)) : []),
  ];
}

/** What a wildcard may become. */
interface Offer {
  readonly to: readonly Actions[];
  readonly title: string;
}

function today(pattern: string, count: number): string {
  return `Spell out the ${counted(count, 'action')} that \`${pattern}\` takes in today (removes those of tomorrow)`;
}

function toFix(
  item: ClauseItem,
  { action }: Statement,
  items: readonly string[] | undefined,
  title: string,
): readonly Fix[] {
  const edits = items && action && replaceInClause(action, [item], items);
  return edits ? [{ title, safety: 'narrows', edits }] : [];
}

function counted(count: number, noun: string): string {
  return count === 1 ? `one ${noun}` : `${count} ${noun}s`;
}

/** `*` on resources of some services becomes those services. */
function narrowEverything(
  item: ClauseItem,
  pattern: string,
  statement: Statement,
  service: (prefix: string) => Service | undefined,
): readonly Fix[] {
  const prefixes = [...new Set((definiteArns(statement) ?? []).map((arn) => arn.split(':', 3)[2] ?? ''))];
  if (prefixes.length === 0 || !prefixes.every((prefix) => service(prefix))) return [];
  const items = prefixes.map((prefix) => `${prefix}:*`);
  const edits = statement.action && replaceInClause(statement.action, [item], items);
  const named = items.map((one) => `\`${one}\``).join(' and ');
  return edits
    ? [{ title: `Narrow \`${pattern}\` to ${named}, the services of its resources`, safety: 'narrows', edits }]
    : [];
}

function readingOf(actions: readonly Actions[]): readonly Actions[] {
  return actions.flatMap(({ service, bits }) => {
    const reads = and(bits, or(service.levels.Read, service.levels.List));
    return isEmpty(reads) || countBits(reads) === 0 ? [] : [{ service, bits: reads }];
  });
}
