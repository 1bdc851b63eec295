/** The functions of HCL that policies use on lists and objects. What others give is a string without known letters, or unknown. */
import { hasHole, knownText, type Text } from '../../text/text.ts';
import {
  type Entry,
  type Item,
  joinNames,
  openName,
  type Presence,
  unseenName,
  type Value,
} from '../../value/value.ts';
import { evaluate } from './evaluate.ts';
import { type Evaluation, HCL, MADE, nameOf, unknownOf, unknownText } from './evaluation.ts';
import { spanIn, type TerraformFile } from './file.ts';
import type { Call } from './hcl/syntax.ts';
import { knownValue, lengthOf } from './known-calls.ts';
import { isStringFunction } from './strings.ts';

/** What a call is worth. */
export function callValue(call: Call, file: TerraformFile, evaluation: Evaluation): Value {
  const value = call.closed && !call.expand ? knownValue(call, file, evaluation) : undefined;
  if (value) return value;
  if (PASSING.has(call.name)) return passed(call, file, evaluation);
  if (isStringFunction(call.name)) return unknownText(call, file, evaluation);
  switch (call.name) {
    case 'concat':
    case 'setunion':
      return joined(call, file, evaluation);
    case 'flatten':
      return flattened(call, file, evaluation);
    case 'compact':
      return compacted(call, file, evaluation);
    case 'merge':
      return merged(call, file, evaluation);
    default:
      // What it rests on is to be known, though it is not known what the function makes of it.
      for (const argument of call.arguments) evaluate(argument, file, evaluation);
      return unknownOf(call, file, evaluation);
  }
}

/** They give their first argument, perhaps in another order or under another type. */
const PASSING: ReadonlySet<string> = new Set(
  'toset tolist tomap distinct sort reverse sensitive nonsensitive tostring ephemeralasnull'.split(' '),
);

function passed(call: Call, file: TerraformFile, evaluation: Evaluation): Value {
  const [first] = call.arguments;
  const value = first ? evaluate(first, file, evaluation) : undefined;
  const isRefused = call.name === 'tostring' && (value?.kind === 'list' || value?.kind === 'object');
  return !value || value.kind === 'unknown' || isRefused ? unknownOf(call, file, evaluation) : value;
}

/** Items of lists, as far as they are seen; false where there may be more. */
function gather(value: Value, presence: Presence, into: Item[]): boolean {
  if (value.kind === 'choice') return value.options.map((option) => gather(option, 'sometimes', into)).every(Boolean);
  if (value.kind !== 'list') return false;
  for (const item of value.items) into.push(presence === 'always' ? item : { value: item.value, presence });
  return !value.open;
}

function joined(call: Call, file: TerraformFile, evaluation: Evaluation): Value {
  const items: Item[] = [];
  const values = call.arguments.map((argument) => evaluate(argument, file, evaluation));
  const closed = spreadOf(call, values)
    .map((value) => gather(value, 'always', items))
    .every(Boolean);
  if (items.length === 0 && !closed) return unknownOf(call, file, evaluation);
  const open = !closed || !call.closed;
  const openSymbol = openSymbolOf(call, values, file, evaluation);
  return { kind: 'list', span: spanIn(file.source, call.span), spelling: HCL, items, open, openSymbol };
}

/** The values, the last one taken apart where `...` stands behind it; itself where it is no list that is seen. */
function spreadOf(call: Call, values: readonly Value[]): readonly Value[] {
  const last = call.expand ? values.at(-1) : undefined;
  if (!last) return values;
  const isSeen = last.kind === 'list' && lengthOf(last) !== undefined;
  const spread = isSeen ? last.items.map((item) => item.value) : [unseen(last)];
  return [...values.slice(0, -1), ...spread];
}

function unseen({ span }: Value): Value {
  return { kind: 'unknown', span, spelling: MADE, symbol: '...' };
}

/** What opens the lists or objects that a call joins; the call itself where its arguments cannot be told apart. */
function openSymbolOf(
  call: Call,
  values: readonly Value[],
  file: TerraformFile,
  evaluation: Evaluation,
): string | undefined {
  if (!call.closed) return undefined;
  if (call.expand) return joinNames([nameOf(call.span, file, evaluation), ...values.map(unseenName)]);
  return joinNames(
    values.map((value) => (value.kind === 'list' || value.kind === 'object' ? openName(value) : unseenName(value))),
  );
}

function flattened(call: Call, file: TerraformFile, evaluation: Evaluation): Value {
  const value = passed(call, file, evaluation);
  if (value.kind !== 'list' || !value.items.some((item) => item.value.kind !== 'text' && item.value.kind !== 'object'))
    return value;
  const items: Item[] = [];
  const closed = flatten(value, 'always', items);
  const openSymbol = unseenName(value);
  return { kind: 'list', span: spanIn(file.source, call.span), spelling: HCL, items, open: !closed, openSymbol };
}

/** Puts the items of nested lists in a row; an item that may itself be a list opens it. */
function flatten(value: Value, presence: Presence, into: Item[]): boolean {
  switch (value.kind) {
    case 'list': {
      const closed = value.items.map((item) =>
        flatten(item.value, item.presence === 'sometimes' ? 'sometimes' : presence, into),
      );
      return closed.every(Boolean) && !value.open;
    }
    case 'choice':
      return value.options.map((option) => flatten(option, 'sometimes', into)).every(Boolean);
    case 'unknown':
      return false;
    case 'text':
    case 'object':
    case 'scalar':
      into.push({ value, presence });
      return true;
  }
}

/** Null and empty strings go; what may be one of them is there only sometimes. */
function compacted(call: Call, file: TerraformFile, evaluation: Evaluation): Value {
  const value = passed(call, file, evaluation);
  if (value.kind !== 'list') return value;
  const items = value.items.flatMap((item): readonly Item[] => {
    const { value: inner } = item;
    if (inner.kind === 'scalar' && inner.value === null) return [];
    if (inner.kind !== 'text') return [{ value: inner, presence: 'sometimes' }];
    if (inner.text.flat === '') return [];
    return [mayBeEmpty(inner.text) ? { value: inner, presence: 'sometimes' } : item];
  });
  return { ...value, items, openSymbol: joinNames(['compact', openName(value)]) };
}

function mayBeEmpty(text: Text): boolean {
  return text.parts.every((part) => part.kind === 'hole');
}

/** Entries of all objects; where one is not known, what stands before it may be replaced by it. */
function merged(call: Call, file: TerraformFile, evaluation: Evaluation): Value {
  let entries: readonly Entry[] = [];
  let open = !call.closed;
  const values = call.arguments.map((argument) => evaluate(argument, file, evaluation));
  for (const value of spreadOf(call, values)) {
    if (value.kind === 'object' && !value.open) {
      const own = new Set(value.entries.flatMap((entry) => (hasHole(entry.key) ? [] : [knownText(entry.key)])));
      entries = [...entries.filter((entry) => hasHole(entry.key) || !own.has(knownText(entry.key))), ...value.entries];
    } else {
      open = true;
      entries = entries.map((entry): Entry => ({ ...entry, presence: 'sometimes' }));
      if (value.kind === 'object') entries = [...entries, ...value.entries];
    }
  }
  if (entries.length === 0 && open) return unknownOf(call, file, evaluation);
  const openSymbol = openSymbolOf(call, values, file, evaluation);
  return { kind: 'object', span: spanIn(file.source, call.span), spelling: HCL, entries, open, openSymbol };
}
