// The language server as an editor meets it: the bundle in a process of its own, spoken to over standard input and output.
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { CompletionItem, DocumentSymbol } from 'vscode-languageserver/node';
import { Client, clients, files, PULL, place, started, useServer } from './lsp-client.ts';

useServer();

const MISSPELT = `{
  "Version": "2012-10-17",
  "Statement": [{ "Sid": "Read", "Effect": "Allow", "Action": "s3:GetObjct", "Resource": "arn:aws:s3:::b/*" }]
}
`;
const LINE = MISSPELT.split('\n')[2] ?? '';
const COLUMN = LINE.indexOf('s3:GetObjct');
const PLACE = { start: { line: 2, character: COLUMN }, end: { line: 2, character: COLUMN + 's3:GetObjct'.length } };

describe('a client that pulls', () => {
  test.each([
    [false, 'arn:aws:s3:::REPLACE_ME_BUCKET_NAME', 1],
    [true, 'arn:aws:s3:::$' + '{1:REPLACE_ME_BUCKET_NAME}', 2],
  ])('completes words; with tab-stops: %s', async (snippetSupport, newText, insertTextFormat) => {
    const completion = { completionItem: { snippetSupport } };
    const client = await started({ ...PULL, textDocument: { ...PULL.textDocument, completion } });
    const uri = files({})('policy.json');
    await client.open(uri, MISSPELT.replace('GetObjct', 'DeleteBucket').replace('arn:aws:s3:::b/*', ''));
    const column = LINE.indexOf('arn:aws') + 'DeleteBucket'.length - 'GetObjct'.length;
    const at = (character: number) =>
      client.connection.sendRequest<CompletionItem[]>('textDocument/completion', {
        textDocument: { uri },
        position: { line: 2, character },
      });
    const [arn] = await at(column);
    const empty = { line: 2, character: column };
    expect(arn).toMatchObject({ insertTextFormat, textEdit: { range: { start: empty, end: empty }, newText } });
    const actions = await at(COLUMN + 's3:Del'.length);
    expect(actions.find(({ label }) => label === 's3:DeleteObject')).toMatchObject({
      detail: 'Write',
      textEdit: { range: { start: PLACE.start }, newText: 's3:DeleteObject' },
    });
    expect(await at(2)).toEqual([]);
  });

  test('gets diagnostics, fixes, hovers and the outline, and sees them change with the text', async () => {
    const client = await started();
    const uri = files({})('policy.json');
    await client.open(uri, MISSPELT);
    const [item, ...rest] = await client.items(uri);
    expect(rest).toEqual([]);
    expect(item).toMatchObject({
      range: PLACE,
      severity: 2,
      source: 'leastwise',
      code: 'unknown-action',
      codeDescription: { href: 'https://github.com/leastwise/leastwise/blob/main/docs/rules/unknown-action.md' },
    });
    const [action] = await client.actions(uri, PLACE, item ? [item] : []);
    expect(action).toMatchObject({ kind: 'quickfix', diagnostics: [{ code: 'unknown-action' }] });
    const [change] = action?.edit?.documentChanges ?? [];
    expect(change).toMatchObject({ textDocument: { uri, version: 1 } });
    const edits = change && 'edits' in change ? change.edits : [];
    for (const edit of edits)
      if ('newText' in edit) await client.change(uri, { range: edit.range, text: edit.newText });
    expect(await client.items(uri)).toEqual([]);
    expect(await client.actions(uri, PLACE)).toEqual([]);
    const hover = await client.hover(uri, 2, COLUMN + 4);
    expect(JSON.stringify(hover?.contents)).toContain('Amazon S3');
    expect(hover?.range?.start).toEqual(PLACE.start);
    const symbols = await client.connection.sendRequest<DocumentSymbol[]>('textDocument/documentSymbol', {
      textDocument: { uri },
    });
    expect(symbols[0]?.children?.map(({ name }) => name)).toEqual(['Read']);
  });

  test('an answer that still holds is not sent again', async () => {
    const client = await started();
    const uri = files({})('policy.json');
    await client.open(uri, MISSPELT);
    const first = await client.pull(uri);
    expect(first.resultId).toBeDefined();
    expect(await client.pull(uri, first.resultId)).toEqual({ kind: 'unchanged', resultId: first.resultId });
    await client.change(uri, {
      range: { start: { line: 0, character: 1 }, end: { line: 0, character: 1 } },
      text: ' ',
    });
    expect((await client.pull(uri, first.resultId)).kind).toBe('full');
  });

  test('settings count at the start and when they change', async () => {
    const client = await started(PULL, { settings: { level: 'error' } });
    client.settings = { level: 'error' };
    const uri = files({})('policy.json');
    await client.open(uri, MISSPELT);
    expect(await client.rules(uri)).toEqual([]);
    await client.registered();
    client.settings = { level: 'info' };
    await client.refreshedBy(() =>
      client.connection.sendNotification('workspace/didChangeConfiguration', { settings: null }),
    );
    expect(await client.rules(uri)).toEqual(['unknown-action']);
    client.settings = { enable: false };
    await client.refreshedBy(() =>
      client.connection.sendNotification('workspace/didChangeConfiguration', { settings: null }),
    );
    expect(await client.rules(uri)).toEqual([]);
    expect(await client.hover(uri, 2, COLUMN + 4)).toBeNull();
  });

  test('leastwise.json counts: the nearest, unsaved before saved, and its own problems are shown', async () => {
    const client = await started();
    const at = files({ 'leastwise.json': '{}', 'deep/leastwise.json': '{ "rules": { "unknown-action": "off" } }' });
    await client.open(at('policy.json'), MISSPELT);
    await client.open(at('deep/er/policy.json'), MISSPELT);
    expect(await client.rules(at('policy.json'))).toEqual(['unknown-action']);
    expect(await client.rules(at('deep/er/policy.json'))).toEqual([]);
    await client.refreshedBy(() =>
      client.open(at('deep/leastwise.json'), '{ "rules": { "unknown-action": "error", "unknown-acton": "off" } }'),
    );
    expect((await client.items(at('deep/er/policy.json')))[0]).toMatchObject({ code: 'unknown-action', severity: 1 });
    expect(await client.rules(at('deep/leastwise.json'))).toEqual(['configuration']);
    await client.refreshedBy(() => client.close(at('deep/leastwise.json')));
    expect(await client.rules(at('deep/er/policy.json'))).toEqual([]);
    writeFileSync(new URL(at('deep/leastwise.json')), '{}');
    await client.refreshedBy(() =>
      client.connection.sendNotification('workspace/didChangeWatchedFiles', {
        changes: [{ uri: at('deep/leastwise.json'), type: 2 }],
      }),
    );
    expect(await client.rules(at('deep/er/policy.json'))).toEqual(['unknown-action']);
  });

  test('every finding can be ignored with a reason: in the nearest leastwise.json, or in one that is made', async () => {
    const able = { ...PULL.workspace?.workspaceEdit, resourceOperations: ['create' as const] };
    const creates = { ...PULL, workspace: { ...PULL.workspace, workspaceEdit: able } };
    const lastFor = async (at: (name: string) => string, client: Client) => {
      const uri = at('policies/a.json');
      await client.open(uri, MISSPELT);
      return (await client.actions(uri, PLACE)).at(-1);
    };
    const bare = files({ 'policies/a.json': MISSPELT });
    const made = await lastFor(bare, await started(creates));
    expect(made?.title).toBe('Ignore `unknown-action` for `Read` in leastwise.json, with a reason');
    expect(made?.isPreferred).toBeUndefined();
    expect(made?.edit?.documentChanges).toMatchObject([
      { kind: 'create', uri: bare('policies/leastwise.json') },
      { textDocument: { version: null }, edits: [{ newText: expect.stringContaining('"file": "a.json"') }] },
    ]);
    expect((await lastFor(bare, await started()))?.title).not.toContain('Ignore');
    const governed = files({ 'policies/a.json': MISSPELT, 'leastwise.json': '{ "preset": "all" }' });
    const entry = await lastFor(governed, await started());
    expect(entry?.edit?.documentChanges).toMatchObject([
      {
        textDocument: { uri: governed('leastwise.json') },
        edits: [{ newText: expect.stringContaining('"file": "policies/a.json"') }],
      },
    ]);
  });

  test('in a workspace that is not trusted its ignores do not silence, and the status says so', async () => {
    const client = await started(PULL, { trusted: false });
    const at = files({ 'leastwise.json': '{ "ignore": [{ "rule": "unknown-action", "reason": "trust me" }] }' });
    await client.open(at('policy.json'), MISSPELT);
    const status = () =>
      client.connection.sendRequest('leastwise/status', { textDocument: { uri: at('policy.json') } });
    expect(await client.items(at('policy.json'))).toMatchObject([
      { severity: 3, message: expect.stringContaining('ignored by this workspace: trust me') },
    ]);
    expect(await status()).toMatchObject({
      trusted: false,
      findings: 0,
      hidden: [{ rule: 'unknown-action', line: 2, reason: 'trust me', by: 'config' }],
    });
    await client.refreshedBy(() => client.connection.sendNotification('leastwise/trust', { trusted: true }));
    expect(await client.items(at('policy.json'))).toEqual([]);
    expect(await status()).toMatchObject({ trusted: true, policies: [{ kind: 'identity', statements: 1 }] });
  });
});

