{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "Artifacts",
      "Effect": "Allow",
      "Action": ["s3:GetObject", "s3:PutObject"],
      "Resource": "arn:${partition}:s3:::${artifacts}/*"
    },
    {
      "Sid": "Stacks",
      "Effect": "Allow",
      "Action": ["cloudformation:CreateStack", "cloudformation:UpdateStack", "cloudformation:DescribeStack"],
      "Resource": "*"
    },
    { "Sid": "Pass", "Effect": "Allow", "Action": "iam:PassRole", "Resource": "*" }
  ]
}
