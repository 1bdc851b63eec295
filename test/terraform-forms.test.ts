/** Policies in Terraform as documents of their own and back: text in, text out, and the same policy whatever it says. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are HCL's interpolations
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { analyze, formsAt } from '../server/src/analysis.ts';
import { applyEdits } from '../server/src/finding/edit.ts';
import type { Policy } from '../server/src/policy/policy.ts';
import { proveForm } from '../server/src/proof.ts';
import { canonicalText } from '../server/src/text/text.ts';
import { canonicalValue, type Value } from '../server/src/value/value.ts';
import { contextOf } from './context.ts';
import { analyzed, refactored, titles } from './refactoring.ts';

const ENCODED = `# The deployer.
resource "aws_iam_policy" "deploy" {
  name = "deploy"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      # What it reads.
      {
        Sid    = "Read"
        Effect = "Allow"
        Action = [
          "s3:GetObject", # one by one
          "s3:ListBucket",
        ]
        Resource = [aws_s3_bucket.b.arn, "\${aws_s3_bucket.b.arn}/home/$\${aws:username}/*"]
        Condition = {
          StringEquals = {
            "aws:PrincipalOrgID"    = var.organization
            "aws:PrincipalTag/team" = ["a", "b"]
          }
          Bool = { "aws:SecureTransport" = true }
        }
      },
      { Effect = "Deny", Action = "s3:DeleteBucket", Resource = "*" },
    ]
  })
}

resource "aws_s3_bucket" "b" {}

variable "organization" {
  type = string
}
`;
const EXTRACTED = `data "aws_iam_policy_document" "deploy" {
  # What it reads.
  statement {
    sid    = "Read"
    effect = "Allow"
    actions = [
      "s3:GetObject", # one by one
      "s3:ListBucket",
    ]
    resources = [aws_s3_bucket.b.arn, "\${aws_s3_bucket.b.arn}/home/&{aws:username}/*"]

    condition {
      test     = "StringEquals"
      variable = "aws:PrincipalOrgID"
      values   = [var.organization]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:PrincipalTag/team"
      values   = ["a", "b"]
    }

    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["true"]
    }
  }

  statement {
    effect    = "Deny"
    actions   = ["s3:DeleteBucket"]
    resources = ["*"]
  }
}

# The deployer.
resource "aws_iam_policy" "deploy" {
  name = "deploy"
  policy = data.aws_iam_policy_document.deploy.json
}

resource "aws_s3_bucket" "b" {}

variable "organization" {
  type = string
}
`;
const at = (text: string, words: string) => text.replace(words, `<|>${words}`);

describe('a document of its own', () => {
  test('of what jsonencode is given, comments kept', () => {
    expect(
      refactored(
        'main.tf',
        at(ENCODED, '"s3:GetObject"'),
        'Extract the policy to `data.aws_iam_policy_document.deploy`',
      ),
    ).toBe(EXTRACTED);
  });

  test('and back where it is read', () => {
    const back = refactored('main.tf', at(EXTRACTED, 'statement'), 'Inline `deploy` as `jsonencode`');
    expect(back).toContain(`  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      # What it reads.
      {
        Sid    = "Read"
        Effect = "Allow"
        Action = [
          "s3:GetObject", # one by one
          "s3:ListBucket",
        ]
        Resource = [aws_s3_bucket.b.arn, "\${aws_s3_bucket.b.arn}/home/$\${aws:username}/*"]
        Condition = {
          StringEquals = {
            "aws:PrincipalOrgID"    = [var.organization]
            "aws:PrincipalTag/team" = ["a", "b"]
          }
          Bool = {
            "aws:SecureTransport" = ["true"]
          }
        }
      },
      {
        Effect   = "Deny"
        Action   = ["s3:DeleteBucket"]
        Resource = ["*"]
      },
    ]
  })
`);
    expect(back).toContain('# The deployer.\nresource');
    expect(back).not.toContain('data "aws_iam_policy_document"');
  });

  const ROLE = (body: string) => `resource "aws_iam_role" "r" {
  assume_role_policy = ${body}
}

resource "aws_iam_openid_connect_provider" "p" {}
`;
  const HEREDOC = ROLE(`<<-EOT
    {
      "Statement": {
        "Effect": "Allow",
        "Principal": { "Federated": "\${aws_iam_openid_connect_provider.p.arn}" },
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": { "StringLike": { "\${var.issuer}:sub": "repo:x/*" } }
      }
    }
  EOT`);

  test('of JSON in a heredoc, with the old version where it names none', () => {
    const after = refactored('main.tf', at(HEREDOC, '"Statement"'), 'Extract');
    expect(after).toBe(`data "aws_iam_policy_document" "r_assume_role" {
  version = "2008-10-17"

  statement {
    effect  = "Allow"
    actions = ["sts:AssumeRoleWithWebIdentity"]

    principals {
      type        = "Federated"
      identifiers = [aws_iam_openid_connect_provider.p.arn]
    }

    condition {
      test     = "StringLike"
      variable = "\${var.issuer}:sub"
      values   = ["repo:x/*"]
    }
  }
}

${ROLE('data.aws_iam_policy_document.r_assume_role.json')}`);
  });

  test('JSON in a heredoc as jsonencode in its place', () => {
    expect(refactored('main.tf', at(HEREDOC, '"Statement"'), 'Write the JSON as `jsonencode`')).toBe(
      ROLE(`jsonencode({
    Statement = {
      Effect = "Allow"
      Principal = {
        Federated = aws_iam_openid_connect_provider.p.arn
      }
      Action = "sts:AssumeRoleWithWebIdentity"
      Condition = {
        StringLike = {
          "\${var.issuer}:sub" = "repo:x/*"
        }
      }
    }
  })`),
    );
  });

  const policy = (statement: string, more = '') => `resource "aws_sqs_queue_policy" "q" {
${more}  policy = jsonencode({ Version = "2012-10-17", Statement = [${statement}] })
}
`;
  const SOUND = 'Effect = "Allow", Principal = "*", Action = "sqs:*", Resource = "*"';
  test.each([
    [
      'an action that may be a list',
      policy('{ Effect = "Allow", Principal = "*", Action = var.<|>a, Resource = "*" }'),
    ],
    [
      'statements that are computed',
      policy('for a in var.all : { Effect = "Allow", Action = "sqs:*", Resource = <|>a }'),
    ],
    ['an element that documents lack', policy(`{ ${SOUND}, Extra = "<|>" }`)],
    [
      'what a loop of the resource names',
      policy(`{ ${SOUND.replace('"sqs:*"', '"sqs:${each.<|>key}"')} }`, '  for_each = var.all\n'),
    ],
    [
      'a choice',
      policy(`{ ${SOUND}<|> }`)
        .replace('policy =', 'policy = var.on ?')
        .replace(') })', ') }) : null')
        .replace('})\n', '}) : null\n'),
    ],
    [
      'JSON with directives',
      `resource "aws_sqs_queue_policy" "q" {\n  policy = <<EOT\n{ "Statement": [ %{ if var.x }{ "Effect": "Allow", "Action": "<|>sqs:*", "Resource": "*" }%{ endif } ] }\nEOT\n}\n`,
    ],
  ])('not of %s', (_, text) => {
    expect(titles('main.tf', text).filter((title) => /Extract|Write/.test(title))).toEqual([]);
  });

  const DOCUMENT =
    'data "aws_iam_policy_document" "d" {\n  statement {\n    actions   = ["sqs:*"]\n    resources = ["*"]\n  }\n}\n';
  const USE = 'resource "aws_iam_policy" "p" {\n  policy = data.aws_iam_policy_document.d.json\n}\n';
  test.each([
    ['a document that nobody reads', DOCUMENT],
    ['one that two read', DOCUMENT + USE + USE.replace('"p"', '"q"')],
    [
      'one that something depends on',
      `${DOCUMENT}${USE}output "o" {\n  depends_on = [data.aws_iam_policy_document.d]\n}\n`,
    ],
    ['one with other sources', DOCUMENT.replace('statement', 'source_policy_documents = [var.x]\n  statement') + USE],
    ['one of several', DOCUMENT.replace('statement', 'count = 2\n  statement') + USE],
    [
      'one with a dynamic block',
      DOCUMENT.replace(
        'actions',
        'dynamic "condition" {\n      for_each = var.x\n      content {}\n    }\n    actions',
      ) + USE,
    ],
    ['lists that may be empty', DOCUMENT.replace('["sqs:*"]', 'var.actions') + USE],
  ])('nor back for %s', (_, text) => {
    expect(titles('main.tf', at(text, 'actions')).filter((title) => title.includes('Inline'))).toEqual([]);
  });
});

/** What a policy says, whatever its spelling: elements by name, lists as sets. */
function meaning(policy: Policy | undefined): unknown {
  if (!policy) throw new Error('no policy');
  const statements = policy.statements.map(({ value }) =>
    Object.fromEntries(
      value.entries
        .filter(({ key, value: own }) => key.flat !== 'Sid' || canonicalValue(own) !== '""')
        .map(({ key, value: own }) => [canonicalText(key), plainOf(own)] as const)
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    ),
  );
  return { language: policy.language, kind: policy.kind, statements };
}

