/** Modules in which an edit in one place changes what is read in another: files, what is replaced, and by what. Paths are those in `m/`, of `.tf` files without the ending. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are HCL's interpolations

/** A document of one statement. */
export const block = (name: string, body: string) =>
  `data "aws_iam_policy_document" "${name}" {\n  statement {\n    ${body}\n  }\n}\n`;
const child = `variable "name" {}\nvariable "more" { default = "s3:GetObject" }\nresource "aws_s3_bucket" "b" { bucket = var.name }\noutput "arn" { value = aws_s3_bucket.b.arn }\n`;
const long = (letter: string) => `"${letter.repeat(5000)}"`;

/** Each as what it is that changes, the files, and the edit; the policy is to be the same as if all were read for the first time. */
export const ELSEWHERE: readonly (readonly [
  what: string,
  files: Readonly<Record<string, string>>,
  from: string,
  to: string,
])[] = [
  ['a local', { a: `locals {\n  a = "s3:x"\n}\n${block('d', 'actions = [local.a]')}` }, '"s3:x"', '"s3:y"'],
  [
    'a local by way of another one',
    { a: `locals {\n  a = "s3:x"\n  b = [local.a]\n}\n${block('d', 'actions = local.b')}` },
    '"s3:x"',
    '"s3:yy"',
  ],
  ['a local that is not there', { a: `locals {\n  a = ["x"]\n}\n${block('d', 'actions = local.a')}` }, 'a =', 'c ='],
  [
    'a local that is there twice',
    { a: `locals {\n  a = ["x"]\n}\n${block('d', 'actions = local.a')}\nlocals {\n  b = 1\n}` },
    'b = 1',
    'a = 1',
  ],
  ['a setting', { a: `variable "v" {}\n${block('d', 'actions = var.v')}`, 'b.auto.tfvars': 'w = ["x"]' }, 'w =', 'v ='],
  ['the type of a variable', { a: `${block('d', 'actions = [var.v]')}\nvariable "v" {}` }, '{}', '{ type = string }'],
  ['a default', { a: `${block('d', 'actions = [var.v]')}\nvariable "v" {}` }, '{}', '{ default = "s3:*" }'],
  [
    'another default',
    { a: `${block('d', 'actions = [var.v]')}\nvariable "v" {\n  default = "s3:*"\n}` },
    '"s3:*"',
    '"sqs:*"',
  ],
  [
    'a resource that is not there',
    { a: `${block('d', 'resources = [aws_s3_bucket.b.arn]')}\nresource "aws_s3_bucket" "b" {}` },
    '"b"',
    '"c"',
  ],
  [
    'an argument of a resource',
    { a: `${block('d', 'resources = [aws_s3_bucket.b.arn]')}\nresource "aws_s3_bucket" "b" {\n  bucket = "x"\n}` },
    '"x"',
    '"yy"',
  ],
  [
    'an argument of a resource that is a local',
    {
      a: `${block('d', 'resources = [aws_s3_bucket.b.arn, aws_s3_bucket.b.arn]')}\nresource "aws_s3_bucket" "b" {\n  bucket = local.x\n}\nlocals {\n  x = "x"\n}`,
    },
    '"x"',
    '"yy"',
  ],
  [
    'what the second one to read it has from the first',
    {
      a: `${block('d', 'resources = [aws_s3_bucket.b.arn]')}\n${block('e', 'resources = ["${aws_s3_bucket.b.arn}/x"]')}\nresource "aws_s3_bucket" "b" {\n  bucket = local.x\n}\nlocals {\n  x = "x"\n}`,
    },
    '"x"',
    '"yy"',
  ],
  [
    'a document that is taken in',
    {
      a: `${block('d', 'actions = ["x"]')}\ndata "aws_iam_policy_document" "e" {\n  source_policy_documents = [data.aws_iam_policy_document.d.json]\n}`,
    },
    '"x"',
    '"yy"',
  ],
  [
    'a document that is not there',
    {
      a: `${block('d', 'actions = ["x"]')}\ndata "aws_iam_policy_document" "e" {\n  source_policy_documents = [data.aws_iam_policy_document.d.json]\n}`,
    },
    '"d"',
    '"f"',
  ],
  [
    'what a document that is taken in reads',
    {
      a: `${block('d', 'actions = [local.a]')}\ndata "aws_iam_policy_document" "e" {\n  source_policy_documents = [data.aws_iam_policy_document.d.json]\n}\nlocals {\n  a = "s3:x"\n}`,
    },
    '"s3:x"',
    '"s3:yy"',
  ],
  [
    'the argument of a call',
    {
      a: `${block('d', 'resources = [module.c.arn]')}\nmodule "c" {\n  source = "../c"\n  name = "x"\n}`,
      '../c/a': child,
    },
    '"x"',
    '"yy"',
  ],
  [
    'a local that is the argument of a call',
    {
      a: `${block('d', 'resources = [module.c.arn]')}\nmodule "c" {\n  source = "../c"\n  name = local.x\n}\nlocals {\n  x = "x"\n}`,
      '../c/a': child,
    },
    '"x"',
    '"yy"',
  ],
  [
    'a call that is not there',
    {
      a: `${block('d', 'resources = [module.c.arn]')}\nmodule "c" {\n  source = "../c"\n  name = "x"\n}`,
      '../c/a': child,
    },
    '"c"',
    '"e"',
  ],
  [
    'a local that decides whether there is a call',
    {
      a: `${block('d', 'resources = [module.c.arn]')}\nmodule "c" {\n  source = "../c"\n  name = "x"\n  count = local.n\n}\nlocals {\n  n = 1\n}`,
      '../c/a': child.replace('aws_s3_bucket.b.arn', 'var.name'),
    },
    'n = 1',
    'n = 0',
  ],
  [
    'what a block is made for',
    {
      a: `resource "aws_iam_policy" "p" {\n  for_each = local.all\n  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = each.value, Resource = "*" }] })\n}\nlocals {\n  all = { a = "s3:x" }\n}`,
    },
    '"s3:x"',
    'var.x',
  ],
  [
    'what a call is made for',
    {
      a: `${block('d', 'resources = [module.c.arn]')}\nmodule "c" {\n  source = "../c"\n  name = each.key\n  for_each = local.all\n}\nlocals {\n  all = { a = "x" }\n}`,
      '../c/a': child,
    },
    'a = "x"',
    'bb = "x"',
  ],
  [
    'a file of a called module',
    {
      a: `${block('d', 'resources = [module.c.arn]')}\nmodule "c" {\n  source = "../c"\n  name = "x"\n}`,
      '../c/a': child,
    },
    'var.name }',
    'var.more }',
  ],
  [
    'a template',
    {
      a: 'resource "aws_iam_policy" "p" {\n  policy = file("${path.module}/t.json")\n}',
      't.json': '{ "Statement": { "Effect": "Allow", "Action": "s3:*", "Resource": "*" } }',
    },
    's3:*',
    'sqs:*',
  ],
  [
    'the use of a document',
    {
      a: `${block('d', 'actions = ["x"]')}\nresource "aws_iam_policy" "p" {\n  policy = data.aws_iam_policy_document.d.json\n}`,
    },
    'policy"',
    'role_policy"',
  ],
  [
    'what bounds',
    {
      a: 'resource "aws_iam_policy" "p" {\n  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "s3:*", Resource = "*" }] })\n}\nresource "aws_iam_role" "r" {\n  permissions_boundary = aws_iam_policy.p.arn\n}',
    },
    'p.arn',
    'q.arn',
  ],
  [
    'a blank before what is missing',
    { a: `# .\n${block('d', 'condition {\n      values = ["x"]\n    }\n  actions = [')}` },
    '.',
    '. .',
  ],
  ['a blank before a value that is missing', { a: `# .\n${block('d', 'actions =\n  resources = ["*"]')}` }, '.', '. .'],
  ['a blank before no expression', { a: `# .\n${block('d', 'resources = ["x-${aws:username}"]')}` }, '.', '. .'],
  [
    'a blank before broken JSON',
    { a: '# .\nresource "aws_iam_policy" "p" {\n  policy = "{ \\"Statement\\": [ { \\"Effect\\": } ] }"\n}' },
    '.',
    '. .',
  ],
  [
    'a blank before broken JSON that is decoded',
    {
      a: '# .\nresource "aws_iam_policy" "p" {\n  policy = jsonencode(jsondecode("{ \\"Statement\\": [ { \\"Effect\\": } ] }"))\n}',
    },
    '.',
    '. .',
  ],
  [
    'which of two locals is asked for first',
    {
      a: `locals {\n  a = [local.b, "x"]\n  b = [local.a, "y"]\n}\n${block('one', 'actions = local.a')}\n${block('two', 'actions = local.b')}`,
    },
    'actions = local.a',
    'actions = ["z"]',
  ],
  [
    'which of two documents is read first',
    {
      a: `${block('zero', 'actions = ["x"]')}\ndata "aws_iam_policy_document" "one" {\n  source_policy_documents = [data.aws_iam_policy_document.two.json]\n  statement {\n    sid = "One"\n  }\n}\ndata "aws_iam_policy_document" "two" {\n  source_policy_documents = [data.aws_iam_policy_document.one.json]\n  statement {\n    sid = "Two"\n  }\n}\ndata "aws_iam_policy_document" "three" {\n  source_policy_documents = [data.aws_iam_policy_document.two.json]\n}`,
    },
    '[data.aws_iam_policy_document.two.json]\n  statement',
    '[]\n  statement',
  ],
  [
    'who reads a long name first',
    {
      a: `${block('one', `actions = [for a in [${long('a')}] : "\${var.x[a]}"]`)}\n${block('two', `actions = [for a in [${long('b')}] : "\${var.x[a]}"]`)}\n# .`,
    },
    'for a',
    'for  a',
  ],
  [
    'a local, while the policy moves',
    { a: `# .\n${block('d', 'actions = [local.a]')}\nlocals {\n  a = "s3:x"\n}` },
    '.',
    '. .',
  ],
  [
    'a local that goes on',
    { a: `locals {\n  a = local.t\n  t = "s3:x"\n}\n${block('d', 'actions = [local.a]')}` },
    'local.t\n',
    'local.t ? "x" : "y"\n',
  ],
  [
    'an argument, for the second one to read it',
    {
      a: `${block('d', 'resources = [aws_s3_bucket.b.arn]')}\n${block('e', 'resources = ["${aws_s3_bucket.b.arn}/x"]')}\nresource "aws_s3_bucket" "b" {\n  bucket = "x"\n}`,
    },
    '"x"\n',
    '"yy"\n',
  ],
  [
    'what a block is made for, where that is not known',
    {
      a: `resource "aws_iam_policy" "p" {\n  for_each = local.all\n  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = each.value, Resource = "*" }] })\n}\nlocals {\n  all = var.all\n}`,
    },
    'var.all',
    '{ a = "s3:x" }',
  ],
  ['a blank before no expression in a text', { a: `# .\n${block('d', 'resources = ["x-${a b}"]')}` }, '.', '. .'],
  [
    'which of two documents is read first, elsewhere',
    {
      a: `data "aws_iam_policy_document" "zero" {\n  source_policy_documents = [data.aws_iam_policy_document.two.json]\n}\ndata "aws_iam_policy_document" "one" {\n  source_policy_documents = [data.aws_iam_policy_document.two.json]\n  statement {\n    sid = "One"\n  }\n}\ndata "aws_iam_policy_document" "two" {\n  source_policy_documents = [data.aws_iam_policy_document.one.json]\n  statement {\n    sid = "Two"\n  }\n}`,
    },
    '.two.json',
    '.six.json',
  ],
  [
    'which of two locals is asked for first, for who asks for one',
    {
      a: `${block('one', 'actions = local.a')}\n${block('two', 'actions = local.b')}\n${block('three', 'actions = local.a')}\nlocals {\n  a = [local.b, "x"]\n  b = [local.a, "y"]\n}`,
    },
    'local.a',
    'local.c',
  ],
  [
    'whether calls are asked for first',
    {
      a: `${block('one', 'resources = [module.b.arn]')}\n${block('two', 'resources = [local.m]')}\nlocals {\n  m = module.b.arn\n}\nmodule "a" {\n  source = "../c"\n  count = local.m == "x" ? 0 : 1\n}\nmodule "b" {\n  source = "../c"\n  name = "x"\n}`,
      '../c/a': child,
    },
    'module.b.arn]',
    '"x"]',
  ],
  [
    'how deep somebody asks first',
    {
      a: `${block('one', 'actions = [local.a0]')}\n${block('two', `actions = [${'('.repeat(30)}local.a0${')'.repeat(30)}]`)}\nlocals {\n${Array.from({ length: 285 }, (_, i) => `  a${i} = local.a${i + 1}\n`).join('')}  a285 = "s3:x"\n}`,
    },
    'local.a0]',
    'local.b0]',
  ],
  [
    'something beside a file that is decoded',
    {
      a: '# .\nresource "aws_iam_policy" "p" {\n  policy = jsonencode({ Statement = [jsondecode(file("${path.module}/t.json"))] })\n}',
      't.json': '{ "Effect": "Allow", "Action": "s3:*", "Resource": "*" }',
    },
    '.',
    '. .',
  ],
  [
    'something beside a default',
    { a: `# .\n${block('d', 'actions = [var.v]')}\nvariable "v" {\n  default = "s3:*"\n}` },
    '.',
    '. .',
  ],
  [
    'something beside a call',
    {
      a: '# .\nmodule "c" {\n  source = "../c"\n  name = "x"\n}',
      '../c/a': `resource "aws_iam_policy" "p" {\n  policy = jsonencode({ Statement = [jsondecode(file("\${path.module}/t.json"))] })\n}\n${child}`,
      '../c/t.json': '{ "Effect": "Allow", "Action": "s3:*", "Resource": "*" }',
    },
    '# .',
    '# . .',
  ],
  [
    'what a called module has from its caller',
    {
      a: 'module "c" {\n  source = "../c"\n  name = "x"\n}\nresource "aws_s3_bucket" "b" {\n  bucket = "x"\n}\noutput "arn" {\n  value = aws_s3_bucket.b.arn\n}',
      '../c/a': `${child}\nmodule "m" {\n  source = "../m"\n}\n${block('d', 'resources = [module.m.arn, var.name]')}`,
    },
    'bucket = "x"',
    'bucket = "yy"',
  ],
  [
    'who asks for a long name first',
    {
      a: `${block('one', 'actions = concat(["p", "q"], local.l)')}\n${block('two', 'actions = local.l')}\nlocals {\n  l = [for a in [${long('a')}] : "\${var.x[a]}"]\n}`,
    },
    'local.l)',
    '[])',
  ],
  [
    'who comes to the end of an account first',
    {
      a: `${block('one', `actions = [${'"${length(local.d)}", '.repeat(6)}"\${length(local.e)}"]`)}\n${block('two', 'actions = ["${length(local.e)}"]')}\nlocals {\n  a = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10"]\n  b = concat(${'local.a, '.repeat(10)})\n  c = concat(${'local.b, '.repeat(10)})\n  d = concat(${'local.c, '.repeat(10)})\n  e = concat(${'local.c, '.repeat(20)})\n}`,
    },
    '${length(local.e)}',
    'x',
  ],
  [
    'a local in the JSON syntax',
    {
      'a.tf.json':
        '{ "locals": { "a": "s3:x" }, "data": { "aws_iam_policy_document": { "d": { "statement": { "actions": ["${local.a}"] } } } } }',
    },
    's3:x',
    's3:yy',
  ],
  [
    'a brace that ends a block before its end',
    { a: `locals {\n  b = 1\n  a = "s3:x"\n}\n${block('d', 'actions = [local.a]')}` },
    'b = 1',
    'b = 1 }',
  ],
  [
    'an identity provider that is not there',
    {
      a: `data "aws_iam_policy_document" "d" {\n  statement {\n    actions = ["sts:AssumeRoleWithWebIdentity"]\n    principals {\n      type = "Federated"\n      identifiers = [aws_iam_openid_connect_provider.o.arn]\n    }\n  }\n}\nresource "aws_iam_openid_connect_provider" "o" {\n  count = var.n\n  url = var.issuer\n}`,
    },
    '"o" {',
    '"q" {',
  ],
];
