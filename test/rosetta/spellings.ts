/** Spells one policy in every host, as a person lays it out. Knows no rules. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are marks of templates
import type { Source } from '../../server/src/policy/module.ts';
import type { Holder, Plain, PlainObject, Told } from './policies.ts';

/** A way to spell policies. */
export interface Spelling {
  readonly name: string;
  readonly spell: (told: Told) => Source;
}

/** All of them; the first is what the others are held against. */
export const SPELLINGS: readonly [Spelling, ...Spelling[]] = [
  { name: 'JSON', spell: ({ document }) => ({ path: 'policy.json', text: `${json(document, '')}\n` }) },
  { name: 'heredoc', spell: (told) => module(told, `<<EOF\n${hclLetters(json(told.document, ''))}\nEOF`) },
  { name: 'jsonencode', spell: (told) => module(told, `jsonencode(${expression(told.document, '  ')})`) },
  { name: 'aws_iam_policy_document', spell: documentModule },
  { name: 'CloudFormation YAML', spell: (told) => template(told, `\n${blockOf(told.document, STEPS)}`) },
  { name: 'CloudFormation JSON', spell: jsonTemplate },
  { name: 'CloudFormation YAML, JSON in Fn::Sub', spell: (told) => template(told, ` !Sub |\n${inSub(told)}`) },
  { name: 'CloudFormation YAML, flow', spell: (told) => template(told, ` ${json(told.document, STEPS)}`) },
];

/** The indentation of what stands in a property. */
const STEPS = ' '.repeat(8);

function json(plain: Plain, indent: string): string {
  return JSON.stringify(plain, null, 2).replaceAll('\n', `\n${indent}`);
}

function isList(plain: Plain): plain is readonly Plain[] {
  return Array.isArray(plain);
}

function listed(plain: Plain): readonly Plain[] {
  return isList(plain) ? plain : [plain];
}

/** A resource of Terraform: its type, other arguments, and the one that holds the policy. */
const TERRAFORM: Readonly<Record<Holder, readonly [type: string, before: string, argument: string]>> = {
  managed: ['aws_iam_policy', 'name = "p"', 'policy'],
  role: ['aws_iam_role', 'name = "r"', 'assume_role_policy'],
  bucket: ['aws_s3_bucket_policy', 'bucket = "labels-111122223333"', 'policy'],
  topic: ['aws_sns_topic_policy', 'arn = "arn:aws:sns:eu-central-1:111122223333:new-labels"', 'policy'],
  queue: ['aws_sqs_queue_policy', 'queue_url = "https://example.com/in"', 'policy'],
  key: ['aws_kms_key', 'description = "labels"', 'policy'],
  endpoint: ['aws_vpc_endpoint', 'service_name = "com.amazonaws.eu-central-1.s3"', 'policy'],
  organization: ['aws_organizations_policy', 'name = "s"', 'content'],
};

function module({ holder }: Told, policy: string): Source {
  const [type, before, argument] = TERRAFORM[holder];
  return { path: 'main.tf', text: `resource "${type}" "this" {\n  ${before}\n  ${argument} = ${policy}\n}\n` };
}

