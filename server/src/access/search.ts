/**
 * Search: a point of a finite space that lies in one box and outside of others, or the certainty that there is none.
 * Splits on the box that is nearest to decided and follows what must then hold. Knows nothing of policies.
 */
import { type Bits, fullBits, holdsAll, intersect, isEmpty, meets, without } from './bits.ts';

/** All points whose coordinate in each named dimension is one of `allowed`. Dimensions stand once each; others are free. */
export interface Box {
  readonly dimensions: readonly number[];
  readonly allowed: readonly Bits[];
}

/** Work that is left, shared by the searches of one question. */
export interface Budget {
  left: number;
}

/** What a search gives: coordinates of which every combination will do, nothing, or no answer within the budget. */
export type Found = readonly Bits[] | 'nothing' | 'too long';

/** Looks for points of `start` outside of every box of `forbidden`. `sizes` are the numbers of coordinates by dimension. */
export function findPoint(sizes: readonly number[], start: Box, forbidden: readonly Box[], budget: Budget): Found {
  const current = sizes.map(fullBits);
  start.dimensions.forEach((dimension, i) => {
    const [own, allowed] = [current[dimension], start.allowed[i]];
    if (own && allowed) current[dimension] = intersect(own, allowed);
  });
  return current.some(isEmpty) ? 'nothing' : solve(current, forbidden, budget, 0);
}

/** Splits within splits that are followed. */
const DEEPEST = 2000;

function solve(current: Bits[], boxes: readonly Box[], budget: Budget, depth: number): Found {
  const split = propagate(current, boxes, budget);
  if (split === 'conflict') return 'nothing';
  if (split === 'free') return current;
  if (budget.left < 0 || depth > DEEPEST) return 'too long';
  const { dimension, allowed, open } = split;
  const own = current[dimension];
  if (!own) return 'nothing';
  for (const part of [without(own, allowed), intersect(own, allowed)]) {
    const branch = current.slice();
    branch[dimension] = part;
    const found = solve(branch, open, budget, depth + 1);
    if (found !== 'nothing') return found;
  }
  return 'nothing';
}

/** Where to split, and the boxes that are not decided. */
interface Split {
  readonly dimension: number;
  readonly allowed: Bits;
  readonly open: readonly Box[];
}

/** Takes away coordinates that a box rules out by itself, until nothing more follows. */
function propagate(current: Bits[], boxes: readonly Box[], budget: Budget): Split | 'conflict' | 'free' {
  let open = boxes;
  for (;;) {
    const kept: Box[] = [];
    let best: { box: Box; index: number; width: number } | undefined;
    let changed = false;
    for (const box of open) {
      budget.left -= 1 + box.dimensions.length;
      const { width, index } = openness(current, box);
      if (width < 0) continue;
      if (width === 0) return 'conflict';
      const [dimension, allowed] = [box.dimensions[index], box.allowed[index]];
      const own = current[dimension ?? 0];
      if (width > 1 || dimension === undefined || !own || !allowed) {
        kept.push(box);
        if (!best || width < best.width) best = { box, index, width };
        continue;
      }
      current[dimension] = without(own, allowed);
      changed = true;
    }
    if (kept.length === 0) return 'free';
    if (!changed && best) return splitOn(best, kept);
    open = kept;
  }
}

function splitOn({ box, index }: { box: Box; index: number }, open: readonly Box[]): Split {
  return { dimension: box.dimensions[index] ?? 0, allowed: box.allowed[index] ?? new Uint32Array(), open };
}

/** The number of dimensions in which the current points are partly in the box, and the first of them; negative where none is in it. */
function openness(current: readonly Bits[], { dimensions, allowed }: Box): { width: number; index: number } {
  let width = 0;
  let index = -1;
  for (let i = 0; i < dimensions.length; i++) {
    const [own, bits] = [current[dimensions[i] ?? 0], allowed[i]];
    if (!own || !bits) continue;
    if (!meets(own, bits)) return { width: -1, index: -1 };
    if (holdsAll(bits, own)) continue;
    width += 1;
    if (index < 0) index = i;
  }
  return { width, index };
}

/** The points in both boxes; undefined where there are none. */
export function overlap(a: Box, b: Box): Box | undefined {
  const allowed = new Map<number, Bits>(
    a.dimensions.map((dimension, i) => [dimension, a.allowed[i] ?? new Uint32Array()]),
  );
  for (let i = 0; i < b.dimensions.length; i++) {
    const [dimension, bits] = [b.dimensions[i] ?? 0, b.allowed[i] ?? new Uint32Array()];
    const own = allowed.get(dimension);
    const both = own ? intersect(own, bits) : bits;
    if (isEmpty(both)) return undefined;
    allowed.set(dimension, both);
  }
  return { dimensions: [...allowed.keys()], allowed: [...allowed.values()] };
}
