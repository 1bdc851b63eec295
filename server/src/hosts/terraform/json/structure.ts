/**
 * Terraform's JSON syntax (`.tf.json`, `.tofu.json`) as the tree that HCL has: blocks, attributes, expressions. So all that
 * reads Terraform reads these files too. Evaluates nothing; knows the schemas only of the blocks that policies need.
 */
import { type Span, sourceText } from '../../../text/text.ts';
import { readJson } from '../../../value/json.ts';
import { type Entry, entryOf, type ObjectValue, PLAIN_JSON, type Value, walkValue } from '../../../value/value.ts';
import type { Attribute, Block, BodyItem, HclFile, Label } from '../hcl/syntax.ts';
import { expressionOf, offsetsOf, problemsOf, type Strings, templatesOver } from './expression.ts';
import { type StringRange, shadowOf } from './shadow.ts';

/** Whether a file of this name is in Terraform's JSON syntax. */
export function isTerraformJson(path: string): boolean {
  return /\.(tf|tofu)\.json$/i.test(path);
}

/**
 * The tree of a text. `text` of the result is as long as the source and has its letters, but for the escapes in `${ … }`.
 * Source: Terraform, "JSON Configuration Syntax".
 */
export function parseTerraformJson(path: string, source: string): HclFile {
  const whole: Span = { source: path, start: 0, end: source.length };
  const { value, problems } = readJson(sourceText(path, source), whole, PLAIN_JSON);
  if (!value) return { text: source, body: { items: [] }, problems: [], comments: [] };
  const strings = templatesOver(shadowOf(source, stringsIn(value, source)));
  const items = objectsIn(value).flatMap((root) => root.entries.flatMap((entry) => topLevel(entry, strings)));
  return {
    text: strings.shadow.text,
    body: { items },
    problems: [...problems.map(({ message, span }) => ({ message, span: offsetsOf(span) })), ...problemsOf(strings)],
    comments: [],
  };
}

/** The block of a type that an object stands for, its nested blocks among its items. */
export function blockOf(type: string, labels: readonly Label[], value: ObjectValue, strings: Strings): Block {
  const { start, end } = value.span;
  const inside = Math.min(end, start + 1);
  const last = Math.max(inside, ...value.entries.slice(-1).map((entry) => entry.span.end));
  return {
    kind: 'block',
    type,
    typeSpan: { start, end: inside },
    labels,
    body: { items: value.entries.flatMap((entry) => bodyItems(entry, strings)) },
    bodySpan: { start: inside, end: Math.max(last, end - 1) },
    span: { start, end },
    closed: !value.open && last < end,
  };
}

/** Every string of the document without its quotes, in source order. */
function stringsIn(value: Value, source: string): readonly StringRange[] {
  const found: StringRange[] = [];
  const add = ({ start, end }: Span) => {
    if (source.charAt(start) === '"' && source.charAt(end - 1) === '"' && end - start > 1)
      found.push({ start: start + 1, end: end - 1 });
  };
  walkValue(value, (inner) => {
    if (inner.kind === 'text') add(inner.span);
    if (inner.kind === 'object') for (const entry of inner.entries) add(entry.keySpan);
    return true;
  });
  return found.sort((a, b) => a.start - b.start);
}

/** How many labels the blocks of the top level have that are read. */
const LABELS: ReadonlyMap<string, number> = new Map([
  ['resource', 2],
  ['data', 2],
  ['variable', 1],
  ['module', 1],
  ['output', 1],
  ['locals', 0],
]);

function topLevel(entry: Entry, strings: Strings): readonly BodyItem[] {
  const type = entry.key.flat;
  const labels = LABELS.get(type);
  return labels === undefined ? [] : labelled(type, labels, [], entry.value, strings);
}

/** Goes down one level of keys for each label. */
function labelled(
  type: string,
  missing: number,
  labels: readonly Label[],
  value: Value,
  strings: Strings,
): readonly Block[] {
  return objectsIn(value).flatMap((object) => {
    if (missing > 0) {
      return object.entries.flatMap((entry) => {
        if (entry.key.flat === COMMENT) return [];
        const label: Label = { text: entry.key.flat, span: offsetsOf(entry.keySpan) };
        return labelled(type, missing - 1, [...labels, label], entry.value, strings);
      });
    }
    if (type !== 'resource' && type !== 'data') return [attributesOnly(type, labels, object, strings)];
    return [blockOf(type, labels, object, strings)];
  });
}

/** A property that Terraform passes over. */
const COMMENT = '//';

/** An object, or the objects of a list: a block may be written either way. */
function objectsIn(value: Value): readonly ObjectValue[] {
  if (value.kind === 'object') return [value];
  return value.kind === 'list' ? value.items.flatMap((item) => (item.value.kind === 'object' ? [item.value] : [])) : [];
}

function attributesOnly(type: string, labels: readonly Label[], value: ObjectValue, strings: Strings): Block {
  const block = blockOf(type, labels, { ...value, entries: [] }, strings);
  const entries = value.entries.filter((entry) => entry.key.flat !== COMMENT);
  return { ...block, body: { items: entries.map((entry) => typed(attributeOf(entry, strings), type, entry)) } };
}

/** The type of a variable is a word, not a string. */
function typed(attribute: Attribute, type: string, { key, value }: Entry): Attribute {
  if (type !== 'variable' || key.flat !== 'type' || value.kind !== 'text') return attribute;
  const name = value.text.flat.trim();
  const span = offsetsOf(value.span);
  const other = { kind: 'invalid', span } as const;
  return { ...attribute, value: /^\w+$/.test(name) ? { kind: 'variable', name, span } : other };
}

/** Blocks within the resources and data sources that hold policies; all else is an argument. */
const NESTED: ReadonlySet<string> = new Set([
  'statement',
  'principals',
  'not_principals',
  'condition',
  'inline_policy',
  'details',
]);

function bodyItems(entry: Entry, strings: Strings): readonly BodyItem[] {
  const name = entry.key.flat;
  if (name === COMMENT) return [];
  if (name === 'dynamic') return dynamicBlocks(entry.value, strings);
  if (!NESTED.has(name)) return [attributeOf(entry, strings)];
  return objectsIn(entry.value).map((object) => blockOf(name, [], object, strings));
}

/** Under `dynamic` stand the types of blocks, under each one object or several. */
function dynamicBlocks(value: Value, strings: Strings): readonly Block[] {
  const uses = objectsIn(value).flatMap((object) => object.entries);
  return uses.flatMap((entry) => {
    const label: Label = { text: entry.key.flat, span: offsetsOf(entry.keySpan) };
    return objectsIn(entry.value).map((use) => {
      const content = entryOf(use, 'content');
      const rest = { ...use, entries: use.entries.filter((one) => one !== content) };
      const block = attributesOnly('dynamic', [label], rest, strings);
      const inner = content ? objectsIn(content.value).map((object) => blockOf('content', [], object, strings)) : [];
      return { ...block, body: { items: [...block.body.items, ...inner] } };
    });
  });
}

function attributeOf(entry: Entry, strings: Strings): Attribute {
  const { start, end } = entry.keySpan;
  const nameSpan = { start: start + 1, end: Math.max(start + 1, end - 1) };
  return {
    kind: 'attribute',
    name: entry.key.flat,
    nameSpan,
    value: expressionOf(entry.value, strings),
    span: offsetsOf(entry.span),
  };
}
