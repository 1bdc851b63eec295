// The language server in every host: where findings stand, what is shown under the cursor, and that a fix which an editor
// applies leaves no finding. On the policies of the Rosetta test that are written by hand.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { CodeAction, CompletionItem, Position, TextEdit } from 'vscode-languageserver/node';
import { ROOT } from './context.ts';
import { files, started, useServer } from './lsp-client.ts';

useServer();

const FOLDER = join(ROOT, 'test/rosetta/hand/owns-a-folder');
const LANGUAGES = {
  'policy.json': 'json',
  'heredoc.tf': 'terraform',
  'jsonencode.tf': 'terraform',
  'document.tf': 'terraform',
  'template.yaml': 'yaml',
  'template.json': 'json',
} as const;

function positionOf(text: string, word: string): Position {
  const at = text.indexOf(word);
  const before = text.slice(0, at).split('\n');
  return { line: before.length - 1, character: before.at(-1)?.length ?? 0 };
}

/** The text edits of an action, all of one document. */
function editsOf({ edit }: CodeAction): readonly TextEdit[] {
  return (edit?.documentChanges ?? []).flatMap((change) =>
    'edits' in change ? change.edits.flatMap((one) => ('newText' in one ? [one] : [])) : [],
  );
}

describe.each(Object.entries(LANGUAGES))('%s', (name, language) => {
  const text = readFileSync(join(FOLDER, name), 'utf8');

  test('marks the very word, explains it, and mends it', async () => {
    const client = await started();
    const uri = files({})(name);
    await client.open(uri, text, language);
    const items = await client.items(uri);
    expect(items.map(({ code }) => code)).toEqual(['wrong-operator', 'unknown-action']);
    const misspelt = items.find(({ code }) => code === 'unknown-action');
    const start = positionOf(text, 's3:PutObjct');
    expect(misspelt?.range).toEqual({ start, end: { ...start, character: start.character + 's3:PutObjct'.length } });

    const known = positionOf(text, 's3:GetObject');
    const hover = await client.hover(uri, known.line, known.character + 4);
    expect(JSON.stringify(hover?.contents)).toContain('Amazon S3');
    expect(hover?.range?.start).toEqual(known);
    const key = positionOf(text, 's3:prefix');
    expect(await client.hover(uri, key.line, key.character + 4)).not.toBeNull();

    for (const item of items) {
      const [first] = await client.actions(uri, item.range, [item]);
      const edits = first ? editsOf(first) : [];
      expect(edits.length, first?.title).toBeGreaterThan(0);
      for (const { range, newText } of [...edits].reverse()) await client.change(uri, { range, text: newText });
    }
    expect(await client.rules(uri)).toEqual([]);
  });
});

test('a resource of the template is named in its own words', async () => {
  const client = await started();
  const uri = files({})('template.yaml');
  const text = readFileSync(join(ROOT, 'test/rosetta/hand/deploys/template.yaml'), 'utf8');
  const wide = text.replace('!Sub ${Artifacts.Arn}/*', "'*'");
  await client.open(uri, wide, 'yaml');
  const item = (await client.items(uri)).find(({ code }) => code === 'unscoped-resource');
  const actions = item ? await client.actions(uri, item.range, [item]) : [];
  const texts = actions.flatMap((action) => editsOf(action).map(({ newText }) => newText));
  expect(texts.some((one) => one.includes('!Sub "${Artifacts.Arn}/*"'))).toBe(true);
});

test.each([
  ['Action: [s3:GetObject, s3:PutObject]', 'Action: s3:'],
  ['Action: [s3:GetObject, s3:PutObject]', 'Action:\n              - s3:GetObject\n              - s3:'],
])('actions are offered behind the colon, though YAML takes it for an object: %j', async (whole, typed) => {
  const client = await started();
  const uri = files({})('template.yaml');
  const text = readFileSync(join(ROOT, 'test/rosetta/hand/deploys/template.yaml'), 'utf8').replace(whole, typed);
  await client.open(uri, text, 'yaml');
  const before = text.slice(0, text.indexOf(typed) + typed.length).split('\n');
  const position = { line: before.length - 1, character: before.at(-1)?.length ?? 0 };
  const answer = await client.connection.sendRequest<CompletionItem[] | { items: CompletionItem[] } | null>(
    'textDocument/completion',
    { textDocument: { uri }, position },
  );
  const items = Array.isArray(answer) ? answer : (answer?.items ?? []);
  expect(items.map(({ label }) => label)).toContain('s3:PutObject');
});
