locals {
  homes = "arn:aws:s3:::homes-111122223333"
}

resource "aws_iam_group_policy" "home" {
  group = "people"
  policy = jsonencode({
    "Version" : "2012-10-17",
    "Statement" : [
      {
        "Effect" : "Allow",
        "Action" : "s3:ListBucket",
        "Resource" : local.homes,
        "Condition" : { "StringEquals" : { "s3:prefix" : ["$${aws:username}/*"] } }
      },
      {
        "Effect" : "Allow",
        "Action" : ["s3:GetObject", "s3:PutObjct"],
        "Resource" : "${local.homes}/$${aws:username}/*"
      }
    ]
  })
}
