/** unused-ignore: an ignore that takes nothing back any more. Reported by the front ends, who know what was read. */
import type { ReportedRule } from './rule.ts';

/** Source: this project's configuration contract, docs/configuration.md. */
export const unusedIgnore: ReportedRule = {
  id: 'unused-ignore',
  on: 'report',
  summary: 'An ignore takes nothing back, or has expired',
  level: 'info',
  subject: 'document',
};
