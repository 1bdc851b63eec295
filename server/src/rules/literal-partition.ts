/** literal-partition: an ARN names the partition in a module that otherwise leaves it open. The Terraform host reports it; nothing is checked here. */
import type { ReportedRule } from './rule.ts';

/** Source: IAM User Guide, "Amazon Resource Names": partitions; Terraform's AWS provider, data source `aws_partition`. */
export const literalPartition: ReportedRule = {
  id: 'literal-partition',
  on: 'report',
  summary: 'An ARN names the partition in a module that otherwise leaves it open',
  level: 'info',
  subject: 'document',
  equivalents: [
    'tflint:aws_iam_policy_document_gov_friendly_arns',
    'tflint:aws_iam_policy_gov_friendly_arns',
    'tflint:aws_iam_role_policy_gov_friendly_arns',
  ],
};
