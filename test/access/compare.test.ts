/** Comparing policies, with holes, hostile texts, and what stands on it: idle statements, grants, public access, differences. */
import { describe, expect, test } from 'vitest';
import { compare, equivalent, provesNoNewAccess } from '../../server/src/access/compare.ts';
import { difference } from '../../server/src/access/difference.ts';
import { compareDocuments, evaluateDocuments } from '../../server/src/access/documents.ts';
import { idleStatements } from '../../server/src/access/effects.ts';
import { grants } from '../../server/src/access/grants.ts';
import { publicAccess } from '../../server/src/access/public-access.ts';
import { atLeast, atMost } from '../../server/src/access/views.ts';
import { universeOf } from '../../server/src/features/universe.ts';
import { catalog } from '../context.ts';
import { allow, deny, type Json, policy, terms, termsWithHoles } from './policies.ts';

/** Inner statements, outer statements: all that the inner allow, the outer allow; strictly, where it says `less`. */
const INCLUDED: readonly (readonly [how: 'same' | 'less', inner: readonly Json[], outer: readonly Json[]])[] = [
  ['same', [allow('s3:*'), allow('s3:Get*')], [allow('s3:*')]],
  ['less', [allow('s3:Get*')], [allow('s3:*')]],
  ['less', [allow('s3:*', 'arn:aws:s3:::a?/*')], [allow('s3:*', 'arn:aws:s3:::a*')]],
  ['same', [{ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }], [allow('*'), deny('iam:*')]],
  [
    'less',
    [allow('*', '*', { Condition: { Bool: { m: 'true' } } })],
    [allow('*', '*', { Condition: { BoolIfExists: { m: 'true' } } })],
  ],
  [
    'same',
    [allow('*', '*', { Condition: { StringEquals: { k: ['a', 'b'] } } })],
    [
      allow('*', '*', { Condition: { StringEquals: { k: 'a' } } }),
      allow('*', '*', { Condition: { StringEquals: { k: 'b' } } }),
    ],
  ],
  ['same', [allow('*', '*', { Condition: { NumericLessThan: { n: '5' }, NumericGreaterThan: { n: '5' } } })], []],
  [
    'less',
    [allow('*', '*', { Condition: { DateLessThan: { d: '2024-01-01' } } })],
    [allow('*', '*', { Condition: { DateLessThan: { d: '2024-01-01T00:00:01Z' } } })],
  ],
  ['less', [allow('*', 'arn:aws:s3:::b/${aws:username}/x')], [allow('*', 'arn:aws:s3:::b/${aws:username}/*')]],
  ['less', [allow('*', 'arn:aws:s3:::b/${aws:username}')], [allow('*', 'arn:aws:s3:::b/*')]],
  [
    'less',
    [allow('*', 'arn:aws:s3:::b/${k:v}')],
    [allow('*', 'arn:aws:s3:::b/${k:v}'), allow('*', 'arn:aws:s3:::b/x')],
  ],
  [
    'less',
    [allow('*', '*', { Principal: { AWS: 'arn:aws:iam::111122223333:role/r' } })],
    [allow('*', '*', { Principal: { AWS: '111122223333' } })],
  ],
  ['less', [allow('*', '*', { NotPrincipal: { AWS: '111122223333' } })], [allow('*', '*', { Principal: '*' })]],
  [
    'less',
    [allow('*', '*', { Condition: { 'ForAllValues:StringEquals': { t: 'a' }, Null: { t: 'false' } } })],
    [allow('*', '*', { Condition: { 'ForAnyValue:StringEquals': { t: ['a', 'b'] } } })],
  ],
];

