{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "Site",
      "Effect": "Allow",
      "Principal": { "Service": "cloudfront.amazonaws.com" },
      "Action": "s3:GetObject",
      "Resource": "arn:${partition}:s3:::${site}/*"
    },
    {
      "Sid": "Tls",
      "Effect": "Deny",
      "Principal": "*",
      "Action": "s3:*",
      "Resource": ["arn:${partition}:s3:::${site}", "arn:${partition}:s3:::${site}/*"],
      "Condition": { "Bool": { "aws:SecureTransport": "false" } }
    }
  ]
}
