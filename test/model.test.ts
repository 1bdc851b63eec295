/** The model: texts, lines, patterns, what is read as a policy and of which kind. The JSON reader has a test of its own. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hintOfPath, nearestEffect } from '../server/src/policy/kind.ts';
import { globIncludes, globMatches, globsOverlap } from '../server/src/policy/pattern.ts';
import { linesOf, offsetAt, positionAt } from '../server/src/text/lines.ts';
import {
  canonicalText,
  displayText,
  EMPTY,
  HOLE,
  hasHole,
  holeText,
  isHole,
  joinText,
  knownText,
  partAt,
  sliceText,
  sourceText,
  spanOf,
  spelledText,
  type Text,
} from '../server/src/text/text.ts';

/** A naive text: for each character where it comes from. */
type Naive = readonly {
  readonly letter: string;
  readonly kind: string;
  readonly start: number;
  readonly end: number;
  readonly symbol?: string;
}[];

const SOURCE = 'the quick brown fox jumps over the lazy dog';

const piece: fc.Arbitrary<readonly [Text, Naive]> = fc
  .record({
    kind: fc.constantFrom('same', 'spelled', 'derived', 'hole'),
    start: fc.nat(SOURCE.length - 4),
    length: fc.integer({ min: 1, max: 4 }),
    letters: fc.string({ minLength: 1, maxLength: 3, unit: fc.constantFrom('a', '*', ':', HOLE, '\0', '<', '>') }),
  })
  .map(({ kind, start, length, letters }): readonly [Text, Naive] => {
    const span = { source: 's', start, end: start + length };
    if (kind === 'same') {
      const naive = [...SOURCE.slice(start, start + length)].map((letter, i) => ({
        letter,
        kind,
        start: start + i,
        end: start + i + 1,
      }));
      return [sourceText('s', SOURCE, start, start + length), naive];
    }
    if (kind === 'hole') {
      const symbol = `var.${start % 3}`;
      return [holeText(symbol, span), [{ letter: HOLE, kind, start, end: start + length, symbol }]];
    }
    const spelled = kind === 'spelled' ? 'spelled' : 'derived';
    return [
      spelledText(spelled, letters, span),
      [...letters].map((letter) => ({ letter, kind, start, end: start + length })),
    ];
  });

const text: fc.Arbitrary<readonly [Text, Naive]> = fc
  .array(piece, { maxLength: 6 })
  .map((pieces) => [joinText(pieces.map(([one]) => one)), pieces.flatMap(([, naive]) => naive)] as const);

/** The characters of a Text with where each comes from, through `partAt`. */
function naiveOf(one: Text): Naive {
  return [...one.flat].map((letter, i) => {
    const part = partAt(one, i);
    if (!part) throw new Error(`no part holds ${i} of ${one.flat}`);
    const same =
      part.kind === 'same'
        ? { start: part.span.start + i - part.at, end: part.span.start + i - part.at + 1 }
        : part.span;
    return {
      letter,
      kind: part.kind,
      start: same.start,
      end: same.end,
      ...(part.symbol === undefined ? {} : { symbol: part.symbol }),
    };
  });
}

