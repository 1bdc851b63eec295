/** data-exfiltration: data can be read in bulk, or sent to other accounts, wherever it lies. */
import { risksIn } from './risks.ts';
import type { StatementRule } from './rule.ts';

/** Which actions, and how bad they are: `server/data/risks.json`, with its sources. */
export const dataExfiltration: StatementRule = {
  id: 'data-exfiltration',
  on: 'statement',
  summary: 'Data of every kind of store can be read in bulk or sent to other accounts',
  level: 'warning',
  kinds: ['identity'],
  effect: 'Allow',
  clause: 'Action',
  subject: 'document',
  equivalents: ['checkov:CKV_AWS_108', 'checkov:CKV_AWS_288', 'cloudsplaining:DataExfiltration'],
  check: (statement, policy, context) => risksIn('data-exfiltration', statement, policy, context),
};
