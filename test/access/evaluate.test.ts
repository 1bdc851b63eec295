/** Evaluation, element by element and operator by operator. Each table names the page of the IAM User Guide that it rests on. */
import { describe, expect, test } from 'vitest';
import { evaluateDocuments } from '../../server/src/access/documents.ts';
import { evaluate } from '../../server/src/access/evaluate.ts';
import { type Principal, readyRequest } from '../../server/src/access/request.ts';
import { allow, deny, type Json, policy, termsWithHoles } from './policies.ts';

type Given = Readonly<Record<string, string | readonly string[]>>;

function decide(
  text: string,
  request: { action?: string; resource?: string; principal?: Principal; context?: Given },
): string {
  const { action = 's3:GetObject', resource = 'arn:aws:s3:::b/k', context = {}, ...others } = request;
  return evaluateDocuments({ policy: text, request: { action, resource, context, ...others } }).decision;
}

/** Operator, values in the policy, value of key `k` in the request (undefined: missing), and whether it holds. */
type Row = readonly [
  operator: string,
  values: unknown,
  given: string | readonly string[] | undefined,
  holds: boolean,
  more?: Given,
];

const OPERATORS: Readonly<Record<string, readonly Row[]>> = {
  'reference_policies_elements_condition_operators: String': [
    ['StringEquals', 'a', 'a', true],
    ['StringEquals', 'a', 'A', false],
    ['StringEquals', 'a*', 'ab', false],
    ['StringEquals', ['a', 'b'], 'b', true],
    ['StringEquals', [], 'b', false],
    ['StringNotEquals', 'a', 'b', true],
    ['StringNotEquals', ['a', 'b'], 'b', false],
    ['StringNotEquals', [], 'b', true],
    ['StringEqualsIgnoreCase', 'aB', 'Ab', true],
    ['StringEqualsIgnoreCase', 'a?', 'ab', false],
    ['StringNotEqualsIgnoreCase', 'aB', 'Ab', false],
    ['StringLike', 'a*c', 'a:/c', true],
    ['StringLike', 'a?c', 'ac', false],
    ['StringLike', '*', '', true],
    ['StringNotLike', 'a*', 'ab', false],
    ['StringNotLike', 'a*', 'ba', true],
  ],
  'reference_policies_elements_condition_operators: Numeric': [
    ['NumericEquals', '10', '10.0', true],
    ['NumericEquals', 10, '+10', true],
    ['NumericEquals', '12345678901234567890', '12345678901234567891', false],
    ['NumericNotEquals', '1', '2', true],
    ['NumericLessThan', '10', '9.5', true],
    ['NumericLessThan', '10', '10', false],
    ['NumericLessThanEquals', '10', '10', true],
    ['NumericGreaterThan', '-1', '0', true],
    ['NumericGreaterThanEquals', '0', '-0', true],
    ['NumericLessThan', '10', 'nine', false],
    ['NumericEquals', '1000', '1e3', false],
  ],
  'reference_policies_elements_condition_operators: Date': [
    ['DateLessThan', '2024-01-01T00:00:00Z', '2023-12-31T23:59:59Z', true],
    ['DateEquals', '2024-01-01T01:00:00+01:00', '2024-01-01T00:00:00Z', true],
    ['DateEquals', '1704067200', '2024-01-01T00:00:00Z', true],
    ['DateEquals', '2024', '2024-01-01', true],
    ['DateEquals', '2024-01-01T00:00:00.5Z', '2024-01-01T00:00:00.50Z', true],
    ['DateEquals', '2024-01-01T00:00:00.5Z', '2024-01-01T00:00:00.25Z', false],
    ['DateNotEquals', '2024-01-01', '2024-01-02', true],
    ['DateGreaterThan', '2024-02-28T00:00:00Z', '2024-02-29T00:00:00.001Z', true],
    ['DateGreaterThanEquals', '2000-02-29', '2000-02-29', true],
    ['DateLessThanEquals', '2023-02-29', '2020-01-01', false],
    ['DateLessThan', '20240101T000000Z', '1999-12-31', true],
  ],
  'reference_policies_elements_condition_operators: Boolean, Binary, IP': [
    ['Bool', true, 'true', true],
    ['Bool', 'TRUE', 'true', true],
    ['Bool', 'false', 'true', false],
    ['BinaryEquals', 'QmluYXJ5', 'QmluYXJ5', true],
    ['BinaryEquals', 'QQ==', 'QR==', true],
    ['BinaryEquals', 'QQ==', 'Qg==', false],
    ['IpAddress', '10.0.0.0/8', '10.255.1.2', true],
    ['IpAddress', '10.1.2.3', '10.1.2.3', true],
    ['IpAddress', '10.1.2.3', '10.1.2.4', false],
    ['IpAddress', '0.0.0.0/0', '203.0.113.1', true],
    ['IpAddress', '0.0.0.0/0', '2001:db8::1', false],
    ['IpAddress', '2001:DB8:1234:5678::/64', '2001:db8:1234:5678:0:0:0:1', true],
    ['IpAddress', '::ffff:10.1.2.3', '::ffff:a01:203', true],
    ['NotIpAddress', '10.0.0.0/8', '2001:db8::1', true],
    ['NotIpAddress', '10.0.0.0/8', '10.0.0.1', false],
    ['IpAddress', '10.0.0.0/33', '10.0.0.1', false],
  ],
  'reference_policies_elements_condition_operators: ARN': [
    ['ArnEquals', 'arn:aws:sns:*:111122223333:t', 'arn:aws:sns:us-east-1:111122223333:t', true],
    ['ArnLike', 'arn:aws:*:us-east-1:1:x', 'arn:aws:a:b:us-east-1:1:x', false],
    ['StringLike', 'arn:aws:*:us-east-1:1:x', 'arn:aws:a:b:us-east-1:1:x', true],
    ['ArnLike', 'arn:aws:iam::1:role/*', 'arn:aws:iam::1:role/a/b:c', true],
    ['ArnNotLike', 'arn:aws:iam::1:*', 'arn:aws:iam::2:x', true],
    ['ArnNotEquals', 'arn:aws:iam::1:*', 'arn:aws:iam::1:x', false],
  ],
  'reference_policies_elements_condition_operators: missing keys, IfExists, Null': [
    ['StringEquals', 'a', undefined, false],
    ['StringNotEquals', 'a', undefined, true],
    ['StringEqualsIfExists', 'a', undefined, true],
    ['StringEqualsIfExists', 'a', 'b', false],
    ['StringNotLikeIfExists', 'a', undefined, true],
    ['NumericLessThan', '5', undefined, false],
    ['DateGreaterThanIfExists', '2024-01-01', undefined, true],
    ['BoolIfExists', 'true', undefined, true],
    ['NotIpAddress', '10.0.0.0/8', undefined, true],
    ['ArnLikeIfExists', 'arn:*', undefined, true],
    ['Null', 'true', undefined, true],
    ['Null', true, 'x', false],
    ['Null', 'false', 'x', true],
    ['Null', 'false', [], false],
    ['Null', ['true', 'false'], 'x', true],
  ],
  'reference_policies_condition-single-vs-multi-valued-context-keys': [
    ['ForAllValues:StringEquals', ['a', 'b'], ['a', 'b'], true],
    ['ForAllValues:StringEquals', ['a', 'b'], ['a', 'c'], false],
    ['ForAllValues:StringEquals', 'a', undefined, true],
    ['ForAllValues:StringEquals', 'a', [], true],
    ['ForAllValues:StringNotEquals', 'a', ['b', 'c'], true],
    ['ForAllValues:StringNotEquals', 'a', ['a', 'c'], false],
    ['ForAnyValue:StringEquals', 'a', ['a', 'c'], true],
    ['ForAnyValue:StringEquals', 'a', undefined, false],
    ['ForAnyValue:StringNotEquals', 'a', ['a', 'c'], true],
    ['ForAnyValue:StringNotEquals', 'a', ['a'], false],
    ['ForAnyValue:StringLikeIfExists', 'a', undefined, false],
    ['ForAnyValue:StringLike', 'a*', 'ab', true],
    ['StringEquals', 'a', ['a', 'b'], true],
    ['StringNotEquals', 'a', ['a', 'b'], false],
  ],
  reference_policies_variables: [
    ['StringEquals', '${aws:username}', 'bob', true, { 'aws:UserName': 'bob' }],
    ['StringEquals', '${aws:username}', 'bob', false],
    ['StringNotEquals', '${aws:username}', 'bob', true],
    ['StringLike', '${aws:username}', 'bob', false, { 'aws:username': '*' }],
    ['StringEquals', "${aws:PrincipalTag/team, 'none'}", 'none', true],
    ['StringEquals', "${aws:PrincipalTag/team,'none'}", 'none', true],
    ['StringEquals', "${aws:PrincipalTag/team, 'none'}", 'none', false, { 'aws:PrincipalTag/team': 'x' }],
    ['StringEquals', '${*}${?}${$}', '*?$', true],
    ['StringLike', 'a${*}', 'ab', false],
    ['StringEquals', '${aws:username', '${aws:username', true],
    ['StringEquals', '${aws:tags}', 'a', false, { 'aws:tags': ['a', 'b'] }],
    [
      'ArnEquals',
      '${aws:principalarn}',
      'arn:aws:iam::1:role/x',
      true,
      { 'aws:PrincipalArn': 'arn:aws:iam::1:role/x' },
    ],
    ['NumericEquals', '${aws:n}', '1', false, { 'aws:n': '1' }],
  ],
};

