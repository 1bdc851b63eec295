/** What cannot be seen of a policy across edits: the same text decides the same, no other text does. */
import { describe, expect, test } from 'vitest';
import { compare, equivalent, provesNoNewAccess } from '../../server/src/access/compare.ts';
import { idleStatements } from '../../server/src/access/effects.ts';
import { type StatementTerms, termsOf } from '../../server/src/access/terms.ts';
import { hostOf } from '../../server/src/hosts/index.ts';
import { readPolicy } from '../../server/src/policy/read.ts';

/** The terms of the first policy that a file holds; throws where it holds none. */
function termsOfFile(path: string, text: string): readonly StatementTerms[] {
  const module = hostOf(path)?.read([{ path, text }], {});
  const site = module?.sites[0];
  const policy = site && readPolicy(site);
  if (!policy) throw new Error(`no policy: ${text}`);
  return termsOf(policy);
}

function hcl(...statements: readonly string[]): readonly StatementTerms[] {
  return termsOfFile('main.tf', `data "aws_iam_policy_document" "d" {\n${statements.join('\n')}\n}\n`);
}

function statement(actions: string, resources = '["*"]', more = ''): string {
  return `statement {\n  actions = ${actions}\n  resources = ${resources}\n${more}}`;
}

function encoded(...statements: readonly string[]): readonly StatementTerms[] {
  const list = statements.join(', ');
  return termsOfFile(
    'main.tf',
    `resource "aws_iam_policy" "p" {\n  policy = jsonencode({ Version = "2012-10-17", Statement = [${list}] })\n}\n`,
  );
}

function template(...statements: readonly string[]): readonly StatementTerms[] {
  return termsOfFile('p.json.tftpl', `{"Version": "2012-10-17", "Statement": [${statements.join(', ')}]}`);
}

const [MORE, OTHER] = ['concat(["s3:GetObject"], var.more)', 'concat(["s3:GetObject"], var.other)'];
const [A, B] = ['["arn:aws:s3:::a/*"]', '["arn:aws:s3:::b/*"]'];

