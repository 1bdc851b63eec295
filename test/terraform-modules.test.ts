/** What the Terraform host makes of modules that others call, and of files that they read in: sources in, instances out. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are HCL's interpolations
import { describe, expect, test } from 'vitest';
import { besideOf, resolved } from '../server/src/hosts/terraform/beside.ts';
import { terraformHost } from '../server/src/hosts/terraform/terraform.ts';
import { displayValue } from '../server/src/value/value.ts';

/** The instances of `live/`, each as its address and its policy on one line. */
const instancesOf = (files: Readonly<Record<string, string>>) => {
  const sources = Object.entries(files).map(([path, text]) => ({ path, text }));
  const own = sources.filter(({ path }) => /^live\/[^/]+\.tf$/.test(path));
  const { instances = [] } = terraformHost.read(own, { beside: sources });
  return instances.map(({ site, cause }) => `${cause.kind} ${site.address} ${displayValue(site.value)}`);
};

const document = (body: string) => `data "aws_iam_policy_document" "d" {\n  statement {\n${body}\n  }\n}\n`;
const worth = (variable: string, given: string, expression = 'var.x') =>
  instancesOf({
    'live/main.tf': `module "m" {\n  source = "./m"\n${given}\n}\n`,
    'live/m/main.tf': `${variable}\n${document(`    actions = ${expression}`)}`,
  })
    .map((line) => /"Action": (.*?)(?:\}|, ")/.exec(line)?.[1])
    .join();

describe('paths', () => {
  test.each([
    ['live/dev/', '../../modules/x/', 'modules/x/'],
    ['', './x/', 'x/'],
    ['a/', '../', ''],
    ['', '../x/', '../x/'],
    ['/w/a/', '../../x.json', '/x.json'],
    ['C:\\w\\a\\', '../b/', 'C:\\w\\b\\'],
    ['/w/', '/etc/passwd', undefined],
    ['/w/', '../../../x', undefined],
  ])('from %j by %j', (folder, way, path) => {
    expect(resolved(folder, way)).toBe(path);
  });

  test('modules beside and below, templates and documents; no registries, scripts, archives, or what is put together', () => {
    const text = [
      'module "a" { source = "./a" }\nmodule "b" {\n  source="../b/c"\n}',
      'module "c" { source = "hashicorp/consul/aws" }\nmodule "d" { source = "git::https://x.y//z?ref=v1" }',
      'x = file("${path.module}/p.json")\ny = templatefile("t.tftpl", {})\nz = file("run.sh")',
      'w = file("${path.root}/p.json")\nv = templatefile("${path.module}/${var.x}.json", {})',
    ].join('\n');
    expect(besideOf({ path: 'm/main.tf', text })).toEqual(['m/a/', 'b/c/', 'm/p.json', 'm/t.tftpl']);
    expect(
      besideOf({
        path: 'm/main.tf.json',
        text: '{ "module": { "a": { "source": "../a", "x": "${file(\\"p.json\\")}" } } }',
      }),
    ).toEqual(['a/', 'm/p.json']);
  });
});

describe('arguments', () => {
  test.each([
    ['variable "x" {}', 'x = ["s3:Get*"]', 'var.x', '["s3:Get*"]'],
    ['variable "x" { default = ["s3:Get*"] }', '', 'var.x', '["s3:Get*"]'],
    ['variable "x" { default = ["a:b"] }', 'x = null', 'coalesce(var.x, ["c:d"])', '["c:d"]'],
    ['variable "x" {\n  default = ["a:b"]\n  nullable = false\n}', 'x = null', 'var.x', '["a:b"]'],
    ['variable "x" { type = list(string) }', 'x = [1]', 'var.x', '["1"]'],
    ['variable "x" { type = object({ a = optional(string, "a:b") }) }', 'x = {}', '[var.x.a]', '["a:b"]'],
    ['variable "x" { type = object({ a = string }) }', 'x = { a = "a:b", c = "d" }', 'values(var.x)', '["a:b"]'],
    [
      'variable "x" { type = map(object({ a = optional(string) })) }',
      'x = { k = {} }',
      '[coalesce(var.x["k"].a, "a:b")]',
      '["a:b"]',
    ],
    ['variable "x" {}', 'x = { a = "a:b" }', '[try(var.x.b, var.x.a)]', '["a:b"]'],
    ['variable "x" {}', 'x = ["a:b", { c = "d" }]', '[for y in var.x : y if can(tostring(y))]', '["a:b"]'],
    ['variable "x" {}', 'x = var.outside', 'concat(["a:b"], var.x)', ''],
  ])('%s, %s: %s', (variable, given, expression, expected) => {
    expect(worth(variable, given, expression)).toBe(expected);
  });

  test('a call that there is none of makes nothing', () => {
    expect(worth('variable "x" {}', 'x = ["a:b"]\ncount = 0')).toBe('');
    expect(worth('variable "x" {}', 'x = ["a:b"]\nfor_each = toset([])')).toBe('');
    expect(worth('variable "x" {}', 'x = [each.key]\nfor_each = toset(["a:b"])')).toBe('["a:b"]');
  });

  test('two calls share nothing but the provider', () => {
    const bucket =
      'variable "n" {}\nresource "aws_s3_bucket" "b" { bucket = var.n }\noutput "arn" { value = aws_s3_bucket.b.arn }';
    const files = {
      'live/main.tf': `module "a" {\n  source = "./m"\n  n = "one"\n}\nmodule "b" {\n  source = "./m"\n  n = var.n\n}\n${document('resources = [module.a.arn, module.b.arn]')}`,
      'live/m/main.tf': bucket,
    };
    const sources = Object.entries(files).map(([path, text]) => ({ path, text }));
    const { sites } = terraformHost.read(sources.slice(0, 1), { beside: sources });
    expect(sites.map(({ value }) => displayValue(value)).join()).toContain(
      '"Resource": ["${module.a.arn}", "${module.b.arn}"]',
    );
  });

  test('what a call hands on reaches the last module, and its documents come back', () => {
    const files = {
      'live/main.tf': `module "a" {\n  source = "./a"\n  x = ["s3:Get*"]\n}\nresource "aws_iam_policy" "p" { policy = module.a.json }\n`,
      'live/a/main.tf':
        'variable "x" {}\nmodule "b" {\n  source = "../b"\n  x = var.x\n}\noutput "json" { value = module.b.json }',
      'live/b/main.tf': 'variable "x" {}\noutput "json" { value = jsonencode({ Statement = [{ Action = var.x }] }) }',
    };
    expect(instancesOf(files)).toEqual(['read aws_iam_policy.p.policy {"Statement": [{"Action": ["s3:Get*"]}]}']);
  });
});

test('defaults make instances where they say something', () => {
  const own = (value: string) =>
    instancesOf({ 'live/main.tf': `variable "x" { default = ${value} }\n${document('actions = var.x')}` }).length;
  expect(['["a:b"]', '[]', 'null'].map(own)).toEqual([1, 0, 0]);
});
