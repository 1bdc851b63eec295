/**
 * Principal: the forms that the values of a Principal element take, and which kinds of policy are certain enough to say
 * what belongs into one. Knows no catalog. Source: IAM User Guide, "AWS JSON policy elements: Principal".
 */
import { knownText } from '../text/text.ts';
import { lacks } from '../value/value.ts';
import { isAccountId } from './arn.ts';
import { assumes } from './kind.ts';
import type { PolicyKind } from './module.ts';
import type { Policy, Statement } from './policy.ts';

/** The keys of a Principal element, as IAM spells them. */
export const PRINCIPAL_TYPES: readonly string[] = ['AWS', 'Service', 'Federated', 'CanonicalUser'];

/** Whether the text has the form of a service principal: labels in lower case, and an ending that AWS uses in one of its partitions. */
export function isServiceForm(text: string): boolean {
  return SERVICE_FORM.test(text);
}

const SERVICE_FORM =
  /^([a-z0-9-]+\.)+(amazonaws\.(com(\.cn)?|eu)|amazon\.com|aws\.internal|c2s\.ic\.gov|sc2s\.sgov\.gov|csp\.hci\.ic\.gov|cloud\.adc-e\.uk)$/;

/** The key that a principal of this form belongs under; undefined for forms that tell nothing. */
export function keyFor(text: string): 'AWS' | 'Service' | 'Federated' | undefined {
  if (/^arn:[^:]*:iam::[^:]*:(oidc|saml)-provider\//.test(text)) return 'Federated';
  if (isAccountId(text) || /^arn:[^:]*:(iam|sts)::/.test(text) || ownerOfId(text)) return 'AWS';
  return isServiceForm(text) ? 'Service' : undefined;
}

/** What a unique id of IAM stands for: `AROA…` for a role, `AIDA…` for a user; undefined for other texts. Source: IAM User Guide, "Unique identifiers". */
export function ownerOfId(text: string): 'role' | 'user' | undefined {
  if (!/^A(RO|ID)A[A-Z0-9]{12,}(:.*)?$/.test(text)) return undefined;
  return text.startsWith('AROA') ? 'role' : 'user';
}

/**
 * Whether the policy is of the kind whatever else of it could be seen. What a path hints at is not certain, and a
 * shape only where nothing hidden could make it another: a trust policy has no Resource, a resource policy has an action
 * that assumes no role.
 */
export function isCertainly(kind: PolicyKind, policy: Policy): boolean {
  if (policy.kind !== kind) return false;
  if (policy.site.kind !== undefined) return true;
  if (policy.site.hint !== undefined) return false;
  if (kind === 'trust') return !policy.open && policy.statements.every(hasNoResource);
  return kind !== 'resource' || isNoTrust(policy);
}

/** Whether something of a policy with principals says that it is none of trust: its place, or an action that assumes no role. */
function isNoTrust(policy: Policy): boolean {
  return policy.site.kind !== undefined || policy.statements.some(doesMoreThanAssume);
}

function hasNoResource({ value, action }: Statement): boolean {
  return action?.open === false && lacks(value, 'Resource') && lacks(value, 'NotResource');
}

/** Whether an action that is always there is none for assuming a role. */
export function doesMoreThanAssume({ action }: Statement): boolean {
  return (
    action?.items.some(({ text, presence }) => {
      const name = presence === 'always' ? knownText(text) : undefined;
      return name !== undefined && !assumes(name);
    }) === true
  );
}
