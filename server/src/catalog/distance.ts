/** Distance: how many single-letter mistakes lie between two words. Knows no AWS names. */

/**
 * Insertions, deletions, substitutions and swaps of neighbours (optimal string alignment) that turn one word into the
 * other; `limit + 1` where it takes more than `limit`. Case counts.
 */
export function editDistance(a: string, b: string, limit: number): number {
  if (a === b) return 0;
  const beyond = limit + 1;
  if (Math.abs(a.length - b.length) > limit) return beyond;
  let before = new Array<number>(b.length + 1).fill(beyond);
  let row = before.map((_, index) => index);
  let next = [...before];
  for (let i = 1; i <= a.length; i++) {
    // Cells further than `limit` from the diagonal cost more than `limit` whatever stands there.
    const first = Math.max(1, i - limit);
    const last = Math.min(b.length, i + limit);
    next[first - 1] = first === 1 ? i : beyond;
    let least = next[first - 1] ?? beyond;
    for (let j = first; j <= last; j++) {
      const same = a.charCodeAt(i - 1) === b.charCodeAt(j - 1);
      let cost = (row[j - 1] ?? beyond) + (same ? 0 : 1);
      cost = Math.min(cost, (next[j - 1] ?? beyond) + 1, (j === i + limit ? beyond : (row[j] ?? beyond)) + 1);
      const swapped = a.charCodeAt(i - 1) === b.charCodeAt(j - 2) && a.charCodeAt(i - 2) === b.charCodeAt(j - 1);
      if (i > 1 && j > 1 && swapped) cost = Math.min(cost, (before[j - 2] ?? beyond) + 1);
      next[j] = cost;
      least = Math.min(least, cost);
    }
    if (least > limit) return beyond;
    [before, row, next] = [row, next, before];
  }
  return Math.min(row[b.length] ?? beyond, beyond);
}
