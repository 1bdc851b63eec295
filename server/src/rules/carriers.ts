/** Carriers: which actions of a service put a condition key into their requests, by the service reference. Sets of bits, computed once. */
import { type Bits, bitsWhere } from '../catalog/bits.ts';
import type { ConditionKey, Service } from '../catalog/service.ts';

/** The actions that list the key: for themselves, for a resource type as they use it, or for the type itself. Reads the service's slice. */
export function carriersOf(service: Service, key: ConditionKey): Bits {
  const name = key.name.toLowerCase();
  return remembered(service, name, (listed) => listed === name);
}

/** The actions that list any key about tags of the resource or of the request. */
export function tagCarriersOf(service: Service): Bits {
  return remembered(service, TAGS, (listed) => /^aws:(resourcetag\/|requesttag\/|tagkeys$)/.test(listed));
}

const TAGS = '*tags*';

function remembered(service: Service, name: string, is: (listed: string) => boolean): Bits {
  const known = KNOWN.get(service) ?? new Map<string, Bits>();
  KNOWN.set(service, known);
  const before = known.get(name);
  if (before) return before;
  const bits = carriers(service, is);
  known.set(name, bits);
  return bits;
}

const KNOWN = new WeakMap<Service, Map<string, Bits>>();

function carriers(service: Service, is: (listed: string) => boolean): Bits {
  const fits = (names: readonly string[]) => names.some((name) => is(name.toLowerCase()));
  const types = new Set(service.resourceTypes.filter((type) => fits(type.conditionKeys)).map((type) => type.key));
  return bitsWhere(service.names.length, (index) => {
    const action = service.at(index);
    if (!action) return true;
    return (
      fits(action.conditionKeys) || action.resourceTypes.some((use) => types.has(use.type) || fits(use.conditionKeys))
    );
  });
}
