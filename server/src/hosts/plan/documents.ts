/**
 * `aws_iam_policy_document` in a plan: one that is read only when the plan is applied, since something in it is not known
 * before. Its blocks are read as Terraform's own; what is not known is a hole.
 */
import { type Span, spelledText } from '../../text/text.ts';
import type { Entry, Item, ObjectValue, Value } from '../../value/value.ts';
import { blockDocument } from '../terraform/blocks.ts';
import { evaluationOf } from '../terraform/evaluation.ts';
import { emptyFile } from '../terraform/file.ts';
import { lettersOf } from '../terraform/json/expression.ts';
import { blockOf } from '../terraform/json/structure.ts';
import { scopeOf } from '../terraform/scope.ts';
import { type PlannedResource, valueAt } from './resources.ts';

/** The document that the provider will render. */
export function plannedDocument({ values, unknown }: PlannedResource, path: string, text: string): ObjectValue {
  const source = { path, text };
  const file = emptyFile(source);
  const block = blockOf('data', [], withUnknowns(values, unknown), lettersOf(text));
  return blockDocument(block, file, evaluationOf(scopeOf([file])));
}

/** The object with something unknown in each place of which `unknown` says so. */
function withUnknowns(object: ObjectValue, unknown: Value | undefined): ObjectValue {
  if (unknown?.kind !== 'object') return object;
  const known = object.entries.map(
    (entry): Entry => ({ ...entry, value: marked(entry.value, valueAt(unknown, entry.key.flat)) }),
  );
  const names = new Set(object.entries.map((entry) => entry.key.flat));
  const missing = unknown.entries.filter((entry) => !names.has(entry.key.flat) && isTrue(entry.value));
  return { ...object, entries: [...missing.map((entry, index) => missingEntry(entry, index, object)), ...known] };
}

function marked(value: Value, unknown: Value | undefined): Value {
  if (isTrue(unknown)) return unknownAt(value.span, value);
  if (value.kind === 'object') return withUnknowns(value, unknown);
  if (value.kind !== 'list' || unknown?.kind !== 'list') return value;
  const items = value.items.map(
    (item, index): Item => ({ ...item, value: marked(item.value, unknown.items[index]?.value) }),
  );
  return { ...value, items };
}

function isTrue(value: Value | undefined): boolean {
  return value?.kind === 'scalar' && value.value === true;
}

function unknownAt(span: Span, { spelling }: Value): Value {
  return { kind: 'unknown', span, spelling, symbol: `unknown@${span.start}` };
}

/** An argument without a value; of blocks there may be any number. Each has a place of its own within the object, so that none is equal to another. */
function missingEntry({ key }: Entry, index: number, object: ObjectValue): Entry {
  const start = Math.min(object.span.start + index + 1, object.span.end - 1);
  const span = { ...object.span, start, end: start };
  const place = { keySpan: span, span, presence: 'always' } as const;
  if (!BLOCKS.has(key.flat)) return { ...place, key, value: unknownAt(span, object) };
  const empty: ObjectValue = { kind: 'object', span, spelling: object.spelling, entries: [], open: false };
  const uses: ObjectValue = { ...empty, entries: [{ ...place, key, value: empty }] };
  return { ...place, key: spelledText('derived', 'dynamic', span), value: uses };
}

const BLOCKS: ReadonlySet<string> = new Set(['statement', 'principals', 'not_principals', 'condition']);
