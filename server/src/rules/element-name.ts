/** Element names: which element of IAM's grammar a strange one is meant for. Shared by the rules about elements; reports nothing. */
import { editDistance } from '../catalog/distance.ts';
import type { Stray } from '../policy/policy.ts';

/** The element that a name is a slip of: another letter case, a plural, a letter or two. Undefined where it is like none. */
export function nearestElement(name: string, elements: readonly string[]): string | undefined {
  const word = name.toLowerCase();
  let best: string | undefined;
  let least = 3;
  for (const element of elements) {
    const limit = element.length < 4 ? 0 : element.length < 7 ? 1 : 2;
    const distance = editDistance(word, element.toLowerCase(), limit);
    if (distance <= limit && distance < least) {
      best = element;
      least = distance;
    }
  }
  return best;
}

/** Whether one of the strangers is a slip of the element, so that its absence needs no word of its own. */
export function isMisspelt(element: string, strays: readonly Stray[], elements: readonly string[]): boolean {
  return strays.some((stray) => stray.reason === 'unknown-element' && nearestElement(stray.name, elements) === element);
}
