/**
 * Wildcards: names of a clause's actions as the fewest patterns that take in the same today, and a pattern as the names that
 * it takes in. Neither holds for what AWS adds: whoever offers it says so.
 */
import { andNot, type Bits, eachBit, or } from '../../catalog/bits.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import { matchesEverything } from '../../catalog/match.ts';
import type { Service } from '../../catalog/service.ts';
import { shrinkActions } from '../../catalog/shrink.ts';
import type { Edit } from '../../finding/edit.ts';
import { globIncludes, isPattern } from '../../policy/pattern.ts';
import type { Clause, ClauseItem } from '../../policy/policy.ts';
import { knownText } from '../../text/text.ts';
import { replaceInClause } from '../narrowing/clause-edits.ts';

/** Items that become others; `before` and `after` count them. */
export interface Reshaped {
  readonly items: readonly ClauseItem[];
  readonly plain: readonly string[];
  readonly edits: readonly Edit[];
}

/** The names of the clause, or those of one service, as fewer patterns; undefined where that makes them no fewer. Patterns that stand there stay, or lie in the new ones. */
export function shrinkClause(clause: Clause, catalog: Catalog, only?: string): Reshaped | undefined {
  const { items, plain } = shrinkItems(clause.items, catalog, only);
  const edits = items.length > plain.length ? replaceInClause(clause, items, plain) : undefined;
  return edits && { items, plain, edits };
}

/** The items that become patterns, and these; none where that makes them no fewer. */
export function shrinkItems(
  all: readonly ClauseItem[],
  catalog: Catalog,
  only?: string,
): { readonly items: readonly ClauseItem[]; readonly plain: readonly string[] } {
  const services = [...groupsOf(all, catalog)].filter(([{ prefix }]) => only === undefined || prefix === only);
  const shrunk = services.flatMap(([service, group]) => shrinkGroup(service, group) ?? []);
  return {
    items: all.filter((item) => shrunk.some((one) => one.items.includes(item))),
    plain: shrunk.flatMap((one) => one.plain),
  };
}

/** The items of one service: names with their bits, and patterns with theirs. */
interface Group {
  readonly names: ClauseItem[];
  readonly patterns: { readonly item: ClauseItem; readonly pattern: string; readonly bits: Bits }[];
  named: Bits;
}

function groupsOf(items: readonly ClauseItem[], catalog: Catalog): ReadonlyMap<Service, Group> {
  const groups = new Map<Service, Group>();
  for (const item of items) {
    const text = item.presence === 'always' ? knownText(item.text)?.toLowerCase() : undefined;
    const service = text === undefined ? undefined : catalog.service(text.slice(0, text.indexOf(':')));
    const [match, more] = text === undefined ? [] : catalog.match(text);
    if (!service || !match || more || text === undefined) continue;
    const group: Group = groups.get(service) ?? { names: [], patterns: [], named: new Uint32Array(0) };
    groups.set(service, group);
    if (isPattern(text)) group.patterns.push({ item, pattern: text, bits: match.bits });
    else {
      group.names.push(item);
      group.named = or(group.named, match.bits);
    }
  }
  return groups;
}

function shrinkGroup(
  service: Service,
  { names, patterns, named }: Group,
): { readonly items: readonly ClauseItem[]; readonly plain: readonly string[] } | undefined {
  if (names.length < 2) return undefined;
  const wild = patterns.reduce<Bits>((all, { bits }) => or(all, bits), new Uint32Array(0));
  const together = shrinkActions(service, or(named, wild));
  const lower = together.map((pattern) => pattern.toLowerCase());
  const takesIn = patterns.every(({ pattern }) => lower.some((outer) => globIncludes(outer, pattern)));
  if (takesIn) return fewer([...names, ...patterns.map(({ item }) => item)], together);
  return fewer(names, shrinkActions(service, andNot(named, wild)));
}

function fewer(items: readonly ClauseItem[], plain: readonly string[]) {
  return plain.length < items.length ? { items, plain } : undefined;
}

/** Names that one pattern may become. */
const MOST_NAMES = 120;

/** A pattern as the names that it takes in today and that the clause does not name itself; undefined where it is none, or takes in nothing or too much. */
export function expandItem(clause: Clause, item: ClauseItem, catalog: Catalog): Reshaped | undefined {
  const pattern = item.presence === 'always' ? knownText(item.text) : undefined;
  if (pattern === undefined || !isPattern(pattern) || matchesEverything(pattern)) return undefined;
  const matches = catalog.match(pattern);
  if (matches.reduce((sum, { count }) => sum + count, 0) > MOST_NAMES) return undefined;
  const others = new Set(clause.items.map(({ text }) => text.flat.toLowerCase()));
  const names = matches.flatMap(({ service, bits }) => namesIn(service, bits));
  const plain = names.filter((name) => !others.has(name.toLowerCase()));
  const edits = plain.length > 0 ? replaceInClause(clause, [item], plain) : undefined;
  return edits && { items: [item], plain, edits };
}

/** The names of the actions, with prefix. */
export function namesIn({ prefix, names }: Service, bits: Bits): readonly string[] {
  return [...eachBit(bits)].map((index) => `${prefix}:${names[index] ?? ''}`);
}
