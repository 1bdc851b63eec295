/** Several items at once, and copies of items, in every layout that lists have. Each result is read again. */
import { describe, expect, test } from 'vitest';
import { applyEdits, type Edit } from '../server/src/finding/edit.ts';
import { hostOf } from '../server/src/hosts/index.ts';
import { entryOf, type ListValue, type ObjectValue, type Value } from '../server/src/value/value.ts';

interface Parts {
  readonly statements: ListValue;
  readonly statement: ObjectValue;
  readonly actions: Value;
}

function objectOf(value: Value | undefined): ObjectValue {
  if (value?.kind !== 'object') throw new Error('the example has no object there');
  return value;
}

function partsOf(value: Value | undefined): Parts {
  const statements = entryOf(objectOf(value), 'Statement')?.value;
  if (statements?.kind !== 'list') throw new Error('the example has no list of statements');
  const statement = objectOf(statements.items[0]?.value);
  const actions = entryOf(statement, 'Action')?.value;
  if (!actions) throw new Error('the example has no actions');
  return { statements, statement, actions };
}

/** The source after an edit; undefined where the host does not spell it. */
function after(path: string, text: string, edit: (parts: Parts) => Edit): string | undefined {
  const host = hostOf(path);
  const module = host?.read([{ path, text }], {});
  const site = module?.sites[0];
  if (!host || !module || !site) throw new Error('no policy is read');
  const printed = host.print(module, [edit(partsOf(site.value))]);
  const result = printed && applyEdits(path, text, printed);
  if (printed && result === undefined) throw new Error('the edits overlap');
  if (result === undefined) return undefined;
  const again = host.read([{ path, text: result }], {});
  expect(again.problems).toEqual([]);
  expect(again.sites).toHaveLength(1);
  return result;
}

const listOf = ({ actions }: Parts): ListValue => {
  if (actions.kind !== 'list') throw new Error('no list');
  return actions;
};

/** Puts `plain` in the place of the actions at these indices. */
const swapped =
  (indices: readonly number[], plain: readonly string[]) =>
  (parts: Parts): Edit => {
    const into = listOf(parts);
    return { kind: 'replace-items', into, items: into.items.filter((_, index) => indices.includes(index)), plain };
  };

const json = (actions: string) => `{
  "Statement": [
    {
      "Effect": "Allow",
      "Action": ${actions},
      "Resource": "*"
    }
  ]
}
`;
const block = (actions: string) => `data "aws_iam_policy_document" "d" {
  statement {
    actions   = ${actions}
    resources = ["*"]
  }
}
`;
const lines = (indent: string, items: readonly string[]) =>
  `[\n${items.map((item) => `${indent}  ${item}\n`).join('')}${indent}]`;

