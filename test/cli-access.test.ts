/** The commands that reason about access: `compare` and `can`, in a terminal of their own. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openWorkspace, runIn } from './terminal.ts';

const { folderOf } = openWorkspace();
const FOLDER = folderOf({
  'wide.json': policy('Allow', 's3:*', '*'),
  'narrow.json': policy('Allow', 's3:GetObject', 'arn:aws:s3:::churn/*'),
  'deny.json': policy('Deny', 's3:GetObject', 'arn:aws:s3:::churn/secret/*'),
  'boundary.json': policy('Allow', 's3:Get*', '*'),
  'bucket.json': JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'Serve',
        Effect: 'Allow',
        Principal: { Service: 'cloudfront.amazonaws.com' },
        Action: 's3:GetObject',
        Resource: 'arn:aws:s3:::churn/*',
        Condition: { StringEquals: { 'aws:SourceAccount': '111122223333' } },
      },
    ],
  }),
  'broken.json': 'no policy',
});

function policy(effect: string, action: string, resource: string): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Sid: 'One', Effect: effect, Action: action, Resource: resource }],
  });
}

describe('compare', () => {
  test('says when nothing is new', () => {
    expect(runIn(FOLDER, ['compare', 'wide.json', 'narrow.json'])).toMatchObject({
      code: 0,
      out: 'no new access\n',
      error: '',
    });
  });

  test('shows a request that is', () => {
    const { code, out } = runIn(FOLDER, ['compare', 'narrow.json', 'wide.json']);
    expect(code).toBe(1);
    expect(out).toMatch(/^new access, for instance:\n {2}action {5}s3:\S+\n {2}resource {3}\S+\n/);
  });

  test('prints what the library returns', () => {
    const { code, out } = runIn(FOLDER, ['compare', 'narrow.json', 'wide.json', '--format', 'json']);
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      verdict: 'new-access',
      witness: { action: expect.stringMatching(/^s3:/) },
    });
  });

  test('makes the request one of AWS', () => {
    const { out } = runIn(FOLDER, ['compare', 'narrow.json', 'wide.json', '--typed', '--format', 'json']);
    expect(JSON.parse(out).witness.action).toMatch(/^s3:[A-Z]\w+$/);
  });

  test('says what is gained and lost, by access level', () => {
    const { out } = runIn(FOLDER, ['compare', 'wide.json', 'narrow.json', '--difference']);
    expect(out).toBe(`no new access

loses
  permissions management: s3:* (27 actions)
  write: s3:* (57 actions)
  tagging: s3:* (12 actions)
  read: s3:* (66 actions)
  list: s3:* (18 actions)
  on *
`);
    const json = runIn(FOLDER, ['compare', 'narrow.json', 'wide.json', '--difference', '--format', 'json']).out;
    const { difference } = JSON.parse(json);
    expect(difference.gained[0].levels.length).toBeGreaterThan(0);
    expect(difference.lost).toEqual([]);
  });

  test('fails closed where it cannot tell', () => {
    const { code, out } = runIn(FOLDER, ['compare', 'narrow.json', 'broken.json']);
    expect(code).toBe(1);
    expect(out).toMatch(/^unknown: the proposed policy /);
  });

  test.each([
    [['compare', 'narrow.json'], 'needs EXISTING PROPOSED'],
    [['compare', 'narrow.json', 'none.json'], 'none.json cannot be read: no such file or folder'],
    [['compare', '-', '-'], 'standard input cannot be both'],
  ])('%j is exit code 2', (args, message) => {
    const { code, out, error } = runIn(FOLDER, args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(error).toContain(message);
  });
});

describe('can', () => {
  const ask = (...args: readonly string[]) =>
    runIn(FOLDER, ['can', '--action', 's3:GetObject', '--resource', 'arn:aws:s3:::churn/a', ...args]);

  test('names the statement that decides', () => {
    expect(ask('--identity', 'narrow.json')).toMatchObject({
      code: 0,
      out: 'allowed\n  by narrow.json, statement `One`\n',
    });
  });

  test('takes several policies of one identity, in one flag or in two', () => {
    const secret = ['can', '--action', 's3:GetObject', '--resource', 'arn:aws:s3:::churn/secret/a'];
    const denied = { code: 1, out: 'denied\n  by deny.json, statement `One`\n' };
    expect(runIn(FOLDER, [...secret, '--identity', 'wide.json', 'deny.json'])).toMatchObject(denied);
    expect(runIn(FOLDER, [...secret, '--identity', 'wide.json', '--identity', 'deny.json'])).toMatchObject(denied);
  });

  test('heeds boundary, session and organization', () => {
    const put = ['can', '--action', 's3:PutObject', '--resource', 'arn:aws:s3:::churn/a', '--identity', 'wide.json'];
    expect(runIn(FOLDER, put).code).toBe(0);
    expect(runIn(FOLDER, [...put, '--boundary', 'boundary.json'])).toMatchObject({ code: 1, out: 'not granted\n' });
    expect(runIn(FOLDER, [...put, '--session', 'narrow.json']).code).toBe(1);
    expect(runIn(FOLDER, [...put, '--scp', 'wide.json', 'boundary.json']).code).toBe(1);
  });

  test('asks a resource policy, with principal and context', () => {
    const service = ['--resource-policy', 'bucket.json', '--principal', 'cloudfront.amazonaws.com'];
    expect(ask(...service, '--context', 'aws:SourceAccount=111122223333')).toMatchObject({ code: 0 });
    expect(ask(...service, '--context', 'aws:SourceAccount=444455556666')).toMatchObject({ code: 1 });
    expect(ask(...service)).toMatchObject({ code: 1 });
  });

  test('prints what the library returns', () => {
    const { out } = ask('--identity', 'narrow.json', '--format', 'json');
    expect(JSON.parse(out)).toEqual({
      decision: 'allowed',
      statements: [{ policy: 'identity[0]', index: 0, sid: 'One' }],
    });
  });

  test('does not guess at what it cannot read', () => {
    writeFileSync(join(FOLDER, 'empty.json'), '');
    expect(ask('--identity', 'empty.json').code).toBe(1);
    expect(ask('--identity', 'empty.json').out).toMatch(/^unknown: /);
  });

  test.each([
    [['can', '--identity', 'narrow.json', '--action', 's3:GetObject'], 'needs `--action` and `--resource`'],
    [['can', '--action', 's3:GetObject', '--resource', '*'], 'needs `--identity` or `--resource-policy`'],
    [
      ['can', '--identity', 'narrow.json', '--action', 'a', '--resource', '*', '--context', 'key'],
      '`--context` takes KEY=VALUE',
    ],
    [['can', '--identity', 'none.json', '--action', 'a', '--resource', '*'], 'none.json cannot be read'],
    [['can', 'narrow.json'], 'one argument too many'],
  ])('%j is exit code 2', (args, message) => {
    const { code, error } = runIn(FOLDER, args);
    expect(code).toBe(2);
    expect(error).toContain(message);
  });
});
