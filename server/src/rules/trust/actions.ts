/** Which of the actions that assume a role a principal can do, and which a statement's Action takes in. Certain knowledge only. */
import { federationOf } from '../../policy/federation.ts';
import { globMatches } from '../../policy/pattern.ts';
import type { Clause, ClauseItem, PrincipalItem, Statement } from '../../policy/policy.ts';
import { hasHole, knownText } from '../../text/text.ts';

/** The actions that assume a role, in lower case. Source: STS API Reference. */
export const ASSUMING = ['sts:assumerole', 'sts:assumerolewithsaml', 'sts:assumerolewithwebidentity'] as const;

/** One of {@link ASSUMING}. */
export type Assuming = (typeof ASSUMING)[number];

/** As AWS spells them. */
export const SPELLING: Readonly<Record<Assuming, string>> = {
  'sts:assumerole': 'sts:AssumeRole',
  'sts:assumerolewithsaml': 'sts:AssumeRoleWithSAML',
  'sts:assumerolewithwebidentity': 'sts:AssumeRoleWithWebIdentity',
};

/** What a principal is, and how it may assume a role. */
export interface Assumer {
  readonly item: PrincipalItem;
  /** What it is, as in "which is a service". */
  readonly is: string;
  /** All where that is not known. */
  readonly by: readonly Assuming[];
}

/** How a principal may assume a role. */
export function assumerOf(item: PrincipalItem): Assumer {
  switch (item.type) {
    case 'AWS': {
      const { flat } = item.text;
      if (!flat.startsWith('arn:') && !/^\d{12}$/.test(flat)) return { item, is: '', by: ASSUMING };
      const is = flat.includes('-provider/') ? 'not under `Federated`' : 'no identity provider';
      return { item, is, by: ['sts:assumerole'] };
    }
    case 'Service':
      return hasHole(item.text) ? { item, is: '', by: ASSUMING } : { item, is: 'a service', by: ['sts:assumerole'] };
    case 'Federated':
      return federated(item);
    default:
      return { item, is: '', by: ASSUMING };
  }
}

function federated(item: PrincipalItem): Assumer {
  switch (federationOf(item).kind) {
    case 'saml':
      return { item, is: 'a SAML provider', by: ['sts:assumerolewithsaml'] };
    case 'oidc':
    case 'domain':
      return { item, is: 'an OIDC provider', by: ['sts:assumerolewithwebidentity'] };
    case 'unknown':
      return { item, is: 'an identity provider', by: ['sts:assumerolewithsaml', 'sts:assumerolewithwebidentity'] };
    case 'invalid':
      return { item, is: '', by: ASSUMING };
  }
}

/** Which of the actions that assume a role the item takes in; all where it is not known. */
export function takenIn({ text }: ClauseItem): readonly Assuming[] {
  const pattern = knownText(text)?.toLowerCase();
  return pattern === undefined ? ASSUMING : ASSUMING.filter((name) => globMatches(pattern, name));
}

/** Whether the clause takes the action in (in lower case), or may. */
export function mayTakeIn(clause: Clause | undefined, name: string): boolean {
  if (!clause || clause.negated || clause.open) return true;
  return clause.items.some(({ text }) => hasHole(text) || globMatches(text.flat.toLowerCase(), name));
}

/** Whether the statement assumes a role for certain, by an item that is always there. */
export function assumesRole({ action }: Statement): boolean {
  return (
    action?.negated === false &&
    action.items.some((item) => item.presence === 'always' && !hasHole(item.text) && takenIn(item).length > 0)
  );
}
