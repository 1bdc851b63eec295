/** The typed view: what is a policy, of which kind, what its clauses hold; and worked examples that the model must carry. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { DEFAULT_CONFIG } from '../server/src/config/config.ts';
import type { Module, Site } from '../server/src/policy/module.ts';
import { type Policy, polarity, type Statement } from '../server/src/policy/policy.ts';
import { readPolicy } from '../server/src/policy/read.ts';
import { judge } from '../server/src/rules/judge.ts';
import { holeText, joinText, type Span, sourceText, spanOf, type Text } from '../server/src/text/text.ts';
import { readJson } from '../server/src/value/json.ts';
import { type Entry, type ObjectValue, PLAIN_JSON, type TextValue, type Value } from '../server/src/value/value.ts';
import { analyzeText, catalog, contextOf, ROOT } from './context.ts';

function siteOf(value: Value, more: Partial<Site> = {}): Site {
  return { value, kind: undefined, address: '', span: value.span, versionImplied: false, ...more };
}

function policyOf(content: string): Policy {
  const { value } = readJson(
    sourceText('p.json', content),
    { source: 'p.json', start: 0, end: content.length },
    PLAIN_JSON,
  );
  const policy = value && readPolicy(siteOf(value));
  if (!policy) throw new Error(`no policy in ${content}`);
  return policy;
}

function statementOf(content: string): Statement {
  const [statement] = policyOf(`{"Version":"2012-10-17","Statement":${content}}`).statements;
  if (!statement) throw new Error(`no statement in ${content}`);
  return statement;
}

describe('what is a policy', () => {
  const statement = '{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}';

  test.each([
    ['a document', `{"Statement":[${statement}]}`, 1],
    ['a document with one statement', `{"Statement":${statement}}`, 1],
    ['a near miss of Allow', '{"Statement":{"Effect":"Alow","Action":"s3:GetObject"}}', 1],
    ['a legal Version and an action', '{"Version":"2012-10-17","Statement":{"Action":"s3:GetObject"}}', 1],
    ['a legal Version and an effect', '{"Version":"2008-10-17","Statement":{"Effect":"Deny"}}', 1],
    ['every action', '{"Statement":{"Effect":"Deny","NotAction":"*"}}', 1],
    [
      'a document in a template',
      `{"Resources":{"P":{"Properties":{"PolicyDocument":{"Statement":[${statement}]}}}}}`,
      1,
    ],
    ['two documents', `{"a":{"Statement":[${statement}]},"b":[{"Statement":${statement}}]}`, 2],
    ['a document in a string', JSON.stringify({ Policy: `{"Statement":[${statement}]}` }), 1],
    [
      'the output of get-policy-version',
      `{"PolicyVersion":{"Document":{"Statement":[${statement}]},"VersionId":"v1"}}`,
      1,
    ],
    ['no statement', '{"Version":"2012-10-17","Statement":[]}', 0],
    ['statements of something else', '{"Statement":[{"Effect":"Allow","Action":"run"}]}', 0],
    ['an action without an effect, and no Version', '{"Statement":[{"Action":"s3:GetObject"}]}', 0],
    ['package.json', '{"name":"a","version":"1.0.0","scripts":{"Statement":"s3:GetObject"}}', 0],
    [
      'a state machine',
      '{"StartAt":"A","Version":"1.0","States":{"A":{"Type":"Task","Resource":"arn:aws:states:::s3:getObject"}},"Statement":[{"Effect":"Allow","Action":"s3:GetObject"}]}',
      0,
    ],
    ['tsconfig.json', '{"compilerOptions":{"strict":true},"include":["Statement"]}', 0],
    [
      'a policy of AWS IoT Core',
      '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["iot:Connect","iot:Publish"],"Resource":"*"}]}',
      0,
    ],
    [
      'a policy of Alibaba Cloud',
      '{"Version":"1","Statement":[{"Effect":"Allow","Action":"oss:GetObject","Resource":"*"}]}',
      0,
    ],
    [
      'a policy of Alibaba Cloud by its resources',
      '{"Statement":[{"Effect":"Allow","Action":"oss:GetObject","Resource":"acs:oss:*:*:b"}]}',
      0,
    ],
    [
      'a policy of Tencent Cloud',
      '{"version":"2.0","statement":[{"effect":"allow","action":["cos:GetObject"],"resource":["qcs::cos:::b/*"]}]}',
      0,
    ],
    ['a list', `[{"x":1}]`, 0],
    [
      'a SARIF file that mentions Statement',
      '{"version":"2.1.0","runs":[{"results":[{"message":{"text":"Statement"}}]}]}',
      0,
    ],
  ])('%s', (_name, content, policies) => {
    const module = analyzeText('any.json', content);
    expect(module?.policies.length).toBe(policies);
    if (policies === 0) expect(module?.judgement.findings).toEqual([]);
  });

  test('a kind that is given makes any object a policy', () => {
    expect(analyzeText('any.json', '{"Statement":[]}', { kind: 'scp' })?.policies.map((policy) => policy.kind)).toEqual(
      ['scp'],
    );
  });
});

describe('of which kind', () => {
  const resource = '"Resource":"*"';
  test.each([
    ['identity', `[{"Effect":"Allow","Action":"s3:*",${resource}}]`],
    ['resource', `[{"Effect":"Allow","Principal":"*","Action":"s3:*",${resource}}]`],
    ['resource', `[{"Effect":"Deny","NotPrincipal":{"AWS":"*"},"Action":"s3:*",${resource}}]`],
    ['trust', '[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]'],
    [
      'trust',
      '[{"Effect":"Allow","Principal":"*","Action":["sts:AssumeRoleWithWebIdentity","sts:TagSession","sts:SetSourceIdentity"]}]',
    ],
    ['trust', '[{"Effect":"Allow","Principal":"*","Action":"*"}]'],
    ['resource', `[{"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole",${resource}}]`],
    ['resource', '[{"Effect":"Allow","Principal":"*","Action":["sts:AssumeRole","s3:GetObject"]}]'],
    ['resource', '[{"Effect":"Allow","Principal":"*","Action":"sts:GetCallerIdentity"}]'],
  ])('%s: %s', (kind, statements) => {
    const policy = policyOf(`{"Statement":${statements}}`);
    expect(policy.kind).toBe(kind);
    expect(policy.doubt).toBeUndefined();
  });

  test('where a Principal may be hidden, the other kind is in doubt', () => {
    const open = analyzeText(
      'p.json.tftpl',
      '{"Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*", ${extra} }]}',
    );
    expect(open?.policies.map(({ kind, doubt }) => [kind, doubt])).toEqual([['identity', 'resource']]);
    const beside = analyzeText(
      'p.json.tftpl',
      '{"Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}, ${extra} ]}',
    );
    expect(beside?.policies.map(({ kind, doubt }) => [kind, doubt])).toEqual([['identity', undefined]]);
  });

  test('what the place dictates wins', () => {
    const trust = '{"AssumeRolePolicyDocument":{"Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}}';
    expect(analyzeText('role.json', trust)?.policies.map((policy) => policy.kind)).toEqual(['trust']);
  });
});

describe('the typed view', () => {
  test('a string, a list, a Not', () => {
    const { action, resource } = statementOf('{"Effect":"Allow","NotAction":"a:B","Resource":["x","y"]}');
    expect(action).toMatchObject({ key: 'Action', negated: true, open: false });
    expect(action?.items.map((item) => item.text.flat)).toEqual(['a:B']);
    expect(action?.items[0]?.list).toBeUndefined();
    expect(resource?.items.map((item) => [item.text.flat, item.presence])).toEqual([
      ['x', 'always'],
      ['y', 'always'],
    ]);
    expect(resource?.items[0]?.list?.kind).toBe('list');
  });

  test('principals by type', () => {
    const { principal } = statementOf('{"Effect":"Allow","Principal":{"AWS":["1","2"],"Service":"s"},"Action":"a:B"}');
    expect(principal?.items.map((item) => [item.type, item.text.flat])).toEqual([
      ['AWS', '1'],
      ['AWS', '2'],
      ['Service', 's'],
    ]);
    expect(
      statementOf('{"Effect":"Allow","Principal":"*","Action":"a:B"}').principal?.items.map((item) => item.type),
    ).toEqual(['*']);
  });

  test('conditions, one for each operator and key', () => {
    const { conditions, conditionsOpen } = statementOf(
      '{"Effect":"Allow","Condition":{"Bool":{"a":true,"b":["x",1]},"Null":{"c":"true"}}}',
    );
    expect(conditionsOpen).toBe(false);
    expect(conditions.map((one) => [one.operator.flat, one.key.flat, one.values.length])).toEqual([
      ['Bool', 'a', 1],
      ['Bool', 'b', 2],
      ['Null', 'c', 1],
    ]);
  });

  test('effects', () => {
    const answer = (effect: string) => statementOf(`{${effect}"Action":"a:B"}`).effect.answer;
    expect(answer('"Effect":"Allow",')).toBe('Allow');
    expect(answer('"Effect":"Deny",')).toBe('Deny');
    expect(answer('"Effect":"deny",')).toBe('invalid');
    expect(answer('"Effect":1,')).toBe('invalid');
    expect(answer('')).toBe('missing');
    expect(answer('"Effect":"Allow","Effect":"Deny",')).toBe('Deny');
  });

  test('strays', () => {
    const policy = policyOf(
      '{"Versoin":"2012-10-17","Statement":["x",{"Effect":"Allow","Actions":"a:B","Resource":[["y"],{}]}]}',
    );
    expect(policy.strays.map(({ reason, name }) => [reason, name])).toEqual([
      ['wrong-shape', 'Statement'],
      ['unknown-element', 'Versoin'],
    ]);
    expect(policy.statements[0]?.strays.map(({ reason, name }) => [reason, name])).toEqual([
      ['unknown-element', 'Actions'],
      ['wrong-shape', 'Resource'],
      ['wrong-shape', 'Resource'],
    ]);
  });

  test('what one more value does', () => {
    const of = (effect: string, key: string) => {
      const statement = statementOf(`{"Effect":"${effect}","${key}":"a:B"}`);
      return statement.action && polarity(statement, statement.action);
    };
    expect([
      of('Allow', 'Action'),
      of('Allow', 'NotAction'),
      of('Deny', 'Action'),
      of('Deny', 'NotAction'),
      of('allow', 'Action'),
    ]).toEqual(['more', 'less', 'less', 'more', 'unknown']);
  });

  test('the language that variables are read in', () => {
    const language = (version: string) => policyOf(`{${version}"Statement":{"Effect":"Allow"}}`).language;
    expect([
      language('"Version":"2012-10-17",'),
      language('"Version":"2008-10-17",'),
      language(''),
      language('"Version":"2012",'),
    ]).toEqual(['2012-10-17', '2008-10-17', '2008-10-17', 'unknown']);
  });
});

/** A Value as a host might make it: each function says what stands, at a place of its own. */
let next = 0;
function at(source: string): Span {
  next += 10;
  return { source, start: next, end: next + 5 };
}

