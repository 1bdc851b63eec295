/** `Fn::FindInMap`: what a template's maps say. Evaluates keys only. Source: CloudFormation Template Reference, "Fn::FindInMap". */
import { canonicalValue, entryOf, literalOf, type ObjectValue, type Value } from '../../value/value.ts';
import { type Evaluation, evaluate, unknownOf, unknownText } from './evaluate.ts';
import { callName, choiceOf, MOST_OPTIONS } from './functions.ts';

/** What a map says under its two keys; under a key that is known at deploy time only, one of all that it says there. */
export function mapped(call: ObjectValue, argument: Value, evaluation: Evaluation): Value {
  const [map, ...keys] =
    argument.kind === 'list' ? argument.items.slice(0, 3).map((item) => evaluate(item.value, evaluation)) : [];
  const found = valuesIn(evaluation.scope.mappings, [map, ...keys].map(keyOf));
  const decided = found.length === 1 && keys.every((key) => keyOf(key) !== undefined);
  const all = keys.length === 2 ? [...found, ...(decided ? [] : defaultOf(argument))] : [];
  const worths = all.map((value) => evaluate(value, evaluation));
  const distinct = [...new Map(worths.map((value) => [canonicalValue(value), value])).values()];
  const [only] = distinct;
  const name = callName(call, evaluation);
  if (only && distinct.length === 1) return only;
  if (only && distinct.length <= MOST_OPTIONS) return choiceOf(call, distinct, name);
  return isListMap(map, evaluation) ? unknownOf(call, name) : unknownText(call, name);
}

/** What stands under the keys, those that are not known standing for each there is. Nothing where a macro puts in what cannot be seen. */
function valuesIn(mappings: ObjectValue | undefined, keys: readonly (string | undefined)[]): readonly Value[] {
  let values: readonly Value[] = mappings && keys[0] !== undefined ? [mappings] : [];
  for (const key of keys) {
    if (key === undefined && values.some(isIncluded)) return [];
    values = values.flatMap((value) => (key === undefined ? membersOf(value) : under(value, key)));
  }
  return values;
}

/** What is given where the map has no such key. */
function defaultOf(argument: Value): readonly Value[] {
  const options = argument.kind === 'list' ? argument.items[3]?.value : undefined;
  return options ? under(options, 'DefaultValue') : [];
}

/** Whether a value holds what a macro puts in. */
function isIncluded(value: Value): boolean {
  return value.kind === 'object' && value.entries.some(({ key }) => key.flat.startsWith('Fn::'));
}

function keyOf(value: Value | undefined): string | undefined {
  return value?.kind === 'scalar' ? value.raw : literalOf(value);
}

function under(value: Value, key: string): readonly Value[] {
  const entry = value.kind === 'object' ? entryOf(value, key) : undefined;
  return entry ? [entry.value] : [];
}

function membersOf(value: Value): readonly Value[] {
  return value.kind === 'object' ? value.entries.map((entry) => entry.value) : [];
}

/** Whether a map may hold lists. */
function isListMap(name: Value | undefined, { scope }: Evaluation): boolean {
  const key = literalOf(name);
  const map = key === undefined || !scope.mappings ? undefined : entryOf(scope.mappings, key)?.value;
  if (map?.kind !== 'object') return true;
  return map.entries.some(
    ({ value }) =>
      value.kind !== 'object' || value.entries.some((entry) => !['text', 'scalar'].includes(entry.value.kind)),
  );
}