describe('text', () => {
  test('joining keeps every character and its place', () => {
    fc.assert(
      fc.property(text, ([one, naive]) => {
        expect(one.flat).toBe(naive.map(({ letter }) => letter).join(''));
        expect(naiveOf(one)).toEqual(naive);
      }),
    );
  });

  test('slicing keeps characters and places; what is cut within a part that is not 1:1 is derived', () => {
    fc.assert(
      fc.property(text, fc.nat(20), fc.nat(20), ([one, naive], from, length) => {
        const slice = sliceText(one, from, from + length);
        const places = (list: Naive) => list.map(({ letter, start, end, symbol }) => ({ letter, start, end, symbol }));
        expect(places(naiveOf(slice))).toEqual(places(naive.slice(from, from + length)));
        const kinds = naiveOf(slice).map(
          ({ kind }, i) =>
            kind === naive[from + i]?.kind || (kind === 'derived' && naive[from + i]?.kind === 'spelled'),
        );
        expect(kinds).not.toContain(false);
      }),
    );
  });

  test('two slices joined are the whole again, wherever it was cut between parts', () => {
    fc.assert(
      fc.property(text, fc.nat(20), ([one], at) => {
        const joined = joinText([sliceText(one, 0, at), sliceText(one, at, one.flat.length)]);
        expect(joined.flat).toBe(one.flat);
        expect(naiveOf(joined).map(({ start, end }) => [start, end])).toEqual(
          naiveOf(one).map(({ start, end }) => [start, end]),
        );
      }),
    );
  });

  test('the span of a slice runs from its first character to its last', () => {
    fc.assert(
      fc.property(text, fc.nat(20), fc.integer({ min: 1, max: 20 }), ([one, naive], from, length) => {
        const cut = naive.slice(from, from + length);
        const [first, last] = [cut[0], cut.at(-1)];
        if (!first || !last) return;
        expect(spanOf(one, from, from + cut.length)).toEqual({
          source: 's',
          start: first.start,
          end: Math.max(first.start, last.end),
        });
      }),
    );
  });

  test('an empty text has no place, and one from two sources has no span', () => {
    expect(spanOf(EMPTY)).toBeUndefined();
    expect(sourceText('s', SOURCE, 3, 3)).toBe(EMPTY);
    expect(spanOf(joinText([sourceText('a', 'ab'), sourceText('b', 'cd')]))).toBeUndefined();
    expect(spanOf(joinText([sourceText('a', 'ab'), sourceText('b', 'cd')]), 1, 2)).toEqual({
      source: 'a',
      start: 1,
      end: 2,
    });
  });

  test('holes are told from the character that stands for them', () => {
    fc.assert(
      fc.property(text, ([one, naive]) => {
        expect([...one.flat].map((_, i) => isHole(one, i))).toEqual(naive.map(({ kind }) => kind === 'hole'));
        expect(hasHole(one)).toBe(naive.some(({ kind }) => kind === 'hole'));
        expect(knownText(one)).toBe(hasHole(one) ? undefined : one.flat);
      }),
    );
  });

  test('canonical names are equal exactly for equal content', () => {
    const content = (naive: Naive) => JSON.stringify(naive.map(({ letter, symbol }) => symbol ?? [letter]));
    fc.assert(
      fc.property(text, text, ([a, x], [b, y]) => {
        expect(canonicalText(a) === canonicalText(b)).toBe(content(x) === content(y));
      }),
      { numRuns: 500 },
    );
    const span = { source: 's', start: 0, end: 1 };
    expect(canonicalText(holeText('a', span))).toBe(canonicalText(holeText('a', { ...span, source: 'other' })));
    expect(canonicalText(holeText('a', span))).not.toBe(canonicalText(spelledText('derived', '\0<a\0>', span)));
    expect(canonicalText(joinText([holeText('a', span), spelledText('derived', '\0<a\0>', span)]))).not.toBe(
      canonicalText(joinText([holeText('a', span), holeText('a', span)])),
    );
  });

  test('a text is displayed with its holes by name', () => {
    const hole = holeText('var.b', { source: 's', start: 0, end: 8 });
    expect(displayText(joinText([sourceText('s', 'arn:'), hole, sourceText('s', '/*')]))).toBe('arn:${var.b}/*');
  });
});

describe('lines', () => {
  const content = fc.string({ unit: fc.constantFrom('a', '\n', '\r', '😀', 'é'), maxLength: 30 });

  test("an offset and its position are each other's", () => {
    fc.assert(
      fc.property(content, fc.nat(70), (one, at) => {
        const offset = Math.min(at, one.length);
        const lines = linesOf(one);
        const position = positionAt(lines, offset);
        expect(offsetAt(lines, position)).toBe(offset);
        const ended = [...one.matchAll(/\r\n|\r|\n/g)].filter((end) => end.index + end[0].length <= offset);
        expect(position.line).toBe(ended.length);
      }),
    );
  });

  test('places outside of the text are brought to its ends', () => {
    const lines = linesOf('ab\ncd');
    expect(positionAt(lines, -5)).toEqual({ line: 0, character: 0 });
    expect(positionAt(lines, 99)).toEqual({ line: 1, character: 2 });
    expect(offsetAt(lines, { line: 9, character: 0 })).toBe(5);
    expect(offsetAt(lines, { line: -1, character: 4 })).toBe(0);
    expect(offsetAt(lines, { line: 0, character: 99 })).toBeLessThanOrEqual(3);
  });
});

