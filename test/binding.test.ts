/**
 * Fixes that bind: each proposal adds what it says, allows nothing new and less than before, in every host's spelling. Those
 * that rules offer are tried on their pages too; here are also those that wait for a rule.
 */
import { describe, expect, test } from 'vitest';
import type { ModuleAnalysis } from '../server/src/analysis.ts';
import { type Config, DEFAULT_CONFIG } from '../server/src/config/config.ts';
import { applyEdits } from '../server/src/finding/edit.ts';
import type { Fix } from '../server/src/finding/finding.ts';
import type { Policy, Statement } from '../server/src/policy/policy.ts';
import { proveFix } from '../server/src/proof.ts';
import { internFacts } from '../server/src/rules/facts.ts';
import {
  demandAddresses,
  demandEndpoint,
  demandMfa,
  demandOrganization,
  demandRecentMfa,
  demandSessionsSince,
} from '../server/src/rules/narrowing/callers.ts';
import { splitOffLevel } from '../server/src/rules/narrowing/levels.ts';
import { completeFirst, leavesOpen } from '../server/src/rules/narrowing/order.ts';
import { tieToServices } from '../server/src/rules/narrowing/pass-role.ts';
import { demandSourceArn } from '../server/src/rules/narrowing/source-arns.ts';
import { demandRequestTag, demandResourceTag } from '../server/src/rules/narrowing/tags.ts';
import { demandViaService } from '../server/src/rules/narrowing/via-service.ts';
import type { RuleContext } from '../server/src/rules/rule.ts';
import { analyzeText, catalog, configOf } from './context.ts';
import { KINDS, type PlainObject, type Told } from './rosetta/policies.ts';
import { SPELLINGS } from './rosetta/spellings.ts';

function contextOf({ module }: ModuleAnalysis, config: Config): RuleContext {
  const facts = internFacts(catalog());
  return { catalog: catalog(), config, facts, needless: () => [], things: module.things };
}

type Propose = (statement: Statement, policy: Policy, context: RuleContext) => readonly Fix[];

/** What a proposal makes of the statement in each host: conditions as JSON, without the hosts that spell them alike. */
function made(told: Told, propose: Propose, config = DEFAULT_CONFIG): readonly unknown[] {
  const results = SPELLINGS.map(({ name, spell }) => {
    const source = spell(told);
    const circumstances = source.path === 'policy.json' ? { kind: KINDS[told.holder] } : {};
    const module = analyzeText(source.path, source.text, circumstances);
    const policy = module?.policies[0];
    const statement = policy?.statements[0];
    if (!module || !policy || !statement) throw new Error(`${name}: no policy in ${source.text}`);
    const fixes = propose(statement, policy, contextOf(module, config));
    return fixes.map((fix) => {
      const finding = { rule: 'none', level: 'info', message: '', span: statement.head, related: [] } as const;
      const proved = proveFix(module, finding, fix);
      if (!proved) throw new Error(`${name}: "${fix.title}" is not proved`);
      expect(proved.lost, `${name}: ${fix.title}`).toBeDefined();
      const text = applyEdits(source.path, source.text, proved.edits) ?? '';
      const after = analyzeText(source.path, text, circumstances)?.policies[0];
      return { title: fix.title, conditions: (after?.statements ?? []).map(conditionsOf) };
    });
  });
  const [first, ...others] = results;
  for (const [index, other] of others.entries()) expect(other, SPELLINGS[index + 1]?.name).toEqual(first);
  return first ?? [];
}

function conditionsOf({ conditions }: Statement): readonly string[] {
  return conditions.map(({ operator, key, values }) => {
    const texts = values.map(({ value }) => (value.kind === 'text' ? value.text.flat : String(value.value)));
    return `${operator.flat} ${key.flat} ${texts.join(' ')}`;
  });
}

function identity(...statements: readonly PlainObject[]): Told {
  return { name: 'told', holder: 'managed', speaks: [], document: { Version: '2012-10-17', Statement: statements } };
}

function resource(holder: Told['holder'], statement: PlainObject): Told {
  return { name: 'told', holder, speaks: [], document: { Version: '2012-10-17', Statement: [statement] } };
}

