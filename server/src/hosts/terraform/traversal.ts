/** Traversals: what a name with steps behind it is worth: locals, settings, names of loops, attributes of resources, members of values. */
import { hasHole, holeText, knownText, originText } from '../../text/text.ts';
import type { Item, ObjectValue, UnknownValue, Value } from '../../value/value.ts';
import { attributeValue } from './attributes.ts';
import { outputOf } from './calls.ts';
import { evaluate } from './evaluate.ts';
import {
  ask,
  distinctSpans,
  type Evaluation,
  evaluationOf,
  HCL,
  MADE,
  nameOf,
  read,
  restOf,
  take,
  UNSETTLED,
} from './evaluation.ts';
import { spanIn, type TerraformFile } from './file.ts';
import type { Expression, Step, Traversal, Variable } from './hcl/syntax.ts';
import type { Definition, Known, Scope } from './scope.ts';
import { embedded } from './template.ts';
import { hintOf, typed } from './variables.ts';
import { literalOf, pathOf } from './walk.ts';

/** What a name, or what is reached from an expression by steps, is worth. */
export function traversalValue(expression: Traversal | Variable, file: TerraformFile, evaluation: Evaluation): Value {
  const path = pathOf(expression, file.source.text);
  const steps = expression.kind === 'traversal' ? expression.steps : [];
  const reached = reachedBy(expression, steps, file, evaluation);
  const span = spanIn(file.source, expression.span);
  const { scope } = evaluation;
  const isLoops = evaluation.bindings.has(path[0] ?? '');
  if (reached?.kind === 'text' && path[0] === 'module' && !isLoops) {
    const text = embedded(reached, span);
    return {
      ...reached,
      span,
      text: hasHole(text) ? originText(text, nameOf(expression.span, file, evaluation)) : text,
    };
  }
  if (reached && reached.kind !== 'unknown') return reached;
  const named = reached && namedBy(reached.symbol, scope);
  const symbol = isLoops && reached ? reached.symbol : nameOf(expression.span, file, evaluation);
  const unknown: Value = { kind: 'unknown', span, spelling: HCL, symbol };
  if (path.length !== steps.length + 1) return unknown;
  const at = named ?? (isLoops ? undefined : { scope, path });
  const attribute = at && attributeValue(at.path, symbol, span, at.scope, evaluation);
  if (attribute) return attribute;
  const isText = isString(path, scope) || (named !== undefined && isString(named.path, named.scope));
  return isText ? { kind: 'text', span, spelling: HCL, text: holeText(symbol, span) } : unknown;
}

/** Names with dots between them and nothing else: what a resource or one of its attributes is called. */
const PLAIN = /^(module\.[\w.-]+: )?([A-Za-z_][\w-]*(?:\.[\w-]+)+)$/;

/** What a symbol names, and the scope that it is named in; undefined for symbols that are no names. */
function namedBy(
  symbol: string,
  scope: Scope,
): { readonly scope: Scope; readonly path: readonly string[] } | undefined {
  const [, prefix = '', words] = PLAIN.exec(symbol) ?? [];
  const own = words === undefined ? undefined : scope.family.get(prefix);
  return own && words !== undefined ? { scope: own, path: words.split('.') } : undefined;
}

/** The value where the steps end; undefined where they begin at a name that stands for no value of the module's text. */
function reachedBy(
  expression: Traversal | Variable,
  steps: readonly Step[],
  file: TerraformFile,
  evaluation: Evaluation,
): Value | undefined {
  const root = expression.kind === 'traversal' ? expression.root : expression;
  if (root.kind !== 'variable') return follow(evaluate(root, file, evaluation), steps, file, evaluation);
  const bound = evaluation.bindings.get(root.name);
  if (bound) {
    read(bound.origins, evaluation);
    return follow(use(bound, evaluation), steps, file, evaluation);
  }
  const [first, second] = steps;
  if (first?.kind !== 'attribute') return undefined;
  const output = root.name === 'module' && second?.kind === 'attribute' ? second.name : undefined;
  const names = output === undefined ? [first.name] : [first.name, output];
  const definition = definitionOf([root.name, ...names], evaluation);
  if (!definition) {
    if (root.name === 'var') unsettled(first.name, evaluation);
    return undefined;
  }
  const known = knownOf([root.name, ...names].join('.'), definition, evaluation);
  const value = follow(use(known, evaluation), steps.slice(names.length), file, evaluation);
  if (value && value.kind !== 'unknown') read([value.span, ...known.origins], evaluation);
  else
    read(
      known.origins.filter(({ variable }) => variable !== undefined),
      evaluation,
    );
  return value;
}

/** The expression that a path begins at: a local, what a variable is given, an output of a module that is called. */
export function definitionOf([root, name, output]: readonly string[], evaluation: Evaluation): Definition | undefined {
  if (name === undefined) return undefined;
  const { scope } = evaluation;
  if (root === 'local' || root === 'var') {
    ask(`${root}.${name}`, evaluation);
    return (root === 'local' ? scope.locals : scope.settings).get(name);
  }
  return root === 'module' && output !== undefined ? outputOf(name, output, evaluation) : undefined;
}

