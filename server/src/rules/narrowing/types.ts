/**
 * Types: which resource types a set of actions of one service needs to be scoped to, so that each still works on some; and
 * which actions work on some resource at all. Knows no policies.
 */
import { bitsWhere, eachBit } from '../../catalog/bits.ts';
import type { ResourceType, Service } from '../../catalog/service.ts';
import type { Actions } from '../facts.ts';
import { reachOf } from '../reach.ts';

/** More types than this are not named one by one. */
const MOST_TYPES = 4;

/** Optional types of an action that are tried one by one. */
const MOST_OPTIONAL = 4;

/** Of the actions of a wildcard, the share that makes a type one of its own. */
const SHARE = 0.2;

/**
 * The types that the actions need: for the `named` ones all that they require, or one of those that they take; for each
 * of the `wild` groups, one for a wildcard, what most of them act on. Undefined where that is more than a few.
 */
export function typesFor(
  service: Service,
  named: readonly number[],
  wild: readonly (readonly number[])[],
): readonly ResourceType[] | undefined {
  const chosen = new Set<string>();
  const open: (readonly string[])[] = [];
  for (const index of named) {
    const types = service.resourcesOf(index);
    const required = types.filter((type) => type.required);
    for (const { type } of required) chosen.add(type);
    if (required.length === 0 && types.length > 0) open.push(types.map(({ type }) => type));
  }
  for (const group of wild) for (const type of commonTypes(service, group)) chosen.add(type);
  for (let left = uncovered(open, chosen); left.length > 0; left = uncovered(open, chosen)) {
    if (left.some((types) => types.length > MOST_OPTIONAL)) return undefined;
    const [best] = mostly(left.flat(), service);
    if (best === undefined) break;
    chosen.add(best);
  }
  if (chosen.size > MOST_TYPES || chosen.size === 0) return undefined;
  return service.resourceTypes.filter(({ key }) => chosen.has(key));
}

function uncovered(open: readonly (readonly string[])[], chosen: ReadonlySet<string>): readonly (readonly string[])[] {
  return open.filter((types) => !types.some((type) => chosen.has(type)));
}

/** What a good part of the actions act on, the most common first. */
function commonTypes(service: Service, indices: readonly number[]): readonly string[] {
  const all = indices.flatMap((index) => {
    const types = service.resourcesOf(index);
    const required = types.filter((type) => type.required);
    return (required.length > 0 ? required : types).map(({ type }) => type);
  });
  const counts = new Map<string, number>();
  for (const type of all) counts.set(type, (counts.get(type) ?? 0) + 1);
  return mostly(all, service)
    .filter((type, place) => place === 0 || (counts.get(type) ?? 0) >= indices.length * SHARE)
    .slice(0, MOST_TYPES - 1);
}

/** Types by how often they come; of equals the one whose ARN is the plainer: a bucket before an access point. */
function mostly(types: readonly string[], service: Service): readonly string[] {
  const counts = new Map<string, number>();
  for (const type of types) counts.set(type, (counts.get(type) ?? 0) + 1);
  const lengths = new Map(service.resourceTypes.map(({ key, arns }) => [key, arns[0]?.length ?? 0]));
  const length = (type: string) => lengths.get(type) ?? 0;
  return [...counts].sort((a, b) => b[1] - a[1] || length(a[0]) - length(b[0])).map(([type]) => type);
}

/** Those of the actions that act on a type of resource that the patterns may name. */
export function takenBy(actions: readonly Actions[], patterns: readonly string[]): readonly Actions[] {
  return actions.flatMap(({ service, bits }) => {
    const reach = reachOf(service, patterns);
    const touched = new Set(
      [...eachBit(bits)].filter((index) => service.resourcesOf(index).some(({ type }) => reach.touches(type))),
    );
    return touched.size === 0
      ? []
      : [{ service, bits: bitsWhere(service.names.length, (index) => touched.has(index)) }];
  });
}
