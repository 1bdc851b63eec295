/**
 * Bits: sets of small numbers, 32 to a word; here the actions of one service by their index. Never changes a set that
 * it was given. Sets of different lengths may meet: what is missing counts as empty. Loops, where a method with a callback
 * would do: every statement is intersected with every service that it names.
 */

/** A set of numbers from 0; never changed once handed out. */
export type Bits = Uint32Array;

/** The set of all numbers below `size`. */
export function fullBits(size: number): Bits {
  const bits = new Uint32Array((size + 31) >>> 5).fill(0xffffffff);
  const rest = size & 31;
  if (rest > 0) bits[bits.length - 1] = (1 << rest) - 1;
  return bits;
}

/** A set of one index among `size`. */
export function oneBit(size: number, index: number): Bits {
  const bits = new Uint32Array((size + 31) >>> 5);
  bits[index >>> 5] = 1 << (index & 31);
  return bits;
}

/** The numbers below `size` for which `holds` is true. */
export function bitsWhere(size: number, holds: (index: number) => boolean): Bits {
  const bits = new Uint32Array((size + 31) >>> 5);
  for (let index = 0; index < size; index++) {
    if (holds(index)) bits[index >>> 5] = (bits[index >>> 5] ?? 0) | (1 << (index & 31));
  }
  return bits;
}

/** In both. */
export function and(a: Bits, b: Bits): Bits {
  const both = new Uint32Array(a.length);
  for (let i = 0; i < a.length; i++) both[i] = (a[i] ?? 0) & (b[i] ?? 0);
  return both;
}

/** In the first and not in the second. */
export function andNot(a: Bits, b: Bits): Bits {
  const rest = new Uint32Array(a.length);
  for (let i = 0; i < a.length; i++) rest[i] = (a[i] ?? 0) & ~(b[i] ?? 0);
  return rest;
}

/** In one or the other. */
export function or(a: Bits, b: Bits): Bits {
  const [longer, shorter] = a.length >= b.length ? [a, b] : [b, a];
  return longer.map((word, index) => word | (shorter[index] ?? 0));
}

/** How many numbers the set has. */
export function countBits(bits: Bits): number {
  let count = 0;
  for (let word of bits) {
    word -= (word >>> 1) & 0x55555555;
    word = (word & 0x33333333) + ((word >>> 2) & 0x33333333);
    count += Math.imul((word + (word >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
  }
  return count;
}

/** Whether no index is in both; makes no new set. */
export function disjoint(a: Bits, b: Bits): boolean {
  for (let i = 0; i < a.length; i++) if (((a[i] ?? 0) & (b[i] ?? 0)) !== 0) return false;
  return true;
}

/** Whether the set has no number. */
export function isEmpty(bits: Bits): boolean {
  for (let i = 0; i < bits.length; i++) if (bits[i] !== 0) return false;
  return true;
}

/** Whether the number is in the set; false for numbers that the set has no room for. */
export function hasBit(bits: Bits, index: number): boolean {
  return ((bits[index >>> 5] ?? 0) & (1 << (index & 31))) !== 0;
}

/** The numbers of the set, ascending. */
export function* eachBit(bits: Bits): Generator<number> {
  for (const [at, whole] of bits.entries()) {
    for (let word = whole; word !== 0; word &= word - 1) yield at * 32 + 31 - Math.clz32(word & -word);
  }
}
