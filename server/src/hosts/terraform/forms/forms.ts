/**
 * Forms: a policy that stands in `jsonencode` or in JSON as a document of its own, and back. Each form is offered where the
 * text tells all that it takes; whoever offers it proves that the policy is the same.
 */
import type { TextEdit } from '../../../finding/edit.ts';
import type { Module, Source } from '../../../policy/module.ts';
import { contains } from '../../../text/text.ts';
import type { Form } from '../../host.ts';
import { attributeOf, spanIn, type TerraformFile } from '../file.ts';
import type { Attribute, Block, Body, Call, Expression, HclSpan, Heredoc, Template } from '../hcl/syntax.ts';
import { isTerraformJson } from '../json/structure.ts';
import { isDocument, type Scope, scopeOf } from '../scope.ts';
import { pathOf, walkExpression } from '../walk.ts';
import type { DraftObject } from './draft.ts';
import { fromBlock } from './from-block.ts';
import { fromExpression } from './from-expression.ts';
import { fromJson } from './from-json.ts';
import { spellDraft } from './layout.ts';
import { toBlock } from './to-block.ts';

/** The other forms of the policy at an offset of a file. */
export function formsAt(
  module: Module,
  files: readonly TerraformFile[],
  path: string,
  offset: number,
): readonly Form[] {
  const file = files.find(({ source }) => source.path === path);
  if (!file || isTerraformJson(path)) return [];
  const scope = scopeOf(files);
  const inline = inlineAt(file, offset);
  if (inline) return [...extracted(inline, module, scope), ...encoded(inline, module, scope)];
  const block = file.resources.find((named) => isDocument(named) && holds(named.block.span, offset))?.block;
  return block ? inlined(block, file, scope) : [];
}

/** An argument that is a policy written in place. `blocks` lead to it from the outermost one. */
interface Inline {
  readonly file: TerraformFile;
  readonly attribute: Attribute;
  readonly expression: Call | Heredoc | Template;
  readonly blocks: readonly Block[];
}

function inlineAt(file: TerraformFile, offset: number): Inline | undefined {
  const blocks: Block[] = [];
  let body: Body = file.hcl.body;
  for (;;) {
    const item = body.items.find(({ span }) => holds(span, offset));
    if (!item) return undefined;
    if (item.kind === 'block') {
      blocks.push(item);
      body = item.body;
      continue;
    }
    const expression = item.value.kind === 'paren' ? item.value.expression : item.value;
    const { kind } = expression;
    const isPolicy = kind === 'heredoc' || kind === 'template' || (kind === 'call' && expression.name === 'jsonencode');
    return isPolicy && holds(expression.span, offset) ? { file, attribute: item, expression, blocks } : undefined;
  }
}

function holds(span: HclSpan, offset: number): boolean {
  return span.start <= offset && offset <= span.end;
}

/** The draft of the one policy that the expression is. */
function draftOf({ file, expression }: Inline, module: Module, scope: Scope): DraftObject | undefined {
  const span = spanIn(file.source, expression.span);
  const sites = module.sites.filter((site) => contains(span, site.span));
  const [site] = sites;
  if (!site || sites.length > 1) return undefined;
  if (expression.kind !== 'call') return fromJson(site.value, file.source.text);
  const [object] = expression.arguments;
  return object?.kind === 'object' && expression.closed ? fromExpression(object, file, scope) : undefined;
}

function extracted(inline: Inline, module: Module, scope: Scope): readonly Form[] {
  const { file, expression, blocks } = inline;
  const [outer] = blocks;
  const draft = draftOf(inline, module, scope);
  const name = outer && newName(inline, scope);
  const words = draft && name !== undefined ? toBlock(draft, name) : undefined;
  if (!outer || !words || name === undefined || blocks.some(({ type }) => type === 'dynamic')) return [];
  if (outer.type !== 'locals' && /\b(each|count|self)\./.test(words)) return [];
  const at = commentsAbove(outer.span.start, file.source.text);
  const newline = newlineOf(file.source);
  const edits: readonly TextEdit[] = [
    { span: spanIn(file.source, { start: at, end: at }), newText: inLines(`${words}\n\n`, newline) },
    { span: spanIn(file.source, expression.span), newText: `data.aws_iam_policy_document.${name}.json` },
  ];
  return [{ kind: 'extract', title: `Extract the policy to \`data.aws_iam_policy_document.${name}\``, edits }];
}

/** JSON as an object of HCL in the same place. */
function encoded(inline: Inline, module: Module, scope: Scope): readonly Form[] {
  const { file, expression, attribute } = inline;
  const draft = expression.kind === 'call' ? undefined : draftOf(inline, module, scope);
  if (!draft) return [];
  const newText = encodedText(draft, attribute, file.source, file.source);
  return [
    {
      kind: 'rewrite',
      title: 'Write the JSON as `jsonencode`',
      edits: [{ span: spanIn(file.source, expression.span), newText }],
    },
  ];
}

