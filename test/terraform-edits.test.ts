/** Edits on the model, spelled in HCL: blocks, expressions, heredocs, strings. Each result is read again. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are HCL's interpolations
import { describe, expect, test } from 'vitest';
import { applyEdits, type Edit, type Plain } from '../server/src/finding/edit.ts';
import { terraformHost } from '../server/src/hosts/terraform/terraform.ts';
import { entryOf, type ListValue, type ObjectValue, type Value } from '../server/src/value/value.ts';
import { moduleOf, untrueSpans } from './terraform-model.ts';

const IN_BLOCK = `data "aws_iam_policy_document" "d" {
  statement {
    sid = "A"
    actions = [
      "s3:GetObjekt", # the data
      "s3:List*"
    ]
    resources = ["*", "b/&{aws:username}"]
  }
}
resource "aws_s3_bucket" "b" {}
resource "aws_s3_bucket" "many" { count = 2 }
`;
const IN_HEREDOC = `resource "aws_iam_policy" "p" {
  policy = <<-EOT
    {
      "Statement": [{ "Action": ["s3:GetObjekt", "s3:List*"], "Resource": "*" }]
    }
  EOT
}
resource "aws_s3_bucket" "b" {}
`;
const IN_CALL = `resource "aws_iam_policy" "p" {
  policy = jsonencode({
    Statement = [{ Action = ["s3:GetObjekt", "s3:List*"], Resource = "*" }]
  })
}
resource "aws_s3_bucket" "b" {}
`;
const IN_STRING = String.raw`resource "aws_iam_policy" "p" {
  policy = "{\"Statement\": [{ \"Action\": [\"s3:GetObjekt\", \"s3:List*\"], \"Resource\": \"*\" }]}"
}
resource "aws_s3_bucket" "b" {}
`;

interface Parts {
  readonly document: ObjectValue;
  readonly statement: ObjectValue;
  readonly actions: ListValue;
}

/** The document, its first statement and that statement's actions. */
function partsOf(text: string): Parts {
  const document = objectOf(moduleOf(text).sites[0]?.value);
  const list = entryOf(document, 'Statement')?.value;
  const statement = objectOf(list?.kind === 'list' ? list.items[0]?.value : list);
  const actions = entryOf(statement, 'Action')?.value;
  if (actions?.kind !== 'list') throw new Error('the example has no list of actions');
  return { document, statement, actions };
}

function objectOf(value: Value | undefined): ObjectValue {
  if (value?.kind !== 'object') throw new Error('the example has no object there');
  return value;
}

/** The lines that an edit takes away and puts in; undefined where the host does not spell it. */
function change(text: string, edit: (parts: Parts) => Edit): string | undefined {
  const printed = terraformHost.print(moduleOf(text), [edit(partsOf(text))]);
  if (!printed) return undefined;
  const after = applyEdits('main.tf', text, printed);
  if (after === undefined) throw new Error('the edits overlap');
  const again = moduleOf(after);
  expect(again.problems).toEqual([]);
  expect(untrueSpans(again).lies).toEqual([]);
  expect(again.sites).toHaveLength(1);
  const before = text.split('\n');
  const lines = after.split('\n');
  const head = lines.findIndex((line, index) => line !== before[index]);
  const tail = lines.length - before.length;
  let end = lines.length;
  while (end > head && lines[end - 1] === before[end - 1 - tail]) end--;
  return lines.slice(head, end).join('\n').trim();
}

const rewritten =
  (to: string) =>
  (parts: Parts): Edit => {
    const [item] = parts.actions.items;
    if (item?.value.kind !== 'text') throw new Error('no text');
    return { kind: 'rewrite', value: item.value, from: 3, to: item.value.text.flat.length, text: to };
  };
const removed =
  (index: number) =>
  (parts: Parts): Edit => {
    const item = parts.actions.items[index];
    if (!item) throw new Error('no item');
    return { kind: 'remove-item', from: parts.actions, item };
  };
const inserted =
  (plain: Plain) =>
  (parts: Parts): Edit => {
    const after = parts.actions.items.at(-1);
    return { kind: 'insert-item', into: parts.actions, plain, ...(after ? { after } : {}) };
  };
