/**
 * Glob: IAM's patterns as tokens, with wildcards, policy variables and holes told apart, and what they match under each
 * reading of colons. Builds no regular expression and never throws. Source: IAM User Guide, "IAM JSON policy elements:
 * Resource", "Variables and tags", "Amazon Resource Names".
 */
import type { Answer } from '../policy/pattern.ts';
import { canonicalText, displayText, HOLE, isHole, type Text } from '../text/text.ts';

/** What a pattern cannot say by itself: a request's value, text that is known only at deploy time, or any text whatever. */
export type Unknown =
  | { readonly kind: 'variable'; readonly key: string; readonly fallback: string | undefined }
  | { readonly kind: 'hole'; readonly symbol: string }
  | { readonly kind: 'anything' };

/**
 * A pattern. A token is a UTF-16 unit, {@link STAR}, {@link ANY}, or {@link unknownToken} of an index into `unknowns`.
 * Equal names stand for equal patterns.
 */
export interface Pattern {
  readonly tokens: readonly number[];
  readonly unknowns: readonly Unknown[];
  readonly name: string;
  /** As people would write it. */
  readonly text: string;
}

/** `*`: any run of characters. */
export const STAR = -1;
/** `?`: one character. */
export const ANY = -2;
/** `*` that stays within its part of an ARN. */
export const PART_STAR = -3;
/** `?` that is no colon. */
export const PART_ANY = -4;
/** Added to a lower-case character that stands for both of its cases. */
export const CASELESS = 1 << 17;
/** From here on, letters of their own that stand for unknown text: a star takes them in, `?` does not. */
export const SYMBOL = 1 << 18;

const COLON = 58;
const FIRST_UNKNOWN = -5;

/** The token of `unknowns[index]`. */
export function unknownToken(index: number): number {
  return FIRST_UNKNOWN - index;
}

/** The index in `unknowns` that a token stands for; negative for every other token. */
export function unknownIndex(token: number): number {
  return FIRST_UNKNOWN - token;
}

/** How text is read: whether `*` and `?` are wildcards, and whether `${…}` is a variable, letters, or not known to be either. */
export interface Dialect {
  readonly wildcards: 'read' | 'letters';
  readonly variables: 'read' | 'letters' | 'unknown';
}

/** Whole strings (`free`), or the parts of an ARN one by one (`parts`). */
export type Shape = 'free' | 'parts';

/** Reads a pattern. An unclosed `${` is letters. */
export function readPattern(text: Text, dialect: Dialect): Pattern {
  const { flat } = text;
  const dollars = dialect.variables !== 'letters' && flat.includes('${');
  const name = (dialect.wildcards === 'read' ? '~' : '=') + (dollars ? dialect.variables : '') + canonicalText(text);
  const shown = displayText(text);
  if (dollars && dialect.variables === 'unknown')
    return { tokens: [unknownToken(0)], unknowns: [{ kind: 'hole', symbol: `version ${name}` }], name, text: shown };
  const tokens: number[] = [];
  const unknowns: Unknown[] = [];
  for (let i = 0; i < flat.length; i++) {
    const code = flat.charCodeAt(i);
    if (code === HOLE_CODE && isHole(text, i)) {
      const part = text.parts.find(({ at }) => at === i);
      tokens.push(unknownToken(unknowns.length));
      unknowns.push({ kind: 'hole', symbol: part?.symbol ?? '' });
    } else if (dollars && code === DOLLAR && flat.charCodeAt(i + 1) === BRACE && flat.indexOf('}', i) > 0) {
      const end = flat.indexOf('}', i);
      pushVariable(flat.slice(i + 2, end), tokens, unknowns);
      i = end;
    } else tokens.push(dialect.wildcards === 'read' ? wildcard(code) : code);
  }
  return { tokens, unknowns, name, text: shown };
}

const HOLE_CODE = HOLE.charCodeAt(0);
const DOLLAR = 36;
const BRACE = 123;

function wildcard(code: number): number {
  return code === 42 ? STAR : code === 63 ? ANY : code;
}

