/** Policies over their quota: what brings them under it, said in the title, with the length that they then have. */
import { describe, expect, test } from 'vitest';
import { applyEdits } from '../server/src/finding/edit.ts';
import { provedFixes } from '../server/src/proof.ts';
import { lengthOf } from '../server/src/rules/length.ts';
import { catalog } from './context.ts';
import { analyzed } from './refactoring.ts';

const names = (prefix: string, verb: string) =>
  (catalog().service(prefix)?.names ?? []).flatMap((name) => (name.startsWith(verb) ? [`${prefix}:${name}`] : []));
const roles = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => `arn:aws:sagemaker:eu-central-1:111122223333:model/nightly-${from + i}`);

interface Statement {
  readonly sid?: string;
  readonly action: readonly string[];
  readonly resource: readonly string[];
}

/** An inline policy of a user, which may have 2,048 characters. */
function policy(statements: readonly Statement[]): string {
  const list = (items: readonly string[]) => `[\n${items.map((item) => `          "${item}",\n`).join('')}        ]`;
  const blocks = statements.map(
    ({ sid, action, resource }) =>
      `      {\n${sid ? `        Sid = "${sid}"\n` : ''}        Effect = "Allow"\n        Action = ${list(action)}\n        Resource = ${list(resource)}\n      },\n`,
  );
  return `resource "aws_iam_user_policy" "u" {\n  policy = jsonencode({\n    Version = "2012-10-17"\n    Statement = [\n${blocks.join('')}    ]\n  })\n}\n`;
}

/** The fixes that are proved: titles without their figures, safety, and that what they claim holds. */
function fits(text: string): readonly string[] {
  const module = analyzed('main.tf', text);
  const finding = module.judgement.findings.find(({ rule }) => rule === 'policy-size');
  if (!finding) throw new Error('the policy is not too long');
  return provedFixes(module, finding).map(({ fix, edits }) => {
    const after = analyzed('main.tf', applyEdits('main.tf', text, edits) ?? '');
    expect(after.judgement.findings.filter(({ rule }) => rule === 'policy-size')).toEqual([]);
    const [one] = after.policies;
    const claimed = Number(/become ([\d,]+)/.exec(fix.title)?.[1]?.replace(',', ''));
    const { least, exact } = one ? lengthOf(one.document, 'left out', false) : { least: 0, exact: false };
    expect(exact).toBe(true);
    expect(claimed - least).toBeGreaterThanOrEqual(0);
    expect(claimed - least).toBeLessThan(10);
    return `${fix.safety}: ${fix.title.replace(/ \([^)]*\)$/, '').replace(/\d+/g, 'n')}`;
  });
}

describe('a policy over its quota', () => {
  test.each([
    [
      'what is redundant goes',
      [
        { action: ['sagemaker:*'], resource: ['*'], sid: 'All' },
        { action: ['sagemaker:DescribeModel'], resource: roles(0, 30) },
      ],
      ['same: Fit the quota: remove n redundant statement'],
    ],
    [
      'values that others take in go',
      [
        {
          action: ['sagemaker:DescribeModel'],
          resource: [...roles(0, 30), 'arn:aws:sagemaker:eu-central-1:111122223333:model/nightly-*'],
        },
      ],
      ['same: Fit the quota: remove n redundant values'],
    ],
    [
      'statements become one, before any wildcard is made',
      [
        { action: ['sagemaker:DescribeModel'], resource: roles(0, 20), sid: 'A' },
        { action: ['sagemaker:DeleteModel'], resource: [...roles(0, 20)].reverse(), sid: 'B' },
        { action: ['sqs:SendMessage'], resource: ['*'] },
      ],
      ['same: Fit the quota: merge n statements that differ in one clause'],
    ],
    [
      'names become wildcards, and the title says what that means',
      [{ action: names('sagemaker', 'Describe'), resource: ['*'] }],
      ['changes: Fit the quota: shrink n actions to n, the same today, which take in those of tomorrow too'],
    ],
    [
      'all of it where that takes all of it',
      [
        { action: names('sagemaker', 'Describe'), resource: roles(0, 18), sid: 'A' },
        { action: names('sagemaker', 'List'), resource: roles(0, 18), sid: 'B' },
      ],
      [
        'changes: Fit the quota: merge n statements that differ in one clause, shrink n actions to n, the same today, which take in those of tomorrow too',
      ],
    ],
    ['nothing is offered that does not suffice', [{ action: ['sqs:SendMessage'], resource: roles(0, 40) }], []],
  ])('%s', (_, statements, expected) => {
    expect(fits(policy(statements))).toEqual(expected);
  });

  test('nothing is offered where part of its length is not known', () => {
    const text = policy([{ action: names('sagemaker', 'Describe'), resource: ['*'] }]).replace('"*"', '"REFERENCE"');
    expect(fits(text.replace('"REFERENCE"', 'var.resource'))).toEqual([]);
    expect(fits(text)).toHaveLength(1);
  });
});
