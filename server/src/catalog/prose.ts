/**
 * Prose: what people read about a service, from its own part of `catalog.bin`, so that rules never parse a description.
 * The writing side is `scripts/update-catalog.mjs`. Never throws: text that is none says nothing.
 */
import { understood } from './slices.ts';

/** What people read about a service, by the indices of its actions and keys. */
export interface Prose {
  readonly description: (action: number) => string;
  readonly dependentActions: (action: number) => readonly string[];
  readonly permissionOnly: (action: number) => boolean;
  readonly url: (action: number, name: string) => string | undefined;
  readonly key: (key: number) => string;
}

/** The prose of a service; where the text is none, nothing is said of anything. */
export function decodeProse(text: string): Prose {
  const [stems, keys, dependents, actions] = understood(text, (json) => JSON.parse(json) as ProseData) ?? NO_PROSE;
  return {
    description: (index) => {
      const [description] = actions[index] ?? ['='];
      return description.startsWith('=') ? description.slice(1) : DESCRIPTION_OPENING + description;
    },
    dependentActions: (index) => dependents[actions[index]?.[1] ?? 0] ?? [],
    permissionOnly: (index) => actions[index]?.[3] === 1,
    url: (index, name) => decodeAddress(actions[index]?.[2] ?? 0, name, stems),
    key: (index) => keys[index] ?? '',
  };
}

/** 0: none. A number n: stem n-1 and the usual page of an API operation. `n:rest`: stem n-1 and the rest. */
function decodeAddress(address: number | string, action: string, stems: readonly string[]): string | undefined {
  if (address === 0) return undefined;
  if (typeof address === 'number') return `${stems[address - 1] ?? ''}API_${action}.html`;
  const colon = address.indexOf(':');
  return (stems[Number(address.slice(0, colon)) - 1] ?? '') + address.slice(colon + 1);
}

/** Keys and actions in the order of the slice. */
type ProseData = readonly [
  stems: readonly string[],
  keys: readonly string[],
  dependents: readonly (readonly string[])[],
  actions: readonly (readonly [
    description: string,
    dependents?: number,
    address?: number | string,
    permissionOnly?: number,
  ])[],
];

const NO_PROSE: ProseData = [[], [], [[]], []];

const DESCRIPTION_OPENING = 'Grants permission to ';
