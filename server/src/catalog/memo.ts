/** Memo: values computed when first asked for and kept. Knows nothing of what they are. */

/** The value of a function that is called once, when first asked for. */
export function memo<Result>(compute: () => Result): () => Result {
  let known: { readonly value: Result } | undefined;
  return () => {
    known ??= { value: compute() };
    return known.value;
  };
}

/** The entry under the key, computed once. */
export function kept<Value>(map: Map<string, Value>, key: string, compute: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const value = compute();
  map.set(key, value);
  return value;
}
