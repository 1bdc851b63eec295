/** Fixes in the protocol's words: tab-stops, previews, and what can be mended at once. Starts no server. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are snippets and HCL's interpolations
import { describe, expect, test } from 'vitest';
import { fixesOfAll } from '../server/src/features/actions.ts';
import { readConfiguration } from '../server/src/features/configuration.ts';
import { ignoreByComment, ignoreByEntry } from '../server/src/features/ignoring.ts';
import { universeOf } from '../server/src/features/universe.ts';
import { applyEdits } from '../server/src/finding/edit.ts';
import { jsonHost } from '../server/src/hosts/json/json.ts';
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

describe('ignore with reason', () => {
  const HCL = `locals {
  more = ["s3:*"]
}

data "aws_iam_policy_document" "a" {
  statement {
    actions = [
      "s3:GetObject",
      "ecr:*",
    ]
    resources = ["*"]
  }
  statement {
    actions   = concat(["iam:PassRole"], local.more)
    resources = ["*"]
  }
}

resource "aws_iam_role_policy" "b" {
  role = "b"
  policy = <<-EOT
    {
      "Version": "2012-10-17",
      "Statement": [
        { "Effect": "Allow", "Action": "*", "Resource": "*" }
      ]
    }
  EOT
}

resource "aws_iam_role_policy" "c" {
  role   = "c"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Alow", Action = "sqs:*", Resource = "*" }] })
}
`;

  test('in HCL: a comment that takes back this finding, wherever it stands, and no other of its rule', () => {
    const module = analysed('main.tf', HCL);
    const { findings } = module.judgement;
    for (const finding of findings) {
      const edit = ignoreByComment(module, finding)?.edit;
      const text = edit && applyEdits('main.tf', HCL, [edit]);
      const after = analysed('main.tf', text ?? '');
      const gone = after.judgement.ignored.filter(({ finding: one }) => one.rule === finding.rule);
      expect(gone.map(({ finding: one }) => one.message)).toEqual([finding.message]);
      expect(after.module.problems.map(({ message }) => message)).toEqual([
        'the reason of this ignore is left to be filled in',
      ]);
    }
    expect(findings.length).toBeGreaterThan(5);
  });

  test('in HCL: above the item, the attribute, or the heredoc', () => {
    const module = analysed('main.tf', HCL);
    const lines = module.judgement.findings.map((finding) => {
      const start = ignoreByComment(module, finding)?.edit.span.start ?? 0;
      return `${finding.rule}: ${HCL.slice(start, HCL.indexOf('\n', start))}`;
    });
    expect(lines).toEqual(
      expect.arrayContaining([
        'wildcard-action: more = ["s3:*"]',
        'wildcard-action: "ecr:*",',
        'pass-role-any-resource: resources = ["*"]',
        'full-access: policy = <<-EOT',
      ]),
    );
  });

  const JSON_FILE = '/project/policies/deploy.json';

  function entryFor(configuration: string | undefined, sid = '') {
    const module = analysed(JSON_FILE, WIDE.replace('"Effect"', `${sid}"Effect"`));
    const finding = module.judgement.findings.find(({ rule }) => rule === 'unscoped-resource');
    const path = '/project/leastwise.json';
    const source = configuration === undefined ? undefined : { path, text: configuration };
    const entry = finding && ignoreByEntry(finding, path, source);
    if (!entry) return undefined;
    if ('text' in entry.change) return entry.change.text;
    const edits = source && jsonHost.print(jsonHost.read([source], {}), entry.change.edits);
    return edits && source && applyEdits(path, source.text, edits);
  }

  test.each([
    ['none', undefined],
    ['an empty one', '{}'],
    ['one without ignores', '{\n  // ours\n  "preset": "all"\n}\n'],
    ['one with an empty list', '{\n  "ignore": []\n}\n'],
    ['one with others', '{\n  "ignore": [\n    {\n      "rule": "never",\n      "reason": "b"\n    }\n  ]\n}\n'],
  ])('in JSON: an entry of the configuration, where there is %s', (_, before) => {
    const text = entryFor(before, '"Sid": "Deploy", ') ?? '';
    const { config, problems } = readConfiguration('/project/leastwise.json', text);
    expect(problems.map(({ message }) => message)).toEqual(['the reason is left to be filled in']);
    const { span: _span, ...ignore } = config.ignore.at(-1) ?? {};
    expect(ignore).toEqual({
      rule: 'unscoped-resource',
      file: 'policies/deploy.json',
      sid: 'Deploy',
      reason: 'REPLACE_ME_REASON',
    });
    const after = analyzeText(JSON_FILE, WIDE.replace('"Effect"', '"Sid": "Deploy", "Effect"'), { config });
    expect(after?.judgement.ignored.map(({ finding }) => finding.rule)).toContain('unscoped-resource');
    expect(config.ignore).toHaveLength(before?.includes('never') ? 2 : 1);
  });

  test('in JSON: without a Sid the file is meant; a configuration that is none is left alone', () => {
    expect(entryFor(undefined)).toBe(`{
  "ignore": [
    {
      "rule": "unscoped-resource",
      "file": "policies/deploy.json",
      "reason": "REPLACE_ME_REASON"
    }
  ]
}
`);
    expect(entryFor('[]')).toBeUndefined();
    expect(entryFor('{ "ignore": {} }')).toBeUndefined();
  });
});
