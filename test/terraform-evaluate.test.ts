/** What the Terraform host finds out about expressions, loops, references and merged documents: text in, policies out. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are HCL's interpolations
import { describe, expect, test } from 'vitest';
import table from '../server/data/terraform-arns.json' with { type: 'json' };
import { ARNS_DATE } from '../server/src/hosts/terraform/attributes.ts';
import { readers } from '../server/src/policy/module.ts';
import { readPolicy } from '../server/src/policy/read.ts';
import { canonicalText, spanOf } from '../server/src/text/text.ts';
import { analyzeAll } from './context.ts';
import { drawModule, moduleOf, sliceOf, untrueSpans } from './terraform-model.ts';

const policy = (expression: string) => `resource "aws_iam_policy" "p" {\n  policy = ${expression}\n}\n`;
const document = (body: string, name = 'd') => `data "aws_iam_policy_document" "${name}" {\n${body}\n}\n`;
const statement = (body: string) => document(`  statement {\n${body}\n  }`);
const drawn = (text: string | Record<string, string>) => drawModule(moduleOf(text)).split('\n  ')[1];

/** What an expression as the value of `Action` draws as. */
const worth = (expression: string, rest = '') =>
  drawn(policy(`jsonencode({ Statement = [{ Action = ${expression} }] })`) + rest)?.slice(26, -3);

/** The resources of the first statement, as what is known of them. */
const resources = (text: string) => {
  const [site] = moduleOf(text).sites;
  const items = (site && readPolicy(site)?.statements[0]?.resource?.items) ?? [];
  return items.map((item) => canonicalText(item.text).replaceAll('\0', ''));
};

describe('functions', () => {
  test.each([
    ['format("s3:%s", "Get*")', '"s3:Get*"'],
    ['format("%s:%s%%", var.a, 5)', '"${var.a}:5%"'],
    ['format("%q", "a")', JSON.stringify('${format("%q", "a")}')],
    ['formatlist("s3:%s", ["Get*", var.b])', '["s3:Get*", "s3:${var.b}"]'],
    ['join(":", ["s3", "Get*"])', '"s3:Get*"'],
    ['join(",", var.xs)', '"${join(",", var.xs)}"'.replaceAll('",', '\\",').replace('(",', '(\\",')],
    ['split(",", "s3:Get*,s3:List*")', '["s3:Get*", "s3:List*"]'],
    ['replace("s3-Get*", "-", ":")', '"s3:Get*"'],
    ['lower("S3:GET")', '"s3:get"'],
    ['upper("s3")', '"S3"'],
    ['trimprefix("x-s3:*", "x-")', '"s3:*"'],
    ['trimsuffix("${var.a}/", "/")', '"${var.a}"'],
    ['trimspace(" a ")', '"a"'],
    ['distinct(["a", "b", "a", var.c, var.c])', '["a", "b", ${var.c}, ${var.c}]'],
    ['toset(["${var.a}x", "${var.a}x"])', '["${var.a}x"]'],
    ['keys({ a = 1, b = 2 })', '["a", "b"]'],
    ['values({ a = "x", b = "y" })', '["x", "y"]'],
    ['lookup({ a = "x" }, "a", "z")', '"x"'],
    ['lookup({ a = "x" }, "b", "z")', '"z"'],
    [
      'lookup(var.m, "b", "z")',
      JSON.stringify('lookup(var.m, "b", "z")')
        .replace(/^"(.*)"$/, '${$1}')
        .replaceAll('\\', ''),
    ],
    ['element(["a", "b"], 3)', '"b"'],
    ['coalesce(null, "", "a")', '"a"'],
    ['try("a", "b")', '"a"'],
    ['length(["a"]) > 0 ? "yes" : "no"', '"yes"'],
    ['contains(["a"], "b") || false ? "yes" : "no"', '"no"'],
    ['!(1 == 1) ? "yes" : "no"', '"no"'],
    ['var.a == "x" ? "yes" : "no"', '"yes" | "no"'],
    ['merge([{ a = 1 }, { b = 2 }]...)', '{"a": 1, "b": 2}'],
    ['concat([["a"], ["b"]]...)', '["a", "b"]'],
    ['jsondecode("[1]")', '${jsondecode("[1]")}'],
    ['jsondecode("{\\"a\\": [\\"x\\"]}").a', '["x"]'],
    ['jsondecode(jsonencode(["x"]))', '["x"]'],
    ['[{ n = "a" }, { n = "b" }][*].n', '["a", "b"]'],
    ['file("x.json")', JSON.stringify('${file("x.json")}')],
  ])('%s', (expression, expected) => {
    expect(worth(expression)).toBe(expected);
    expect(untrueSpans(moduleOf(policy(`jsonencode({ Statement = [{ Action = ${expression} }] })`))).lies).toEqual([]);
  });

  test('what may fail or be empty is no certain first choice', () => {
    expect(worth('try("${var.a.b}:*", "s3:*")')).toBe('${try("${var.a.b}:*", "s3:*")}');
    expect(worth('coalesce(var.a, "s3:*")')).toBe('${coalesce(var.a, "s3:*")}');
  });

  test('letters that are only moved keep their places', () => {
    const module = moduleOf(statement('actions = [format("s3:%s*", "Get"), split(",", "a:b,c:d")[1]]'));
    const [site] = module.sites;
    const items = (site && readPolicy(site)?.statements[0]?.action?.items) ?? [];
    const places = items.map(({ text }) => sliceOf(module, spanOf(text) ?? { source: '', start: 0, end: 0 }));
    expect(places).toEqual(['s3:%s*', 'c:d']);
  });

  test('JSON of a known list within JSON', () => {
    const text = policy('<<E\n{ "Statement": [{ "Action": ${jsonencode(concat(local.a, [var.b]))} }] }\nE\n');
    expect(drawn(`${text}locals { a = ["s3:Get*"] }`)).toBe('{"Statement": [{"Action": ["s3:Get*", …]}]}');
  });
});