describe('one policy in another', () => {
  test.each(INCLUDED)('%s: %j in %j', (how, inner, outer) => {
    expect(compareDocuments({ existing: policy(...outer), proposed: policy(...inner) })).toEqual({
      verdict: 'no-new-access',
    });
    expect(provesNoNewAccess(terms(...outer), terms(...inner))).toBe(true);
    expect(equivalent(terms(...outer), terms(...inner))).toBe(how === 'same');
    const back = compareDocuments({ existing: policy(...inner), proposed: policy(...outer) });
    expect(back.verdict).toBe(how === 'same' ? 'no-new-access' : 'new-access');
    if (back.verdict !== 'new-access') return;
    const request = back.witness;
    expect(evaluateDocuments({ policy: policy(...outer), request }).decision).toBe('allowed');
    expect(evaluateDocuments({ policy: policy(...inner), request }).decision).not.toBe('allowed');
    expect(request.resource).toMatch(/^(\*|arn:([^:]*:){4}.+)$/);
  });
});

test('colons: the verdict follows the samples of AWS, proofs take both readings', () => {
  const [wide, narrow] = [
    terms(allow('*', 'arn:aws:s3:::*')),
    terms(allow('*', 'arn:aws:s3:::*'), allow('*', 'arn:aws:*:::x')),
  ];
  expect(compare(wide, terms(allow('*', 'arn:aws:s3:*:*:x')))).toMatchObject({ verdict: 'new-access' });
  expect(compare(narrow, wide)).toEqual({ verdict: 'no-new-access' });
  const crossing = [terms(allow('*', 'arn:aws:s3:r:*:x*')), terms(allow('*', 'arn:aws:s3:r:*:?:x'))] as const;
  expect(compare(...crossing)).toMatchObject({ verdict: 'new-access' });
  const deep = [terms(allow('*'), deny('*', 'arn:aws:a:*:1:x')), terms(allow('*', 'arn:aws:a:r:2:*'))] as const;
  expect(compare(...deep)).toEqual({ verdict: 'no-new-access' });
  expect(provesNoNewAccess(...deep)).toBe(false);
});

