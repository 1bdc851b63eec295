/**
 * Public access: whether a resource's policy lets in somebody whom nothing about it names: the question of IAM Access
 * Analyzer's CheckNoPublicAccess. Source: Amazon S3 User Guide, "Blocking public access", "The meaning of public".
 */
import { readRange } from './address.ts';
import type { ColonReading } from './evaluate.ts';
import { isExact, lettersOf, plainOf } from './glob.ts';
import { allowsWithin, type Granting } from './grants.ts';
import type { PrincipalTerm, StatementTerms, Term, Test } from './terms.ts';

/** Keys that tie a request to somebody: a fixed value of one of them is no stranger. In lower case. */
const TRUSTED: readonly string[] = [
  'aws:principalorgid',
  'aws:principalorgpaths',
  'aws:principalaccount',
  'aws:principalarn',
  'aws:sourceaccount',
  'aws:sourcearn',
  'aws:sourceorgid',
  'aws:sourceorgpaths',
  'aws:sourceowner',
  'aws:sourcevpc',
  'aws:sourcevpce',
  'aws:userid',
  'aws:username',
  'kms:calleraccount',
  'kms:viaservice',
  'lambda:functionurlauthtype',
  's3:dataaccesspointaccount',
  's3:dataaccesspointarn',
  's3:x-amz-server-side-encryption-aws-kms-key-id',
];

/**
 * Whether the policy allows a request by a stranger: a principal that no statement names, with values of the keys above
 * that no statement fixes, from an address outside of every range that is not very wide. `resourceType` is a CloudFormation
 * type; all of them are judged alike, the type only names the question.
 */
export function publicAccess(
  statements: readonly StatementTerms[],
  resourceType: string,
  colons: ColonReading = 'parts',
): Granting {
  if (resourceType === '') return { answer: 'unknown', reason: 'the resource type is not told' };
  const stranger: StatementTerms = {
    index: -1,
    sid: undefined,
    effect: 'Allow',
    guards: [],
    action: undefined,
    resource: undefined,
    principal: { negated: true, terms: namedPrincipals(statements) },
    tests: strangeValues(statements),
  };
  return allowsWithin(statements, [stranger], colons);
}

/** Everybody whom a statement names, and all services and providers: those are not the public. */
function namedPrincipals(statements: readonly StatementTerms[]): readonly PrincipalTerm[] {
  const named = statements.flatMap(({ principal }) => principal?.terms ?? []);
  const others = ['Service', 'Federated', 'CanonicalUser'].map((type) => ({ type, pattern: lettersOf('*') }));
  return [...named.filter(({ pattern }) => plainOf(pattern) !== '*' && isExact(pattern)), ...others];
}

/** Negated tests of all values that are fixed: a request in which the key is missing passes them. */
function strangeValues(statements: readonly StatementTerms[]): readonly Test[] {
  const found = new Map<string, Test>();
  for (const { tests } of statements) {
    for (const test of tests) {
      const values = test.values.filter((value) => isFixed(test, value));
      const name = `${test.key} ${test.operator.base}`;
      const known = found.get(name)?.values ?? [];
      if (values.length === 0) continue;
      const operator = { base: test.operator.base, negated: true, ifExists: false, qualifier: undefined };
      found.set(name, { operator, key: test.key, values: [...known, ...values] });
    }
  }
  return [...found.values()];
}

/** Whether a value names somebody: text without wildcards, an ARN with a fixed account, a path below a fixed organization, or a range that is not very wide. */
function isFixed({ key, operator }: Test, { pattern }: Term): boolean {
  if (operator.base === 'Null' || operator.base === 'Bool') return false;
  const plain = plainOf(pattern);
  if (operator.base === 'IpAddress') return key === 'aws:sourceip' && plain !== undefined && isNarrow(plain);
  return TRUSTED.includes(key) && (plain !== undefined || isUnderAccount(pattern.text));
}

/** Wider than /8 of IPv4 or /32 of IPv6 is public; so says Amazon S3. */
function isNarrow(text: string): boolean {
  const range = readRange(text);
  return range !== undefined && range.high - range.low < 1n << (range.family === 4 ? 24n : 96n);
}

function isUnderAccount(text: string): boolean {
  return /^(arn:[^:]*:[^:]*:[^:]*:\d{12}:|o-[a-z0-9]+\/)/.test(text);
}
