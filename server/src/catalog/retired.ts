/**
 * Retired: prefixes and actions that AWS's reference held since 2021 and holds no more, read from their table and from the
 * catalog. IAM Access Analyzer goes on accepting such names, some for years, and nothing tells for how long.
 */
import data from '../../data/retired.json' with { type: 'json' };
import { globMatches, isPattern } from '../policy/pattern.ts';
import type { Catalog } from './catalog.ts';
import { memo } from './memo.ts';

/** Whether the prefix was a service's once. Letter case does not count. */
export function isRetiredService(prefix: string, catalog: Catalog): boolean {
  return catalog.removedService(prefix) || services().has(prefix.toLowerCase());
}

/** Whether the full name was an action once, or the pattern takes in one that was. Of services that there still are. Letter case does not count. */
export function isRetiredAction(name: string, catalog: Catalog): boolean {
  if (catalog.removedAction(name)) return true;
  const [prefix = '', word = '', more] = name.toLowerCase().split(':');
  const names = more === undefined ? actions().get(prefix) : undefined;
  if (!names) return false;
  return isPattern(word) ? names.some((action) => globMatches(word, action)) : names.includes(word);
}

const services = memo(() => new Set(data.services.split(' ')));
const actions = memo(
  () =>
    new Map(Object.entries(data.actions).map(([prefix, names]) => [prefix, names.toLowerCase().split(' ')] as const)),
);
