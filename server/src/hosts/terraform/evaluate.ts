/**
 * Evaluates expressions as far as the module's text tells: literals, templates, conditionals, locals and the functions
 * that only arrange lists. All else is unknown. Total: cycles, depth and size end in unknown.
 */
import { hasHole, holeText, knownText, type Span, sourceText, spelledText, type Text } from '../../text/text.ts';
import {
  type Entry,
  type Item,
  joinNames,
  type ObjectValue,
  type Spelling,
  type TextValue,
  type Value,
} from '../../value/value.ts';
import { spanIn, type TerraformFile } from './file.ts';
import { callValue } from './functions.ts';
import type {
  Conditional,
  Expression,
  For,
  HclSpan,
  Heredoc,
  List,
  ObjectEntry,
  ObjectExpression,
  Template,
  Traversal,
  Unary,
} from './hcl/syntax.ts';
import type { Scope } from './scope.ts';
import { embedded, templateText, withoutDirectives } from './template.ts';
import { pathOf, symbolOf } from './walk.ts';

/** The account of one evaluation. Invariant: `left` falls with every node, so that no value outgrows it. */
export interface Evaluation {
  readonly scope: Scope;
  /** The literals of locals that were read. */
  readonly origins: Span[];
  left: number;
  depth: number;
}

/** The spelling of values that are HCL expressions. */
export const HCL: Spelling = { notation: 'hcl', layers: [] };

const HEREDOC: Spelling = { notation: 'hcl', layers: ['heredoc'] };
const MOST_NODES = 100_000;
const DEEPEST = 300;
const MOST_OPTIONS = 16;

/** A fresh account. */
export function evaluationOf(scope: Scope): Evaluation {
  return { scope, origins: [], left: MOST_NODES, depth: 0 };
}

/** What the expression is worth. */
export function evaluate(expression: Expression, file: TerraformFile, evaluation: Evaluation): Value {
  evaluation.left--;
  if (evaluation.left < 0 || evaluation.depth >= DEEPEST) return unknownOf(expression, file);
  evaluation.depth++;
  const value = worthOf(expression, file, evaluation);
  evaluation.depth--;
  return value;
}

/** The value that nothing is known of but its name. */
export function unknownOf(expression: Expression, file: TerraformFile): Value {
  const { span } = expression;
  const symbol = span.end > span.start ? symbolOf(file.source.text, span) : `missing@${span.start}`;
  return { kind: 'unknown', span: spanIn(file.source, span), spelling: HCL, symbol };
}

/** A string that nothing is known of but its name. */
export function unknownText(expression: Expression, file: TerraformFile): TextValue {
  const span = spanIn(file.source, expression.span);
  return { kind: 'text', span, spelling: HCL, text: holeText(symbolOf(file.source.text, expression.span), span) };
}

function worthOf(expression: Expression, file: TerraformFile, evaluation: Evaluation): Value {
  switch (expression.kind) {
    case 'number':
    case 'boolean':
      return scalar(expression.value, expression.span, file);
    case 'null':
      return scalar(null, expression.span, file);
    case 'template':
    case 'heredoc':
      return textValue(expression, file, evaluation);
    case 'list':
      return listValue(expression, file, evaluation);
    case 'object':
      return objectValue(expression, file, evaluation);
    case 'for':
      return forValue(expression, file, evaluation);
    case 'conditional':
      return conditionalValue(expression, file, evaluation);
    case 'call':
      return callValue(expression, file, evaluation);
    case 'unary':
      return unaryValue(expression, file);
    case 'traversal':
      return traversalValue(expression, file, evaluation);
    case 'paren':
      return evaluate(expression.expression, file, evaluation);
    case 'binary':
    case 'variable':
    case 'invalid':
      return unknownOf(expression, file);
  }
}

function scalar(value: number | boolean | null, span: HclSpan, file: TerraformFile): Value {
  const raw = file.source.text.slice(span.start, span.end);
  return { kind: 'scalar', span: spanIn(file.source, span), spelling: HCL, value, raw };
}

function unaryValue(expression: Unary, file: TerraformFile): Value {
  const { operand, operator } = expression;
  return operator === '-' && operand.kind === 'number'
    ? scalar(-operand.value, expression.span, file)
    : unknownOf(expression, file);
}

/** A template that is one interpolation is worth what it holds, as in Terraform. */
function textValue(expression: Template | Heredoc, file: TerraformFile, evaluation: Evaluation): Value {
  const [only] = expression.parts;
  if (
    expression.kind === 'template' &&
    expression.parts.length === 1 &&
    only?.kind === 'interpolation' &&
    only.expression.kind !== 'invalid'
  ) {
    return evaluate(only.expression, file, evaluation);
  }
  const text = withoutDirectives(textOf(expression, file, evaluation), file.source.text);
  const spelling = expression.kind === 'heredoc' ? HEREDOC : HCL;
  return { kind: 'text', span: spanIn(file.source, expression.span), spelling, text };
}

/** The Text of a string or heredoc, directives as marks. */
export function textOf(expression: Template | Heredoc, file: TerraformFile, evaluation: Evaluation): Text {
  return templateText(expression.parts, file, (inner, whole) => {
    const value = evaluate(inner, file, evaluation);
    if (value.kind === 'text') return embedded(value, whole);
    if (value.kind === 'scalar' && value.value !== null) return spelledText('derived', value.raw, whole);
    return holeText(
      inner.kind === 'invalid' ? `invalid@${whole.start}` : symbolOf(file.source.text, inner.span),
      whole,
    );
  });
}