describe('Terraform modules', () => {
  const main = (list: string) =>
    `data "aws_iam_policy_document" "d" {\n  statement {\n    actions   = ${list}\n    resources = ["arn:aws:s3:::b/*"]\n  }\n}\n`;

  test('files of a folder are one module; unsaved text counts before the disk, and the disk again after closing', async () => {
    const client = await started();
    const at = files({
      'main.tf': main('["s3:GetObject"]'),
      'other.tf': main('["s3:GetObjct"]').replace('"d"', '"e"'),
    });
    await client.open(at('main.tf'), main('["s3:GetObjct"]'), 'terraform');
    expect(await client.items(at('main.tf'))).toMatchObject([
      { code: 'unknown-action', range: { start: { line: 2, character: 18 } } },
    ]);
    // The sibling's finding is its own.
    await client.refreshedBy(() =>
      client.open(at('other.tf'), main('["s3:GetObject"]').replace('"d"', '"e"'), 'terraform'),
    );
    expect(await client.items(at('other.tf'))).toEqual([]);
    await client.close(at('other.tf'));
    expect(await client.rules(at('main.tf'))).toEqual(['unknown-action']);
  });

  test('templates are read by name, and by the word of the editor where there is none', async () => {
    const client = await started();
    const text = 'Statement:\n  - Effect: Allow\n    Action: s3:GetObjct\n    Resource: a\n';
    const codes = async (uri: string) => (await client.items(uri)).map(({ code }) => code);
    const named = files({})('stack.template');
    await client.open(named, text, 'plaintext');
    expect(await codes(named)).toContain('unknown-action');
    await client.open('untitled:Untitled-1', text, 'yaml');
    expect(await codes('untitled:Untitled-1')).toContain('unknown-action');
  });

  test('a sibling that comes later is seen without a word on it being open', async () => {
    const client = await started();
    const at = files({});
    await client.open(at('main.tf'), main('["s3:GetObjct"]'), 'plaintext');
    expect(await client.rules(at('main.tf'))).toEqual(['unknown-action']);
    writeFileSync(new URL(at('locals.tf')), 'locals { a = "x" }\n');
    await client.refreshedBy(() =>
      client.connection.sendNotification('workspace/didChangeWatchedFiles', {
        changes: [{ uri: at('locals.tf'), type: 1 }],
      }),
    );
    expect(await client.rules(at('main.tf'))).toEqual(['unknown-action']);
  });
});