describe('loops', () => {
  test.each([
    ['[for a in ["Get*", "List*"] : "s3:${a}"]', '["s3:Get*", "s3:List*"]'],
    ['[for i, a in ["x", "y"] : "${a}${i}" if i != 0]', '["y1"]'],
    ['[for k, v in { a = "x" } : "${k}:${v}"]', '["a:x"]'],
    ['[for a in ["x", var.b] : "s3:${a}"]', '["s3:x", "s3:${var.b}"]'],
    ['[for a in ["x", "y"] : a if a != var.b]', '["x"?, "y"?]'],
    ['[for a in concat(["x"], var.more) : "s3:${a}"]', '["s3:x", …]'],
    ['[for a in [] : a]', '[]'],
    ['{ for a in ["x"] : "k-${a}" => a }', '{"k-x": "x"}'],
    [
      '[for b in [aws_s3_bucket.x, aws_s3_bucket.y] : "${b.arn}/*"]',
      '["${aws_s3_bucket.x.arn}/*", "${aws_s3_bucket.y.arn}/*"]',
    ],
    ['[for a in ["x", "y"] : "${f(a)}"]', '[${f(a) where a = "x"}, ${f(a) where a = "y"}]'],
  ])('%s', (expression, expected) => {
    expect(worth(expression)).toBe(expected);
  });

  const dynamic = (collection: string, content: string, more = '') =>
    drawn(document(`dynamic "statement" {\nfor_each = ${collection}\n${more}\ncontent {\n${content}\n}\n}`));

  test('a dynamic block stands for one statement an element', () => {
    expect(dynamic('{ a = "s3:Get*", b = "s3:List*" }', 'sid = statement.key\nactions = [statement.value]')).toBe(
      '{"Statement": [{"Effect": "Allow", "Sid": "a", "Action": ["s3:Get*"]}, {"Effect": "Allow", "Sid": "b", "Action": ["s3:List*"]}]}',
    );
    expect(dynamic('toset(["x"])', 'sid = s.key\nactions = [s.value]', 'iterator = s')).toBe(
      '{"Statement": [{"Effect": "Allow", "Sid": "x", "Action": ["x"]}]}',
    );
    expect(dynamic('["x"]', 'actions = ["a:${statement.key}"]')).toBe(
      '{"Statement": [{"Effect": "Allow", "Action": ["a:0"]}]}',
    );
    expect(dynamic('[]', 'actions = ["a:b"]')).toBe('{"Statement": []}');
  });

  test('one that may be there hides nothing else', () => {
    expect(dynamic('var.on ? ["x"] : []', 'actions = ["a:b"]')).toBe(
      '{"Statement": [{"Effect": "Allow", "Action": ["a:b"]}?]}',
    );
    expect(dynamic('var.xs', 'actions = ["a:b"]')).toBe('{"Statement": [{"Effect": "Allow", "Action": ["a:b"]}?, …]}');
  });

  test('`each` is the one element, or one of a few', () => {
    const each = (collection: string) =>
      drawn(document(`for_each = ${collection}\nstatement {\nactions = ["s3:*"]\nresources = [each.value]\n}`));
    expect(each('{ a = "arn:aws:s3:::x" }')).toContain('"Resource": ["arn:aws:s3:::x"]');
    expect(each('toset(["arn:aws:s3:::x", "arn:aws:s3:::y"])')).toContain('"arn:aws:s3:::x" | "arn:aws:s3:::y"');
    expect(each('var.xs')).toContain('"Resource": ["${each.value}"]');
  });

  test('no edit takes away one of several that one text stands for', () => {
    const text = statement('actions = [for a in ["GetObject", "GetObjct"] : "s3:${a}"]\nresources = ["*"]');
    const analysis = analyzeAll([{ path: 'main.tf', text }]);
    const wrong = analysis.findings.find(({ rule }) => rule === 'unknown-action');
    expect(wrong?.message).toContain('s3:GetObjct');
    const [module] = analysis.modules;
    const printed = wrong?.fixes?.().map((fix) => module?.host.print(module.module, fix.edits));
    expect(printed?.every((edits) => edits === undefined)).toBe(true);
  });
});