function listValue(expression: List, file: TerraformFile, evaluation: Evaluation): Value {
  const items = expression.items.map((item): Item => ({ value: evaluate(item, file, evaluation), presence: 'always' }));
  return { kind: 'list', span: spanIn(file.source, expression.span), spelling: HCL, items, open: !expression.closed };
}

function objectValue(expression: ObjectExpression, file: TerraformFile, evaluation: Evaluation): ObjectValue {
  const entries = expression.entries.map((entry): Entry => {
    const value = evaluate(entry.value, file, evaluation);
    const span = spanIn(file.source, entry.span);
    return {
      key: keyText(entry, file, evaluation),
      keySpan: spanIn(file.source, entry.key.span),
      value,
      presence: 'always',
      span,
    };
  });
  return {
    kind: 'object',
    span: spanIn(file.source, expression.span),
    spelling: HCL,
    entries,
    open: !expression.closed,
  };
}

function keyText(entry: ObjectEntry, file: TerraformFile, evaluation: Evaluation): Text {
  const { key } = entry;
  if (key.kind === 'identifier') return sourceText(file.source.path, file.source.text, key.span.start, key.span.end);
  const value = evaluate(key, file, evaluation);
  if (value.kind === 'text') return value.text;
  if (value.kind === 'scalar') return spelledText('derived', value.raw, value.span);
  return holeText(symbolOf(file.source.text, key.span), spanIn(file.source, key.span));
}

/** What a list is made from cannot be seen; its body is there for any number of items. */
function forValue(expression: For, file: TerraformFile, evaluation: Evaluation): Value {
  if (expression.form === 'object') return unknownOf(expression, file);
  const value = evaluate(expression.value, file, evaluation);
  const items: readonly Item[] = value.kind === 'unknown' ? [] : [{ value, presence: 'sometimes' }];
  const openSymbol = symbolOf(file.source.text, expression.span);
  return { kind: 'list', span: spanIn(file.source, expression.span), spelling: HCL, items, open: true, openSymbol };
}

function conditionalValue(expression: Conditional, file: TerraformFile, evaluation: Evaluation): Value {
  const { condition } = expression;
  if (condition.kind === 'boolean')
    return evaluate(condition.value ? expression.consequent : expression.alternative, file, evaluation);
  const branches = [expression.consequent, expression.alternative].map((branch) => evaluate(branch, file, evaluation));
  const options = branches.flatMap((branch) => (branch.kind === 'choice' ? branch.options : [branch]));
  if (options.length > MOST_OPTIONS) return unknownOf(expression, file);
  const [consequent, alternative] = branches.map((branch) => (branch.kind === 'choice' ? branch.symbol : ''));
  const symbol =
    consequent === undefined || alternative === undefined
      ? undefined
      : joinNames([`${symbolOf(file.source.text, condition.span)} ? (${consequent}) : (${alternative})`]);
  return { kind: 'choice', span: spanIn(file.source, expression.span), spelling: HCL, options, symbol };
}

function traversalValue(expression: Traversal, file: TerraformFile, evaluation: Evaluation): Value {
  const path = pathOf(expression, file.source.text);
  const whole = path.length === expression.steps.length + 1;
  if (path[0] === 'local' && path[1] !== undefined && whole) {
    const value = localValue(path[1], path.slice(2), evaluation);
    if (value) return value;
  }
  return whole && isString(path, evaluation.scope) ? unknownText(expression, file) : unknownOf(expression, file);
}

/** The value of a local, or of what `path` names inside it; undefined where that is not known. */
function localValue(name: string, path: readonly string[], evaluation: Evaluation): Value | undefined {
  const { scope } = evaluation;
  const local = scope.locals.get(name);
  if (!local) return undefined;
  let known = scope.known.get(name);
  if (!known) {
    scope.known.set(name, { value: unknownOf(local.attribute.value, local.file), size: 1, origins: [] });
    const inner: Evaluation = { scope, origins: [], left: evaluation.left, depth: evaluation.depth };
    const value = evaluate(local.attribute.value, local.file, inner);
    known = { value, size: evaluation.left - inner.left, origins: inner.origins };
    scope.known.set(name, known);
  }
  evaluation.left -= known.size;
  if (evaluation.left < 0) return undefined;
  const value = path.reduce<Value | undefined>(memberOf, known.value);
  if (!value || value.kind === 'unknown') return undefined;
  evaluation.origins.push(value.span, ...known.origins);
  return value;
}

function memberOf(value: Value | undefined, key: string): Value | undefined {
  if (value?.kind === 'list') {
    const index = Number(key);
    const before = value.items.slice(0, index + 1);
    return before.every((item) => item.presence === 'always') && !value.open ? before[index]?.value : undefined;
  }
  if (
    value?.kind !== 'object' ||
    value.open ||
    value.entries.some((entry) => hasHole(entry.key) || entry.presence === 'sometimes')
  )
    return undefined;
  return value.entries.findLast((entry) => knownText(entry.key) === key)?.value;
}

/** Whether what the path names is a string for certain, or by every custom: an ARN, a name, a variable so declared. */
function isString(path: readonly string[], scope: Scope): boolean {
  const last = path.at(-1) ?? '';
  if (path[0] === 'var' && path.length === 2) {
    const declared = scope.strings.get(last);
    if (declared !== undefined) return declared;
  }
  return STRING_NAMES.test(last);
}

const STRING_NAMES = /(?:^|_)(?:arn|id|name|url|partition|region|dns_suffix|workspace)$/;
