/** CloudFormation's functions by name: what a call is worth. What cannot be decided is unknown. Source: CloudFormation Template Reference, "Intrinsic functions". */
import { holeText, joinText, knownText, type Span, sliceText, spelledText, type Text } from '../../text/text.ts';
import {
  type ChoiceValue,
  canonicalValue,
  entryOf,
  joinNames,
  type ListValue,
  literalOf,
  type ObjectValue,
  type TextValue,
  unseenName,
  type Value,
} from '../../value/value.ts';
import { type Asked, attributeText, refText, samRole } from './arns.ts';
import {
  always,
  canonicalName,
  type Evaluation,
  evaluate,
  type Given,
  given,
  unknownOf,
  unknownText,
} from './evaluate.ts';
import { mapped } from './mappings.ts';
import { isOfAws, type Resource } from './scope.ts';
import { substituted } from './substitute.ts';
import { embedded, relocated } from './texts.ts';

/** What `call`, an object with the name of a function as its only key, stands for. */
export function callFunction(name: string, call: ObjectValue, evaluation: Evaluation): Given {
  const argument = call.entries[0]?.value ?? call;
  switch (name) {
    case 'Ref':
      return reference(call, argument, evaluation);
    case 'Fn::GetAtt':
      return always(attribute(call, argument, evaluation));
    case 'Fn::Sub':
      return always(substitution(call, argument, evaluation));
    case 'Fn::If':
      return conditional(call, argument, evaluation);
    case 'Fn::Join':
      return always(join(call, argument, evaluation));
    case 'Fn::Split':
      return always(split(call, argument, evaluation));
    case 'Fn::Select':
      return always(select(call, argument, evaluation));
    case 'Fn::FindInMap':
      return always(mapped(call, argument, evaluation));
    case 'Fn::ToJsonString':
      return always(evaluate(argument, evaluation));
    case 'Fn::ImportValue':
    case 'Fn::Base64':
      return always(unknownText(call, callName(call, evaluation)));
    default:
      return always(unknownOf(call, callName(call, evaluation)));
  }
}

/**
 * A call by what it is called with, else by its own words: the same call gives the same value all over a template. A place
 * is a name for what has no other: it changes with every letter before it.
 */
export function callName(call: ObjectValue, evaluation: Evaluation): string {
  const [only] = call.entries;
  if (!only) return `@${call.span.start}`;
  const argument = evaluate(only.value, evaluation);
  const said = unseenName(argument) === undefined ? undefined : canonicalName(argument);
  const name = said === undefined || said.startsWith('@') ? wordsOf(only.value) : said;
  return joinNames([name && `${only.key.flat} ${name}`]) ?? `${only.key.flat}@${call.span.start}`;
}

/** What is written, where nothing of it is a hole. */
function wordsOf(written: Value): string | undefined {
  const words = joinNames([canonicalValue(written)]);
  return words?.includes('\0') ? undefined : words;
}

function textOf(call: ObjectValue, text: Text): TextValue {
  return { kind: 'text', span: call.span, spelling: call.spelling, text };
}

/** What names can be asked of in this evaluation. */
function askedAt(span: Span, evaluation: Evaluation): Asked {
  return {
    span,
    property: (resource, name) => {
      const value = resource.properties && entryOf(resource.properties, name)?.value;
      if (!value || evaluation.depth > MOST_NESTED) return undefined;
      evaluation.depth += DEEPER;
      const worth = evaluate(value, evaluation);
      evaluation.depth -= DEEPER;
      return embedded(worth, span);
    },
  };
}

/** Names made of names: what takes its name from itself ends soon. */
const DEEPER = 20;
const MOST_NESTED = 160;

function reference(call: ObjectValue, argument: Value, evaluation: Evaluation): Given {
  const name = literalOf(argument);
  if (name === 'AWS::NoValue') return { value: undefined, presence: 'always' };
  if (name === undefined) return always(unknownOf(call, callName(call, evaluation)));
  const text = namedText(name, call.span, evaluation);
  return always(text ? textOf(call, text) : unknownOf(call, name));
}

