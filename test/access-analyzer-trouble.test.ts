/** What goes wrong on the way to AWS, behind its real SDK: each in one sentence that says what to do, without a credential or an account id. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type ConnectionSettings, connect } from '../server/src/analyzer/connection.ts';
import type { Input } from '../server/src/analyzer/shapes.ts';
import { Trouble } from '../server/src/analyzer/trouble.ts';
import { type Answer, CREDENTIALS, type Stub, startStub, withVariables } from './access-analyzer.ts';
import { FINE, openWorkspace, runLater } from './terminal.ts';

const { folderOf } = openWorkspace();
const INPUT: Input = { operation: 'ValidatePolicy', policyDocument: '{}', policyType: 'IDENTITY_POLICY' };
const ACCOUNT = '123456789012';
let stub: Stub;
let restore: () => void;

beforeAll(async () => {
  stub = await startStub(() => ({ json: { findings: [] } }));
});
afterAll(() => stub.close());
beforeEach(() => {
  restore = withVariables(CREDENTIALS);
  stub.asked.length = 0;
});
afterEach(() => restore());

/** What asking once gives: the trouble, or undefined where there was none. */
async function troubleWith(
  settings: Partial<ConnectionSettings> = {},
  signal = new AbortController().signal,
  input = INPUT,
): Promise<Trouble | undefined> {
  const patience = { connect: 500, answer: 300 };
  const connection = connect({
    profile: undefined,
    region: undefined,
    endpoint: stub.url,
    patience,
    attempts: 2,
    ...settings,
  });
  try {
    await connection.ask(input, signal);
    return undefined;
  } catch (error) {
    expect(error).toBeInstanceOf(Trouble);
    return error instanceof Trouble ? error : undefined;
  } finally {
    connection.close();
  }
}

