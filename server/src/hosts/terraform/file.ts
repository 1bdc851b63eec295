/** One Terraform file, read: its tree and what the tree says without looking at other files. Evaluates nothing. */
import type { Problem } from '../../finding/finding.ts';
import type { IgnoreDirective, Source, Thing } from '../../policy/module.ts';
import type { Span } from '../../text/text.ts';
import { readDirectives } from './directives.ts';
import { parseHcl } from './hcl/parse.ts';
import type { Attribute, Block, HclFile, HclSpan } from './hcl/syntax.ts';
import { isTerraformJson, parseTerraformJson } from './json/structure.ts';

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
}

/** Reads a source. */
export function readFile(written: Source): TerraformFile {
  const { path, text } = written;
  const hcl = isTerraformJson(path) ? parseTerraformJson(path, text) : parseHcl(text);
  const source = hcl.text === text ? written : { path, text: hcl.text };
  const resources: NamedBlock[] = [];
  const locals: Attribute[] = [];
  const variables: Variable[] = [];
  for (const item of hcl.body.items) {
    if (item.kind !== 'block') continue;
    const named = namedBlock(item);
    if (named) resources.push(named);
    else if (item.type === 'locals')
      for (const inner of item.body.items) inner.kind === 'attribute' && locals.push(inner);
    else if (item.type === 'variable') variables.push(...variableOf(item));
  }
  const things = resources.flatMap(({ mode, type, name, address, block }): readonly Thing[] => {
    if (mode !== 'resource' || !/^(aws|awscc)_/.test(type)) return [];
    const several = attributeOf(block, 'count') ?? attributeOf(block, 'for_each');
    return [{ id: address, type, name, span: spanIn(source, block.span), ...(several ? { several: true } : {}) }];
  });
  return { source, written: text, hcl, resources, locals, variables, things, ...readDirectives(source, hcl) };
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
  if (!type) return [{ name: label.text, isString: undefined }];
  const isString = type.kind === 'variable' ? (type.name === 'any' ? undefined : type.name === 'string') : false;
  return [{ name: label.text, isString }];
}
