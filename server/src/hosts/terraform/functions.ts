/** The functions of HCL that only arrange what they are given. What others give is a string without known letters, or unknown. */
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
import { type Evaluation, evaluate, HCL, unknownOf, unknownText } from './evaluate.ts';
import { spanIn, type TerraformFile } from './file.ts';
import type { Call } from './hcl/syntax.ts';
import { symbolOf } from './walk.ts';

/** What a call is worth. */
export function callValue(call: Call, file: TerraformFile, evaluation: Evaluation): Value {
  if (PASSING.has(call.name)) return passed(call, file, evaluation);
  if (STRINGS.has(call.name)) return unknownText(call, file);
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
      return unknownOf(call, file);
  }
}

/** They give their first argument, perhaps in another order or under another type. */
const PASSING: ReadonlySet<string> = new Set(
  'toset tolist tomap distinct sort reverse sensitive nonsensitive tostring ephemeralasnull trimspace chomp'.split(' '),
);

/** They give one string. */
const STRINGS: ReadonlySet<string> = new Set(
  `format join replace lower upper title substr trim trimprefix trimsuffix strrev indent jsonencode yamlencode base64encode
  basename dirname abspath md5 sha1 sha256 sha512 uuid timestamp formatdate cidrhost cidrsubnet urlencode
  templatestring`.split(/\s+/),
);

function passed(call: Call, file: TerraformFile, evaluation: Evaluation): Value {
  const [first] = call.arguments;
  const value = first ? evaluate(first, file, evaluation) : undefined;
  return !value || value.kind === 'unknown' ? unknownOf(call, file) : value;
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
  const closed = values.map((value) => gather(value, 'always', items)).every(Boolean);
  if (items.length === 0 && !closed) return unknownOf(call, file);
  const open = !closed || call.expand || !call.closed;
  const openSymbol = openSymbolOf(call, values, file);
  return { kind: 'list', span: spanIn(file.source, call.span), spelling: HCL, items, open, openSymbol };
}

/** What opens the lists or objects that a call joins; the call itself where its arguments cannot be told apart. */
function openSymbolOf(call: Call, values: readonly Value[], file: TerraformFile): string | undefined {
  if (!call.closed) return undefined;
  if (call.expand) return joinNames([symbolOf(file.source.text, call.span), ...values.map(unseenName)]);
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
  let open = call.expand || !call.closed;
  const values = call.arguments.map((argument) => evaluate(argument, file, evaluation));
  for (const value of values) {
    if (value.kind === 'object' && !value.open) {
      const own = new Set(value.entries.flatMap((entry) => (hasHole(entry.key) ? [] : [knownText(entry.key)])));
      entries = [...entries.filter((entry) => hasHole(entry.key) || !own.has(knownText(entry.key))), ...value.entries];
    } else {
      open = true;
      entries = entries.map((entry): Entry => ({ ...entry, presence: 'sometimes' }));
      if (value.kind === 'object') entries = [...entries, ...value.entries];
    }
  }
  if (entries.length === 0 && open) return unknownOf(call, file);
  const openSymbol = openSymbolOf(call, values, file);
  return { kind: 'object', span: spanIn(file.source, call.span), spelling: HCL, entries, open, openSymbol };
}