/** Tells that a caller, or a default, would say more. */
function unsettled(name: string, evaluation: Evaluation): void {
  const declared = evaluation.scope.variables.get(name);
  if (!declared) return;
  const { file, variable } = declared;
  const hint = hintOf(variable) !== undefined;
  evaluation.origins.push({ ...spanIn(file.source, variable.span), variable: name, ...(hint ? { hint } : {}) });
}

/** Takes a known value over, and its cost off the account. */
function use(known: Known, evaluation: Evaluation): Value | undefined {
  take(known, evaluation);
  evaluation.left -= known.size;
  return evaluation.left < 0 ? undefined : known.value;
}

/** What a definition is worth, evaluated once; while that goes on, it is unknown. Whoever uses it is to {@link take} it. */
export function knownOf(name: string, definition: Definition, evaluation: Evaluation): Known {
  const { attribute, file, scope: given, bindings } = definition;
  const { scope } = evaluation;
  const before = scope.known.get(name);
  if (before) return before;
  const span = spanIn(file.source, attribute.span);
  const unknown: UnknownValue = { kind: 'unknown', span, spelling: HCL, symbol: scope.prefix + name };
  const { left, depth } = evaluation;
  const inner: Evaluation = { ...evaluationOf(given ?? scope, bindings), left, depth, deepest: depth };
  scope.known.set(name, { value: unknown, size: 1, height: 0, origins: [], reads: [UNSETTLED] });
  const worth = evaluate(attribute.value, file, inner);
  const variable = name.startsWith('var.') ? scope.variables.get(name.slice(4)) : undefined;
  const value = variable ? typed(worth, variable, inner) : worth;
  const size = evaluation.left - inner.left;
  const known: Known = { value, size, origins: distinctSpans(inner.origins), ...restOf(inner, depth) };
  scope.known.set(name, known);
  return known;
}

/** What the steps lead to; undefined where that is not known. */
function follow(
  start: Value | undefined,
  steps: readonly Step[],
  file: TerraformFile,
  evaluation: Evaluation,
): Value | undefined {
  let value = start;
  for (const [index, step] of steps.entries()) {
    if (!value) return undefined;
    if (step.kind === 'splat') return splat(value, steps.slice(index + 1), file, evaluation);
    const key = step.kind === 'attribute' ? step.name : keyOf(step.key, file, evaluation);
    value = key === undefined ? undefined : memberOf(value, key);
  }
  return value;
}

function keyOf(key: Expression, file: TerraformFile, evaluation: Evaluation): string | undefined {
  const literal = literalOf(key, file.source.text);
  if (literal !== undefined) return literal;
  const value = evaluate(key, file, evaluation);
  if (value.kind === 'scalar') return value.raw;
  return value.kind === 'text' ? knownText(value.text) : undefined;
}

function splat(value: Value, steps: readonly Step[], file: TerraformFile, evaluation: Evaluation): Value | undefined {
  if (value.kind !== 'list') return undefined;
  const items: Item[] = [];
  for (const item of value.items) {
    const member = follow(item.value, steps, file, evaluation);
    if (!member) return undefined;
    items.push({ value: member, presence: item.presence });
  }
  return { ...value, spelling: MADE, items };
}

/** A member of a value; undefined where it is not known. A member of what is only named has a name. */
export function memberOf(value: Value, key: string): Value | undefined {
  switch (value.kind) {
    case 'list':
      return itemAt(value.items, value.open, key);
    case 'object':
      return entryAt(value, key);
    case 'choice': {
      const options = value.options.map((option) => memberOf(option, key));
      const flat = options.flatMap((option) => (option?.kind === 'choice' ? [] : (option ?? [])));
      return flat.length === options.length ? { ...value, options: flat } : undefined;
    }
    case 'unknown':
      return PLAIN.test(value.symbol) ? { ...value, symbol: `${value.symbol}.${key}` } : undefined;
    case 'text':
    case 'scalar':
      return undefined;
  }
}

function itemAt(items: readonly Item[], open: boolean, key: string): Value | undefined {
  const index = /^\d+$/.test(key) ? Number(key) : -1;
  const before = items.slice(0, index + 1);
  return !open && before.every((item) => item.presence === 'always') ? before[index]?.value : undefined;
}

function entryAt(object: ObjectValue, key: string): Value | undefined {
  if (object.entries.some((entry) => hasHole(entry.key) || entry.presence === 'sometimes')) return undefined;
  const found = object.entries.findLast((entry) => knownText(entry.key) === key)?.value;
  return object.open && object.spelling.notation !== 'made' ? undefined : found;
}

/** Whether what the path names is a string for certain, or by every custom: an ARN, a name, a variable so declared. */
function isString(path: readonly string[], scope: Scope): boolean {
  const last = path.at(-1) ?? '';
  if (path[0] === 'var' && path.length === 2) {
    const declared = scope.variables.get(last)?.variable.isString;
    if (declared !== undefined) return declared;
  }
  return STRING_NAMES.test(last);
}

const STRING_NAMES = /(?:^|_)(?:arn|id|name|url|partition|region|dns_suffix|workspace)$/;
