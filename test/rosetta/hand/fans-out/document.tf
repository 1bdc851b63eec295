resource "aws_sns_topic" "orders" {}
resource "aws_sqs_queue" "mails" {}

data "aws_iam_policy_document" "mails" {
  statement {
    actions   = ["sqs:SendMessage", "sqs:Send*"]
    resources = [aws_sqs_queue.mails.arn]

    principals {
      type        = "Service"
      identifiers = ["sns.amazonaws.com"]
    }

    condition {
      test     = "ArnLike"
      variable = "aws:SourceArn"
      values   = [aws_sns_topic.orders.arn]
    }
  }
}

resource "aws_sqs_queue_policy" "mails" {
  queue_url = aws_sqs_queue.mails.id
  policy    = data.aws_iam_policy_document.mails.json
}
