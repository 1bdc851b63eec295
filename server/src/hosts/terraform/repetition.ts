/** Loops: the elements of collections, `for` expressions over them, and what `each` and `count` stand for in a block. */
import { canonicalText, knownText } from '../../text/text.ts';
import { canonicalValue, type Entry, type Item, type Presence, type Value } from '../../value/value.ts';
import { asKey, computed, evaluate, truthOf } from './evaluate.ts';
import {
  type Bindings,
  binding,
  distinctSpans,
  type Evaluation,
  evaluationOf,
  HCL,
  knownAs,
  MADE,
  NONE,
  nameOf,
  restOf,
  take,
  unknownOf,
} from './evaluation.ts';
import { attributeOf, type NamedBlock, spanIn, type TerraformFile } from './file.ts';
import type { Block, Body, Expression, For } from './hcl/syntax.ts';
import type { Known, Scope } from './scope.ts';
import { type BlockUse, blocksIn } from './walk.ts';

/** One element; `key` is undefined where it is not known (the place in a list whose length is not). */
export interface Element {
  readonly key: Value | undefined;
  readonly value: Value;
  readonly presence: Presence;
}

/** What can be seen of a collection; `closed` where that is all of it. */
export interface Elements {
  readonly elements: readonly Element[];
  readonly closed: boolean;
}

const MOST_ELEMENTS = 1000;

/** The elements of what the expression gives; undefined where it is no collection, or too large a one. */
export function elementsOf(expression: Expression, file: TerraformFile, evaluation: Evaluation): Elements | undefined {
  const value = evaluate(expression, file, evaluation);
  const elements: Element[] = [];
  const closed = gather(value, 'always', keysOf(expression, file), elements);
  return elements.length > MOST_ELEMENTS || (elements.length === 0 && !closed) ? undefined : { elements, closed };
}

/** The key of an element of a list: its place, itself in sets, or unknown where it may be either. */
type KeyOf = (value: Value, index: number) => Value | undefined;

function keysOf(expression: Expression, file: TerraformFile): KeyOf {
  if (expression.kind === 'list') return (_, index) => computed(index, expression.span, file);
  if (expression.kind === 'call' && expression.name === 'toset') return (value) => value;
  return () => undefined;
}

function gather(value: Value, presence: Presence, keyOf: KeyOf, into: Element[]): boolean {
  switch (value.kind) {
    case 'choice':
      return value.options.map((option) => gather(option, 'sometimes', keyOf, into)).every(Boolean);
    case 'list':
      value.items.forEach((item, index) => {
        into.push({ key: keyOf(item.value, index), value: item.value, presence: weaker(presence, item.presence) });
      });
      return !value.open;
    case 'object':
      for (const entry of value.entries) {
        const key: Value = { kind: 'text', span: entry.keySpan, spelling: MADE, text: entry.key };
        into.push({ key, value: entry.value, presence: weaker(presence, entry.presence) });
      }
      return !value.open;
    case 'text':
    case 'scalar':
    case 'unknown':
      return false;
  }
}

/** `sometimes` where one of the two is. */
export function weaker(a: Presence, b: Presence): Presence {
  return a === 'always' ? b : a;
}

/** What a `for` gives. Over what cannot be seen, its body is there for any number of items. */
export function forValue(expression: For, file: TerraformFile, evaluation: Evaluation): Value {
  const seen = elementsOf(expression.collection, file, evaluation);
  const results = seen && resultsOf(expression, seen, file, evaluation);
  if (!seen || !results || evaluation.left < 0) return unseenFor(expression, file, evaluation);
  const span = spanIn(file.source, expression.span);
  const openSymbol = nameOf(expression.span, file, evaluation);
  if (expression.form === 'list') {
    const items = results.map(({ value, presence }): Item => ({ value, presence }));
    return { kind: 'list', span, spelling: MADE, items, open: !seen.closed, openSymbol };
  }
  if (expression.grouping) return unknownOf(expression, file, evaluation);
  const entries = results.flatMap(({ key, keySpan, value, presence }): readonly Entry[] =>
    key && keySpan ? [{ key, keySpan, value, presence, span: value.span }] : [],
  );
  return { kind: 'object', span, spelling: MADE, entries, open: !seen.closed, openSymbol };
}

