/** The command `narrow`: proposals, their proof, and diffs that lead from the files as they are to what was proposed. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { lossOf } from '../server/src/features/loss.ts';
import type { Policy } from '../server/src/policy/policy.ts';
import { analyzeText, catalog } from './context.ts';
import { FINE, openWorkspace, runIn } from './terminal.ts';

const workspace = openWorkspace();

const WIDE = `{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Action": ["sqs:SendMessage", "sqs:ListQueues"],
      "Resource": "*"
    },
    {
      "Effect": "Allow",
      "Action": "sns:*",
      "Resource": "arn:aws:sns:eu-central-1:111122223333:alarms"
    }
  ]
}
`;

/** The text after the diffs, hunk by hunk; throws where one does not fit. */
function patched(text: string, diff: string): string {
  let lines = text.split('\n');
  for (const part of diff.split(/^--- .*\n\+\+\+ .*\n/m).slice(1)) {
    let moved = 0;
    for (const hunk of part.split(/^@@ /m).slice(1)) {
      const start = Number(/^-(\d+)/.exec(hunk)?.[1]) - 1 + moved;
      const rows = hunk.split('\n').filter((row, index) => index > 0 && /^[ +-]/.test(row));
      const old = rows.filter((row) => row[0] !== '+').map((row) => row.slice(1));
      const fresh = rows.filter((row) => row[0] !== '-').map((row) => row.slice(1));
      expect(lines.slice(start, start + old.length)).toEqual(old);
      lines = [...lines.slice(0, start), ...fresh, ...lines.slice(start + old.length)];
      moved += fresh.length - old.length;
    }
  }
  return lines.join('\n');
}

