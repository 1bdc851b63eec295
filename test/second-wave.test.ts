// The second wave of rules: it adds to the first and takes nothing away, can be stopped between steps, and is dropped
// when a text changes under it.
import { describe, expect, test } from 'vitest';
import type { Diagnostic } from 'vscode-languageserver/node';
import { type Needless, needlessStatements } from '../server/src/access/needless.ts';
import { analyze, analyzeFurther, analyzeWhole } from '../server/src/analysis.ts';
import type { OpenDocument } from '../server/src/lsp/buffers.ts';
import { readSettings } from '../server/src/lsp/settings.ts';
import { openWorkspace } from '../server/src/lsp/workspace.ts';
import { allow, deny, type Json, policy, terms, termsWithHoles } from './access/policies.ts';
import { catalog, contextOf } from './context.ts';
import { type Client, files, PULL, started, useServer } from './lsp-client.ts';

useServer();

function rulesOf(analysis: { readonly findings: readonly { readonly rule: string }[] }): readonly string[] {
  return analysis.findings.map(({ rule }) => rule);
}

const SHADOWED = policy(allow('s3:GetObjekt', 'arn:aws:s3:::b/*'), deny('s3:*'));

describe('both waves', () => {
  test('the first is without the second, which adds to it', () => {
    const sources = [{ path: 'policy.json', text: SHADOWED }];
    const first = analyze(sources, contextOf());
    expect(rulesOf(first)).toEqual(['unknown-action']);
    const both = analyzeWhole(sources, contextOf());
    expect(rulesOf(both)).toEqual(['shadowed-statement', 'unknown-action']);
    expect(both.modules[0]?.judgement.wave).toBe('second');
    expect(rulesOf(analyzeWhole([], contextOf(), both))).toEqual([]);
  });

  test('goes in steps, and what is stopped leaves the first as it was', () => {
    const many = policy(...Array.from({ length: 50 }, (_, i) => allow(`s3:Get${i}`)), deny('s3:*'));
    const first = analyze([{ path: 'policy.json', text: many }], contextOf());
    const before = rulesOf(first);
    const steps = analyzeFurther(first, contextOf());
    for (let i = 0; i < 20; i++) expect(steps.next().done).toBe(false);
    expect(rulesOf(first)).toEqual(before);
    expect(before).not.toContain('shadowed-statement');
  });

  test('a document that changes ends it early', async () => {
    const uri = 'file:///policies/policy.json';
    let document: OpenDocument = { uri, languageId: 'json', version: 1, getText: () => SHADOWED };
    let typing = true;
    const workspace = openWorkspace({
      catalog: catalog(),
      document: (other) => (other === uri ? document : undefined),
      documents: () => [document],
      settings: () => readSettings({}),
      folders: () => [],
      today: () => {
        // Between reading the text and the second wave.
        if (typing) document = { ...document, version: 2, getText: () => SHADOWED.replace('GetObjekt', 'GetObjket') };
        typing = false;
        return '2026-01-31';
      },
      onBug: (rule, _path, error) => {
        throw new Error(`${rule}: ${String(error)}`);
      },
    });
    const inspected = async () => (await workspace.inspect(uri))?.analysis?.judgement.findings.map(({ rule }) => rule);
    expect(await workspace.further(uri)).toBe(false);
    expect(document.version).toBe(2);
    expect(await inspected()).toEqual(['unknown-action']);
    const [one, other] = [workspace.further(uri), workspace.further(uri)];
    expect([await one, await other]).toEqual([true, true]);
    expect(await inspected()).toEqual(['shadowed-statement', 'unknown-action']);
  });
});

