/** exclusive-attachment: an attachment takes its policy away from everybody that it does not name. The Terraform host reports it; nothing is checked here. */
import type { ReportedRule } from './rule.ts';

/** Source: Terraform's AWS provider, resource `aws_iam_policy_attachment`. */
export const exclusiveAttachment: ReportedRule = {
  id: 'exclusive-attachment',
  on: 'report',
  summary: 'An attachment takes its policy away from everybody that it does not name',
  level: 'warning',
  subject: 'document',
  equivalents: ['tflint:aws_iam_policy_attachment_exclusive_attachment'],
};
