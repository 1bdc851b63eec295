/** Finds the policy documents that an expression gives: `jsonencode({…})`, JSON in strings and heredocs, locals that hold them. */
import type { JsonProblem } from '../../value/json.ts';
import { readJson } from '../../value/json.ts';
import type { Spelling, Value } from '../../value/value.ts';
import { evaluate, textOf } from './evaluate.ts';
import { type Evaluation, inScope, NONE, UNSETTLED } from './evaluation.ts';
import { spanIn, type TerraformFile } from './file.ts';
import type { Expression, Heredoc, Template } from './hcl/syntax.ts';
import { isReading, readIn } from './templates.ts';
import { definitionOf } from './traversal.ts';
import { literalOf, pathOf } from './walk.ts';

/** One document, with what is wrong in the JSON that it is written in. */
export interface FoundDocument {
  readonly value: Value;
  readonly problems: readonly JsonProblem[];
}

/** Every document that the expression may give; none where it is known elsewhere only. `trail` holds the locals on the way here. */
export function documentsOf(
  expression: Expression,
  file: TerraformFile,
  evaluation: Evaluation,
  trail: readonly string[] = [],
): readonly FoundDocument[] {
  evaluation.left--;
  if (evaluation.left < 0) return [];
  const inside = (inner: Expression) => documentsOf(inner, file, evaluation, trail);
  switch (expression.kind) {
    case 'paren':
      return inside(expression.expression);
    case 'conditional':
      return [expression.consequent, expression.alternative].flatMap(inside);
    case 'list':
      return expression.items.flatMap(inside);
    case 'call': {
      const [first] = expression.arguments;
      if (expression.name === 'jsonencode') return first ? objectsOf(evaluate(first, file, evaluation)) : [];
      if (isReading(expression)) return readIn(expression, file, evaluation);
      return PASSING.has(expression.name) ? expression.arguments.flatMap(inside) : [];
    }
    case 'template':
    case 'heredoc': {
      const wrapped = wrappedIn(expression, file);
      return wrapped ? inside(wrapped) : writtenIn(expression, file, evaluation);
    }
    case 'object':
      return objectsOf(evaluate(expression, file, evaluation));
    case 'traversal':
      return referredTo(expression, file, evaluation, trail);
    case 'number':
    case 'boolean':
    case 'null':
    case 'for':
    case 'binary':
    case 'unary':
    case 'variable':
    case 'invalid':
      return [];
  }
}

/** They give one of their arguments, perhaps trimmed. */
const PASSING: ReadonlySet<string> = new Set(
  'trimspace chomp sensitive nonsensitive tostring try coalesce compact concat'.split(' '),
);

function objectsOf(value: Value): readonly FoundDocument[] {
  if (value.kind === 'choice') return value.options.flatMap(objectsOf);
  return value.kind === 'object' ? [{ value, problems: [] }] : [];
}

/** The expression of a template that holds nothing else but blanks. */
export function wrappedIn(template: Template | Heredoc, file: TerraformFile): Expression | undefined {
  let only: Expression | undefined;
  for (const part of template.parts) {
    if (part.kind === 'interpolation' && !only && part.expression.kind !== 'invalid') only = part.expression;
    else if (part.kind !== 'literal' || file.source.text.slice(part.span.start, part.span.end).trim() !== '')
      return undefined;
  }
  return only;
}

const IN_HEREDOC: Spelling = { notation: 'json', layers: ['heredoc'] };
const IN_STRING: Spelling = { notation: 'json', layers: ['hcl-string'] };

/** The JSON that a string or heredoc is; none where it does not begin as an object. */
function writtenIn(
  template: Template | Heredoc,
  file: TerraformFile,
  evaluation: Evaluation,
): readonly FoundDocument[] {
  const text = textOf(template, file, evaluation);
  if (!/^\s*(?:\uFFFC\s*)*\{/.test(text.flat)) return [];
  const spelling = template.kind === 'heredoc' ? IN_HEREDOC : IN_STRING;
  const { value, problems } = readJson(text, spanIn(file.source, template.span), spelling);
  // What is missing in broken JSON is named by its place.
  if (problems.length > 0) evaluation.reads.add(UNSETTLED);
  return value?.kind === 'object' ? [{ value, problems }] : [];
}

const LONGEST_TRAIL = 20;

/** What a local, a variable or an output of a called module holds, at its own place. */
function referredTo(
  expression: Expression,
  file: TerraformFile,
  evaluation: Evaluation,
  trail: readonly string[],
): readonly FoundDocument[] {
  const path = pathOf(expression, file.source.text);
  const length = path[0] === 'module' ? 3 : 2;
  const name = evaluation.scope.prefix + path.slice(0, length).join('.');
  const definition = definitionOf(path.slice(0, length), evaluation);
  if (!definition || trail.includes(name) || trail.length > LONGEST_TRAIL) return [];
  let inner: Expression | undefined = definition.attribute.value;
  for (const key of path.slice(length)) {
    inner = inner ? memberOf(inner, key, definition.file) : undefined;
  }
  const found = inner;
  if (!found) return [];
  const { scope = evaluation.scope, bindings = NONE } = definition;
  const documents = inScope(scope, bindings, evaluation, () =>
    documentsOf(found, definition.file, evaluation, [...trail, name]),
  );
  for (const { value } of documents) evaluation.origins.push(value.span);
  return documents;
}

/** The expression of an object's key, where the object is written out. */
export function memberOf(expression: Expression, key: string, file: TerraformFile): Expression | undefined {
  if (expression.kind !== 'object') return undefined;
  return expression.entries.findLast((entry) => keyName(entry.key, file) === key)?.value;
}

/** A key's name where it is written out. */
export function keyName(
  key: Expression | { readonly kind: 'identifier'; readonly name: string },
  file: TerraformFile,
): string | undefined {
  return key.kind === 'identifier' ? key.name : literalOf(key, file.source.text);
}
