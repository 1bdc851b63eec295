/** The policies of the Rosetta test, told once: each is spelled in every host. `speaks` are rules that have to say something of it. */
import type { PolicyKind } from '../../server/src/policy/module.ts';

/** What is written as JSON. */
export type Plain = string | number | boolean | readonly Plain[] | { readonly [key: string]: Plain };

/** A statement, or any other object. */
export type PlainObject = { readonly [key: string]: Plain };

/** What holds a policy; which resource that is, each host knows itself. */
export type Holder = 'managed' | 'role' | 'bucket' | 'topic' | 'queue' | 'key' | 'endpoint' | 'organization';

/** A policy. Without `speaks` no rule has anything to say of it. */
export interface Told {
  readonly name: string;
  readonly holder: Holder;
  readonly document: PlainObject;
  readonly speaks: readonly string[];
}

/** The kind that a holder dictates. */
export const KINDS: Readonly<Record<Holder, PolicyKind>> = {
  managed: 'identity',
  role: 'trust',
  bucket: 'resource',
  topic: 'resource',
  queue: 'resource',
  key: 'resource',
  endpoint: 'endpoint',
  organization: 'scp',
};

function told(
  name: string,
  holder: Holder,
  statements: readonly PlainObject[] | PlainObject,
  ...speaks: readonly string[]
): Told {
  return { name, holder, document: { Version: '2012-10-17', Statement: statements }, speaks };
}

const allow = (actions: Plain, resources: Plain, more: PlainObject = {}): PlainObject => ({
  Effect: 'Allow',
  Action: actions,
  Resource: resources,
  ...more,
});

const trust = (principal: PlainObject, action: Plain, more: PlainObject = {}): PlainObject => ({
  Effect: 'Allow',
  Principal: principal,
  Action: action,
  ...more,
});

const LABELS = 'arn:aws:s3:::labels-111122223333';