describe('holes', () => {
  const bucket = 'arn:aws:s3:::<<bucket>>';
  test('are constants within one text', () => {
    const before = termsWithHoles(allow('s3:*', `${bucket}/*`));
    expect(compare(before, before)).toEqual({ verdict: 'no-new-access' });
    expect(provesNoNewAccess(before, termsWithHoles(allow('s3:Get*', `${bucket}/logs/*`)))).toBe(true);
    expect(compare(before, termsWithHoles(allow('s3:*', 'arn:aws:s3:::<<other>>/*'))).verdict).toBe('unknown');
    expect(compare(before, termsWithHoles(allow('s3:*', bucket))).verdict).toBe('unknown');
  });

  test('before the fifth colon are followed through every number of parts', () => {
    const before = termsWithHoles(allow('*', 'arn:aws:iam::<<account>>:role/*'));
    expect(provesNoNewAccess(before, termsWithHoles(allow('*', 'arn:aws:iam::<<account>>:role/x')))).toBe(true);
    expect(provesNoNewAccess(termsWithHoles(allow('*', 'arn:aws:iam::*:role/*')), before)).toBe(false);
    expect(provesNoNewAccess(termsWithHoles(allow('*', '*')), before)).toBe(true);
  });

  test('do not hide what is certain', () => {
    const before = termsWithHoles(allow('s3:Get*', `${bucket}/*`));
    const answer = compare(before, termsWithHoles(allow('s3:Get*', `${bucket}/*`), allow('iam:*')));
    expect(answer).toMatchObject({ verdict: 'new-access', witness: { action: expect.stringMatching(/^iam:/) } });
  });

  test('in open lists, effects and conditions stand for themselves', () => {
    const open = (...more: readonly Json[]) => termsWithHoles(allow(['s3:Get*', '<<<more>>>']), ...more);
    expect(provesNoNewAccess(open(), open())).toBe(true);
    expect(provesNoNewAccess(terms(allow('s3:Get*')), open())).toBe(false);
    expect(provesNoNewAccess(open(), terms(allow('s3:GetObject')))).toBe(true);
    const effect = (action: string) => termsWithHoles({ Effect: '<<effect>>', Action: action, Resource: '*' });
    expect(provesNoNewAccess(effect('a:b'), effect('a:b'))).toBe(true);
    expect(provesNoNewAccess([], effect('a:b'))).toBe(false);
    const condition = termsWithHoles(allow('*', '*', { Condition: { NumericLessThan: { n: '<<n>>' } } }));
    expect(provesNoNewAccess(condition, condition)).toBe(true);
    expect(provesNoNewAccess(terms(allow('*')), condition)).toBe(true);
    expect(provesNoNewAccess(condition, terms(allow('*', '*', { Condition: { NumericLessThan: { n: '5' } } })))).toBe(
      false,
    );
  });

  test('that decide whether an item is there are constants too', () => {
    const sometimes = (symbol: string, text: string) =>
      terms(allow('*', text)).map((one) => ({
        ...one,
        resource: one.resource && {
          ...one.resource,
          terms: one.resource.terms.map((term) => ({ ...term, onlyIf: symbol })),
        },
      }));
    for (const [inner, outer] of [
      ['b/x', 'b/*'],
      ['b/${k:v}/x', 'b/${k:v}/*'],
    ] as const) {
      const [small, large] = [`arn:aws:s3:::${inner}`, `arn:aws:s3:::${outer}`];
      expect(provesNoNewAccess(sometimes('p', large), sometimes('p', large))).toBe(true);
      expect(provesNoNewAccess(sometimes('p', large), sometimes('q', large))).toBe(false);
      expect(provesNoNewAccess(sometimes('p', large), terms(allow('*', small)))).toBe(false);
      expect(provesNoNewAccess(terms(allow('*', large)), sometimes('p', small))).toBe(true);
      expect(compare(sometimes('p', large), terms(allow('*', small))).verdict).toBe('unknown');
      expect(compare(sometimes('p', small), terms(allow('*'))).verdict).toBe('new-access');
    }
  });

  test('leave a view from below and one from above', () => {
    const unsure = termsWithHoles(
      allow('s3:Get*', [`${bucket}/*`, 'arn:aws:s3:::a/*']),
      deny('s3:GetObject', '<<some>>'),
    );
    const least = atLeast(unsure);
    const most = atMost(unsure);
    expect(equivalent(least, terms(allow('s3:Get*', 'arn:aws:s3:::a/*'), deny('s3:GetObject')))).toBe(true);
    expect(equivalent(most, terms(allow('s3:Get*', ['arn:aws:s3:::*/*', 'arn:aws:s3:::a/*'])))).toBe(true);
    expect(provesNoNewAccess(most, least)).toBe(true);
  });
});

describe('texts that are no policies', () => {
  const good = policy(allow('*'));
  const BAD = [
    '',
    '{',
    '[]',
    '"x"',
    '{}',
    '{"Statement": 5}',
    '{"Statement": [{"Effect": "Alow", "Action": "*", "Resource": "*"}]}',
    '{"Statement": [{"Effect": "Allow"}]}',
    '{"Statement": [{"Effect": "Allow", "Action": {"a": 1}, "Resource": "*"}]}',
    '{"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*", "Conditions": {}}]}',
  ];
  test.each(BAD)('%s', (bad) => {
    for (const pair of [
      { existing: bad, proposed: good },
      { existing: good, proposed: bad },
    ]) {
      const answer = compareDocuments(pair);
      expect(answer).toMatchObject({ verdict: 'unknown', reason: expect.stringContaining('policy is not') });
    }
    const request = { action: 'a:b', resource: '*', context: {} };
    expect(evaluateDocuments({ policy: bad, request }).decision).toBe('unknown');
  });
});

