/** Refactors in the protocol's words: kinds, when they are offered, and the edit when one is chosen. */
import { describe, expect, test } from 'vitest';
import type { CodeAction, TextDocumentEdit } from 'vscode-languageserver/node';
import { type Client, files, PULL, started, useServer } from './lsp-client.ts';

useServer();

const POLICY = `{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Action": ["s3:PutObject", "kms:Decrypt"],
      "Resource": ["arn:aws:s3:::b/*"]
    }
  ]
}
`;
const TERRAFORM = `resource "aws_iam_policy" "p" {
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "kms:Decrypt", Resource = "*" }]
  })
}
`;
const LAZY = {
  ...PULL,
  textDocument: { ...PULL.textDocument, codeAction: { dataSupport: true, resolveSupport: { properties: ['edit'] } } },
};

async function opened(client: Client, name: string, text: string): Promise<string> {
  const uri = files({ [name]: text })(name);
  await client.open(uri, text);
  return uri;
}

/** What is offered in the line; `triggerKind` 1 is a person, 2 the cursor. */
function actionsIn(client: Client, uri: string, line: number, context: object): Promise<CodeAction[]> {
  const place = { line, character: 20 };
  const range = { start: place, end: place };
  return client.connection.sendRequest('textDocument/codeAction', {
    textDocument: { uri },
    range,
    context: { diagnostics: [], ...context },
  });
}

const refactorsIn = (actions: readonly CodeAction[]) => actions.filter(({ kind }) => kind?.startsWith('refactor'));

function textsOf(action: CodeAction | undefined): readonly string[] {
  const changes = (action?.edit?.documentChanges ?? []) as readonly TextDocumentEdit[];
  return changes.flatMap(({ edits }) => edits.map((edit) => ('newText' in edit ? edit.newText : '')));
}

describe('refactors', () => {
  test('are offered to who asks, with kinds and edits, and not to a cursor that passes by', async () => {
    const client = await started();
    const uri = await opened(client, 'policy.json', POLICY);
    const found = refactorsIn(await actionsIn(client, uri, 5, { triggerKind: 1 }));
    expect(found.map(({ title, kind }) => `${kind}: ${title}`)).toEqual([
      'refactor.rewrite: Sort the actions',
      'refactor.rewrite: Split the statement into 2, by service',
    ]);
    expect(textsOf(found[0])).toEqual(['"kms:Decrypt"', '"s3:PutObject"']);
    expect(refactorsIn(await actionsIn(client, uri, 5, {}))).toHaveLength(found.length);
    expect(refactorsIn(await actionsIn(client, uri, 5, { triggerKind: 2 }))).toEqual([]);
    expect(refactorsIn(await actionsIn(client, uri, 5, { only: ['quickfix'] }))).toEqual([]);
    expect(await actionsIn(client, uri, 5, { only: ['refactor.inline'] })).toEqual([]);
    expect(await actionsIn(client, uri, 5, { only: ['refactor'], triggerKind: 2 })).toHaveLength(found.length);
    expect(await actionsIn(client, uri, 0, { only: ['refactor'] })).toEqual([]);
  });

  test('of Terraform have kinds of their own', async () => {
    const client = await started();
    const uri = await opened(client, 'main.tf', TERRAFORM);
    const [extract] = await actionsIn(client, uri, 3, { only: ['refactor.extract'] });
    expect(extract).toMatchObject({
      kind: 'refactor.extract',
      title: 'Extract the policy to `data.aws_iam_policy_document.p`',
    });
    expect(textsOf(extract)).toContain('data.aws_iam_policy_document.p.json');
  });

  test('of a client that asks again have their edit only then', async () => {
    const client = await started(LAZY);
    const uri = await opened(client, 'policy.json', POLICY);
    const [sort, split] = await actionsIn(client, uri, 5, { only: ['refactor'] });
    expect(sort).not.toHaveProperty('edit');
    const resolve = (action: CodeAction | undefined): Promise<CodeAction> =>
      client.connection.sendRequest('codeAction/resolve', action);
    expect(textsOf(await resolve(sort))).toEqual(['"kms:Decrypt"', '"s3:PutObject"']);
    expect(textsOf(await resolve(split)).join('')).toContain('"kms:Decrypt"');
    expect(await resolve({ title: 'another', kind: 'quickfix' })).not.toHaveProperty('edit');
    const gone = { ...sort, title: 'Sort nothing' };
    expect(await resolve(gone)).not.toHaveProperty('edit');
  });
});
