/**
 * Risks: what rules about dangerous actions share: which of them an Allow grants, on everything or on what is named, and
 * what holds it back. One finding a statement. Certain knowledge only.
 */
import { and, type Bits, eachBit, hasBit, isEmpty } from '../catalog/bits.ts';
import { type Risk, risksOf } from '../catalog/risks.ts';
import type { Service } from '../catalog/service.ts';
import { takesAway } from '../identities/denying.ts';
import { isPattern } from '../policy/pattern.ts';
import type { ClauseItem, Policy, Statement } from '../policy/policy.ts';
import { bindingOf } from './binding.ts';
import type { Facts } from './facts.ts';
import type { Draft, RuleContext } from './rule.ts';
import { unscopedResource } from './unscoped-resource.ts';

/** An action of a rule's table that a statement grants. */
interface Hit {
  readonly risk: Risk;
  /** With prefix. */
  readonly action: string;
  readonly service: Service;
  readonly index: number;
  readonly on: 'everything' | 'what is named';
  readonly item: ClauseItem;
}

/** What the rule has to say of the statement: the gravest of its risks, with all actions that belong to any. */
export function* risksIn(rule: string, statement: Statement, policy: Policy, context: RuleContext): Iterable<Draft> {
  const facts = context.facts(statement);
  const hits = hitsOf(rule, statement, facts);
  if (hits.length === 0 || policy.open) return;
  const binding = bindingOf(statement);
  if (binding === 'narrowed' || binding === 'unknown') return;
  const held = hits.filter((hit) => !mayBeDenied(hit, policy));
  const certain = binding === 'free' && statement.presence === 'always';
  const [main, ...others] = certain ? [...held.filter(isGrave), ...held.filter((hit) => !isGrave(hit))] : held;
  if (!main) return;
  const same = held.filter((hit) => hit.risk === main.risk && hit.on === main.on);
  const story = main.on === 'everything' ? main.risk.story.any : main.risk.story.named;
  yield {
    message: `${named(same)} holder ${story}`,
    span: main.item.span,
    related: others
      .filter((hit) => !same.includes(hit))
      .flatMap(alsoAt)
      .slice(0, MOST_TOLD),
    ...(certain && isGrave(main) ? beside(main, held, statement, policy, context) : { level: 'info' }),
  };
}

/** Other actions that are told beside the first. */
const MOST_TOLD = 3;

function alsoAt(hit: Hit): NonNullable<Draft['related']> {
  const story = hit.on === 'everything' ? hit.risk.story.any : hit.risk.story.named;
  return [{ span: hit.item.span, message: `also: \`${hit.action}\` lets its holder ${story}` }];
}

function isGrave({ risk, on }: Hit): boolean {
  return risk.level === 'warning' && on === 'everything';
}

/** "`kms:DisableKey` and 2 more actions let their" */
function named([first, ...others]: readonly Hit[]): string {
  const name = `\`${first?.action ?? ''}\``;
  if (others.length === 0) return `${name} lets its`;
  return others.length === 1
    ? `${name} and \`${others[0]?.action}\` let their`
    : `${name} and ${others.length} more actions let their`;
}

/**
 * How a grave finding stands beside those that say less. Where nothing else of the statement is unscoped it stands for the
 * finding about resources, and offers its ways out.
 */
function beside(
  main: Hit,
  held: readonly Hit[],
  statement: Statement,
  policy: Policy,
  context: RuleContext,
): Partial<Draft> {
  const { unscoped, items } = context.facts(statement);
  const matches = items[statement.action?.items.indexOf(main.item) ?? -1] ?? [];
  if (isPattern(main.item.text.flat) && matches.some(takesWhole)) return { beyond: ['unscoped-resource'] };
  const isAll = unscoped.every(({ service, bits }) =>
    [...eachBit(bits)].every((index) => held.some((hit) => hit.service === service && hit.index === index)),
  );
  const beyond = ['unscoped-resource', 'wildcard-action'];
  if (!isAll) return { beyond };
  const fixes = () => [...unscopedResource.check(statement, policy, context)].flatMap((one) => one.fixes?.() ?? []);
  return { beyond, implies: ['unscoped-resource'], fixes };
}

