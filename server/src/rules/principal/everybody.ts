/** Everybody: the principal that stands for all callers of all accounts. */
import type { PrincipalItem } from '../../policy/policy.ts';
import { knownText } from '../../text/text.ts';

/** Whether the item is `*` for certain, bare or under `AWS`. */
export function isEverybody(item: PrincipalItem): boolean {
  return knownText(item.text) === '*' && (item.type === '*' || item.type === 'AWS');
}
