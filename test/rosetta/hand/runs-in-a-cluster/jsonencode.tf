variable "account" {}
variable "issuer" {}

resource "aws_iam_role" "worker" {
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Federated = "arn:aws:iam::${var.account}:oidc-provider/${var.issuer}" }
      Action    = "sts:AssumeRoleWithWebIdentity"
      Condition = {
        StringLike   = { "${var.issuer}:sub" = "system:serviceaccount:*:*" }
        StringEquals = { "${var.issuer}:aud" = "sts.amazonaws.com" }
      }
    }]
  })
}
