/** The command `validate`, against an Access Analyzer of our own behind AWS's real SDK: what is sent, where answers land, what errors say. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  type Answer,
  type Asked,
  CREDENTIALS,
  documentIn,
  findingOf,
  locationOf,
  type Step,
  type Stub,
  startStub,
  withVariables,
} from './access-analyzer.ts';
import { FINE, openWorkspace, runLater, type Said } from './terminal.ts';

const { folderOf } = openWorkspace();
let stub: Stub;
let restore: () => void;
const NOTHING: Answer = { json: { findings: [] } };
const PASS: Answer = { json: { result: 'PASS', message: 'fine', reasons: [] } };

beforeAll(async () => {
  restore = withVariables(CREDENTIALS);
  stub = await startStub(() => NOTHING);
});
afterAll(async () => {
  restore();
  await stub.close();
});
beforeEach(() => {
  stub.asked.length = 0;
  stub.answer = () => NOTHING;
});

function validate(folder: string, ...args: readonly string[]): Promise<Said> {
  return runLater(folder, ['validate', '--endpoint', stub.url, ...args]);
}

interface Found {
  readonly rule: string;
  readonly level: string;
  readonly message: string;
  readonly file: string;
  readonly confirmed?: true;
  readonly statement?: { readonly index: number; readonly sid?: string };
  readonly range: { readonly start: Place; readonly end: Place };
  readonly related?: readonly { readonly range: { readonly start: Place; readonly end: Place } }[];
  readonly page?: string;
}
interface Place {
  readonly line: number;
  readonly character: number;
}

async function findings(folder: string, ...args: readonly string[]): Promise<readonly Found[]> {
  const { out } = await validate(folder, '--format', 'json', ...args);
  return (JSON.parse(out) as { findings: readonly Found[] }).findings;
}

/** The words of a file that a finding marks. */
function marked(text: string, { range }: Pick<Found, 'range'>): string {
  const lines = text.split('\n');
  const at = ({ line, character }: Place) => lines.slice(0, line).join('\n').length + (line > 0 ? 1 : 0) + character;
  return text.slice(at(range.start), at(range.end));
}