/** What `Ref` of the name gives where that is a string; undefined for lists, and for names that the template does not define. */
export function namedText(name: string, span: Span, evaluation: Evaluation): Text | undefined {
  const { scope } = evaluation;
  if (PSEUDO.has(name)) return holeText(name, span);
  if (scope.parameters.has(name)) {
    const declared = scope.parameters.get(name);
    const type = literalOf(declared && entryOf(declared, 'Type')?.value) ?? '';
    return /List/.test(type) ? undefined : holeText(name, span);
  }
  const resource = scope.resources.get(name) ?? samRole(name, scope);
  if (!resource) return undefined;
  return isOfAws(resource) ? refText(resource, askedAt(span, evaluation)) : holeText(name, span);
}

const PSEUDO: ReadonlySet<string> = new Set(
  ['AccountId', 'Partition', 'Region', 'StackId', 'StackName', 'URLSuffix'].map((name) => `AWS::${name}`),
);

function attribute(call: ObjectValue, argument: Value, evaluation: Evaluation): Value {
  const path = attributePath(argument);
  if (!path) return unknownOf(call, callName(call, evaluation));
  const [id, name] = path;
  const text = attributeOf(id, name, call.span, evaluation);
  return text ? textOf(call, text) : unknownOf(call, `${id}.${name}`);
}

function attributePath(argument: Value): readonly [id: string, name: string] | undefined {
  if (argument.kind === 'text') {
    const path = literalOf(argument) ?? '';
    const dot = path.indexOf('.');
    return dot < 0 ? undefined : [path.slice(0, dot), path.slice(dot + 1)];
  }
  if (argument.kind !== 'list') return undefined;
  const [id, ...names] = argument.items.map((item) => literalOf(item.value));
  if (id === undefined || names.length === 0 || names.includes(undefined)) return undefined;
  return [id, names.join('.')];
}

/** What the attribute of a resource gives where that is a string; undefined where it may be something else. */
export function attributeOf(id: string, name: string, span: Span, evaluation: Evaluation): Text | undefined {
  const resource: Resource | undefined = evaluation.scope.resources.get(id) ?? samRole(id, evaluation.scope);
  if (resource && isOfAws(resource)) return attributeText(resource, name, askedAt(span, evaluation));
  return /(?:Arn|ARN|Id|Name|Url)$/.test(name) ? holeText(`${id}.${name}`, span) : undefined;
}

function substitution(call: ObjectValue, argument: Value, evaluation: Evaluation): Value {
  const pair = argument.kind === 'list' ? argument.items.map((item) => item.value) : [argument];
  const [template, variables] = pair;
  if (template?.kind !== 'text' || (argument.kind === 'list' && argument.open))
    return unknownText(call, callName(call, evaluation));
  const own = variables?.kind === 'object' ? variables : undefined;
  const text = substituted(template.text, evaluation.scope.marks, (name, span) => {
    const variable = own && entryOf(own, name)?.value;
    if (variable) return embedded(evaluate(variable, evaluation), span);
    const dot = name.indexOf('.');
    return dot < 0
      ? namedText(name, span, evaluation)
      : attributeOf(name.slice(0, dot), name.slice(dot + 1), span, evaluation);
  });
  const { spelling } = template;
  return { kind: 'text', span: call.span, spelling: { ...spelling, layers: ['fn-sub', ...spelling.layers] }, text };
}

/** More options than these are no choice that anybody looks through. */
export const MOST_OPTIONS = 16;

function conditional(call: ObjectValue, argument: Value, evaluation: Evaluation): Given {
  const [condition, ...branches] = argument.kind === 'list' ? argument.items.map((item) => item.value) : [];
  const name = literalOf(condition);
  if (!condition || branches.length !== 2 || (argument.kind === 'list' && argument.open))
    return { value: unknownOf(call, callName(call, evaluation)), presence: 'sometimes' };
  const worths = branches.map((branch) => given(branch, evaluation));
  const symbol =
    name === undefined ? undefined : joinNames([`If ${name}`, ...worths.map((worth) => worth.symbol ?? '')]);
  const values = worths.flatMap(({ value }) => (value ? [value] : []));
  const [first] = values;
  if (!first) return { value: undefined, presence: 'always' };
  const presence = worths.every((worth) => worth.value && worth.presence === 'always') ? 'always' : 'sometimes';
  if (values.length === 1) return { value: first, presence, symbol };
  return { value: choiceOf(call, values, symbol), presence, symbol };
}

