/** Fixes in the protocol's words: tab-stops, previews, and what can be mended at once. Starts no server. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are snippets and HCL's interpolations
import { describe, expect, test } from 'vitest';
import { fixesOfAll } from '../server/src/features/actions.ts';
import { universeOf } from '../server/src/features/universe.ts';
import { applyEdits } from '../server/src/finding/edit.ts';
import { type ClientAbilities, placesIn, toCodeAction, toFixAll } from '../server/src/lsp/convert.ts';
import { provedFixes } from '../server/src/proof.ts';
import { analyzeText, catalog } from './context.ts';

const WIDE = `{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Action": ["dynamodb:GetItem", "kms:Decrypt"],
      "Resource": "*"
    }
  ]
}
`;

const ABLE: ClientAbilities = {
  relatedInformation: true,
  documentChanges: true,
  changeAnnotations: true,
  snippets: true,
};

function analysed(path: string, text: string) {
  const module = analyzeText(path, text);
  if (!module) throw new Error('no host reads it');
  return module;
}

function actionFor(client: ClientAbilities) {
  const module = analysed('policy.json', WIDE);
  const finding = module.judgement.findings.find(({ rule }) => rule === 'unscoped-resource');
  const [fix] = finding ? provedFixes(module, finding, universeOf(catalog())) : [];
  if (!fix) throw new Error('no fix is offered');
  const places = placesIn(module.module.sources, () => ({ uri: 'file:///policy.json', version: 3 }));
  return toCodeAction(fix, [], places, client);
}

describe('a fix that narrows', () => {
  test('has a tab-stop for each part to be filled in, and lines that the client indents', () => {
    const [change] = actionFor(ABLE).edit?.documentChanges ?? [];
    const [edit] = change && 'edits' in change ? change.edits : [];
    expect(edit && 'snippet' in edit ? edit.snippet.value : undefined).toBe(
      `[
  "arn:aws:dynamodb:\${1:REPLACE_ME_REGION}:\${2:REPLACE_ME_ACCOUNT}:table/\${3:REPLACE_ME_TABLE_NAME}",
  "arn:aws:kms:\${1:REPLACE_ME_REGION}:\${2:REPLACE_ME_ACCOUNT}:key/\${4:REPLACE_ME_KEY_ID}"
]`,
    );
  });

  test('says in its preview what is no longer allowed, and hands it over', () => {
    const action = actionFor(ABLE);
    const [annotation] = Object.values(action.edit?.changeAnnotations ?? {});
    expect(annotation?.description).toMatch(/^No longer allowed: (dynamodb:GetItem|kms:Decrypt) on arn:aws:/);
    expect(action.data).toMatchObject({ lost: { action: expect.stringMatching(/^(dynamodb|kms):/) } });
  });

  test('is plain text for a client that takes no more', () => {
    const { edit } = actionFor({ ...ABLE, snippets: false, changeAnnotations: false });
    expect(edit?.changeAnnotations).toBeUndefined();
    const [change] = edit?.documentChanges ?? [];
    const [plain] = change && 'edits' in change ? change.edits : [];
    expect(plain).toEqual({ range: expect.anything(), newText: expect.stringContaining('\n        "arn:aws:kms:') });
    const oldest = actionFor({ ...ABLE, documentChanges: false });
    expect(Object.keys(oldest.edit ?? {})).toEqual(['changes']);
  });
});

describe('all that keeps access the same', () => {
  const TWICE = `{
  "Version": "2012-10-17",
  "Statement": [
    { "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::a/*" },
    { "Effect": "Allow", "Action": ["s3:GetObject"], "Resource": ["arn:aws:s3:::a/*"] },
    { "Effect": "Allow", "Action": "*", "Resource": "*" }
  ]
}
`;

  test('is mended together where together it still does, and nothing that narrows is', () => {
    const module = analysed('policy.json', TWICE);
    const fixes = fixesOfAll(module, module.judgement.findings, () => true);
    expect(fixes.length).toBeGreaterThan(0);
    const after = applyEdits('policy.json', TWICE, fixes.flat());
    expect(after).toContain('"Action": "*"');
    expect(fixesOfAll(module, module.judgement.findings, () => false)).toEqual([]);
    const places = placesIn(module.module.sources, () => ({ uri: 'file:///policy.json', version: 3 }));
    expect(toFixAll(fixes.flat(), places, ABLE)).toMatchObject({ kind: 'source.fixAll.leastwise' });
    const wide = analysed('policy.json', WIDE);
    expect(fixesOfAll(wide, wide.judgement.findings, () => true)).toEqual([]);
  });
});