/** `*`, `?` and `$` in braces are those letters; anything else names a key, with a default after a comma. */
function pushVariable(content: string, tokens: number[], unknowns: Unknown[]): void {
  if (content === '*' || content === '?' || content === '$') {
    tokens.push(content.charCodeAt(0));
    return;
  }
  const comma = content.indexOf(',');
  const key = (comma < 0 ? content : content.slice(0, comma)).trim().toLowerCase();
  const given = comma < 0 ? '' : content.slice(comma + 1).trim();
  const quoted = given.length >= 2 && given.startsWith("'") && given.endsWith("'");
  tokens.push(unknownToken(unknowns.length));
  if (key.includes(HOLE)) unknowns.push({ kind: 'hole', symbol: `variable ${content}` });
  else unknowns.push({ kind: 'variable', key, fallback: quoted ? given.slice(1, -1) : undefined });
}

/** A pattern of known text, wildcards read. */
export function globOf(text: string): Pattern {
  const tokens = Array.from({ length: text.length }, (_, i) => wildcard(text.charCodeAt(i)));
  return { tokens, unknowns: [], name: `~${text}`, text };
}

/** A pattern of known text that has no wildcards, whatever it holds. */
export function lettersOf(text: string): Pattern {
  const tokens = Array.from({ length: text.length }, (_, i) => text.charCodeAt(i));
  return { tokens, unknowns: [], name: `=${text}`, text };
}

/** The text of a pattern that has neither wildcards nor unknowns. */
export function plainOf(pattern: Pattern): string | undefined {
  return pattern.tokens.every((token) => token >= 0) ? lettersIn(pattern.tokens) : undefined;
}

/** The characters of tokens that are no wildcards, each in its lower case where both count. */
export function lettersIn(tokens: readonly number[]): string {
  let text = '';
  for (const token of tokens) if (token >= 0) text += String.fromCharCode(token & 0xffff);
  return text;
}

/** The pattern in lower case, for what does not heed letter case. */
export function lowered(pattern: Pattern): Pattern {
  return { ...pattern, tokens: pattern.tokens.map((token) => (token < 0 ? token : lowerCode(token))) };
}

/** The pattern with every letter standing for both of its cases. */
export function caseless(pattern: Pattern): Pattern {
  const tokens = pattern.tokens.map((token) => (token < 0 || token >= CASELESS ? token : caselessToken(token)));
  return { ...pattern, tokens, name: `i${pattern.name}` };
}

function caselessToken(code: number): number {
  const lower = lowerCode(code);
  return lower !== code || otherCase(code) !== code ? lower + CASELESS : code;
}

/** The lower case of a UTF-16 unit, where that is one unit. */
export function lowerCode(code: number): number {
  if (code < 128) return code >= 65 && code <= 90 ? code + 32 : code;
  const lower = String.fromCharCode(code).toLowerCase();
  return lower.length === 1 ? lower.charCodeAt(0) : code;
}

/** The upper case of a lower-case unit that comes back as the same unit; else the unit itself. */
export function otherCase(code: number): number {
  const upper = String.fromCharCode(code).toUpperCase();
  if (upper.length !== 1 || upper.charCodeAt(0) === code) return code;
  return lowerCode(upper.charCodeAt(0)) === code ? upper.charCodeAt(0) : code;
}

/** The pattern with its variables replaced, as letters; undefined where one has neither value nor default. Holes stay. */
export function bind(pattern: Pattern, find: (key: string) => string | undefined): Pattern | undefined {
  if (!pattern.unknowns.some(({ kind }) => kind === 'variable')) return pattern;
  const tokens: number[] = [];
  const unknowns: Unknown[] = [];
  for (const token of pattern.tokens) {
    const unknown = pattern.unknowns[unknownIndex(token)];
    if (unknown?.kind === 'variable') {
      const value = find(unknown.key) ?? unknown.fallback;
      if (value === undefined) return undefined;
      for (let i = 0; i < value.length; i++) tokens.push(value.charCodeAt(i));
    } else if (unknown) {
      tokens.push(unknownToken(unknowns.length));
      unknowns.push(unknown);
    } else tokens.push(token);
  }
  return { ...pattern, tokens, unknowns };
}

/**
 * Tokens for a matcher: exact for a pattern without unknowns, else of everything that it may match, whatever they are.
 * An unknown before the fifth colon may hold colons, so nothing is said of parts then.
 */
export function outline(pattern: Pattern, shape: Shape): readonly number[] {
  const early = shape === 'parts' && lastEarlyUnknown(pattern.tokens) >= 0;
  const tokens = pattern.unknowns.length === 0 ? pattern.tokens : pattern.tokens.map(overUnknown);
  return shape === 'free' || early ? tokens : inParts(tokens, 0);
}

