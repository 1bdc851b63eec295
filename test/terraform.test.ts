/** The Terraform host: text in, policies out, with kinds, places and what cannot be known. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are HCL's interpolations
import { describe, expect, test } from 'vitest';
import { readers } from '../server/src/policy/module.ts';
import { readPolicy } from '../server/src/policy/read.ts';
import { walkValue } from '../server/src/value/value.ts';
import { drawModule, moduleOf, sliceOf, untrueSpans } from './terraform-model.ts';

/** A managed policy around an expression. */
const policy = (expression: string) => `resource "aws_iam_policy" "p" {\n  policy = ${expression}\n}\n`;
/** What a managed policy around an expression draws as, without its first line. */
const drawn = (expression: string, rest = '') => drawModule(moduleOf(policy(expression) + rest)).split('\n  ')[1];
/** A document in blocks with one statement. */
const statement = (body: string) => `data "aws_iam_policy_document" "d" {\n  statement {\n${body}\n  }\n}\n`;
const WORKED: Readonly<Record<string, string>> = {
  'a hole as an item, in a heredoc': policy(`<<EOT
{ "Version": "2012-10-17", "Statement": [{ "Effect": "Allow", "Action": ["s3:Get*"],
  "Resource": [ \${join(",", var.arns)} ], "Condition": { "StringEquals": { "\${var.key}": "x", \${var.more} } } }] }
EOT`),
  'a loop with a trailing comma, in a heredoc': policy(`<<-EOT
    { "Statement": [
      %{ for arn in var.arns ~}
      { "Effect": "Allow", "Action": "s3:Get*", "Resource": "\${arn}/*" },
      %{ endfor ~}
    ] }
  EOT`),
  'known and open': statement('actions = concat(["s3:Get*"], var.more)\n resources = ["*"]'),
  'a choice': policy(
    'jsonencode({ Statement = [{ Effect = var.on ? "Allow" : "Deny", Action = "s3:*", Resource = "*" }] })',
  ),
  'a list for two': `locals { actions = ["s3:Get*", "s3:List*"] }\n${statement('actions = local.actions\n resources = ["*"]')}${policy(
    'jsonencode({ Statement = { Effect = "Allow", Action = local.actions, Resource = "*" } })',
  )}`,
  'references and letters': statement(
    'actions = ["s3:*"]\n resources = [aws_s3_bucket.a.arn, "${aws_s3_bucket.a.arn}/*"]',
  ),
};

const DRAWN: Readonly<Record<string, string>> = {
  'a hole as an item, in a heredoc':
    'aws_iam_policy.p.policy: identity, aws_iam_policy\n  {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["s3:Get*"], "Resource": […], "Condition": {"StringEquals": {"${var.key}": "x", …}}}]}',
  'a loop with a trailing comma, in a heredoc':
    'aws_iam_policy.p.policy: identity, aws_iam_policy\n  {"Statement": [{"Effect": "Allow", "Action": "s3:Get*", "Resource": "${arn}/*"}?, …]}',
  'known and open':
    'data.aws_iam_policy_document.d: by shape identity\n  {"Statement": [{"Effect": "Allow", "Action": ["s3:Get*", …], "Resource": ["*"]}]}',
  'a choice':
    'aws_iam_policy.p.policy: identity, aws_iam_policy\n  {"Statement": [{"Effect": "Allow" | "Deny", "Action": "s3:*", "Resource": "*"}]}',
  'a list for two':
    'data.aws_iam_policy_document.d: by shape identity\n  {"Statement": [{"Effect": "Allow", "Action": ["s3:Get*", "s3:List*"], "Resource": ["*"]}]}\n' +
    'aws_iam_policy.p.policy: identity, aws_iam_policy\n  {"Statement": {"Effect": "Allow", "Action": ["s3:Get*", "s3:List*"], "Resource": "*"}}',
  'references and letters':
    'data.aws_iam_policy_document.d: by shape identity\n  {"Statement": [{"Effect": "Allow", "Action": ["s3:*"], "Resource": ["${aws_s3_bucket.a.arn}", "${aws_s3_bucket.a.arn}/*"]}]}',
};

