/**
 * Reads `data "aws_iam_policy_document"` as the document that the provider renders: IAM's own keys over the blocks and
 * arguments. What the provider merges in from elsewhere leaves the list of statements open.
 */
import { knownText, type Span, spelledText, type Text } from '../../text/text.ts';
import { type Entry, type Item, literalOf, type ObjectValue, type Presence, type Spelling, type Value } from '../../value/value.ts';
import { type Evaluation, evaluate, unknownText } from './evaluate.ts';
import { spanIn, type TerraformFile } from './file.ts';
import type { Attribute, Block, HclSpan } from './hcl/syntax.ts';
import { type Principals, conditionEntry, principalEntry } from './clauses.ts';
import { withPolicyVariables } from './variables.ts';
import { type BlockUse, blocksIn } from './walk.ts';

/** The spelling of what blocks make up together: it has keys to rename, and no letters of its own to replace. */
export const BLOCK: Spelling = { notation: 'block', layers: [] };

/** The document of a data block. */
export function blockDocument(block: Block, file: TerraformFile, evaluation: Evaluation): ObjectValue {
  const place = (span: HclSpan) => spanIn(file.source, span);
  const entries: Entry[] = [];
  for (const item of block.body.items) {
    const key = item.kind === 'attribute' ? DOCUMENT_KEYS.get(item.name) : undefined;
    if (item.kind === 'attribute' && key) entries.push(...attributeEntry(item, key, file, evaluation, 'text'));
  }
  const uses = blocksIn(block.body, 'statement');
  const names = new Set(block.body.items.flatMap((item) => (item.kind === 'attribute' ? [item.name] : [])));
  const overridden = OVERRIDES.some((name) => names.has(name));
  const open = uses.some((use) => use.dynamic) || !block.closed || overridden || SOURCES.some((name) => names.has(name));
  const items = uses.map((use): Item => {
    const value = statement(use, file, evaluation);
    const certain = !use.dynamic && !(overridden && value.entries.some((entry) => entry.key.flat === 'Sid'));
    return { value, presence: certain ? 'always' : 'sometimes' };
  });
  const whole = place(block.span);
  const keySpan = place(uses[0]?.block.typeSpan ?? block.typeSpan);
  const list: Value = { kind: 'list', span: place(block.bodySpan), spelling: BLOCK, items, open };
  const key = spelledText('derived', 'Statement', keySpan);
  entries.push({ key, keySpan, value: list, presence: 'always', span: list.span });
  return { kind: 'object', span: whole, spelling: BLOCK, entries, open: false };
}

const DOCUMENT_KEYS: ReadonlyMap<string, string> = new Map([
  ['version', 'Version'],
  ['policy_id', 'Id'],
]);
const SOURCES = ['source_policy_documents', 'source_json'];
const OVERRIDES = ['override_policy_documents', 'override_json'];

/** The arguments of a `statement` block by IAM's names; the provider leaves empty ones out. */
const STATEMENT_KEYS: ReadonlyMap<string, { readonly key: string; readonly holds: 'text' | 'texts'; readonly variables: boolean }> = new Map([
  ['sid', { key: 'Sid', holds: 'text', variables: false }],
  ['effect', { key: 'Effect', holds: 'text', variables: false }],
  ['actions', { key: 'Action', holds: 'texts', variables: false }],
  ['not_actions', { key: 'NotAction', holds: 'texts', variables: false }],
  ['resources', { key: 'Resource', holds: 'texts', variables: true }],
  ['not_resources', { key: 'NotResource', holds: 'texts', variables: true }],
]);

/** The argument that spells a key of a statement; undefined for what takes a block, and for strangers. */
export function argumentOf(key: string): string | undefined {
  for (const [name, row] of STATEMENT_KEYS) if (row.key === key) return name;
  return undefined;
}

function statement(use: BlockUse, file: TerraformFile, evaluation: Evaluation): ObjectValue {
  const { block, body } = use;
  const entries: Entry[] = [];
  const blocks = (type: string): readonly BlockUse[] => blocksIn(body, type);
  for (const item of body.items) {
    if (item.kind !== 'attribute') continue;
    const row = STATEMENT_KEYS.get(item.name);
    if (row) entries.push(...attributeEntry(item, row.key, file, evaluation, row.holds, row.variables));
  }
  const keyword = spanIn(file.source, block.typeSpan);
  if (!entries.some((entry) => entry.key.flat === 'Effect')) entries.unshift(...impliedEffect(body.items, keyword));
  const found: readonly (Entry | undefined)[] = [
    principalEntry('Principal', blocks('principals'), file, evaluation),
    principalEntry('NotPrincipal', blocks('not_principals'), file, evaluation),
    conditionEntry(blocks('condition'), file, evaluation),
  ];
  for (const entry of found) if (entry) entries.push(entry);
  entries.sort((a, b) => a.span.start - b.span.start);
  return { kind: 'object', span: spanIn(file.source, block.span), spelling: BLOCK, entries, open: !block.closed || (use.dynamic && body.items.length === 0) };
}