function overUnknown(token: number): number {
  return unknownIndex(token) >= 0 ? STAR : token;
}

/** The index of the last unknown with fewer than five colons before it; negative where there is none. */
export function lastEarlyUnknown(tokens: readonly number[]): number {
  let colons = 0;
  let last = -1;
  for (let i = 0; i < tokens.length && colons < 5; i++) {
    const token = tokens[i] ?? 0;
    if (token === COLON) colons += 1;
    else if (unknownIndex(token) >= 0) last = i;
  }
  return last;
}

/**
 * Wildcards tied to their parts: with five colons or more, those before the fifth do not cross a colon, those after it
 * do. With fewer, only a star at the very end does. `before` colons stand in front of the tokens.
 */
export function inParts(tokens: readonly number[], before: number): readonly number[] {
  let total = before;
  for (const token of tokens) if (token === COLON) total += 1;
  let colons = before;
  return tokens.map((token, i) => {
    if (token === COLON) colons += 1;
    if (token !== STAR && token !== ANY) return token;
    const free = total >= 5 ? colons >= 5 : token === STAR && i === tokens.length - 1;
    return free ? token : token === STAR ? PART_STAR : PART_ANY;
  });
}

/** Whether the pattern, its variables bound, matches the text; `unknown` where that rests on holes. */
export function matchPattern(pattern: Pattern, text: string, shape: Shape): Answer {
  const { tokens, unknowns } = pattern;
  const letters = commonLetters(tokens, text);
  if (letters === tokens.length) return letters === text.length ? 'yes' : 'no';
  if ((tokens[letters] ?? 0) >= 0) return 'no';
  if (!matchTokens(outline(pattern, shape), text)) return 'no';
  return unknowns.length > 0 && hasHoles(pattern) ? 'unknown' : 'yes';
}

/** Whether part of the pattern is known only at deploy time. */
export function hasHoles(pattern: Pattern): boolean {
  return pattern.unknowns.some(({ kind }) => kind === 'hole');
}

/** Whether the pattern's {@link outline} is all that there is to say: no variables, no holes. */
export function isExact(pattern: Pattern): boolean {
  return pattern.unknowns.every(({ kind }) => kind === 'anything');
}

/** How many tokens stand for the first characters of the text, each for one, before a wildcard or a difference. */
function commonLetters(tokens: readonly number[], text: string): number {
  let i = 0;
  for (; i < tokens.length && i < text.length; i++) {
    const token = tokens[i] ?? 0;
    if (token < 0 || !takes(token, text.charCodeAt(i))) break;
  }
  return i;
}

/**
 * Whether the tokens of {@link outline} match the whole text. Work is the product of the lengths at most, and linear in
 * practice: for each star the shortest run will do, since the next one can take what a longer run could. That rests on
 * what an outline is: no star that stays within its part stands behind one that does not.
 */
export function matchTokens(tokens: readonly number[], text: string): boolean {
  let p = 0;
  let star = -1;
  let mark = 0;
  for (let t = 0; t < text.length; ) {
    const token = p < tokens.length ? (tokens[p] ?? 0) : undefined;
    if (token !== undefined && isStar(token)) {
      if (token === STAR && p === tokens.length - 1) return true;
      star = p++;
      mark = t;
    } else if (token !== undefined && takes(token, text.charCodeAt(t))) {
      p += 1;
      t += 1;
    } else {
      if (star < 0 || !takes(tokens[star] ?? 0, text.charCodeAt(mark))) return false;
      p = star + 1;
      mark += 1;
      t = mark;
    }
  }
  while (p < tokens.length && isStar(tokens[p] ?? 0)) p += 1;
  return p === tokens.length;
}

/** Whether a token stands for any number of characters. */
export function isStar(token: number): boolean {
  return token === STAR || token === PART_STAR;
}

/** Whether a token can stand for the character, or, being a star, for a run with it. */
export function takes(token: number, code: number): boolean {
  if (token >= CASELESS && token < SYMBOL) return lowerCode(code) === token - CASELESS;
  if (token >= 0) return token === code;
  if (token === STAR) return true;
  if (token === ANY) return code < SYMBOL;
  return code !== COLON && code < SYMBOL;
}
