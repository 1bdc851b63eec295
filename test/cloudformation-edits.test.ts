/** Edits on the model, spelled in YAML as it stands in templates: blocks, flow, quotes, block scalars. Each result is read again. */
import { describe, expect, test } from 'vitest';
import { applyEdits, type Edit, type Plain } from '../server/src/finding/edit.ts';
import { hostOf } from '../server/src/hosts/index.ts';
import { displayValue, entryOf, type ListValue, type ObjectValue, type Value } from '../server/src/value/value.ts';

const RESOURCES = `Resources:
  B: { Type: AWS::S3::Bucket }
  Maybe: { Type: AWS::S3::Bucket, Condition: Prod }
  P:
    Type: AWS::IAM::ManagedPolicy
    Properties:
`;
const BLOCK = `${RESOURCES}      PolicyDocument:
        Version: 2012-10-17
        Statement:
          - Sid: A
            Effect: Allow
            # what it reads
            Action:
              - s3:GetObjekt # the data
              - 's3:List*'
            Resource: "*"
Outputs: {}
`;
const FLUSH = `${RESOURCES}      PolicyDocument:
        Statement:
        - Action:
          - s3:GetObjekt
          - s3:List*
          Resource: "*"
          Effect: Allow`;
const FLOW = `${RESOURCES}      PolicyDocument: { Statement: [{ Effect: Allow, Action: [s3:GetObjekt, 's3:List*'], Resource: "*" }] }\n`;
const IN_SUB = `${RESOURCES}      PolicyDocument: !Sub |
        {
          "Statement": [
            {
              "Effect": "Allow",
              "Action": ["s3:GetObjekt", "s3:List*"],
              "Resource": "*"
            }
          ]
        }
`;

interface Parts {
  readonly document: ObjectValue;
  readonly statements: ListValue;
  readonly statement: ObjectValue;
  readonly actions: ListValue;
  readonly resource: Value;
}

function object(value: Value | undefined): ObjectValue {
  if (value?.kind !== 'object') throw new Error('the example has no object there');
  return value;
}

function list(value: Value | undefined): ListValue {
  if (value?.kind !== 'list') throw new Error('the example has no list there');
  return value;
}

function partsOf(value: Value | undefined): Parts {
  const document = object(value);
  const statements = list(entryOf(document, 'Statement')?.value);
  const statement = object(statements.items[0]?.value);
  const resource = entryOf(statement, 'Resource')?.value;
  if (!resource) throw new Error('the example has no resource');
  return { document, statements, statement, actions: list(entryOf(statement, 'Action')?.value), resource };
}

/** The lines that an edit changes: `-` before, `+` after; undefined where the host does not spell it. */
function changed(
  text: string,
  edit: (parts: Parts) => Edit,
): { readonly lines: string; readonly policy: string } | undefined {
  const path = 'template.yaml';
  const host = hostOf(path);
  const module = host?.read([{ path, text }], {});
  const printed = host && module && host.print(module, [edit(partsOf(module.sites[0]?.value))]);
  const result = printed && applyEdits(path, text, printed);
  if (!host || result === undefined) return undefined;
  const again = host.read([{ path, text: result }], {});
  expect(again.problems).toEqual([]);
  expect(again.sites).toHaveLength(1);
  const [before, after] = [text.split('\n'), result.split('\n')];
  const gone = before.filter((line) => !after.includes(line)).map((line) => `- ${line.trim()}`);
  const come = after.filter((line) => !before.includes(line)).map((line) => `+ ${line.trimEnd()}`);
  return { lines: [...gone, ...come].join('\n'), policy: displayValue(again.sites[0]?.value ?? object(undefined)) };
}

const items = ({ actions }: Parts, ...indices: readonly number[]) =>
  actions.items.filter((_, i) => indices.includes(i));

function firstItem({ actions }: Parts) {
  const [first] = actions.items;
  if (first?.value.kind !== 'text') throw new Error('the example has no first action');
  return { item: first, text: first.value };
}

const rewriteFirst =
  (text: string) =>
  (parts: Parts): Edit => ({
    kind: 'rewrite',
    value: firstItem(parts).text,
    from: 3,
    to: 12,
    text,
  });
