/**
 * The statements that `aws_iam_policy_document` takes in from other documents, and how it merges them: sources, its own,
 * overrides, where a statement takes the place of one with its Sid. What cannot be seen leaves the list open.
 * Source: Terraform AWS provider, data source `aws_iam_policy_document`.
 */
import { hasHole, knownText } from '../../text/text.ts';
import type { JsonProblem } from '../../value/json.ts';
import { entryOf, type Item, type Presence, type Value } from '../../value/value.ts';
import { documentsOf, wrappedIn } from './documents.ts';
import { evaluate, truthOf } from './evaluate.ts';
import { ask, type Evaluation, inScope, NONE, read as readFrom, take } from './evaluation.ts';
import { attributeOf, type TerraformFile } from './file.ts';
import type { Call, Expression, Traversal } from './hcl/syntax.ts';
import { weaker } from './repetition.ts';
import type { Known, Resource } from './scope.ts';
import { isReading } from './templates.ts';
import { definitionOf } from './traversal.ts';
import { pathOf } from './walk.ts';

/** What one argument brings in, in order. `open` where there may be more. */
export interface Taken {
  readonly statements: readonly Item[];
  readonly open: boolean;
  /** What is wrong in the JSON that the statements are written in. */
  readonly problems: readonly JsonProblem[];
}

/** Reads another document of the module, once. */
export type ReadDocument = (resource: Resource, evaluation: Evaluation) => Known;

const NOTHING: Taken = { statements: [], open: false, problems: [] };
const UNSEEN: Taken = { ...NOTHING, open: true };
const MOST_STATEMENTS = 1000;
const LONGEST_TRAIL = 20;

/** Where an expression is looked at: its file, the locals on the way to it, and whether it counts for certain. */
interface Place {
  readonly file: TerraformFile;
  readonly evaluation: Evaluation;
  readonly read: ReadDocument;
  readonly presence: Presence;
  readonly trail: readonly string[];
}

/** The statements of the documents that an argument names. */
export function statementsTaken(
  expression: Expression,
  file: TerraformFile,
  evaluation: Evaluation,
  read: ReadDocument,
): Taken {
  return takenFrom(expression, { file, evaluation, read, presence: 'always', trail: [] });
}

function takenFrom(expression: Expression, place: Place): Taken {
  const { evaluation, file } = place;
  evaluation.left--;
  if (evaluation.left < 0) return UNSEEN;
  switch (expression.kind) {
    case 'paren':
      return takenFrom(expression.expression, place);
    case 'list':
      return all(expression.items.map((item) => takenFrom(item, place)));
    case 'null':
      return NOTHING;
    case 'conditional': {
      const truth = truthOf(evaluate(expression.condition, file, evaluation));
      if (truth !== undefined) return takenFrom(truth ? expression.consequent : expression.alternative, place);
      const branch = { ...place, presence: 'sometimes' } as const;
      return all([expression.consequent, expression.alternative].map((one) => takenFrom(one, branch)));
    }
    case 'call':
      return takenByCall(expression, place);
    case 'traversal':
      return takenByName(expression, place);
    case 'template':
    case 'heredoc': {
      if (expression.parts.length === 0) return NOTHING;
      const inner = wrappedIn(expression, file);
      return inner ? takenFrom(inner, place) : written(expression, place);
    }
    case 'object':
    case 'for':
    case 'number':
    case 'boolean':
    case 'binary':
    case 'unary':
    case 'variable':
    case 'invalid':
      return UNSEEN;
  }
}

function all(taken: readonly Taken[]): Taken {
  return {
    statements: taken.flatMap(({ statements }) => statements),
    open: taken.some(({ open }) => open),
    problems: taken.flatMap(({ problems }) => problems),
  };
}

/** Functions that give all of their arguments' documents, and those that give one of them. */
const WHOLE: ReadonlySet<string> = new Set(
  'concat compact flatten distinct tolist toset trimspace nonsensitive sensitive'.split(' '),
);
const ONE: ReadonlySet<string> = new Set('try coalesce one'.split(' '));

function takenByCall(call: Call, place: Place): Taken {
  if (call.expand) return UNSEEN;
  if (call.name === 'jsonencode' || isReading(call)) return written(call, place);
  if (WHOLE.has(call.name)) return all(call.arguments.map((argument) => takenFrom(argument, place)));
  if (!ONE.has(call.name)) return UNSEEN;
  return all(call.arguments.map((argument) => takenFrom(argument, { ...place, presence: 'sometimes' })));
}

/** Documents that are written as JSON or objects. */
function written(expression: Expression, { evaluation, file, presence }: Place): Taken {
  const found = documentsOf(expression, file, evaluation);
  if (found.length === 0) return UNSEEN;
  for (const { value } of found) evaluation.origins.push(value.span);
  return all(found.map(({ value, problems }) => ({ ...statementsOf(value, presence), problems })));
}

