/** How policies combine: every row names the page of the IAM User Guide (or of the service's guide) that it rests on. */
import { describe, expect, test } from 'vitest';
import { type DocumentSet, evaluateDocuments } from '../../server/src/access/documents.ts';
import type { Principal } from '../../server/src/access/request.ts';
import { allow, deny, type Json, policy } from './policies.ts';

const OWN = '111122223333';
const OTHER = '444455556666';
const USER = `arn:aws:iam::${OWN}:user/bob`;
const ROLE = `arn:aws:iam::${OWN}:role/app`;
const SESSION = `arn:aws:sts::${OWN}:assumed-role/app/s`;
const FEDERATED = `arn:aws:sts::${OWN}:federated-user/bob`;

/** The documents of one situation: statements in place of texts. */
interface Situation {
  readonly identity?: readonly Json[];
  readonly resource?: readonly Json[];
  readonly boundary?: readonly Json[];
  readonly session?: readonly Json[];
  readonly scps?: readonly (readonly Json[])[];
  readonly rcps?: readonly (readonly Json[])[];
}

function decide(
  situation: Situation,
  principal: Principal | undefined,
  action = 's3:GetObject',
  resource = 'arn:aws:s3:::b/k',
  resourceAccount = OWN,
): string {
  const one = (statements: readonly Json[] | undefined) => (statements ? policy(...statements) : undefined);
  const [resourcePolicy, boundary, session] = [
    one(situation.resource),
    one(situation.boundary),
    one(situation.session),
  ];
  const policies: DocumentSet = {
    identity: situation.identity ? [policy(...situation.identity)] : [],
    ...(resourcePolicy === undefined ? {} : { resource: resourcePolicy }),
    ...(boundary === undefined ? {} : { boundary }),
    ...(session === undefined ? {} : { session }),
    scps: (situation.scps ?? []).map((level) => level.map((statement) => policy(statement))),
    rcps: (situation.rcps ?? []).map((level) => level.map((statement) => policy(statement))),
  };
  const request = { action, resource, resourceAccount, context: {}, ...(principal === undefined ? {} : { principal }) };
  return evaluateDocuments({ policies, request }).decision;
}

const all = allow('*');
const nothing = allow('none:Action');
const everybody = { ...allow('s3:*'), Principal: '*' };
const named = (AWS: string, action = '*') => ({ ...allow(action), Principal: { AWS } });

/** What it shows, the policies, who asks, the decision. */
type Row = readonly [what: string, situation: Situation, principal: Principal | undefined, decision: string];

const WITHIN: readonly Row[] = [
  ['identity alone allows', { identity: [all] }, { AWS: USER }, 'allowed'],
  ['nobody named stands for the identity itself', { identity: [all] }, undefined, 'allowed'],
  ['nothing allows', { identity: [nothing] }, { AWS: USER }, 'not-granted'],
  ['a Deny anywhere denies', { identity: [all], scps: [[all, deny('s3:*')]] }, { AWS: USER }, 'denied'],
  ['a Deny of the session denies', { identity: [all], session: [all, deny('s3:*')] }, { AWS: SESSION }, 'denied'],
  ['the boundary must allow', { identity: [all], boundary: [nothing] }, { AWS: USER }, 'not-granted'],
  ['the session policy must allow', { identity: [all], session: [nothing] }, { AWS: SESSION }, 'not-granted'],
  ['both allow', { identity: [all], boundary: [all], session: [all] }, { AWS: SESSION }, 'allowed'],
  ['every level of SCPs must allow', { identity: [all], scps: [[all], [nothing]] }, { AWS: USER }, 'not-granted'],
  ['one policy of a level is enough', { identity: [all], scps: [[nothing, all], [all]] }, { AWS: USER }, 'allowed'],
  ['every level of RCPs must allow', { identity: [all], rcps: [[all], [nothing]] }, { AWS: USER }, 'not-granted'],
];