describe('references', () => {
  const bucket = (body: string) => `resource "aws_s3_bucket" "b" {\n${body}\n}\n`;
  const arns = (item: string, rest: string) => resources(`${statement(`resources = [${item}]`)}${rest}`)[0];
  const P = '<aws_provider.partition>';
  const [R, A] = ['<aws_provider.region>', '<aws_provider.account_id>'];

  test.each([
    ['aws_s3_bucket.b.arn', bucket('bucket = "x"'), `arn:${P}:s3:::x`],
    ['"${aws_s3_bucket.b.arn}/*"', bucket('bucket = "x-${var.stage}"'), `arn:${P}:s3:::x-<var.stage>/*`],
    ['aws_s3_bucket.b.arn', bucket('bucket_prefix = "x"'), `arn:${P}:s3:::<aws_s3_bucket.b.bucket>`],
    ['"arn:aws:s3:::${aws_s3_bucket.b.id}/*"', `${bucket('bucket = local.n')}locals { n = "x" }`, 'arn:aws:s3:::x/*'],
    ['local.b.arn', `${bucket('bucket = "x"')}locals { b = aws_s3_bucket.b }`, `arn:${P}:s3:::x`],
    [
      'aws_s3_bucket.b[0].arn',
      bucket('count = 2\nbucket = "x-${count.index}"'),
      `arn:${P}:s3:::<aws_s3_bucket.b.0.bucket>`,
    ],
    ['aws_s3_bucket.b["k"].arn', bucket('for_each = var.m\nbucket = "x"'), `arn:${P}:s3:::x`],
    ['aws_s3_bucket.b.arn', bucket('provider = aws.west\nbucket = "x"'), 'arn:<aws_provider.west.partition>:s3:::x'],
    ['aws_s3_bucket.other.arn', bucket('bucket = "x"'), '<aws_s3_bucket.other.arn>'],
    ['aws_s3_bucket.b.arn', bucket('bucket = aws_s3_bucket.b.id'), `arn:${P}:s3:::<aws_s3_bucket.b.bucket>`],
    ['aws_sqs_queue.q.arn', 'resource "aws_sqs_queue" "q" { name = "x" }', `arn:${P}:sqs:${R}:${A}:x`],
    ['aws_iam_role.r.arn', 'resource "aws_iam_role" "r" { name = "x" }', `arn:${P}:iam::${A}:role/x`],
    ['aws_iam_role.r.arn', 'resource "aws_iam_role" "r" {\nname = "x"\npath = "/p/"\n}', `arn:${P}:iam::${A}:role/p/x`],
    [
      'data.aws_iam_role.r.arn',
      'data "aws_iam_role" "r" { name = "x" }',
      `arn:${P}:iam::<data.aws_iam_role.r.account_id>:role<data.aws_iam_role.r.path><data.aws_iam_role.r.name>`,
    ],
    [
      '"arn:aws:sqs:${data.aws_region.c.name}:${data.aws_caller_identity.c.account_id}:q"',
      'data "aws_region" "c" {}\ndata "aws_caller_identity" "c" {}',
      `arn:aws:sqs:${R}:${A}:q`,
    ],
    [
      '"arn:aws:sqs:${data.aws_region.c.name}::q"',
      'data "aws_region" "c" { name = var.r }',
      'arn:aws:sqs:<data.aws_region.c.name>::q',
    ],
  ])('%s with %s', (item, rest, expected) => {
    expect(arns(item, rest)).toBe(expected);
    expect(untrueSpans(moduleOf(`${statement(`resources = [${item}]`)}${rest}`)).lies).toEqual([]);
  });

  test('people read the reference, not what is known of it', () => {
    expect(drawn(`${statement('resources = ["${aws_s3_bucket.b.arn}/*"]')}${bucket('bucket = var.n')}`)).toContain(
      '"Resource": ["${aws_s3_bucket.b.arn}/*"]',
    );
  });

  test('the table has a day, and each of its ARNs the form of one', () => {
    expect(ARNS_DATE).toMatch(/^\d{4}-\d\d-\d\d$/);
    const rows = [...Object.values(table.resources), ...Object.values(table.data)];
    const templates = rows.flatMap((row) => Object.values<string>(row));
    const arns = templates.filter((template) => template.startsWith('arn:'));
    expect(arns.length).toBeGreaterThan(500);
    const form = /^arn:\$\{Partition\}:[a-z0-9-]+:(\$\{[^}]+\})?:(\$\{[^}]+\}|aws)?:[^\s]+$/;
    expect(arns.filter((arn) => !form.test(arn))).toEqual([]);
    expect(templates.filter((template) => !/^(arn:.*|\$\{\.?[a-z_]+\})$/.test(template))).toEqual([]);
  });

  test('an action that the resource cannot be of is found by the resource’s type', () => {
    const text = `${statement('actions = ["sqs:SendMessage"]\nresources = [aws_s3_bucket.b.arn]')}${bucket('bucket = var.n')}`;
    const messages = analyzeAll([{ path: 'main.tf', text }]).findings.map(({ rule, message }) => `${rule} ${message}`);
    expect(messages.join('\n')).toContain(
      'action-resource-mismatch `sqs:SendMessage` has no effect on `${aws_s3_bucket.b.arn}`',
    );
  });
});

