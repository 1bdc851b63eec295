/** What works in Terraform otherwise than it reads: attachments that take policies away, and partitions written out. Looks at no statement. */
import type { Problem } from '../../finding/finding.ts';
import type { Site } from '../../policy/module.ts';
import { type Span, spanOf } from '../../text/text.ts';
import { walkValue } from '../../value/value.ts';
import { attributeOf, type NamedBlock, spanIn, type TerraformFile } from './file.ts';
import type { Expression } from './hcl/syntax.ts';
import { isTerraformJson } from './json/structure.ts';
import { blocksIn, pathOf, symbolOf } from './walk.ts';

/** The traps of a module. */
export function trapProblems(files: readonly TerraformFile[], sites: readonly Site[]): readonly Problem[] {
  return [...attachmentProblems(files), ...roleProblems(files), ...partitionProblems(files, sites)];
}

const EXCLUSIVE = 'aws_iam_policy_attachment';

/** Arguments that attach a managed policy by its ARN. */
const ATTACHING: ReadonlySet<string> = new Set([
  EXCLUSIVE,
  'aws_iam_role_policy_attachment',
  'aws_iam_user_policy_attachment',
  'aws_iam_group_policy_attachment',
]);

/**
 * Source: Terraform's AWS provider, resource `aws_iam_policy_attachment`: it makes exclusive attachments, in the whole
 * account. Of a policy of the module that nothing else attaches it takes nothing away that the module tells of.
 * One for each of several identities takes it from all but the last.
 */
function attachmentProblems(files: readonly TerraformFile[]): readonly Problem[] {
  const attachments = resourcesOf(files, (type) => ATTACHING.has(type)).flatMap((one) => {
    const policy = attributeOf(one.named.block, 'policy_arn')?.value;
    return policy ? [{ ...one, policy, name: symbolOf(one.file.source.text, policy.span) }] : [];
  });
  const own = new Set(resourcesOf(files, (type) => type === 'aws_iam_policy').map(({ named }) => named.address));
  return attachments
    .filter(({ named }) => named.type === EXCLUSIVE)
    .flatMap(({ file, named, policy, name }): readonly Problem[] => {
      const several = attributeOf(named.block, 'for_each') !== undefined && !name.includes('each.');
      const alone = !several && attachments.filter((other) => other.name === name).length === 1;
      if (alone && own.has(pathOf(policy, file.source.text).slice(0, 2).join('.'))) return [];
      const message = `this attachment takes \`${shortened(name)}\` away from every user, role and group of the account that it does not name`;
      return [{ id: 'exclusive-attachment', span: typeSpan(named, file), message }];
    });
}

function shortened(name: string): string {
  return name.replace(/^"(.*)"$/, '$1').slice(0, 80);
}

/** What a role names itself, and the resources that would hold it instead. */
const INLINE = { argument: 'inline_policy', instead: 'aws_iam_role_policy', policies: 'inline policy' } as const;
const MANAGED = {
  argument: 'managed_policy_arns',
  instead: 'aws_iam_role_policy_attachment',
  policies: 'managed policy',
} as const;

/** Source: Terraform's AWS provider, resource `aws_iam_role`: both arguments are deprecated, and take over all policies of their sort. */
function roleProblems(files: readonly TerraformFile[]): readonly Problem[] {
  return resourcesOf(files, (type) => type === 'aws_iam_role').flatMap(({ file, named }) => {
    const [inline] = blocksIn(named.block.body, INLINE.argument);
    const managed = attributeOf(named.block, MANAGED.argument);
    return [
      ...(inline ? [roleProblem(INLINE, spanIn(file.source, inline.block.typeSpan), named, files)] : []),
      ...(managed && managed.value.kind !== 'null'
        ? [roleProblem(MANAGED, spanIn(file.source, managed.nameSpan), named, files)]
        : []),
    ];
  });
}

function roleProblem(
  { argument, instead, policies }: typeof INLINE | typeof MANAGED,
  span: Span,
  role: NamedBlock,
  files: readonly TerraformFile[],
): Problem {
  const rival = resourcesOf(files, (type) => type === instead).find(({ file, named }) => {
    const holder = attributeOf(named.block, 'role')?.value;
    return holder !== undefined && names(holder, role.address, file);
  });
  return {
    id: 'deprecated-inline-policy',
    span,
    message: rival
      ? `\`${argument}\` takes away what \`${rival.named.address}\` gives the role, at every other \`apply\``
      : `\`${argument}\` is deprecated and takes every other ${policies} away from the role`,
    ...(rival ? {} : { level: 'info' }),
  };
}

function names(expression: Expression, address: string, file: TerraformFile): boolean {
  return pathOf(expression, file.source.text).slice(0, 2).join('.') === address;
}

interface FoundResource {
  readonly file: TerraformFile;
  readonly named: NamedBlock;
}

function resourcesOf(files: readonly TerraformFile[], wanted: (type: string) => boolean): readonly FoundResource[] {
  return files.flatMap((file) =>
    file.resources.filter((named) => named.mode === 'resource' && wanted(named.type)).map((named) => ({ file, named })),
  );
}

/** The type, where the block has one of its own; in JSON syntax several share one, so there it is the name. */
function typeSpan({ block }: NamedBlock, { source }: TerraformFile): Span {
  const label = block.labels[isTerraformJson(source.path) ? 1 : 0];
  return spanIn(source, label?.span ?? block.typeSpan);
}

/** ARNs whose partition is left to an expression. */
const LEFT_OPEN = /\barn:\$\{\s*([\w.[\]"]*partition[\w.[\]"]*)\s*\}:/g;

/** ARNs that name the usual one; one that names a region, too, is meant. */
const LITERAL = /\barn:aws:(?![\w-]*:[a-z]+-[a-z]+-\d)/g;

/** One finding for a policy, where the module shows that it is made for any partition: at least a third of its ARNs leave it open. */
function partitionProblems(files: readonly TerraformFile[], sites: readonly Site[]): readonly Problem[] {
  const open = files.flatMap(({ source }) => [...source.text.matchAll(LEFT_OPEN)]);
  const expression = open[0]?.[1];
  if (expression === undefined) return [];
  const literal = files.flatMap(({ source }) => [...source.text.matchAll(LITERAL)]);
  if (literal.length > 2 * open.length) return [];
  const paths = new Set(files.map(({ source }) => source.path));
  return sites.flatMap((site) => {
    const [first, ...more] = literalPartitions(site, paths);
    if (!first) return [];
    const others = more.length > 0 ? `, here and in ${more.length} more` : '';
    return [
      {
        id: 'literal-partition',
        span: first,
        message: `\`arn:aws:\` names the partition${others}, which other ARNs of this module leave to \`${expression}\``,
      },
    ];
  });
}

function literalPartitions(site: Site, paths: ReadonlySet<string>): readonly Span[] {
  const found: Span[] = [];
  walkValue(site.value, (value) => {
    const at = value.kind === 'text' ? value.text.flat.search(LITERAL) : -1;
    const span = value.kind === 'text' && at >= 0 ? spanOf(value.text, at, at + 'arn:aws:'.length) : undefined;
    if (
      span &&
      paths.has(span.source) &&
      !found.some(({ start, source }) => start === span.start && source === span.source)
    )
      found.push(span);
    return true;
  });
  return found;
}
