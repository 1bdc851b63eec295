/** syntax: the text of a policy does not follow the grammar of its language. Hosts report it; nothing is checked here. */
import type { ReportedRule } from './rule.ts';

/** Source: IAM User Guide, "Grammar of the IAM JSON policy language": a policy is JSON, keys are unique, no comments. */
export const syntax: ReportedRule = {
  id: 'syntax',
  on: 'report',
  summary: 'The policy is not well-formed, so AWS refuses it as a whole',
  level: 'error',
  subject: 'document',
  accessAnalyzer: ['JSON_SYNTAX_ERROR'],
  equivalents: ['parliament:MALFORMED_JSON', 'parliament:MALFORMED'],
};
