resource "aws_s3_bucket" "artifacts" {
  bucket = "churn-model-artifacts"
}

resource "aws_ecr_repository" "inference" {
  name = "churn-inference"
}

data "aws_iam_policy_document" "training" {
  statement {
    sid       = "Train"
    actions   = ["sagemaker:CreateTrainingJob", "sagemaker:DescribeTrainingJob"]
    resources = ["arn:aws:sagemaker:eu-central-1:111122223333:training-job/churn-*"]
  }

  statement {
    sid       = "PassTheExecutionRole"
    actions   = ["iam:PassRole"]
    resources = [aws_iam_role.execution.arn]

    condition {
      test     = "StringEquals"
      variable = "iam:PassedToService"
      values   = ["sagemaker.amazonaws.com"]
    }
  }

  statement {
    sid       = "Artifacts"
    actions   = ["s3:GetObject", "s3:PutObject"]
    resources = ["${aws_s3_bucket.artifacts.arn}/*"]
  }
}

resource "aws_iam_role_policy" "build" {
  name = "build"
  role = "churn-build"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect   = "Allow"
        Action   = "ecr:GetAuthorizationToken"
        Resource = "*"
      },
      {
        Effect = "Allow"
        Action = [
          "ecr:BatchCheckLayerAvailability",
          "ecr:BatchGetImage",
          "ecr:CompleteLayerUpload",
          "ecr:InitiateLayerUpload",
          "ecr:PutImage",
          "ecr:UploadLayerPart",
        ]
        Resource = aws_ecr_repository.inference.arn
      },
    ]
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
          "Principal": { "Service": "sagemaker.amazonaws.com" },
          "Action": "sts:AssumeRole",
          "Condition": { "StringEquals": { "aws:SourceAccount": "111122223333" } }
        }
      ]
    }
  EOT
}
