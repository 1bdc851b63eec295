{
  "Version": "2012-10-17",
  "Statement": {
    "Effect": "Allow",
    "Principal": { "Service": "sns.amazonaws.com" },
    "Action": ["sqs:SendMessage", "sqs:Send*"],
    "Resource": "arn:${partition}:sqs:${region}:${account}:${queue}",
    "Condition": { "ArnLike": { "aws:SourceArn": "arn:${partition}:sns:${region}:${account}:${topic}" } }
  }
}
