/** Nearest: which of some words somebody meant. Compares letters only. */

/** The word that differs least from what was written, letter case aside; undefined where none is near: at most a third of the letters, and three, may differ. The first of equals. */
export function nearestWord(written: string, words: readonly string[]): string | undefined {
  const name = written.toLowerCase();
  const limit = Math.min(3, Math.floor(name.length / 3));
  let best: string | undefined;
  let least = limit + 1;
  for (const word of words) {
    if (Math.abs(word.length - name.length) > limit) continue;
    const distance = distanceOf(name, word.toLowerCase());
    if (distance < least) [best, least] = [word, distance];
  }
  return best;
}

/** The end of a sentence that asks whether the nearest word was meant; empty where none is near. */
export function didYouMean(written: string, words: readonly string[]): string {
  const word = nearestWord(written, words);
  return word === undefined ? '' : `; did you mean \`${word}\`?`;
}

/** How many letters must be put in, taken out or exchanged to turn one word into the other; both are short. */
function distanceOf(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const exchanged = (row[j - 1] ?? 0) + (a.charCodeAt(i - 1) === b.charCodeAt(j - 1) ? 0 : 1);
      next.push(Math.min(exchanged, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
