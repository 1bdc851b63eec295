resource "aws_dynamodb_table" "orders" {
  name = var.table
}

resource "aws_iam_policy" "orders" {
  policy = <<EOT
{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "Orders",
      "Effect": "Allow",
      "Action": "dynamodb:*",
      "Resource": ["${aws_dynamodb_table.orders.arn}", "${aws_dynamodb_table.orders.arn}/index/*"]
    },
    {
      "Sid": "Logs",
      "Effect": "Allow",
      "Action": [ "logs:CreateLogStream", "logs:PutLogEvents" ],
      "Resource": "*"
    }
  ]
}
EOT
}
