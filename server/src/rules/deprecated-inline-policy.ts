/** deprecated-inline-policy: a role holds its policies by a deprecated argument that takes all others away. The Terraform host reports it; nothing is checked here. */
import type { ReportedRule } from './rule.ts';

/** Source: Terraform's AWS provider, resource `aws_iam_role`. */
export const deprecatedInlinePolicy: ReportedRule = {
  id: 'deprecated-inline-policy',
  on: 'report',
  summary: 'A role holds its policies by a deprecated argument that takes all others away',
  level: 'warning',
  subject: 'document',
  equivalents: ['tflint:aws_iam_role_deprecated_policy_attributes'],
};
