/**
 * Git's ignore patterns: negation, anchors, `**`, patterns for folders only. Compares strings; opens no files. Work is
 * bounded by pattern × path. Source: gitignore(5), "Pattern format".
 */

/** One line of a `.gitignore`. */
export interface IgnoreRule {
  readonly negated: boolean;
  readonly foldersOnly: boolean;
  /** Whether the pattern is matched against the whole path below the file's folder, else against the last name alone. */
  readonly anchored: boolean;
  /** `**` is any number of folders. */
  readonly segments: readonly ('**' | readonly Token[])[];
}

type Token =
  | { readonly kind: 'letter'; readonly code: number }
  | { readonly kind: 'any' }
  | { readonly kind: 'run' }
  | CharacterSet;

interface CharacterSet {
  readonly kind: 'set';
  readonly negated: boolean;
  readonly ranges: readonly (readonly [from: number, to: number])[];
}

/** The rules of a `.gitignore` text, in its order; blank lines, comments and patterns that can match nothing are left out. */
export function readIgnoreRules(text: string): readonly IgnoreRule[] {
  return text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .flatMap((line) => readRule(line.replace(/\r$/, '')) ?? []);
}

/**
 * What the rules say of a path below their folder, given as its names: the last rule that matches decides. Does not ask
 * about the folders above: git never looks into an ignored one.
 */
export function judgePath(
  rules: readonly IgnoreRule[],
  names: readonly string[],
  kind: 'file' | 'folder',
): 'ignored' | 'kept' | 'unsaid' {
  for (let i = rules.length - 1; i >= 0; i--) {
    const rule = rules[i];
    if (!rule || (rule.foldersOnly && kind === 'file')) continue;
    if (pathMatches(rule.segments, rule.anchored ? names : names.slice(-1))) return rule.negated ? 'kept' : 'ignored';
  }
  return 'unsaid';
}

function readRule(line: string): IgnoreRule | undefined {
  let pattern = withoutTrailingBlanks(line);
  if (pattern === '' || pattern.startsWith('#')) return undefined;
  const negated = pattern.startsWith('!');
  if (negated) pattern = pattern.slice(1);
  const foldersOnly = pattern.endsWith('/');
  if (foldersOnly) pattern = pattern.slice(0, -1);
  const anchored = pattern.includes('/');
  if (pattern.startsWith('/')) pattern = pattern.slice(1);
  if (pattern === '') return undefined;
  const segments: ('**' | readonly Token[])[] = [];
  for (const part of pattern.split('/')) {
    const tokens = /^\*{2,}$/.test(part) ? '**' : readTokens(part);
    if (!tokens) return undefined;
    if (tokens !== '**' || segments[segments.length - 1] !== '**') segments.push(tokens);
  }
  // `a/**` is all inside of `a`, not `a` itself: one name at least.
  if (segments[segments.length - 1] === '**') segments.splice(-1, 0, [{ kind: 'run' }]);
  return { negated, foldersOnly, anchored, segments };
}

/** Blanks at the end do not count, but for one behind a backslash. */
function withoutTrailingBlanks(line: string): string {
  let end = line.length;
  while (end > 0 && line[end - 1] === ' ') end--;
  let slashes = 0;
  while (line[end - 1 - slashes] === '\\') slashes++;
  return line.slice(0, slashes % 2 === 1 && end < line.length ? end + 1 : end);
}

/** The tokens of one name of a pattern; undefined for a set that is not closed and a lone backslash at the end, which match nothing. */
function readTokens(part: string): readonly Token[] | undefined {
  const tokens: Token[] = [];
  for (let at = 0; at < part.length; at++) {
    const letter = part[at];
    if (letter === '*') {
      if (tokens[tokens.length - 1]?.kind !== 'run') tokens.push({ kind: 'run' });
    } else if (letter === '?') tokens.push({ kind: 'any' });
    else if (letter === '[') {
      const read = readSet(part, at);
      if (!read) return undefined;
      tokens.push(read.set);
      at = read.end;
    } else {
      if (letter === '\\') at++;
      if (at >= part.length) return undefined;
      tokens.push({ kind: 'letter', code: part.charCodeAt(at) });
    }
  }
  return tokens;
}

