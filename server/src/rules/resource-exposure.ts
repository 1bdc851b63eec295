/** resource-exposure: every resource of a kind can be opened to others. */
import { risksIn } from './risks.ts';
import type { StatementRule } from './rule.ts';

/** Which actions, and how bad they are: `server/data/risks.json`, with its sources. */
export const resourceExposure: StatementRule = {
  id: 'resource-exposure',
  on: 'statement',
  summary: 'Every resource of a kind can be opened to others',
  level: 'warning',
  kinds: ['identity'],
  effect: 'Allow',
  clause: 'Action',
  subject: 'document',
  implies: ['infrastructure-modification'],
  equivalents: [
    'checkov:CKV_AWS_109',
    'checkov:CKV_AWS_289',
    'cloudsplaining:ResourceExposure',
    'parliament:PERMISSIONS_MANAGEMENT_ACTIONS',
  ],
  check: (statement, policy, context) => risksIn('resource-exposure', statement, policy, context),
};
