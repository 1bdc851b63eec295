/** Terraform's JSON syntax: text in, policies out, as of the same module in HCL; and the fixes that can be spelled there. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are Terraform's interpolations
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { print } from '../server/src/analysis.ts';
import { applyEdits } from '../server/src/finding/edit.ts';
import { hostOf } from '../server/src/hosts/index.ts';
import { analyzeText } from './context.ts';
import { drawModule, moduleOf, untrueSpans } from './terraform-model.ts';

const drawn = (content: unknown) => drawModule(moduleOf({ 'main.tf.json': JSON.stringify(content, null, 2) }));
const role = (argument: unknown) => ({ resource: { aws_iam_role_policy: { p: { policy: argument } } } });
const POLICY = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:Get*', Resource: '${var.arn}/*' }] };
const DRAWN = `aws_iam_role_policy.p.policy: identity, aws_iam_role_policy
  {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:Get*", "Resource": "\${var.arn}/*"}]}`;

describe('policies in files of JSON syntax', () => {
  test('the Terraform host has them, together with the others of the folder', () => {
    for (const path of ['main.tf.json', 'a/b.tofu.json']) expect(hostOf(path)?.id).toBe('terraform');
    expect(hostOf('a/tf.json')?.id).toBe('json');
    const module = moduleOf({
      'a.tf': 'locals { actions = ["s3:Get*"] }',
      'b.tf.json': JSON.stringify({
        data: { aws_iam_policy_document: { d: { statement: { actions: '${local.actions}', resources: ['*'] } } } },
      }),
    });
    expect(drawModule(module)).toMatch('{"Effect": "Allow", "Action": ["s3:Get*"], "Resource": ["*"]}');
  });

  test.each([
    ['JSON in a string', role(JSON.stringify(POLICY))],
    ['in a list of blocks', { resource: [{ aws_iam_role_policy: [{ p: [{ policy: JSON.stringify(POLICY) }] }] }] }],
    [
      'jsonencode in a string',
      role(
        '${jsonencode({ "Version" = "2012-10-17", "Statement" = [{ Effect = "Allow", Action = "s3:Get*", Resource = "${var.arn}/*" }] })}',
      ),
    ],
    [
      'jsonencode over several lines',
      role(
        '${jsonencode({\n  Version = "2012-10-17"\n  Statement = [{\n    Effect = "Allow"\n    Action = "s3:Get*"\n    Resource = "${var.arn}/*"\n  }]\n})}',
      ),
    ],
    ['a local', { ...role('${jsonencode(local.policy)}'), locals: { policy: POLICY } }],
  ])('%s', (_name, content) => {
    const module = moduleOf({ 'main.tf.json': JSON.stringify(content, null, 2) });
    expect(drawModule(module).replace(', identity, aws', ': identity, aws')).toBe(DRAWN);
    const { parts, lies } = untrueSpans(module);
    expect(lies).toEqual([]);
    expect(parts).toBeGreaterThan(5);
  });

  test('a document in blocks', () => {
    const statement = {
      sid: 'Own',
      actions: ['s3:GetObject'],
      resources: ['${aws_s3_bucket.b.arn}/&{aws:username}/*', '*$${aws:username}'],
      principals: [{ type: 'AWS', identifiers: ['*'] }],
      condition: [
        { test: 'StringEquals', variable: 'aws:PrincipalOrgID', values: ['o-abc'] },
        { test: 'Bool', variable: 'aws:SecureTransport', values: ['true'] },
      ],
      '//': 'a comment',
    };
    const dynamic = { statement: [{ for_each: '${var.more}', content: { actions: ['s3:*'], resources: ['*'] } }] };
    expect(
      drawn({
        data: { aws_iam_policy_document: { d: { statement: [statement], dynamic } } },
        resource: { aws_s3_bucket_policy: { p: { policy: '${data.aws_iam_policy_document.d.json}' } } },
      }),
    ).toMatchInlineSnapshot(`
      "data.aws_iam_policy_document.d: resource, aws_s3_bucket_policy
        {"Statement": [{"Effect": "Allow", "Sid": "Own", "Action": ["s3:GetObject"], "Resource": ["\${aws_s3_bucket.b.arn}/\${aws:username}/*", "*\${aws:username}"], "Principal": {"AWS": ["*"]}, "Condition": {"StringEquals": {"aws:PrincipalOrgID": ["o-abc"]}, "Bool": {"aws:SecureTransport": ["true"]}}}, {"Effect": "Allow", "Action": ["s3:*"], "Resource": ["*"]}?, …]}"
    `);
  });

  test('what cannot be read as HCL is unknown, and the rest stays', () => {
    expect(drawn(role('${jsonencode({ Statement = [{ Effect = "Allow", Sid = "a\\"b" }] })}'))).toBe('');
    expect(
      drawn({
        data: {
          aws_iam_policy_document: {
            d: { statement: { actions: ['${format("%s\\n", var.a)}', 's3:*'], resources: ['*'] } },
          },
        },
      }),
    ).toMatch(/"Action": \["\$\{.*\}", "s3:\*"\]/);
  });

  test('modules, variables, comments and broken text', () => {
    expect(
      drawn({
        '//': 'a comment',
        terraform: { required_version: '>= 1' },
        variable: { name: { type: 'string' }, list: { type: 'list(string)' } },
        module: { m: { source: './m', policy: JSON.stringify(POLICY) } },
      }),
    ).toBe(
      DRAWN.replace(
        'aws_iam_role_policy.p.policy: identity, aws_iam_role_policy',
        'module.m.policy: by shape identity',
      ),
    );
    const text = JSON.stringify(role(JSON.stringify(POLICY)), null, 2);
    for (let cut = 0; cut < text.length; cut += 3) {
      const module = moduleOf({ 'main.tf.json': text.slice(0, cut) });
      expect(untrueSpans(module).lies).toEqual([]);
    }
  });

  test('any text is read', () => {
    const word = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      '"',
      '\\"',
      '${',
      '$${',
      ':',
      ',',
      'data',
      'resource',
      'statement',
    );
    const text = fc.array(
      fc.oneof(word, fc.constantFrom('"data":{', '"aws_iam_policy_document":{"d":{', 'a.b', '\\u0041')),
    );
    fc.assert(
      fc.property(text, (words) => {
        expect(untrueSpans(moduleOf({ 'x.tf.json': words.join('') })).lies).toEqual([]);
      }),
    );
  });
});

/** The text after the first fix of a rule that can be spelled; undefined where none can. */
function fixed(content: unknown, rule: string): unknown {
  const text = JSON.stringify(content, null, 2);
  const analysis = analyzeText('main.tf.json', text);
  const finding = analysis?.judgement.findings.find((one) => one.rule === rule);
  expect(finding).toBeDefined();
  for (const fix of finding?.fixes?.() ?? []) {
    const edits = analysis && print(analysis, fix.edits);
    if (edits) return JSON.parse(applyEdits('main.tf.json', text, edits) ?? '');
  }
  return undefined;
}

