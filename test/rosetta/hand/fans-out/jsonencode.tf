resource "aws_sns_topic" "orders" {}
resource "aws_sqs_queue" "mails" {}

resource "aws_sqs_queue_policy" "mails" {
  queue_url = aws_sqs_queue.mails.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = {
      Effect    = "Allow"
      Principal = { Service = "sns.amazonaws.com" }
      Action    = ["sqs:SendMessage", "sqs:Send*"]
      Resource  = aws_sqs_queue.mails.arn
      Condition = { ArnLike = { "aws:SourceArn" = aws_sns_topic.orders.arn } }
    }
  })
}
