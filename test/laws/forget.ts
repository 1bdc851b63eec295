/** Forgetting: every way to know one thing less about a Value. What is forgotten is never replaced by something else that is known. */
import { holeText, joinText, type Span, sliceText, type Text } from '../../server/src/text/text.ts';
import type { Entry, Item, ObjectValue, TextValue, Value } from '../../server/src/value/value.ts';

/** A Value of which one thing is not known any more. */
export interface Forgotten {
  readonly what: string;
  readonly value: Value;
}

/**
 * Every Value that differs from this one by one thing forgotten, anywhere in it. A statement is forgotten piece by piece,
 * never as a whole: one of which nothing can be seen might be a Deny of anything, and no rule about an Allow could speak
 * beside it.
 */
export function* forgettings(value: Value, path = '$'): Generator<Forgotten> {
  if (value.kind === 'unknown') return;
  if (!/^\$\.Statement(\[\d+\])?$/.test(path) || value.kind === 'text') {
    yield { what: `${path} is unknown`, value: unknown(value) };
    yield { what: `${path} is one of two`, value: orUnknown(value) };
  }
  switch (value.kind) {
    case 'text':
      yield* forgottenTexts(value, path);
      return;
    case 'list':
      if (!value.open) yield { what: `${path} is open`, value: { ...value, open: true } };
      for (const [i, item] of value.items.entries()) {
        const at = (changed: Item) => ({ ...value, items: value.items.with(i, changed) });
        if (item.presence === 'always')
          yield { what: `${path}[${i}] is there sometimes`, value: at({ ...item, presence: 'sometimes' }) };
        for (const { what, value: inner } of forgettings(item.value, `${path}[${i}]`))
          yield { what, value: at({ ...item, value: inner }) };
      }
      return;
    case 'object':
      if (!value.open) yield { what: `${path} is open`, value: { ...value, open: true } };
      for (const [i, entry] of value.entries.entries()) yield* forgottenEntry(value, entry, i, path);
      return;
    case 'choice':
      for (const [i, option] of value.options.entries()) {
        for (const { what, value: inner } of forgettings(option, `${path}(${i})`)) {
          if (inner.kind !== 'choice') yield { what, value: { ...value, options: value.options.with(i, inner) } };
        }
      }
      return;
    case 'scalar':
  }
}

function* forgottenEntry(object: ObjectValue, entry: Entry, i: number, path: string): Generator<Forgotten> {
  const at = (changed: Entry): Value => ({ ...object, entries: object.entries.with(i, changed) });
  const name = `${path}.${entry.key.flat}`;
  yield { what: `the key ${name} is a hole`, value: at({ ...entry, key: hole(entry.keySpan) }) };
  if (entry.presence === 'always')
    yield { what: `${name} is there sometimes`, value: at({ ...entry, presence: 'sometimes' }) };
  for (const { what, value } of forgettings(entry.value, name)) yield { what, value: at({ ...entry, value }) };
}

/** The whole text, its head, its tail and its middle become holes, and a hole stands before and behind it. */
function* forgottenTexts(value: TextValue, path: string): Generator<Forgotten> {
  const { text, span } = value;
  const { length } = text.flat;
  const middle = Math.ceil(length / 2);
  const colon = text.flat.indexOf(':') + 1;
  const forms: readonly (readonly [what: string, text: Text])[] = [
    ['is a hole', hole(span)],
    ['begins with a hole', joinText([hole(span), sliceText(text, middle, length)])],
    ['ends with a hole', joinText([sliceText(text, 0, middle), hole(span)])],
    ['is a hole up to its colon', joinText([hole(span), sliceText(text, colon, length)])],
    ['is a hole from its colon on', joinText([sliceText(text, 0, colon), hole(span)])],
    ['has a hole within', joinText([sliceText(text, 0, middle - 1), hole(span), sliceText(text, middle, length)])],
  ];
  for (const [what, forgotten] of forms) yield { what: `${path} ${what}`, value: { ...value, text: forgotten } };
}

const SYMBOL = 'var.forgotten';

function hole(span: Span): Text {
  return holeText(SYMBOL, span);
}

function unknown(value: Value): Value {
  return { kind: 'unknown', span: value.span, spelling: value.spelling, symbol: SYMBOL };
}

function orUnknown(value: Value): Value {
  if (value.kind === 'choice') return { ...value, options: [...value.options, unknown(value)] };
  return { kind: 'choice', span: value.span, spelling: value.spelling, options: [value, unknown(value)] };
}
