/** Values of conditions, whatever stands in them: the rules that read them answer, and what they say lies where the value does. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { contains } from '../server/src/text/text.ts';
import { analyzeText } from './context.ts';

const RULES = [
  'ip-range',
  'malformed-id',
  'mismatched-value',
  'policy-variable',
  'redundant-condition',
  'too-permissive-value',
];

const OPERATORS = [
  'StringEquals',
  'StringNotLikeIfExists',
  'ForAllValues:StringLike',
  'ForAnyValue:StringNotLike',
  'NumericLessThan',
  'NumericNotEquals',
  'DateGreaterThanEquals',
  'Bool',
  'Null',
  'BinaryEquals',
  'IpAddress',
  'NotIpAddressIfExists',
  'ArnLike',
];

const KEYS = [
  'aws:SourceIp',
  'aws:userid',
  'idp.example.com:sub',
  'aws:PrincipalOrgID',
  'aws:ResourceAccount',
  'aws:SourceVpce',
  'aws:CurrentTime',
  'aws:EpochTime',
  'aws:SecureTransport',
  'aws:MultiFactorAuthAge',
  'aws:SourceArn',
  'aws:TagKeys',
];

const PIECES = [
  '${',
  '}',
  "'",
  ',',
  ' ',
  '*',
  '?',
  ':',
  '::',
  '/',
  '/33',
  '/-1',
  '.',
  '-',
  '=',
  'e9',
  '0',
  '255',
  '999999999999999999',
  '10.0.0.0/8',
  'fe80::1/64',
  '2026-01-31',
  'T24:00Z',
  'vpce-',
  'o-',
  'aws:username',
  'aws:PrincipalTag/a b',
  'true',
  '\uFFFC',
  '\u0000',
  '\\',
];

const word = fc.oneof(
  fc.array(fc.constantFrom(...PIECES), { maxLength: 6 }).map((pieces) => pieces.join('')),
  fc.constantFrom('10.0.0.0/8', '203.0.113.7/24', '2001:db8::1/32', 'o-*', '2026', '3600', '*', '${aws:username}'),
);
const scalar = fc.oneof(word, word, word, fc.integer(), fc.double(), fc.boolean(), fc.constant(null));
const value = fc.oneof(
  scalar,
  fc.array(fc.oneof(scalar, fc.array(scalar, { maxLength: 2 }), fc.dictionary(word, scalar)), { maxLength: 4 }),
);
const block = fc.dictionary(
  fc.constantFrom(...OPERATORS),
  fc.dictionary(fc.constantFrom(...KEYS), value, { maxKeys: 3 }),
  {
    maxKeys: 3,
  },
);

test('values of any make', () => {
  const spoken = new Set<string>();
  fc.assert(
    fc.property(block, word, fc.constantFrom('2012-10-17', '2008-10-17'), (Condition, Resource, Version) => {
      const text = JSON.stringify({ Version, Statement: { Effect: 'Allow', Action: 's3:*', Resource, Condition } });
      const module = analyzeText('policy.json', text, { kind: 'identity' });
      const [site] = module?.module.sites ?? [];
      for (const finding of module?.judgement.findings ?? []) {
        if (!RULES.includes(finding.rule)) continue;
        spoken.add(finding.rule);
        expect(site && contains(site.span, finding.span), finding.message).toBe(true);
        expect(finding.fixes?.() ?? [], finding.message).toBeInstanceOf(Array);
      }
    }),
    { numRuns: 500, seed: 11 },
  );
  expect([...spoken].sort()).toEqual(RULES);
});

test.each([
  ['digits', '1'.repeat(20_000)],
  ['stars', 'a*'.repeat(10_000)],
  ['open variables', '${'.repeat(10_000)],
  ['open default values', "${a, 'b".repeat(3_000)],
  ['colons', ':'.repeat(20_000)],
  ['a mask without end', `10.0.0.0/${'8'.repeat(20_000)}`],
  ['an exponent without end', `1e${'9'.repeat(20_000)}`],
])('a value of %s', (_name, long) => {
  const keys = KEYS.slice(0, 4).map((key) => [key, [long, `${long}x`]]);
  const Condition = Object.fromEntries(OPERATORS.map((operator) => [operator, Object.fromEntries(keys)]));
  const text = JSON.stringify({
    Version: '2012-10-17',
    Statement: { Effect: 'Allow', Action: 's3:*', Resource: '*', Condition },
  });
  const module = analyzeText('policy.json', text, { kind: 'identity' });
  const findings = (module?.judgement.findings ?? []).filter(({ rule }) => RULES.includes(rule));
  expect(findings.length).toBeGreaterThan(0);
  for (const { message } of findings) expect(message.length).toBeLessThan(500);
});
