/** Names: sets of actions as items of a clause, and in words. Knows no policies. */
import { and, andNot, type Bits, countBits, eachBit, isEmpty, or } from '../../catalog/bits.ts';
import type { Service } from '../../catalog/service.ts';
import { shrinkActions } from '../../catalog/shrink.ts';
import type { Actions } from '../facts.ts';

/** The actions as items: their names, or, where these are too many, patterns that take in nothing else today. Undefined where there are too many of both, or none. */
export function itemsFor(actions: readonly Actions[], mostNames: number): readonly string[] | undefined {
  const names = actions.flatMap(({ service, bits }) =>
    [...eachBit(bits)].map((index) => `${service.prefix}:${service.names[index] ?? ''}`),
  );
  if (names.length === 0) return undefined;
  if (names.length <= mostNames) return names;
  const patterns = actions.flatMap(({ service, bits }) => shrinkActions(service, bits));
  return patterns.length <= MOST_PATTERNS ? patterns : undefined;
}

const MOST_PATTERNS = 20;

/** `removes 51 actions, 33 of them write`; `which` are words that say of what kind they all are. */
export function removalOf(before: readonly Actions[], after: readonly Actions[], which = ''): string {
  const gone = withoutActions(before, after);
  const count = (pick: (one: Actions) => Bits) => gone.reduce((sum, one) => sum + countBits(pick(one)), 0);
  const all = count(({ bits }) => bits);
  const writing = count(({ service, bits }) => and(bits, writes(service)));
  const permissions = count(({ service, bits }) => and(bits, service.levels['Permissions management']));
  const parts = [
    ...(writing > 0 ? [`${writing} of them ${writing === 1 ? 'writes' : 'write'}`] : []),
    ...(permissions > 0 ? [`${permissions} ${permissions === 1 ? 'manages' : 'manage'} permissions`] : []),
  ];
  return `removes ${all} action${all === 1 ? '' : 's'}${which}${parts.map((part) => `, ${part}`).join('')}`;
}

/** Those of the first that are not among the second. */
export function withoutActions(before: readonly Actions[], after: readonly Actions[]): readonly Actions[] {
  const kept = new Map(after.map(({ service, bits }) => [service.prefix, bits]));
  return before.flatMap(({ service, bits }): readonly Actions[] => {
    const left = kept.get(service.prefix);
    const gone = left ? andNot(bits, left) : bits;
    return isEmpty(gone) ? [] : [{ service, bits: gone }];
  });
}

function writes(service: Service): Bits {
  return or(service.levels.Write, service.levels.Tagging);
}

/** A title as part of another: `Narrow …` is `narrow …`. */
export function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