const versioned = (parts: Parts): Edit => ({
  kind: 'insert-entry',
  into: parts.document,
  key: 'Version',
  plain: '2012-10-17',
});
const replaced =
  (key: string, plain: Plain) =>
  (parts: Parts): Edit => {
    const entry = entryOf(parts.statement, key);
    if (!entry) throw new Error(`no ${key}`);
    return { kind: 'replace', value: entry.value, plain };
  };
const arn: Plain = { thing: 'aws_s3_bucket.b', suffix: '' };
const objects: Plain = { thing: 'aws_s3_bucket.b', suffix: '/*' };

describe.each([
  ['a block', IN_BLOCK],
  ['a heredoc', IN_HEREDOC],
  ['a call', IN_CALL],
  ['a string', IN_STRING],
])('in %s', (_, text) => {
  test('letters are rewritten where they stand, in the spelling of the place', () => {
    expect(change(text, rewritten('GetObject'))).toContain('s3:GetObject');
    expect(change(text, rewritten('${aws:a}'))).toContain('s3:$${aws:a}');
  });
});

describe('each spelling', () => {
  test.each([
    ['block: an item of lines', IN_BLOCK, inserted('s3:Put"*'), '"s3:List*",\n      "s3:Put\\"*"'],
    [
      'heredoc: an item',
      IN_HEREDOC,
      inserted('s3:Put"*'),
      '"Statement": [{ "Action": ["s3:GetObjekt", "s3:List*", "s3:Put\\"*"], "Resource": "*" }]',
    ],
    [
      'string: an item',
      IN_STRING,
      inserted('s3:Put*'),
      String.raw`policy = "{\"Statement\": [{ \"Action\": [\"s3:GetObjekt\", \"s3:List*\", \"s3:Put*\"], \"Resource\": \"*\" }]}"`,
    ],
    ['block: the first of lines goes with its comment', IN_BLOCK, removed(0), ''],
    ['block: the last of lines', IN_BLOCK, removed(1), ''],
    ['call: the first', IN_CALL, removed(0), 'Statement = [{ Action = ["s3:List*"], Resource = "*" }]'],
    ['call: the last', IN_CALL, removed(1), 'Statement = [{ Action = ["s3:GetObjekt"], Resource = "*" }]'],
    [
      'string: the first',
      IN_STRING,
      removed(0),
      String.raw`policy = "{\"Statement\": [{ \"Action\": [\"s3:List*\"], \"Resource\": \"*\" }]}"`,
    ],
    ['heredoc: a Version', IN_HEREDOC, versioned, '"Version": "2012-10-17",'],
    ['call: a Version', IN_CALL, versioned, 'Version = "2012-10-17"'],
    [
      'string: a Version',
      IN_STRING,
      versioned,
      String.raw`policy = "{\"Version\": \"2012-10-17\", \"Statement\": [{ \"Action\": [\"s3:GetObjekt\", \"s3:List*\"], \"Resource\": \"*\" }]}"`,
    ],
    [
      'block: references',
      IN_BLOCK,
      replaced('Resource', [arn, objects]),
      'resources = [aws_s3_bucket.b.arn, "${aws_s3_bucket.b.arn}/*"]',
    ],
    [
      'call: references',
      IN_CALL,
      replaced('Resource', [arn, objects]),
      'Statement = [{ Action = ["s3:GetObjekt", "s3:List*"], Resource = [aws_s3_bucket.b.arn, "${aws_s3_bucket.b.arn}/*"] }]',
    ],
    [
      'heredoc: references',
      IN_HEREDOC,
      replaced('Resource', [arn, objects]),
      '"Statement": [{ "Action": ["s3:GetObjekt", "s3:List*"], "Resource": ["${aws_s3_bucket.b.arn}", "${aws_s3_bucket.b.arn}/*"] }]',
    ],
    [
      'string: a reference',
      IN_STRING,
      replaced('Resource', objects),
      String.raw`policy = "{\"Statement\": [{ \"Action\": [\"s3:GetObjekt\", \"s3:List*\"], \"Resource\": \"${'${aws_s3_bucket.b.arn}'}/*\" }]}"`,
    ],
    [
      'block: a reference to one of several',
      IN_BLOCK,
      replaced('Resource', { thing: 'aws_s3_bucket.many', suffix: '' }),
      undefined,
    ],
    ['block: an implied effect', IN_BLOCK, replaced('Effect', 'Deny'), undefined],
  ])('%s', (_, text, edit, expected) => {
    expect(change(text, edit)).toBe(expected);
  });

  test('a block takes arguments, by its own names, and no objects', () => {
    const entry =
      (key: string, plain: Plain) =>
      (parts: Parts): Edit => ({ kind: 'insert-entry', into: parts.statement, key, plain });
    expect(change(IN_BLOCK, entry('NotResource', ['a']))).toBe('not_resources = ["a"]');
    expect(change(IN_BLOCK, entry('Condition', { entries: [] }))).toBeUndefined();
    const named = (parts: Parts): Edit => {
      const found = entryOf(parts.statement, 'Action');
      if (!found) throw new Error('no Action');
      return { kind: 'rename', entry: found, key: 'NotAction' };
    };
    expect(change(IN_BLOCK, named)).toBe('not_actions = [');
  });

  test('an argument goes with its lines', () => {
    const gone = (parts: Parts): Edit => {
      const entry = entryOf(parts.statement, 'Sid');
      if (!entry) throw new Error('no Sid');
      return { kind: 'remove-entry', from: parts.statement, entry };
    };
    const printed = terraformHost.print(moduleOf(IN_BLOCK), [gone(partsOf(IN_BLOCK))]) ?? [];
    expect(applyEdits('main.tf', IN_BLOCK, printed)).toBe(IN_BLOCK.replace('    sid = "A"\n', ''));
  });
});

