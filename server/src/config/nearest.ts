/** Nearest: which of some words somebody meant. Compares letters only. */
import { editDistance } from '../catalog/distance.ts';

/** The word that differs least from what was written, letter case aside; undefined where none is near. The first of equals. */
export function nearestWord(written: string, words: readonly string[]): string | undefined {
  const name = written.toLowerCase();
  const limit = Math.max(1, Math.min(3, Math.floor(name.length / 3)));
  let best: string | undefined;
  let least = limit + 1;
  for (const word of words) {
    const distance = editDistance(name, word.toLowerCase(), limit);
    if (distance < least) [best, least] = [word, distance];
  }
  return best;
}

/** The end of a sentence that asks whether the nearest word was meant; empty where none is near. */
export function didYouMean(written: string, words: readonly string[]): string {
  const word = nearestWord(written, words);
  return word === undefined ? '' : `; did you mean \`${word}\`?`;
}