test('a client that does not pull is told, also when nothing is left to say and when the document is closed', async () => {
  const client = await started({});
  const uri = files({})('policy.json');
  await client.open(uri, MISSPELT);
  await client.when(() => client.published.get(uri)?.length === 1);
  await client.change(uri, { text: MISSPELT.replace('Objct', 'Object') });
  await client.when(() => client.published.get(uri)?.length === 0);
  await client.change(uri, { text: MISSPELT });
  await client.when(() => client.published.get(uri)?.length === 1);
  await client.close(uri);
  await client.when(() => client.published.get(uri)?.length === 0);
  // Settings come with the notification where the client cannot be asked.
  await client.open(uri, MISSPELT);
  await client.when(() => client.published.get(uri)?.length === 1);
  await client.connection.sendNotification('workspace/didChangeConfiguration', {
    settings: { leastwise: { enable: false } },
  });
  await client.when(() => client.published.get(uri)?.length === 0);
});

describe('bad input', () => {
  test('documents of every sort, places outside of them and requests about nothing get an answer', async () => {
    const client = await started();
    const at = files({});
    const texts = [
      '',
      '\uFEFF{}',
      '\0\u0001"Statement"',
      '{ "Statement": ['.repeat(2000),
      MISSPELT.slice(0, 120),
      '[]'.repeat(1000),
      MISSPELT.replaceAll('\n', '\r\n'),
    ];
    for (const [index, text] of texts.entries()) {
      for (const [name, language] of [
        [`${index}.json`, 'json'],
        [`${index}.tf`, 'terraform'],
        [`${index}.txt`, 'plaintext'],
      ] as const) {
        const uri = at(name);
        await client.open(uri, text, language);
        await client.pull(uri);
        await client.hover(uri, 99_999, 99_999);
        await client.hover(uri, 0, 5);
        await client.actions(uri, { start: { line: 7, character: 1 }, end: { line: 3, character: 0 } });
        await client.change(uri, {
          range: { start: { line: 50, character: 9 }, end: { line: 60, character: 1 } },
          text: '"',
        });
        await client.pull(uri);
      }
    }
    expect(await client.items('file:///nowhere/at/all.json')).toEqual([]);
    expect(await client.items('not a uri')).toEqual([]);
    await client.open('untitled:Untitled-1', MISSPELT, 'json');
    expect(await client.rules('untitled:Untitled-1')).toEqual(['unknown-action']);
    await expect(client.connection.sendRequest('leastwise/none', {})).rejects.toThrow();
    expect(await client.connection.sendRequest('leastwise/status', {})).toBeNull();
    expect(client.log.filter((line) => !line.startsWith('status failed'))).toEqual([]);
    expect(client.process.exitCode).toBeNull();
    expect(await client.end()).toBe(0);
  });

  test('messages that are none are passed over', async () => {
    const client = new Client();
    clients.push(client);
    for (const text of ['{]', '[1,2]', '"x"', '{"jsonrpc":"2.0","id":9}']) {
      client.process.stdin?.write(`Content-Length: ${text.length}\r\n\r\n${text}`);
    }
    await client.start();
    await client.open('untitled:a', MISSPELT);
    expect(await client.rules('untitled:a')).toEqual(['unknown-action']);
  });

  test('a request that is cancelled says so, and the next is answered', async () => {
    const client = await started();
    const uri = files({})('policy.json');
    await client.open(uri, MISSPELT);
    const { CancellationTokenSource } = await import('vscode-languageserver/node');
    const source = new CancellationTokenSource();
    const params = { textDocument: { uri }, position: PLACE.start };
    const answer = client.connection.sendRequest('textDocument/hover', params, source.token).then(
      () => 'answered',
      () => 'cancelled',
    );
    source.cancel();
    expect(['answered', 'cancelled']).toContain(await answer);
    expect(await client.rules(uri)).toEqual(['unknown-action']);
  });
});

test('without its catalog the server says so and reports what needs none', async () => {
  const alone = join(place.folder, 'alone', 'server.js');
  mkdirSync(join(place.folder, 'alone'));
  cpSync(place.bundle, alone);
  const kept = place.bundle;
  place.bundle = alone;
  const client = await started().finally(() => {
    place.bundle = kept;
  });
  const uri = files({})('policy.json');
  await client.open(uri, MISSPELT.replace('Allow', 'Alow'));
  expect(await client.rules(uri)).toContain('invalid-effect');
  expect(client.log.join('\n')).toContain('catalog');
});
