/** The command `generate`, against an Access Analyzer of our own: jobs, and a held policy narrowed to what was used. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { compareDocuments } from '../server/src/access/documents.ts';
import { proposalOf } from '../server/src/analyzer/generation.ts';
import { readPolicy } from '../server/src/policy/read.ts';
import { CREDENTIALS, type Stub, startStub, withVariables } from './access-analyzer.ts';
import { analyzeText } from './context.ts';
import { openWorkspace, runLater } from './terminal.ts';

const { folderOf } = openWorkspace();
const ROLE = 'arn:aws:iam::111122223333:role/r';
const WANTED = [
  '--principal',
  ROLE,
  '--trail',
  'arn:aws:cloudtrail:eu-west-1:111122223333:trail/t',
  '--access-role',
  ROLE,
];
let stub: Stub;
let restore: () => void;

beforeAll(async () => {
  restore = withVariables(CREDENTIALS);
  stub = await startStub(() => ({ json: {} }));
});
afterAll(async () => {
  restore();
  await stub.close();
});
beforeEach(() => {
  stub.asked.length = 0;
  stub.answer = ({ operation }) =>
    operation === 'StartPolicyGeneration' ? { json: { jobId: 'j1' } } : done(['s3:ListBucket']);
});

const text = (...actions: readonly string[]) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: actions, Resource: 'arn:aws:s3:::$' + '{BucketName}' }],
  });

function done(actions: readonly string[], isComplete = true) {
  return {
    json: {
      jobDetails: { jobId: 'j1', status: 'SUCCEEDED', startedOn: '2026-12-01T00:00:00Z' },
      generatedPolicyResult: {
        properties: { isComplete, principalArn: ROLE },
        generatedPolicies: [{ policy: text(...actions) }],
      },
    },
  };
}

function generate(folder: string, ...args: readonly string[]) {
  return runLater(folder, ['generate', '--endpoint', stub.url, ...args]);
}

const held = (...statements: readonly object[]) =>
  JSON.stringify({ Version: '2012-10-17', Statement: statements }, undefined, 2);
const READ = { Sid: 'Read', Effect: 'Allow', Action: ['s3:*', 'sqs:*'], Resource: '*' };

test('a policy is printed with what was used, proved; no file is changed', async () => {
  const folder = folderOf({ 'p.json': held(READ) });
  const { out, error, code } = await generate(folder, 'p.json', ...WANTED, '--days', '7');
  expect(JSON.parse(out)).toEqual({ Version: '2012-10-17', Statement: [{ ...READ, Action: ['s3:ListBucket'] }] });
  expect(error.split('\n')).toEqual([
    'leastwise: the job is j1; --job takes up what it gives',
    'leastwise: it is proved to allow nothing new',
    'leastwise: CloudTrail does not tell AWS of events on data, such as reading objects, nor of `iam:PassRole`.',
    '',
  ]);
  expect(code).toBe(0);
  expect(stub.asked[0]?.body.clientToken).toMatch(/^[0-9a-f-]{36}$/);
});

test('without a file, what AWS generated', async () => {
  const { out } = await generate(folderOf({}), '--job', 'j1');
  expect(JSON.parse(out).Statement[0].Resource).toBe('arn:aws:s3:::$' + '{BucketName}');
  expect(stub.asked.map(({ operation }) => operation)).toEqual(['GetGeneratedPolicy']);
  expect(stub.asked[0]?.query).toEqual({ includeResourcePlaceholders: 'true', includeServiceLevelTemplate: 'true' });
});

test('jobs are listed, all pages', async () => {
  const job = (jobId: string) => ({
    jobId,
    principalArn: ROLE,
    status: 'SUCCEEDED',
    startedOn: '2026-12-01T00:00:00Z',
  });
  stub.answer = ({ query }) =>
    query.nextToken
      ? { json: { policyGenerations: [job('b')] } }
      : { json: { policyGenerations: [job('a')], nextToken: '2' } };
  const { out } = await generate(folderOf({}), '--jobs', '--principal', ROLE);
  expect(out).toBe(['a', 'b'].map((name) => `${name}  SUCCEEDED  2026-12-01T00:00:00.000Z  ${ROLE}\n`).join(''));
  expect(stub.asked.map(({ query }) => query.principalArn)).toEqual([ROLE, ROLE]);
});

test.each([
  [[], 'needs `--principal`, `--trail` and `--access-role`, or `--job`'],
  [[...WANTED, '--days', '100'], '`--days` takes a number from 1 to 90'],
  [['none.json', '--job', 'j1'], 'none.json cannot be read: no such file or folder'],
  [['two.tf', '--job', 'j1'], 'two.tf holds 2 policies; name a file with one'],
  [['empty.json', '--job', 'j1'], 'empty.json holds no policy'],
])('%j cannot be done', async (args, message) => {
  const one = `resource "aws_iam_policy" "NAME" {\n  policy = jsonencode(${held(READ)})\n}\n`;
  const folder = folderOf({ 'empty.json': '{}', 'two.tf': one.replace('NAME', 'a') + one.replace('NAME', 'b') });
  const said = await generate(folder, ...args);
  expect(said).toMatchObject({ code: 2, out: '' });
  expect(said.error).toContain(message);
});

test('trouble is one line', async () => {
  stub.answer = () => ({ error: 'ConflictException', status: 409, message: 'of 123456789012' });
  const said = await generate(folderOf({}), ...WANTED);
  expect(said).toEqual({
    code: 2,
    out: '',
    error: 'leastwise: Another policy generation for this principal is under way: wait for it, or cancel it.\n',
  });
});

describe('what is proposed', () => {
  const proposal = (policy: string, ...actions: readonly string[]) => {
    const [site] = analyzeText('p.json', policy)?.module.sites ?? [];
    return proposalOf({ policies: [text(...actions)], isComplete: true }, site && readPolicy(site));
  };
  const DENY = { Sid: 'Guard', Effect: 'Deny', Action: 's3:DeleteBucket', Resource: '*' };
  const PASS = { Sid: 'Pass', Effect: 'Allow', Action: 'iam:PassRole', Resource: 'arn:aws:iam::111122223333:role/x' };

  test('keeps denies, conditions, resources, and what AWS cannot know of', () => {
    const conditioned = { ...READ, Condition: { StringEquals: { 'aws:RequestedRegion': 'eu-west-1' } } };
    const { proposed, proved } = proposal(held(DENY, conditioned, PASS), 's3:GetBucketLocation', 'ec2:RunInstances');
    expect(JSON.parse(proposed).Statement).toEqual([
      DENY,
      { ...conditioned, Action: ['s3:GetBucketLocation'] },
      { ...PASS, Action: ['iam:PassRole'] },
    ]);
    expect(proved).toBe(true);
  });

  test('drops statements of which nothing was used, and names what was used elsewhere', () => {
    const { proposed, foreign } = proposal(
      held(READ, { ...PASS, Action: 'ecr:*' }),
      'sqs:SendMessage',
      'ec2:RunInstances',
    );
    expect(JSON.parse(proposed).Statement).toEqual([{ ...READ, Action: ['sqs:SendMessage'] }]);
    expect(foreign).toEqual(['ec2:RunInstances']);
  });

  test('keeps all of a service of which AWS does not know the actions', () => {
    const { proposed } = proposal(held({ ...READ, Action: ['s3:*', 'glue:Get*'] }), 'glue:$' + '{Action}');
    expect(JSON.parse(proposed).Statement[0].Action).toEqual(['glue:Get*']);
  });

  test.each([
    [held({ ...READ, Action: '*' })],
    [held({ ...READ, Action: '*' }, DENY)],
    [held({ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' })],
    [held({ Effect: 'Allow', Action: 'S3:list*', NotResource: 'arn:aws:s3:::a/*' })],
  ])('never allows anything new: %s', (policy) => {
    const { proposed, proved } = proposal(policy, 's3:ListBucket', 'iam:CreateUser', 'glue:$' + '{x}');
    expect(proved).toBe(true);
    expect(compareDocuments({ existing: policy, proposed }).verdict).toBe('no-new-access');
  });
});