/** One of several values; unknown where they are too many. `symbol` names what decides. */
export function choiceOf(call: ObjectValue, values: readonly Value[], symbol: string | undefined): Value {
  const options = values.flatMap((value) => (value.kind === 'choice' ? value.options : [value]));
  if (options.length > MOST_OPTIONS) return unknownOf(call, `choice@${call.span.start}`);
  const inner = values.map((value) => (value.kind === 'choice' ? value.symbol : ''));
  const all =
    inner.includes(undefined) || symbol === undefined
      ? undefined
      : joinNames([symbol, ...inner.map((one) => `(${one})`)]);
  const choice: ChoiceValue = { kind: 'choice', span: call.span, spelling: call.spelling, options, symbol: all };
  return choice;
}

/** The items of a list of which every one is there for certain; undefined for any other value. */
function certainItems(value: Value): readonly Value[] | undefined {
  if (value.kind !== 'list' || value.open || value.items.some((item) => item.presence === 'sometimes'))
    return undefined;
  return value.items.map((item) => item.value);
}

function join(call: ObjectValue, argument: Value, evaluation: Evaluation): Value {
  const [by, list] = argument.kind === 'list' ? argument.items.map((item) => item.value) : [];
  const glue = literalOf(by);
  const items = list && certainItems(evaluate(list, evaluation));
  if (glue === undefined || !items) return unknownText(call, callName(call, evaluation));
  const pieces: Text[] = [];
  for (const item of items) {
    if (pieces.length > 0 && glue !== '') pieces.push(spelledText('derived', glue, call.span));
    const within =
      item.span.source === call.span.source && call.span.start <= item.span.start && item.span.end <= call.span.end;
    const span = within ? item.span : call.span;
    pieces.push(embedded(item, span) ?? holeText(unembeddable(item, call, pieces.length), span));
  }
  return textOf(call, joinText(pieces));
}

/** The name of what is no text in a list that is joined: its own, else its place in what is written. */
function unembeddable(item: Value, call: ObjectValue, place: number): string {
  const name = canonicalName(item);
  const words = name.startsWith('@') ? wordsOf(call) : undefined;
  return words === undefined ? name : `${place} of ${words}`;
}

function split(call: ObjectValue, argument: Value, evaluation: Evaluation): Value {
  const [by, whole] = argument.kind === 'list' ? argument.items.map((item) => item.value) : [];
  const glue = literalOf(by);
  const value = whole && evaluate(whole, evaluation);
  if (glue === undefined || glue === '' || value?.kind !== 'text' || knownText(value.text) === undefined)
    return unknownOf(call, callName(call, evaluation));
  const items: ListValue['items'] = pieces(value.text, glue).map((text) => ({
    value: textOf(call, relocated(text, call.span)),
    presence: 'always',
  }));
  return { kind: 'list', span: call.span, spelling: call.spelling, items, open: false };
}

function pieces(text: Text, glue: string): readonly Text[] {
  const found: Text[] = [];
  let from = 0;
  for (const piece of text.flat.split(glue)) {
    found.push(sliceText(text, from, from + piece.length));
    from += piece.length + glue.length;
  }
  return found;
}

function select(call: ObjectValue, argument: Value, evaluation: Evaluation): Value {
  const [index, list] = argument.kind === 'list' ? argument.items.map((item) => item.value) : [];
  const number = index?.kind === 'scalar' ? index.raw : literalOf(index);
  const items = list && certainItems(evaluate(list, evaluation));
  const chosen = number !== undefined && /^\d+$/.test(number) ? items?.[Number(number)] : undefined;
  if (!chosen) return unknownText(call, callName(call, evaluation));
  const text = embedded(chosen, call.span);
  return text ? textOf(call, text) : chosen;
}