const RESOURCE: readonly Row[] = [
  ['naming the user is enough', { resource: [named(USER)] }, { AWS: USER }, 'allowed'],
  ['naming the user bypasses the boundary', { resource: [named(USER)], boundary: [nothing] }, { AWS: USER }, 'allowed'],
  ['naming the role is enough', { resource: [named(ROLE)] }, { AWS: SESSION }, 'allowed'],
  [
    'naming the role does not bypass the boundary',
    { resource: [named(ROLE)], boundary: [nothing] },
    { AWS: SESSION },
    'not-granted',
  ],
  ['nor the session policy', { resource: [named(ROLE)], session: [nothing] }, { AWS: SESSION }, 'not-granted'],
  ['nor where the role itself is told', { resource: [named(ROLE)], boundary: [nothing] }, { AWS: ROLE }, 'not-granted'],
  [
    'naming the session bypasses both',
    { resource: [named(SESSION)], boundary: [nothing], session: [nothing] },
    { AWS: SESSION },
    'allowed',
  ],
  [
    'naming a federated session bypasses both',
    { resource: [named(FEDERATED)], boundary: [nothing], session: [nothing] },
    { AWS: FEDERATED },
    'allowed',
  ],
  ['nothing bypasses an SCP', { resource: [named(SESSION)], scps: [[nothing]] }, { AWS: SESSION }, 'not-granted'],
  ['nothing bypasses a Deny', { resource: [named(USER)], boundary: [all, deny('s3:*')] }, { AWS: USER }, 'denied'],
  ['naming the account leaves it to the identity', { resource: [named(OWN)] }, { AWS: USER }, 'not-granted'],
  ['everybody are users too', { resource: [everybody], boundary: [nothing] }, { AWS: USER }, 'allowed'],
  [
    'everybody does not bypass the boundary of a role',
    { resource: [everybody], boundary: [nothing] },
    { AWS: SESSION },
    'not-granted',
  ],
  [
    'a federated user has nothing where no session policy passes it on',
    { identity: [all] },
    { AWS: FEDERATED },
    'not-granted',
  ],
  ['but what one passes on', { identity: [all], session: [all] }, { AWS: FEDERATED }, 'allowed'],
  ['and what names it', { identity: [], resource: [named(FEDERATED)] }, { AWS: FEDERATED }, 'allowed'],
  ['the root of the account needs nothing', { identity: [] }, { AWS: OWN }, 'allowed'],
  ['but an SCP holds for it', { scps: [[nothing]] }, { AWS: OWN }, 'not-granted'],
  ['anybody at all rests on the resource alone', { resource: [everybody] }, '*', 'allowed'],
  ['anybody at all has no identity policies', { identity: [all] }, '*', 'not-granted'],
  [
    'a service rests on the resource alone',
    { resource: [{ ...all, Principal: { Service: 'sns.amazonaws.com' } }], scps: [[nothing]] },
    { Service: 'sns.amazonaws.com' },
    'allowed',
  ],
  [
    'an RCP holds for services',
    { resource: [{ ...all, Principal: { Service: 'sns.amazonaws.com' } }], rcps: [[nothing]] },
    { Service: 'sns.amazonaws.com' },
    'not-granted',
  ],
];

describe('reference_policies_evaluation-logic_policy-eval-denyallow', () => {
  test.each(WITHIN)('%s', (_, situation, principal, decision) => {
    expect(decide(situation, principal)).toBe(decision);
  });
});

describe('reference_policies_evaluation-logic_policy-eval-basics: resource policies and implicit denies', () => {
  test.each(RESOURCE)('%s', (_, situation, principal, decision) => {
    expect(decide(situation, principal)).toBe(decision);
  });
});

test('everybody with aws:PrincipalArn bypasses boundary and session policy of a role (reference_policies_elements_principal)', () => {
  const decided = (Condition: Json, identity: Json = nothing) => {
    const policies = {
      identity: [policy(identity)],
      boundary: policy(nothing),
      session: policy(nothing),
      resource: policy({ ...everybody, Condition }),
    };
    const context = { 'aws:PrincipalArn': ROLE };
    const request = { action: 's3:GetObject', resource: 'arn:aws:s3:::b/k', principal: { AWS: SESSION }, context };
    return evaluateDocuments({ policies, request }).decision;
  };
  expect(decided({ ArnEquals: { 'aws:PrincipalArn': ROLE } })).toBe('allowed');
  expect(decided({ StringLike: { 'aws:PrincipalArn': `${ROLE}*` } })).toBe('allowed');
  expect(decided({ ArnEquals: { 'aws:PrincipalArn': ROLE } }, deny('s3:*'))).toBe('denied');
  expect(decided({ ArnEquals: { 'aws:PrincipalArn': `${ROLE}x` } })).toBe('not-granted');
  expect(decided({ ArnNotEquals: { 'aws:PrincipalArn': `${ROLE}x` } })).toBe('not-granted');
  expect(decided({ Null: { 'aws:PrincipalArn': 'false' } })).toBe('not-granted');
});

test('a Deny with NotPrincipal denies whoever has a boundary (reference_policies_elements_notprincipal)', () => {
  const barring = { ...deny('s3:*'), NotPrincipal: { AWS: [USER, SESSION, ROLE, OWN] } };
  const situation: Situation = { identity: [all], resource: [barring] };
  for (const AWS of [USER, SESSION]) {
    expect(decide(situation, { AWS })).toBe('allowed');
    expect(decide({ ...situation, boundary: [all] }, { AWS })).toBe('denied');
    expect(decide({ ...situation, boundary: [all] }, { AWS }, 'sqs:SendMessage')).toBe('allowed');
  }
  expect(decide({ ...situation, boundary: [all] }, { AWS: OWN })).toBe('allowed');
});

