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

const STAR = 42;
const ANY = 63;

/** Patterns longer than this are compared only where they are equal: work stays bounded on hostile input. */
const LONGEST = 4096;

/** Places that an inclusion is followed through before it is given up as not certain. */
const MOST_PLACES = 100_000;

/** Whether some string matches both globs. */
export function globsOverlap(a: string, b: string): boolean {
  if (a === b) return true;
  if (!isPattern(a)) return globMatches(b, a);
  if (!isPattern(b)) return globMatches(a, b);
  if (a.length > LONGEST || b.length > LONGEST) return true;
  let row = new Uint8Array(b.length + 1);
  row[0] = 1;
  for (let j = 1; j <= b.length; j++) row[j] = row[j - 1] && b.charCodeAt(j - 1) === STAR ? 1 : 0;
  for (let i = 1; i <= a.length; i++) {
    const next = new Uint8Array(b.length + 1);
    const x = a.charCodeAt(i - 1);
    next[0] = row[0] && x === STAR ? 1 : 0;
    for (let j = 1; j <= b.length; j++) {
      const y = b.charCodeAt(j - 1);
      if (x === STAR || y === STAR) next[j] = row[j] || next[j - 1] ? 1 : 0;
      else next[j] = row[j - 1] && (x === y || x === ANY || y === ANY) ? 1 : 0;
    }
    row = next;
  }
  return row[b.length] === 1;
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
 * Walks `inner` from left to right with the set of places that `outer` may be in. A star of `inner` may stand for any
 * run, so the set is followed through every run up to repetition, one letter of `outer` and one foreign letter at a time.
 */
function walkInclusion(outer: string, inner: string): boolean {
  const letters = new Set<number>([-1]);
  for (let i = 0; i < outer.length; i++) {
    const code = outer.charCodeAt(i);
    if (code !== STAR && code !== ANY) letters.add(code);
  }
  const seen = new Set<string>();
  const queue: { at: number; places: readonly number[] }[] = [{ at: 0, places: close(outer, [0]) }];
  const accepted = (places: readonly number[]) => places.includes(outer.length);
  let budget = MOST_PLACES;
  for (let state = queue.pop(); state; state = queue.pop()) {
    const { at, places } = state;
    const name = `${at}:${places.join(',')}`;
    if (seen.has(name)) continue;
    seen.add(name);
    budget -= places.length + 1;
    if (budget < 0) return false;
    if (at === inner.length) {
      if (!accepted(places)) return false;
      continue;
    }
    const code = inner.charCodeAt(at);
    if (code !== STAR && code !== ANY) {
      queue.push({ at: at + 1, places: step(outer, places, code) });
      continue;
    }
    if (code === STAR) queue.push({ at: at + 1, places });
    const to = code === STAR ? at : at + 1;
    for (const letter of letters) queue.push({ at: to, places: step(outer, places, letter) });
  }
  return true;
}

/** The places of `pattern` after one character; -1 is a character that the pattern does not name. */
function step(pattern: string, places: readonly number[], code: number): readonly number[] {
  const next: number[] = [];
  for (const place of places) {
    const here = pattern.charCodeAt(place);
    if (place >= pattern.length) continue;
    if (here === STAR) next.push(place);
    else if (here === ANY || here === code) next.push(place + 1);
  }
  return close(pattern, next);
}

/** A star may stand for nothing. */
function close(pattern: string, places: readonly number[]): readonly number[] {
  const all = new Set(places);
  for (const place of all) if (pattern.charCodeAt(place) === STAR) all.add(place + 1);
  return [...all].sort((a, b) => a - b);
}