describe('fixes', () => {
  const blocks = (actions: unknown) => ({
    data: { aws_iam_policy_document: { d: { statement: [{ actions, resources: ['arn:aws:s3:::b/*'] }] } } },
  });
  const encoded = (action: string) =>
    role(
      `\${jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "${action}", Resource = "*" }] })}`,
    );

  test('letters, in each place', () => {
    expect(fixed(blocks(['s3:GetObjct']), 'unknown-action')).toEqual(blocks(['s3:GetObject']));
    expect(fixed(encoded('s3:GetObjct'), 'unknown-action')).toEqual(encoded('s3:GetObject'));
    const inString = (action: string) =>
      role(JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: action, Resource: '*' }] }));
    expect(fixed(inString('s3:GetObjct'), 'unknown-action')).toEqual(inString('s3:GetObject'));
  });

  test('items of lists', () => {
    expect(fixed(blocks(['s3:Get*', 's3:GetObject']), 'redundant-value')).toEqual(blocks(['s3:Get*']));
  });

  test('what both syntaxes spell differently is not offered', () => {
    expect(
      fixed(
        {
          data: {
            aws_iam_policy_document: {
              d: {
                statement: [
                  { actions: ['s3:Get*', 's3:GetObject'], resources: ['*'] },
                  { actions: ['s3:Get*'], resources: ['*'] },
                ],
              },
            },
          },
        },
        'redundant-statement',
      ),
    ).toBeUndefined();
  });
});
