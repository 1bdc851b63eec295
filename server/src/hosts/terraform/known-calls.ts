/** The functions of HCL that look into lists and objects: they give something only where enough of these is known. */
import { hasHole, knownText, sliceText } from '../../text/text.ts';
import { type Item, joinNames, lacks, literalOf, openName, type Value } from '../../value/value.ts';
import { canValue, coalescedValue, triedValue } from './attempts.ts';
import { documentsOf } from './documents.ts';
import { computed, evaluate } from './evaluate.ts';
import { type Evaluation, MADE, unknownOf } from './evaluation.ts';
import { spanIn, type TerraformFile } from './file.ts';
import type { Call, Expression } from './hcl/syntax.ts';
import { isEqual, withoutRepeats } from './repetition.ts';
import { formatted, isStringFunction, stringValue } from './strings.ts';
import { memberOf } from './traversal.ts';

/** What the call gives where its arguments are known well enough; undefined else, and for functions that work on less. */
export function knownValue(call: Call, file: TerraformFile, evaluation: Evaluation): Value | undefined {
  const of = (index: number): Value | undefined => {
    const expression = call.arguments[index];
    return expression && evaluate(expression, file, evaluation);
  };
  switch (call.name) {
    case 'toset':
    case 'distinct': {
      const value = of(0);
      if (value?.kind !== 'list') return value?.kind === 'unknown' ? unknownOf(call, file, evaluation) : value;
      const items = withoutRepeats(value.items);
      return items.length === value.items.length ? value : { ...value, items };
    }
    case 'keys':
    case 'values':
      return membersOf(call, of(0), file);
    case 'lookup':
      return lookedUp(call, of, file, evaluation);
    case 'element':
      return elementAt(of(0), of(1));
    case 'one': {
      const value = of(0);
      return value?.kind === 'list' && lengthOf(value) === 1 ? value.items[0]?.value : undefined;
    }
    case 'length': {
      const length = lengthOf(of(0));
      return length === undefined ? undefined : computed(length, call.span, file);
    }
    case 'contains': {
      const answer = holds(of(0), of(1));
      return answer === undefined ? undefined : computed(answer, call.span, file);
    }
    case 'coalesce':
      return coalescedValue(call, file, evaluation);
    case 'try':
      return triedValue(call, file, evaluation);
    case 'can':
      return canValue(call, file, evaluation);
    case 'split':
      return split(call, of(0), of(1), file);
    case 'formatlist':
      return formatList(call, of, file, evaluation);
    case 'jsondecode':
      return decoded(call.arguments[0], file, evaluation);
    default:
      return isStringFunction(call.name) ? stringValue(call, file, evaluation) : undefined;
  }
}

/** The number of members, where all of them are seen and there always. */
export function lengthOf(value: Value | undefined): number | undefined {
  if (value?.kind !== 'list' && value?.kind !== 'object') return undefined;
  const members = value.kind === 'list' ? value.items : value.entries;
  return value.open || members.some(({ presence }) => presence === 'sometimes') ? undefined : members.length;
}

function elementAt(list: Value | undefined, index: Value | undefined): Value | undefined {
  const length = lengthOf(list);
  if (list?.kind !== 'list' || !length || index?.kind !== 'scalar' || typeof index.value !== 'number') return undefined;
  return memberOf(list, String(((index.value % length) + length) % length));
}

function holds(list: Value | undefined, wanted: Value | undefined): boolean | undefined {
  if (list?.kind !== 'list' || !wanted) return undefined;
  const answers = list.items.map((item) => (item.presence === 'always' ? isEqual(item.value, wanted) : undefined));
  if (answers.includes(true)) return true;
  return list.open || answers.includes(undefined) ? undefined : false;
}

function membersOf(call: Call, value: Value | undefined, file: TerraformFile): Value | undefined {
  if (value?.kind !== 'object') return undefined;
  const items = value.entries.map((entry): Item => {
    const key: Value = { kind: 'text', span: entry.keySpan, spelling: MADE, text: entry.key };
    return { value: call.name === 'keys' ? key : entry.value, presence: entry.presence };
  });
  const { open, openSymbol } = value;
  return { kind: 'list', span: spanIn(file.source, call.span), spelling: MADE, items, open, openSymbol };
}

function lookedUp(
  call: Call,
  of: (index: number) => Value | undefined,
  file: TerraformFile,
  evaluation: Evaluation,
): Value | undefined {
  const [map, key] = [of(0), of(1)];
  if (map?.kind !== 'object' || key?.kind !== 'text') return undefined;
  const name = knownText(key.text);
  const found = name === undefined ? undefined : memberOf(map, name);
  if (found) return found.kind === 'unknown' ? unknownOf(call, file, evaluation) : found;
  return name !== undefined && lacks(map, name) ? of(2) : undefined;
}

/** The pieces of a known string, each at its place. */
function split(
  call: Call,
  separator: Value | undefined,
  whole: Value | undefined,
  file: TerraformFile,
): Value | undefined {
  const by = separator && literalOf(separator);
  if (!by || whole?.kind !== 'text' || hasHole(whole.text)) return undefined;
  let from = 0;
  const items = whole.text.flat.split(by).map((letters): Item => {
    const text = sliceText(whole.text, from, from + letters.length);
    from += letters.length + by.length;
    return { value: { kind: 'text', span: whole.span, spelling: MADE, text }, presence: 'always' };
  });
  return { kind: 'list', span: spanIn(file.source, call.span), spelling: MADE, items, open: false };
}

/** One string for each element of the one list among the arguments, the others being strings. */
function formatList(
  call: Call,
  of: (index: number) => Value | undefined,
  file: TerraformFile,
  evaluation: Evaluation,
): Value | undefined {
  const values = call.arguments.map((_, index) => of(index));
  const [list, other] = values.filter((value) => value?.kind === 'list');
  const [pattern] = values;
  if (list?.kind !== 'list' || other || pattern?.kind !== 'text') return undefined;
  const span = spanIn(file.source, call.span);
  const items: Item[] = [];
  for (const item of list.items) {
    if (item.value.kind !== 'text' && item.value.kind !== 'unknown') return undefined;
    const one = values.flatMap((value) => (value === list ? [item.value] : (value ?? [])));
    const text = formatted(pattern.text, call, one, { span, file, evaluation });
    if (!text) return undefined;
    items.push({ value: { kind: 'text', span, spelling: MADE, text }, presence: item.presence });
  }
  const { open } = list;
  return { kind: 'list', span, spelling: MADE, items, open, openSymbol: joinNames([openName(list)]) };
}

/** The object that JSON in the module's text spells. */
function decoded(text: Expression | undefined, file: TerraformFile, evaluation: Evaluation): Value | undefined {
  if (text?.kind === 'conditional') return undefined;
  if (text?.kind === 'call' && text.name === 'jsonencode' && text.arguments[0])
    return evaluate(text.arguments[0], file, evaluation);
  const [found, other] = text ? documentsOf(text, file, evaluation) : [];
  return other ? undefined : found?.value;
}
