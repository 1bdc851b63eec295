/** infrastructure-modification: every database, cluster or network can be deleted or changed; one finding a statement. */
import { risksIn } from './risks.ts';
import type { StatementRule } from './rule.ts';

/** Which actions, and how bad they are: `server/data/risks.json`, with its sources. */
export const infrastructureModification: StatementRule = {
  id: 'infrastructure-modification',
  on: 'statement',
  summary: 'Every database, cluster or network can be deleted or changed',
  level: 'warning',
  kinds: ['identity'],
  effect: 'Allow',
  clause: 'Action',
  subject: 'document',
  equivalents: ['cloudsplaining:InfrastructureModification'],
  check: (statement, policy, context) => risksIn('infrastructure-modification', statement, policy, context),
};