describe('hostile policies get an answer or none, and never an exception', () => {
  const bucket = (text: string) => `arn:aws:s3:::${text}`;
  const infixes = Array.from({ length: 12 }, (_, i) => bucket(`*x${'abcdefghijkl'[i]}*`));
  const many = Array.from({ length: 200 }, (_, i) =>
    allow('s3:Get*', [bucket(`b${i}/*`), `arn:aws:sqs:r:111122223333:q${i}`]),
  );
  const keys = (n: number) => Object.fromEntries(Array.from({ length: n }, (_, i) => [`k${i}`, ['a', `b${i}*`]]));
  const HOSTILE: readonly (readonly [what: string, a: readonly Json[], b: readonly Json[]])[] = [
    ['twelve infixes', infixes.map((text) => allow('*', text)), [allow('*', infixes)]],
    [
      'stars and question marks',
      [allow('*', bucket(`*a${'?'.repeat(60)}`))],
      [allow('*', bucket(`*a${'?'.repeat(59)}*`))],
    ],
    ['two hundred statements', many, many.slice(1)],
    [
      'twenty keys',
      [allow('*', '*', { Condition: { StringLike: keys(20) } })],
      [deny('*', '*', { Condition: { StringNotLike: keys(20) } }), allow('*')],
    ],
    ['a very long pattern', [allow('*', bucket('ab*'.repeat(30_000)))], [allow('*', bucket('a*'.repeat(30_000)))]],
    [
      'letters of no alphabet',
      [allow('\u0000:\ud800', bucket('\ufffc\u{1f600}*\u0000'))],
      [allow('*', bucket('\ud83d*'))],
    ],
    [
      'a hundred variables',
      [
        allow(
          '*',
          Array.from({ length: 100 }, (_, i) => bucket(`\${k:v${i}}`)),
        ),
      ],
      [allow('*', bucket('${k:v1}x'))],
    ],
    [
      'names of built-in properties',
      [allow('*', '*', { Condition: { StringEquals: { constructor: '__proto__', toString: 'x' } } })],
      [],
    ],
  ];
  test.each(HOSTILE)('%s', (_, a, b) => {
    for (const [existing, proposed] of [
      [a, b],
      [b, a],
      [a, a],
    ] as const) {
      const answer = compareDocuments({ existing: policy(...existing), proposed: policy(...proposed) });
      expect(['no-new-access', 'new-access', 'unknown']).toContain(answer.verdict);
      if (existing === proposed) expect(answer.verdict).not.toBe('new-access');
    }
  });

  test('a request of any shape is answered', () => {
    const request = {
      action: '',
      resource: '',
      principal: 'x' as never,
      context: { a: 5, b: null, c: [true] } as never,
    };
    expect(evaluateDocuments({ policy: policy(allow('*')), request }).decision).toBe('allowed');
  });
});

test('typed: the verdict is the same, the witness is of an action that AWS has', () => {
  const [existing, proposed] = [policy(allow('s3:Get*')), policy(allow('s3:*', 'arn:aws:s3:::b/*'))];
  const answer = compareDocuments({ existing, proposed, universe: universeOf(catalog()) });
  if (answer.verdict !== 'new-access') throw new Error(answer.verdict);
  expect(catalog().hasAction(answer.witness.action)).toBe(true);
  expect(evaluateDocuments({ policy: proposed, request: answer.witness }).decision).toBe('allowed');
  expect(evaluateDocuments({ policy: existing, request: answer.witness }).decision).toBe('not-granted');
});

test('idle statements, with those that make them so', () => {
  const idle = (...statements: readonly Json[]) => idleStatements(terms(...statements));
  expect(idle(allow('s3:*'), allow('s3:GetObject'))).toEqual([{ index: 1, why: 'redundant', by: [0] }]);
  expect(idle(allow('a:b'), allow('a:b'))).toEqual([{ index: 1, why: 'redundant', by: [0] }]);
  expect(idle(allow('s3:Get*'), allow('s3:Put*'), allow('ec2:*'), allow(['s3:GetObject', 's3:PutObject']))).toEqual([
    { index: 3, why: 'redundant', by: [0, 1] },
  ]);
  expect(idle(allow('s3:Get*'), deny('s3:*'))).toEqual([{ index: 0, why: 'shadowed', by: [1] }]);
  const never = { Condition: { StringEquals: { k: 'a' }, StringNotLike: { k: '?' } } };
  expect(idle(allow('a:b'), allow('a:c', '*', never))).toEqual([{ index: 1, why: 'dead', by: [] }]);
  expect(idle(allow('s3:Get*'), allow('s3:Put*'), deny('s3:GetObject'))).toEqual([]);
  expect(
    idleStatements(termsWithHoles(allow('s3:*', '<<r>>'), allow('s3:Get*', '<<r>>'), allow('s3:Get*', '<<q>>'))),
  ).toEqual([{ index: 1, why: 'redundant', by: [0] }]);
});

