resource "aws_dynamodb_table" "orders" {
  name = var.table
}

data "aws_iam_policy_document" "orders" {
  statement {
    sid       = "Orders"
    actions   = ["dynamodb:*"]
    resources = [for suffix in ["", "/index/*"] : "${aws_dynamodb_table.orders.arn}${suffix}"]
  }
}

data "aws_iam_policy_document" "function" {
  source_policy_documents = [data.aws_iam_policy_document.orders.json]

  statement {
    sid       = "Logs"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["*"]
  }
}

resource "aws_iam_policy" "orders" {
  policy = data.aws_iam_policy_document.function.json
}
