/** Shared text: a short string that two patterns for resources match. Proposes only, as guess.ts does. */
import { isStar, lettersIn, outline, type Pattern, takes } from './glob.ts';

/** Longer patterns are not looked at: work is the product of the lengths. */
const LONGEST = 300;

/** What a wildcard stands for where either pattern takes any character. */
const ANY_LETTER = 120;

/** A short text that both match, wildcards tied to the parts of an ARN; undefined where there is none, or one has unknowns or is very long. */
export function sharedText(a: Pattern, b: Pattern): string | undefined {
  if (a.tokens.length > LONGEST || b.tokens.length > LONGEST || a.unknowns.length > 0 || b.unknowns.length > 0)
    return undefined;
  const [own, other] = [outline(a, 'parts'), outline(b, 'parts')];
  const width = other.length + 1;
  const size = (own.length + 1) * width;
  // Places in both patterns, by the place that led there and by what: a character, or nothing where a star ends.
  const from = new Int32Array(size).fill(-1);
  const by = new Int32Array(size);
  const queue = [0];
  from[0] = 0;
  for (const place of queue) {
    if (place === size - 1) return wordTo(place, from, by);
    const [i, j] = [Math.floor(place / width), place % width];
    const [x, y] = [own[i], other[j]];
    const reach = (next: number, code: number) => {
      if (from[next] !== -1) return;
      from[next] = place;
      by[next] = code;
      queue.push(next);
    };
    if (x !== undefined && isStar(x)) reach(place + width, NOTHING);
    if (y !== undefined && isStar(y)) reach(place + 1, NOTHING);
    if (x === undefined || y === undefined) continue;
    const code = x >= 0 ? x : y >= 0 ? y : ANY_LETTER;
    if (takes(x, code) && takes(y, code)) reach(place + (isStar(x) ? 0 : width) + (isStar(y) ? 0 : 1), code);
  }
  return undefined;
}

const NOTHING = -1;

function wordTo(end: number, from: Int32Array, by: Int32Array): string {
  const codes: number[] = [];
  for (let place = end; place > 0; place = from[place] ?? 0) codes.push(by[place] ?? NOTHING);
  return lettersIn(codes.reverse());
}