type Result = Omit<Item, 'key'> & Partial<Pick<Entry, 'key' | 'keySpan'>>;

/** What each element gives; those that the condition leaves out give nothing. */
function resultsOf(
  expression: For,
  { elements }: Elements,
  file: TerraformFile,
  evaluation: Evaluation,
): readonly Result[] {
  return elements.flatMap((element): readonly Result[] => {
    if (evaluation.left < 0) return [];
    return binding(namesOf(expression, element), evaluation, () => {
      const { condition } = expression;
      const truth = condition ? truthOf(evaluate(condition, file, evaluation)) : true;
      if (truth === false) return [];
      const value = evaluate(expression.value, file, evaluation);
      const presence = truth ? element.presence : 'sometimes';
      if (!expression.key) return [{ value, presence }];
      const key = asKey(evaluate(expression.key, file, evaluation), expression.key, file, evaluation);
      return [{ value, presence, key, keySpan: spanIn(file.source, expression.key.span) }];
    });
  });
}

function namesOf({ variables }: For, { key, value }: Element): (readonly [string, Known | undefined])[] {
  const [first, second] = variables.map(({ name }) => name);
  if (first === undefined) return [];
  if (second === undefined) return [[first, knownAs(value)]];
  return [
    [first, key && knownAs(key)],
    [second, knownAs(value)],
  ];
}

function unseenFor(expression: For, file: TerraformFile, evaluation: Evaluation): Value {
  if (expression.form === 'object') return unknownOf(expression, file, evaluation);
  const names = expression.variables.map(({ name }) => [name, undefined] as const);
  const value = binding(names, evaluation, () => evaluate(expression.value, file, evaluation));
  const items: readonly Item[] = value.kind === 'unknown' ? [] : [{ value, presence: 'sometimes' }];
  const openSymbol = nameOf(expression.span, file, evaluation);
  return { kind: 'list', span: spanIn(file.source, expression.span), spelling: HCL, items, open: true, openSymbol };
}

/** A block as often as it stands for one: once, or for each element that a dynamic one is made from. */
export interface Repeated extends BlockUse {
  /** The iterator of a dynamic block with what it stands for. */
  readonly names: readonly (readonly [name: string, known: Known | undefined])[];
  readonly presence: Presence;
  /** Whether there may be more of it than can be seen. */
  readonly more: boolean;
}

/** The blocks of a type in a body; a dynamic one over what cannot be seen stands for any number. */
export function repeatedBlocks(
  body: Body,
  type: string,
  file: TerraformFile,
  evaluation: Evaluation,
): readonly Repeated[] {
  return blocksIn(body, type).flatMap((use): readonly Repeated[] => {
    if (!use.dynamic) return [{ ...use, names: [], presence: 'always', more: false }];
    const collection = attributeOf(use.block, 'for_each')?.value;
    const iterator = attributeOf(use.block, 'iterator')?.value;
    const name = iterator?.kind === 'variable' ? iterator.name : type;
    const seen = collection && elementsOf(collection, file, evaluation);
    if (!seen) return [{ ...use, names: [[name, undefined]], presence: 'sometimes', more: true }];
    return seen.elements.map(({ key, value, presence }) => {
      const names = [[name, knownAs(eachValue(key, value))]] as const;
      return { ...use, names, presence, more: !seen.closed };
    });
  });
}

/** Items without those that are certainly equal to one before them. */
export function withoutRepeats(items: readonly Item[]): readonly Item[] {
  const seen = new Set<string>();
  return items.filter(({ value, presence }) => {
    if (value.kind !== 'text' || value.text.flat.length > 1000) return true;
    const name = canonicalText(value.text);
    if (seen.has(name)) return false;
    if (presence === 'always') seen.add(name);
    return true;
  });
}

