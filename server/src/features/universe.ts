/** Universe: what the catalog knows of actions and their resources, in the form that witnesses are made of. Answers nothing by itself. */
import type { Universe } from '../access/universe.ts';
import { eachBit } from '../catalog/bits.ts';
import type { Catalog } from '../catalog/catalog.ts';

/** The catalog as a universe. Reads a service's slice when one of its actions is asked about. */
export function universeOf(catalog: Catalog): Universe {
  return {
    *actions(pattern) {
      for (const { service, bits } of catalog.match(pattern))
        for (const index of eachBit(bits)) yield `${service.prefix}:${service.names[index] ?? ''}`;
    },
    resources(name) {
      const action = catalog.action(name);
      const types = catalog.service(action?.service ?? '')?.resourceTypes ?? [];
      const own = action?.resourceTypes.map(({ type }) => type.toLowerCase()) ?? [];
      return types.filter(({ key }) => own.includes(key.toLowerCase())).flatMap(({ arns }) => arns);
    },
  };
}
