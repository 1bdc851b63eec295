/**
 * Binding: how much the conditions of an Allow hold back, for rules that judge a risk. Certain knowledge only: what may
 * hold back more than one sees is unknown.
 */
import { keyName, reaches } from '../policy/condition.ts';
import type { Statement } from '../policy/policy.ts';

/**
 * `free`: nothing, or what anybody meets: TLS, a Region, a user agent, a time. `guarded`: who asks or from where (MFA, a
 * network, one principal of the account), or some of what is reached. `narrowed`: what is reached is marked for it.
 */
export type Binding = 'free' | 'guarded' | 'narrowed' | 'unknown';

/** What the conditions of the statement do, the strongest of them. */
export function bindingOf(statement: Statement): Binding {
  if (statement.conditions.length === 0 && !statement.conditionsOpen) return 'free';
  const reach = reaches(statement);
  if (reach !== 'as written') return reach;
  return statement.conditions.every((condition) => MET_BY_ANYBODY.has(keyName(condition) ?? '')) ? 'free' : 'guarded';
}

/** Keys in lower case. Source: IAM User Guide, "AWS global condition context keys". */
const MET_BY_ANYBODY: ReadonlySet<string> = new Set([
  'aws:securetransport',
  'aws:useragent',
  'aws:referer',
  'aws:requestedregion',
  'aws:currenttime',
  'aws:epochtime',
  'aws:tokenissuetime',
  'aws:principaltype',
  'aws:principalaccount',
  'aws:principalorgid',
  'aws:principalorgpaths',
]);