/** All policies. */
export const POLICIES: readonly Told[] = [
  told('reads one bucket', 'managed', [
    { Sid: 'List', ...allow('s3:ListBucket', LABELS) },
    { Sid: 'Read', ...allow(['s3:GetObject', 's3:GetObjectTagging'], `${LABELS}/*`) },
  ]),
  told('has a folder for each user', 'managed', [
    allow(['s3:GetObject', 's3:PutObject'], [`${LABELS}/\${aws:username}/*`, `${LABELS}/shared/\${*}/*`]),
    {
      Sid: 'List',
      ...allow('s3:ListBucket', LABELS, { Condition: { StringLike: { 's3:prefix': ['${aws:username}/*', ''] } } }),
    },
  ]),
  told('does everything', 'managed', allow('*', '*'), 'full-access'),
  told('does anything with one bucket', 'managed', [allow('s3:*', [LABELS, `${LABELS}/*`])], 'wildcard-action'),
  told('reads every object', 'managed', [{ Sid: 'Read', ...allow(['s3:GetObject'], '*') }], 'unscoped-resource'),
  told(
    'reads every table and decrypts with every key',
    'managed',
    [allow(['dynamodb:GetItem', 'kms:Decrypt'], ['*'])],
    'unscoped-resource',
  ),
  told(
    'misspells what it means',
    'managed',
    [allow(['s3:GetObjct', 's3:ListBucket', 'sagemkr:CreateModel'], [LABELS, `${LABELS}/*`])],
    'unknown-action',
    'unknown-service',
  ),
  told('passes any role', 'managed', [{ Sid: 'Pass', ...allow('iam:PassRole', '*') }], 'pass-role-any-resource'),
  told(
    'allows all but one service',
    'managed',
    [{ Effect: 'Allow', NotAction: ['iam:*', 'organizations:*'], Resource: '*' }],
    'allow-not-action',
  ),
  told(
    'says things twice in one list',
    'managed',
    [allow(['s3:GetObject', 's3:Get*', 's3:PutObject'], [`${LABELS}/*`, `${LABELS}/in/*`])],
    'redundant-value',
  ),
  told(
    'says things twice in two statements',
    'managed',
    [
      { Sid: 'In', ...allow('s3:GetObject', `${LABELS}/in/*`) },
      { Sid: 'Out', ...allow(['s3:GetObject', 's3:GetObjectTagging'], `${LABELS}/*`) },
    ],
    'redundant-statement',
  ),
  told(
    'takes back what it allows',
    'managed',
    [
      { Sid: 'Put', ...allow('s3:PutObject', `${LABELS}/in/*`) },
      { Sid: 'Never', Effect: 'Deny', Action: 's3:Put*', Resource: '*' },
    ],
    'shadowed-statement',
  ),
  told(
    'asks for two Regions at once',
    'managed',
    [
      allow('sqs:SendMessage', 'arn:aws:sqs:*:111122223333:in', {
        Condition: {
          StringEquals: { 'aws:RequestedRegion': 'eu-central-1' },
          StringLike: { 'aws:RequestedRegion': 'us-*' },
        },
      }),
    ],
    'contradictory-condition',
  ),
  told(
    'trains and approves',
    'managed',
    [
      allow(
        ['sagemaker:CreateTrainingJob', 'sagemaker:UpdateModelPackage', 'sagemaker:CreateModelPackage'],
        ['arn:aws:sagemaker:eu-central-1:111122223333:*'],
      ),
    ],
    'conflicting-duties',
  ),
  told('misspells a variable', 'managed', [allow('s3:GetObject', `${LABELS}/\${ aws:username }/*`)], 'policy-variable'),
  told(
    'compares a pattern letter for letter',
    'managed',
    [
      allow('s3:ListBucket', LABELS, {
        Condition: { StringEquals: { 's3:prefix': ['in/*', 'out/'] } },
      }),
    ],
    'wrong-operator',
  ),
  told(
    'names what is no ARN',
    'managed',
    [allow('s3:GetObject', ['labels-111122223333/*', 'arn:aws:s3::labels'])],
    'invalid-arn',
  ),
  told(
    'gives a range that means another one',
    'managed',
    [
      allow('s3:GetObject', `${LABELS}/*`, {
        Condition: { IpAddress: { 'aws:SourceIp': ['203.0.113.7/24', '10.0.0.0/8'] } },
      }),
    ],
    'ip-range',
  ),
  told(
    'asks for keys that there are not',
    'managed',
    [
      allow('s3:GetObject', `${LABELS}/*`, {
        Condition: { StringEquals: { 'aws:PrincipalOrgId2': 'o-a1b2c3d4e5', 'ec2:InstanceType': 't3.micro' } },
      }),
    ],
    'unknown-condition-key',
    'unsupported-condition-key',
  ),
  told(
    'has Sids that IAM refuses',
    'managed',
    [
      { Sid: 'Read labels', ...allow('s3:GetObject', `${LABELS}/*`) },
      { Sid: 'Put', ...allow('s3:PutObject', `${LABELS}/in/*`) },
      { Sid: 'Put', ...allow('s3:PutObject', `${LABELS}/out/*`) },
    ],
    'invalid-sid',
    'duplicate-sid',
  ),
  told(
    'asks whether a key is there by a star',
    'managed',
    [allow('s3:GetObject', `${LABELS}/*`, { Condition: { StringLike: { 'aws:PrincipalTag/team': '*' } } })],
    'null-in-disguise',
  ),
  told(
    'asks for what always holds',
    'managed',
    [
      allow('s3:ListBucket', LABELS, {
        Condition: { StringLike: { 's3:prefix': ['in/*', 'in/new/*'] }, Bool: { 'aws:SecureTransport': true } },
      }),
    ],
    'redundant-condition',
  ),
  told('leaves its Regions', 'managed', [
    allow('s3:ListAllMyBuckets', '*'),
    {
      Sid: 'Elsewhere',
      Effect: 'Deny',
      NotAction: ['iam:*', 'sts:*', 'support:*'],
      Resource: '*',
      Condition: { StringNotEquals: { 'aws:RequestedRegion': ['eu-central-1', 'eu-west-1'] } },
    },
  ]),
  told(
    'asks a bucket for what objects give',
    'managed',
    [allow(['s3:GetObject', 's3:ListBucket'], `${LABELS}/*`)],
    'action-resource-mismatch',
  ),
  told('makes any service-linked role', 'managed', [allow('iam:CreateServiceLinkedRole', '*')], 'service-linked-role'),
  told(
    'forgets that a key has several values',
    'managed',
    [
      {
        Effect: 'Deny',
        Action: 'ec2:CreateTags',
        Resource: '*',
        Condition: { StringNotEquals: { 'aws:TagKeys': ['team', 'stage'] } },
      },
    ],
    'wrong-qualifier',
  ),
  told(
    'counts in numbers and dates',
    'managed',
    [
      allow('sts:AssumeRole', 'arn:aws:iam::111122223333:role/audit', {
        Condition: {
          Bool: { 'aws:MultiFactorAuthPresent': true },
          NumericLessThan: { 'aws:MultiFactorAuthAge': 'soon' },
          DateLessThan: { 'aws:CurrentTime': '2030-01-01T00:00:00Z' },
        },
      }),
    ],
    'mismatched-value',
  ),
  told('is for instances', 'role', trust({ Service: 'ec2.amazonaws.com' }, 'sts:AssumeRole')),
  told(
    'trusts any repository',
    'role',
    [
      trust(
        { Federated: 'arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com' },
        'sts:AssumeRoleWithWebIdentity',
        { Condition: { StringEquals: { 'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com' } } },
      ),
    ],
    'loose-federation',
  ),
  told('trusts everybody', 'role', [trust({ AWS: '*' }, ['sts:AssumeRole', 'sts:TagSession'])], 'wildcard-principal'),
  told(
    'asks for resources in a trust policy',
    'role',
    [
      {
        ...trust({ AWS: ['arn:aws:iam::111122223333:root', 'AROAEXAMPLEEXAMPLEEXA'] }, 'sts:AssumeRole'),
        Resource: '*',
      },
    ],
    'orphaned-principal',
  ),
  told(
    'is read by everybody',
    'bucket',
    [{ Sid: 'Public', Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: `${LABELS}/*` }],
    'wildcard-principal',
  ),
  told('wants TLS', 'bucket', [
    {
      Sid: 'OnlyTls',
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:*',
      Resource: [LABELS, `${LABELS}/*`],
      Condition: { Bool: { 'aws:SecureTransport': false } },
    },
  ]),
  told(
    'is open to all but one',
    'bucket',
    [
      {
        Effect: 'Allow',
        NotPrincipal: { AWS: ['arn:aws:iam::111122223333:root', 'arn:aws:iam::111122223333:role/guest'] },
        Action: ['s3:GetObject'],
        Resource: `${LABELS}/*`,
      },
    ],
    'allow-not-principal',
  ),
  told(
    'is told of by any bucket',
    'topic',
    [
      {
        Sid: 'Buckets',
        Effect: 'Allow',
        Principal: { Service: 's3.amazonaws.com' },
        Action: 'sns:Publish',
        Resource: 'arn:aws:sns:eu-central-1:111122223333:new-labels',
      },
    ],
    'confused-deputy',
  ),
  told(
    'is written to by an account twice',
    'queue',
    [
      {
        Effect: 'Allow',
        Principal: { AWS: ['111122223333', 'arn:aws:iam::111122223333:root'] },
        Action: 'sqs:SendMessage',
        Resource: 'arn:aws:sqs:eu-central-1:111122223333:in',
      },
    ],
    'redundant-principal',
  ),
  told('is administered by its account', 'key', [
    {
      Sid: 'Administer',
      Effect: 'Allow',
      Principal: { AWS: 'arn:aws:iam::111122223333:root' },
      Action: 'kms:*',
      Resource: '*',
    },
  ]),
  told('lets through to one bucket', 'endpoint', [
    { Effect: 'Allow', Principal: '*', Action: ['s3:GetObject', 's3:PutObject'], Resource: `${LABELS}/*` },
  ]),
  told(
    'misspells what it forbids',
    'organization',
    [
      {
        Sid: 'Leave',
        Effect: 'Deny',
        Action: ['organizations:LeaveOrganisation', 'account:CloseAccount'],
        Resource: '*',
      },
    ],
    'unknown-action',
  ),
];