/** Whether a wildcard is a finding of its own: all of a service, or rights to change permissions. */
function takesWhole({ service, bits, count }: { service: Service; bits: Bits; count: number }): boolean {
  return count === service.names.length || !isEmpty(and(bits, service.levels['Permissions management']));
}

function mayBeDenied({ action }: Hit, { statements }: Policy): boolean {
  const denies = statements.filter(({ effect }) => effect.answer === 'Deny' || effect.answer === 'unknown');
  return denies.some((deny) =>
    takesAway(deny, action.toLowerCase(), ANYWHERE, { actions: [], resources: [], when: {} }),
  );
}

const ANYWHERE = { pattern: '*', wide: '*', name: '*' };

/** The actions of the rule's table that the statement grants, by the order of the table; written out ones first in each risk. */
function hitsOf(rule: string, statement: Statement, facts: Facts): readonly Hit[] {
  const table = tableOf(rule);
  const hits: Hit[] = [];
  for (const { service, bits } of facts.actions) {
    const rows = table.get(service.prefix);
    if (!rows) continue;
    const unscoped = facts.unscoped.find((one) => one.service === service)?.bits;
    for (const [index, risk] of rows(service)) {
      if (!hasBit(bits, index)) continue;
      const on = placeOf(service, index, unscoped, facts);
      const item = on && (on === 'everything' || risk.named) ? itemOf(statement, service, index, facts) : undefined;
      if (on && item)
        hits.push({ risk, action: `${service.prefix}:${service.names[index]}`, service, index, on, item });
    }
  }
  if (hits.length < 2) return hits;
  const order = (hit: Hit) =>
    (hit.on === 'everything' ? 0 : 1000) +
    risksFor(rule).indexOf(hit.risk) * 2 +
    (isPattern(hit.item.text.flat) ? 1 : 0);
  return hits.sort((a, b) => order(a) - order(b));
}

/** Undefined where the action reaches nothing. */
function placeOf(service: Service, index: number, unscoped: Bits | undefined, facts: Facts): Hit['on'] | undefined {
  if (unscoped && hasBit(unscoped, index)) return 'everything';
  if (hasBit(service.scopable, index)) return 'what is named';
  return facts.everyResource ? 'everything' : undefined;
}

/** The item that grants the action: the most literal one. */
function itemOf({ action }: Statement, service: Service, index: number, { items }: Facts): ClauseItem | undefined {
  const all = (action?.items ?? []).filter(
    ({ presence }, i) =>
      presence === 'always' && items[i]?.some((match) => match.service === service && hasBit(match.bits, index)),
  );
  return all.find(({ text }) => !isPattern(text.flat)) ?? all[0];
}

type Rows = (service: Service) => ReadonlyMap<number, Risk>;

const RISKS = new Map<string, readonly Risk[]>();
const TABLES = new Map<string, ReadonlyMap<string, Rows>>();

function risksFor(rule: string): readonly Risk[] {
  const known = RISKS.get(rule) ?? risksOf(rule);
  RISKS.set(rule, known);
  return known;
}

/** The rule's actions by prefix, found among those of the service once it is at hand. */
function tableOf(rule: string): ReadonlyMap<string, Rows> {
  const known = TABLES.get(rule);
  if (known) return known;
  const names = new Map<string, Map<string, Risk>>();
  for (const risk of risksFor(rule)) {
    for (const action of risk.actions) {
      const [prefix = '', name = ''] = action.split(':');
      const own = names.get(prefix) ?? new Map<string, Risk>();
      names.set(prefix, own.set(name, risk));
    }
  }
  const table = new Map([...names].map(([prefix, own]) => [prefix, rowsOf(own)] as const));
  TABLES.set(rule, table);
  return table;
}

function rowsOf(names: ReadonlyMap<string, Risk>): Rows {
  const known = new WeakMap<Service, ReadonlyMap<number, Risk>>();
  return (service) => {
    const before = known.get(service);
    if (before) return before;
    const rows = new Map([...names].map(([name, risk]) => [service.names.indexOf(name), risk] as const));
    known.set(service, rows);
    return rows;
  };
}