function said(trouble: Trouble | undefined): readonly [string | undefined, string | undefined] {
  const message = trouble?.message;
  if (message !== undefined) {
    expect(message, 'one line').not.toMatch(/\n/);
    expect(message, 'a sentence').toMatch(/^[A-Z`].*\.$/);
    expect(message).not.toContain(ACCOUNT);
    expect(message).not.toMatch(/AKID|secret-example/);
  }
  return [trouble?.kind, message];
}

describe('what AWS answers', () => {
  const denied = `User: arn:aws:iam::${ACCOUNT}:user/ann is not authorized to perform: access-analyzer:ValidatePolicy on resource: *`;
  const ANSWERS: readonly (readonly [string, Answer, string, RegExp, number])[] = [
    [
      'no permission',
      { error: 'AccessDeniedException', status: 403, message: denied },
      'permission',
      /may not use `access-analyzer:ValidatePolicy`: docs\/aws\.md/,
      1,
    ],
    [
      'an SCP',
      {
        error: 'AccessDeniedException',
        status: 403,
        message: `${denied} with an explicit deny in a service control policy`,
      },
      'permission',
      /organization denies `access-analyzer:ValidatePolicy`.*another Region/,
      1,
    ],
    [
      'throttling',
      { error: 'ThrottlingException', status: 429, message: 'Rate exceeded' },
      'throttled',
      /slow down, also after 2 attempts/,
      2,
    ],
    [
      'a quota',
      { error: 'ServiceQuotaExceededException', status: 402, message: 'quota' },
      'quota',
      /quota .* used up/,
      1,
    ],
    [
      'a policy that is too large',
      { error: 'ValidationException', status: 400, message: 'InvalidPolicy' },
      'policy',
      /too large/,
      1,
    ],
    [
      'a value that it does not take',
      {
        error: 'ValidationException',
        status: 400,
        message: 'bad',
        more: { reason: 'fieldValidationFailed', fieldList: [{ name: 'a', message: `Invalid ARN of ${ACCOUNT}` }] },
      },
      'policy',
      /does not take this: bad; Invalid ARN of …\./,
      1,
    ],
    [
      'a parameter that it does not take',
      { error: 'InvalidParameterException', status: 400, message: 'no such type' },
      'policy',
      /no such type/,
      1,
    ],
    [
      'a question that it cannot decide',
      { error: 'UnprocessableEntityException', status: 422, message: 'too complex.' },
      'policy',
      /cannot decide ValidatePolicy for this policy: too complex\./,
      0,
    ],
    ['trouble of its own', { error: 'InternalServerException', status: 500, message: 'oh' }, 'aws', /HTTP 500/, 2],
    [
      'expired credentials',
      { error: 'ExpiredTokenException', status: 403, message: 'The security token included in the request is expired' },
      'credentials',
      /expired: run `aws sso login`/,
      1,
    ],
    [
      'unknown credentials',
      {
        error: 'UnrecognizedClientException',
        status: 403,
        message: 'The security token included in the request is invalid.',
      },
      'credentials',
      /does not know the credentials/,
      1,
    ],
    [
      'a wrong secret',
      {
        error: 'InvalidSignatureException',
        status: 403,
        message: 'The request signature we calculated does not match',
      },
      'credentials',
      /does not accept the signature/,
      1,
    ],
    [
      'a wrong clock',
      {
        error: 'InvalidSignatureException',
        status: 403,
        message: 'Signature expired: 20261201T000000Z is now earlier than 20261201T001000Z',
      },
      'clock',
      /clock of this machine is wrong/,
      0,
    ],
    [
      'something new',
      { error: 'TeapotException', status: 418, message: `teapot of ${ACCOUNT}` },
      'aws',
      /ValidatePolicy failed: teapot of …\./,
      1,
    ],
    [
      'a page of a proxy',
      { text: '<html><body>Bad Gateway</body></html>', status: 502, type: 'text/html' },
      'proxy',
      /not AWS \(HTTP 502\)/,
      0,
    ],
    [
      'a page to sign in',
      { text: '<html>Sign in to the network</html>', status: 200, type: 'text/html' },
      'proxy',
      /not AWS/,
      0,
    ],
    ['JSON of somebody else', { json: { hello: 'world' } }, 'proxy', /not IAM Access Analyzer/, 1],
    ['no answer', 'hang', 'timeout', /no answer in time/, 0],
    ['a closed line', 'hang up', 'network', /cannot be reached \(ECONNRESET\)/, 0],
  ];
  test.each(ANSWERS)('%s', async (_, answer, kind, sentence, times) => {
    stub.answer = () => answer;
    const [found, message] = said(await troubleWith());
    expect(message).toMatch(sentence);
    expect(found).toBe(kind);
    if (times > 0) expect(stub.asked).toHaveLength(times);
  });

  test('throttling that passes is no trouble', async () => {
    stub.answer = () =>
      stub.asked.length < 2
        ? { error: 'ThrottlingException', status: 429, message: 'Rate exceeded' }
        : { json: { findings: [] } };
    expect(await troubleWith()).toBeUndefined();
    expect(stub.asked).toHaveLength(2);
  });

  test('a policy that AWS refuses does not keep the others from being asked about', async () => {
    stub.answer = () =>
      stub.asked.length === 1
        ? { error: 'ValidationException', status: 400, message: 'InvalidPolicy' }
        : { json: { findings: [] } };
    const folder = folderOf({ 'a.json': FINE, 'b.json': FINE.replace('One', 'Two') });
    const { code, error } = await runLater(folder, ['validate', '--endpoint', stub.url]);
    expect(stub.asked).toHaveLength(2);
    expect(code).toBe(2);
    expect(error).toMatch(/^leastwise: a\.json: ValidatePolicy does not take this policy: it is too large[^\n]*\n$/);
  });

  test('any other trouble ends the asking at once, and what the rules find is reported all the same', async () => {
    stub.answer = () => ({ error: 'AccessDeniedException', status: 403, message: denied });
    const folder = folderOf({ 'a.json': FINE, 'b.json': FINE.replace('s3:GetObject', 's3:GetObjct') });
    const { code, error, out } = await runLater(folder, ['validate', '--endpoint', stub.url]);
    expect(stub.asked).toHaveLength(1);
    expect(code).toBe(2);
    expect(error).toBe(
      'leastwise: You may not use `access-analyzer:ValidatePolicy`: docs/aws.md has the policy that it takes.\n',
    );
    expect(out).toContain('warning unknown-action');
  });
});

describe('before AWS is asked', () => {
  test('nobody there', async () => {
    const [kind, message] = said(await troubleWith({ endpoint: 'http://127.0.0.1:9' }));
    expect(message).toMatch(/cannot be reached \(ECONNREFUSED\): check the network/);
    expect(kind).toBe('network');
  });

  test('no such host', async () => {
    const [kind] = said(await troubleWith({ endpoint: 'http://nowhere.invalid' }));
    expect(kind).toBe('network');
  });

  test('an endpoint that is no URL', async () => {
    const [kind, message] = said(await troubleWith({ endpoint: 'nonsense' }));
    expect(message).toMatch(/The endpoint nonsense is no URL/);
    expect(kind).toBe('settings');
  });

  test('no Region', async () => {
    withVariables({ AWS_REGION: undefined, AWS_DEFAULT_REGION: undefined });
    const [kind, message] = said(await troubleWith());
    expect(message).toMatch(/No Region is set/);
    expect(kind).toBe('settings');
  });

  test('cancelled, at once', async () => {
    stub.answer = () => 'hang';
    const controller = new AbortController();
    const waiting = troubleWith({ patience: { connect: 60_000, answer: 60_000 } }, controller.signal);
    setTimeout(() => controller.abort(), 50);
    expect((await waiting)?.kind).toBe('cancelled');
  });
});

describe('credentials', () => {
  const folder = mkdtempSync(join(tmpdir(), 'leastwise-aws-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const withConfig = (text: string) => {
    const path = join(folder, 'config');
    writeFileSync(path, text);
    withVariables({
      AWS_ACCESS_KEY_ID: undefined,
      AWS_SECRET_ACCESS_KEY: undefined,
      AWS_CONFIG_FILE: path,
      HOME: folder,
    });
  };
  let home: () => void;
  beforeEach(() => {
    home = withVariables({ HOME: process.env.HOME });
    stub.answer = () => ({ json: { findings: [] } });
  });
  afterEach(() => home());

  test('none', async () => {
    withConfig('');
    const [kind, message] = said(await troubleWith());
    expect(message).toMatch(/There are no AWS credentials: run `aws configure` or `aws sso login`/);
    expect(kind).toBe('credentials');
  });

  test('a profile that is not there', async () => {
    withConfig('');
    const [kind, message] = said(await troubleWith({ profile: 'staging' }));
    expect(message).toMatch(
      /There is no profile staging: choose another one, or run `aws configure --profile staging`/,
    );
    expect(kind).toBe('credentials');
  });

  test('a profile with a credential process, and its Region', async () => {
    const program = join(folder, 'process.sh');
    writeFileSync(program, `#!/bin/sh\necho '{"Version":1,"AccessKeyId":"AKIDPROCESS","SecretAccessKey":"s"}'\n`);
    chmodSync(program, 0o700);
    withConfig(`[profile tool]\nregion = ap-south-1\ncredential_process = ${program}\n`);
    withVariables({ AWS_REGION: undefined });
    expect(await troubleWith({ profile: 'tool' })).toBeUndefined();
    expect(stub.asked[0]?.headers.authorization).toMatch(/Credential=AKIDPROCESS\/\d+\/ap-south-1\//);
  });

  test('a credential process that fails', async () => {
    withConfig(`[profile tool]\nregion = eu-west-1\ncredential_process = /nonexistent/tool --secret hunter2\n`);
    const [kind, message] = said(await troubleWith({ profile: 'tool' }));
    expect(message).toMatch(/The credential process of profile tool failed/);
    expect(message).not.toContain('hunter2');
    expect(kind).toBe('credentials');
  });

  test('an SSO session that never began', async () => {
    withConfig(
      `[sso-session s]\nsso_start_url = https://x.awsapps.com/start\nsso_region = eu-west-1\n[profile dev]\nsso_session = s\nsso_account_id = ${ACCOUNT}\nsso_role_name = Dev\nregion = eu-west-1\n`,
    );
    const [kind, message] = said(await troubleWith({ profile: 'dev' }));
    expect(message).toMatch(/SSO session of profile dev .* run `aws sso login --profile dev`/);
    expect(kind).toBe('credentials');
  });
});