function takenByName(expression: Traversal, place: Place): Taken {
  const { evaluation, file, trail } = place;
  const [root, second, third, ...rest] = pathOf(expression, file.source.text);
  if (root === 'data' && second === 'aws_iam_policy_document' && third !== undefined)
    return takenFromDocument(third, rest, place);
  const steps = root === 'module' ? 3 : 2;
  const definition = definitionOf([root ?? '', second ?? '', third ?? ''], evaluation);
  const name = `${evaluation.scope.prefix}${root}.${second}.${steps === 3 ? third : ''}`;
  if (!definition || trail.includes(name) || trail.length > LONGEST_TRAIL) return UNSEEN;
  if (third !== undefined && (steps === 2 || rest.length > 0)) return written(expression, place);
  const { attribute, scope = evaluation.scope, bindings = NONE } = definition;
  return inScope(scope, bindings, evaluation, () =>
    takenFrom(attribute.value, { ...place, file: definition.file, trail: [...trail, name] }),
  );
}

/** The JSON of a document of the module, of which there may be one or none. */
function takenFromDocument(name: string, rest: readonly string[], place: Place): Taken {
  const { evaluation, presence, read } = place;
  ask(`data.aws_iam_policy_document.${name}`, evaluation);
  const resource = evaluation.scope.documents.get(name);
  if (!resource || (rest.at(-1) !== 'json' && rest.at(-1) !== 'minified_json')) return UNSEEN;
  const { block } = resource.named;
  if (attributeOf(block, 'for_each')) return UNSEEN;
  const counted = attributeOf(block, 'count') !== undefined;
  if (rest.length !== (counted ? 2 : 1)) return UNSEEN;
  const known = read(resource, evaluation);
  take(known, evaluation);
  evaluation.left -= known.size;
  if (evaluation.left < 0) return UNSEEN;
  const taken = statementsOf(known.value, presence);
  readFrom([...taken.statements.map((item) => item.value.span), ...known.origins], evaluation);
  return { ...taken, problems: [] };
}

/** The statements of a document. */
function statementsOf(document: Value, presence: Presence): Taken {
  const entry = document.kind === 'object' ? entryOf(document, 'Statement') : undefined;
  if (document.kind !== 'object' || !entry) return UNSEEN;
  const { value } = entry;
  if (value.kind === 'object') return { ...NOTHING, statements: [{ value, presence }] };
  if (value.kind !== 'list') return UNSEEN;
  const statements = value.items.map(
    (item): Item => ({ value: item.value, presence: weaker(presence, item.presence) }),
  );
  return { statements, open: value.open || document.open, problems: [] };
}

/** Statements one after the other, as sources are: two of one Sid are refused, so both stay to be seen. */
export function appended(before: Taken, added: Taken): Taken {
  return bounded(all([before, added]));
}

/** Statements into others: one takes the place of another of its Sid, or may do so. */
export function overlaid(before: Taken, added: Taken): Taken {
  const certain = new Set<string>();
  const possible = new Set<string>();
  let isAny = added.open;
  for (const { value, presence } of added.statements) {
    const sid = sidOf(value);
    if (sid === 'unknown') isAny = true;
    else if (sid) (presence === 'always' ? certain : possible).add(sid.name);
  }
  const left = before.statements.flatMap((item): readonly Item[] => {
    const sid = sidOf(item.value);
    if (sid === undefined) return [item];
    if (sid !== 'unknown' && certain.has(sid.name)) return [];
    const isSure = sid === 'unknown' ? certain.size + possible.size === 0 : !possible.has(sid.name);
    return [isSure && !isAny ? item : { value: item.value, presence: 'sometimes' }];
  });
  return bounded({ ...all([before, added]), statements: [...left, ...added.statements] });
}

/** The Sid of a statement; undefined where it has none for certain. */
function sidOf(statement: Value): { readonly name: string } | 'unknown' | undefined {
  if (statement.kind !== 'object') return 'unknown';
  const entry = entryOf(statement, 'Sid');
  if (!entry) return statement.open ? 'unknown' : undefined;
  const { value } = entry;
  if (value.kind !== 'text' || hasHole(value.text) || entry.presence === 'sometimes') return 'unknown';
  const name = knownText(value.text);
  return name === undefined ? 'unknown' : name === '' ? undefined : { name };
}

function bounded(taken: Taken): Taken {
  if (taken.statements.length <= MOST_STATEMENTS) return taken;
  return { ...taken, statements: taken.statements.slice(0, MOST_STATEMENTS), open: true };
}