const put =
  (plain: readonly Plain[], ...indices: readonly number[]) =>
  (parts: Parts): Edit => ({
    kind: 'replace-items',
    into: parts.actions,
    items: items(parts, ...indices),
    plain,
  });
const resource =
  (plain: Plain) =>
  (parts: Parts): Edit => ({ kind: 'replace', value: parts.resource, plain });

describe('letters', () => {
  test('become others where they stand, in quotes where they need them', () => {
    expect(changed(BLOCK, rewriteFirst('GetObject'))?.lines).toBe(
      '- - s3:GetObjekt # the data\n+               - s3:GetObject # the data',
    );
    expect(changed(BLOCK, rewriteFirst('Get: x'))?.lines).toBe(
      '- - s3:GetObjekt # the data\n+               - "s3:Get: x" # the data',
    );
    expect(changed(FLOW, rewriteFirst('Get, x'))?.lines).toContain('Action: ["s3:Get, x",');
    expect(changed(IN_SUB, rewriteFirst('Get"${aws:a}'))?.lines).toContain('"Action": ["s3:Get\\"${!aws:a}", ');
  });

  test('of keys too', () => {
    const rename = ({ statement }: Parts): Edit => {
      const entry = entryOf(statement, 'Action');
      if (!entry) throw new Error('the example has no action');
      return { kind: 'rename', entry, key: 'NotAction' };
    };
    expect(changed(BLOCK, rename)?.lines).toBe('- Action:\n+             NotAction:');
    expect(changed(FLOW, rename)?.lines).toContain('NotAction: [');
    expect(changed(IN_SUB, rename)?.lines).toContain('"NotAction": [');
  });
});

describe('values', () => {
  test('take the place of others: strings, lists, objects', () => {
    expect(changed(BLOCK, resource('a'))?.lines).toBe('- Resource: "*"\n+             Resource: "a"');
    expect(changed(BLOCK, resource(['a', '*']))?.lines).toBe(
      '- Resource: "*"\n+             Resource:\n+               - "a"\n+               - "*"',
    );
    expect(changed(FLUSH, resource(['a', '*']))?.lines).toBe(
      '- Resource: "*"\n+           Resource:\n+           - "a"\n+           - "*"',
    );
    expect(changed(FLOW, resource(['a', '*']))?.lines).toContain('Resource: ["a", "*"] }');
    const whole = ({ actions }: Parts): Edit => ({ kind: 'replace', value: actions, plain: '*' });
    expect(changed(BLOCK, whole)?.policy).toContain('"Action": "*"');
    expect(changed(FLUSH, whole)?.policy).toContain('"Action": "*"');
  });

  test('may refer to resources that there are for certain', () => {
    const spelled = (text: string, thing: string, suffix: string) =>
      changed(text, resource({ thing, suffix }))?.lines.split('\n').at(-1)?.trim();
    expect(spelled(BLOCK, 'B', '')).toBe('+             Resource: !GetAtt B.Arn');
    expect(spelled(BLOCK, 'B', '/*')).toBe('+             Resource: !Sub "${B.Arn}/*"');
    expect(spelled(FLUSH, 'B', '/${aws:username}')).toBe('+           Resource: !Sub "${B.Arn}/${!aws:username}"');
    expect(spelled(FLOW, 'B', '')).toContain('Resource: !GetAtt B.Arn }');
    expect(spelled(IN_SUB, 'B', '/*')).toBe('+               "Resource": "${B.Arn}/*"');
    expect(spelled(BLOCK, 'Maybe', '')).toBeUndefined();
    expect(spelled(BLOCK, 'P', '')).toBeDefined();
    expect(spelled(BLOCK, 'Unheard', '')).toBeUndefined();
    expect(spelled(IN_SUB.replace('!Sub ', ''), 'B', '')).toBeUndefined();
  });
});

