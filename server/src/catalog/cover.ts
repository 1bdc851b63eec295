/** Cover: the fewest of some sets that hold all places together. Plain numbers; knows no actions. */

/** A set of places, with the pattern that takes them in; of two as good ones the lower rank is the plainer. */
export interface Cover {
  readonly pattern: string;
  readonly places: readonly number[];
  readonly rank: number;
}

/**
 * The patterns of the fewest covers that hold all places below `size`. Every place has to be in one of them. What is
 * forced is chosen first, and in what is left the best choice is looked for among {@link MOST_TRIED}; beyond those the
 * largest goes first.
 */
export function coverFewest(size: number, covers: readonly Cover[]): readonly string[] {
  const start: State = { open: new Set(Array.from({ length: size }, (_, place) => place)), chosen: [] };
  const search: Search = { holding: holdingOf(size, withoutParts(size, covers)), best: undefined, left: MOST_TRIED };
  descend(start, search);
  return withoutNeedless(size, search.best ?? []).map(({ pattern }) => pattern);
}

/** Choices that are tried before the first one found counts. */
const MOST_TRIED = 400;

interface State {
  readonly open: Set<number>;
  readonly chosen: readonly Cover[];
}

interface Search {
  /** The covers that hold a place, larger ones first. */
  readonly holding: readonly (readonly Cover[])[];
  best: readonly Cover[] | undefined;
  left: number;
}

/** Without covers that lie in another one. */
function withoutParts(size: number, covers: readonly Cover[]): readonly Cover[] {
  const kept = Array.from(
    { length: size },
    (): { readonly cover: Cover; readonly places: ReadonlySet<number> }[] => [],
  );
  const ordered = [...covers].sort((a, b) => b.places.length - a.places.length || a.rank - b.rank);
  return ordered.filter((cover) => {
    const others = kept[cover.places[0] ?? 0] ?? [];
    const isPart = others.some(({ places }) => cover.places.every((place) => places.has(place)));
    const whole = { cover, places: new Set(cover.places) };
    if (!isPart) for (const place of cover.places) kept[place]?.push(whole);
    return !isPart;
  });
}

function holdingOf(size: number, covers: readonly Cover[]): readonly (readonly Cover[])[] {
  const holding = Array.from({ length: size }, (): Cover[] => []);
  for (const cover of covers) for (const place of cover.places) holding[place]?.push(cover);
  return holding;
}

/** Takes the place that the fewest covers hold, and tries each of these. */
function descend({ open, chosen }: State, search: Search): void {
  if (search.best && chosen.length + Math.min(1, open.size) >= search.best.length) return;
  const place = hardest(open, search);
  if (place === undefined) {
    search.best = chosen;
    return;
  }
  const gain = ({ places }: Cover) => places.reduce((sum, one) => sum + (open.has(one) ? 1 : 0), 0);
  const options = (search.holding[place] ?? []).map((cover) => ({ cover, gain: gain(cover) }));
  options.sort((a, b) => b.gain - a.gain || a.cover.rank - b.cover.rank);
  for (const { cover } of options) {
    if (search.best && search.left-- <= 0) return;
    const rest = new Set(open);
    for (const one of cover.places) rest.delete(one);
    descend({ open: rest, chosen: [...chosen, cover] }, search);
  }
}

function hardest(open: ReadonlySet<number>, { holding }: Search): number | undefined {
  let hard: number | undefined;
  let fewest = Number.POSITIVE_INFINITY;
  for (const place of open) {
    const count = holding[place]?.length ?? 0;
    if (count >= fewest) continue;
    fewest = count;
    hard = place;
    if (count === 1) break;
  }
  return hard;
}

/** Without those whose places the others hold. */
function withoutNeedless(size: number, chosen: readonly Cover[]): readonly Cover[] {
  const counts = new Uint16Array(size);
  for (const { places } of chosen) for (const place of places) counts[place] = (counts[place] ?? 0) + 1;
  return chosen.filter(({ places }) => {
    if (!places.every((place) => (counts[place] ?? 0) > 1)) return true;
    for (const place of places) counts[place] = (counts[place] ?? 0) - 1;
    return false;
  });
}
