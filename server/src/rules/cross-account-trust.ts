/**
 * cross-account-trust: a policy of a resource or role lets in an account or organization that the configuration does not
 * know. Without a configuration it tells, for information, of accounts beside the one that the resources belong to. Whole
 * accounts that assume a role without an external id are `open-assume-role`'s.
 */
import { isOfAws } from '../catalog/aws-accounts.ts';
import type { Config } from '../config/config.ts';
import { demands, keyName, operatorOf } from '../policy/condition.ts';
import type { Condition, Policy, PrincipalItem, Statement } from '../policy/policy.ts';
import { displayText, type Span } from '../text/text.ts';
import { literalOf } from '../value/value.ts';
import type { Draft, RuleContext, StatementRule } from './rule.ts';
import { accountOf, isCertainlyBound, isForeign, isWholeAccount, mayDemand } from './trust/foreign.ts';

/** Source: IAM User Guide, "Cross-account resource access in IAM"; IAM Access Analyzer, "zone of trust". */
export const crossAccountTrust: StatementRule = {
  id: 'cross-account-trust',
  on: 'statement',
  summary: 'An account or organization is let in that the configuration does not know',
  level: 'warning',
  kinds: ['resource', 'trust'],
  effect: 'Allow',
  clause: 'Principal',
  subject: 'document',
  equivalents: ['cloudsplaining:AssumableByCrossAccountPrincipal', 'cfripper:CrossAccountTrustRule'],
  check: checkTrust,
};

function* checkTrust(statement: Statement, policy: Policy, { config }: RuleContext): Iterable<Draft> {
  const { principal, conditions, conditionsOpen, presence } = statement;
  if (principal?.negated !== false || conditionsOpen || isWithinOrganization(conditions, config)) return;
  const strangers = [
    ...principal.items.flatMap((item) => foreignPrincipal(item, statement, policy, config) ?? []),
    ...conditions.flatMap((condition) => foreignValues(condition, config)),
  ];
  const [first, ...others] = strangers;
  if (!first) return;
  yield {
    message: first.message,
    span: first.span,
    related: others,
    ...(first.known && presence === 'always' ? {} : { level: 'info' }),
  };
}

/** Somebody who is let in. `known`: the configuration says who is foreign. */
interface Stranger {
  readonly message: string;
  readonly span: Span;
  readonly known: boolean;
}

function foreignPrincipal(
  item: PrincipalItem,
  statement: Statement,
  policy: Policy,
  config: Config,
): Stranger | undefined {
  const account = accountOf(item);
  if (account === undefined || item.presence === 'sometimes' || isOfAws(account)) return undefined;
  if (isForeign(account, config)) {
    const mayBeTrust = policy.kind === 'trust' || policy.doubt === 'trust';
    if (mayBeTrust && isWholeAccount(item) && !isCertainlyBound(statement)) return undefined;
    return { message: `account \`${account}\` is neither an own nor a trusted one`, span: item.span, known: true };
  }
  const owner =
    config.accounts.own.length > 0 || config.accounts.trusted.includes(account) ? undefined : ownerOf(policy);
  if (owner === undefined || owner === account) return undefined;
  const message = `account \`${account}\` is let in on what belongs to account \`${owner}\``;
  return { message, span: item.span, known: false };
}

/** The one account that the resources of a resource policy name. */
function ownerOf(policy: Policy): string | undefined {
  if (policy.open || policy.statements.some(mayNameOthers)) return undefined;
  const owners = new Set<string>();
  for (const { resource } of policy.statements)
    for (const { text } of resource?.items ?? []) owners.add(text.flat.split(':', 5)[4] ?? '');
  const [owner = ''] = owners;
  return owners.size === 1 && /^\d{12}$/.test(owner) ? owner : undefined;
}

function mayNameOthers({ resource }: Statement): boolean {
  return resource?.open !== false || resource.negated;
}

/** Values of conditions that let in, beside `*`, an account or organization that the configuration does not know. */
function foreignValues(condition: Condition, config: Config): readonly Stranger[] {
  const key = keyName(condition) ?? '';
  const operator = operatorOf(condition.operator);
  if (operator?.base !== 'StringEquals' || !demands(condition)) return [];
  return condition.values.flatMap(({ value, span, presence }): readonly Stranger[] => {
    const word = literalOf(value);
    if (word === undefined || presence === 'sometimes') return [];
    const what = `\`${word}\` of \`${displayText(condition.key)}\``;
    if (ACCOUNTS.test(key) && /^\d{12}$/.test(word) && isForeign(word, config) && !isOfAws(word))
      return [{ message: `${what} is neither an own nor a trusted account`, span, known: true }];
    if (ORGANIZATIONS.test(key) && config.organization !== undefined && word !== config.organization)
      return [{ message: `${what} is not the own organization`, span, known: true }];
    return [];
  });
}

const ACCOUNTS = /^(aws:(principal|source)account|kms:calleraccount)$/;
const ORGANIZATIONS = /^aws:(principal|source)orgid$/;

/** Whether only members of the own organization get in, or of one that the configuration does not name. */
function isWithinOrganization(conditions: readonly Condition[], { organization }: Config): boolean {
  return conditions.some((condition) => {
    if (keyName(condition) !== 'aws:principalorgid' || !mayDemand(condition)) return false;
    if (organization === undefined) return true;
    return condition.values.every(({ value }) => (literalOf(value) ?? organization) === organization);
  });
}
