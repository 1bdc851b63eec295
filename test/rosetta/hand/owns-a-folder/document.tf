data "aws_iam_policy_document" "home" {
  statement {
    effect    = "Allow"
    actions   = ["s3:ListBucket"]
    resources = ["arn:aws:s3:::homes-111122223333"]

    condition {
      test     = "StringEquals"
      variable = "s3:prefix"
      values   = ["&{aws:username}/*"]
    }
  }

  statement {
    effect    = "Allow"
    actions   = ["s3:GetObject", "s3:PutObjct"]
    resources = ["arn:aws:s3:::homes-111122223333/&{aws:username}/*"]
  }
}

resource "aws_iam_group_policy" "home" {
  group  = "people"
  policy = data.aws_iam_policy_document.home.json
}