describe('narrow', () => {
  test('prints each proposal with its proof, and changes nothing', () => {
    const folder = workspace.folderOf({ 'wide.json': WIDE });
    const { code, out, error } = runIn(folder, ['narrow', 'wide.json']);
    expect({ code, error }).toEqual({ code: 1, error: '' });
    const comments = out.split('\n').filter((line) => line.startsWith('# '));
    expect(comments).toEqual([
      '# wide.json:7:20 warning unscoped-resource `*`: `sqs:SendMessage` reaches every resource, though it can be scoped',
      '# Narrow `*` to `arn:aws:sqs:eu-central-1:111122223333:REPLACE_ME_QUEUE_NAME`, and give `sqs:ListQueues` a statement of its own',
      '#   proved: nothing is newly allowed',
      '#   allowed on less:',
      '#     write: sqs:SendMessage',
      '#   for instance no longer allowed: sqs:SendMessage on arn:aws:sqs:us-east-1:111122223333:example',
      expect.stringMatching(/^# wide\.json:11:18 warning wildcard-action `sns:\*` allows all \d+ actions/),
      expect.stringMatching(/^# Narrow `sns:\*` to the \d+ actions that the resources here can take/),
      '#   proved: nothing is newly allowed',
      '#   no longer allowed at all:',
      ...comments.slice(10, -2),
      expect.stringMatching(/^# {3}for instance no longer allowed: sns:\w+ on /),
      '# 2 proposals; 0 errors, 2 warnings, 0 for information before, 0 errors, 0 warnings, 0 for information after; 1 part to be filled in',
    ]);
    expect(comments.slice(10, -2).every((line) => /^# {5}[a-z ]+: sns:/.test(line))).toBe(true);
    expect(readFileSync(join(folder, 'wide.json'), 'utf8')).toBe(WIDE);
  });

  test('each diff begins where the one before it ends', () => {
    const folder = workspace.folderOf({ 'wide.json': WIDE });
    const { out } = runIn(folder, ['narrow', 'wide.json']);
    const after = patched(WIDE, out);
    expect(after).toContain('"Action": ["sqs:ListQueues"]');
    const again = workspace.folderOf({ 'wide.json': after });
    expect(runIn(again, ['compare', 'wide.json', join(folder, 'wide.json')]).code).toBe(1);
    expect(runIn(again, ['compare', join(folder, 'wide.json'), 'wide.json'])).toMatchObject({ code: 0 });
    expect(runIn(again, ['narrow', 'wide.json'])).toMatchObject({ code: 0, out: 'nothing to narrow\n' });
  });

  test('the ways out of one statement follow one another', () => {
    const text = `{\n  "Version": "2012-10-17",\n  "Statement": {\n    "Effect": "Allow",\n    "Action": ["codebuild:*", "sqs:SendMessage"],\n    "Resource": "*"\n  }\n}\n`;
    const folder = workspace.folderOf({ 'p.json': text });
    const { out } = runIn(folder, ['narrow', 'p.json', '--format', 'json']);
    const { proposals } = JSON.parse(out) as { proposals: { rule: string; diff: string }[] };
    expect(new Set(proposals.map(({ rule }) => rule))).toEqual(new Set(['wildcard-action', 'unscoped-resource']));
    const after = patched(text, proposals.map(({ diff }) => diff).join(''));
    expect(after).not.toMatch(/codebuild:\*|"Resource": "\*"/);
  });

  test('only the files that were asked for change', () => {
    const folder = workspace.folderOf({
      'locals.tf': 'locals {\n  queues = ["*"]\n}\n',
      'main.tf':
        'data "aws_iam_policy_document" "p" {\n  statement {\n    actions   = ["sqs:SendMessage"]\n    resources = local.queues\n  }\n}\n',
    });
    expect(runIn(folder, ['narrow', 'main.tf'])).toMatchObject({ code: 0, out: 'nothing to narrow\n' });
    expect(runIn(folder, ['narrow', '.']).out).toContain('+  queues = ["arn:aws:sqs:');
  });

  test('JSON says the same', () => {
    const folder = workspace.folderOf({ 'wide.json': WIDE });
    const { code, out } = runIn(folder, ['narrow', 'wide.json', '--format', 'json']);
    const report = JSON.parse(out) as { proposals: Record<string, unknown>[] };
    expect(code).toBe(1);
    expect(report).toMatchObject({
      version: 1,
      tool: { name: 'leastwise' },
      findings: {
        before: { error: 0, warning: 2, info: 0, open: 0 },
        after: { error: 0, warning: 0, info: 0, open: 1 },
      },
    });
    expect(report.proposals[0]).toMatchObject({
      rule: 'unscoped-resource',
      level: 'warning',
      file: 'wide.json',
      range: { start: { line: 6, character: 19 }, end: { line: 6, character: 20 } },
      policyKind: 'identity',
      statement: { index: 0 },
      safety: 'narrows',
      loss: { gone: [], less: [{ level: 'Write', count: 1, actions: ['sqs:SendMessage'] }] },
      lost: { action: 'sqs:SendMessage' },
    });
    expect(out).not.toContain('null');
  });

  test('says when there is nothing, when it cannot be done, and by which level it goes', () => {
    const folder = workspace.folderOf({
      'fine.json': FINE,
      'tells.json': FINE.replace('s3:GetObject', 's3:ListBucket').replace('arn:aws:s3:::b/*', '*'),
      'no.json': '{}',
    });
    expect(runIn(folder, ['narrow', 'fine.json'])).toEqual({ code: 0, out: 'nothing to narrow\n', error: '' });
    expect(runIn(folder, ['narrow', 'tells.json']).code).toBe(0);
    expect(runIn(folder, ['narrow', 'tells.json', '--level', 'info']).code).toBe(1);
    expect(runIn(folder, ['narrow', 'no.json'])).toMatchObject({
      code: 0,
      error: expect.stringContaining('no policy'),
    });
    expect(runIn(folder, ['narrow', 'none.json', 'fine.json'])).toMatchObject({ code: 2, out: 'nothing to narrow\n' });
    expect(runIn(folder, ['narrow'])).toMatchObject({ code: 2, out: '' });
    expect(runIn(folder, ['narrow', '-', '--stdin-filename', 'x.json'], WIDE)).toMatchObject({
      code: 1,
      out: expect.stringContaining('--- a/x.json'),
    });
  });
});

describe('loss', () => {
  const read = (statements: readonly object[]): Policy => {
    const text = JSON.stringify({ Version: '2012-10-17', Statement: statements });
    const [policy] = analyzeText('p.json', text, { kind: 'identity' })?.policies ?? [];
    if (!policy) throw new Error('no policy');
    return policy;
  };
  const allow = (Action: string | readonly string[], Resource = '*', more: object = {}) => ({
    Effect: 'Allow',
    Action,
    Resource,
    ...more,
  });
  const lost = (before: readonly object[], after: readonly object[]) =>
    lossOf([{ before: read(before), after: read(after) }], catalog());
  const one = (level: string, ...actions: string[]) => [{ level, count: actions.length, actions }];

  test('tells what is gone from what is less', () => {
    expect(
      lost([allow(['sqs:SendMessage', 'sqs:DeleteQueue'])], [allow('sqs:SendMessage', 'arn:aws:sqs:*:*:a')]),
    ).toEqual({
      gone: one('Write', 'sqs:DeleteQueue'),
      less: one('Write', 'sqs:SendMessage'),
    });
  });

  test('says nothing of what stays the same, or stays allowed by another statement', () => {
    const kept = allow('sqs:SendMessage');
    expect(
      lost(
        [allow(['sqs:SendMessage', 'sqs:DeleteQueue']), kept],
        [allow('sqs:SendMessage', 'arn:aws:sqs:*:*:a'), kept],
      ),
    ).toEqual({
      gone: one('Write', 'sqs:DeleteQueue'),
      less: [],
    });
    expect(lost([kept], [kept])).toEqual({ gone: [], less: [] });
  });

  test('a condition and a Deny leave less', () => {
    const mfa = { Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } };
    expect(lost([allow('sqs:SendMessage')], [allow('sqs:SendMessage', '*', mfa)]).less).toEqual(
      one('Write', 'sqs:SendMessage'),
    );
    const deny = { Effect: 'Deny', Action: 'sqs:DeleteQueue', Resource: '*' };
    expect(lost([allow('sqs:*')], [allow('sqs:*'), deny])).toEqual({ gone: [], less: one('Write', 'sqs:DeleteQueue') });
  });

  test('a wildcard loses some of its actions and keeps the others whole', () => {
    const { gone, less } = lost([allow('sqs:*')], [allow('sqs:Get*')]);
    expect(gone.map(({ level }) => level)).toEqual(['Permissions management', 'Write', 'Tagging', 'Read']);
    expect(gone.every(({ actions }) => actions.every((name) => !name.startsWith('sqs:Get')))).toBe(true);
    expect(less).toEqual([]);
  });

  test('says nothing where what is allowed is not named', () => {
    const others = { Effect: 'Allow', NotAction: 'iam:*', Resource: '*' };
    expect(lost([others], [allow('sqs:Get*')])).toEqual({ gone: [], less: [] });
  });
});