describe('an open clause', () => {
  test('is the same in a second statement', () => {
    const one = hcl(statement(MORE, A));
    expect(equivalent(one, hcl(statement(MORE, A), statement(MORE, A)))).toBe(true);
    expect(
      equivalent(
        hcl(statement(MORE, '["arn:aws:s3:::a/*", "arn:aws:s3:::b/*"]')),
        hcl(statement(MORE, A), statement(MORE, B)),
      ),
    ).toBe(true);
    expect(provesNoNewAccess(one, hcl(statement(MORE, A), statement(MORE, B)))).toBe(false);
    expect(idleStatements(hcl(statement(MORE), statement(MORE, A)))).toEqual([{ index: 1, why: 'redundant', by: [0] }]);
  });

  test('of another text is another, wherever it stands', () => {
    expect(provesNoNewAccess(hcl(statement(MORE)), hcl(statement(OTHER)))).toBe(false);
    expect(compare(hcl(statement(MORE)), hcl(statement(OTHER))).verdict).toBe('unknown');
    const both = hcl(statement(MORE, A), statement(OTHER, B));
    expect(provesNoNewAccess(both, hcl(statement(OTHER, A), statement(MORE, B)))).toBe(false);
    expect(idleStatements(hcl(statement(MORE), statement(OTHER, A)))).toEqual([]);
  });

  test('is the same when it moves', () => {
    const [first, second] = [statement(MORE, A), statement(OTHER, B)];
    expect(equivalent(hcl(first, second), hcl(second, first))).toBe(true);
    expect(provesNoNewAccess(hcl(first, second), hcl(second))).toBe(true);
    expect(provesNoNewAccess(hcl(second), hcl(first, second))).toBe(false);
    expect(provesNoNewAccess(hcl(first, statement(MORE, B)), hcl(statement(MORE, B)))).toBe(true);
  });

  test('is the same when an item of it that can be seen changes', () => {
    const wide = hcl(statement('concat(["s3:*"], var.more)'));
    expect(provesNoNewAccess(wide, hcl(statement('concat(["s3:Get*"], var.more)')))).toBe(true);
    expect(provesNoNewAccess(hcl(statement('concat(["s3:Get*"], var.more)')), wide)).toBe(false);
    expect(provesNoNewAccess(wide, hcl(statement('concat(["s3:Get*"], var.more, var.other)')))).toBe(false);
    expect(provesNoNewAccess(wide, hcl(statement('["s3:Get*"]')))).toBe(true);
  });

  test('is told by the whole condition, branch by branch', () => {
    const when = (condition: string, then: string, otherwise: string) =>
      hcl(statement(`concat(["s3:*"], ${condition} ? ${then} : ${otherwise})`));
    const one = when('var.x', '["iam:*"]', '[]');
    expect(equivalent(one, hcl(statement('concat(["s3:*", "s3:Get*"], var.x ? ["iam:*"] : [])')))).toBe(true);
    expect(provesNoNewAccess(one, when('var.y', '["iam:*"]', '[]'))).toBe(false);
    expect(provesNoNewAccess(one, when('var.x', '[]', '["iam:*"]'))).toBe(false);
    const entry = (condition: string) => hcl(statement(`${condition} ? ["s3:*"] : null`));
    expect(provesNoNewAccess(entry('var.x'), entry('var.x'))).toBe(true);
    expect(provesNoNewAccess(entry('var.x'), entry('var.y'))).toBe(false);
    const nested = (inner: string) => hcl(statement(`var.x ? (${inner} ? ["s3:*"] : ["ec2:*"]) : ["iam:*"]`));
    expect(provesNoNewAccess(nested('var.y'), nested('var.y'))).toBe(true);
    expect(provesNoNewAccess(nested('var.y'), nested('var.z'))).toBe(false);
  });

  test('of values is of its operator', () => {
    const values = (operator: string, list: string) =>
      hcl(
        statement(
          '["s3:*"]',
          '["*"]',
          `  condition {\n    test = "${operator}"\n    variable = "aws:PrincipalTag/t"\n    values = ${list}\n  }\n`,
        ),
      );
    const one = values('StringEquals', 'concat(["a", "b"], var.more)');
    expect(provesNoNewAccess(one, values('StringEquals', 'concat(["a"], var.more)'))).toBe(true);
    expect(provesNoNewAccess(one, values('StringEquals', 'concat(["a"], var.other)'))).toBe(false);
    expect(provesNoNewAccess(one, values('StringLike', 'concat(["a"], var.more)'))).toBe(false);
  });
});

describe('statements that are there only sometimes', () => {
  const dynamic = (each: string, resource: string, more = '') =>
    `dynamic "statement" {\n  for_each = ${each}\n  content {\n    actions = ["s3:*"]\n    resources = [${resource}]\n${more}  }\n}`;

  test('are there together only where the same text decides it', () => {
    const one = hcl(dynamic('var.a', '"arn:aws:s3:::a"'));
    expect(equivalent(one, one)).toBe(true);
    expect(provesNoNewAccess(one, hcl(dynamic('var.b', '"arn:aws:s3:::a"')))).toBe(false);
    const static_ = statement('["s3:GetObject"]');
    expect(provesNoNewAccess(hcl(static_, dynamic('var.a', '"*"')), hcl(dynamic('var.a', '"*"')))).toBe(true);
  });

  test('are of several things, not of one', () => {
    const denies = '    effect = "Deny"\n';
    const others = (each: string) =>
      `dynamic "statement" {\n  for_each = ${each}\n  content {\n    actions = ["s3:*"]\n    not_resources = [statement.value]\n  }\n}`;
    for (const each of ['var.a', 'var.b']) {
      const both = hcl(others('var.a'), dynamic(each, 'statement.value', denies));
      expect(idleStatements(both)).toEqual([]);
      expect(provesNoNewAccess(both, hcl(others('var.a')))).toBe(false);
    }
    const [allow, deny] = [
      '{ Effect = "Allow", Action = "s3:*", NotResource = "${x}/*" }',
      '{ Effect = "Deny", Action = "s3:*", Resource = "${x}/*" }',
    ];
    const loop = (body: string) =>
      termsOfFile(
        'main.tf',
        `resource "aws_iam_policy" "p" {\n  policy = jsonencode({ Version = "2012-10-17", Statement = flatten([for x in var.l : [${body}]]) })\n}\n`,
      );
    expect(idleStatements(loop(`${allow}, ${deny}`))).toEqual([]);
    expect(equivalent(loop(allow), loop(allow))).toBe(true);
  });

  test('still share what is the same for all of them', () => {
    const wide = statement('["s3:*"]', '["${aws_s3_bucket.b.arn}/*"]');
    const terms = hcl(wide, dynamic('var.a', '"${aws_s3_bucket.b.arn}/logs/*"'));
    expect(idleStatements(terms)).toEqual([{ index: 1, why: 'redundant', by: [0] }]);
  });
});