describe('several items', () => {
  test.each([
    ['one by one', '["a:A", "b:B"]', [0], ['x:X'], '["x:X", "b:B"]'],
    ['one by several', '["a:A", "b:B"]', [0], ['x:X', 'y:Y'], '["x:X", "y:Y", "b:B"]'],
    ['neighbours by one', '["a:A", "b:B", "c:C"]', [0, 1], ['x:X'], '["x:X", "c:C"]'],
    ['two apart by one', '["a:A", "b:B", "c:C"]', [0, 2], ['x:X'], '["x:X", "b:B"]'],
    ['the last two by none', '["a:A", "b:B", "c:C"]', [1, 2], [], '["a:A"]'],
    ['the first two by none', '["a:A", "b:B", "c:C"]', [0, 1], [], '["c:C"]'],
    ['two apart by none', '["a:A", "b:B", "c:C", "d:D"]', [1, 3], [], '["a:A", "c:C"]'],
  ])('on one line: %s', (_, list, indices, plain, expected) => {
    expect(after('p.json', json(list), swapped(indices, plain))).toBe(json(expected));
    expect(after('main.tf', block(list), swapped(indices, plain))).toBe(block(expected));
  });

  test.each([
    ['one by several', ['"a:A",', '"b:B"'], [0], ['x:X', 'y:Y'], ['"x:X",', '"y:Y",', '"b:B"']],
    ['neighbours by one', ['"a:A",', '"b:B",', '"c:C"'], [1, 2], ['x:X'], ['"a:A",', '"x:X"']],
    ['the last two by none', ['"a:A",', '"b:B",', '"c:C"'], [1, 2], [], ['"a:A"']],
    ['two apart by none', ['"a:A",', '"b:B",', '"c:C"'], [0, 2], [], ['"b:B"']],
  ])('an item a line: %s', (_, list, indices, plain, expected) => {
    const made = after('p.json', json(lines('      ', list)), swapped(indices, plain));
    expect(made).toBe(json(lines('      ', expected)));
  });

  test('in HCL comments go with their items, and stay with the others', () => {
    const list = lines('    ', ['"a:A", # first', '# about b', '"b:B", # second', '"c:C", # third']);
    const removed = after('main.tf', block(list), swapped([1, 2], []));
    expect(removed).toBe(block(lines('    ', ['"a:A", # first', '# about b'])));
    const replaced = after('main.tf', block(list), swapped([1], ['x:X', 'y:Y']));
    expect(replaced).toBe(
      block(lines('    ', ['"a:A", # first', '# about b', '"x:X",', '"y:Y", # second', '"c:C", # third'])),
    );
  });

  test('a line that grows too long is broken up, where the list has it for itself', () => {
    const many = Array.from({ length: 12 }, (_, i) => `service:Action${i}`);
    const quoted = many.map((name) => `"${name}"`);
    const broken = lines(
      '      ',
      quoted.map((name, i) => (i < 11 ? `${name},` : name)),
    );
    expect(after('p.json', json('["a:*"]'), swapped([0], many))).toBe(json(broken));
    const trailing = lines(
      '    ',
      quoted.map((name) => `${name},`),
    );
    expect(after('main.tf', block('["a:*"]'), swapped([0], many))).toBe(block(trailing));
    const inline = '{ "Statement": [{ "Effect": "Allow", "Action": ["a:*"], "Resource": "*" }] }';
    expect(after('p.json', inline, swapped([0], many))).toBe(inline.replace('"a:*"', quoted.join(', ')));
    const inString = JSON.stringify({ resource: { policy: inline } });
    expect(after('p.json', inString, swapped([0], many))).toBe(
      JSON.stringify({ resource: { policy: inline.replace('"a:*"', quoted.join(', ')) } }),
    );
  });

  test('a single string becomes a list', () => {
    const edit = (parts: Parts): Edit => ({ kind: 'replace', value: parts.actions, plain: ['x:X', 'y:Y'] });
    expect(after('p.json', json('"a:*"'), edit)).toBe(json('["x:X", "y:Y"]'));
  });

  test('nothing is spelled where no item would be left, or one stands elsewhere', () => {
    expect(after('p.json', json('["a:A"]'), swapped([0], []))).toBeUndefined();
    const shared = `locals { more = ["b:B"] }\n${block('concat(["a:A"], local.more)')}`;
    expect(after('main.tf', shared, swapped([1], ['x:X', 'y:Y']))).toBeUndefined();
    expect(after('main.tf', shared, swapped([0, 1], ['x:X']))).toBeUndefined();
  });
});

describe('a copy of a statement', () => {
  const copied = (parts: Parts): Edit => {
    const [item] = parts.statements.items;
    if (!item) throw new Error('no statement');
    const into = listOf(parts);
    const edits: readonly Edit[] = [{ kind: 'replace-items', into, items: into.items.slice(0, 1), plain: [] }];
    return { kind: 'copy-item', into: parts.statements, item, edits };
  };

  test('stands behind it, with its own changes', () => {
    expect(after('p.json', json('["a:A", "b:B"]'), copied)).toBe(`{
  "Statement": [
    {
      "Effect": "Allow",
      "Action": ["a:A", "b:B"],
      "Resource": "*"
    },
    {
      "Effect": "Allow",
      "Action": ["b:B"],
      "Resource": "*"
    }
  ]
}
`);
    const inline = '{ "Statement": [{ "Effect": "Allow", "Action": ["a:A", "b:B"], "Resource": "*" }] }';
    expect(after('p.json', inline, copied)).toBe(
      '{ "Statement": [{ "Effect": "Allow", "Action": ["a:A", "b:B"], "Resource": "*" }, { "Effect": "Allow", "Action": ["b:B"], "Resource": "*" }] }',
    );
  });

  test('blocks stand apart', () => {
    expect(after('main.tf', block('["a:A", "b:B"]'), copied)).toBe(`data "aws_iam_policy_document" "d" {
  statement {
    actions   = ["a:A", "b:B"]
    resources = ["*"]
  }

  statement {
    actions   = ["b:B"]
    resources = ["*"]
  }
}
`);
  });
});