describe('settings', () => {
  const main = statement('actions = var.actions\nresources = ["*"]');
  const variable = 'variable "actions" { default = ["s3:Default"] }\n';

  test('a default is no knowledge, what the folder sets is', () => {
    expect(drawn(variable + main)).toContain('"Action": ${var.actions}');
    expect(drawn({ 'main.tf': variable + main, 'terraform.tfvars': 'actions = ["s3:Get*"]' })).toContain('["s3:Get*"]');
    expect(drawn({ 'main.tf': variable + main, 'prod.tfvars': 'actions = ["s3:Get*"]' })).toContain('${var.actions}');
    expect(
      drawn({
        'main.tf': main,
        'z.auto.tfvars': 'actions = ["s3:Z"]',
        'a.auto.tfvars': 'actions = ["s3:A"]',
        'terraform.tfvars': 'actions = ["s3:T"]',
      }),
    ).toContain('["s3:Z"]');
  });

  test('what a setting says is reported where it stands', () => {
    const found = analyzeAll([
      { path: 'm/main.tf', text: main },
      { path: 'm/terraform.tfvars', text: 'actions = ["s3:GetObjct"]' },
    ]).findings.filter(({ rule }) => rule === 'unknown-action');
    expect(found.map(({ span }) => span)).toEqual([{ source: 'm/terraform.tfvars', start: 12, end: 23 }]);
  });
});

