/** Foreign accounts: which account a principal belongs to, and whether the configuration knows it. */
import type { Config } from '../../config/config.ts';
import { demands, keyName } from '../../policy/condition.ts';
import type { Condition, PrincipalItem, Statement } from '../../policy/policy.ts';
import { knownText } from '../../text/text.ts';

/** The account of an `AWS` principal, as a whole or by one of its users or roles; undefined where it is not known. */
export function accountOf({ type, text }: PrincipalItem): string | undefined {
  if (type !== 'AWS') return undefined;
  return /^(?:arn:[^:]*:(?:iam|sts)::)?(\d{12})(?::|$)/.exec(knownText(text) ?? '')?.[1];
}

/** Whether the principal is an account as a whole, so that whoever runs it decides who comes. */
export function isWholeAccount({ text }: PrincipalItem): boolean {
  return /^(?:arn:[^:]*:iam::)?\d{12}(?::root)?$/.test(knownText(text) ?? '');
}

/** Whether the configuration names own accounts, and this one neither among them nor among the trusted ones. */
export function isForeign(account: string, { accounts: { own, trusted } }: Config): boolean {
  return own.length > 0 && !own.includes(account) && !trusted.includes(account);
}

/** Whether a condition tells a customer from another, or lets in few people of the account. */
export function isBoundToCustomer({ conditions }: Statement): boolean {
  return conditions.some((condition) => BOUND.test(keyName(condition) ?? '') && mayDemand(condition));
}

/** Whether one of these conditions is there for certain, with values that can be seen. */
export function isCertainlyBound({ conditions }: Statement): boolean {
  return conditions.some(
    (condition) =>
      BOUND.test(keyName(condition) ?? '') &&
      demands(condition) &&
      !condition.open &&
      condition.values.every(({ presence }) => presence === 'always'),
  );
}

const BOUND =
  /^(sts:(externalid|sourceidentity|rolesessionname)$|aws:(principal(arn|orgid|orgpaths|account|tag\/.*)|requesttag\/.*|userid|username|multifactorauth(present|age)|sourceip|sourcevpc|sourcevpce|source(arn|account))$)/;

/** Whether the condition demands a value where it is there. */
export function mayDemand(condition: Condition): boolean {
  return demands({ ...condition, presence: 'always' });
}