function word(source: string, letters: string | Text): TextValue {
  const span = at(source);
  const text =
    typeof letters === 'string'
      ? { flat: letters, parts: [{ kind: 'derived', at: 0, length: letters.length, span } as const] }
      : letters;
  return { kind: 'text', span, spelling: PLAIN_JSON, text };
}

function object(source: string, entries: Readonly<Record<string, Value>>): ObjectValue {
  return {
    kind: 'object',
    span: at(source),
    spelling: PLAIN_JSON,
    open: false,
    entries: Object.entries(entries).map(([key, value]): Entry => {
      const { text, span } = word(source, key);
      return { key: text, keySpan: span, value, presence: 'always', span: value.span };
    }),
  };
}

function list(source: string, items: readonly Value[], presence: 'always' | 'sometimes' = 'always'): Value {
  return {
    kind: 'list',
    span: at(source),
    spelling: PLAIN_JSON,
    open: false,
    items: items.map((value) => ({ value, presence })),
  };
}

function findingsOf(site: Site): readonly string[] {
  const policy = readPolicy(site);
  const module: Module = {
    host: 'test',
    sources: [],
    sites: [site],
    things: [],
    problems: [],
    directives: [],
    readings: [],
  };
  const { onBug } = contextOf();
  const { findings } = judge(module, policy ? [policy] : [], {
    catalog: catalog(),
    config: DEFAULT_CONFIG,
    onBug: (rule, error) => onBug?.(rule, '', error),
  });
  return findings.map((finding) => `${finding.rule}@${finding.span.source}`);
}