const ADMIN = { Effect: 'Allow', Action: ['iam:CreateUser', 'iam:DeleteUser'], Resource: '*' };
const QUEUE = 'arn:aws:sqs:eu-central-1:111122223333:in';
const SENDING = { Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sqs:SendMessage', Resource: QUEUE };
const NOTIFYING = { ...SENDING, Principal: { Service: 'sns.amazonaws.com' } };
const ELSEWHERE = { Condition: { StringEquals: { 'aws:RequestedRegion': 'eu-central-1' } } };

describe('on callers', () => {
  test.each<[string, Propose, string]>([
    ['a second factor', demandMfa, 'Bool aws:MultiFactorAuthPresent true'],
    ['a recent one', (statement) => demandRecentMfa(statement), 'NumericLessThan aws:MultiFactorAuthAge 3600'],
    ['a young session', demandSessionsSince, 'DateGreaterThan aws:TokenIssueTime REPLACE_ME_DATE'],
    ['an endpoint', demandEndpoint, 'StringEquals aws:SourceVpce REPLACE_ME_VPC_ENDPOINT'],
    ['addresses', demandAddresses, 'IpAddress aws:SourceIp REPLACE_ME_CIDR'],
  ])('%s is demanded, beside other conditions too', (_, propose, condition) => {
    expect(made(identity(ADMIN), propose)).toMatchObject([{ conditions: [[condition]] }]);
    expect(made(identity({ ...ADMIN, ...ELSEWHERE }), propose)).toMatchObject([
      { conditions: [expect.arrayContaining([condition, 'StringEquals aws:RequestedRegion eu-central-1'])] },
    ]);
  });

  test('an organization is that of the configuration', () => {
    const config = configOf('{ "organization": "o-a1b2c3d4e5" }');
    const propose: Propose = (statement, _, context) => demandOrganization(statement, context);
    expect(made(resource('queue', SENDING), propose, config)).toEqual([
      {
        title: 'Allow everybody of organization `o-a1b2c3d4e5` only',
        conditions: [['StringEquals aws:PrincipalOrgID o-a1b2c3d4e5']],
      },
    ]);
    expect(made(resource('queue', SENDING), propose)).toMatchObject([
      { title: 'Allow everybody of one organization only, to be filled in' },
    ]);
  });

  test('what is tested already, what is denied, and services are left alone', () => {
    const tested = { Condition: { StringEquals: { 'aws:SourceVpc': 'vpc-0a1b2c3d' } } };
    expect(made(identity({ ...ADMIN, ...tested }), demandEndpoint)).toEqual([]);
    const mfa = { Condition: { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'true' } } };
    expect(made(identity({ ...ADMIN, ...mfa }), demandMfa)).toEqual([]);
    expect(made(identity({ ...ADMIN, Effect: 'Deny' }), demandMfa)).toEqual([]);
    for (const propose of [demandMfa, demandEndpoint, demandAddresses])
      expect(made(resource('queue', NOTIFYING), propose)).toEqual([]);
    expect(
      made(resource('queue', NOTIFYING), (statement, _, context) => demandOrganization(statement, context)),
    ).toEqual([]);
  });
});