describe('the Region and the account that a template is deployed to', () => {
  const last = (text: string, plain: Plain) => changed(text, resource(plain))?.lines.split('\n').at(-1)?.trim();
  const arn = 'arn:aws:sqs:REPLACE_ME_REGION:REPLACE_ME_ACCOUNT:REPLACE_ME_QUEUE_NAME';
  const filled = 'arn:aws:sqs:${AWS::Region}:${AWS::AccountId}:REPLACE_ME_QUEUE_NAME';

  test('stand for the placeholders of both', () => {
    expect(last(BLOCK, arn)).toBe(`+             Resource: !Sub "${filled}"`);
    expect(last(BLOCK, ['a', arn])).toBe(`+               - !Sub "${filled}"`);
    expect(last(FLOW, arn)).toContain(`Resource: !Sub "${filled}" }`);
    expect(last(IN_SUB, `${arn}/\${aws:username}`)).toBe(`+               "Resource": "${filled}/\${!aws:username}"`);
  });

  test('do not where a pattern of an ARN is narrowed, which could not be proved', () => {
    const pattern = BLOCK.replace('Resource: "*"', 'Resource: arn:aws:sqs:*:*:*');
    expect(last(pattern, arn)).toBe(`+             Resource: ${arn}`);
  });

  test('do so only where the stack’s own are meant, and where a function can stand', () => {
    const account = 'arn:aws:iam::REPLACE_ME_ACCOUNT:root';
    expect(last(BLOCK, account)).toBe(`+             Resource: "${account}"`);
    expect(last(BLOCK, 'arn:aws:s3:::REPLACE_ME_ACCOUNT_NAME')).toContain('REPLACE_ME_ACCOUNT_NAME');
    expect(last(IN_SUB.replace('!Sub ', ''), arn)).toBe(`+               "Resource": "${arn}"`);
    const condition: Plain = {
      entries: [['StringEquals', { entries: [['aws:SourceAccount', 'REPLACE_ME_ACCOUNT']] }]],
    };
    const insert = ({ statement }: Parts): Edit => {
      const entry = statement.entries.at(-1);
      if (!entry) throw new Error('the example has no entry');
      return { kind: 'insert-entry', into: statement, key: 'Condition', plain: condition, after: entry };
    };
    expect(changed(BLOCK, insert)?.lines).toContain('aws:SourceAccount: !Ref AWS::AccountId');
    expect(changed(IN_SUB, insert)?.lines).toContain('"aws:SourceAccount": "${AWS::AccountId}"');
  });
});

describe('items', () => {
  test('come and go in lines of their own, comments with theirs', () => {
    const insert =
      (plain: Plain, after: boolean) =>
      (parts: Parts): Edit => ({
        kind: 'insert-item',
        into: parts.actions,
        plain,
        ...(after ? { after: firstItem(parts).item } : {}),
      });
    expect(changed(BLOCK, insert('s3:PutObject', true))?.policy).toContain(
      '["s3:GetObjekt", "s3:PutObject", "s3:List*"]',
    );
    expect(changed(BLOCK, insert('s3:PutObject', false))?.lines).toBe('+               - s3:PutObject');
    expect(changed(FLUSH, insert('s3:PutObject', true))?.lines).toBe('+           - s3:PutObject');
    const remove =
      (index: number) =>
      (parts: Parts): Edit => {
        const [item] = items(parts, index);
        if (!item) throw new Error('the example has no such action');
        return { kind: 'remove-item', from: parts.actions, item };
      };
    expect(changed(BLOCK, remove(0))?.lines).toBe('- - s3:GetObjekt # the data');
    expect(changed(BLOCK, remove(1))?.lines).toBe("- - 's3:List*'");
    expect(changed(FLUSH, remove(1))?.lines).toBe('- - s3:List*');
    expect(changed(FLOW, remove(1))?.lines).toContain('Action: [s3:GetObjekt],');
    expect(changed(BLOCK.replaceAll('\n', '\r\n'), remove(1))?.policy).toContain('["s3:GetObjekt"]');
  });

  test('are replaced, one by many and many by one', () => {
    expect(changed(BLOCK, put(['a:B', '*'], 0))?.policy).toContain('["a:B", "*", "s3:List*"]');
    expect(changed(BLOCK, put(['a:B'], 0, 1))?.policy).toContain('["a:B"]');
    expect(changed(FLUSH, put(['a:B', 'a:C'], 0, 1))?.policy).toContain('["a:B", "a:C"]');
    expect(changed(FLUSH, put([], 1))?.policy).toContain('["s3:GetObjekt"]');
    expect(changed(FLUSH, put([], 0, 1))).toBeUndefined();
    expect(changed(FLOW, put(['a:B', 'a:C'], 0))?.policy).toContain('["a:B", "a:C", "s3:List*"]');
    expect(changed(IN_SUB, put(['a:B', 'a:C'], 0))?.policy).toContain('["a:B", "a:C", "s3:List*"]');
  });

  test('are copied with changes of their own', () => {
    const copy = (parts: Parts): Edit => {
      const [item] = parts.statements.items;
      if (!item) throw new Error('the example has no statement');
      return {
        kind: 'copy-item',
        into: parts.statements,
        item,
        edits: [rewriteFirst('Other')(parts), put([], 1)(parts)],
      };
    };
    for (const text of [BLOCK, FLUSH, FLOW, IN_SUB]) {
      const policy = changed(text, copy)?.policy;
      expect(policy).toContain('["s3:GetObjekt", "s3:List*"]');
      expect(policy).toContain('["s3:Other"]');
    }
  });
});

