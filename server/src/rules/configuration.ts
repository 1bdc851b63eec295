/** configuration: `leastwise.json` or an ignore comment says something that nobody understands. Reported by whoever reads it. */
import type { ReportedRule } from './rule.ts';

/** Source: this project's configuration contract, docs/configuration.md. */
export const configuration: ReportedRule = {
  id: 'configuration',
  on: 'report',
  summary: 'The configuration of Leastwise names something that does not exist, or leaves out what it needs',
  level: 'warning',
  subject: 'document',
};