test('grants', () => {
  const one = terms(allow('s3:Get*', 'arn:aws:s3:::a/*'), deny('s3:*', 'arn:aws:s3:::a/secret/*'));
  expect(grants(one, { actions: ['s3:GetObject'] })).toMatchObject({
    answer: 'yes',
    witness: { action: 's3:GetObject' },
  });
  expect(grants(one, { actions: ['s3:PutObject'] })).toEqual({ answer: 'no' });
  expect(grants(one, { resources: ['arn:aws:s3:::a/secret/x'] })).toEqual({ answer: 'no' });
  expect(grants(one, { actions: ['s3:*'], resources: ['arn:aws:s3:::a/*'] }).answer).toBe('yes');
  expect(grants(termsWithHoles(allow('s3:Get*', '<<r>>')), { actions: ['s3:GetObject'] }).answer).toBe('unknown');
  expect(grants(termsWithHoles(allow('s3:Get*', '<<r>>')), { actions: ['s3:PutObject'] }).answer).toBe('no');
  const mixed = termsWithHoles(allow('s3:Get*', '<<r>>'), allow('s3:GetObject', 'arn:aws:s3:::a/*'));
  expect(grants(mixed, { actions: ['s3:*'] })).toMatchObject({ answer: 'yes', witness: { action: 's3:GetObject' } });
});

test('public access', () => {
  const ask = (statement: Json) =>
    publicAccess(terms({ ...allow('s3:GetObject'), Principal: '*', ...statement }), 'AWS::S3::Bucket').answer;
  expect(ask({})).toBe('yes');
  expect(ask({ Principal: { AWS: '111122223333' } })).toBe('no');
  expect(ask({ Principal: { Service: 'sns.amazonaws.com' } })).toBe('no');
  expect(ask({ Principal: undefined, NotPrincipal: { AWS: '111122223333' } })).toBe('yes');
  expect(ask({ Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } } })).toBe('no');
  expect(ask({ Condition: { StringLike: { 'aws:PrincipalArn': '*' } } })).toBe('yes');
  expect(ask({ Condition: { StringNotEquals: { 'aws:PrincipalOrgID': 'o-1' } } })).toBe('yes');
  expect(ask({ Condition: { IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } } })).toBe('no');
  expect(ask({ Condition: { IpAddress: { 'aws:SourceIp': '0.0.0.0/1' } } })).toBe('yes');
  expect(ask({ Condition: { Bool: { 'aws:SecureTransport': 'true' } } })).toBe('yes');
  expect(ask({ Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:sns:*:111122223333:*' } } })).toBe('no');
});

test('differences in groups', () => {
  const before = terms(allow(['s3:GetObject', 's3:PutObject'], 'arn:aws:s3:::a/*'), allow('iam:Get*'));
  const after = terms(
    allow(['s3:GetObject', 's3:PutObject', 's3:DeleteObject'], ['arn:aws:s3:::a/*', 'arn:aws:s3:::b/*']),
  );
  const { gained, lost, undecided } = difference(before, after);
  expect(undecided).toBe(0);
  expect(gained.map(({ actions, resources }) => [actions, resources])).toEqual([
    [['s3:GetObject', 's3:PutObject'], ['arn:aws:s3:::b/*']],
    [['s3:DeleteObject'], ['arn:aws:s3:::a/*', 'arn:aws:s3:::b/*']],
  ]);
  expect(lost.map(({ actions, statement }) => [statement, actions])).toEqual([[1, ['iam:Get*']]]);
});
