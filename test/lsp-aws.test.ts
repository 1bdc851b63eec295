/** An editor has AWS asked: requests, progress, cancelling, diagnostics beside ours, and nothing at all without being told to. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { CancellationTokenSource } from 'vscode-languageserver/node';
import type { AskAnswer, PlanAnswer } from '../server/src/lsp/aws.ts';
import {
  type Asked,
  CREDENTIALS,
  findingOf,
  locationOf,
  type Step,
  type Stub,
  startStub,
  withVariables,
} from './access-analyzer.ts';
import { type Client, files, place, started, useServer } from './lsp-client.ts';

useServer({ analyzer: 'server/src/analyzer/main.ts' });

let stub: Stub;
let restore: () => void;
const PASS_ROLE = 'PASS_ROLE_WITH_STAR_IN_RESOURCE';
const FIRST: readonly Step[] = [{ value: 'Statement' }, { index: 0 }];
const HEREDOC = `resource "aws_iam_policy" "deploy" {
  policy = <<-JSON
    {
      "Version": "2012-10-17",
      "Statement": [
        { "Sid": "Ship", "Effect": "Allow", "Action": ["ecs:UpdateService", "iam:PassRole"], "Resource": "*" }
      ]
    }
  JSON
}
`;
const LINE = HEREDOC.split('\n')[5] ?? '';
const rangeIn = (word: string) => ({
  start: { line: 5, character: LINE.indexOf(word) },
  end: { line: 5, character: LINE.indexOf(word) + word.length },
});
const answer = (asked: Asked) => ({
  json: {
    findings: [
      findingOf(PASS_ROLE, 'SECURITY_WARNING', locationOf(asked, '"*"', ...FIRST, { value: 'Resource' })),
      findingOf('OF_TOMORROW', 'SUGGESTION', locationOf(asked, '"Ship"', ...FIRST, { value: 'Sid' })),
    ],
  },
});

beforeAll(async () => {
  restore = withVariables(CREDENTIALS);
  stub = await startStub(answer);
});
afterAll(async () => {
  restore();
  await stub.close();
});
beforeEach(() => {
  stub.asked.length = 0;
  stub.answer = answer;
});

function ask(
  client: Client,
  uri: string,
  more: object = {},
  token = new CancellationTokenSource().token,
): Promise<AskAnswer> {
  const params = { textDocument: { uri }, orders: [], aws: { endpoint: stub.url }, ...more };
  return client.connection.sendRequest('leastwise/aws/ask', params, token);
}

/** Codes by the words that they mark, with what the user reads of AWS. */
async function shown(client: Client, uri: string): Promise<readonly string[]> {
  const items = await client.items(uri);
  return items.map(
    ({ code, message, range }) =>
      `${code}@${range.start.line}:${range.start.character}${/AWS/.test(String(message)) ? ' AWS' : ''}`,
  );
}

