/** SAM's policy templates by name: explained under the cursor with their parameters filled in, and no policies of the template. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are marks of templates
import { describe, expect, test } from 'vitest';
import data from '../server/data/sam-policies.json' with { type: 'json' };
import { hoverAt } from '../server/src/features/hover.ts';
import { readPolicy } from '../server/src/policy/read.ts';
import { analyzeText, catalog } from './context.ts';

const TEMPLATE = `Transform: AWS::Serverless-2016-10-31
Resources:
  Labels: { Type: AWS::S3::Bucket }
  Function:
    Type: AWS::Serverless::Function
    Properties:
      Policies:
        - S3ReadPolicy:
            BucketName: !Ref Labels
        - !If [Writes, { DynamoDBWritePolicy: { TableName: orders } }, !Ref AWS::NoValue]
        - AMIDescribePolicy: {}
        - UnheardOfPolicy: {}
        - ReadOnlyAccess
`;

function hoverOn(word: string, text = TEMPLATE, path = 'template.yaml'): string | undefined {
  const module = analyzeText(path, text);
  return module && hoverAt(module, path, text.indexOf(word) + 2, catalog())?.markdown;
}

describe('a policy template', () => {
  test('is explained with what its parameters say', () => {
    expect(hoverOn('S3ReadPolicy')).toContain('`S3ReadPolicy` is a policy template of SAM, which stands for');
    expect(hoverOn('S3ReadPolicy')).toContain('`arn:${AWS::Partition}:s3:::${Labels}/*`');
    expect(hoverOn('DynamoDBWritePolicy')).toContain(
      '`arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/orders`',
    );
    expect(hoverOn('AMIDescribePolicy')).toContain('`ec2:DescribeImages` on every resource');
    expect(hoverOn('UnheardOfPolicy')).toBeUndefined();
    expect(hoverOn('ReadOnlyAccess')).toBeUndefined();
  });

  test('is so in JSON, and where the template holds other policies', () => {
    const json = JSON.stringify({
      Resources: {
        F: {
          Type: 'AWS::Serverless::Function',
          Properties: { Policies: [{ SQSPollerPolicy: { QueueName: 'q' } }, { Statement: [{ Effect: 'Allow' }] }] },
        },
      },
    });
    expect(hoverOn('SQSPollerPolicy', json, 'template.json')).toContain(':sqs:${AWS::Region}:${AWS::AccountId}:q');
  });

  test('is no policy of the template', () => {
    const module = analyzeText('template.yaml', TEMPLATE);
    expect(module?.module.sites).toEqual([]);
    expect(module?.judgement.findings).toEqual([]);
  });
});

test('every row of the table is a policy, and its actions name services', () => {
  const names = data.templates.map((line) => line.slice(0, line.indexOf(' ')));
  expect(new Set(names).size).toBe(names.length);
  expect(names.length).toBe(81);
  let actions = 0;
  for (const name of names) {
    const text = TEMPLATE.replace('S3ReadPolicy', name);
    const [grant] = analyzeText('template.yaml', text)?.module.grants ?? [];
    const policy = grant && readPolicy({ ...grant, kind: 'identity', address: '', versionImplied: true });
    expect(policy?.statements.length, name).toBeGreaterThan(0);
    for (const { action, resource, strays } of policy?.statements ?? []) {
      expect(strays).toEqual([]);
      expect(resource?.items.every((item) => item.text.flat !== '')).toBe(true);
      for (const item of action?.items ?? []) {
        actions += 1;
        expect(item.text.flat, name).toMatch(/^[a-z][\w-]*:[A-Z*]\w*\*?$/);
      }
    }
  }
  expect(actions).toBeGreaterThan(300);
});
