/** `aws_iam_policy_document` as the document that the provider renders, ignore comments, problems, reuse, and hostile text. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are HCL's interpolations
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { terraformHost } from '../server/src/hosts/terraform/terraform.ts';
import type { Source } from '../server/src/policy/module.ts';
import { drawModule, moduleOf, sliceOf, untrueSpans } from './terraform-model.ts';

const statement = (body: string) => `data "aws_iam_policy_document" "d" {\n  statement {\n${body}\n  }\n}\n`;
const stated = (body: string) => drawModule(moduleOf(statement(body))).split('\n  ')[1];

describe('statements', () => {
  test.each([
    [
      'sid = "A"\nactions = ["s3:*"]\nnot_resources = []\neffect = "Deny"',
      '{"Sid": "A", "Action": ["s3:*"], "Effect": "Deny"}',
    ],
    ['sid = ""\nactions = var.a ? ["x"] : null\neffect = var.e', '{"Action": ["x"]?, "Effect": "${var.e}"}'],
    [
      'not_actions = [var.a, 1]\nresources = var.r',
      '{"Effect": "Allow", "NotAction": ["${var.a}", "1"], "Resource": ${var.r}?}',
    ],
    [
      'resources = ["a/&{aws:username}", "b/$${aws:username}"]',
      '{"Effect": "Allow", "Resource": ["a/${aws:username}", "b/${aws:username}"]}',
    ],
    ['actions = ["&{x}"]', '{"Effect": "Allow", "Action": ["&{x}"]}'],
    ['principals {\ntype = "*"\nidentifiers = ["*"]\n}', '{"Effect": "Allow", "Principal": "*"}'],
    ['principals {\ntype = "AWS"\nidentifiers = ["*"]\n}', '{"Effect": "Allow", "Principal": {"AWS": ["*"]}}'],
    [
      'principals {\ntype = "*"\nidentifiers = ["*"]\n}\nprincipals {\ntype = "AWS"\nidentifiers = ["1"]\n}\nprincipals {\ntype = "AWS"\nidentifiers = var.a\n}',
      '{"Effect": "Allow", "Principal": {"*": ["*"], "AWS": ["1", …]}}',
    ],
    [
      'not_principals {\ntype = var.t\nidentifiers = [var.a]\n}',
      '{"Effect": "Allow", "NotPrincipal": {"${var.t}": ["${var.a}"]}}',
    ],
    [
      'dynamic "principals" {\nfor_each = var.p\ncontent {\ntype = "AWS"\nidentifiers = [principals.value]\n}\n}',
      '{"Effect": "Allow", "Principal": {"AWS": ["${principals.value}"]?, …}?}',
    ],
    [
      'condition {\ntest = "StringLike"\nvariable = "s3:prefix"\nvalues = ["&{aws:username}/*", ""]\n}\ncondition {\ntest = "StringLike"\nvariable = "a:b"\nvalues = [1]\n}',
      '{"Effect": "Allow", "Condition": {"StringLike": {"s3:prefix": ["${aws:username}/*", ""], "a:b": ["1"]}}}',
    ],
    [
      'condition {\ntest = "Bool"\nvariable = "a:b"\nvalues = ["x"]\n}\ncondition {\ntest = "Bool"\nvariable = "a:b"\nvalues = ["y"]\n}',
      '{"Effect": "Allow", "Condition": {"Bool": {"a:b": ["x"?, "y"?]}}}',
    ],
    [
      'condition {\ntest = "Bool"\n}',
      '{"Effect": "Allow", "Condition": {"Bool": {"${variable@PLACE}": ${missing@PLACE}}}}',
    ],
  ])('%s', (body, expected) => {
    expect(stated(body)?.replace(/@\d+/g, '@PLACE')).toBe(`{"Statement": [${expected}]}`);
    const { parts, lies } = untrueSpans(moduleOf(statement(body)));
    expect(lies).toEqual([]);
    expect(parts).toBeGreaterThan(1);
  });

  test('what is implied stands at the keyword, what is named at the name', () => {
    const module = moduleOf(statement('actions = ["s3:*"]'));
    const [site] = module.sites;
    const list = site?.value.kind === 'object' ? site.value.entries[0]?.value : undefined;
    const first = list?.kind === 'list' ? list.items[0]?.value : undefined;
    const entries = first?.kind === 'object' ? first.entries : [];
    expect(
      entries.map((entry) => [entry.key.flat, sliceOf(module, entry.keySpan), sliceOf(module, entry.span)]),
    ).toEqual([
      ['Effect', 'statement', 'statement'],
      ['Action', 'actions', 'actions = ["s3:*"]'],
    ]);
  });
});

describe('documents', () => {
  const draw = (text: string) => drawModule(moduleOf(text));
  const allow = 'statement {\nsid = "A"\nactions = ["a:b"]\n}';

  test.each([
    ['version = "2008-10-17"\npolicy_id = "x"', '{"Version": "2008-10-17", "Id": "x", "Statement": []}'],
    [
      `source_policy_documents = [var.d]\n${allow}`,
      '{"Statement": [{"Effect": "Allow", "Sid": "A", "Action": ["a:b"]}, …]}',
    ],
    [
      `override_policy_documents = [var.d]\n${allow}`,
      '{"Statement": [{"Effect": "Allow", "Sid": "A", "Action": ["a:b"]}?, …]}',
    ],
    [
      'dynamic "statement" {\nfor_each = var.s\ncontent {\nactions = statement.value\n}\n}',
      '{"Statement": [{"Effect": "Allow", "Action": ${statement.value}?}?, …]}',
    ],
  ])('%s', (body, expected) => {
    expect(draw(`data "aws_iam_policy_document" "d" {\n${body}\n}`)).toBe(
      `data.aws_iam_policy_document.d: by shape identity\n  ${expected}`,
    );
  });

  const use = (consumers: string) =>
    draw(`data "aws_iam_policy_document" "d" {}\n${consumers}`)
      .split('\n')[0]
      ?.replace('data.aws_iam_policy_document.d: ', '');
  const D = 'data.aws_iam_policy_document.d';

  test.each([
    [`resource "aws_kms_key" "k" { policy = ${D}.json }`, 'resource, aws_kms_key'],
    [`resource "aws_iam_role" "r" { assume_role_policy = one(${D}[*].minified_json) }`, 'trust, aws_iam_role'],
    [`resource "aws_vpc_endpoint" "e" { policy = "\${${D}[count.index].json}" }`, 'endpoint, aws_vpc_endpoint'],
    [`resource "aws_organizations_policy" "o" { content = ${D}.json }`, 'scp, aws_organizations_policy'],
    [
      `resource "aws_iam_role_policy" "a" { policy = ${D}.json }\nresource "aws_iam_user_policy" "b" { policy = ${D}.json }`,
      'identity',
    ],
    [
      `resource "aws_iam_role_policy" "a" { policy = ${D}.json }\nresource "aws_sqs_queue" "b" { policy = ${D}.json }`,
      'by shape identity',
    ],
    [`locals { d = ${D}.json }\nresource "aws_sqs_queue" "b" { policy = local.d }`, 'resource, aws_sqs_queue'],
    [
      `data "aws_iam_policy_document" "all" { source_policy_documents = [${D}.json] }\nresource "aws_sqs_queue" "b" { policy = data.aws_iam_policy_document.all.json }`,
      'resource, aws_sqs_queue',
    ],
    [
      `resource "aws_iam_policy" "limit" { policy = ${D}.json }\nresource "aws_iam_role" "r" { permissions_boundary = aws_iam_policy.limit.arn }`,
      'by shape identity, aws_iam_policy, hint boundary',
    ],
    [`module "m" { policy = ${D}.json }\noutput "o" { value = ${D}.json }`, 'by shape identity'],
  ])('%s', (consumers, expected) => {
    expect(use(consumers)).toBe(expected);
  });

  test('a folder hints at a kind', () => {
    expect(drawModule(moduleOf({ 'scp/main.tf': 'data "aws_iam_policy_document" "d" {}' }))).toContain('hint scp');
  });
});

describe('things, problems, ignores', () => {
  test('resources of AWS are things', () => {
    const module = moduleOf(
      'resource "aws_s3_bucket" "b" {}\nresource "null_resource" "n" {}\ndata "aws_region" "r" {}',
    );
    expect(module.things.map(({ id, type, name, span }) => [id, type, name, sliceOf(module, span)])).toEqual([
      ['aws_s3_bucket.b', 'aws_s3_bucket', 'b', 'resource "aws_s3_bucket" "b" {}'],
    ]);
  });

  test('syntax is reported inside of policies only', () => {
    expect(moduleOf('resource "x" "y" { a = }\nlocals { b = [1 2] }').problems).toEqual([]);
    expect(moduleOf(statement('actions = ["a:b" "c:d"]')).problems.map((problem) => problem.id)).toEqual(['syntax']);
    const json = moduleOf(
      'resource "aws_iam_policy" "p" {\n  policy = <<E\n{ "Statement": [ { "Effect" "Allow" } ] }\nE\n}',
    );
    expect(json.problems.length).toBeGreaterThan(0);
    expect(json.problems.every((problem) => problem.id === 'syntax' && sliceOf(json, problem.span) !== '')).toBe(true);
  });

  test('an unescaped policy variable keeps its letters, is reported, and can be escaped', () => {
    const text =
      'resource "aws_iam_policy" "p" {\n  policy = <<E\n{ "Statement": [{ "Resource": "a/${aws:username}" }] }\nE\n}';
    const module = moduleOf(text);
    expect(drawModule(module)).toBe(
      'aws_iam_policy.p.policy: identity, aws_iam_policy\n  {"Statement": [{"Resource": "a/${aws:username}"}]}\n' +
        "! unescaped-policy-variable: Terraform reads `${aws:username}` as its own expression and refuses it, since IAM's variable is written `$${aws:username}`",
    );
    const [fix] = module.problems[0]?.fixes?.() ?? [];
    expect(
      terraformHost.print(module, fix?.edits ?? [])?.map((edit) => [sliceOf(module, edit.span), edit.newText]),
    ).toEqual([['${aws:username}', '$${aws:username}']]);
  });

  const covered = (text: string) => {
    const module = moduleOf(text);
    return [
      ...module.directives.map((one) => `${one.rules.join()}|${one.reason}|${sliceOf(module, one.covers)}`),
      ...module.problems.map((problem) => problem.message),
    ];
  };

  test.each([
    ['# leastwise-ignore a, b: why: so\n\n// more\nresource "x" "y" {\n}\n', ['a,b|why: so|resource "x" "y" {\n}']],
    ['x {\n  a = 1 // leastwise-ignore r: why\n  b = 2\n}', ['r|why|a = 1']],
    ['x {\n  #leastwise-ignore r: why\n  s {\n}\n}', ['r|why|s {\n}']],
    [
      'x {\n  a = [\n    "b", # leastwise-ignore r: why\n    # leastwise-ignore q: y\n    "c"\n  ]\n}',
      ['r|why|"b"', 'q|y|"c"'],
    ],
    [
      '# leastwise-ignore r: why\na = <<E\n# leastwise-ignore not: this\nE\n',
      ['r|why|a = <<E\n# leastwise-ignore not: this\nE'],
    ],
    ['a = {\n  # leastwise-ignore r: why\n  b = [{ c = 1 }]\n}', ['r|why|b = [{ c = 1 }]']],
    ['# leastwise-ignore r\na = 1', ['the ignore of `r` gives no reason, so it hides nothing']],
    ['# leastwise-ignore: why\na = 1', ['this ignore names no rule']],
  ])('%j', (text, expected) => {
    expect(covered(text)).toEqual(expected);
  });
});

describe('reading again', () => {
  test('parses only what changed', () => {
    const files = { 'a.tf': statement('actions = local.a'), 'b.tf': 'locals { a = ["x"] }' };
    const before = moduleOf(files);
    const sources: readonly Source[] = [
      { path: 'a.tf', text: files['a.tf'] },
      { path: 'b.tf', text: 'locals { a = ["y"] }' },
    ];
    const after = terraformHost.read(sources, {}, before);
    expect(drawModule(after)).toContain('"Action": ["y"]');
    expect(after.directives).toEqual([]);
    const filesOf = (module: object): readonly unknown[] =>
      'files' in module && Array.isArray(module.files) ? module.files : [];
    expect(filesOf(after)[0]).toBe(filesOf(before)[0]);
    expect(filesOf(after)[1]).not.toBe(filesOf(before)[1]);
  });
});

describe('hostile text', () => {
  const RICH = `${statement('sid = "A"\nactions = concat(["s3:Get*"], var.more)\nresources = [aws_s3_bucket.b.arn, "${local.x}/&{aws:username}"]\nprincipals {\ntype = "AWS"\nidentifiers = ["*"]\n}\ncondition {\ntest = "Bool"\nvariable = "a:b"\nvalues = [true]\n}')}
locals { x = { y = [for a in var.b : "\${a}\\"" if a != null] } }
# leastwise-ignore r: why
resource "aws_iam_policy" "p" {
  policy = <<-E
    { "Statement": [ %{ if var.a ~} { "Effect": "\${var.on ? "Allow" : "Deny"}", "Action": "\${aws:x}" }, %{ endif } \${b} ] }
  E
}
resource "aws_iam_role" "r" { assume_role_policy = jsonencode({ Statement = merge({ a = "\${upper("x")}" }, var.c) }) }`;

  test('every prefix gives an answer with true spans', () => {
    let parts = 0;
    for (let end = 0; end <= RICH.length; end++) {
      const module = moduleOf(RICH.slice(0, end));
      const found = untrueSpans(module);
      expect(found.lies, RICH.slice(0, end)).toEqual([]);
      parts += found.parts;
    }
    expect(parts).toBeGreaterThan(10_000);
  });

  test('taking any stretch out gives an answer with true spans', () => {
    for (let start = 0; start < RICH.length; start += 3) {
      expect(untrueSpans(moduleOf(RICH.slice(0, start) + RICH.slice(start + 7))).lies).toEqual([]);
    }
  });

  test('deep and endless chains end', () => {
    const chain = Array.from({ length: 3000 }, (_, i) => `a${i} = local.a${i + 1}`).join('\n');
    expect(drawModule(moduleOf(`locals {\n${chain}\n}\n${statement('actions = local.a0')}`))).toContain('${local.a0}');
    expect(() => moduleOf(`${statement(`actions = ${'['.repeat(5000)}`)}`)).not.toThrow();
    const documents = Array.from(
      { length: 500 },
      (_, i) =>
        `data "aws_iam_policy_document" "d${i}" { source_policy_documents = [data.aws_iam_policy_document.d${i + 1}.json] }`,
    );
    expect(moduleOf(documents.join('\n')).sites).toHaveLength(500);
  });
});

const CORPUS = '../shared/corpus';

describe.skipIf(!existsSync(CORPUS))(`every .tf file of ${CORPUS} (skipped where that folder is missing)`, () => {
  test('reads without a lie', () => {
    const modules = new Map<string, Source[]>();
    for (const name of readdirSync(CORPUS, { recursive: true, encoding: 'utf8' }).sort()) {
      if (!name.endsWith('.tf')) continue;
      const source = { path: name.replaceAll('\\', '/'), text: readFileSync(join(CORPUS, name), 'utf8') };
      const folder = terraformHost.moduleOf(source.path);
      modules.set(folder, [...(modules.get(folder) ?? []), source]);
    }
    const counts = { sites: 0, parts: 0, files: new Set<string>() };
    for (const sources of modules.values()) {
      const module = terraformHost.read(sources, {});
      const { parts, lies } = untrueSpans(module);
      expect(lies).toEqual([]);
      counts.parts += parts;
      counts.sites += module.sites.length;
      for (const site of module.sites) counts.files.add(site.span.source);
    }
    expect(counts.files.size).toBeGreaterThan(400);
    expect(counts.sites).toBeGreaterThan(1100);
    expect(counts.parts).toBeGreaterThan(20_000);
  });
});
