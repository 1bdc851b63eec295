/** Reach: which resource types the resource patterns of a statement touch, and which they take in whole. Each type is asked about once. */
import { canBe, templateGlob } from '../catalog/resource-types.ts';
import type { Action, ResourceType, Service } from '../catalog/service.ts';
import { globIncludes } from '../policy/pattern.ts';

/** What some patterns have to do with the types of one service; types that the service does not define count as touched. */
export interface Reach {
  /** Whether some resource of the type matches a pattern: no is definite. */
  readonly touches: (type: string) => boolean;
  /** Whether every resource of the type matches one of the patterns: yes is definite. */
  readonly covers: (type: string) => boolean;
}

/** The reach of known patterns among the types of a service. */
export function reachOf(service: Service, patterns: readonly string[]): Reach {
  const types = typesByKey(service);
  const ask = (answer: (type: ResourceType) => boolean, without: boolean) => {
    const known = new Map<string, boolean>();
    return (key: string) => {
      const before = known.get(key);
      if (before !== undefined) return before;
      const type = types.get(key);
      const now = type ? answer(type) : without;
      known.set(key, now);
      return now;
    };
  };
  return {
    touches: ask((type) => patterns.some((pattern) => canBe(pattern, type)), true),
    covers: ask(
      (type) =>
        type.arns.length > 0 &&
        type.arns.every((arn) => patterns.some((pattern) => globIncludes(pattern, templateGlob(arn)))),
      false,
    ),
  };
}

const TYPES = new WeakMap<Service, ReadonlyMap<string, ResourceType>>();

function typesByKey(service: Service): ReadonlyMap<string, ResourceType> {
  const known = TYPES.get(service) ?? new Map(service.resourceTypes.map((type) => [type.key, type] as const));
  TYPES.set(service, known);
  return known;
}

/**
 * Whether an action reaches every resource that it can by these patterns: of the types that it needs (or takes, where it
 * needs none), some are touched, and those in whole.
 */
export function reachesAll(action: Action, reach: Reach): boolean {
  const needsSome = action.resourceTypes.some((type) => type.required);
  let touched = false;
  for (const { type, required } of action.resourceTypes) {
    if ((needsSome && !required) || !reach.touches(type)) continue;
    if (!reach.covers(type)) return false;
    touched = true;
  }
  return touched;
}

/** Whether the ARN's service field is the service's prefix, or has a wildcard. */
export function mayBeOf(pattern: string, service: Service): boolean {
  const field = pattern.split(':', 3)[2] ?? '';
  return field.includes('*') || field === service.prefix;
}
