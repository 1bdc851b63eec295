/**
 * Shrink: a set of a service's actions as the fewest readable patterns that take in exactly that set today. A pattern opens
 * with a whole word and may close with some (`Get*`, `Describe*Policies`): by its verb one sees what it may take in
 * tomorrow. So none opens with a star, unless all of the service is meant. Knows no policies.
 */
import { type Bits, countBits, hasBit } from './bits.ts';
import { type Cover, coverFewest } from './cover.ts';
import type { Service } from './service.ts';

/** The patterns with the service's prefix, in the order of the names that they begin with; none for the empty set. Names that no pattern serves are written out. */
export function shrinkActions(service: Service, wanted: Bits): readonly string[] {
  const count = countBits(wanted);
  if (count === 0) return [];
  if (count === service.names.length && count > 1) return [`${service.prefix}:*`];
  const chosen = coverFewest(count, coversOf(namesOf(service, wanted)));
  return chosen.map((pattern) => `${service.prefix}:${pattern}`).sort();
}

/** One name of the service; `place` counts the wanted ones, and is -1 for others. `ends` are where its words end. */
interface Name {
  readonly name: string;
  readonly lower: string;
  readonly place: number;
  readonly ends: readonly number[];
}

function namesOf(service: Service, wanted: Bits): readonly Name[] {
  let place = 0;
  return service.names.map((name, index) => ({
    name,
    lower: name.toLowerCase(),
    place: hasBit(wanted, index) ? place++ : -1,
    ends: hasBit(wanted, index) ? wordEnds(name) : [],
  }));
}

/** Words open with a capital, and capitals in a row are one: `GetDBProxy` is `Get`, `DB`, `Proxy`. */
function wordEnds(name: string): readonly number[] {
  const ends: number[] = [];
  for (const { index, 0: word } of name.matchAll(/[A-Z]+(?![a-z])[0-9]*|[A-Z]?[^A-Z]+/g))
    ends.push(index + word.length);
  return ends;
}

/** Every name by itself, and every readable pattern that takes in no other name. Of patterns for one set the narrowest counts. */
function coversOf(all: readonly Name[]): readonly Cover[] {
  const covers = new Map<string, Cover>();
  const add = (pattern: string, members: readonly Name[], rank: number) => {
    const places = members.map(({ place }) => place);
    const key = places.join();
    const before = covers.get(key);
    if (!before || before.rank > rank || (before.rank === rank && before.pattern.length < pattern.length))
      covers.set(key, { pattern, places, rank });
  };
  const seen = new Set<string>();
  for (const [index, one] of all.entries()) {
    if (one.place < 0) continue;
    add(one.name, [one], 0);
    for (const end of one.ends) {
      const opening = one.lower.slice(0, end);
      if (seen.has(opening)) continue;
      seen.add(opening);
      const under = startingWith(opening, all, index);
      if (under.length === 1) continue;
      if (under.every(({ place }) => place >= 0)) add(`${one.name.slice(0, end)}*`, under, 1);
      else
        for (const [closing, members] of byClosing(under, end)) add(`${one.name.slice(0, end)}*${closing}`, members, 2);
    }
  }
  return [...covers.values()];
}

/** The names that begin so: neighbours, since names are ordered by their letters. */
function startingWith(opening: string, all: readonly Name[], at: number): readonly Name[] {
  let from = at;
  while (all[from - 1]?.lower.startsWith(opening)) from--;
  let to = at + 1;
  while (all[to]?.lower.startsWith(opening)) to++;
  return all.slice(from, to);
}

/** The names that end in the same words behind `from`, where no other does and there are at least two. */
function byClosing(
  under: readonly Name[],
  from: number,
): readonly (readonly [closing: string, members: readonly Name[]])[] {
  const closings = new Map<string, number>();
  for (const { name, ends } of under)
    for (const end of ends)
      if (end >= from && end < name.length) closings.set(name.slice(end), (closings.get(name.slice(end)) ?? 0) + 1);
  return [...closings].flatMap(([closing, count]) => {
    const lower = closing.toLowerCase();
    if (count < 2) return [];
    const members = under.filter((one) => one.lower.length >= from + lower.length && one.lower.endsWith(lower));
    return members.every(({ place }) => place >= 0) ? [[closing, members] as const] : [];
  });
}
