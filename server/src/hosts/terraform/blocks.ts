/**
 * Reads `data "aws_iam_policy_document"` as the document that the provider renders: IAM's own keys over the blocks and
 * arguments, merged with the documents that it takes in. What cannot be seen of these leaves the list of statements open.
 */
import { type Span, spelledText } from '../../text/text.ts';
import type { JsonProblem } from '../../value/json.ts';
import { type Entry, type Item, joinNames, literalOf, type ObjectValue, type Value } from '../../value/value.ts';
import { BLOCK, conditionEntry, principalEntry } from './clauses.ts';
import { appended, overlaid, statementsTaken, type Taken } from './composition.ts';
import { binding, DEEPEST, distinctSpans, type Evaluation, nameOf, restOf, UNSETTLED } from './evaluation.ts';
import { spanIn, type TerraformFile } from './file.ts';
import type { Attribute, Block, BodyItem } from './hcl/syntax.ts';
import { evaluationIn, type Repeated, repeatedBlocks } from './repetition.ts';
import type { Known, Resource, Scope } from './scope.ts';
import { textArgument, textsArgument, withPolicyVariables } from './texts.ts';

/** The document of a data block of the module, read once; `problems` are those of the JSON that it takes in. */
export function documentOf(resource: Resource, evaluation: Evaluation): Document {
  const { scope } = evaluation;
  const { named, file } = resource;
  const before = scope.read.get(named) ?? recalled(resource, scope);
  if (before) return before;
  const span = spanIn(file.source, named.block.span);
  const unknown: Value = { kind: 'unknown', span, spelling: BLOCK, symbol: named.address };
  const nothing = { value: unknown, size: 1, height: 0, origins: [], reads: [UNSETTLED], problems: [] };
  if (evaluation.depth >= DEEPEST) return nothing;
  scope.read.set(named, nothing);
  const inner = evaluationIn(named, file, scope);
  const start = inner.left;
  inner.depth = evaluation.depth + 1;
  const problems: JsonProblem[] = [];
  const value = blockDocument(named.block, file, inner, problems);
  const size = start - inner.left;
  const known = { value, size, origins: distinctSpans(inner.origins), problems, ...restOf(inner, evaluation.depth) };
  scope.read.set(named, known);
  const { origins, reads, height } = known;
  scope.memory.keep(file, named.block.span, { documents: [{ value, problems }], origins, reads, size, height });
  return known;
}

/** The document as another reading of the module had it. */
function recalled({ named, file }: Resource, scope: Scope): Document | undefined {
  const remembered = scope.memory.recall(file, named.block.span);
  const document = remembered?.documents[0];
  if (!remembered || !document) return undefined;
  const known = { ...remembered, ...document };
  scope.read.set(named, known);
  return known;
}

/** What is known of a document, with what is wrong in the JSON that it takes in. */
type Document = Known & Pick<Taken, 'problems'>;

/** The document of a data block. What is wrong in JSON that it takes in goes into `problems`. */
export function blockDocument(
  block: Block,
  file: TerraformFile,
  evaluation: Evaluation,
  problems: JsonProblem[] = [],
): ObjectValue {
  const entries = block.body.items.flatMap((item) => argumentEntry(item, DOCUMENT_ARGUMENTS, file, evaluation));
  const uses = repeatedBlocks(block.body, 'statement', file, evaluation);
  const own = uses.map((use): Item => {
    const value = binding(use.names, evaluation, () => statementValue(use, file, evaluation));
    return { value, presence: use.presence };
  });
  const written: Taken = { statements: own, open: !block.closed || uses.some((use) => use.more), problems: [] };
  const { statements: items, open, problems: found } = merged(block, written, file, evaluation);
  problems.push(...found);
  if (block.body.items.some((item) => item.kind === 'attribute' && MERGING.includes(item.name))) upgraded(entries);
  const whole = spanIn(file.source, block.span);
  const span = spanIn(file.source, block.bodySpan);
  const keySpan = spanIn(file.source, uses[0]?.block.typeSpan ?? block.typeSpan);
  const openSymbol = openSymbolOf(block, uses, file, evaluation);
  const value: Value = { kind: 'list', span, spelling: BLOCK, items, open, openSymbol };
  entries.push({
    key: spelledText('derived', 'Statement', keySpan),
    keySpan,
    value,
    presence: 'always',
    span: uses.length > 0 ? span : whole,
  });
  return { kind: 'object', span: whole, spelling: BLOCK, entries, open: false };
}

/** The provider takes the latest version of all documents that it merges. */
function upgraded(entries: Entry[]): void {
  for (const [index, entry] of entries.entries()) {
    const old = entry.key.flat === 'Version' && literalOf(entry.value) !== '2012-10-17';
    if (old) entries[index] = { ...entry, presence: 'sometimes' };
  }
}

/** The block's own statements with those of its sources and overrides. */
function merged(block: Block, own: Taken, file: TerraformFile, evaluation: Evaluation): Taken {
  const taken = (names: readonly string[]) =>
    block.body.items.flatMap((item) =>
      item.kind === 'attribute' && names.includes(item.name)
        ? [statementsTaken(item.value, file, evaluation, documentOf)]
        : [],
    );
  const [sources, overrides] = [taken(SOURCES), taken(OVERRIDES)];
  const [first, ...rest] = sources;
  const before = first && overlaid(rest.reduce(appended, first), own);
  return overrides.reduce(overlaid, before ?? own);
}