describe('worked examples of the model', () => {
  test.each(Object.keys(WORKED))('%s', (name) => {
    const module = moduleOf(WORKED[name] ?? '');
    expect(drawModule(module).replace(/"\?(?=[,}])/g, '"')).toBe(DRAWN[name]);
    const { parts, lies } = untrueSpans(module);
    expect(lies).toEqual([]);
    expect(parts).toBeGreaterThan(5);
  });

  test('both documents read the one list', () => {
    const module = moduleOf(WORKED['a list for two'] ?? '');
    const policies = module.sites.map((site) => readPolicy(site));
    const items = policies.map((found) => found?.statements[0]?.action?.items[0]);
    expect(items[0]?.span).toEqual(items[1]?.span);
    const span = items[0]?.span ?? { source: '', start: 0, end: 0 };
    expect(sliceOf(module, span)).toBe('s3:Get*');
    expect(readers(module, span).map((site) => site.address)).toEqual([
      'data.aws_iam_policy_document.d',
      'aws_iam_policy.p.policy',
    ]);
  });
});

describe('expressions', () => {
  const action = (expression: string, rest = '') =>
    drawn(`jsonencode({ Statement = [{ Action = ${expression} }] })`, rest)?.slice(
      `{"Statement": [{"Action": `.length,
      -`}]}`.length,
    );

  test.each([
    ['[["a"], "b"]', '[["a"], "b"]'],
    ['concat(["a"], ["b"])', '["a", "b"]'],
    ['concat(["a"], var.on ? ["b"] : [])', '["a", "b"?]'],
    ['flatten([["a"], var.b])', '["a", …]'],
    ['compact(["a", "", null, var.b])', '["a", ${var.b}?]'],
    ['distinct(toset(["a"]))', '["a"]'],
    ['[for a in var.as : "s3:${a}"]', '["s3:${a}"?, …]'],
    ['{ for a in var.as : a => 1 }', '${{ for a in var.as : a => 1 }}'],
    ['merge({ a = 1 }, { b = "c" })', '{"a": 1, "b": "c"}'],
    ['merge({ a = 1 }, var.b)', '{"a": 1?, …}'],
    ['var.on ? "a" : var.two ? "b" : null', '"a" | "b" | null'],
    ['true ? "a" : "b"', '"a"'],
    ['format("s3:%s", var.a)', '"s3:${var.a}"'],
    ['"${var.a}"', '${var.a}'],
    ['"${ var.a\n}:${1 + 1}"', '"${var.a}:${1 + 1}"'],
    ['"a%{ if var.b }b%{ else }c%{ endif }d"', '"a${%{ if var.b }b%{ else }c%{ endif }}d"'],
    ['"\\"\\u0041$${aws:username}%%{"', '"\\"A${aws:username}%{"'],
    ['-1.50', '-1.50'],
    ['local.a', '"s3:Get*"', 'locals { a = "s3:Get*" }'],
    ['"${local.a}/${local.n}"', '"s3/5"', 'locals {\n a = "s3"\n n = 5\n}'],
    ['local.a["b"].c[1]', '"y"', 'locals { a = { b = { c = ["x", "y"] } } }'],
    ['local.a', '${local.a}', 'locals { a = "x" }\nlocals { a = "y" }'],
    ['local.a', '${local.a}', 'locals {\n a = local.b\n b = local.a\n}'],
    ['[local.a]', '[["${var.b}/x"]]', 'locals { a = ["${var.b}/x"] }'],
    ['var.a', '"${var.a}"', 'variable "a" { type = string }'],
    ['var.arn', '${var.arn}', 'variable "arn" { type = list(string) }'],
    ['module.a[0].role_arn', '"${module.a[0].role_arn}"'],
    ['aws_iam_role.a[*].arn', '${aws_iam_role.a[*].arn}'],
  ])('%s', (expression, expected, rest = '') => {
    expect(action(expression, rest)).toBe(expected);
  });

  test('equal expressions have equal symbols, whatever the blanks', () => {
    const module = moduleOf(statement('resources = ["${ var.b }/a", "${var.b}/b"]'));
    const symbols: (string | undefined)[] = [];
    for (const site of module.sites) {
      walkValue(site.value, (value) => {
        if (value.kind === 'text') symbols.push(...value.text.parts.flatMap((part) => part.symbol ?? []));
        return true;
      });
    }
    expect(symbols).toEqual(['var.b', 'var.b']);
  });

  test('locals that double on each level stay small', () => {
    const levels = Array.from({ length: 60 }, (_, i) => `a${i} = [local.a${i + 1}, local.a${i + 1}]`);
    const module = moduleOf(
      `${policy('jsonencode({ Statement = local.a0 })')}locals {\n${levels.join('\n')}\na60 = ["x"]\n}`,
    );
    let nodes = 0;
    for (const site of module.sites) {
      walkValue(site.value, () => {
        nodes++;
        return true;
      });
    }
    expect(nodes).toBeGreaterThan(1);
    expect(nodes).toBeLessThan(200_000);
  });
});

describe('where policies stand', () => {
  test.each([
    [
      'jsonencode in a string',
      policy('"${jsonencode({ Statement = [] })}"'),
      'aws_iam_policy.p.policy: identity, aws_iam_policy\n  {"Statement": []}',
    ],
    [
      'JSON in a string',
      policy('"{\\"Statement\\": [{\\"Effect\\": \\"Allow\\", \\"Resource\\": \\"${var.a}/$${aws:username}\\"}]}"'),
      'aws_iam_policy.p.policy: identity, aws_iam_policy\n  {"Statement": [{"Effect": "Allow", "Resource": "${var.a}/${aws:username}"}]}',
    ],
    [
      'a local',
      `${policy('jsonencode(local.doc)')}locals { doc = { Statement = [] } }`,
      'aws_iam_policy.p.policy: identity, aws_iam_policy\n  {"Statement": []}',
    ],
    [
      'two branches',
      policy('var.on ? jsonencode({ Statement = ["a"] }) : <<E\n{ "Statement": [] }\nE\n'),
      'aws_iam_policy.p.policy: identity, aws_iam_policy\n  {"Statement": ["a"]}\naws_iam_policy.p.policy: identity, aws_iam_policy\n  {"Statement": []}',
    ],
    [
      'a nested block',
      'resource "aws_iam_role" "r" {\n dynamic "inline_policy" {\n content {\n policy = jsonencode({ Statement = [] })\n}\n}\n}',
      'aws_iam_role.r.inline_policy.policy: identity, aws_iam_role\n  {"Statement": []}\n! deprecated-inline-policy: `inline_policy` is deprecated and takes every other inline policy away from the role',
    ],
    [
      'a service control policy',
      'resource "aws_organizations_policy" "o" { content = jsonencode({ Statement = [] }) }',
      'aws_organizations_policy.o.content: scp, aws_organizations_policy\n  {"Statement": []}',
    ],
    [
      'a resource control policy',
      'resource "aws_organizations_policy" "o" {\n type = "RESOURCE_CONTROL_POLICY"\n content = jsonencode({ Statement = [] })\n}',
      'aws_organizations_policy.o.content: rcp, aws_organizations_policy\n  {"Statement": []}',
    ],
    [
      'a boundary by use',
      `${policy('jsonencode({ Statement = [] })')}resource "aws_iam_role" "r" { permissions_boundary = aws_iam_policy.p.arn }`,
      'aws_iam_policy.p.policy: by shape identity, aws_iam_policy, hint boundary\n  {"Statement": []}',
    ],
    [
      'by shape',
      'module "m" {\n policies = { a = [jsonencode({ Statement = [{ Effect = "Allow", Action = "s3:*" }] })] }\n}',
      'module.m.policies.a[0]: by shape identity\n  {"Statement": [{"Effect": "Allow", "Action": "s3:*"}]}',
    ],
    [
      'by shape, in a local',
      'locals { a = { b = { Statement = { Effect = "Alow", Action = "sts:AssumeRole", Principal = "*" } } } }',
      'local.a.b: by shape trust\n  {"Statement": {"Effect": "Alow", "Action": "sts:AssumeRole", "Principal": "*"}}',
    ],
    [
      'not IAM',
      'resource "aws_cloudformation_stack" "s" { policy_body = jsonencode({ Statement = [{ Effect = "Deny", Action = "Update:*", Principal = "*" }] }) }\nlocals { a = { Statement = "x" } }\nresource "aws_organizations_policy" "o" {\n type = "TAG_POLICY"\n content = jsonencode({ Statement = [{ Effect = "Allow", Action = "a:b" }] })\n}',
      '',
    ],
    ['elsewhere', policy('file("p.json")'), ''],
  ])('%s', (_, text, expected) => {
    expect(drawModule(moduleOf(text))).toBe(expected);
    expect(untrueSpans(moduleOf(text)).lies).toEqual([]);
  });

  test('one document of two owners is one site without a kind', () => {
    const module = moduleOf({
      'a.tf': `${policy('local.doc')}resource "aws_sqs_queue_policy" "q" { policy = local.doc }`,
      'b.tf': 'locals { doc = jsonencode({ Statement = [] }) }',
    });
    expect(drawModule(module)).toBe('aws_iam_policy.p.policy: by shape identity\n  {"Statement": []}');
    expect(module.sites[0]?.span.source).toBe('b.tf');
  });
});