describe('in the editor', () => {
  const REDUNDANT = `{
  "Version": "2012-10-17",
  "Statement": [
    { "Sid": "All", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*" },
    { "Sid": "Some", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/x/*" }
  ]
}
`;
  const last = { start: { line: 4, character: 4 }, end: { line: 4, character: 100 } };
  const both = [
    { code: 'redundant-statement', severity: 3, range: { start: { line: 4, character: 14 } } },
    { code: 'redundant-statement', severity: 4, range: last, tags: [1] },
  ];

  /** Pulls until there is something; each wait is for the server to ask for it. */
  async function pulled(client: Client, uri: string): Promise<Diagnostic[]> {
    const refreshed = client.refreshedBy(() => undefined);
    const items = await client.items(uri);
    if (items.length > 0) return items;
    await refreshed;
    return client.items(uri);
  }

  test('reaches a client that pulls, with a fix, and greys out the statement', async () => {
    const client = await started();
    const uri = files({})('policy.json');
    await client.open(uri, REDUNDANT);
    expect(await pulled(client, uri)).toMatchObject(both);
    const quickFixes = async (...place: Parameters<typeof client.actions>) =>
      (await client.actions(...place)).filter(({ kind }) => kind === 'quickfix');
    const [action] = await quickFixes(uri, { start: last.start, end: last.start });
    expect(action).toBeUndefined();
    const [fix] = await quickFixes(uri, { start: { line: 4, character: 16 }, end: { line: 4, character: 16 } });
    expect(fix?.title).toBe('Remove `Some`');
    await client.change(uri, { range: last, text: '{ "Effect": "Deny", "Action": "iam:*", "Resource": "*" }' });
    expect(await client.items(uri)).toEqual([]);
  });

  test('comes with the first answer where the client cannot be asked to pull again', async () => {
    const client = await started({ textDocument: PULL.textDocument ?? {} });
    const uri = files({})('policy.json');
    await client.open(uri, REDUNDANT);
    expect(await client.items(uri)).toMatchObject(both);
  });

  test('reaches a client that does not pull', async () => {
    const client = await started({});
    const uri = files({})('policy.json');
    await client.open(uri, REDUNDANT);
    await client.when(() => client.published.get(uri)?.length === 2);
    expect(client.published.get(uri)).toMatchObject(both);
  });
});

describe('needless statements', () => {
  const found = (...statements: readonly Json[]) => drained(terms(...statements));

  test('of two equal ones the later; of one within another the inner', () => {
    expect(found(allow('a:b'), allow('a:b'), allow('a:b'))).toEqual([
      { index: 1, why: 'redundant', by: [0] },
      { index: 2, why: 'redundant', by: [0] },
    ]);
    expect(found(allow('s3:GetObject'), allow('s3:Get*'), allow('s3:*'))).toEqual([
      { index: 0, why: 'redundant', by: [2] },
      { index: 1, why: 'redundant', by: [2] },
    ]);
    expect(found(deny('s3:GetObject'), deny('s3:*'))).toEqual([{ index: 0, why: 'redundant', by: [1] }]);
  });

  test('those that only several cover count on none that may go itself', () => {
    const three = [allow('s3:Get*'), allow('s3:Put*'), allow(['s3:GetObject', 's3:PutObject'])];
    expect(found(...three)).toEqual([{ index: 2, why: 'redundant', by: [0, 1] }]);
    const circle = [allow(['a:1', 'a:2']), allow(['a:2', 'a:3']), allow(['a:3', 'a:1'])];
    expect(found(...circle)).toEqual([]);
  });

  test('dead and shadowed ones', () => {
    const never = { Condition: { StringEquals: { k: 'a' }, StringNotLike: { k: '?' } } };
    expect(found(allow('a:b'), allow('a:c', '*', never))).toEqual([{ index: 1, why: 'dead', by: [] }]);
    expect(found(allow('s3:Get*'), deny('s3:*'))).toEqual([{ index: 0, why: 'shadowed', by: [1] }]);
    expect(found(allow('s3:Get*'), deny(['s3:*'], 'arn:aws:s3:::b/*'))).toEqual([]);
  });

  test('holes are equal where they are the same, and nothing for certain otherwise', () => {
    const one = termsWithHoles(allow('s3:*', '<<r>>'), allow('s3:Get*', '<<r>>'), allow('s3:Get*', '<<q>>'));
    expect(drained(one)).toEqual([{ index: 1, why: 'redundant', by: [0] }]);
  });

  test('two hundred statements of any kind are done in bounded work', () => {
    const hostile = Array.from({ length: 200 }, (_, i) =>
      allow(`s3:*a${i}*b*c*`, [`arn:aws:s3:::*${i}*x*y*`, `arn:aws:s3:::*z${i}*`], {
        Condition: { StringLike: { k: `*${i}*b*`, l: `*${i}*c*` } },
      }),
    );
    expect(drained(terms(...hostile)).every(({ index }) => index < 200)).toBe(true);
    expect(drained(terms(...Array.from({ length: 200 }, () => allow('a:b'))))).toHaveLength(199);
    expect(drained(terms(...Array.from({ length: 501 }, () => allow('a:b'))))).toEqual([]);
  });
});

function drained(statements: ReturnType<typeof terms>): readonly Needless[] {
  const steps = needlessStatements(statements);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}
