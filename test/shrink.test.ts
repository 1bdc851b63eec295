/** Shrinking over the whole catalog: the patterns take in the set and nothing else, whatever the set. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Bits, bitsWhere, countBits, eachBit, or } from '../server/src/catalog/bits.ts';
import { coverFewest } from '../server/src/catalog/cover.ts';
import { ACCESS_LEVELS, type Service } from '../server/src/catalog/service.ts';
import { shrinkActions } from '../server/src/catalog/shrink.ts';
import { catalog } from './context.ts';

const SERVICES = catalog().services.flatMap((prefix) => catalog().service(prefix) ?? []);

/** What IAM would take in, told by regular expressions. */
function takenIn(patterns: readonly string[], { prefix, names }: Service): readonly number[] {
  const tests = patterns.map(
    (pattern) => new RegExp(`^${pattern.replace(/[.^$+()[\]{}|\\]/g, '\\$&').replaceAll('*', '.*')}$`, 'i'),
  );
  return names.flatMap((name, index) => (tests.some((one) => one.test(`${prefix}:${name}`)) ? [index] : []));
}

/** Every union of access levels. */
function* levelSets({ levels }: Service): Generator<Bits> {
  for (let mask = 1; mask < 1 << ACCESS_LEVELS.length; mask++) {
    const picked = ACCESS_LEVELS.filter((_, index) => mask & (1 << index)).map((level) => levels[level]);
    yield picked.reduce(or);
  }
}

function service(prefix: string): Service {
  const found = catalog().service(prefix);
  if (!found) throw new Error(`the catalog has no ${prefix}`);
  return found;
}

function shrunk(prefix: string, names: RegExp): readonly string[] {
  const one = service(prefix);
  return shrinkActions(
    one,
    bitsWhere(one.names.length, (index) => names.test(one.names[index] ?? '')),
  );
}

describe('shrinking', () => {
  test('takes in exactly every union of access levels of every service, mostly in less than 5 ms', () => {
    const times: number[] = [];
    let names = 0;
    let patterns = 0;
    for (const one of SERVICES) {
      for (const bits of levelSets(one)) {
        if (countBits(bits) === 0) continue;
        const start = performance.now();
        const items = shrinkActions(one, bits);
        times.push(performance.now() - start);
        names += countBits(bits);
        patterns += items.length;
        expect(takenIn(items, one)).toEqual([...eachBit(bits)]);
        expect(items.length).toBeLessThanOrEqual(countBits(bits));
      }
    }
    times.sort((a, b) => a - b);
    const [median = 0, worst = 0] = [times[times.length >> 1], times.at(-1)];
    console.info(
      `${times.length} sets, ${names} names in ${patterns} patterns; median ${median.toFixed(2)} ms, worst ${worst.toFixed(1)} ms`,
    );
    expect(times.length).toBeGreaterThan(3000);
    expect(median).toBeLessThan(5);
  });

  test('takes in exactly any set, whatever its names', () => {
    const sets = fc.constantFrom(...SERVICES.filter(({ names }) => names.length > 1)).chain((one) =>
      fc.record({
        one: fc.constant(one),
        picks: fc.array(fc.boolean(), { minLength: one.names.length, maxLength: one.names.length }),
      }),
    );
    fc.assert(
      fc.property(sets, ({ one, picks }) => {
        const bits = bitsWhere(one.names.length, (index) => picks[index] ?? false);
        expect(takenIn(shrinkActions(one, bits), one)).toEqual([...eachBit(bits)]);
      }),
      { numRuns: 500 },
    );
  });

  test.each([
    ['s3', /^(Get|List)/, ['s3:Get*', 's3:List*']],
    ['s3', /^(Delete|Put).*Tagging$/, ['s3:Delete*Tagging', 's3:Put*Tagging']],
    ['s3', /^GetObject$/, ['s3:GetObject']],
    ['s3', /./, ['s3:*']],
    ['kms', /^(Decrypt|Encrypt)$/, ['kms:Decrypt', 'kms:Encrypt']],
    // `*TagResource` would be one, and tomorrow whatever else ends so.
    ['s3', /^(Tag|Untag)Resource$/, ['s3:TagResource', 's3:UntagResource']],
  ])('%s %s', (prefix, names, expected) => expect(shrunk(prefix, names)).toEqual(expected));
});

test('the fewest covers are found', () => {
  const covers = fc.array(fc.uniqueArray(fc.nat(7), { minLength: 1, maxLength: 5 }), { maxLength: 8 });
  fc.assert(
    fc.property(covers, (sets) => {
      const all = [...Array.from({ length: 8 }, (_, place) => [place]), ...sets].map((places, rank) => ({
        pattern: String(rank),
        places,
        rank,
      }));
      const chosen = coverFewest(8, all);
      const held = new Set(chosen.flatMap((pattern) => all[Number(pattern)]?.places ?? []));
      expect(held.size).toBe(8);
      expect(chosen.length).toBe(
        fewest(all.map(({ places }) => places.reduce((bits, place) => bits | (1 << place), 0))),
      );
    }),
  );
});

/** By trying all unions, one set more at a time. */
function fewest(sets: readonly number[]): number {
  let reached = new Set([0]);
  for (let count = 0; ; count++) {
    if (reached.has(255)) return count;
    reached = new Set([...reached].flatMap((bits) => sets.map((set) => bits | set)));
  }
}