/** What brings in statements that cannot be seen: other documents, and dynamic blocks. */
function openSymbolOf(
  block: Block,
  uses: readonly Repeated[],
  file: TerraformFile,
  evaluation: Evaluation,
): string | undefined {
  if (!block.closed) return undefined;
  const others = block.body.items.filter((item) => item.kind === 'attribute' && MERGING.includes(item.name));
  const dynamic = new Set(uses.flatMap((use) => (use.dynamic ? [use.block] : [])));
  return joinNames([...others, ...dynamic].map(({ span }) => nameOf(span, file, evaluation)));
}

/** The argument that spells a key of IAM's; undefined for what takes a block, and for strangers. */
export function argumentOf(key: string): string | undefined {
  for (const table of [STATEMENT_ARGUMENTS, DOCUMENT_ARGUMENTS]) {
    for (const [name, row] of table) if (row.key === key) return name;
  }
  return undefined;
}

/** What an argument spells. */
export interface Argument {
  readonly key: string;
  /** The provider reads `&{` as `${` in some lists. */
  readonly holds: 'text' | 'texts' | 'texts with variables';
}

const DOCUMENT_ARGUMENTS: ReadonlyMap<string, Argument> = new Map([
  ['version', { key: 'Version', holds: 'text' }],
  ['policy_id', { key: 'Id', holds: 'text' }],
]);

/** The arguments of a `statement` block. */
export const STATEMENT_ARGUMENTS: ReadonlyMap<string, Argument> = new Map([
  ['sid', { key: 'Sid', holds: 'text' }],
  ['effect', { key: 'Effect', holds: 'text' }],
  ['actions', { key: 'Action', holds: 'texts' }],
  ['not_actions', { key: 'NotAction', holds: 'texts' }],
  ['resources', { key: 'Resource', holds: 'texts with variables' }],
  ['not_resources', { key: 'NotResource', holds: 'texts with variables' }],
]);

const SOURCES = ['source_policy_documents', 'source_json'];
/** What stands in these replaces statements of the same Sid. */
const OVERRIDES = ['override_policy_documents', 'override_json'];
const MERGING: readonly string[] = [...SOURCES, ...OVERRIDES];

function argumentEntry(
  item: BodyItem,
  table: ReadonlyMap<string, Argument>,
  file: TerraformFile,
  evaluation: Evaluation,
): readonly Entry[] {
  const row = item.kind === 'attribute' ? table.get(item.name) : undefined;
  if (item.kind !== 'attribute' || !row) return [];
  const found =
    row.holds === 'text' ? textArgument(item.value, file, evaluation) : textsArgument(item.value, file, evaluation);
  if (!found) return [];
  const value = row.holds === 'texts with variables' ? withPolicyVariables(found.value) : found.value;
  return [{ ...keyOf(item, row.key, file), value, presence: found.presence, span: spanIn(file.source, item.span) }];
}

function keyOf(attribute: Attribute, key: string, file: TerraformFile): Pick<Entry, 'key' | 'keySpan'> {
  const keySpan = spanIn(file.source, attribute.nameSpan);
  return { key: spelledText('derived', key, keySpan), keySpan };
}

function statementValue(use: Repeated, file: TerraformFile, evaluation: Evaluation): ObjectValue {
  const { block, body } = use;
  const entries = body.items.flatMap((item) => argumentEntry(item, STATEMENT_ARGUMENTS, file, evaluation));
  if (!entries.some((entry) => entry.key.flat === 'Effect'))
    entries.push(impliedEffect(spanIn(file.source, block.typeSpan)));
  for (const [key, type] of PRINCIPALS) {
    const entry = principalEntry(key, repeatedBlocks(body, type, file, evaluation), file, evaluation);
    if (entry) entries.push(entry);
  }
  const condition = conditionEntry(repeatedBlocks(body, 'condition', file, evaluation), file, evaluation);
  if (condition) entries.push(condition);
  entries.sort((a, b) => a.span.start - b.span.start);
  const open = !block.closed || (use.dynamic && body.items.length === 0);
  const doubtful = entries.filter(({ presence }) => presence === 'sometimes');
  const openSymbol = open ? undefined : joinNames(doubtful.map(({ span }) => nameOf(span, file, evaluation)));
  return { kind: 'object', span: spanIn(file.source, block.span), spelling: BLOCK, entries, open, openSymbol };
}

const PRINCIPALS = [
  ['Principal', 'principals'],
  ['NotPrincipal', 'not_principals'],
] as const;

/** A statement without `effect` allows; the word stands at the keyword. */
function impliedEffect(span: Span): Entry {
  const value: Value = { kind: 'text', span, spelling: BLOCK, text: spelledText('derived', 'Allow', span) };
  return { key: spelledText('derived', 'Effect', span), keySpan: span, value, presence: 'always', span };
}
