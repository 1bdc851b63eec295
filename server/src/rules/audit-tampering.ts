/** audit-tampering: the records of what happens in the account can be stopped or deleted. */
import { risksIn } from './risks.ts';
import type { StatementRule } from './rule.ts';

/** Which actions, and how bad they are: `server/data/risks.json`, with its sources. */
export const auditTampering: StatementRule = {
  id: 'audit-tampering',
  on: 'statement',
  summary: 'The records of what happens in the account can be stopped or deleted',
  level: 'warning',
  kinds: ['identity'],
  effect: 'Allow',
  clause: 'Action',
  subject: 'document',
  implies: ['infrastructure-modification'],
  check: (statement, policy, context) => risksIn('audit-tampering', statement, policy, context),
};