describe('entries', () => {
  const insert =
    (key: string, plain: Plain, after: string | undefined) =>
    ({ statement }: Parts): Edit => {
      const entry = after === undefined ? undefined : entryOf(statement, after);
      return { kind: 'insert-entry', into: statement, key, plain, ...(entry ? { after: entry } : {}) };
    };
  const condition: Plain = { entries: [['StringEquals', { entries: [['aws:PrincipalOrgID', ['o-1', '*']]] }]] };

  test('come behind another, or first, in as many lines as they take', () => {
    expect(changed(BLOCK, insert('Condition', condition, 'Resource'))?.lines).toBe(
      [
        '+             Condition:',
        '+               StringEquals:',
        '+                 aws:PrincipalOrgID:',
        '+                   - o-1',
        '+                   - "*"',
      ].join('\n'),
    );
    expect(changed(BLOCK, insert('Condition', condition, 'Action'))?.policy).toContain('"*"]}}, "Resource"');
    expect(changed(FLUSH, insert('Condition', condition, 'Effect'))?.policy).toContain(
      '{"aws:PrincipalOrgID": ["o-1", "*"]}',
    );
    expect(changed(BLOCK, insert('Principal', '*', undefined))?.policy).toContain('[{"Principal": "*", "Sid": "A"');
    expect(changed(FLOW, insert('Principal', '*', undefined))?.policy).toContain('[{"Principal": "*", "Effect"');
  });

  test('go, the first one without taking the dash along', () => {
    const remove =
      (key: string) =>
      ({ statement }: Parts): Edit => {
        const entry = entryOf(statement, key);
        if (!entry) throw new Error(`the example has no ${key}`);
        return { kind: 'remove-entry', from: statement, entry };
      };
    expect(changed(BLOCK, remove('Sid'))?.lines).toBe('- - Sid: A\n- Effect: Allow\n+           - Effect: Allow');
    expect(changed(BLOCK, remove('Action'))?.lines).toBe("- Action:\n- - s3:GetObjekt # the data\n- - 's3:List*'");
    expect(changed(FLUSH, remove('Effect'))?.lines).toBe('- Effect: Allow');
    expect(changed(FLOW, remove('Effect'))?.lines).toContain('[{ Action:');
  });

  test('of an object that stands for a list of one: both it and its copy get a dash', () => {
    const text = BLOCK.replace('          - Sid: A', '          Sid: A').replaceAll(/^ {12}/gm, '          ');
    const path = 'template.yaml';
    const host = hostOf(path);
    const module = host?.read([{ path, text }], {});
    const document = object(module?.sites[0]?.value);
    const value = object(entryOf(document, 'Statement')?.value);
    const sid = entryOf(value, 'Sid')?.value;
    if (!module || sid?.kind !== 'text') throw new Error('the example has no Sid');
    const rename: Edit = { kind: 'rewrite', value: sid, from: 0, to: 1, text: 'Other' };
    const printed = host?.print(module, [{ kind: 'copy-object', value, edits: [rename] }]);
    const result = printed && applyEdits(path, text, printed);
    const again = host?.read([{ path, text: result ?? '' }], {}).sites[0]?.value;
    const statements = list(entryOf(object(again), 'Statement')?.value).items.map((item) => displayValue(item.value));
    expect(statements).toHaveLength(2);
    expect(statements[1]).toBe(statements[0]?.replace('"A"', '"Other"'));
  });
});
