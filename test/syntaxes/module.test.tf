# SYNTAX TEST "source.hcl" "actions, ARNs and variables in Terraform strings and heredocs"
actions = ["s3:GetObject", "iam:Pass*"]
#           ^^ support.class.service.iam
#              ^^^^^^^^^ support.function.action.iam
#                                   ^ keyword.operator.wildcard.iam
resources = ["arn:aws:s3:::${var.bucket}/*", "arn:aws:s3:::home/$${aws:username}/&{aws:userid}"]
#             ^^^ keyword.other.arn.iam
#                          ^^^^^^^^^^^^^ meta.interpolation.hcl
#                          ^^^^^^^^^^^^^ - meta.arn.iam
#                                                          ^^^^ entity.name.resource.iam
#                                                               ^^^^^^^^^^^^^^^^ variable.language.policy-variable.iam
#                                                                                ^^^^^^^^^^^^^ variable.language.policy-variable.iam
policy = <<EOT
 { "Action": "sqs:SendMessage" }
#             ^^^ support.class.service.iam
#                 ^^^^^^^^^^^ support.function.action.iam
EOT
s3:GetObject
# <------------ - meta.action.iam
name = "team:blue"
#       ^^^^^^^^^ - meta.action.iam
