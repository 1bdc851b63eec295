/** Moved: values as they are after an edit beside them, which changes where they stand and nothing else. */
import type { Part, Span, Text } from '../text/text.ts';
import type { Value } from './value.ts';

/** Where a place before an edit is after it; the very same span where it has not moved. */
export type Move = (span: Span) => Span;

/** The value with all its places moved; the very same value where none of them has. */
export function movedValue(value: Value, move: Move): Value {
  const span = move(value.span);
  switch (value.kind) {
    case 'text': {
      const text = movedText(value.text, move);
      return span === value.span && text === value.text ? value : { ...value, span, text };
    }
    case 'list': {
      const items = mapped(value.items, (item) => {
        const inner = movedValue(item.value, move);
        return inner === item.value ? item : { value: inner, presence: item.presence };
      });
      return span === value.span && items === value.items ? value : { ...value, span, items };
    }
    case 'object': {
      const entries = mapped(value.entries, (entry) => {
        const [key, inner] = [movedText(entry.key, move), movedValue(entry.value, move)];
        const [keySpan, whole] = [move(entry.keySpan), move(entry.span)];
        const isSame = key === entry.key && inner === entry.value && keySpan === entry.keySpan && whole === entry.span;
        return isSame ? entry : { ...entry, key, keySpan, value: inner, span: whole };
      });
      return span === value.span && entries === value.entries ? value : { ...value, span, entries };
    }
    case 'choice': {
      const options = mapped(value.options, (option) => movedValue(option, move));
      return span === value.span && options === value.options ? value : { ...value, span, options };
    }
    case 'scalar':
    case 'unknown':
      return span === value.span ? value : { ...value, span };
  }
}

function movedText(text: Text, move: Move): Text {
  const parts = mapped(text.parts, (part): Part => {
    const span = move(part.span);
    return span === part.span ? part : { ...part, span };
  });
  return parts === text.parts ? text : { flat: text.flat, parts };
}

/** The list itself where nothing of it changes. */
export function mapped<T>(list: readonly T[], change: (one: T) => T): readonly T[] {
  let changed: T[] | undefined;
  for (let index = 0; index < list.length; index++) {
    const one = list[index];
    if (one === undefined) continue;
    const other = change(one);
    if (changed) changed.push(other);
    else if (other !== one) {
      changed = list.slice(0, index);
      changed.push(other);
    }
  }
  return changed ?? list;
}
