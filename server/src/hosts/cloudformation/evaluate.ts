/**
 * Evaluates a template's values as far as the template tells: functions become texts with holes, choices, and things that
 * are there sometimes. All else is unknown. Total: cycles, depth and size end in unknown.
 */
import { holeText, knownText, spelledText } from '../../text/text.ts';
import {
  canonicalValue,
  type Entry,
  type Item,
  joinNames,
  type ListValue,
  type ObjectValue,
  openName,
  type Presence,
  type ScalarValue,
  type UnknownValue,
  unseenName,
  type Value,
} from '../../value/value.ts';
import { callFunction } from './functions.ts';
import { isOctal } from './numbers.ts';
import type { Scope } from './scope.ts';
import { withOutsideHoles } from './texts.ts';

/** The account of one evaluation. Invariant: `left` falls with every node, so that no value outgrows it. */
export interface Evaluation {
  readonly scope: Scope;
  left: number;
  depth: number;
}

/** What stands in a place: nothing where `value` is undefined (`AWS::NoValue`). `symbol` names what decides whether something does. */
export interface Given {
  readonly value: Value | undefined;
  readonly presence: Presence;
  readonly symbol?: string | undefined;
}

const MOST_NODES = 100_000;
const DEEPEST = 200;

/** A fresh account. */
export function evaluationOf(scope: Scope): Evaluation {
  return { scope, left: MOST_NODES, depth: 0 };
}

/** What a value is worth where there has to be one. */
export function evaluate(value: Value, evaluation: Evaluation): Value {
  const { value: worth, presence } = given(value, evaluation);
  return worth && presence === 'always' ? worth : unknownOf(value, canonicalName(value));
}

/** What stands in the place of a value. */
export function given(value: Value, evaluation: Evaluation): Given {
  evaluation.left -= 1;
  if (evaluation.left < 0 || evaluation.depth >= DEEPEST) return always(unknownOf(value, `deep@${value.span.start}`));
  evaluation.depth += 1;
  const worth = worthOf(value, evaluation);
  evaluation.depth -= 1;
  return worth;
}

/** Something that is there for certain. */
export function always(value: Value): Given {
  return { value, presence: 'always' };
}

/** A value that nothing is known of but its name. */
export function unknownOf(value: Value, symbol: string): UnknownValue {
  return { kind: 'unknown', span: value.span, spelling: value.spelling, symbol };
}

/** What a value says, as a name that people can read: equal for equal values only. */
export function canonicalName(value: Value): string {
  const name = joinNames([canonicalValue(value)]);
  if (name === undefined || (name.includes('\0') && name.includes('${'))) return `@${value.span.start}`;
  return name.replaceAll('\0<', '${').replaceAll('\0>', '}');
}

function worthOf(value: Value, evaluation: Evaluation): Given {
  switch (value.kind) {
    case 'text': {
      const text = withOutsideHoles(value.text, evaluation.scope.marks);
      const [only, ...others] = text.parts;
      if (evaluation.scope.marks !== 'none' && only?.kind === 'hole' && others.length === 0)
        return always(unknownOf(value, only.symbol ?? ''));
      return always(text === value.text ? value : { ...value, text });
    }
    case 'list':
      return always(listWorth(value, evaluation));
    case 'object': {
      const name = functionName(value);
      return name === undefined ? always(objectWorth(value, evaluation)) : callFunction(name, value, evaluation);
    }
    case 'choice': {
      const options = value.options.map((option) => evaluate(option, evaluation));
      return always({ ...value, options: options.flatMap((one) => (one.kind === 'choice' ? one.options : [one])) });
    }
    case 'scalar':
      return always(evaluation.scope.marks === 'none' ? asLetters(value) : value);
    case 'unknown':
      return always(value);
  }
}

/** CloudFormation hands numbers and booleans on as strings. What is a number to the base of eight for some readers of YAML is not known. */
function asLetters(value: ScalarValue): Value {
  if (value.value === null) return value;
  if (isOctal(value.raw)) return unknownText(value, value.raw);
  const { span, spelling } = value;
  return { kind: 'text', span, spelling, text: spelledText('derived', value.raw, span) };
}

/** The function that an object calls: its only key. */
function functionName(object: ObjectValue): string | undefined {
  const [only] = object.entries;
  const name = only && object.entries.length === 1 ? knownText(only.key) : undefined;
  return name !== undefined && isFunction(name) ? name : undefined;
}

function isFunction(name: string): boolean {
  return name === 'Ref' || name.startsWith('Fn::');
}

function listWorth(list: ListValue, evaluation: Evaluation): ListValue {
  const items: Item[] = [];
  const symbols: (string | undefined)[] = [openName(list)];
  let changed = false;
  for (const item of list.items) {
    const worth = given(item.value, evaluation);
    const presence = item.presence === 'always' ? worth.presence : 'sometimes';
    if (worth.value) items.push({ value: worth.value, presence });
    if (worth.value && worth.presence === 'sometimes') symbols.push(worth.symbol);
    changed ||= worth.value !== item.value || presence !== item.presence;
  }
  return changed ? { ...list, items, openSymbol: joinNames(symbols) || undefined } : list;
}

/** Keys that call functions among others, `Fn::Transform` and `Fn::ForEach`, put in what cannot be seen. */
function objectWorth(object: ObjectValue, evaluation: Evaluation): ObjectValue {
  const entries: Entry[] = [];
  const symbols: (string | undefined)[] = [openName(object)];
  let { open } = object;
  let changed = false;
  for (const entry of object.entries) {
    if (entry.key.flat.startsWith('Fn::')) {
      open = changed = true;
      const unseen = unseenName(entry.value);
      symbols.push(unseen === undefined ? undefined : joinNames([entry.key.flat, canonicalValue(entry.value)]));
      continue;
    }
    const worth = given(entry.value, evaluation);
    const presence = entry.presence === 'always' ? worth.presence : 'sometimes';
    if (worth.value) entries.push(worth.value === entry.value ? entry : { ...entry, value: worth.value, presence });
    if (worth.value && worth.presence === 'sometimes') symbols.push(worth.symbol);
    changed ||= worth.value !== entry.value;
  }
  return changed ? { ...object, entries, open, openSymbol: joinNames(symbols) || undefined } : object;
}

/** A string that nothing is known of but its name. */
export function unknownText(value: Value, symbol: string): Value {
  const { span, spelling } = value;
  return { kind: 'text', span, spelling, text: holeText(symbol, span) };
}