describe('what AWS says', () => {
  test('is beside ours once it was asked, holds for the content, and goes with it', async () => {
    const client = await started();
    const uri = files({})('main.tf');
    await client.open(uri, HEREDOC, 'terraform');
    const before = await shown(client, uri);
    expect(before.filter((one) => one.includes('AWS'))).toEqual([]);
    expect(stub.asked).toEqual([]);
    let result: AskAnswer | undefined;
    await client.refreshedBy(async () => {
      result = await ask(client, uri);
    });
    expect(result).toMatchObject({
      asked: 1,
      remembered: 0,
      refused: [],
      notes: [],
      region: 'eu-central-1',
      differ: true,
    });
    expect(result?.trouble).toBeUndefined();
    expect(result?.lines).toEqual(['aws_iam_policy.deploy.policy (IDENTITY_POLICY): 1 of both; only AWS: OF_TOMORROW']);
    const items = await client.items(uri);
    const own = items.find(({ code }) => code === 'pass-role-any-resource');
    expect(own?.message).toMatch(/\(confirmed by AWS\)$/);
    expect(own?.range).toEqual(rangeIn('*'));
    const theirs = items.find(({ code }) => code === 'OF_TOMORROW');
    expect(theirs).toMatchObject({
      severity: 3,
      source: 'leastwise',
      range: rangeIn('Ship'),
      message: 'AWS: Details of OF_TOMORROW.',
    });
    expect(theirs?.codeDescription?.href).toContain('docs.aws.amazon.com');
    const fixes = await client.actions(uri, rangeIn('*'), own ? [own] : []);
    expect(fixes.some(({ kind }) => kind === 'quickfix')).toBe(true);
    const others = await client.actions(uri, rangeIn('Ship'), theirs ? [theirs] : []);
    expect(others.filter(({ kind }) => kind === 'quickfix')).toEqual([]);

    // Typing sends nothing; what was said of other words is not said of these.
    await client.change(uri, { text: HEREDOC.replace('Ship', 'Send') });
    expect((await shown(client, uri)).filter((one) => one.includes('AWS'))).toEqual([]);
    await client.change(uri, { text: `# moved\n${HEREDOC}` });
    expect((await shown(client, uri)).filter((one) => one.includes('AWS'))).toEqual([
      `OF_TOMORROW@6:${LINE.indexOf('Ship')} AWS`,
      `pass-role-any-resource@6:${LINE.indexOf('*')} AWS`,
    ]);
    expect(await ask(client, uri)).toMatchObject({ asked: 0, remembered: 1 });
    expect(stub.asked).toHaveLength(1);
  });

  test('comes with progress, and can be stopped', async () => {
    const client = await started();
    const uri = files({})('policy.json');
    await client.open(uri, HEREDOC.slice(HEREDOC.indexOf('{', 40), HEREDOC.lastIndexOf('JSON')));
    const told: unknown[] = [];
    const source = new CancellationTokenSource();
    client.connection.onNotification('leastwise/aws/progress', (params: unknown) => {
      told.push(params);
      source.cancel();
    });
    stub.answer = () => 'hang';
    const result = await ask(client, uri, { progress: 7 }, source.token);
    expect(result.trouble).toEqual({ kind: 'cancelled', message: 'Cancelled.' });
    expect(told).toEqual([{ progress: 7, text: 'policy.json (1 of 1)' }]);
  });

  test('trouble is one sentence', async () => {
    const client = await started();
    const uri = files({})('main.tf');
    await client.open(uri, HEREDOC, 'terraform');
    stub.answer = () => ({ error: 'AccessDeniedException', status: 403, message: 'no' });
    expect((await ask(client, uri)).trouble).toEqual({
      kind: 'permission',
      message: 'You may not use `access-analyzer:ValidatePolicy`: docs/aws.md has the policy that it takes.',
    });
  });
});

