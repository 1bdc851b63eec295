/** Four of the examples that the model was made for, on text as people write it: what they say, where it stands, what is found. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are templates' own marks
import { describe, expect, test } from 'vitest';
import type { ModuleAnalysis } from '../server/src/analysis.ts';
import { hoverAt } from '../server/src/features/hover.ts';
import type { Source } from '../server/src/policy/module.ts';
import { displayValue, entryOf, type Value, walkValue } from '../server/src/value/value.ts';
import { analyzeAll, analyzeText, catalog } from './context.ts';

function sourceOf({ module }: ModuleAnalysis, path: string): string {
  return module.sources.find((source) => source.path === path)?.text ?? '';
}

/** The words under each finding with its rule. */
function marked(one: ModuleAnalysis): readonly string[] {
  return one.judgement.findings.map(
    ({ rule, span }) => `${rule}: ${sourceOf(one, span.source).slice(span.start, span.end)}`,
  );
}

/** Every word of the policies that stands in a source letter by letter, with the name of that source. */
function wordsBySource(one: ModuleAnalysis): ReadonlyMap<string, ReadonlySet<string>> {
  const words = new Map<string, Set<string>>();
  for (const { value } of one.module.sites)
    walkValue(value, (node) => {
      for (const part of node.kind === 'text' ? node.text.parts : [])
        if (part.kind === 'same') {
          const found = words.get(part.span.source) ?? new Set();
          found.add(sourceOf(one, part.span.source).slice(part.span.start, part.span.end));
          words.set(part.span.source, found);
        }
      return true;
    });
  return words;
}

function statementsOf(value: Value | undefined): readonly Value[] {
  const list = value?.kind === 'object' ? entryOf(value, 'Statement')?.value : undefined;
  return list?.kind === 'list' ? list.items.map((item) => item.value) : [];
}

describe('4: a document merged from three files', () => {
  const sources: readonly Source[] = [
    {
      path: 'worker/base.tf',
      text: `data "aws_iam_policy_document" "base" {
  statement {
    sid       = "Logs"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["\${aws_cloudwatch_log_group.worker.arn}:*"]
  }
}

resource "aws_cloudwatch_log_group" "worker" {
  name = "/worker"
}
`,
    },
    {
      path: 'worker/data.tf',
      text: `data "aws_iam_policy_document" "data" {
  statement {
    sid       = "Data"
    actions   = ["s3:GetObject"]
    resources = ["*"]
  }
}
`,
    },
    {
      path: 'worker/role.tf',
      text: `data "aws_iam_policy_document" "worker" {
  source_policy_documents = [
    data.aws_iam_policy_document.base.json,
    data.aws_iam_policy_document.data.json,
  ]

  statement {
    sid       = "Queue"
    actions   = ["sqs:ReceiveMessage", "sqs:DeleteMessage"]
    resources = ["arn:aws:sqs:eu-central-1:111122223333:jobs"]
  }
}

resource "aws_iam_role_policy" "worker" {
  role   = "worker"
  policy = data.aws_iam_policy_document.worker.json
}
`,
    },
  ];
  const module = analyzeAll(sources).of('worker/role.tf');

  test('holds statements of all three, each at its own place', () => {
    const merged = module?.module.sites.find(({ address }) => address.endsWith('.worker'));
    const places = statementsOf(merged?.value).map(({ span }) => span.source);
    expect(places).toEqual(['worker/base.tf', 'worker/data.tf', 'worker/role.tf']);
    const words = module && wordsBySource(module);
    expect([...(words?.get('worker/data.tf') ?? [])]).toEqual(['Data', 's3:GetObject', '*']);
    expect(words?.get('worker/role.tf')).toContain('sqs:ReceiveMessage');
  });

  test('is flagged once, where the statement stands', () => {
    const findings = module?.judgement.findings.filter(({ rule }) => rule === 'unscoped-resource') ?? [];
    expect(findings.map(({ span }) => span.source)).toEqual(['worker/data.tf']);
    expect(module && marked(module)).toEqual(['unscoped-resource: *']);
  });
});