function plainOf(value: Value): unknown {
  switch (value.kind) {
    case 'list':
      return [...new Set(value.items.map((item) => canonicalValue(item.value)))].sort();
    case 'object':
      return Object.fromEntries(
        value.entries
          .map((entry) => [canonicalText(entry.key), plainOf(entry.value)] as const)
          .sort(([a], [b]) => (a < b ? -1 : 1)),
      );
    default:
      return [canonicalValue(value).replace(/^(true|false|\d+)$/, '"$1"')];
  }
}

const oneOrMore = (words: readonly string[]) =>
  fc.oneof(
    fc.constantFrom(...words),
    fc.uniqueArray(fc.constantFrom(...words), { minLength: 1, maxLength: words.length }),
  );
const ACTIONS = ['s3:GetObject', 's3:Put*', 'sqs:SendMessage', 'kms:Decrypt'];
const ARNS = [
  '*',
  'arn:aws:s3:::a',
  'arn:aws:s3:::a/${aws:username}/*',
  'HOLE/x',
  'HOLE',
  'odd "quoted" \\ one',
  '${*}%{x',
];
const STATEMENT = fc.record(
  {
    Sid: fc.constantFrom('A', 'B', ''),
    Effect: fc.constantFrom('Allow', 'Deny'),
    Principal: fc.oneof(
      fc.constant('*'),
      fc.record(
        {
          AWS: oneOrMore(['*', '111122223333', 'HOLE']),
          Service: oneOrMore(['ec2.amazonaws.com', 's3.amazonaws.com']),
        },
        { requiredKeys: ['AWS'] },
      ),
    ),
    Action: oneOrMore(ACTIONS),
    Resource: oneOrMore(ARNS),
    Condition: fc.record(
      {
        StringLike: fc.record(
          { 'aws:PrincipalTag/x': oneOrMore(['${aws:userid}', 'a*']), 's3:prefix': oneOrMore(['b', '']) },
          { requiredKeys: ['s3:prefix'] },
        ),
        Bool: fc.record({ 'aws:SecureTransport': fc.constantFrom<unknown>(true, 'false') }),
        NumericLessThan: fc.record({ 'aws:MultiFactorAuthAge': fc.constantFrom<unknown>(3600, '60') }),
      },
      { requiredKeys: ['Bool'] },
    ),
  },
  { requiredKeys: ['Effect', 'Principal', 'Action', 'Resource'] },
);
const POLICY = fc.record(
  {
    Version: fc.constantFrom('2012-10-17', '2008-10-17'),
    Id: fc.constant('policy'),
    Statement: fc.oneof(STATEMENT, fc.array(STATEMENT, { minLength: 1, maxLength: 3 })),
  },
  { requiredKeys: ['Statement'] },
);