for (const [page, rows] of Object.entries(OPERATORS)) {
  describe(page, () => {
    for (const [operator, values, given, holds, more = {}] of rows) {
      test(`${operator} ${JSON.stringify(values)} with ${JSON.stringify(given)}: ${holds}`, () => {
        const context = { ...more, ...(given === undefined ? {} : { K: given }) };
        const condition = { Condition: { [operator]: { k: values } } };
        expect(decide(policy(allow('*', '*', condition)), { context })).toBe(holds ? 'allowed' : 'not-granted');
        expect(decide(policy(allow('*'), deny('*', '*', condition)), { context })).toBe(holds ? 'denied' : 'allowed');
      });
    }
  });
}

test('several operators and keys must all hold', () => {
  const both = policy(allow('*', '*', { Condition: { StringEquals: { a: '1', b: '2' }, StringLike: { c: 'x*' } } }));
  expect(decide(both, { context: { a: '1', b: '2', c: 'xy' } })).toBe('allowed');
  for (const context of [
    { a: '1', b: '2', c: 'y' },
    { a: '1', c: 'xy' },
    { a: '2', b: '2', c: 'xy' },
  ])
    expect(decide(both, { context })).toBe('not-granted');
});

/** Pattern, resource, whether it matches. */
const RESOURCES: readonly (readonly [pattern: string, resource: string, matches: boolean])[] = [
  ['*', '*', true],
  ['*', 'arn:aws:s3:::b', true],
  ['arn:aws:s3:::b/*', 'arn:aws:s3:::b/x/y:z', true],
  ['arn:aws:s3:::b/*', 'arn:aws:s3:::b', false],
  ['arn:aws:s3:::B', 'arn:aws:s3:::b', false],
  ['arn:aws:s3:::b/?', 'arn:aws:s3:::b/', false],
  ['arn:aws:ec2:*:*:instance/*', 'arn:aws:ec2:us-east-1:111122223333:instance/i-1', true],
  ['arn:aws:ec2:*:*:instance/i', 'arn:aws:ec2:r:a:x:instance/i', false],
  ['arn:aws:s3*', 'arn:aws:s3:::b', true],
  ['arn:aws:*:b', 'arn:aws:s3:::b', false],
  ['arn:aws:s3:::${*}', 'arn:aws:s3:::b', false],
];