describe('on what is reached', () => {
  const about: (propose: typeof demandResourceTag) => Propose = (propose) => (statement, policy, context) =>
    propose(policy, statement, context.facts(statement).unscoped, context);

  test('the tag of the caller, or the one that the policy asks for elsewhere', () => {
    const stop = { Effect: 'Allow', Action: ['ec2:StopInstances', 'ec2:StartInstances'], Resource: '*' };
    expect(made(identity(stop), about(demandResourceTag))).toMatchObject([
      { conditions: [['StringEquals aws:ResourceTag/REPLACE_ME_TAG_KEY ${aws:PrincipalTag/REPLACE_ME_TAG_KEY}']] },
    ]);
    const tagged = (condition: PlainObject) => ({ ...stop, Action: 'ec2:RebootInstances', Condition: condition });
    expect(
      made(identity(stop, tagged({ StringEquals: { 'aws:ResourceTag/team': 'churn' } })), about(demandResourceTag)),
    ).toMatchObject([{ conditions: [['StringEquals aws:ResourceTag/team churn'], [expect.anything()]] }]);
    expect(
      made(identity(stop, tagged({ StringLike: { 'ec2:ResourceTag/team': 'churn-*' } })), about(demandResourceTag)),
    ).toMatchObject([
      { conditions: [['StringEquals aws:ResourceTag/team ${aws:PrincipalTag/team}'], [expect.anything()]] },
    ]);
  });

  test('actions that carry no tags move to a statement of their own', () => {
    const mixed = { Effect: 'Allow', Action: ['ec2:StopInstances', 'ec2:DescribeInstances'], Resource: '*' };
    expect(made(identity(mixed), about(demandResourceTag))).toMatchObject([{ conditions: [[expect.anything()], []] }]);
  });

  test('nothing where one of them carries none: S3, what is not there yet, what reaches several things', () => {
    for (const action of ['s3:GetObject', 'sagemaker:CreateModel', 'ec2:RunInstances'])
      expect(made(identity({ Effect: 'Allow', Action: action, Resource: '*' }), about(demandResourceTag))).toEqual([]);
    for (const action of ['ec2:RunInstances', 'ec2:StopInstances', 'ec2:CreateVolume'])
      expect(made(identity({ Effect: 'Allow', Action: action, Resource: '*' }), about(demandRequestTag))).toEqual([]);
    expect(
      made(identity({ Effect: 'Allow', Action: 'sagemaker:CreateModel', Resource: '*' }), about(demandRequestTag)),
    ).toHaveLength(1);
  });

  test('keys by way of the services that the policy allows something of', () => {
    const keys = { Effect: 'Allow', Action: ['kms:Decrypt', 'kms:GenerateDataKey'], Resource: '*' };
    const read = { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::labels/*' };
    const propose: Propose = (statement, policy, context) => demandViaService(policy, statement, context);
    expect(made(identity(keys), propose)).toEqual([]);
    expect(made(identity(keys, read), propose)).toMatchObject([
      { conditions: [['StringLike kms:ViaService s3.*.amazonaws.com'], []] },
    ]);
    const send = { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: QUEUE };
    expect(made(identity(keys, read, send), propose)).toMatchObject([
      {
        conditions: [
          ['StringEquals kms:ViaService s3.eu-central-1.amazonaws.com sqs.eu-central-1.amazonaws.com'],
          [],
          [],
        ],
      },
    ]);
    expect(made(identity({ ...keys, Action: ['kms:Decrypt', 's3:PutObject'] }), propose)).toMatchObject([
      { conditions: [[], ['StringLike kms:ViaService s3.*.amazonaws.com']] },
    ]);
    expect(made(identity({ ...keys, Action: 'kms:*' }, read), propose)).toEqual([]);
  });
});

test('a service is held to what it acts for, and roles to whom they are passed', () => {
  const source: Propose = (statement, policy, context) => demandSourceArn(statement, policy, context);
  expect(made(resource('queue', NOTIFYING), source)).toMatchObject([
    { conditions: [['ArnEquals aws:SourceArn arn:aws:sns:eu-central-1:111122223333:REPLACE_ME_TOPIC_NAME']] },
  ]);
  const unknown = { ...NOTIFYING, Principal: { Service: 'unheard-of.amazonaws.com' } };
  expect(made(resource('queue', unknown), source)).toEqual([]);
  const pass: Propose = (statement, policy, context) => tieToServices(policy, statement, context);
  const passing = { Effect: 'Allow', Action: 'iam:PassRole', Resource: '*' };
  expect(made(identity(passing), pass)).toMatchObject([
    { conditions: [['StringEquals iam:PassedToService REPLACE_ME_SERVICE.amazonaws.com']] },
  ]);
  const create = { Effect: 'Allow', Action: 'lambda:CreateFunction', Resource: '*' };
  expect(made(identity(passing, create), pass)).toMatchObject([
    { conditions: [['StringEquals iam:PassedToService lambda.amazonaws.com'], []] },
  ]);
});

describe('split and order', () => {
  test('one level gets a statement of its own, and the same is allowed', () => {
    for (const { spell } of SPELLINGS) {
      const source = spell(
        identity({ Effect: 'Allow', Action: ['sqs:SendMessage', 'sqs:GetQueueUrl'], Resource: QUEUE }),
      );
      const module = analyzeText(source.path, source.text, source.path === 'policy.json' ? { kind: 'identity' } : {});
      const policy = module?.policies[0];
      const statement = policy?.statements[0];
      if (!module || !policy || !statement) throw new Error(`no policy in ${source.text}`);
      const context = contextOf(module, DEFAULT_CONFIG);
      const edits = splitOffLevel(policy, statement, 'Write', context) ?? [];
      const finding = { rule: 'none', level: 'info', message: '', span: statement.head, related: [] } as const;
      expect(proveFix(module, finding, { title: '', safety: 'same', edits }), source.path).toBeDefined();
      expect(splitOffLevel(policy, statement, 'List', context)).toBeUndefined();
    }
  });

  test('what is done with one click goes first', () => {
    const module = analyzeText('p.json', JSON.stringify(identity(ADMIN).document), { kind: 'identity' });
    const statement = module?.policies[0]?.statements[0];
    if (!statement) throw new Error('no statement');
    const [open, done] = [demandSessionsSince(statement), demandMfa(statement)];
    expect([...open, ...done].map(leavesOpen)).toEqual([true, false]);
    expect(completeFirst([...open, ...done])).toEqual([...done, ...open]);
  });
});