describe('patterns', () => {
  const letters = ['a', 'b', 'c'];
  const words: readonly string[] = ['', ...[1, 2, 3, 4].flatMap((length) => wordsOf(length))];
  const glob = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 5 });

  function wordsOf(length: number): readonly string[] {
    return length === 0 ? [''] : wordsOf(length - 1).flatMap((word) => letters.map((letter) => word + letter));
  }

  function matches(pattern: string, word: string): boolean {
    return new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`, 's').test(word);
  }

  test('a glob matches what the regular expression matches', () => {
    fc.assert(
      fc.property(glob, fc.constantFrom(...words), (pattern, word) => {
        expect(globMatches(pattern, word)).toBe(matches(pattern, word));
      }),
      { numRuns: 1000 },
    );
    expect(globMatches('a.c', 'abc')).toBe(false);
    expect(globMatches('*', 'a\nb')).toBe(true);
    expect(globMatches('A', 'a')).toBe(false);
  });

  // Six letters are enough: where both have a star, each has three others at most; else one of them tells the length.
  const short = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 4 });
  const long: readonly string[] = [0, 1, 2, 3, 4, 5, 6].flatMap((length) => wordsOf(length));

  test('globs overlap exactly where a word matches both', () => {
    fc.assert(
      fc.property(short, short, (a, b) => {
        const witness = long.some((word) => matches(a, word) && matches(b, word));
        expect(globsOverlap(a, b), `${a} and ${b}`).toBe(witness);
      }),
      { numRuns: 200 },
    );
  });

  test('a glob includes another exactly where it matches all of its words', () => {
    fc.assert(
      fc.property(short, short, (outer, inner) => {
        const counterexample = long.find((word) => matches(inner, word) && !matches(outer, word));
        expect(globIncludes(outer, inner), `${outer} includes ${inner}, but for ${counterexample}`).toBe(
          counterexample === undefined,
        );
      }),
      { numRuns: 400 },
    );
  });

  test('globs too hard to compare are not said to include one another', () => {
    expect(globIncludes(`${'*a'.repeat(3000)}`, `${'*b'.repeat(3000)}*`)).toBe(false);
    expect(globIncludes(`${'?*'.repeat(900)}a`, `${'*b?'.repeat(900)}*`)).toBe(false);
    expect(globIncludes('*'.repeat(5000), '*'.repeat(5000))).toBe(true);
  });
});

describe('kinds', () => {
  test('near misses of an effect', () => {
    for (const word of ['Alow', 'allow', 'ALLOW', 'Allowed', 'Alllow', ' Allow '])
      expect(nearestEffect(word), word).toBe('Allow');
    for (const word of ['deny', 'Denny', 'Dney', 'Denied'])
      expect(nearestEffect(word), word).toBe(word === 'Denied' ? undefined : 'Deny');
    for (const word of ['', 'Audit', 'Append', 'Disabled', 'Grant', 'a'.repeat(1000)])
      expect(nearestEffect(word), word).toBeUndefined();
  });

  test('words of a path', () => {
    expect(hintOfPath('policies/scp/root.json')).toBe('scp');
    expect(hintOfPath('SCPs/deny-all.json')).toBe('scp');
    expect(hintOfPath('org/rcp_s3.json')).toBe('rcp');
    expect(hintOfPath('iam/permissions-boundary.json')).toBe('boundary');
    expect(hintOfPath('described/scpolicy.json')).toBeUndefined();
  });
});
