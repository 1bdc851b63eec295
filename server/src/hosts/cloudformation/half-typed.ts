/**
 * Words that are still being typed: `- s3:` and `Resource: arn:aws:` are objects to a reader of YAML as long as nothing
 * stands behind their last colon. Where a policy takes texts only they are the texts that they are going to be.
 */
import type { Source } from '../../policy/module.ts';
import { sourceText } from '../../text/text.ts';
import type { Entry, Item, ObjectValue, Spelling, TextValue, Value } from '../../value/value.ts';

/** Elements, and types of principals, that take texts only. */
const TEXTS: ReadonlySet<string> = new Set(
  'Action NotAction Resource NotResource AWS Service Federated CanonicalUser'.split(' '),
);

/** The document with such words as texts; itself where it has none. */
export function withHalfTyped(document: Value, source: Source): Value {
  return /:[ \t]*(?:[\]},]|\r?\n|$)/.test(source.text) ? completed(document, source, 0) : document;
}

/** Nothing that a policy stands in is deeper. */
const DEEPEST = 60;

function completed(value: Value, source: Source, depth: number): Value {
  if (depth > DEEPEST) return value;
  if (value.kind === 'list') {
    const items = value.items.map((item): Item => {
      const inner = completed(item.value, source, depth + 1);
      return inner === item.value ? item : { ...item, value: inner };
    });
    return items.some((item, i) => item !== value.items[i]) ? { ...value, items } : value;
  }
  if (value.kind !== 'object') return value;
  const entries = value.entries.map((entry): Entry => {
    const inner = TEXTS.has(entry.key.flat) ? textsIn(entry.value, source) : completed(entry.value, source, depth + 1);
    return inner === entry.value ? entry : { ...entry, value: inner };
  });
  return entries.some((entry, i) => entry !== value.entries[i]) ? { ...value, entries } : value;
}

function textsIn(value: Value, source: Source): Value {
  if (value.kind !== 'list') return (value.kind === 'object' && wordOf(value, source)) || value;
  const items = value.items.map((item): Item => {
    const word = item.value.kind === 'object' ? wordOf(item.value, source) : undefined;
    return word ? { ...item, value: word } : item;
  });
  return items.some((item, i) => item !== value.items[i]) ? { ...value, items } : value;
}

/** The text that an object is which has nothing but a key and a colon. */
function wordOf({ entries, spelling }: ObjectValue, { path, text }: Source): TextValue | undefined {
  const [only, ...others] = entries;
  if (!only || others.length > 0 || only.value.kind !== 'unknown' || !only.value.symbol.startsWith('missing@'))
    return undefined;
  const { start, end: colon } = only.keySpan;
  if (text[colon] !== ':' || /^["'!]|^Fn::|^Ref$/.test(text.slice(start, colon))) return undefined;
  const end = colon + 1;
  const flow: readonly Spelling['layers'][number][] = spelling.layers.includes('yaml-flow') ? ['yaml-flow'] : [];
  return {
    kind: 'text',
    span: { source: path, start, end },
    spelling: { notation: 'yaml', layers: ['yaml-plain', ...flow] },
    text: sourceText(path, text, start, end),
  };
}