describe('documents merged', () => {
  const base = document(
    'statement {\nsid = "A"\nactions = ["a:base"]\n}\nstatement {\nactions = ["a:nameless"]\n}',
    'base',
  );
  const own = 'statement {\nsid = "B"\nactions = ["a:own"]\n}';
  const J = 'data.aws_iam_policy_document.base.json';
  const acts = (body: string, rest = base) => {
    const site = moduleOf(`${document(body)}${rest}`).sites[0];
    const read = site && readPolicy(site);
    const shown = read?.statements.map(
      ({ action, presence }) =>
        `${action?.items.map(({ text }) => text.flat).join()}${presence === 'always' ? '' : '?'}`,
    );
    return `${shown?.join(' ')}${read?.open ? ' …' : ''}`;
  };

  test.each([
    [`source_policy_documents = [${J}]\n${own}`, 'a:base a:nameless a:own'],
    [`override_policy_documents = [${J}]\n${own}`, 'a:own a:base a:nameless'],
    [`source_policy_documents = [${J}]\nstatement {\nsid = "A"\nactions = ["a:own"]\n}`, 'a:nameless a:own'],
    [`override_policy_documents = [${J}]\nstatement {\nsid = "A"\nactions = ["a:own"]\n}`, 'a:base a:nameless'],
    [
      `override_policy_documents = [var.on ? ${J} : ""]\nstatement {\nsid = "A"\nactions = ["a:own"]\n}`,
      'a:own? a:base? a:nameless?',
    ],
    [`source_policy_documents = concat([${J}], var.more)\n${own}`, 'a:base a:nameless a:own …'],
    [`override_policy_documents = var.more\n${own}`, 'a:own? …'],
    [`source_policy_documents = compact([var.on ? ${J} : null])\n${own}`, 'a:base? a:nameless? a:own'],
    [`source_policy_documents = [local.j]\n${own}`, 'a:base a:nameless a:own', `${base}locals { j = ${J} }`],
    [
      `source_policy_documents = [local.j]\n${own}`,
      'a:json a:own',
      'locals { j = jsonencode({ Statement = { Action = "a:json" } }) }',
    ],
    [`source_policy_documents = ["{\\"Statement\\": [{\\"Action\\": \\"a:json\\"}]}"]\n${own}`, 'a:json a:own'],
    [
      `source_policy_documents = [data.aws_iam_policy_document.base[0].json]\n${own}`,
      'a:c a:own',
      document('count = var.on ? 1 : 0\nstatement {\nactions = ["a:c"]\n}', 'base'),
    ],
    [`source_policy_documents = [data.aws_iam_policy_document.d.json]\n${own}`, 'a:own …'],
    [`source_policy_documents = [file("x.json")]\n${own}`, 'a:own …'],
  ])('%s', (body, expected, rest = base) => {
    expect(acts(body, rest)).toBe(expected);
    expect(untrueSpans(moduleOf(`${document(body)}${rest}`)).lies).toEqual([]);
  });

  test('a statement is reported once, where it stands, and known to be read in all', () => {
    const texts = {
      'a.tf': document(`source_policy_documents = [data.aws_iam_policy_document.one.json]\n${own}`, 'top'),
      'b.tf': document('source_policy_documents = [data.aws_iam_policy_document.two.json]', 'one'),
      'c.tf': document('statement {\nactions = ["s3:GetObjct"]\nresources = ["*"]\n}', 'two'),
    };
    const sources = Object.entries(texts).map(([path, text]) => ({ path, text }));
    const analysis = analyzeAll(sources);
    const found = analysis.findings.filter(({ rule }) => rule === 'unknown-action');
    const wrong = found.filter(({ message }) => message.includes('GetObjct'));
    expect(wrong.map(({ span }) => span.source)).toEqual(['c.tf']);
    const [module] = analysis.modules;
    const [first] = wrong;
    const sites = module && first ? readers(module.module, first.span).map(({ address }) => address) : [];
    expect([...sites].sort()).toEqual(['one', 'top', 'two'].map((name) => `data.aws_iam_policy_document.${name}`));
  });

  test('one Sid in two sources is refused', () => {
    const text = `${document(`source_policy_documents = [${J}, data.aws_iam_policy_document.other.json]`)}${base}${document('statement {\nsid = "A"\nactions = ["s3:Get*"]\n}', 'other')}`;
    const rules = analyzeAll([{ path: 'main.tf', text }]).findings.map(({ rule }) => rule);
    expect(rules).toContain('duplicate-sid');
  });
});