describe('reference_policies_evaluation-logic-cross-account', () => {
  const across = (situation: Situation, principal: Principal = { AWS: USER }) =>
    decide(situation, principal, 's3:GetObject', 'arn:aws:s3:::b/k', OTHER);

  test('both sides must allow', () => {
    expect(across({ identity: [all] })).toBe('not-granted');
    expect(across({ resource: [named(USER)] })).toBe('not-granted');
    expect(across({ identity: [all], resource: [named(USER)] })).toBe('allowed');
    expect(across({ identity: [all], resource: [named(OWN)] })).toBe('allowed');
    expect(across({ identity: [all], resource: [everybody] })).toBe('allowed');
    expect(across({ identity: [all], resource: [named(OTHER)] })).toBe('not-granted');
  });

  test('nothing bypasses the boundary there', () => {
    expect(across({ identity: [all], resource: [named(USER)], boundary: [nothing] })).toBe('not-granted');
    expect(across({ identity: [all], resource: [named(SESSION)], session: [nothing] }, { AWS: SESSION })).toBe(
      'not-granted',
    );
  });

  test('the account of the ARN counts where none is told', () => {
    const request = {
      action: 'sqs:SendMessage',
      resource: `arn:aws:sqs:r:${OTHER}:q`,
      principal: { AWS: USER },
      context: {},
    };
    const identity = [policy(all)];
    expect(evaluateDocuments({ policies: { identity }, request }).decision).toBe('not-granted');
    expect(evaluateDocuments({ policies: { identity, resource: policy(named(USER)) }, request }).decision).toBe(
      'allowed',
    );
  });
});

describe('policies that must grant by themselves', () => {
  const key = `arn:aws:kms:r:${OWN}:key/1`;
  const role = `arn:aws:iam::${OWN}:role/app`;
  const kms = (situation: Situation, action = 'kms:Decrypt', resource = key) =>
    decide(situation, { AWS: USER }, action, resource);

  test('key policies (KMS Developer Guide, key policies)', () => {
    expect(kms({ identity: [all] })).toBe('not-granted');
    expect(kms({ identity: [all], resource: [named(OWN, 'kms:*')] })).toBe('allowed');
    expect(kms({ resource: [named(OWN, 'kms:*')] })).toBe('not-granted');
    expect(kms({ resource: [named(USER, 'kms:*')] })).toBe('allowed');
    expect(kms({ identity: [all], resource: [named(OTHER, 'kms:*')] })).toBe('not-granted');
    expect(kms({ identity: [all] }, 'kms:ListKeys', '*')).toBe('allowed');
  });

  test('trust policies (id_roles_terms-and-concepts)', () => {
    const trust = (AWS: string) => ({ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS } });
    expect(kms({ identity: [all] }, 'sts:AssumeRole', role)).toBe('not-granted');
    expect(kms({ identity: [all], resource: [trust(OWN)] }, 'sts:AssumeRole', role)).toBe('allowed');
    expect(kms({ resource: [trust(OWN)] }, 'sts:AssumeRole', role)).toBe('not-granted');
    expect(kms({ resource: [trust(USER)] }, 'sts:AssumeRole', role)).toBe('allowed');
    expect(kms({ identity: [all] }, 'iam:GetRole', role)).toBe('allowed');
    expect(kms({ identity: [all] }, 'sts:TagSession', role)).toBe('not-granted');
    expect(kms({ identity: [all] }, 'sts:TagSession', '*')).toBe('allowed');
  });
});

test('a policy that cannot be read makes the answer unknown, but for a Deny', () => {
  const request = { action: 's3:GetObject', resource: '*', context: {} };
  const policies = { identity: [policy(all)], boundary: '{"Statement": ' };
  const answer = evaluateDocuments({ policies, request });
  expect(answer.decision).toBe('unknown');
  expect(answer.reason).toContain('boundary is not JSON');
  expect(evaluateDocuments({ policies: { ...policies, identity: [policy(deny('*'))] }, request }).decision).toBe(
    'denied',
  );
});

test('statements that decide are told with their policy', () => {
  const policies = {
    identity: [policy(nothing), policy(all)],
    scps: [[policy(all)], [policy({ ...all, Sid: 'Unit' })]],
  };
  const { statements } = evaluateDocuments({ policies, request: { action: 'a:B', resource: '*', context: {} } });
  expect(statements).toEqual([
    { policy: 'identity[1]', index: 0 },
    { policy: 'scps[0][0]', index: 0 },
    { policy: 'scps[1][0]', index: 0, sid: 'Unit' },
  ]);
});
