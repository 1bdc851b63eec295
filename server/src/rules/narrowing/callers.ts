/**
 * Callers: conditions that say who may use what a statement allows, from where and how lately signed in. Plain proposals for
 * any rule to offer: each is one condition that is demanded beside all that stands there, of safety `narrows`, none where the
 * statement tests the key already or may do so unseen. Whether the demand makes sense for the finding is for the rule to
 * say; whoever offers it proves it. Source: IAM User Guide, "AWS global condition context keys".
 */
import type { Fix } from '../../finding/finding.ts';
import { PLACEHOLDER } from '../../finding/placeholder.ts';
import { keyName } from '../../policy/condition.ts';
import type { Statement } from '../../policy/policy.ts';
import type { RuleContext } from '../rule.ts';
import { addCondition } from './conditions.ts';

/**
 * Everybody of one organization: `aws:PrincipalOrgID`, by the configuration or to be filled in. For an Allow that lets in other
 * accounts. None where a service is among those who are let in: services are in no organization.
 */
export function demandOrganization(
  statement: Statement,
  { config: { organization } }: Pick<RuleContext, 'config'>,
): readonly Fix[] {
  if (letsIn(statement, 'Service')) return [];
  const whom = organization === undefined ? 'one organization' : `organization \`${organization}\``;
  return demand(statement, {
    operator: 'StringEquals',
    key: 'aws:PrincipalOrgID',
    value: organization ?? `${PLACEHOLDER}ORGANIZATION`,
    title: `Allow everybody of ${whom} only`,
  });
}

/**
 * Only callers who have signed in with a second factor. For what people do; a role of a service or a pipeline has none, so
 * it is not offered where a service, or tokens of an identity provider, are let in.
 */
export function demandMfa(statement: Statement): readonly Fix[] {
  if (letsIn(statement, 'Service') || letsIn(statement, 'Federated')) return [];
  return demand(statement, {
    operator: 'Bool',
    key: 'aws:MultiFactorAuthPresent',
    value: 'true',
    title: 'Demand `aws:MultiFactorAuthPresent`: nobody gets in without a second factor',
  });
}

/** Only callers whose second factor is not older than some seconds, an hour where nothing else is said. Who has none does not get in. */
export function demandRecentMfa(statement: Statement, seconds = 3600): readonly Fix[] {
  if (letsIn(statement, 'Service') || letsIn(statement, 'Federated')) return [];
  return demand(statement, {
    operator: 'NumericLessThan',
    key: 'aws:MultiFactorAuthAge',
    value: String(seconds),
    title: `Demand a second factor that is less than ${inWords(seconds)} old`,
  });
}

/** Only sessions that began after a moment, to be filled in: sessions that were stolen before it end, and so do long-lived keys, which have none. */
export function demandSessionsSince(statement: Statement): readonly Fix[] {
  return demand(statement, {
    operator: 'DateGreaterThan',
    key: 'aws:TokenIssueTime',
    value: `${PLACEHOLDER}DATE`,
    title: 'Demand `aws:TokenIssueTime`: no access keys, and no sessions from before a date',
  });
}

/** Only requests by one VPC endpoint, to be filled in. Not for what services do on their own, which goes by none. */
export function demandEndpoint(statement: Statement): readonly Fix[] {
  return fromNetwork(statement, {
    operator: 'StringEquals',
    key: 'aws:SourceVpce',
    value: `${PLACEHOLDER}VPC_ENDPOINT`,
    title: 'Allow requests by one VPC endpoint only',
  });
}

/** Only requests from one range of addresses, to be filled in. */
export function demandAddresses(statement: Statement): readonly Fix[] {
  return fromNetwork(statement, {
    operator: 'IpAddress',
    key: 'aws:SourceIp',
    value: `${PLACEHOLDER}CIDR`,
    title: 'Allow requests from one range of addresses only',
  });
}

/** Keys that say from which network a request comes: one of them is enough. */
const NETWORK = /^aws:(sourceip|vpcsourceip|sourcevpc|sourcevpce|sourcevpcarn|vpce(account|orgid|orgpaths))$/;

function fromNetwork(statement: Statement, demanded: Demand): readonly Fix[] {
  if (letsIn(statement, 'Service') || statement.conditions.some((one) => NETWORK.test(keyName(one) ?? ''))) return [];
  return demand(statement, demanded);
}

/** One condition to be demanded. A value with a part to be filled in is told in the title. */
export interface Demand {
  readonly operator: string;
  readonly key: string;
  readonly value: string | readonly string[];
  readonly title: string;
}

/** The statement with the condition demanded beside its others; none for what is no Allow, has that key, or may have it unseen. */
export function demand(statement: Statement, { operator, key, value, title }: Demand): readonly Fix[] {
  if (statement.effect.answer !== 'Allow' || mayTest(statement, key)) return [];
  const edits = addCondition(statement, operator, key, [value].flat());
  const open = `${key}${value}`.includes(PLACEHOLDER) ? ', to be filled in' : '';
  return edits ? [{ title: `${title}${open}`, safety: 'narrows', edits }] : [];
}

/** Whether the statement tests the key, or may do so where it cannot be seen. */
function mayTest({ conditions, conditionsOpen }: Statement, key: string): boolean {
  return conditionsOpen || conditions.some((one) => (keyName(one) ?? key.toLowerCase()) === key.toLowerCase());
}

function letsIn({ principal }: Statement, type: 'Service' | 'Federated'): boolean {
  return principal?.items.some((item) => item.type === type) === true;
}

function inWords(seconds: number): string {
  if (seconds % 3600 !== 0) return `${seconds} seconds`;
  return seconds === 3600 ? 'an hour' : `${seconds / 3600} hours`;
}
