/** unescaped-policy-variable: a variable of IAM stands in Terraform as if it were one of Terraform's. The Terraform host reports it; nothing is checked here. */
import type { ReportedRule } from './rule.ts';

/** Source: Terraform, "Strings and Templates", and the data source `aws_iam_policy_document`: `$${` and `&{` are left to IAM. */
export const unescapedPolicyVariable: ReportedRule = {
  id: 'unescaped-policy-variable',
  on: 'report',
  summary: "A variable of IAM stands in Terraform as if it were one of Terraform's",
  level: 'error',
  subject: 'document',
};