const escaped = (text: string) => text.replace(/[$%](?=\{)/g, (sign) => sign + sign);

/** The policy as an argument of a resource; what is called HOLE refers to another one. */
function written(policy: unknown, how: 'encoded' | 'heredoc' | 'string'): string {
  const json = JSON.stringify(policy, null, 2);
  const held = (text: string) => text.replaceAll('HOLE', '${aws_s3_bucket.b.arn}');
  const body = {
    encoded: () => `jsonencode(${held(escaped(json))})`,
    heredoc: () => `<<EOT\n${held(escaped(json))}\nEOT`,
    string: () => held(escaped(JSON.stringify(JSON.stringify(policy)))),
  }[how]();
  return `resource "aws_s3_bucket_policy" "p" {\n  policy = ${body}\n}\n\nresource "aws_s3_bucket" "b" {}\n`;
}

/** The text after the first form of a kind, which has to be proved. */
function inForm(path: string, text: string, offset: number, kind: string): string {
  const module = analyze([{ path, text }], contextOf()).of(path);
  const form = module && formsAt(module, path, offset).find((one) => one.kind === kind);
  if (!form || !proveForm(module, form.edits)) throw new Error(`no way to ${kind}:\n${text}`);
  return applyEdits(path, text, form.edits) ?? '';
}

test('whatever a policy says, it says the same as a document, and as jsonencode again', () => {
  let tried = 0;
  fc.assert(
    fc.property(POLICY, fc.constantFrom('encoded', 'heredoc', 'string'), (policy, how) => {
      const text = written(policy, how);
      const before = meaning(analyzed('main.tf', text).policies[0]);
      const document = inForm('main.tf', text, text.indexOf('Statement'), 'extract');
      expect(meaning(analyzed('main.tf', document).policies[0])).toEqual(before);
      const back = inForm('main.tf', document, document.indexOf('statement'), 'inline');
      expect(meaning(analyzed('main.tf', back).policies[0])).toEqual(before);
      tried++;
    }),
    { numRuns: 60 },
  );
  expect(tried).toBe(60);
});

const CORPUS = '../shared/corpus/terraform';

describe.skipIf(!existsSync(CORPUS))(`the policies of ${CORPUS} (skipped where that folder is missing)`, () => {
  test('as documents and back read as the same', () => {
    const context = contextOf();
    const counts = { inline: 0, extracted: 0, back: 0, refused: 0 };
    for (const name of readdirSync(CORPUS, { recursive: true, encoding: 'utf8' }).sort()) {
      if (!name.endsWith('.tf')) continue;
      const sources = [{ path: name, text: readFileSync(join(CORPUS, name), 'utf8') }];
      for (const one of analyze(sources, context).modules) {
        for (const { span, value } of one.module.sites) {
          if (value.spelling.notation !== 'block') counts.inline++;
          const form = formsAt(one, span.source, span.start).find(({ kind }) => kind === 'extract');
          if (!form) continue;
          if (!proveForm(one, form.edits)) {
            counts.refused++;
            continue;
          }
          counts.extracted++;
          const after = sources.map(({ path, text }) => ({ path, text: applyEdits(path, text, form.edits) ?? '' }));
          const again = analyze(after, context).of(span.source);
          const name = /document\.([\w-]+)/.exec(form.title)?.[1];
          const text = after.find(({ path }) => path === span.source)?.text ?? '';
          const place = text.indexOf(`data "aws_iam_policy_document" "${name}"`);
          const back = again && formsAt(again, span.source, place + 1).find(({ kind }) => kind === 'inline');
          if (again && back && proveForm(again, back.edits)) counts.back++;
        }
      }
    }
    console.info(counts);
    expect(counts.extracted).toBeGreaterThan(300);
    expect(counts.back).toBe(counts.extracted);
    expect(counts.refused).toBeLessThan(10);
  });
});
