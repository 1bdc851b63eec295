/** destructive-access: backups, snapshots, versions or keys of everything can be destroyed. */
import { risksIn } from './risks.ts';
import type { StatementRule } from './rule.ts';

/** Which actions, and how bad they are: `server/data/risks.json`, with its sources. */
export const destructiveAccess: StatementRule = {
  id: 'destructive-access',
  on: 'statement',
  summary: 'Backups, versions or keys can be destroyed, so that nothing can be recovered',
  level: 'warning',
  kinds: ['identity'],
  effect: 'Allow',
  clause: 'Action',
  subject: 'document',
  implies: ['infrastructure-modification'],
  check: (statement, policy, context) => risksIn('destructive-access', statement, policy, context),
};