const STATEMENT: readonly Step[] = [{ value: 'Statement' }, { index: 0 }];
const PASS_ROLE = 'PASS_ROLE_WITH_STAR_IN_RESOURCE';
const HEREDOC = `resource "aws_iam_policy" "deploy" {
  name   = "deploy"
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
const passRole = (asked: Asked) =>
  findingOf(
    PASS_ROLE,
    'SECURITY_WARNING',
    locationOf(asked, '"iam:PassRole"', ...STATEMENT, { value: 'Action' }, { index: 1 }),
    locationOf(asked, '"*"', ...STATEMENT, { value: 'Resource' }),
  );

describe('what is sent', () => {
  test('the policy as one line of ASCII, signed, with its type', async () => {
    const folder = folderOf({ 'policy.json': FINE.replace('"One"', '"Zwölf日"') });
    expect((await validate(folder, '.')).error).toBe('');
    const [asked] = stub.asked;
    expect(stub.asked).toHaveLength(1);
    expect(asked?.operation).toBe('ValidatePolicy');
    expect(asked?.body.policyType).toBe('IDENTITY_POLICY');
    expect(asked?.body.policyDocument).toMatch(/^[ -~]+$/);
    expect(JSON.parse(String(asked?.body.policyDocument)).Statement[0].Sid).toBe('Zwölf日');
    expect(asked?.headers.authorization).toContain('/eu-central-1/access-analyzer/aws4_request');
  });

  test('equal policies once', async () => {
    const folder = folderOf({ 'a.json': FINE, 'b.json': FINE });
    await validate(folder);
    expect(stub.asked).toHaveLength(1);
  });

  test.each([
    ['scp', 'SERVICE_CONTROL_POLICY', undefined],
    ['rcp', 'RESOURCE_CONTROL_POLICY', undefined],
    ['boundary', 'IDENTITY_POLICY', undefined],
    ['session', 'IDENTITY_POLICY', undefined],
    ['endpoint', 'RESOURCE_POLICY', undefined],
    ['resource', 'RESOURCE_POLICY', undefined],
    ['trust', 'RESOURCE_POLICY', 'AWS::IAM::AssumeRolePolicyDocument'],
  ])('a policy of kind %s as %s', async (kind, policyType, resourceType) => {
    await validate(folderOf({ 'p.json': FINE }), '--policy-type', kind);
    expect(stub.asked.map(({ body }) => [body.policyType, body.validatePolicyResourceType])).toEqual([
      [policyType, resourceType],
    ]);
  });

  test('the type of resource that the place names', async () => {
    const bucket = HEREDOC.replace('aws_iam_policy', 'aws_s3_bucket_policy').replace(
      '"Effect"',
      '"Principal": "*", "Effect"',
    );
    await validate(folderOf({ 'main.tf': bucket }));
    expect(stub.asked.map(({ body }) => body.validatePolicyResourceType)).toEqual(['AWS::S3::Bucket']);
  });

  test('stand-ins of the right shape for what is known at deploy time only', async () => {
    const text = HEREDOC.replace(
      '"Resource": "*"',
      '"Resource": ["${aws_s3_bucket.b.arn}/*", "arn:aws:sqs:${var.region}:${var.account}:${var.queue}"]',
    );
    await validate(folderOf({ 'main.tf': text }));
    const [first, second] = JSON.parse(documentIn(stub.asked[0] as Asked)).Statement[0].Resource;
    expect(first).toMatch(/^arn:aws:s3:::stand-in-[0-9a-f]{8}\/\*$/);
    expect(second).toMatch(/^arn:aws:sqs:us-east-1:9\d{11}:stand-in-[0-9a-f]{8}$/);
  });

  test('nothing for a policy whose syntax is broken, which is said', async () => {
    const said = await validate(folderOf({ 'p.json': FINE.replace('"Effect"', '"Effect') }), 'p.json');
    expect(stub.asked).toEqual([]);
    expect(said.error).toContain('p.json is not asked about: its syntax has to be mended first');
  });
});

describe('where answers land', () => {
  test('what both say is one finding of ours, confirmed, in a heredoc', async () => {
    stub.answer = (asked) => ({ json: { findings: [passRole(asked)] } });
    const found = await findings(folderOf({ 'main.tf': HEREDOC }));
    const [own] = found.filter(({ rule }) => rule === 'pass-role-any-resource');
    expect(own?.confirmed).toBe(true);
    expect(marked(HEREDOC, own as Found)).toBe('*');
    expect(found.filter(({ rule }) => rule === PASS_ROLE)).toEqual([]);
    const text = await validate(folderOf({ 'main.tf': HEREDOC }));
    expect(text.out).toMatch(/main\.tf:7:\d+ warning pass-role-any-resource .*\(confirmed by AWS\)/);
    expect(text.code).toBe(1);
  });

  test('what only AWS says is under its own code, at the very word, with its page', async () => {
    stub.answer = (asked) => ({
      json: {
        findings: [
          findingOf(
            'A_CODE_OF_TOMORROW',
            'ERROR',
            locationOf(asked, '"ecs:UpdateService"', ...STATEMENT, { value: 'Action' }, { index: 0 }),
          ),
        ],
      },
    });
    const [found] = (await findings(folderOf({ 'main.tf': HEREDOC }))).filter(
      ({ rule }) => rule === 'A_CODE_OF_TOMORROW',
    );
    expect(found).toMatchObject({
      level: 'error',
      message: 'AWS: Details of A_CODE_OF_TOMORROW.',
      statement: { index: 0, sid: 'Ship' },
    });
    expect(found?.page).toContain('#a_code_of_tomorrow');
    expect(marked(HEREDOC, found as Found)).toBe('ecs:UpdateService');
  });

  const SPELLINGS: readonly (readonly [string, string, string])[] = [
    [
      'jsonencode',
      'main.tf',
      `resource "aws_iam_policy" "p" {
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = ["ecs:UpdateService", "iam:Züge"], Resource = "*" }]
  })
}
`,
    ],
    [
      'a policy document',
      'main.tf',
      `data "aws_iam_policy_document" "p" {
  statement {
    actions   = ["ecs:UpdateService", "iam:Züge"]
    resources = ["*"]
  }
}
`,
    ],
    [
      'YAML',
      'template.yaml',
      `Resources:
  P:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Action: [ecs:UpdateService, 'iam:Züge']
            Resource: "*"