describe('reference_policies_elements_resource, reference-arns', () => {
  test.each(RESOURCES)('%s and %s: %s', (pattern, resource, matches) => {
    expect(decide(policy(allow('*', pattern)), { resource })).toBe(matches ? 'allowed' : 'not-granted');
    expect(decide(policy({ Effect: 'Allow', Action: '*', NotResource: pattern }), { resource })).toBe(
      matches ? 'not-granted' : 'allowed',
    );
  });

  test('a variable without value matches nothing, and excludes nothing', () => {
    const home = 'arn:aws:s3:::b/${aws:username}/*';
    expect(decide(policy(allow('*', home)), { resource: 'arn:aws:s3:::b//x' })).toBe('not-granted');
    expect(decide(policy({ Effect: 'Allow', Action: '*', NotResource: home }), {})).toBe('allowed');
    const bob = { resource: 'arn:aws:s3:::b/bob/x', context: { 'aws:username': 'bob' } };
    expect(decide(policy(allow('*', home)), bob)).toBe('allowed');
    const old = JSON.stringify({ Version: '2008-10-17', Statement: [allow('*', home)] });
    expect(decide(old, bob)).toBe('not-granted');
    expect(decide(old, { ...bob, resource: 'arn:aws:s3:::b/${aws:username}/x' })).toBe('allowed');
    expect(decide(JSON.stringify({ Statement: [allow('*', home)] }), bob)).toBe('not-granted');
  });
});

test('actions heed no letter case, NotAction is all others', () => {
  expect(decide(policy(allow('S3:getobject')), {})).toBe('allowed');
  expect(decide(policy(allow('s3:Get?bject')), {})).toBe('allowed');
  expect(decide(policy(allow('s3:Put*')), {})).toBe('not-granted');
  expect(decide(policy({ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }), {})).toBe('allowed');
  expect(decide(policy({ Effect: 'Allow', NotAction: 's3:*', Resource: '*' }), {})).toBe('not-granted');
});

const ACCOUNT = '111122223333';
const USER = { AWS: `arn:aws:iam::${ACCOUNT}:user/bob` };
const ROLE = `arn:aws:iam::${ACCOUNT}:role/path/app`;
const SESSION = { AWS: `arn:aws:sts::${ACCOUNT}:assumed-role/app/s` };

