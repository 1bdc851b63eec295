/** Content: short names for what values say wherever they stand, found once for each value. */
import { fingerprint } from './fingerprint.ts';
import { canonicalValue, type Value } from './value.ts';

/** A short name for the value's content without its places; see {@link canonicalValue}. */
export function contentOf(value: Value): string {
  const known = KNOWN.get(value) ?? fingerprint(canonicalValue(value));
  KNOWN.set(value, known);
  return known;
}

const KNOWN = new WeakMap<Value, string>();

/** Says that a value has the content of another one, as one that was moved has; gives it back. */
export function sameContent(old: Value, value: Value): Value {
  const known = KNOWN.get(old);
  if (known !== undefined) KNOWN.set(value, known);
  return value;
}
