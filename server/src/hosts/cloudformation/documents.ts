/** Documents: what of a property's value is a policy: objects, JSON in texts, every branch of a choice, bare statements. Knows no resource by name. */
import { type Span, spelledText } from '../../text/text.ts';
import { type JsonProblem, readJson } from '../../value/json.ts';
import type { Layer, ObjectValue, Spelling, TextValue, Value } from '../../value/value.ts';

/** A document with what is wrong with its letters. */
export interface FoundDocument {
  readonly value: ObjectValue;
  readonly problems: readonly JsonProblem[];
}

/** The documents that a value holds, each branch of a choice for itself. */
export function documentsIn(value: Value): readonly FoundDocument[] {
  switch (value.kind) {
    case 'object':
      return [{ value, problems: [] }];
    case 'choice':
      return value.options.flatMap(documentsIn);
    case 'text':
      return documentInText(value);
    case 'list':
    case 'scalar':
    case 'unknown':
      return [];
  }
}

/** The document that a text of JSON holds. */
export function documentInText(value: TextValue): readonly FoundDocument[] {
  if (!/^\s*\{/.test(value.text.flat)) return [];
  const inner = readJson(value.text, value.span, insideOf(value.spelling));
  return inner.value?.kind === 'object' ? [{ value: inner.value, problems: inner.problems }] : [];
}

/** How JSON is spelled in a text of that spelling. */
function insideOf({ notation, layers }: Spelling): Spelling {
  const around = layers.map((layer): Layer => (layer === 'fn-sub' ? 'sub' : layer));
  return { notation: 'json', layers: notation === 'json' ? [...around, 'json-string'] : around };
}

const MADE: Spelling = { notation: 'made', layers: [] };

/** The document that is made of bare statements: one of them, or a list. */
export function documentAround(statements: Value): ObjectValue | undefined {
  const { span, kind } = statements;
  if (kind !== 'object' && kind !== 'list') return undefined;
  const keySpan: Span = { ...span, end: span.start };
  const key = spelledText('derived', 'Statement', keySpan);
  const entry = { key, keySpan, value: statements, presence: 'always', span } as const;
  return { kind: 'object', span, spelling: MADE, entries: [entry], open: false };
}
