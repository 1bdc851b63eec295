/**
 * Pattern: IAM's globs, where `*` stands for any run of characters and `?` for one. Compares strings only; whoever holds
 * a Text with holes decides first what a hole may be. No regular expression is built; work is bounded by the product of
 * the lengths. Source: IAM User Guide, "IAM JSON policy elements: Action" and "Resource".
 */

/** A definite answer, or none. Rules speak on definite answers only. */
export type Answer = 'yes' | 'no' | 'unknown';

/** Whether the text has a wildcard. */
export function isPattern(text: string): boolean {
  return text.includes('*') || text.includes('?');
}

/** Whether the glob matches the whole text, letter case included (lower both for actions). Linear in practice, at most |pattern| × |text|. */
export function globMatches(pattern: string, text: string): boolean {
  if (endsOtherwise(pattern, text)) return false;
  let p = 0;
  let t = 0;
  let star = -1;
  let mark = 0;
  while (t < text.length) {
    const code = p < pattern.length ? pattern.charCodeAt(p) : 0;
    if (p < pattern.length && code === STAR) {
      star = p++;
      mark = t;
    } else if (p < pattern.length && (code === ANY || code === text.charCodeAt(t))) {
      p++;
      t++;
    } else if (star >= 0) {
      p = star + 1;
      t = ++mark;
    } else return false;
  }
  while (p < pattern.length && pattern.charCodeAt(p) === STAR) p++;
  return p === pattern.length;
}

/** A quick no: the pattern ends with a letter that is not the last one of the text. */
function endsOtherwise(pattern: string, text: string): boolean {
  const last = pattern.charCodeAt(pattern.length - 1);
  return pattern !== '' && last !== STAR && last !== ANY && last !== text.charCodeAt(text.length - 1);
}

const STAR = 42;
const ANY = 63;

/** Patterns longer than this are compared only where they are equal: work stays bounded on hostile input. */
const LONGEST = 4096;

/** Steps of an inclusion before it is given up as not certain: some tens of milliseconds. */
const MOST_STEPS = 200_000;

/** Whether some string matches both globs. */
export function globsOverlap(a: string, b: string): boolean {
  if (a === b) return true;
  if (!isPattern(a)) return globMatches(b, a);
  if (!isPattern(b)) return globMatches(a, b);
  if (a.length > LONGEST || b.length > LONGEST) return true;
  if (!endsMayMeet(a, b)) return false;
  let row = new Uint8Array(b.length + 1);
  let next = new Uint8Array(b.length + 1);
  row[0] = 1;
  for (let j = 1; j <= b.length; j++) row[j] = row[j - 1] && b.charCodeAt(j - 1) === STAR ? 1 : 0;
  for (let i = 1; i <= a.length; i++) {
    const x = a.charCodeAt(i - 1);
    next[0] = row[0] && x === STAR ? 1 : 0;
    for (let j = 1; j <= b.length; j++) {
      const y = b.charCodeAt(j - 1);
      if (x === STAR || y === STAR) next[j] = row[j] || next[j - 1] ? 1 : 0;
      else next[j] = row[j - 1] && (x === y || x === ANY || y === ANY) ? 1 : 0;
    }
    [row, next] = [next, row];
  }
  return row[b.length] === 1;
}

/** A quick no for most: whether what both spell out before the first wildcard, and behind the last one, is the same. */
function endsMayMeet(a: string, b: string): boolean {
  for (let i = 0; ; i++) {
    const [x, y] = [a.charCodeAt(i), b.charCodeAt(i)];
    if (x === STAR || x === ANY || y === STAR || y === ANY) break;
    if (x !== y) return false;
  }
  for (let i = 1; ; i++) {
    const [x, y] = [a.charCodeAt(a.length - i), b.charCodeAt(b.length - i)];
    if (x === STAR || x === ANY || y === STAR || y === ANY) return true;
    if (x !== y) return false;
  }
}

