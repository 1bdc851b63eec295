/** What is offered at the cursor, and what becomes of the text: in JSON, HCL and YAML. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are HCL's interpolations
import { describe, expect, test } from 'vitest';
import { refactored, titles } from './refactoring.ts';

const json = (...statements: readonly string[]) => `{
  "Version": "2012-10-17",
  "Statement": [
${statements.join(',\n')}
  ]
}
`;
const statement = (action: string, resource = '"*"', effect = '"Allow"', sid = '') => `    {
${sid ? `      "Sid": "${sid}",\n` : ''}      "Effect": ${effect},
      "Action": ${action},
      "Resource": ${resource}
    }`;

describe('wildcards', () => {
  test('names become the fewest patterns, service by service or all of them', () => {
    const before = (at: string) =>
      json(
        statement(
          `["s3:GetObject", "s3:GetObjectAcl", "sqs:ReceiveMessage", "kms:Create${at}Alias", "kms:CreateGrant", "kms:CreateKey", "kms:CreateCustomKeyStore"]`,
        ),
      );
    const after = json(statement('["s3:GetObject", "s3:GetObjectAcl", "sqs:ReceiveMessage", "kms:Create*"]'));
    expect(refactored('p.json', before('<|>'), 'Shrink 4 actions of kms to 1')).toBe(after);
    expect(titles('p.json', before('<|>'))).toContain(
      'changes: Shrink 4 actions of kms to 1 (the same today; those of tomorrow are allowed too)',
    );
  });

  test('patterns that stand there lie in the new ones, or stay as they are', () => {
    const lies = statement('["kms:CreateKey", "kms:Create<|>Alias", "kms:CreateG*", "kms:CreateCustomKeyStore"]');
    expect(refactored('p.json', json(lies), 'Shrink')).toBe(json(statement('["kms:Create*"]')));
    const stays = statement(
      '["kms:CreateKey", "kms:Create<|>Alias", "kms:*eateG*", "kms:CreateCustomKeyStore", "kms:CreateGrant"]',
    );
    expect(refactored('p.json', json(stays), 'Shrink')).toBe(
      json(statement('["kms:CreateAlias", "kms:CreateCustomKeyStore", "kms:CreateKey", "kms:*eateG*"]')),
    );
  });

  test('a pattern becomes its names, without those that stand there already', () => {
    const before = json(statement('["kms:Create<|>*", "kms:CreateKey"]'));
    expect(refactored('p.json', before, 'Expand `kms:Create*` to 3 actions')).toBe(
      json(statement('["kms:CreateAlias", "kms:CreateCustomKeyStore", "kms:CreateGrant", "kms:CreateKey"]')),
    );
  });

  test.each([
    [
      '"Allow"',
      '"Action"',
      'narrows: Expand `kms:Create*` to 4 actions of today (those of tomorrow are no longer allowed)',
    ],
    [
      '"Deny"',
      '"Action"',
      'changes: Expand `kms:Create*` to 4 actions of today (those of tomorrow are no longer denied)',
    ],
    [
      '"Allow"',
      '"NotAction"',
      'changes: Expand `kms:Create*` to 4 actions of today (those of tomorrow are no longer excepted)',
    ],
    [
      '"Deny"',
      '"NotAction"',
      'narrows: Expand `kms:Create*` to 4 actions of today (those of tomorrow are no longer excepted)',
    ],
  ])('%s %s says what becomes of the actions of tomorrow', (effect, key, title) => {
    expect(titles('p.json', json(statement('"kms:Create<|>*"', '"*"', effect).replace('"Action"', key)))).toContain(
      title,
    );
  });

  test.each([
    [
      'a variable',
      'p.tf',
      'data "aws_iam_policy_document" "d" {\n  statement {\n    actions   = ["${var.s}:Get<|>*"]\n    resources = ["*"]\n  }\n}\n',
    ],
    ['everything', 'p.json', json(statement('"*<|>"'))],
    ['a service of hundreds', 'p.json', json(statement('"ec2:*<|>"'))],
    [
      'an effect that is not known',
      'p.tf',
      'data "aws_iam_policy_document" "d" {\n  statement {\n    effect    = var.e\n    actions   = ["kms:Create<|>*"]\n    resources = ["*"]\n  }\n}\n',
    ],
  ])('nothing is expanded for %s', (_, path, text) => {
    expect(titles(path, text).filter((title) => /Expand|Shrink/.test(title))).toEqual([]);
  });
});

describe('NotAction and Action', () => {
  const of = (key: string, effect: string, items: string, resource = '"arn:aws:sqs:eu-west-1:111122223333:q"') =>
    json(statement(items, resource, effect).replace('"Action"', key));

  test('an Allow names what its resources can take instead', () => {
    const before = of(
      '"NotAction"',
      '"Allow"',
      '["sqs:Delete<|>*", "sqs:Add*", "sqs:Remove*", "sqs:Set*", "sqs:*Tag*", "iam:*"]',
    );
    const after = refactored('p.json', before, 'Turn `NotAction` into the actions');
    expect(after).toContain('"Action": [');
    expect(after).toContain('"sqs:SendMessage"');
    expect(after).not.toContain('Delete');
    expect(titles('p.json', before)).toContainEqual(expect.stringMatching(/^narrows: Turn .*no longer allowed\)$/));
  });

  test('a Deny denies fewer then, and more the other way round', () => {
    expect(titles('p.json', of('"NotAction"', '"Deny"', '["sqs:S<|>*", "sqs:Get*"]'))).toContainEqual(
      expect.stringMatching(/^changes: Turn `NotAction` .*no longer denied\)$/),
    );
    const before = of('"Action"', '"Deny"', '["sqs:S<|>*", "sqs:Delete*"]');
    expect(titles('p.json', before)).toContainEqual(expect.stringMatching(/^narrows: Turn `Action` into `NotAction`/));
    expect(refactored('p.json', before, 'Turn `Action`')).toContain('"NotAction": [');
  });

  test.each([
    ['an Allow never becomes NotAction', of('"Action"', '"Allow"', '["sqs:S<|>*"]')],
    ['resources of any service leave all of AWS', of('"NotAction"', '"Allow"', '["sqs:S<|>*"]', '"*"')],
  ])('%s', (_, text) => expect(titles('p.json', text).filter((title) => title.includes('Turn'))).toEqual([]));
});

describe('order', () => {
  test('items are sorted, and gone where they stand twice', () => {
    const before = json(statement('["s3:PutObject", "s3:get<|>Object", "S3:PutObject", "kms:Decrypt"]'));
    expect(refactored('p.json', before, 'Sort the actions and remove 1 that is there twice')).toBe(
      json(statement('["kms:Decrypt", "s3:getObject", "s3:PutObject"]')),
    );
    const sorted = json(statement('["kms:Decrypt", "s3:get<|>Object"]'));
    expect(titles('p.json', sorted).filter((title) => title.includes('Sort'))).toEqual([]);
  });

  test('in HCL comments go along, and references are what they are called', () => {
    const before = `data "aws_iam_policy_document" "d" {
  statement {
    actions = ["s3:GetObject"]
    resources = [
      # the second
      "\${aws_s3_bucket.b.arn}/*", # with its objects
      aws_s3_bucket.a<|>.arn
    ]
  }
}
resource "aws_s3_bucket" "a" {}
resource "aws_s3_bucket" "b" {}
`;
    expect(refactored('main.tf', before, 'Sort the resources')).toContain(`    resources = [
      aws_s3_bucket.a.arn,
      # the second
      "\${aws_s3_bucket.b.arn}/*" # with its objects
    ]`);
  });

  test('in YAML comments go along', () => {
    const before = template(`Action:
              # writing
              - s3:PutObject<|>
              - s3:GetObject # reading
            Resource: '*'`);
    expect(refactored('t.yaml', before, 'Sort the actions')).toBe(
      template(`Action:
              - s3:GetObject # reading
              # writing
              - s3:PutObject
            Resource: '*'`),
    );
  });

  test('a list with something unknown in it stays', () => {
    const text =
      'data "aws_iam_policy_document" "d" {\n  statement {\n    actions   = concat(["s3:PutObject<|>", "s3:GetObject"], var.more)\n    resources = ["*"]\n  }\n}\n';
    expect(titles('main.tf', text)).toEqual([]);
  });
});

const template = (clauses: string, more = '') => `Resources:
  P:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: '2012-10-17'
        Statement:
          - Effect: Allow
            ${clauses}
${more}  B:
    Type: AWS::S3::Bucket
`;

describe('split', () => {
  const before = json(
    statement(
      '["s3:PutObject", "sqs:SendMessage", "s3:GetObject<|>"]',
      '["arn:aws:s3:::a", "arn:aws:s3:::b"]',
      '"Allow"',
      'Use',
    ),
  );

  test.each([
    ['by service', ['["s3:PutObject", "s3:GetObject"]', '["sqs:SendMessage"]'], ['Use', 'UseSqs']],
    ['by access level', ['["s3:GetObject"]', '["s3:PutObject", "sqs:SendMessage"]'], ['Use', 'UseWrite']],
  ])('%s', (how, actions, sids) => {
    const resource = '["arn:aws:s3:::a", "arn:aws:s3:::b"]';
    const expected = actions.map((action, i) => statement(action, resource, '"Allow"', sids[i]));
    expect(refactored('p.json', before, `Split the statement into 2, ${how}`)).toBe(json(...expected));
  });

  test('by resource', () => {
    const actions = '["s3:PutObject", "sqs:SendMessage", "s3:GetObject"]';
    expect(refactored('p.json', before, 'Split the statement into 2, by resource')).toBe(
      json(
        statement(actions, '["arn:aws:s3:::a"]', '"Allow"', 'Use'),
        statement(actions, '["arn:aws:s3:::b"]', '"Allow"', 'UseResource2'),
      ),
    );
  });

  test('a wildcard of several levels becomes one for each, and the title says what that takes away', () => {
    const wide = json(statement('"sqs:<|>*"'));
    expect(titles('p.json', wide)).toContain(
      'narrows: Split the statement into 4, by access level (wildcards by what they take in today: others are no longer allowed)',
    );
    expect(refactored('p.json', wide, 'Split the statement into 4')).toContain(
      '"Action": ["sqs:TagQueue", "sqs:UntagQueue"]',
    );
  });

  test('blocks of Terraform and items of YAML', () => {
    const block = (body: string) => `  statement {\n${body}\n    resources = ["*"]\n  }\n`;
    const tf = (...blocks: readonly string[]) => `data "aws_iam_policy_document" "d" {\n${blocks.join('\n')}}\n`;
    expect(
      refactored(
        'main.tf',
        tf(block('    actions   = ["s3:GetObject<|>", "kms:Decrypt"]')),
        'Split the statement into 2, by service',
      ),
    ).toBe(tf(block('    actions   = ["s3:GetObject"]'), block('    actions   = ["kms:Decrypt"]')));
    const yaml = refactored(
      't.yaml',
      template("Action: [s3:GetObject<|>, kms:Decrypt]\n            Resource: '*'"),
      'Split',
    );
    expect(yaml).toBe(
      template(
        "Action: [s3:GetObject]\n            Resource: '*'\n          - Effect: Allow\n            Action: [kms:Decrypt]\n            Resource: '*'",
      ),
    );
  });

  test('whoever the principal is, and whatever else a variable stands for, in words that all parts have', () => {
    const tf = (actions: string, principal = 'var.who', value = 'var.value') => `data "aws_iam_policy_document" "d" {
  statement {
    actions   = [${actions}]
    resources = ["*"]

    principals {
      type        = "AWS"
      identifiers = [${principal}]
    }

    condition {
      test     = "StringLike"
      variable = "aws:PrincipalTag/x"
      values   = [${value}]
    }
  }
}
`;
    expect(titles('main.tf', tf('"s3:GetObject<|>", "kms:Decrypt"'))).toContain(
      'same: Split the statement into 2, by service',
    );
    expect(titles('main.tf', tf('"s3:Put<|>*"'))).toContainEqual(expect.stringMatching(/^narrows: Expand/));
  });

  test('NotAction is one thing that cannot be told apart', () => {
    const text = json(statement('["s3:PutObject<|>", "sqs:SendMessage"]').replace('"Action"', '"NotAction"'));
    expect(titles('p.json', text).filter((title) => title.includes('Split'))).toEqual([]);
  });
});

describe('merge', () => {
  test('statements that differ in one clause are one with both', () => {
    const before = json(
      statement('"s3:GetObject<|>"', '"arn:aws:s3:::a/*"', '"Allow"', 'A'),
      statement('"sqs:SendMessage"', '"*"'),
      statement('"S3:getobject"', '["arn:aws:s3:::b/*", "arn:aws:s3:::a/*"]', '"Allow"', 'B'),
      statement('["s3:PutObject"]', '["arn:aws:s3:::a/*"]', '"Allow"', 'C'),
    );
    expect(titles('p.json', before).filter((title) => title.includes('Merge'))).toEqual([
      'same: Merge with `C`, which differs in actions only',
      'same: Merge with `B`, which differs in resources only',
    ]);
    expect(refactored('p.json', before, 'Merge with `B`')).toBe(
      json(
        statement('"s3:GetObject"', '["arn:aws:s3:::a/*", "arn:aws:s3:::b/*"]', '"Allow"', 'A'),
        statement('"sqs:SendMessage"', '"*"'),
        statement('["s3:PutObject"]', '["arn:aws:s3:::a/*"]', '"Allow"', 'C'),
      ),
    );
  });

  test('references move in their own words', () => {
    const before = `data "aws_iam_policy_document" "d" {
  statement {
    actions   = ["s3:GetObject<|>"]
    resources = ["\${aws_s3_bucket.a.arn}/*"]
  }

  statement {
    actions   = ["s3:GetObject"]
    resources = ["\${aws_s3_bucket.b.arn}/*", var.more]
  }
}
resource "aws_s3_bucket" "a" {}
resource "aws_s3_bucket" "b" {}
`;
    expect(refactored('main.tf', before, 'Merge with statement 2')).toContain(`  statement {
    actions   = ["s3:GetObject"]
    resources = ["\${aws_s3_bucket.a.arn}/*", "\${aws_s3_bucket.b.arn}/*", var.more]
  }
}`);
  });

  test('principals of one type', () => {
    const trust = (who: string) => `    {
      "Effect": "Allow",
      "Principal": { "AWS": ${who} },
      "Action": "sts:AssumeRole"
    }`;
    const before = json(
      trust('"arn:aws:iam::111122223333:role/a"'),
      trust('"arn:aws:iam::111122223333:role/b"'),
    ).replace('role/a', 'role/<|>a');
    expect(refactored('p.json', before, 'Merge with statement 2, which differs in principals only')).toBe(
      json(trust('["arn:aws:iam::111122223333:role/a", "arn:aws:iam::111122223333:role/b"]')),
    );
  });

  test.each([
    [
      'two clauses',
      [statement('"s3:GetObject<|>"', '"arn:aws:s3:::a/*"'), statement('"s3:PutObject"', '"arn:aws:s3:::b/*"')],
    ],
    ['effects', [statement('"s3:GetObject<|>"'), statement('"s3:GetObject"', '"*"', '"Deny"')]],
    [
      'a NotAction',
      ['"s3:GetObject<|>"', '"s3:PutObject"'].map((action) => statement(action).replace('"Action"', '"NotAction"')),
    ],
  ])('statements that differ in %s are not', (_, statements) => {
    expect(titles('p.json', json(...statements)).filter((title) => title.includes('Merge'))).toEqual([]);
  });
});

test('a literal that several policies read is changed in all of them, and the title says so', () => {
  const text = `locals {
  actions = ["s3:PutObject<|>", "s3:GetObject"]
}
data "aws_iam_policy_document" "a" {
  statement {
    actions   = local.actions
    resources = ["*"]
  }
}
data "aws_iam_policy_document" "b" {
  statement {
    actions   = local.actions
    resources = ["*"]
  }
}
`;
  expect(titles('main.tf', text)).toEqual([]);
  const there = text.replace('<|>', '').replace('statement {', 'statement {<|>');
  expect(titles('main.tf', there).every((title) => !title.includes('Sort') || title.endsWith('in 2 policies'))).toBe(
    true,
  );
});
