/** Bits: small sets of numbers from zero. Every set of one size has the same number of words; bits beyond the size are never set. */

/** A set. Not to be changed once it is handed on. */
export type Bits = Uint32Array;

/** No number below `size`. */
export function emptyBits(size: number): Bits {
  return new Uint32Array((size + 31) >> 5);
}

/** Every number below `size`. */
export function fullBits(size: number): Bits {
  const bits = emptyBits(size).fill(0xffffffff);
  const rest = size & 31;
  if (rest > 0) bits[bits.length - 1] = 0xffffffff >>> (32 - rest);
  return bits;
}

/** Only that number. */
export function oneBit(size: number, index: number): Bits {
  const bits = emptyBits(size);
  setBit(bits, index);
  return bits;
}

/** Adds a number, for whoever is still making the set. */
export function setBit(bits: Bits, index: number): void {
  bits[index >> 5] = (bits[index >> 5] ?? 0) | (1 << (index & 31));
}

/** Whether the number is in the set. */
export function hasBit(bits: Bits, index: number): boolean {
  return (((bits[index >> 5] ?? 0) >>> (index & 31)) & 1) === 1;
}

/** Those in both. */
export function intersect(a: Bits, b: Bits): Bits {
  return a.map((word, i) => word & (b[i] ?? 0));
}

/** Those in either. */
export function union(a: Bits, b: Bits): Bits {
  return a.map((word, i) => word | (b[i] ?? 0));
}

/** Those of `a` that are not in `b`. */
export function without(a: Bits, b: Bits): Bits {
  return a.map((word, i) => word & ~(b[i] ?? 0));
}

/** Whether the sets have a number in common. */
export function meets(a: Bits, b: Bits): boolean {
  for (let i = 0; i < a.length; i++) if (((a[i] ?? 0) & (b[i] ?? 0)) !== 0) return true;
  return false;
}

/** Whether all of `inner` is in `outer`. */
export function holdsAll(outer: Bits, inner: Bits): boolean {
  for (let i = 0; i < inner.length; i++) if (((inner[i] ?? 0) & ~(outer[i] ?? 0)) !== 0) return false;
  return true;
}

/** Whether there is no number in the set. */
export function isEmpty(bits: Bits): boolean {
  return bits.every((word) => word === 0);
}

/** The numbers, ascending. */
export function numbersOf(bits: Bits): readonly number[] {
  const numbers: number[] = [];
  for (let i = 0; i < bits.length * 32; i++) if (hasBit(bits, i)) numbers.push(i);
  return numbers;
}