/**
 * Whether every string that `inner` matches is matched by `outer`. Exact for all globs: the characters that neither
 * names are told apart from those that one of them names. Globs too long to compare answer false unless equal.
 */
export function globIncludes(outer: string, inner: string): boolean {
  if (outer === inner || outer === '*') return true;
  // Without `?` in the outer one, only a star of it can take in a wildcard of the inner one: read that as a letter of its own.
  if (!outer.includes('?') || !isPattern(inner)) return globMatches(outer, inner);
  if (!isPattern(outer) || outer.length > LONGEST || inner.length > LONGEST) return false;
  // What stands before the first and behind the last wildcard of the outer one has to stand in the inner one too.
  if (!inner.startsWith(outer.slice(0, outer.search(/[*?]/)))) return false;
  if (!inner.endsWith(outer.slice(Math.max(outer.lastIndexOf('*'), outer.lastIndexOf('?')) + 1))) return false;
  return walkInclusion(outer, inner);
}

/**
 * Walks `inner` from left to right with the set of places that `outer` may be in, one bit for each. A star of `inner` may
 * stand for any run, so the set is followed through every run up to repetition, one letter of `outer` and one foreign
 * letter at a time. Where no place is left, some string of `inner` is not matched.
 */
function walkInclusion(outer: string, inner: string): boolean {
  const places = placesOf(outer);
  const seen = new Set<string>();
  const queue: { readonly at: number; readonly set: bigint }[] = [{ at: 0, set: closed(1n, places) }];
  const price = 1 + (outer.length >> 8);
  let budget = MOST_STEPS;
  for (let state = queue.pop(); state; state = queue.pop()) {
    const { at, set } = state;
    if (set === 0n) return false;
    const name = `${at}:${set}`;
    if (seen.has(name)) continue;
    seen.add(name);
    const code = inner.charCodeAt(at);
    budget -= code === STAR || code === ANY ? price * places.letters.length : price;
    if (budget < 0) return false;
    if (at === inner.length) {
      if ((set & places.end) === 0n) return false;
      continue;
    }
    if (code !== STAR && code !== ANY) {
      queue.push({ at: at + 1, set: stepped(set, code, places) });
      continue;
    }
    if (code === STAR) queue.push({ at: at + 1, set });
    const to = code === STAR ? at : at + 1;
    for (const letter of places.letters) queue.push({ at: to, set: stepped(set, letter, places) });
  }
  return true;
}

/** The places of a pattern: which of them a letter leads on from, which are stars, and the one behind the last. */
interface Places {
  readonly letters: readonly number[];
  readonly byLetter: ReadonlyMap<number, bigint>;
  /** Of a letter that the pattern does not name, -1 among `letters`. */
  readonly any: bigint;
  readonly stars: bigint;
  readonly end: bigint;
}

function placesOf(pattern: string): Places {
  const byLetter = new Map<number, bigint>();
  let any = 0n;
  let stars = 0n;
  for (let i = 0; i < pattern.length; i++) {
    const code = pattern.charCodeAt(i);
    const bit = 1n << BigInt(i);
    if (code === STAR) stars |= bit;
    else if (code === ANY) any |= bit;
    else byLetter.set(code, (byLetter.get(code) ?? 0n) | bit);
  }
  for (const [code, bits] of byLetter) byLetter.set(code, bits | any);
  return { letters: [-1, ...byLetter.keys()], byLetter, any, stars, end: 1n << BigInt(pattern.length) };
}

/** The places after one more character. */
function stepped(set: bigint, code: number, places: Places): bigint {
  const on = set & (places.byLetter.get(code) ?? places.any);
  return closed((on << 1n) | (set & places.stars), places);
}

/** A star may stand for nothing. */
function closed(set: bigint, { stars }: Places): bigint {
  for (let now = set; ; ) {
    const next = now | ((now & stars) << 1n);
    if (next === now) return now;
    now = next;
  }
}
