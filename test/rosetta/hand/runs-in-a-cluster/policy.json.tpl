{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Principal": { "Federated": "arn:aws:iam::${account}:oidc-provider/${issuer}" },
      "Action": "sts:AssumeRoleWithWebIdentity",
      "Condition": {
        "StringLike": { "${issuer}:sub": "system:serviceaccount:*:*" },
        "StringEquals": { "${issuer}:aud": "sts.amazonaws.com" }
      }
    }
  ]
}
