/**
 * Symbols: whether one pattern with variables or holes matches less than another whatever these are. Stands on this: a
 * letter of its own in place of each unknown, which only a star takes in, can be replaced by any text afterwards. Never
 * answers yes without proof.
 */
import { inParts, lastEarlyUnknown, type Pattern, type Shape, SYMBOL, type Unknown, unknownIndex } from './glob.ts';
import { includesTokens } from './strings.ts';

/**
 * Whether everything that `inner` matches is matched by `outer`, for all values of the unknowns, equal ones having equal
 * values. An unknown before the fifth colon may hold colons and so move the parts: then both must begin alike up to it,
 * and the rest is compared for every number of colons that may stand before.
 */
export function implies(inner: Pattern, outer: Pattern, shape: Shape): boolean {
  const letters = new Map<string, number>();
  const [small, large] = [withSymbols(inner, letters), withSymbols(outer, letters)];
  if (shape === 'free') return includesTokens(large, small) === true;
  const early = lastEarlyUnknown(inner.tokens);
  if (early !== lastEarlyUnknown(outer.tokens)) return false;
  if (early < 0) return includesTokens(inParts(large, 0), inParts(small, 0)) === true;
  const prefix = small.slice(0, early + 1);
  if (prefix.some((token, i) => token !== large[i])) return false;
  const least = prefix.filter((token) => token === COLON).length;
  for (let colons = least; colons <= 5; colons++) {
    const rest = (tokens: readonly number[]) => inParts(tokens.slice(early + 1), colons);
    if (includesTokens(rest(large), rest(small)) !== true) return false;
  }
  return true;
}

const COLON = 58;

/** The tokens with each unknown as a letter, equal ones as the same. `anything` equals nothing. */
function withSymbols({ tokens, unknowns }: Pattern, letters: Map<string, number>): readonly number[] {
  return tokens.map((token) => {
    const unknown = unknowns[unknownIndex(token)];
    if (!unknown) return token;
    const name = nameOf(unknown) ?? `anything ${letters.size}`;
    const letter = letters.get(name) ?? SYMBOL + letters.size;
    letters.set(name, letter);
    return letter;
  });
}

function nameOf(unknown: Unknown): string | undefined {
  switch (unknown.kind) {
    case 'variable':
      return `variable ${unknown.key} ${unknown.fallback ?? ''}`;
    case 'hole':
      return `hole ${unknown.symbol}`;
    case 'anything':
      return undefined;
  }
}