describe('what stands elsewhere', () => {
  const SHARED = `locals { more = ["s3:List*"] }
resource "aws_iam_policy" "p" {
  policy = jsonencode({ Statement = [{ Action = concat(["s3:GetObjekt"], local.more, var.x), Resource = "*" }] })
}`;

  test('is rewritten at its own place', () => {
    const edit = (parts: Parts): Edit => {
      const item = parts.actions.items[1];
      if (item?.value.kind !== 'text') throw new Error('no text');
      return { kind: 'rewrite', value: item.value, from: 3, to: 8, text: 'Get*' };
    };
    expect(change(SHARED, edit)).toBe('locals { more = ["s3:Get*"] }');
  });

  test('is never taken out of, or put into, a list that only names it', () => {
    expect(change(SHARED, removed(1))).toBeUndefined();
    expect(change(SHARED, removed(0))).toContain('concat([], local.more, var.x)');
  });
});

describe('an object that stands for a list of one', () => {
  const copied = ({ statement, actions }: Parts): Edit => {
    const edits: readonly Edit[] = [
      { kind: 'replace-items', into: actions, items: actions.items.slice(0, 1), plain: ['x:X'] },
    ];
    return { kind: 'copy-object', value: statement, edits };
  };
  const bare = (text: string) => text.replace('[{', '{').replace('}]', '}');

  test.each([
    ['jsonencode', IN_CALL, 'Action = ["x:X", "s3:List*"], Resource = "*" }]'],
    ['a heredoc', IN_HEREDOC, '"Action": ["x:X", "s3:List*"], "Resource": "*" }]'],
    ['a string', IN_STRING, String.raw`\"Action\": [\"x:X\", \"s3:List*\"], \"Resource\": \"*\" }]`],
  ])('becomes a list of itself and a copy in %s', (_, text, copy) => {
    const line = change(bare(text), copied) ?? '';
    expect(line).toContain(copy);
    expect(line.match(/s3:GetObjekt/g)).toHaveLength(1);
    expect(line.match(/s3:List/g)).toHaveLength(2);
  });

  test('is no block', () => {
    expect(change(IN_BLOCK, copied)).toBeUndefined();
  });
});