describe('before AWS is asked', () => {
  test('the editor is told how many calls are billed', async () => {
    const client = await started();
    const uri = files({})('main.tf');
    await client.open(uri, HEREDOC, 'terraform');
    const orders = [
      { check: 'no-new-access', reference: '{}' },
      { check: 'access-not-granted', actions: ['iam:*'] },
      { check: 'no-public-access' },
      { check: 'nonsense' },
      5,
    ];
    const plan = await client.connection.sendRequest<PlanAnswer>('leastwise/aws/plan', {
      textDocument: { uri },
      orders,
    });
    expect(plan).toMatchObject({ calls: 3, billed: 2, notes: [] });
    expect(plan.pricePage).toMatch(/^https:\/\/aws\.amazon\.com\//);
    expect(plan.publicTypes).toHaveLength(26);
    expect(stub.asked).toEqual([]);
  });

  test('a workspace that is not trusted asks nothing', async () => {
    const client = await started(undefined, { trusted: false });
    const uri = files({})('main.tf');
    await client.open(uri, HEREDOC, 'terraform');
    await expect(ask(client, uri)).rejects.toThrow('AWS is not asked in a workspace that is not trusted.');
    await client.connection.sendNotification('leastwise/trust', { trusted: true });
    expect(await ask(client, uri)).toMatchObject({ asked: 1 });
  });

  test('a file without a policy is told apart', async () => {
    const client = await started();
    const uri = files({})('notes.txt');
    await client.open(uri, 'hello', 'plaintext');
    await expect(ask(client, uri)).rejects.toThrow('There is no policy in this file.');
  });

  test('profiles are listed by name and Region, and nothing else of them', async () => {
    const uri = files({
      config:
        '[default]\nregion = eu-west-1\n[profile audit]\nregion = us-east-2\nsso_session = s\n[sso-session s]\nsso_start_url = x\n',
      credentials: '[old]\naws_secret_access_key = hunter2\n',
    });
    const path = (name: string) => decodeURIComponent(new URL(uri(name)).pathname);
    const undo = withVariables({ AWS_CONFIG_FILE: path('config'), AWS_SHARED_CREDENTIALS_FILE: path('credentials') });
    const client = await started();
    undo();
    expect(await client.connection.sendRequest('leastwise/aws/profiles', {})).toEqual([
      { name: 'audit', region: 'us-east-2' },
      { name: 'default', region: 'eu-west-1' },
      { name: 'old' },
    ]);
  });

  test('the bundle that asks is not even looked for', () => {
    const server = readFileSync(place.bundle, 'utf8');
    expect(server).toMatch(/require\(["']\.\/analyzer\.js["']\)/);
    expect(server).not.toContain('AccessAnalyzerClient');
  });
});

describe('generation', () => {
  const generated = (status: string, more: object = {}) => ({
    json: {
      jobDetails: { jobId: 'j1', status, startedOn: '2026-12-01T00:00:00Z', ...more },
      generatedPolicyResult: {
        properties: { isComplete: true, principalArn: 'arn:aws:iam::111122223333:role/r' },
        generatedPolicies: [
          {
            policy: JSON.stringify({
              Version: '2012-10-17',
              Statement: [{ Effect: 'Allow', Action: ['ecs:UpdateService', 'sqs:SendMessage'], Resource: '*' }],
            }),
          },
        ],
      },
    },
  });
  const wanted = {
    principalArn: 'arn:aws:iam::111122223333:role/r',
    trailArn: 'arn:aws:cloudtrail:eu-west-1:111122223333:trail/t',
    accessRole: 'arn:aws:iam::111122223333:role/a',
    days: 14,
  };
  const held = HEREDOC.replace('"ecs:UpdateService"', '"ecs:*"').replace(
    '"Resource": "*"',
    '"Resource": "${var.service}"',
  );

  test('waits for the job and proposes the held policy with what was used, proved', async () => {
    const client = await started();
    const uri = files({})('main.tf');
    await client.open(uri, held, 'terraform');
    let gets = 0;
    stub.answer = ({ operation }) => {
      if (operation === 'StartPolicyGeneration') return { json: { jobId: 'j1' } };
      return generated(++gets < 3 ? 'IN_PROGRESS' : 'SUCCEEDED');
    };
    const params = {
      textDocument: { uri },
      policy: 'aws_iam_policy.deploy.policy',
      aws: { endpoint: stub.url },
      wanted,
      interval: 1,
    };
    const proposal = await client.connection.sendRequest<Record<string, unknown>>('leastwise/aws/generate', params);
    expect(proposal).toMatchObject({ job: 'j1', proved: true, foreign: ['sqs:SendMessage'] });
    const [statement] = JSON.parse(String(proposal.proposed)).Statement;
    expect(statement).toEqual({
      Sid: 'Ship',
      Effect: 'Allow',
      Action: ['ecs:UpdateService', 'iam:PassRole'],
      Resource: '${var.service}',
    });
    expect(JSON.parse(String(proposal.current)).Statement[0].Action).toEqual(['ecs:*', 'iam:PassRole']);
    const [start] = stub.asked;
    expect(start?.body).toMatchObject({
      policyGenerationDetails: { principalArn: wanted.principalArn },
      cloudTrailDetails: {
        accessRole: wanted.accessRole,
        trails: [{ cloudTrailArn: wanted.trailArn, allRegions: true }],
      },
    });
    const details = start?.body.cloudTrailDetails as { startTime: string; endTime: string };
    expect((Date.parse(details.endTime) - Date.parse(details.startTime)) / 86_400_000).toBeCloseTo(14, 3);
  });

  test('who cancels ends the job at AWS, too', async () => {
    const client = await started();
    stub.answer = ({ operation }) =>
      operation === 'StartPolicyGeneration' ? { json: { jobId: 'j1' } } : generated('IN_PROGRESS');
    const source = new CancellationTokenSource();
    client.connection.onNotification('leastwise/aws/progress', () => void setTimeout(() => source.cancel(), 50));
    const params = { aws: { endpoint: stub.url }, wanted };
    const result = await client.connection.sendRequest('leastwise/aws/generate', params, source.token);
    expect(result).toEqual({ trouble: { kind: 'cancelled', message: 'Cancelled.' } });
    expect(stub.asked.at(-1)).toMatchObject({ operation: 'CancelPolicyGeneration', id: 'j1' });
  });

  test.each([
    ['FAILED', 'AUTHORIZATION_ERROR', /access role may not read the trail/],
    ['FAILED', 'RESOURCE_NOT_FOUND_ERROR', /trail or its bucket is not there/],
    ['FAILED', 'SERVICE_QUOTA_EXCEEDED_ERROR', /choose fewer days/],
    ['FAILED', 'SERVICE_ERROR', /failed \(SERVICE_ERROR\): start it again/],
    ['CANCELED', undefined, /was cancelled/],
  ])('a job that ends as %s by %s is one sentence', async (status, code, sentence) => {
    const client = await started();
    stub.answer = () => generated(status, code ? { jobError: { code, message: 'of account 123456789012' } } : {});
    const params = { aws: { endpoint: stub.url }, job: 'j1' };
    const { trouble } = await client.connection.sendRequest<{ trouble: { message: string } }>(
      'leastwise/aws/generate',
      params,
    );
    expect(trouble.message).toMatch(sentence);
    expect(trouble.message).not.toContain('123456789012');
  });
});
