/**
 * Principals: whom an item of a Principal element means. Wildcards inside of ARNs mean nothing here, as in AWS.
 * Source: IAM User Guide, "AWS JSON policy elements: Principal".
 */
import { accountOf, type Principal } from './request.ts';

/** How directly an item names a principal, which decides what a grant to it bypasses. */
export type Naming = 'everyone' | 'account' | 'role' | 'itself';

/**
 * How the item `{ [type]: text }` (type `*` for the bare string) names the principal; undefined where it does not. A role
 * names its sessions, an account everybody in it; `*` names all.
 */
export function naming(type: string, text: string, principal: Principal): Naming | undefined {
  if (text === '*' && (type === '*' || type === 'AWS')) return 'everyone';
  if (principal === '*') return undefined;
  if ('AWS' in principal) return type === 'AWS' ? namingOfArn(text, principal.AWS) : undefined;
  const [ownType, own] = typed(principal);
  if (type !== ownType) return undefined;
  return text === '*' ? 'everyone' : text === own ? 'itself' : undefined;
}

/** The type of a principal and its text. */
export function typed(principal: Exclude<Principal, '*'>): readonly [type: string, text: string] {
  if ('AWS' in principal) return ['AWS', principal.AWS];
  if ('Service' in principal) return ['Service', principal.Service];
  if ('Federated' in principal) return ['Federated', principal.Federated];
  return ['CanonicalUser', principal.CanonicalUser];
}

function namingOfArn(text: string, arn: string): Naming | undefined {
  const account = rootAccount(text);
  if (account !== undefined) return accountOf(arn) === account ? 'account' : undefined;
  if (text === arn) return roleOf(text) === undefined ? 'itself' : 'role';
  const role = roleOf(text);
  const session = sessionRole(arn);
  return role !== undefined && role === session ? 'role' : undefined;
}

/** The account that an account id or the ARN of its root stands for. */
export function rootAccount(text: string): string | undefined {
  return /^(\d{12}|arn:[^:*?]+:iam::\d{12}:root)$/.test(text) ? accountOf(text) : undefined;
}

/** Account and name of the role that an ARN names; paths are left out, since sessions do not tell them. */
export function roleOf(arn: string): string | undefined {
  const found = /^arn:[^:]+:iam::(\d{12}):role\/(?:.*\/)?([^/]+)$/.exec(arn);
  return found ? `${found[1]}/${found[2]}` : undefined;
}

/** Account and name of the role whose session an ARN names. */
export function sessionRole(arn: string): string | undefined {
  const found = /^arn:[^:]+:sts::(\d{12}):assumed-role\/([^/]+)\/.+$/.exec(arn);
  return found ? `${found[1]}/${found[2]}` : undefined;
}
