resource "aws_iam_group_policy" "home" {
  group  = "people"
  policy = <<-EOF
  {
    "Version": "2012-10-17",
    "Statement": [
      {
        "Effect": "Allow",
        "Action": "s3:ListBucket",
        "Resource": "arn:aws:s3:::homes-111122223333",
        "Condition": { "StringEquals": { "s3:prefix": ["$${aws:username}/*"] } }
      },
      {
        "Effect": "Allow",
        "Action": ["s3:GetObject", "s3:PutObjct"],
        "Resource": "arn:aws:s3:::homes-111122223333/$${aws:username}/*"
      }
    ]
  }
  EOF
}
