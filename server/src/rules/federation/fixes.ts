/** Fixes of trust in identity providers: conditions to add, and narrower or well-formed values. Parts that only the author knows are left to be filled in. */
import type { OidcProvider } from '../../catalog/oidc-providers.ts';
import type { Plain } from '../../finding/edit.ts';
import type { Fix } from '../../finding/finding.ts';
import { PLACEHOLDER } from '../../finding/placeholder.ts';
import type { Condition, PrincipalItem, Statement } from '../../policy/policy.ts';
import type { TextValue } from '../../value/value.ts';
import { underOperator } from '../condition-edits.ts';
import { addCondition, addConditions } from '../narrowing/conditions.ts';
import { proposedSubject } from '../narrowing/subjects.ts';
import type { ClaimTest } from './statement.ts';

/** The claim that tells customers apart, and the audience, as far as the statement does not test them. */
export function demandClaims(
  statement: Statement,
  { text }: PrincipalItem,
  known: OidcProvider | undefined,
  tested: readonly ClaimTest[],
): readonly Fix[] {
  const issuer = writtenIssuer(text.flat);
  if (issuer === undefined) return [];
  const claim = known?.required[0] ?? 'aud';
  const value =
    (claim === 'sub' && known && proposedSubject(known)) ||
    `${PLACEHOLDER}${claim === 'aud' ? 'AUDIENCE' : claim.toUpperCase()}`;
  const tests: (readonly [key: string, plain: Plain])[] = [];
  const hasAudience = tested.some(({ claim: { name } }) => name === 'aud');
  if (claim !== 'aud' && known?.audience !== undefined && !hasAudience) tests.push([`${issuer}:aud`, known.audience]);
  tests.push([`${issuer}:${claim}`, value]);
  const edits = addConditions(statement, value.includes('*') ? 'StringLike' : 'StringEquals', tests);
  const keys = tests.map(([key]) => `\`${key}\``).join(' and ');
  return edits ? [{ title: `Ask for ${keys}`, safety: 'narrows', preferred: true, edits }] : [];
}

/** The issuer as the principal spells it; undefined where it does not. */
function writtenIssuer(flat: string): string | undefined {
  if (!flat.startsWith('arn:')) return /^[\w.-]+$/.test(flat) ? flat : undefined;
  return /:oidc-provider\/([\w./:-]+)$/.exec(flat)?.[1];
}

/** Only identities that have signed in. */
export function demandSignIn(statement: Statement, key: string): readonly Fix[] {
  const edits = addCondition(statement, 'ForAnyValue:StringLike', key, ['authenticated']);
  return edits ? [{ title: 'Let in only identities that have signed in', safety: 'narrows', edits }] : [];
}

/** AWS's own address for assertions, in the partition of the provider. */
export function demandSaml(statement: Statement, { text }: PrincipalItem): readonly Fix[] {
  const partition = text.flat.startsWith('arn:') ? text.flat.split(':', 2)[1] : 'aws';
  const host = SIGN_IN.get(partition ?? '');
  const edits =
    host === undefined ? undefined : addCondition(statement, 'StringEquals', 'SAML:aud', [`https://${host}/saml`]);
  return edits
    ? [{ title: `Ask for \`SAML:aud\` \`https://${host}/saml\``, safety: 'narrows', preferred: true, edits }]
    : [];
}

const SIGN_IN: ReadonlyMap<string, string> = new Map([
  ['aws', 'signin.aws.amazon.com'],
  ['aws-us-gov', 'signin.amazonaws-us-gov.com'],
  ['aws-cn', 'signin.amazonaws.cn'],
]);

/** Values in place of one that is too wide. */
export function narrowTo(value: TextValue, from: string, texts: readonly string[]): readonly Fix[] {
  return texts.map((text) => ({
    title: `Narrow \`${from}\` to \`${text}\``,
    safety: 'narrows',
    edits: rewritten(value, text),
  }));
}

/** A value that a token can have in place of one that none has. */
export function rewriteTo(value: TextValue, text: string): Fix {
  return { title: `Replace it with \`${text}\``, safety: 'changes', edits: rewritten(value, text) };
}

function rewritten(value: TextValue, text: string) {
  return [{ kind: 'rewrite', value, from: 0, to: value.text.flat.length, text }] as const;
}

/** The operator without `ForAnyValue:`. */
export function withoutQualifier(statement: Statement, condition: Condition): readonly Fix[] {
  const name = condition.operator.flat.replace(/^ForAnyValue:/i, '');
  const edits = underOperator(statement, condition, name);
  return edits ? [{ title: `Use \`${name}\``, safety: 'same', preferred: true, edits }] : [];
}
