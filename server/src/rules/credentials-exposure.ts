/** credentials-exposure: secrets, passwords or keys of everything can be read or made. */
import { risksIn } from './risks.ts';
import type { StatementRule } from './rule.ts';

/** Which actions, and how bad they are: `server/data/risks.json`, with its sources. */
export const credentialsExposure: StatementRule = {
  id: 'credentials-exposure',
  on: 'statement',
  summary: 'Secrets, passwords or keys of everything can be read or made',
  level: 'warning',
  kinds: ['identity'],
  effect: 'Allow',
  clause: 'Action',
  subject: 'document',
  equivalents: [
    'checkov:CKV_AWS_107',
    'checkov:CKV_AWS_287',
    'cloudsplaining:CredentialsExposure',
    'parliament:CREDENTIALS_EXPOSURE',
  ],
  check: (statement, policy, context) => risksIn('credentials-exposure', statement, policy, context),
};