`,
    ],
    [
      'JSON with escapes',
      'p.json',
      `{ "Version": "2012-10-17",\n  "Statement": [{ "Effect": "Allow",\n "Action": ["ecs:UpdateService", "iam:Z\\u00fcge"], "Resource": "*" }] }\n`,
    ],
  ];
  test.each(SPELLINGS)('by the path in %s, whatever the span says', async (_, file, text) => {
    const wrong = { start: { line: 99, column: 3, offset: 5000 }, end: { line: 2, column: 1, offset: -1 } };
    stub.answer = () => ({
      json: {
        findings: [
          findingOf('ODD', 'WARNING', { path: [...STATEMENT, { value: 'Action' }, { index: 1 }], span: wrong }),
          findingOf('NAME', 'WARNING', { path: [...STATEMENT, { key: 'Resource' }], span: wrong }),
        ],
      },
    });
    const found = await findings(folderOf({ [file]: text }));
    const words = (code: string) => found.filter(({ rule }) => rule === code).map((one) => marked(text, one));
    expect(words('ODD')[0]?.replace('\\u00fc', 'ü')).toBe('iam:Züge');
    expect(words('NAME')[0]?.toLowerCase().replaceAll('"', '')).toMatch(/^resources?$/);
  });

  test('by the span where the path leads nowhere, and to the head of the document where nothing does', async () => {
    const text = FINE;
    stub.answer = (asked) => ({
      json: {
        findings: [
          findingOf('BY_SPAN', 'WARNING', locationOf(asked, '"s3:GetObject"', { value: 'Statement' }, { index: 7 })),
          findingOf('NOWHERE', 'SUGGESTION', { path: [{ value: 'Nothing' }], span: {} }),
          findingOf('WHOLE', 'ERROR', { path: [], span: { start: { line: 1, column: 0, offset: 0 } } }),
          findingOf('NONE', 'SUGGESTION'),
        ],
      },
    });
    const found = await findings(folderOf({ 'p.json': text }));
    const words = Object.fromEntries(found.map((one) => [one.rule, marked(text, one)]));
    expect(words).toMatchObject({ BY_SPAN: 's3:GetObject', NOWHERE: '{', WHOLE: '{', NONE: '{' });
  });

  test('all pages, and all places of one finding', async () => {
    stub.answer = (asked) => {
      const page = Number(asked.query.nextToken ?? 0);
      const word = locationOf(asked, '"*"', ...STATEMENT, { value: 'Resource' });
      const finding = findingOf(
        `PAGE_${page}`,
        'WARNING',
        word,
        locationOf(asked, '"Ship"', ...STATEMENT, { value: 'Sid' }),
      );
      return { json: { findings: [finding], ...(page < 2 ? { nextToken: String(page + 1) } : {}) } };
    };
    const found = (await findings(folderOf({ 'main.tf': HEREDOC }))).filter(({ rule }) => rule.startsWith('PAGE'));
    expect(found.map(({ rule }) => rule).sort()).toEqual(['PAGE_0', 'PAGE_1', 'PAGE_2']);
    expect(found[0]?.related?.map((one) => marked(HEREDOC, one))).toEqual(['Ship']);
  });

  test('a finding that touches a stand-in says so', async () => {
    const text = HEREDOC.replace('"Resource": "*"', '"Resource": "${var.what}"');
    stub.answer = (asked) => ({
      json: { findings: [findingOf('SHAPE', 'WARNING', locationOf(asked, 'x', ...STATEMENT, { value: 'Resource' }))] },
    });
    const [found] = (await findings(folderOf({ 'main.tf': text }))).filter(({ rule }) => rule === 'SHAPE');
    expect(found?.message).toContain('(AWS was asked with a stand-in for ${var.what})');
    expect(marked(text, found as Found)).toBe('${var.what}');
  });

  test('nothing for what a comment takes back', async () => {
    const text = HEREDOC.replace('  policy', '  # leastwise-ignore pass-role-any-resource: reviewed\n  policy');
    stub.answer = (asked) => ({ json: { findings: [passRole(asked)] } });
    const found = await findings(folderOf({ 'main.tf': text }));
    expect(found.filter(({ rule }) => /pass.role/i.test(rule))).toEqual([]);
  });

  test('what AWS says of a part, it says of the bigger finding, at the level of that', async () => {
    const text = FINE.replace('s3:GetObject', '*').replace('arn:aws:s3:::b/*', '*');
    stub.answer = (asked) => ({
      json: {
        findings: [
          findingOf(
            'PASS_ROLE_WITH_STAR_IN_ACTION_AND_RESOURCE',
            'ERROR',
            locationOf(asked, '"*"', ...STATEMENT, { value: 'Resource' }),
          ),
        ],
      },
    });
    const found = await findings(folderOf({ 'p.json': text }));
    const [full] = found.filter(({ rule }) => rule === 'full-access');
    expect(full).toMatchObject({ level: 'warning', confirmed: true });
    expect(found.some(({ rule }) => rule.startsWith('PASS_ROLE'))).toBe(false);
  });

  test.each([
    ['{}', 'error'],
    ['{ "rules": { "unknown-action": "info" } }', 'info'],
  ])('the level is the graver one, unless the configuration %s sets it', async (config, level) => {
    const text = FINE.replace('GetObject', 'GetObjct');
    stub.answer = (asked) => ({
      json: {
        findings: [findingOf('INVALID_ACTION', 'ERROR', locationOf(asked, 'x', ...STATEMENT, { value: 'Action' }))],
      },
    });
    const [found] = await findings(folderOf({ 'p.json': text, 'leastwise.json': config }));
    expect(found).toMatchObject({ rule: 'unknown-action', confirmed: true, level });
  });

  test('what both say, and who says what alone, with --stats', async () => {
    stub.answer = (asked) => ({ json: { findings: [passRole(asked), findingOf('MORE', 'SUGGESTION')] } });
    const said = await validate(
      folderOf({ 'main.tf': HEREDOC.replace('ecs:UpdateService', 'ecs:UpdateServise') }),
      '--stats',
    );
    expect(said.error).toBe(
      'leastwise: aws_iam_policy.deploy.policy (IDENTITY_POLICY): 1 of both; only AWS: MORE; only here: unknown-action (INVALID_ACTION)\n',
    );
  });
});

describe('checks', () => {
  const fail = (statementIndex: number | undefined): Answer => ({
    json: {
      result: 'FAIL',
      message: 'The modified permissions grant new access compared to your existing policy.',
      reasons: [{ description: 'New access in the statement with index: 0.', statementIndex }],
    },
  });
  const byOperation = (operation: string, answer: Answer) => {
    stub.answer = (asked) => (asked.operation === operation ? answer : NOTHING);
  };

  test('no-new-access against a file: the statement is named, and AWS bills it', async () => {
    byOperation('CheckNoNewAccess', fail(0));
    const folder = folderOf({ 'main.tf': HEREDOC, 'reference.json': FINE });
    const said = await validate(folder, 'main.tf', '--check', 'no-new-access', '--reference', 'reference.json');
    expect(said.code).toBe(1);
    expect(said.error).toBe(
      `leastwise: AWS bills 1 call of this run: https://aws.amazon.com/iam/access-analyzer/pricing/\n`,
    );
    expect(said.out).toContain('main.tf:7:19 warning no-new-access AWS: The modified permissions grant new access');
    const asked = stub.asked.find(({ operation }) => operation === 'CheckNoNewAccess');
    expect(asked?.body.existingPolicyDocument).toBe(FINE);
    expect(asked?.body.policyType).toBe('IDENTITY_POLICY');
  });

  test('no-new-access against the last commit, with equal stand-ins on both sides', async () => {
    byOperation('CheckNoNewAccess', fail(undefined));
    const text = HEREDOC.replace('"Resource": "*"', '"Resource": "${var.what}"');
    const folder = folderOf({ 'main.tf': text, 'same.json': FINE });
    const git = (...args: readonly string[]) => execFileSync('git', args, { cwd: folder, stdio: 'ignore' });
    git('init', '-q');
    git('add', '.');
    git('-c', 'user.email=a@b.c', '-c', 'user.name=n', 'commit', '-qm', 'first');
    const now = text.replace('"iam:PassRole"', '"iam:PassRole", "iam:GetRole"');
    writeFileSync(join(folder, 'main.tf'), now);
    writeFileSync(join(folder, 'new.json'), FINE.replace('One', 'Two'));
    const said = await validate(folder, '.', '--check', 'no-new-access');
    const [asked, ...others] = stub.asked.filter(({ operation }) => operation === 'CheckNoNewAccess');
    expect(others).toEqual([]);
    expect(asked?.body.newPolicyDocument).toBe(
      String(asked?.body.existingPolicyDocument).replace('"iam:PassRole"', '"iam:PassRole","iam:GetRole"'),
    );
    expect(said.error).toContain('new.json: no-new-access is not asked: the last commit has no such policy');
    expect(said.error).toContain('same.json: no-new-access is not asked: it is what the last commit has');
    expect(said.out).toContain('main.tf:4:5 warning no-new-access');
  });

  test('access-not-granted from the configuration, less what it exempts, and confirmed where our rule says it too', async () => {
    byOperation('CheckAccessNotGranted', fail(0));
    const config = {
      never: [
        { actions: ['iam:PassRole'], resources: ['*'], because: 'it hands over roles' },
        { actions: ['s3:*'], resources: ['arn:*:s3:::secret/*'], because: 'it is secret' },
        { actions: ['sqs:*'], resources: ['arn:aws:sqs:*:*:q'], because: 'no' },
        { actions: ['kms:*'], resources: ['*'], unless: 'main.tf', because: 'no' },
      ],
    };
    const folder = folderOf({ 'main.tf': HEREDOC, 'leastwise.json': JSON.stringify(config) });
    const said = await validate(folder, 'main.tf', '--check', 'access-not-granted', '--format', 'json');
    expect(
      stub.asked.filter(({ operation }) => operation === 'CheckAccessNotGranted').map(({ body }) => body.access),
    ).toEqual([[{ actions: ['iam:PassRole'] }], [{ actions: ['s3:*'], resources: ['arn:aws:s3:::secret/*'] }]]);
    expect(said.error).toContain('AWS takes wildcards in the last part of an ARN only');
    const found = (JSON.parse(said.out) as { findings: readonly Found[] }).findings;
    expect(found.filter(({ rule }) => rule === 'never').map(({ confirmed }) => confirmed)).toEqual([true]);
  });

  test('access-not-granted by hand, in pieces of a hundred', async () => {
    byOperation('CheckAccessNotGranted', PASS);
    const actions = Array.from({ length: 150 }, (_, n) => `s3:Action${n}`);
    const said = await validate(
      folderOf({ 'p.json': FINE }),
      'p.json',
      '--check',
      'access-not-granted',
      '--action',
      ...actions,
    );
    expect(said).toMatchObject({ code: 0 });
    const sizes = stub.asked.flatMap(
      ({ body }) => (body.access as { actions: string[] }[] | undefined)?.map((one) => one.actions.length) ?? [],
    );
    expect(sizes).toEqual([100, 50]);
  });

  test('no-public-access by the place, or by hand', async () => {
    byOperation('CheckNoPublicAccess', fail(0));
    const queue = HEREDOC.replace('aws_iam_policy', 'aws_sqs_queue_policy').replace(
      '"Effect"',
      '"Principal": "*", "Effect"',
    );
    const open = FINE.replace('"Effect"', '"Principal": "*", "Effect"');
    const folder = folderOf({ 'main.tf': queue, 'p.json': open, 'identity.json': FINE });
    const said = await validate(folder, '.', '--check', 'no-public-access');
    const types = () => stub.asked.flatMap(({ body }) => (body.resourceType === undefined ? [] : [body.resourceType]));
    expect(types()).toEqual(['AWS::SQS::Queue']);
    expect(said.error).toContain(
      'p.json: no-public-access is not asked: its place does not tell what resource it is on',
    );
    await validate(folder, 'p.json', '--check', 'no-public-access', '--resource-type', 'AWS::S3::Bucket');
    expect(types()).toEqual(['AWS::SQS::Queue', 'AWS::S3::Bucket']);
  });

  test('where our own engine answers otherwise, --stats says so', async () => {
    byOperation('CheckNoNewAccess', fail(0));
    const folder = folderOf({ 'p.json': FINE, 'reference.json': FINE.replace('b/*', '*') });
    const args = ['p.json', '--check', 'no-new-access', '--reference', 'reference.json', '--stats'];
    const line = async () => (await validate(folder, ...args)).error.split('\n').at(-2);
    expect(await line()).toBe(
      'leastwise: p.json (IDENTITY_POLICY): 0 of both; only AWS: no-new-access; differently: no-new-access: FAIL by AWS, PASS by Leastwise',
    );
    byOperation('CheckNoNewAccess', PASS);
    expect(await line()).toBe('leastwise: p.json (IDENTITY_POLICY): 0 of both');
    byOperation('CheckNoNewAccess', fail(0));
    const narrower = [...args.slice(0, 3), '--reference', 'narrow.json', '--stats'];
    const both = await validate(folderOf({ 'p.json': FINE, 'narrow.json': FINE.replace('b/*', 'b/a') }), ...narrower);
    expect(both.error).toContain('p.json (IDENTITY_POLICY): 1 of both\n');
    byOperation('CheckAccessNotGranted', PASS);
    const forbidden = await validate(folder, 'p.json', '--check', 'access-not-granted', '--action', 's3:*', '--stats');
    expect(forbidden.error).toContain('; differently: access-not-granted: PASS by AWS, FAIL by Leastwise');
  });

  test('our own engine sees public access as AWS would', async () => {
    byOperation('CheckNoPublicAccess', PASS);
    const open = FINE.replace('"Effect"', '"Principal": "*", "Effect"');
    const args = ['--check', 'no-public-access', '--resource-type', 'AWS::S3::Bucket', '--stats'];
    const said = await validate(folderOf({ 'p.json': open }), 'p.json', ...args);
    expect(said.error).toContain('; differently: no-public-access: PASS by AWS, FAIL by Leastwise');
  });

  test.each([
    [['--reference', 'x.json'], '`--reference` needs `--check no-new-access`'],
    [['--action', 's3:*'], '`--action` needs `--check access-not-granted`'],
    [['--resource-type', 'AWS::S3::Bucket'], '`--resource-type` needs `--check no-public-access`'],
    [['--check', 'no-access'], '`no-access` is no value of `--check`'],
  ])('%j is wrong', async (args, message) => {
    const said = await validate(folderOf({ 'p.json': FINE }), ...args);
    expect(said.code).toBe(2);
    expect(said.error).toContain(message);
  });
});