function hclLetters(text: string): string {
  return text.replace(/[$%](?=\{)/g, '$&$&');
}

function quoted(text: string): string {
  return hclLetters(JSON.stringify(text));
}

/** An expression of HCL: a member on each line, keys bare where they may be. */
function expression(plain: Plain, indent: string): string {
  if (typeof plain === 'string') return quoted(plain);
  if (typeof plain !== 'object') return String(plain);
  const further = `${indent}  `;
  if (isList(plain)) {
    if (plain.every((item) => typeof item !== 'object'))
      return `[${plain.map((item) => expression(item, further)).join(', ')}]`;
    return `[\n${plain.map((item) => `${further}${expression(item, further)},\n`).join('')}${indent}]`;
  }
  const entries = Object.entries(plain).map(([key, value]) => {
    const name = /^[A-Za-z]\w*$/.test(key) ? key : quoted(key);
    return `${further}${name} = ${expression(value, further)}\n`;
  });
  return `{\n${entries.join('')}${indent}}`;
}

function documentModule(told: Told): Source {
  const { Statement, ...rest } = told.document;
  const statements = listed(Statement ?? []).map((one) => (typeof one === 'object' && !isList(one) ? block(one) : ''));
  const own = module(told, 'data.aws_iam_policy_document.this.json');
  const version = rest.Version === '2012-10-17' ? '' : `  version = ${quoted(String(rest.Version))}\n\n`;
  const data = `data "aws_iam_policy_document" "this" {\n${version}${statements.join('\n')}}\n`;
  return { ...own, text: `${data}\n${own.text}` };
}

const ARGUMENTS: Readonly<Record<string, string>> = {
  Sid: 'sid',
  Effect: 'effect',
  Action: 'actions',
  NotAction: 'not_actions',
  Resource: 'resources',
  NotResource: 'not_resources',
};

/** A statement as a block; `Allow` is what it says without words. */
function block(statement: PlainObject): string {
  const lines: string[] = ['  statement {'];
  for (const [key, value] of Object.entries(statement)) {
    const argument = ARGUMENTS[key];
    if (key === 'Effect' && value === 'Allow') continue;
    if (key === 'Condition') lines.push(...conditions(value));
    else if (key === 'Principal' || key === 'NotPrincipal') lines.push(...principals(key, value));
    else if (argument?.endsWith('s'))
      lines.push(`    ${argument} = ${withMarks(key, expression(listed(value), '    '))}`);
    else lines.push(`    ${argument ?? key} = ${expression(value, '    ')}`);
  }
  return `${[...lines, '  }'].join('\n')}\n`;
}

/** What the provider reads as a variable of IAM in resources and values. */
function withMarks(key: string, text: string): string {
  return key.endsWith('Resource') || key === 'values' ? text.replaceAll('$${', '&{') : text;
}

function principals(key: string, value: Plain): readonly string[] {
  const name = key === 'Principal' ? 'principals' : 'not_principals';
  const byType = typeof value === 'object' && !isList(value) ? Object.entries(value) : [['*', value] as const];
  return byType.flatMap(([type, identifiers]) => [
    `    ${name} {`,
    `      type        = ${quoted(type)}`,
    `      identifiers = ${expression(listed(identifiers), '      ')}`,
    '    }',
  ]);
}

function conditions(value: Plain): readonly string[] {
  const operators = typeof value === 'object' && !isList(value) ? Object.entries(value) : [];
  return operators.flatMap(([operator, tests]) =>
    (typeof tests === 'object' && !isList(tests) ? Object.entries(tests) : []).flatMap(([key, values]) => [
      '    condition {',
      `      test     = ${quoted(operator)}`,
      `      variable = ${quoted(key)}`,
      `      values   = ${withMarks('values', expression(listed(values).map(String), '      '))}`,
      '    }',
    ]),
  );
}

/** A resource of CloudFormation: its type, other properties, and the one that holds the policy. */
const CLOUDFORMATION: Readonly<Record<Holder, readonly [type: string, before: PlainObject, property: string]>> = {
  managed: ['AWS::IAM::ManagedPolicy', {}, 'PolicyDocument'],
  role: ['AWS::IAM::Role', { RoleName: 'r' }, 'AssumeRolePolicyDocument'],
  bucket: ['AWS::S3::BucketPolicy', { Bucket: 'labels-111122223333' }, 'PolicyDocument'],
  topic: ['AWS::SNS::TopicPolicy', {}, 'PolicyDocument'],
  queue: ['AWS::SQS::QueuePolicy', {}, 'PolicyDocument'],
  key: ['AWS::KMS::Key', { Description: 'labels' }, 'KeyPolicy'],
  endpoint: ['AWS::EC2::VPCEndpoint', { VpcId: 'vpc-1' }, 'PolicyDocument'],
  organization: ['AWS::Organizations::Policy', { Name: 's', Type: 'SERVICE_CONTROL_POLICY' }, 'Content'],
};

function template({ holder }: Told, policy: string): Source {
  const [type, before, property] = CLOUDFORMATION[holder];
  const lines = ['Resources:', '  This:', `    Type: ${type}`, '    Properties:'];
  for (const [key, value] of Object.entries(before)) lines.push(`      ${key}: ${scalar(value)}`);
  return { path: 'template.yaml', text: `${[...lines, `      ${property}:${policy}`].join('\n')}\n` };
}

function jsonTemplate({ holder, document }: Told): Source {
  const [type, before, property] = CLOUDFORMATION[holder];
  const properties = { ...before, [property]: document };
  return { path: 'template.json', text: json({ Resources: { This: { Type: type, Properties: properties } } }, '') };
}

function inSub({ document }: Told): string {
  return STEPS + json(document, STEPS).replaceAll('${', '${!');
}

/** A block of YAML: plain where it may be, quoted elsewhere, the Version as everybody writes it. */
function blockOf(plain: Plain, indent: string): string {
  if (typeof plain !== 'object') return `${indent}${scalar(plain)}`;
  if (isList(plain)) return plain.map((item) => `${indent}- ${blockOf(item, `${indent}  `).trimStart()}`).join('\n');
  return Object.entries(plain)
    .map(([key, value]) => {
      const name = `${indent}${scalar(key)}:`;
      if (typeof value !== 'object') return `${name} ${scalar(value)}`;
      return `${name}\n${blockOf(value, `${indent}  `)}`;
    })
    .join('\n');
}

function scalar(plain: Plain): string {
  if (typeof plain !== 'string') return String(plain);
  return /^[A-Za-z][\w:/.-]*$/.test(plain) || plain === '2012-10-17' ? plain : JSON.stringify(plain);
}
