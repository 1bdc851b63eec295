/**
 * Federation: whom a `Federated` principal names. Certain knowledge only; knows which providers AWS has built in, and no others.
 * Source: IAM User Guide, "AWS JSON policy elements: Principal", "SAML session principals" and "OIDC federated user principals".
 */
import { hasHole, knownText } from '../text/text.ts';
import { arnOf, isAccountId } from './arn.ts';
import type { ClauseItem, Condition } from './policy.ts';

/**
 * - `saml`: an ARN of a SAML provider.
 * - `oidc`: an ARN of an OIDC provider, or one of those that AWS has built in; `issuer` is its address without `https://`, in
 *   lower case, where it is known.
 * - `domain`: another domain name, which AWS takes and nobody signs in from.
 * - `invalid`: neither an ARN of a provider nor a domain name.
 * - `unknown`: not known, or filled in by a template.
 */
export type Federation =
  | { readonly kind: 'oidc'; readonly issuer: string | undefined }
  | { readonly kind: 'saml' | 'domain' | 'invalid' | 'unknown' };

/** Whom the value of a `Federated` principal names. Holes in the account leave the provider known. */
export function federationOf({ text }: ClauseItem): Federation {
  const { flat } = text;
  if (!flat.startsWith('arn:')) return hasHole(text) || isTemplate(flat) ? UNKNOWN : ofDomain(flat.toLowerCase());
  const arn = arnOf(text);
  if (!arn) return hasHole(text) || isTemplate(flat) ? UNKNOWN : INVALID;
  const resource = knownText(arn.resource);
  const [partition, service, region, account] = [arn.partition, arn.service, arn.region, arn.account].map(knownText);
  if (partition !== undefined && !isTemplate(partition) && !/^aws(-[a-z]+)*$/.test(partition)) return INVALID;
  if (service !== undefined && service !== 'iam') return INVALID;
  if (region !== undefined && region !== '') return INVALID;
  if (account !== undefined && !isTemplate(account) && !isAccountId(account)) return INVALID;
  const [type, name] = cut(arn.resource.flat);
  if (type === 'saml-provider' && name !== '') return { kind: 'saml' };
  const seen = resource !== undefined && !isTemplate(resource);
  if (type === 'oidc-provider' && name !== '') return { kind: 'oidc', issuer: seen ? plainIssuer(name) : undefined };
  return seen ? INVALID : UNKNOWN;
}

const UNKNOWN: Federation = { kind: 'unknown' };
const INVALID: Federation = { kind: 'invalid' };

/** Providers that need no ARN, as domain names. */
const BUILT_IN = /^(accounts\.google\.com|graph\.facebook\.com|www\.amazon\.com)$|\.amazonaws\.com(\.cn)?$/;

function ofDomain(name: string): Federation {
  if (BUILT_IN.test(name)) return { kind: 'oidc', issuer: name };
  return /^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/.test(name) ? { kind: 'domain' } : INVALID;
}

/** Marks of the many languages in which people leave a gap in a text: `${…}`, `<…>`, `{{…}}`, `%…%`, `REPLACE_ME_…`. */
function isTemplate(text: string): boolean {
  return /[$<{%]|[A-Z]_|_[A-Z]/.test(text);
}

/** A claim of an identity provider as a condition key: `gitlab.com:sub` is `sub` of `gitlab.com`; both in lower case. */
export interface Claim {
  /** Undefined where the key says the claim, but not of whom. */
  readonly issuer: string | undefined;
  readonly name: string;
}

/**
 * The claim that a condition asks about; undefined for keys that are none, such as `aws:…` and `SAML:…`. A key of which only
 * the end can be seen is a claim where that end begins with a colon.
 */
export function claimOf({ key }: Condition): Claim | undefined {
  const flat = key.flat.toLowerCase();
  const colon = flat.lastIndexOf(':');
  if (colon < 1) return undefined;
  const name = flat.slice(colon + 1);
  if (!hasHole(key))
    return flat.lastIndexOf('.', colon) < 0 ? undefined : { issuer: plainIssuer(flat.slice(0, colon)), name };
  const last = key.parts[key.parts.length - 1];
  return last && last.kind !== 'hole' && last.at <= colon ? { issuer: undefined, name } : undefined;
}

/** What stands before and behind the first slash. */
function cut(resource: string): readonly [type: string, name: string] {
  const slash = resource.indexOf('/');
  return slash < 0 ? [resource, ''] : [resource.slice(0, slash), resource.slice(slash + 1)];
}

function plainIssuer(text: string): string {
  return text.toLowerCase().replace(/\/+$/, '');
}