test('effects that are decided by the same text', () => {
  const effect = (word: string, action: string) => `{ Effect = ${word}, Action = "${action}", Resource = "*" }`;
  expect(
    equivalent(encoded(effect('var.e', 's3:*')), encoded(effect('var.e', 's3:Get*'), effect('var.e', 's3:*'))),
  ).toBe(true);
  expect(provesNoNewAccess(encoded(effect('var.e', 's3:*')), encoded(effect('var.f', 's3:*')))).toBe(false);
  const beside = (action: string) => encoded(effect('"Allow"', 's3:*'), effect('var.e', action));
  expect(provesNoNewAccess(beside('s3:*'), beside('s3:Get*'))).toBe(false);
  expect(provesNoNewAccess(beside('s3:Get*'), beside('s3:*'))).toBe(true);
});

describe('templates', () => {
  const open = (list: string, resource = '*') => `{"Effect": "Allow", "Action": [${list}], "Resource": "${resource}"}`;
  test('holes between items', () => {
    const one = template(open('"s3:*", ${more}'));
    expect(provesNoNewAccess(one, template(open('"s3:Get*", ${more}')))).toBe(true);
    expect(provesNoNewAccess(one, template(open('"s3:Get*", ${other}')))).toBe(false);
    expect(provesNoNewAccess(one, template(open('"s3:*", ${more}'), open('${more}', 'arn:aws:s3:::a')))).toBe(true);
  });

  test('branches', () => {
    const branch = (condition: string, action: string) => open(`"s3:Get*"%{ if ${condition} }, "${action}"%{ endif }`);
    expect(equivalent(template(branch('x', 'iam:*')), template(branch('x', 'iam:*'), open('"s3:Get*"')))).toBe(true);
    expect(provesNoNewAccess(template(branch('x', 'iam:*')), template(branch('y', 'iam:*')))).toBe(false);
    expect(provesNoNewAccess(template(branch('x', 'iam:*')), template(branch('x', 'ec2:*')))).toBe(false);
  });
});

test('functions of CloudFormation are told by what they are called with', () => {
  const stack = (...resources: readonly string[]) =>
    termsOfFile(
      'stack.json',
      `{"AWSTemplateFormatVersion": "2010-09-09", "Resources": {"P": {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": {"Version": "2012-10-17", "Statement": [${resources
        .map((resource) => `{"Effect": "Allow", "Action": "s3:*", "Resource": [${resource}]}`)
        .join(', ')}]}}}}}`,
    );
  const [a, b] = ['{"Ref": "A"}', '{"Ref": "B"}'];
  expect(equivalent(stack(a, b), stack(b, a))).toBe(true);
  expect(provesNoNewAccess(stack(a), stack(b))).toBe(false);
  expect(provesNoNewAccess(stack(a, b), stack(b))).toBe(true);
});

test('without a name, only the same content at the same place is the same', () => {
  const long = (action: string, resource: string) =>
    `{ Effect = "Allow", Action = concat(["${action}"], var.${'m'.repeat(5000)}), Resource = "${resource}" }`;
  const [one, two] = [long('s3:*', 'arn:aws:s3:::a'), long('s3:*', 'arn:aws:s3:::b')];
  expect(equivalent(encoded(one, two), encoded(one, two))).toBe(true);
  expect(provesNoNewAccess(encoded(one, two), encoded(two))).toBe(false);
  expect(provesNoNewAccess(encoded(one), encoded(long('s3:Get*', 'arn:aws:s3:::a')))).toBe(false);
});
