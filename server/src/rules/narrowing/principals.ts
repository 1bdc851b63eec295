/**
 * Narrows an Allow for everybody: to one account, service or identity provider, or to an organization. Who is meant is
 * filled in where the document or the configuration tells. Each fix is of safety `narrows`; whoever offers it proves it.
 */
import type { Edit, Plain } from '../../finding/edit.ts';
import type { Fix } from '../../finding/finding.ts';
import { PLACEHOLDER } from '../../finding/placeholder.ts';
import type { Policy, PrincipalItem, Statement } from '../../policy/policy.ts';
import { knownText } from '../../text/text.ts';
import type { RuleContext } from '../rule.ts';
import { type Whereabouts, whereaboutsOf } from './arns.ts';
import { demandAddresses, demandEndpoint, demandOrganization } from './callers.ts';

/** The fixes for the item that means everybody. */
export function narrowEverybody(
  policy: Policy,
  statement: Statement,
  everybody: PrincipalItem,
  context: RuleContext,
): readonly Fix[] {
  const where = whereaboutsOf(policy, context.config);
  const provider = providerFor(statement, where);
  if (provider) return allowed(replaceWhole(statement, everybody, 'Federated', provider), 'one identity provider');
  const arn = `arn:${where.partition}:iam::${where.account}:root`;
  const account = where.account.startsWith(PLACEHOLDER) ? 'one account' : `account \`${where.account}\``;
  const accounts = allowed(replaceOne(statement, everybody, arn), account);
  const organizations = demandOrganization(statement, context);
  if (policy.kind === 'trust') {
    const service = `${PLACEHOLDER}SERVICE.amazonaws.com`;
    return [
      ...accounts,
      ...allowed(replaceWhole(statement, everybody, 'Service', service), 'one service'),
      ...organizations,
    ];
  }
  const known = context.config.organization !== undefined;
  return [
    ...(known ? [...organizations, ...accounts] : [...accounts, ...organizations]),
    ...demandEndpoint(statement),
    ...demandAddresses(statement),
  ];
}

/** The provider that a role which is assumed by tokens only must have been meant for. */
function providerFor({ action }: Statement, { partition, account }: Whereabouts): string | undefined {
  const names = action?.negated || action?.open ? [] : (action?.items.map(({ text }) => knownText(text)) ?? []);
  const all = (name: string) => names.length > 0 && names.every((one) => one?.toLowerCase() === name);
  const kind = all('sts:assumerolewithwebidentity') ? 'oidc' : all('sts:assumerolewithsaml') ? 'saml' : undefined;
  return kind && `arn:${partition}:iam::${account}:${kind}-provider/${PLACEHOLDER}PROVIDER`;
}

function allowed(edits: readonly Edit[] | undefined, whom: string): readonly Fix[] {
  const open = /\bone /.test(whom) ? ', to be filled in' : '';
  return edits ? [{ title: `Allow ${whom} in place of everybody${open}`, safety: 'narrows', edits }] : [];
}

/** An account in the place of the star, beside whoever else is named. */
function replaceOne(statement: Statement, { value, type }: PrincipalItem, arn: string): readonly Edit[] | undefined {
  if (type === 'AWS') return [{ kind: 'replace', value, plain: arn }];
  return statement.principal?.entry.value === value
    ? [{ kind: 'replace', value, plain: under('AWS', arn) }]
    : undefined;
}

/** The element as a whole becomes one principal; only where it names nobody but everybody. */
function replaceWhole(
  { principal }: Statement,
  { value }: PrincipalItem,
  key: string,
  text: string,
): readonly Edit[] | undefined {
  if (!principal || principal.open || principal.items.some((item) => item.value !== value)) return undefined;
  return [{ kind: 'replace', value: principal.entry.value, plain: under(key, text) }];
}

function under(key: string, text: string): Plain {
  return { entries: [[key, text]] };
}
