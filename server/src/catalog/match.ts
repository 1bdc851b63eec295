/**
 * Match: which actions a pattern of a policy takes in, as sets of bits. Letter case never counts; what AWS does not define
 * is not matched. Source: IAM User Guide, "IAM JSON policy elements: Action".
 */
import { globMatches, isPattern } from '../policy/pattern.ts';
import { type Bits, bitsWhere, countBits, fullBits, oneBit } from './bits.ts';
import type { Service } from './service.ts';
import type { ServiceTable } from './service-table.ts';

/** The actions of one service that a pattern takes in; at least one. `bits` index `service.actions`. */
export interface Match {
  readonly service: Service;
  readonly bits: Bits;
  readonly count: number;
}

/** Answers with the same list for patterns that differ in case only; keeps the last {@link MOST_PATTERNS} or so. */
export function matcher(table: ServiceTable): (pattern: string) => readonly Match[] {
  let known = new Map<string, readonly Match[]>();
  return (pattern) => {
    const lower = pattern.toLowerCase();
    const answer = known.get(lower);
    if (answer) return answer;
    if (known.size >= MOST_PATTERNS) known = new Map();
    const matches = matchesOf(table, lower);
    known.set(lower, matches);
    return matches;
  };
}

/** Whether the pattern takes in every action of every service: `*`, `*:*`. Needs no catalog. */
export function matchesEverything(pattern: string): boolean {
  return /^\*+(:\*+)?$/.test(pattern);
}

/**
 * No name of a service or an action has a colon. So a pattern with one colon is matched on each side of it, one without
 * against `service:Name` as a whole, and one with more matches nothing.
 */
function matchesOf(table: ServiceTable, pattern: string): readonly Match[] {
  const [prefix = '', name, more] = pattern.split(':');
  if (more !== undefined) return [];
  if (matchesEverything(pattern)) return table.all().flatMap((service) => wholeService(table, service));
  if (name === undefined) return isPattern(pattern) ? acrossServices(table, table.all(), pattern, 'whole') : [];
  if (!isPattern(prefix)) return withinService(table, table.find(prefix), name);
  return acrossServices(
    table,
    table.all().filter((service) => globMatches(prefix, service.prefix)),
    name,
    'name',
  );
}

function withinService(table: ServiceTable, service: Service | undefined, name: string): readonly Match[] {
  if (!service) return [];
  if (EVERY_NAME.test(name)) return wholeService(table, service);
  if (isPattern(name)) return byName(table, service, (lower) => globMatches(name, lower));
  const index = table.indexOf(service, name);
  return index === undefined ? [] : [{ service, bits: oneBit(table.size(service), index), count: 1 }];
}

function acrossServices(
  table: ServiceTable,
  services: readonly Service[],
  pattern: string,
  against: 'name' | 'whole',
): readonly Match[] {
  if (against === 'name' && EVERY_NAME.test(pattern))
    return services.flatMap((service) => wholeService(table, service));
  if (services.length > FEW) table.readAllNames();
  return services.flatMap((service) => {
    const before = against === 'whole' ? `${service.prefix}:` : '';
    return byName(table, service, (lower) => globMatches(pattern, before + lower));
  });
}

function byName(table: ServiceTable, service: Service, holds: (lowerName: string) => boolean): readonly Match[] {
  const names = table.lowerNames(service);
  const bits = bitsWhere(names.length, (index) => holds(names[index] ?? ''));
  const count = countBits(bits);
  return count === 0 ? [] : [{ service, bits, count }];
}

function wholeService(table: ServiceTable, service: Service): readonly Match[] {
  const count = table.size(service);
  return count === 0 ? [] : [{ service, bits: fullBits(count), count }];
}

const EVERY_NAME = /^\*+$/;

/** Above this many services, reading the names of all is cheaper than one by one. */
const FEW = 8;

/** Patterns kept before the memory starts anew. */
const MOST_PATTERNS = 2048;