function encodedText(draft: DraftObject, at: Attribute, source: Source, from: Source): string {
  const line = source.text.lastIndexOf('\n', at.span.start - 1) + 1;
  const indent = /^[ \t]*/.exec(source.text.slice(line))?.[0] ?? '';
  return inLines(`jsonencode(${spellDraft(draft, indent, 'object')})`, newlineOf(from));
}

/** The name of the resource or local, with that of the argument behind it where it is taken. */
function newName({ blocks, attribute }: Inline, scope: Scope): string | undefined {
  const [outer] = blocks;
  const own = outer?.type === 'locals' ? attribute.name : (outer?.labels.at(-1)?.text ?? attribute.name);
  const argument = attribute.name.replace(/_policy$/, '');
  const names =
    attribute.name === 'assume_role_policy'
      ? [`${own}_${argument}`, own]
      : [own, `${own}_${argument}`, `${own}_document`];
  const taken = new Set(
    scope.files.flatMap(({ resources }) => resources.flatMap((one) => (isDocument(one) ? [one.name] : []))),
  );
  return names.find((name) => /^[A-Za-z_][\w-]*$/.test(name) && !taken.has(name));
}

function inlined(block: Block, file: TerraformFile, scope: Scope): readonly Form[] {
  const name = block.labels[1]?.text;
  const use = name === undefined ? undefined : onlyUse(name, scope);
  const draft = use && fromBlock(block, file, scope);
  if (!use || !draft || use.block === block) return [];
  const { text } = file.source;
  const start = commentsAbove(block.span.start, text);
  const rest = /^[ \t]*(?:\r?\n|$)(?:[ \t]*\r?\n)?/.exec(text.slice(block.span.end))?.[0].length;
  if (rest === undefined) return [];
  const comments = text.slice(start, block.span.start);
  const { source } = use.file;
  const line = source.text.lastIndexOf('\n', use.attribute.span.start - 1) + 1;
  const indent = source.text.slice(line, use.attribute.span.start);
  if (comments && !/^[ \t]*$/.test(indent)) return [];
  const edits: readonly TextEdit[] = [
    { span: spanIn(file.source, { start, end: block.span.end + rest }), newText: '' },
    ...(comments
      ? [{ span: spanIn(source, { start: line, end: line }), newText: comments.replace(/^(?=.)/gm, indent) }]
      : []),
    { span: spanIn(source, use.expression.span), newText: encodedText(draft, use.attribute, source, source) },
  ];
  return [{ kind: 'inline', title: `Inline \`${name}\` as \`jsonencode\` where it is read`, edits }];
}

/** The only argument that reads a document, where it does nothing else; undefined where it is read elsewhere too. */
function onlyUse(
  name: string,
  scope: Scope,
): { file: TerraformFile; block: Block | undefined; attribute: Attribute; expression: Expression } | undefined {
  const address = ['data', 'aws_iam_policy_document', name];
  const uses = scope.files.flatMap((file) =>
    attributesIn(file.hcl.body).flatMap(({ attribute, block }) => {
      const found: Expression[] = [];
      walkExpression(attribute.value, (inner) => {
        const path = pathOf(inner, file.source.text);
        if (address.every((part, i) => path[i] === part)) found.push(inner);
      });
      return found.map((expression) => ({
        file,
        block,
        attribute,
        expression,
        path: pathOf(expression, file.source.text),
      }));
    }),
  );
  const [use] = uses;
  const named = scope.files.flatMap(({ resources }) => resources).filter((one) => isDocument(one) && one.name === name);
  if (!use || uses.length > 1 || named.length > 1) return undefined;
  const { expression, attribute, path } = use;
  const isPlain =
    expression === attribute.value || (attribute.value.kind === 'list' && attribute.value.items.includes(expression));
  const isJson = path.length === 4 && (path[3] === 'json' || path[3] === 'minified_json');
  const steps = expression.kind === 'traversal' ? expression.steps.length : 0;
  return isPlain && isJson && steps === 3 && named.every(({ block }) => !attributeOf(block, 'count')) ? use : undefined;
}

/** All attributes below, each with the top-level block that it stands in. */
function attributesIn(
  body: Body,
  outer?: Block,
): readonly { readonly attribute: Attribute; readonly block: Block | undefined }[] {
  return body.items.flatMap((item) =>
    item.kind === 'attribute' ? [{ attribute: item, block: outer }] : attributesIn(item.body, outer ?? item),
  );
}

/** Where the comments begin that stand right above a block; its own start where there are none. */
function commentsAbove(start: number, text: string): number {
  let at = text.lastIndexOf('\n', start - 1) + 1;
  if (!/^[ \t]*$/.test(text.slice(at, start))) return start;
  for (;;) {
    const above = text.lastIndexOf('\n', at - 2) + 1;
    if (at === 0 || !/^[ \t]*(#|\/\/)/.test(text.slice(above, at))) return at;
    at = above;
  }
}

function newlineOf({ text }: Source): string {
  return text.includes('\r\n') ? '\r\n' : '\n';
}

function inLines(text: string, newline: string): string {
  return newline === '\n' ? text : text.replace(/\r?\n/g, newline);
}
