/** One Terraform file, read: its tree and what the tree says without looking at other files. Evaluates nothing. */
import type { Problem } from '../../finding/finding.ts';
import type { IgnoreDirective, Source, Thing } from '../../policy/module.ts';
import type { Span } from '../../text/text.ts';
import { readDirectives } from './directives.ts';
import { parseHcl } from './hcl/parse.ts';
import type { Attribute, Block, Expression, HclFile, HclSpan } from './hcl/syntax.ts';
import { isTerraformJson, parseTerraformJson } from './json/structure.ts';
import { literalOf } from './walk.ts';

/** A file and its top level, in source order. Depends on the source alone, so it is kept as long as the source is. */
export interface TerraformFile {
  /** The text that the tree is about: of a file in JSON syntax with what stands in `${ … }` made readable, letter under letter. */
  readonly source: Source;
  /** The text as it was handed over. */
  readonly written: string;
  readonly hcl: HclFile;
  /** Blocks with a type and a name. */
  readonly resources: readonly NamedBlock[];
  readonly locals: readonly Attribute[];
  readonly variables: readonly Variable[];
  /** Local modules that are called, and what the file gives whoever calls its own. */
  readonly calls: readonly Call[];
  readonly outputs: readonly Output[];
  readonly things: readonly Thing[];
  readonly directives: readonly IgnoreDirective[];
  /** Directives that cannot be honoured. */
  readonly problems: readonly Problem[];
}

/** A `resource` or `data` block. */
export interface NamedBlock {
  readonly mode: 'resource' | 'data';
  readonly type: string;
  readonly name: string;
  /** How expressions name it: `aws_s3_bucket.b`, `data.aws_iam_policy_document.d`. */
  readonly address: string;
  readonly block: Block;
}

/** A `variable` block; `isString` is undefined where its type is not declared. */
export interface Variable {
  readonly name: string;
  readonly isString: boolean | undefined;
  readonly type: Expression | undefined;
  readonly standard: Attribute | undefined;
  /** Whether null stands for the default. */
  readonly refusesNull: boolean;
  readonly span: HclSpan;
}

/** A `module` block whose text lies in a folder of the same disk; `folder` is its path from that of the file. */
export interface Call {
  readonly name: string;
  readonly folder: string;
  readonly block: Block;
}

/** An `output` block. */
export interface Output {
  readonly name: string;
  readonly value: Attribute;
}

/** Reads a source, once as long as it lives. */
export function readFile(source: Source): TerraformFile {
  const known = READ.get(source) ?? fileOf(source);
  READ.set(source, known);
  return known;
}

const READ = new WeakMap<Source, TerraformFile>();

function fileOf(written: Source): TerraformFile {
  const { path, text } = written;
  const hcl = isTerraformJson(path) ? parseTerraformJson(path, text) : parseHcl(text);
  const source = hcl.text === text ? written : { path, text: hcl.text };
  const resources: NamedBlock[] = [];
  const locals: Attribute[] = [];
  const variables: Variable[] = [];
  const calls: Call[] = [];
  const outputs: Output[] = [];
  for (const item of hcl.body.items) {
    if (item.kind !== 'block') continue;
    const named = namedBlock(item);
    if (named) resources.push(named);
    else if (item.type === 'locals')
      for (const inner of item.body.items) inner.kind === 'attribute' && locals.push(inner);
    else if (item.type === 'variable') variables.push(...variableOf(item));
    else if (item.type === 'module') calls.push(...callOf(item, source));
    else if (item.type === 'output') outputs.push(...outputOf(item));
  }
  const things = resources.flatMap(({ mode, type, name, address, block }): readonly Thing[] => {
    if (mode !== 'resource' || !/^(aws|awscc)_/.test(type)) return [];
    const several = attributeOf(block, 'count') ?? attributeOf(block, 'for_each');
    return [{ id: address, type, name, span: spanIn(source, block.span), ...(several ? { several: true } : {}) }];
  });
  const named = { resources, locals, variables, calls, outputs, things };
  return { source, written: text, hcl, ...named, ...readDirectives(source, hcl) };
}

/** A text that holds nothing of its own, to evaluate expressions in. */
export function emptyFile(source: Source): TerraformFile {
  const hcl: HclFile = { text: source.text, body: { items: [] }, problems: [], comments: [] };
  const nothing = { resources: [], locals: [], variables: [], calls: [], outputs: [], things: [] };
  return { source, written: source.text, hcl, ...nothing, directives: [], problems: [] };
}

/** Whether the file gives values to the variables of its folder: the two kinds that Terraform reads unasked. */
export function isSettings(path: string): boolean {
  return /(?:^|[/\\])terraform\.tfvars$|\.auto\.tfvars$/i.test(path);
}

/** A stretch of the file's text as a place. */
export function spanIn(source: Source, span: HclSpan): Span {
  return { source: source.path, start: span.start, end: span.end };
}

/** The first attribute of that name in a block. */
export function attributeOf(block: Block, name: string): Attribute | undefined {
  for (const item of block.body.items) if (item.kind === 'attribute' && item.name === name) return item;
  return undefined;
}

function namedBlock(block: Block): NamedBlock | undefined {
  const [type, name] = block.labels;
  if (!type || !name || (block.type !== 'resource' && block.type !== 'data')) return undefined;
  const address = `${block.type === 'data' ? 'data.' : ''}${type.text}.${name.text}`;
  return { mode: block.type, type: type.text, name: name.text, address, block };
}

function variableOf(block: Block): readonly Variable[] {
  const [label] = block.labels;
  if (!label) return [];
  const type = attributeOf(block, 'type')?.value;
  const isString =
    type?.kind === 'variable' ? (type.name === 'any' ? undefined : type.name === 'string') : type && false;
  const nullable = attributeOf(block, 'nullable')?.value;
  const refusesNull = nullable?.kind === 'boolean' && !nullable.value;
  return [{ name: label.text, isString, type, standard: attributeOf(block, 'default'), refusesNull, span: block.span }];
}

/** Source: Terraform documentation, "Module Sources": a local path begins with `./` or `../`. */
function callOf(block: Block, { text }: Source): readonly Call[] {
  const [label] = block.labels;
  const source = attributeOf(block, 'source')?.value;
  const folder = source && literalOf(source, text);
  if (!label || folder === undefined || !/^\.\.?(?:\/|$)/.test(folder)) return [];
  return [{ name: label.text, folder, block }];
}

function outputOf(block: Block): readonly Output[] {
  const [label] = block.labels;
  const value = attributeOf(block, 'value');
  return label && value ? [{ name: label.text, value }] : [];
}
