resource "aws_sqs_queue" "orders" {
  name = "orders"
}

data "aws_iam_policy_document" "orders" {
  statement {
    sid       = "Orders"
    actions   = ["sqs:SendMessage"]
    resources = ["*"]
  }
}

resource "aws_iam_policy" "prints" {
  name   = "prints"
  policy = <<-POLICY
    {
      "Version": "2012-10-17",
      "Statement": [
        {
          "Sid": "Prints",
          "Effect": "Allow",
          "Action": "sns:*",
          "Resource": "arn:aws:sns:eu-central-1:111122223333:prints"
        }
      ]
    }
  POLICY
}
