/** Modules that call others, in the editor: what is read, what is shown where, and what is left alone. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are HCL's interpolations
import { writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { files, PULL, started, useServer } from './lsp-client.ts';

useServer();

const call = (action: string, source = '../modules/writer') =>
  `module "writer" {\n  source  = "${source}"\n  actions = ["${action}"]\n}\n`;
const writer = (resource: string) =>
  `variable "actions" {}\n\ndata "aws_iam_policy_document" "writer" {\n  statement {\n    actions   = var.actions\n    resources = ["${resource}"]\n  }\n}\n`;
const contents = { 'live/main.tf': call('s3:GetObjct'), 'modules/writer/main.tf': writer('arn:aws:s3:::b/*') };

test('files of the folder that nobody has opened count', async () => {
  const text = writer('arn:aws:s3:::b/*').replace('var.actions', 'local.actions');
  const at = files({ 'main.tf': text, 'locals.tf': 'locals {\n  actions = ["s3:*"]\n}\n' });
  const client = await started();
  await client.open(at('main.tf'), text, 'terraform');
  expect(await client.items(at('main.tf'))).toEqual([]);
  await client.open(at('locals.tf'), 'locals {\n  actions = ["s3:*"]\n}\n', 'terraform');
  await client.close(at('main.tf'));
  expect(await client.rules(at('locals.tf'))).toEqual(['wildcard-action']);
});

describe('a module that is called', () => {
  test('is read: an argument is judged by what becomes of it', async () => {
    const at = files(contents);
    const client = await started(PULL, {}, at('.'));
    await client.open(at('live/main.tf'), contents['live/main.tf'], 'terraform');
    expect(await client.items(at('live/main.tf'))).toMatchObject([
      {
        code: 'unknown-action',
        range: { start: { line: 2, character: 14 } },
        relatedInformation: [
          { location: { uri: at('modules/writer/main.tf'), range: { start: { line: 2, character: 0 } } } },
        ],
      },
    ]);
  });

  test('is not read where it lies outside of the workspace', async () => {
    const at = files(contents);
    for (const workspace of [at('live'), undefined]) {
      const client = await started(PULL, {}, workspace);
      await client.open(at('live/main.tf'), contents['live/main.tf'], 'terraform');
      expect(await client.items(at('live/main.tf'))).toEqual([]);
    }
  });

  test('counts as it is typed, and shows what its callers make of it', async () => {
    const at = files({ ...contents, 'live/main.tf': call('s3:PutObject') });
    const client = await started(PULL, {}, at('.'));
    await client.open(at('live/main.tf'), call('s3:PutObject'), 'terraform');
    expect(await client.items(at('live/main.tf'))).toEqual([]);
    await client.refreshedBy(async () => {
      await client.open(at('modules/writer/main.tf'), writer('*'), 'terraform');
      await client.items(at('modules/writer/main.tf'));
    });
    expect(await client.items(at('modules/writer/main.tf'))).toMatchObject([
      {
        code: 'unscoped-resource',
        message: expect.stringContaining('as `module.writer` calls it'),
        relatedInformation: [{ location: { uri: at('live/main.tf') } }],
      },
    ]);
  });

  test('is read again when it changes on the disk', async () => {
    const at = files({ ...contents, 'modules/writer/main.tf': 'variable "actions" {}\n' });
    const client = await started(PULL, {}, at('.'));
    await client.open(at('live/main.tf'), contents['live/main.tf'], 'terraform');
    expect(await client.items(at('live/main.tf'))).toEqual([]);
    writeFileSync(new URL(at('modules/writer/main.tf')), contents['modules/writer/main.tf']);
    await client.refreshedBy(() =>
      client.connection.sendNotification('workspace/didChangeWatchedFiles', {
        changes: [{ uri: at('modules/writer/main.tf'), type: 2 }],
      }),
    );
    expect(await client.rules(at('live/main.tf'))).toEqual(['unknown-action']);
  });
});

test('a template that is read in: a kind that its place dictates, and its changes', async () => {
  const text = 'resource "aws_sqs_queue" "q" {\n  policy = file("${path.module}/policies/queue.json")\n}\n';
  const policy = (action: string) =>
    `{ "Version": "2012-10-17", "Statement": [{ "Effect": "Allow", "Principal": "*", "Action": "${action}", "Resource": "*" }] }`;
  const at = files({ 'main.tf': text, 'policies/queue.json': policy('sqs:SendMessage') });
  const client = await started(PULL, {}, at('.'));
  await client.open(at('main.tf'), text, 'terraform');
  expect(await client.items(at('main.tf'))).toEqual([]);
  await client.open(at('policies/queue.json'), policy('s3:GetObject'), 'json');
  await client.refreshedBy(async () => {
    await client.items(at('policies/queue.json'));
  });
  const found = await client.items(at('policies/queue.json'));
  expect(found.map(({ code, message }) => [code, String(message).includes('reads it')])).toContainEqual([
    'foreign-resource',
    true,
  ]);
});