describe('bounds', () => {
  const nodes = (text: string) => drawModule(moduleOf(text)).length;

  test.each([
    [
      'loops in loops',
      statement(`actions = [for a in local.xs : [for b in local.xs : "s3:x"]]`) +
        `locals { xs = [${'"x",'.repeat(900)}] }`,
    ],
    [
      'loops that double',
      `${policy('jsonencode({ Statement = local.a0 })')}locals {\n${Array.from({ length: 60 }, (_, i) => `a${i} = [for x in [local.a${i + 1}] : [x, x]]`).join('\n')}\na60 = ["x"]\n}`,
    ],
    [
      'strings that double',
      `${statement('actions = [local.a0]')}locals {\n${Array.from({ length: 60 }, (_, i) => `a${i} = "\${local.a${i + 1}}\${local.a${i + 1}}"`).join('\n')}\na60 = "${'x'.repeat(500)}"\n}`,
    ],
    [
      'joins that double',
      `${statement('actions = [local.a0]')}locals {\n${Array.from({ length: 60 }, (_, i) => `a${i} = join("", [local.a${i + 1}, local.a${i + 1}])`).join('\n')}\na60 = "${'x'.repeat(500)}"\n}`,
    ],
    [
      'names in a ring',
      `${statement('resources = [aws_s3_bucket.a.arn]')}resource "aws_s3_bucket" "a" { bucket = aws_s3_bucket.b.id }\nresource "aws_s3_bucket" "b" { bucket = aws_s3_bucket.a.id }`,
    ],
    [
      'documents that double',
      Array.from({ length: 40 }, (_, i) =>
        document(
          `source_policy_documents = [data.aws_iam_policy_document.d${i + 1}.json, data.aws_iam_policy_document.d${i + 1}.json]\nstatement {\nactions = ["a:b"]\n}`,
          `d${i}`,
        ),
      ).join(''),
    ],
    [
      'a long chain of documents',
      Array.from({ length: 2000 }, (_, i) =>
        document(`source_policy_documents = [data.aws_iam_policy_document.d${i + 1}.json]`, `d${i}`),
      ).join(''),
    ],
    [
      'documents in a ring',
      `${document('source_policy_documents = [data.aws_iam_policy_document.b.json]', 'a')}${document('source_policy_documents = [data.aws_iam_policy_document.a.json]', 'b')}`,
    ],
  ])('%s end', (_, text) => {
    expect(nodes(text)).toBeGreaterThan(10);
    expect(nodes(text)).toBeLessThan(20_000_000);
  });
});
