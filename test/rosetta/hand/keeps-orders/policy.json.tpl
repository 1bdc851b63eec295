{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "Orders",
      "Effect": "Allow",
      "Action": "dynamodb:*",
      "Resource": ["arn:${partition}:dynamodb:${region}:${account}:table/${orders}", "arn:${partition}:dynamodb:${region}:${account}:table/${orders}/index/*"]
    },
    { "Sid": "Logs", "Effect": "Allow", "Action": ["logs:CreateLogStream", "logs:PutLogEvents"], "Resource": "*" }
  ]
}
