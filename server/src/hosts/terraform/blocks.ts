/**
 * Reads `data "aws_iam_policy_document"` as the document that the provider renders: IAM's own keys over the blocks and
 * arguments. What the provider merges in from elsewhere leaves the list of statements open.
 */
import { type Span, spelledText } from '../../text/text.ts';
import { type Entry, type Item, joinNames, type ObjectValue, type Value } from '../../value/value.ts';
import { BLOCK, conditionEntry, principalEntry } from './clauses.ts';
import type { Evaluation } from './evaluate.ts';
import { spanIn, type TerraformFile } from './file.ts';
import type { Attribute, Block, BodyItem } from './hcl/syntax.ts';
import { textArgument, textsArgument, withPolicyVariables } from './texts.ts';
import { type BlockUse, blocksIn, symbolOf } from './walk.ts';

/** The document of a data block. */
export function blockDocument(block: Block, file: TerraformFile, evaluation: Evaluation): ObjectValue {
  const entries = block.body.items.flatMap((item) => argumentEntry(item, DOCUMENT_ARGUMENTS, file, evaluation));
  const names = new Set(block.body.items.flatMap((item) => (item.kind === 'attribute' ? [item.name] : [])));
  const overridden = OVERRIDES.some((name) => names.has(name));
  const uses = blocksIn(block.body, 'statement');
  const open =
    overridden || !block.closed || uses.some((use) => use.dynamic) || SOURCES.some((name) => names.has(name));
  const items = uses.map((use): Item => {
    const value = statementValue(use, file, evaluation);
    const replaceable = overridden && value.entries.some((entry) => entry.key.flat === 'Sid');
    return { value, presence: use.dynamic || replaceable ? 'sometimes' : 'always' };
  });
  const whole = spanIn(file.source, block.span);
  const span = spanIn(file.source, block.bodySpan);
  const keySpan = spanIn(file.source, uses[0]?.block.typeSpan ?? block.typeSpan);
  const value: Value = {
    kind: 'list',
    span,
    spelling: BLOCK,
    items,
    open,
    openSymbol: openSymbolOf(block, uses, file),
  };
  entries.push({
    key: spelledText('derived', 'Statement', keySpan),
    keySpan,
    value,
    presence: 'always',
    span: uses.length > 0 ? span : whole,
  });
  return { kind: 'object', span: whole, spelling: BLOCK, entries, open: false };
}

/** What brings in statements that cannot be seen: other documents, and dynamic blocks. */
function openSymbolOf(block: Block, uses: readonly BlockUse[], file: TerraformFile): string | undefined {
  if (!block.closed) return undefined;
  const others = block.body.items.filter(
    (item) => item.kind === 'attribute' && [...SOURCES, ...OVERRIDES].includes(item.name),
  );
  const dynamic = uses.flatMap((use) => (use.dynamic ? [use.block] : []));
  return joinNames([...others, ...dynamic].map(({ span }) => symbolOf(file.source.text, span)));
}

/** The argument that spells a key of IAM's; undefined for what takes a block, and for strangers. */
export function argumentOf(key: string): string | undefined {
  for (const table of [STATEMENT_ARGUMENTS, DOCUMENT_ARGUMENTS]) {
    for (const [name, row] of table) if (row.key === key) return name;
  }
  return undefined;
}

interface Argument {
  readonly key: string;
  /** The provider reads `&{` as `${` in some lists. */
  readonly holds: 'text' | 'texts' | 'texts with variables';
}

const DOCUMENT_ARGUMENTS: ReadonlyMap<string, Argument> = new Map([
  ['version', { key: 'Version', holds: 'text' }],
  ['policy_id', { key: 'Id', holds: 'text' }],
]);

const STATEMENT_ARGUMENTS: ReadonlyMap<string, Argument> = new Map([
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

function statementValue(use: BlockUse, file: TerraformFile, evaluation: Evaluation): ObjectValue {
  const { block, body } = use;
  const entries = body.items.flatMap((item) => argumentEntry(item, STATEMENT_ARGUMENTS, file, evaluation));
  if (!entries.some((entry) => entry.key.flat === 'Effect'))
    entries.push(impliedEffect(spanIn(file.source, block.typeSpan)));
  for (const [key, type] of PRINCIPALS) {
    const entry = principalEntry(key, blocksIn(body, type), file, evaluation);
    if (entry) entries.push(entry);
  }
  const condition = conditionEntry(blocksIn(body, 'condition'), file, evaluation);
  if (condition) entries.push(condition);
  entries.sort((a, b) => a.span.start - b.span.start);
  const open = !block.closed || (use.dynamic && body.items.length === 0);
  const doubtful = entries.filter(({ presence }) => presence === 'sometimes');
  const openSymbol = open ? undefined : joinNames(doubtful.map((entry) => symbolOf(file.source.text, entry.span)));
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