/** Principal element, who asks, whether it matches. */
const PRINCIPALS: readonly (readonly [element: unknown, principal: Principal, matches: boolean])[] = [
  ['*', '*', true],
  [{ AWS: '*' }, '*', true],
  [{ AWS: '*' }, { Service: 'sns.amazonaws.com' }, true],
  [{ AWS: ACCOUNT }, USER, true],
  [{ AWS: `arn:aws:iam::${ACCOUNT}:root` }, SESSION, true],
  [{ AWS: '444455556666' }, USER, false],
  [{ AWS: USER.AWS }, USER, true],
  [{ AWS: USER.AWS.toUpperCase() }, USER, false],
  [{ AWS: `arn:aws:iam::${ACCOUNT}:user/*` }, USER, false],
  [{ AWS: ROLE }, SESSION, true],
  [{ AWS: `arn:aws:iam::${ACCOUNT}:role/other` }, SESSION, false],
  [{ AWS: SESSION.AWS }, SESSION, true],
  [{ Service: 'sns.amazonaws.com' }, { Service: 'sns.amazonaws.com' }, true],
  [{ Service: 'sns.amazonaws.com' }, { Federated: 'sns.amazonaws.com' }, false],
  [{ Service: 'sns.amazonaws.com' }, { Service: 'sqs.amazonaws.com' }, false],
  [{ Service: '*' }, { Service: 'sqs.amazonaws.com' }, true],
  [{ Service: '*' }, USER, false],
  [{ Federated: 'accounts.google.com' }, { Federated: 'accounts.google.com' }, true],
  [{ AWS: ACCOUNT }, { Federated: `arn:aws:iam::${ACCOUNT}:saml-provider/p` }, false],
  [{ CanonicalUser: 'abc' }, { CanonicalUser: 'abc' }, true],
];

describe('reference_policies_elements_principal, notprincipal', () => {
  test.each(PRINCIPALS)('%j and %j: %s', (element, principal, matches) => {
    const yes = matches ? 'allowed' : 'not-granted';
    const no = matches ? 'not-granted' : 'allowed';
    expect(decide(policy(allow('*', '*', { Principal: element })), { principal })).toBe(yes);
    expect(decide(policy(allow('*', '*', { NotPrincipal: element })), { principal })).toBe(no);
  });

  test('who asks must be told, unless everybody may', () => {
    expect(decide(policy(allow('*', '*', { Principal: '*' })), {})).toBe('allowed');
    expect(decide(policy(allow('*', '*', { Principal: { AWS: ACCOUNT } })), {})).toBe('unknown');
  });
});

test('the statements that decide are named', () => {
  const text = policy(allow('s3:*', '*', { Sid: 'One' }), allow('s3:Get*'), deny('iam:*', '*', { Sid: 'Three' }));
  const ask = (action: string) => evaluateDocuments({ policy: text, request: { action, resource: '*', context: {} } });
  expect(ask('s3:GetObject').statements).toEqual([
    { policy: 'policy', index: 0, sid: 'One' },
    { policy: 'policy', index: 1 },
  ]);
  expect(ask('iam:CreateUser')).toEqual({
    decision: 'denied',
    statements: [{ policy: 'policy', index: 2, sid: 'Three' }],
  });
  expect(ask('ec2:RunInstances')).toEqual({ decision: 'not-granted', statements: [] });
});

test('what rests on a hole is unknown, and only that', () => {
  const ask = (action: string, resource: string, ...statements: readonly Json[]) =>
    evaluate(termsWithHoles(...statements), readyRequest({ action, resource, context: {} })).decision;
  const bucket = allow('s3:GetObject', 'arn:aws:s3:::<<bucket>>/*');
  expect(ask('s3:GetObject', 'arn:aws:s3:::b/k', bucket)).toBe('unknown');
  expect(ask('s3:GetObject', 'arn:aws:s3:::b', bucket)).toBe('not-granted');
  expect(ask('s3:PutObject', 'arn:aws:s3:::b/k', bucket)).toBe('not-granted');
  expect(ask('s3:GetObject', 'arn:aws:s3:::b/k', bucket, allow('s3:*'))).toBe('allowed');
  expect(ask('s3:GetObject', 'arn:aws:s3:::b/k', bucket, deny('s3:*'))).toBe('denied');
  expect(ask('s3:GetObject', 'arn:aws:s3:::b/k', allow('s3:*'), deny('<<action>>'))).toBe('unknown');
  expect(ask('s3:GetObject', 'arn:aws:s3:::b/k', allow('s3:*', ['<<<more>>>', 'arn:aws:s3:::c']))).toBe('unknown');
  expect(ask('s3:GetObject', 'arn:aws:s3:::c', allow('s3:*', ['<<<more>>>', 'arn:aws:s3:::c']))).toBe('allowed');
});
