resource "aws_s3_bucket" "artifacts" {
  bucket = "churn-model-artifacts"
}

resource "aws_ecr_repository" "inference" {
  name = "churn-inference"
}

data "aws_iam_policy_document" "training" {
  statement {
    sid       = "Train"
    actions   = ["sagemaker:CreateTrainingJob", "sagemaker:DescribeTrainingJob", "sagemaker:UpdateModelPackage", "iam:PassRole"]
    resources = ["*"]
  }

  statement {
    sid       = "Artifacts"
    actions   = ["s3:GetObjct", "s3:Put*"]
    resources = ["*"]
  }
}

resource "aws_iam_role_policy" "build" {
  name = "build"
  role = "churn-build"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["ecr:*"]
      Resource = "*"
    }]
  })
}

resource "aws_iam_role" "execution" {
  name = "churn-training-execution"

  assume_role_policy = <<-EOT
    {
      "Version": "2012-10-17",
      "Statement": [
        {
          "Effect": "Allow",
          "Principal": { "AWS": "*" },
          "Action": "sts:AssumeRole"
        }
      ]
    }
  EOT
}
