/**
 * Evaluates expressions as far as the module's text tells: literals, templates, conditionals, loops, names and the
 * functions that policies use. All else is unknown. Total: cycles, depth and size end in unknown.
 */
import { holeText, knownText, sourceText, spelledText, type Text } from '../../text/text.ts';
import { type Entry, type Item, joinNames, type ObjectValue, type Spelling, type Value } from '../../value/value.ts';
import { DEEPEST, type Evaluation, HCL, nameOf, UNSETTLED, unknownOf } from './evaluation.ts';
import { spanIn, type TerraformFile } from './file.ts';
import { callValue } from './functions.ts';
import type {
  Binary,
  Conditional,
  Expression,
  HclSpan,
  Heredoc,
  List,
  ObjectEntry,
  ObjectExpression,
  Template,
  TemplatePart,
  Unary,
} from './hcl/syntax.ts';
import { forValue } from './repetition.ts';
import { embedded, templateText, withoutDirectives } from './template.ts';
import { traversalValue } from './traversal.ts';

const HEREDOC: Spelling = { notation: 'hcl', layers: ['heredoc'] };
const MOST_OPTIONS = 16;

/** What the expression is worth. */
export function evaluate(expression: Expression, file: TerraformFile, evaluation: Evaluation): Value {
  evaluation.left--;
  if (evaluation.left < 0 || evaluation.depth >= DEEPEST) {
    evaluation.reads.add(UNSETTLED);
    return unknownOf(expression, file, evaluation);
  }
  evaluation.depth++;
  if (evaluation.depth > evaluation.deepest) evaluation.deepest = evaluation.depth;
  const value = worthOf(expression, file, evaluation);
  evaluation.depth--;
  return value;
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
      return unaryValue(expression, file, evaluation);
    case 'binary':
      return binaryValue(expression, file, evaluation);
    case 'traversal':
    case 'variable':
      return traversalValue(expression, file, evaluation);
    case 'paren':
      return evaluate(expression.expression, file, evaluation);
    case 'invalid':
      return unknownOf(expression, file, evaluation);
  }
}

/** A number, a boolean or null at that place. */
export function scalar(value: number | boolean | null, span: HclSpan, file: TerraformFile): Value {
  const raw = file.source.text.slice(span.start, span.end);
  return { kind: 'scalar', span: spanIn(file.source, span), spelling: HCL, value, raw };
}

/** One that an expression computes. */
export function computed(value: number | boolean, span: HclSpan, file: TerraformFile): Value {
  return { kind: 'scalar', span: spanIn(file.source, span), spelling: HCL, value, raw: String(value) };
}

function unaryValue(expression: Unary, file: TerraformFile, evaluation: Evaluation): Value {
  const { operand, operator, span } = expression;
  if (operator === '-' && operand.kind === 'number') return scalar(-operand.value, span, file);
  const worth = operator === '!' ? evaluate(operand, file, evaluation) : undefined;
  const known = worth && truthOf(worth);
  return known === undefined ? unknownOf(expression, file, evaluation) : computed(!known, span, file);
}

function binaryValue(expression: Binary, file: TerraformFile, evaluation: Evaluation): Value {
  const [left, right] = [expression.left, expression.right].map((side) => evaluate(side, file, evaluation));
  const truth = left && right ? compared(expression.operator, left, right) : undefined;
  return truth === undefined ? unknownOf(expression, file, evaluation) : computed(truth, expression.span, file);
}

/** The truth of a comparison; undefined for arithmetic, and where it takes something that is not known. */
function compared(operator: Binary['operator'], left: Value, right: Value): boolean | undefined {
  const [a, b] = [truthOf(left), truthOf(right)];
  if (operator === '&&') return a === false || b === false ? false : a && b;
  if (operator === '||')
    return a === true || b === true ? true : a === undefined || b === undefined ? undefined : false;
  const [one, two] = [plainOf(left), plainOf(right)];
  if (one === undefined || two === undefined) return undefined;
  if (operator === '==') return one === two;
  if (operator === '!=') return one !== two;
  if (typeof one !== 'number' || typeof two !== 'number') return undefined;
  switch (operator) {
    case '<':
      return one < two;
    case '>':
      return one > two;
    case '<=':
      return one <= two;
    case '>=':
      return one >= two;
    case '+':
    case '-':
    case '*':
    case '/':
    case '%':
      return undefined;
  }
}