/** The set that begins at `start`, and the offset of its closing bracket. */
function readSet(part: string, start: number): { readonly set: CharacterSet; readonly end: number } | undefined {
  let at = start + 1;
  const negated = part[at] === '!' || part[at] === '^';
  if (negated) at++;
  const ranges: (readonly [number, number])[] = [];
  for (let first = true; at < part.length; first = false) {
    if (part[at] === ']' && !first) return { set: { kind: 'set', negated, ranges }, end: at };
    const named = /^\[:(\w+):\]/.exec(part.slice(at));
    if (named) {
      ranges.push(...(CLASSES.get(named[1] ?? '') ?? []));
      at += named[0].length;
      continue;
    }
    if (part[at] === '\\') at++;
    const from = part.charCodeAt(at++);
    if (part[at] === '-' && at + 1 < part.length && part[at + 1] !== ']') {
      at += part[at + 1] === '\\' ? 2 : 1;
      ranges.push([from, part.charCodeAt(at++)]);
    } else ranges.push([from, from]);
  }
  return undefined;
}

const DIGITS = [48, 57] as const;
const UPPER = [65, 90] as const;
const LOWER = [97, 122] as const;
const CLASSES: ReadonlyMap<string, readonly (readonly [number, number])[]> = new Map([
  ['digit', [DIGITS]],
  ['upper', [UPPER]],
  ['lower', [LOWER]],
  ['alpha', [UPPER, LOWER]],
  ['alnum', [DIGITS, UPPER, LOWER]],
  ['xdigit', [DIGITS, [65, 70], [97, 102]]],
  [
    'space',
    [
      [9, 13],
      [32, 32],
    ],
  ],
  [
    'blank',
    [
      [9, 9],
      [32, 32],
    ],
  ],
  [
    'punct',
    [
      [33, 47],
      [58, 64],
      [91, 96],
      [123, 126],
    ],
  ],
]);

/** Follows the set of places in the pattern that may be reached, name by name. */
function pathMatches(segments: IgnoreRule['segments'], names: readonly string[]): boolean {
  let places = new Set([0]);
  for (const name of names) {
    const next = new Set<number>();
    for (const place of reach(segments, places)) {
      const segment = segments[place];
      if (segment === '**') next.add(place);
      else if (segment && nameMatches(segment, name)) next.add(place + 1);
    }
    places = next;
    if (places.size === 0) return false;
  }
  return reach(segments, places).has(segments.length);
}

/** `**` may stand for no name at all. */
function reach(segments: IgnoreRule['segments'], places: ReadonlySet<number>): ReadonlySet<number> {
  const all = new Set(places);
  for (const place of all) if (segments[place] === '**') all.add(place + 1);
  return all;
}

function nameMatches(tokens: readonly Token[], name: string): boolean {
  let place = 0;
  let at = 0;
  let run = -1;
  let mark = 0;
  while (at < name.length) {
    const token = tokens[place];
    if (token?.kind === 'run') {
      run = place++;
      mark = at;
    } else if (token && tokenMatches(token, name.charCodeAt(at))) {
      place++;
      at++;
    } else if (run >= 0) {
      place = run + 1;
      at = ++mark;
    } else return false;
  }
  while (tokens[place]?.kind === 'run') place++;
  return place === tokens.length;
}

function tokenMatches(token: Token, code: number): boolean {
  switch (token.kind) {
    case 'any':
    case 'run':
      return true;
    case 'letter':
      return token.code === code;
    case 'set':
      return token.ranges.some(([from, to]) => from <= code && code <= to) !== token.negated;
  }
}