/** What `each` stands for in a block: its one element, or one of a few; nothing where `for_each` is not known. */
export function bindingsOf(named: Named, file: TerraformFile, scope: Scope): Bindings {
  return boundTo(eachIn(named, file, scope));
}

/** A fresh account of what stands in a block. */
export function evaluationIn(named: Named, file: TerraformFile, scope: Scope): Evaluation {
  const each = eachIn(named, file, scope);
  const evaluation = evaluationOf(scope, boundTo(each));
  if (each) take(each, evaluation);
  return evaluation;
}

type Named = Pick<NamedBlock, 'address' | 'block'>;

function boundTo(each: Known | undefined): Bindings {
  return !each || each.value.kind === 'unknown' ? NONE : new Map([['each', each]]);
}

function eachIn(named: Named, file: TerraformFile, scope: Scope): Known | undefined {
  const attribute = attributeOf(named.block, 'for_each');
  if (!attribute) return undefined;
  const name = `${named.address}.for_each`;
  const known = scope.known.get(name) ?? eachOf(attribute.value, file, scope);
  scope.known.set(name, known);
  return known;
}

/** Whether there is none of a block for certain: its `count` is 0, or it has nothing to be made for. What is asked for goes into `reads`. */
export function isNone(block: Block, file: TerraformFile, scope: Scope, reads: Set<string> = new Set()): boolean {
  const [count, each] = [attributeOf(block, 'count')?.value, attributeOf(block, 'for_each')?.value];
  if (!count && !each) return false;
  const evaluation = { ...evaluationOf(scope), reads };
  const number = count && evaluate(count, file, evaluation);
  if (number?.kind === 'scalar' && number.value === 0) return true;
  const seen = each && elementsOf(each, file, evaluation);
  return seen?.closed === true && seen.elements.length === 0;
}

const MOST_INSTANCES = 16;

function eachOf(collection: Expression, file: TerraformFile, scope: Scope): Known {
  const evaluation = evaluationOf(scope);
  const seen = elementsOf(collection, file, evaluation);
  const unknown = { ...knownAs(unknownOf(collection, file, evaluation)), ...restOf(evaluation) };
  if (!seen?.closed || seen.elements.length > MOST_INSTANCES) return unknown;
  const options = seen.elements.map(({ key, value }) => eachValue(key ?? value, value));
  const [first] = options;
  if (!first) return unknown;
  const origins = distinctSpans(evaluation.origins);
  const rest = { origins, ...restOf(evaluation) };
  if (options.length === 1) return { ...knownAs(first), ...rest };
  const span = spanIn(file.source, collection.span);
  return { ...knownAs({ kind: 'choice', span, spelling: MADE, options, symbol: 'each' }), ...rest };
}

/** `each`, or the iterator of a dynamic block. */
export function eachValue(key: Value | undefined, value: Value): Value {
  const { span } = value;
  const entry = (name: string, inner: Value): Entry => {
    const text = { flat: name, parts: [{ kind: 'derived' as const, at: 0, length: name.length, span }] };
    return { key: text, keySpan: span, value: inner, presence: 'always', span };
  };
  const entries = [...(key ? [entry('key', key)] : []), entry('value', value)];
  return { kind: 'object', span, spelling: MADE, entries, open: key === undefined };
}

/** Whether two values are equal for certain, or not; undefined where that is not known. */
export function isEqual(a: Value, b: Value): boolean | undefined {
  if (a.kind === 'text' && b.kind === 'text') {
    const [one, two] = [knownText(a.text), knownText(b.text)];
    if (one !== undefined && two !== undefined) return one === two;
    return canonicalText(a.text) === canonicalText(b.text) ? true : undefined;
  }
  if (a.kind === 'scalar' && b.kind === 'scalar') return canonicalValue(a) === canonicalValue(b);
  return undefined;
}
