/** octal-number: digits without quotes are a number to the base of eight. The CloudFormation host reports it; nothing is checked here. */
import type { ReportedRule } from './rule.ts';

/** Source: YAML 1.1, "Integer Language-Independent Type"; AWS CloudFormation User Guide, "CloudFormation template formats": YAML 1.1. */
export const octalNumber: ReportedRule = {
  id: 'octal-number',
  on: 'report',
  summary: 'Digits that begin with a zero and have no quotes are a number to the base of eight',
  level: 'warning',
  subject: 'document',
};
