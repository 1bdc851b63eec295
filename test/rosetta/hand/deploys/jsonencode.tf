resource "aws_s3_bucket" "artifacts" {
  bucket_prefix = "artifacts-"
}

locals {
  stack_actions = ["CreateStack", "UpdateStack", "DescribeStack"]
}

resource "aws_iam_policy" "deploy" {
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "Artifacts"
        Effect   = "Allow"
        Action   = ["s3:GetObject", "s3:PutObject"]
        Resource = "${aws_s3_bucket.artifacts.arn}/*"
      },
      {
        Sid      = "Stacks"
        Effect   = "Allow"
        Action   = [for name in local.stack_actions : "cloudformation:${name}"]
        Resource = "*"
      },
      {
        Sid      = "Pass"
        Effect   = "Allow"
        Action   = "iam:PassRole"
        Resource = "*" # any role
      },
    ]
  })
}