describe('worked examples of the model', () => {
  test('1: a hole as an item, directives with a trailing comma, a hole as a key', () => {
    const content = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:GetObject", %{ for a in more }"\${a}",%{ endfor }],"Resource":[ \${join(",", var.arns)} ],"Condition":{"StringEquals":{\${key}:"x"}}}]}`;
    const module = analyzeText('p.json.tftpl', content);
    expect(module?.module.problems).toEqual([]);
    const [statement] = module?.policies[0]?.statements ?? [];
    expect(statement?.action?.open).toBe(true);
    expect(statement?.action?.items.map((item) => [item.text.flat, item.presence])).toEqual([
      ['s3:GetObject', 'always'],
      ['\uFFFC', 'sometimes'],
    ]);
    expect(statement?.resource).toMatchObject({ items: [], open: true });
    expect(statement?.conditionsOpen).toBe(true);
    expect(module?.judgement.findings).toEqual([]);
  });

  test('4: one statement merged from three files gives one finding', () => {
    const statement = object('a.tf', {
      Effect: word('a.tf', 'Allow'),
      Action: word('b.tf', 's3:GetObjekt'),
      Resource: word('c.tf', 'arn:aws:s3:::b/*'),
    });
    const site = siteOf(object('a.tf', { Version: word('a.tf', '2012-10-17'), Statement: list('a.tf', [statement]) }));
    expect(findingsOf(site)).toEqual(['unknown-action@b.tf']);
  });

  test('7: a hole inside a key, with places at the very word', () => {
    const content = '"${Oidc}:sub"';
    const hole = holeText('Oidc', { source: 't.yaml', start: 1, end: 8 });
    const key = joinText([hole, sourceText('t.yaml', content, 8, 12)]);
    const operator = object('t.yaml', {});
    const entry: Entry = {
      key,
      keySpan: { source: 't.yaml', start: 0, end: 13 },
      value: word('t.yaml', 'repo:x'),
      presence: 'always',
      span: at('t.yaml'),
    };
    const condition = object('t.yaml', { StringEquals: { ...operator, entries: [entry] } });
    const statement = object('t.yaml', { Effect: word('t.yaml', 'Allow'), Condition: condition });
    const read = readPolicy(siteOf(object('t.yaml', { Statement: statement })))?.statements[0];
    expect(read?.conditionsOpen).toBe(true);
    const found = read?.conditions[0];
    expect(found && spanOf(found.key, 1, 5)).toEqual({ source: 't.yaml', start: 8, end: 12 });
    expect(found?.keySpan).toEqual({ source: 't.yaml', start: 1, end: 12 });
  });

  test('8: a statement that is there sometimes is no certain grant', () => {
    const statement = object('t.yaml', {
      Effect: word('t.yaml', 'Allow'),
      Action: word('t.yaml', '*'),
      Resource: word('t.yaml', '*'),
    });
    const site = (presence: 'always' | 'sometimes') =>
      siteOf(
        object('t.yaml', { Version: word('t.yaml', '2012-10-17'), Statement: list('t.yaml', [statement], presence) }),
      );
    expect(readPolicy(site('sometimes'))?.statements.map((one) => one.presence)).toEqual(['sometimes']);
    expect(findingsOf(site('always'))).toEqual(['full-access@t.yaml']);
  });

  test('9: a bare name outside of strings makes a template, not a syntax error', () => {
    for (const path of ['p.tpl', 'p.json']) {
      const content =
        '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":${arns}}, ${more}]}';
      const module = analyzeText(path, content);
      expect(module?.module.problems, path).toEqual([]);
      expect(module?.policies[0]?.open, path).toBe(true);
      expect(module?.policies[0]?.statements[0]?.resource, path).toMatchObject({ items: [], open: true });
    }
  });

  test('10: a document in a string, in which every place is exact through two levels of escapes', () => {
    const inner = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 's3:"Get', Resource: 'arn:aws:s3:::b\\c' }],
    });
    const content = JSON.stringify({ planned_values: { policy: inner } });
    const [policy] = analyzeText('plan.json', content)?.policies ?? [];
    const [statement] = policy?.statements ?? [];
    const action = statement?.action?.items[0]?.text;
    expect(action?.flat).toBe('s3:"Get');
    const quote = action && spanOf(action, 3, 4);
    expect(content.slice(quote?.start, quote?.end)).toBe('\\\\\\"');
    const get = action && spanOf(action, 4, 7);
    expect(content.slice(get?.start, get?.end)).toBe('Get');
    const resource = statement?.resource?.items[0];
    expect(content.slice(resource?.span.start, resource?.span.end)).toBe('arn:aws:s3:::b\\\\\\\\c');
  });

  test('2, 3, 5 and 6 are tried on Terraform itself', () => {
    const tests = readFileSync(join(ROOT, 'test/terraform.test.ts'), 'utf8');
    const names = ['known and open', 'a choice', 'a list for two', 'references and letters'];
    for (const name of names) expect(tests).toContain(`'${name}': `);
  });
});
