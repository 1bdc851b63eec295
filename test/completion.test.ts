// What fits at the cursor, as text in, text out. `<|>` marks the cursor.
import { describe, expect, test } from 'vitest';
import { DEFAULT_CONFIG } from '../server/src/config/config.ts';
import { type Completions, completionsAt } from '../server/src/features/completion.ts';
import { analyzeText, catalog } from './context.ts';

function complete(marked: string, path = 'policy.json', config = DEFAULT_CONFIG): Completions | undefined {
  const offset = marked.indexOf('<|>');
  if (offset < 0) throw new Error('no cursor');
  const analysis = analyzeText(path, marked.replace('<|>', ''), { config });
  return analysis && completionsAt(analysis, path, offset, { catalog: catalog(), config });
}

const inserts = (found: Completions | undefined) => (found?.items ?? []).map(({ insert }) => insert);

/** A policy of one statement. */
const policy = (statement: string) => `{ "Version": "2012-10-17", "Statement": [{ "Effect": "Allow", ${statement} }] }`;

describe('actions', () => {
  test('services before the colon', () => {
    const found = complete(policy('"Action": "<|>", "Resource": "*"'));
    expect(inserts(found)).toContain('sagemaker:');
    expect(found?.items.find(({ insert }) => insert === 's3:')).toEqual({
      kind: 'service',
      insert: 's3:',
      detail: 'Amazon S3',
      documentation: '',
    });
    expect(found?.span.start).toBe(found?.span.end);
    expect(complete(policy('"Action": <|>"", "Resource": "*"'))).toBeUndefined();
  });

  test('the actions of a service behind it, in place of all that is typed', () => {
    const marked = policy('"Action": ["S3:GetO<|>bj", "s3:GetObject"], "Resource": "*"');
    const found = complete(marked);
    expect(inserts(found)).toContain('s3:GetObjectTagging');
    expect(marked.replace('<|>', '').slice(found?.span.start, found?.span.end)).toBe('S3:GetObj');
    const put = found?.items.find(({ insert }) => insert === 's3:PutObject');
    expect(put).toMatchObject({ kind: 'action', detail: 'Write' });
    expect(put?.documentation).toContain('add an object to a bucket');
  });

  test('what the list holds is not offered again, but for the word itself', () => {
    expect(inserts(complete(policy('"Action": ["s3:G<|>", "s3:getobject"], "Resource": "*"')))).not.toContain(
      's3:GetObject',
    );
    expect(inserts(complete(policy('"Action": "s3:GetObject<|>", "Resource": "*"')))).toContain('s3:GetObject');
  });

  test('no wildcards, and nothing of services that there are not', () => {
    expect(
      inserts(complete(policy('"Action": "s3:<|>", "Resource": "*"'))).filter((name) => name.includes('*')),
    ).toEqual([]);
    expect(complete(policy('"Action": "s4:<|>", "Resource": "*"'))).toBeUndefined();
  });

  test('in a heredoc and in a data block', () => {
    const block =
      'data "aws_iam_policy_document" "d" {\n  statement {\n    actions   = ["ecr:<|>"]\n    resources = ["*"]\n  }\n}\n';
    expect(inserts(complete(block, 'main.tf'))).toContain('ecr:BatchGetImage');
    const heredoc = `resource "aws_iam_policy" "p" {\n  policy = <<-EOT\n    ${policy('"NotAction": "ecr:<|>", "Resource": "*"')}\n  EOT\n}\n`;
    expect(inserts(complete(heredoc, 'main.tf'))).toContain('ecr:BatchGetImage');
    expect(complete(block.replace('ecr:', '$' + '{var.service}:'), 'main.tf')).toBeUndefined();
  });
});

describe('resources', () => {
  test('the ARNs of what the actions act on, with parts to be filled in', () => {
    const found = complete(policy('"Action": ["s3:GetObject", "s3:ListBucket"], "Resource": "<|>"'));
    expect([...inserts(found)].sort()).toEqual([
      'arn:aws:s3:::REPLACE_ME_BUCKET_NAME',
      'arn:aws:s3:::REPLACE_ME_BUCKET_NAME/*',
      'arn:aws:s3:REPLACE_ME_REGION:REPLACE_ME_ACCOUNT:accesspoint/REPLACE_ME_ACCESS_POINT_NAME',
      'arn:aws:s3:REPLACE_ME_REGION:REPLACE_ME_ACCOUNT:accesspoint/REPLACE_ME_ACCESS_POINT_NAME/object/*',
    ]);
    expect(found?.items.map(({ detail }) => detail)).toContain('Amazon S3: bucket');
  });

  test('what the document tells of account and Region is in them', () => {
    const statement = '"Action": "sqs:SendMessage", "Resource": ["arn:aws:sqs:eu-central-1:111122223333:jobs", "<|>"]';
    expect(inserts(complete(policy(statement)))).toEqual([
      'arn:aws:sqs:eu-central-1:111122223333:REPLACE_ME_QUEUE_NAME',
    ]);
    const config = { ...DEFAULT_CONFIG, accounts: { ...DEFAULT_CONFIG.accounts, own: ['444455556666'] } };
    expect(inserts(complete(policy('"Action": "sqs:SendMessage", "Resource": "<|>"'), 'policy.json', config))).toEqual([
      'arn:aws:sqs:REPLACE_ME_REGION:444455556666:REPLACE_ME_QUEUE_NAME',
    ]);
  });

  test('nothing where the actions say nothing of resources', () => {
    expect(complete(policy('"Action": "*", "Resource": "<|>"'))).toBeUndefined();
    expect(complete(policy('"NotAction": "s3:GetObject", "Resource": "<|>"'))).toBeUndefined();
    expect(complete(policy('"Action": "sts:GetCallerIdentity", "Resource": "<|>"'))).toBeUndefined();
  });
});

describe('conditions', () => {
  test('operators', () => {
    const found = complete(
      policy('"Action": "s3:GetObject", "Resource": "*", "Condition": { "<|>": { "s3:prefix": "a" } }'),
    );
    expect(inserts(found)).toContain('StringNotEquals');
    expect(found?.span.start).toBe(found?.span.end);
    expect(found?.items.find(({ insert }) => insert === 'ArnLike')?.documentation).toContain('part by part');
  });

  test('keys of the services, then those of every request', () => {
    const found = complete(policy('"Action": "s3:*", "Resource": "*", "Condition": { "StringLike": { "<|>": "a" } }'));
    const names = inserts(found);
    expect(names.indexOf('s3:prefix')).toBeGreaterThan(-1);
    expect(names.indexOf('s3:prefix')).toBeLessThan(names.indexOf('aws:PrincipalOrgID'));
    expect(names).toContain('aws:ResourceTag/REPLACE_ME_KEY');
    expect(found?.items.find(({ insert }) => insert === 'aws:SourceIp')?.documentation).toContain('**Present**');
    expect(new Set(names).size).toBe(names.length);
  });
});

test('nothing elsewhere', () => {
  expect(complete('{ "a": "<|>" }')).toBeUndefined();
  expect(complete(policy('"Sid": "A<|>", "Action": "s3:GetObject", "Resource": "*"'))).toBeUndefined();
});