/** A boolean, where the value is one for certain. */
export function truthOf(value: Value): boolean | undefined {
  return value.kind === 'scalar' && typeof value.value === 'boolean' ? value.value : undefined;
}

/** A string, number, boolean or null that is known for certain. */
function plainOf(value: Value): string | number | boolean | null | undefined {
  if (value.kind === 'scalar') return value.value;
  return value.kind === 'text' ? knownText(value.text) : undefined;
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
  return templateText(decided(expression.parts, file, evaluation), file, (inner, whole) => {
    const value = evaluate(inner, file, evaluation);
    if (value.kind === 'text') {
      evaluation.left -= value.text.parts.length + (value.text.flat.length >> 8);
      if (evaluation.left >= 0) return embedded(value, whole);
    }
    if (value.kind === 'scalar' && value.value !== null) return spelledText('derived', value.raw, whole);
    if (value.kind === 'unknown' && inner.kind !== 'invalid') return holeText(value.symbol, whole);
    if (inner.kind !== 'invalid') return holeText(nameOf(inner.span, file, evaluation), whole);
    evaluation.reads.add(UNSETTLED);
    return holeText(`invalid@${whole.start}`, whole);
  });
}

/** The parts without the branches of `%{ if }` that do not count for certain, and without the marks of those that do. */
function decided(parts: readonly TemplatePart[], file: TerraformFile, evaluation: Evaluation): readonly TemplatePart[] {
  if (!parts.some((part) => part.kind === 'directive' && part.keyword === 'if')) return parts;
  const open: (boolean | undefined)[] = [];
  const isKept = (part: TemplatePart): boolean => {
    const isIn = !open.includes(false);
    if (part.kind !== 'directive' || part.keyword === 'invalid') return isIn;
    const innermost = open.at(-1);
    if (part.keyword === 'for' || part.keyword === 'if') {
      const asked = part.keyword === 'if' && isIn ? part.expression : undefined;
      open.push(asked && truthOf(evaluate(asked, file, evaluation)));
      return isIn && open.at(-1) === undefined;
    }
    if (part.keyword !== 'else') open.pop();
    else if (open.length > 0) open[open.length - 1] = innermost === undefined ? undefined : !innermost;
    return isIn && innermost === undefined;
  };
  return parts.filter(isKept);
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
  return asKey(evaluate(key, file, evaluation), key, file, evaluation);
}

/** The Text of a value that an expression gives as a key. */
export function asKey(value: Value, key: Expression, file: TerraformFile, evaluation: Evaluation): Text {
  if (value.kind === 'text') return value.text;
  if (value.kind === 'scalar') return spelledText('derived', value.raw, value.span);
  return holeText(nameOf(key.span, file, evaluation), spanIn(file.source, key.span));
}

function conditionalValue(expression: Conditional, file: TerraformFile, evaluation: Evaluation): Value {
  const { condition } = expression;
  const truth = truthOf(evaluate(condition, file, evaluation));
  if (truth !== undefined) return evaluate(truth ? expression.consequent : expression.alternative, file, evaluation);
  const branches = [expression.consequent, expression.alternative].map((branch) => evaluate(branch, file, evaluation));
  const options = branches.flatMap((branch) => (branch.kind === 'choice' ? branch.options : [branch]));
  if (options.length > MOST_OPTIONS) return unknownOf(expression, file, evaluation);
  const [consequent, alternative] = branches.map((branch) => (branch.kind === 'choice' ? branch.symbol : ''));
  const symbol =
    consequent === undefined || alternative === undefined
      ? undefined
      : joinNames([`${nameOf(condition.span, file, evaluation)} ? (${consequent}) : (${alternative})`]);
  return { kind: 'choice', span: spanIn(file.source, expression.span), spelling: HCL, options, symbol };
}
