/** Edits as people and programs make them, drawn from a seed: letters, words, lines, blocks, whole files, and back. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are HCL's interpolations
import type { Source } from '../../server/src/policy/module.ts';

/** Gives a whole number from 0 to below `most`, each as likely; the same ones in the same order for the same seed. */
export type Draw = (most: number) => number;

/** Drawing from a seed. */
export function drawing(seed: number): Draw {
  let state = seed >>> 0;
  return (most) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % most;
  };
}

/** What begins and ends things, so that all that follows is read otherwise, and what is half typed. */
const PIECES = [
  '"',
  '}',
  '{',
  ']',
  '[',
  '\n',
  ' ',
  'x',
  '*',
  '${',
  '%{',
  '#',
  '/*',
  '*/',
  '<<E\n',
  '\nE\n',
  ',',
  '=',
  '.',
];

/** The sources after one edit of one of them. `first` is what they were at the beginning. */
export function edited(sources: readonly Source[], first: readonly Source[], draw: Draw): readonly Source[] {
  const index = draw(sources.length);
  return sources.map((source, at) => {
    if (at !== index) return source;
    const text = draw(8) === 0 ? (first[at]?.text ?? '') : editedText(source.text, draw);
    return { path: source.path, text };
  });
}

function editedText(text: string, draw: Draw): string {
  const at = draw(text.length + 1);
  switch (draw(9)) {
    case 0:
      return text.slice(0, at) + (PIECES[draw(PIECES.length)] ?? '') + text.slice(at);
    case 1:
      return text.slice(0, at) + text.slice(at + 1 + draw(3));
    case 2:
      return text.slice(0, at) + text.slice(at + draw(80));
    case 3:
    case 4:
      return withOtherWord(text, draw);
    case 5:
    case 6:
      return inString(text, draw);
    default:
      return withOtherBlocks(text, draw);
  }
}

/** A word in the place of another one of the text. */
function withOtherWord(text: string, draw: Draw): string {
  const words = [...text.matchAll(/[A-Za-z_][\w.]*/g)];
  const [old, other] = [words[draw(words.length || 1)], words[draw(words.length || 1)]];
  return old && other ? text.slice(0, old.index) + other[0] + text.slice(old.index + old[0].length) : text;
}

/** A letter more or less within quotes. */
function inString(text: string, draw: Draw): string {
  const strings = [...text.matchAll(/"[^"\n]+"/g)];
  const chosen = strings[draw(strings.length || 1)];
  if (!chosen) return `${text}x`;
  const at = chosen.index + 1 + draw(chosen[0].length - 1);
  return text.slice(0, at) + (draw(2) === 0 ? 'z' : '') + text.slice(draw(3) === 0 ? at + 1 : at);
}

/** A block less, twice, or somewhere else. Blocks have an empty line between them. */
function withOtherBlocks(text: string, draw: Draw): string {
  const blocks = text.split('\n\n');
  const [from, to] = [draw(blocks.length), draw(blocks.length)];
  const [chosen = ''] = blocks.splice(from, draw(3) === 0 ? 0 : 1);
  if (draw(3) > 0) blocks.splice(to, 0, chosen);
  return blocks.join('\n\n');
}

/** A module with files, locals, variables, calls and templates of all kinds; `m/` is its folder. */
export const MODULE: readonly Source[] = [
  {
    path: 'm/locals.tf',
    text: `locals {
  stage   = "prod"
  prefix  = "app-\${local.stage}"
  # what is read
  reading = ["s3:Get*", "s3:List*", "s3:GetObjct"]
  both    = concat(local.reading, local.writing)
  writing = ["s3:PutObject"]
  round   = local.about
  about   = [local.round, "s3:GetObject"]
  buckets = { a = "alpha", b = "beta-\${local.stage}" }
  statement = { Effect = "Allow", Action = local.both, Resource = "*" }
  document = jsonencode({ Version = "2012-10-17", Statement = [local.statement] })
}

variable "team" {
  type    = string
  default = "core"
}

variable "open" {}

variable "actions" { default = ["s3:*"] }

locals { late = var.open ? "x" : local.prefix }
`,
  },
  {
    path: 'm/main.tf',
    text: `data "aws_iam_policy_document" "one" {
  statement {
    sid       = "One"
    actions   = local.both
    resources = [aws_s3_bucket.b.arn, "\${aws_s3_bucket.b.arn}/*"]
  }
}

resource "aws_s3_bucket" "b" {
  bucket = "\${local.prefix}-data"
}

# leastwise-ignore unscoped-resource: asked for
data "aws_iam_policy_document" "two" {
  source_policy_documents = [data.aws_iam_policy_document.one.json, local.document]
  statement {
    actions   = var.actions
    resources = ["arn:aws:s3:::\${var.team}-\${local.late}/*"]
  }
  dynamic "statement" {
    for_each = local.buckets
    content {
      sid       = statement.key
      actions   = ["s3:DeleteObject", "s3:NoSuch"]
      resources = ["arn:aws:s3:::\${statement.value}", module.child.arn]
      condition {
        test     = "StringEquals"
        variable = "aws:PrincipalTag/team"
        values   = [var.team]
      }
    }
  }
}

resource "aws_iam_role" "r" {
  assume_role_policy = jsonencode({
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = "*" } }]
  })
  inline_policy {
    policy = data.aws_iam_policy_document.two.json
  }
}

resource "aws_iam_policy" "p" {
  policy = local.document
}

resource "aws_iam_policy" "q" {
  for_each = local.buckets
  policy   = <<-E
    { "Version": "2012-10-17", "Statement": [ %{ if var.open ~} { "Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::\${each.value}" } %{ endif } ] }
  E
}

data "aws_iam_policy_document" "round" {
  source_policy_documents = [data.aws_iam_policy_document.about.json]
  statement { actions = local.round }
}

data "aws_iam_policy_document" "about" {
  source_policy_documents = [data.aws_iam_policy_document.round.json]
  statement { actions = local.about }
}

resource "aws_iam_policy" "read" {
  policy = templatefile("\${path.module}/t.json", { bucket = local.prefix })
}

module "child" {
  source = "../child"
  name   = local.prefix
  actions = local.both
}

module "other" {
  source = "../child"
  count = local.stage == "prod" ? 1 : 0
  name   = "other"
}

data "aws_iam_policy_document" "three" {
  count = 2
  statement {
    actions   = [for a in local.writing : "\${a}Acl"]
    resources = [try(local.missing, aws_s3_bucket.b.arn), module.child.arn]
  }
}

resource "aws_iam_user_policy" "late" {
  policy = jsonencode({ Statement = { Effect = "Allow", Action = ["iam:PassRole"], Resource = ["*", local.late] } })
}
`,
  },
  { path: 'm/terraform.tfvars', text: 'open = true\n\nteam = "red"\n' },
  {
    path: 'm/t.json',
    text: '{ "Version": "2012-10-17", "Statement": { "Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::${bucket}" } }',
  },
  {
    path: 'child/main.tf',
    text: `variable "name" {}

variable "actions" { default = ["s3:Put*"] }

resource "aws_s3_bucket" "b" { bucket = var.name }

data "aws_iam_policy_document" "d" {
  statement {
    actions   = var.actions
    resources = ["\${aws_s3_bucket.b.arn}/\${var.name}/*"]
  }
}

output "arn" { value = aws_s3_bucket.b.arn }
`,
  },
];