describe('7: JSON in a block scalar in Fn::Sub, since no function can stand in a key', () => {
  const text = `AWSTemplateFormatVersion: '2010-09-09'
Description: A role for one service account
Parameters:
  Oidc:
    Type: String
    Description: Issuer without https://
  Namespace: { Type: String, Default: training }
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      Description: trains
      AssumeRolePolicyDocument: !Sub |
        {
          "Version": "2012-10-17",
          "Statement": [
            {
              "Effect": "Allow",
              "Principal": {
                "Federated": "arn:\${AWS::Partition}:iam::\${AWS::AccountId}:oidc-provider/\${Oidc}"
              },
              "Action": "sts:AssumeRoleWithWebIdentiy",
              "Condition": {
                "StringEquals": {
                  "\${Oidc}:sub": "system:serviceaccount:\${Namespace}:train",
                  "\${Oidc}:aud": "sts.amazonaws.com"
                }
              }
            }
          ]
        }
`;
  const module = analyzeText('cluster.yaml', text);

  test('has holes in its keys', () => {
    const value = module?.module.sites[0]?.value;
    expect(value && displayValue(value)).toContain(
      '{"${Oidc}:sub": "system:serviceaccount:${Namespace}:train", "${Oidc}:aud": "sts.amazonaws.com"}',
    );
    expect(module?.module.problems).toEqual([]);
  });

  test('is flagged at the very word, and explained there', () => {
    expect(module && marked(module)).toContain('unknown-action: sts:AssumeRoleWithWebIdentiy');
    expect(module && marked(module).filter((mark) => !mark.endsWith(': sts:AssumeRoleWithWebIdentiy'))).toEqual([]);
    const key = text.indexOf(':sub"');
    const hover = module && hoverAt(module, 'cluster.yaml', key + 2, catalog());
    expect(hover && text.slice(hover.span.start, hover.span.end)).toBe('${Oidc}:sub');
  });
});

describe('8: a statement that a condition puts in', () => {
  const text = `Conditions:
  Prod: !Equals [!Ref Stage, prod]
Parameters:
  Stage: { Type: String }
Resources:
  Worker:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: 2012-10-17
        Statement: [{ Effect: Allow, Principal: { Service: ec2.amazonaws.com }, Action: sts:AssumeRole }]
      Policies:
        - PolicyName: worker
          PolicyDocument:
            Version: 2012-10-17
            Statement:
              - Sid: Read
                Effect: Allow
                Action: s3:GetObject
                Resource: arn:aws:s3:::labels/*
              - !If
                - Prod
                - Sid: Audit
                  Effect: Deny
                  Action: s3:GetObject
                  Resource: '*'
                - !Ref AWS::NoValue
              - Fn::If:
                  - Prod
                  - Sid: Everything
                    Effect: Allow
                    Action: '*'
                    Resource: '*'
                  - !Ref AWS::NoValue
        - !If [Prod, !Ref AWS::NoValue, { PolicyName: open, PolicyDocument: { Statement: { Effect: Allow, Action: '*', Resource: '*' } } }]
`;
  const module = analyzeText('worker.yaml', text);

  test('is there sometimes', () => {
    const site = module?.module.sites.find(({ address }) => address.endsWith('Policies[0].PolicyDocument'));
    const list = site?.value.kind === 'object' ? entryOf(site.value, 'Statement')?.value : undefined;
    expect(list?.kind === 'list' && list.items.map(({ presence }) => presence)).toEqual([
      'always',
      'sometimes',
      'sometimes',
    ]);
  });

  test('a Deny that may be missing takes nothing back; what it may allow is told where it stands', () => {
    const rules = module?.judgement.findings.map(({ rule, statement }) => `${rule} ${statement?.sid}`) ?? [];
    expect(rules).not.toContain('shadowed-statement Read');
    expect(module?.module.sites).toHaveLength(3);
    expect(rules.filter((rule) => rule.startsWith('full-access')).length).toBeGreaterThan(0);
  });
});

describe('10: a policy in a plan, escaped twice', () => {
  const policy = `{\n  "Version": "2012-10-17",\n  "Statement": [{ "Effect": "Allow", "Action": "s3:GetObjct", "Resource": "arn:aws:s3:::a\\u002flabels/*" }]\n}`;
  const address = 'module.site["a"].aws_iam_policy.read';
  const plan = JSON.stringify({
    format_version: '1.2',
    terraform_version: '1.9.5',
    planned_values: {
      root_module: {
        child_modules: [
          {
            address: 'module.site["a"]',
            resources: [
              {
                address,
                mode: 'managed',
                type: 'aws_iam_policy',
                name: 'read',
                schema_version: 0,
                values: { name: 'read', policy },
              },
            ],
          },
        ],
      },
    },
    resource_changes: [],
  });
  const module = analyzeText('plan.json', plan);

  test('is found under its address and flagged at the very word', () => {
    expect(module?.module.sites.map((site) => [site.address, site.holder])).toEqual([
      [`${address}.policy`, 'aws_iam_policy'],
    ]);
    expect(module && marked(module)).toContain('unknown-action: s3:GetObjct');
  });

  test('every letter of two levels of escapes knows its place', () => {
    const resource = '"arn:aws:s3:::a\\\\u002flabels/*';
    const at = plan.indexOf(resource.slice(1));
    expect(at).toBeGreaterThan(0);
    const statement = statementsOf(module?.module.sites[0]?.value)[0];
    const value = statement?.kind === 'object' ? entryOf(statement, 'Resource')?.value : undefined;
    if (value?.kind !== 'text') throw new Error('the example has no resource');
    expect(value.text.flat).toBe('arn:aws:s3:::a/labels/*');
    const spelled = value.text.parts.find((part) => part.kind === 'spelled');
    expect(spelled && plan.slice(spelled.span.start, spelled.span.end)).toBe('\\\\u002f');
  });
});
