/** The CloudFormation host: where templates hold policies, what functions are worth, what is kept alive of broken files. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { describe, expect, test } from 'vitest';
import { cloudformationHost } from '../server/src/hosts/cloudformation/cloudformation.ts';
import { hostOf } from '../server/src/hosts/index.ts';
import type { Module, Site } from '../server/src/policy/module.ts';
import { readers } from '../server/src/policy/module.ts';
import { displayValue, entryOf, type Value, walkValue } from '../server/src/value/value.ts';
import { analyzeText, ROOT } from './context.ts';
import { hasMaterial, materialFiles } from './laws/examples.ts';
import { inspect, newReport } from './laws/spans.ts';

function moduleOf(text: string, path = 'template.yaml'): Module {
  const module = hostOf(path)?.read([{ path, text }], {});
  if (!module) throw new Error(`no host reads ${path}`);
  return module;
}

function only(module: Module): Site {
  const [site, ...others] = module.sites;
  if (!site || others.length > 0) throw new Error(`there are ${module.sites.length} sites`);
  return site;
}

/** A template with one managed policy of one statement, whose Resource is `resource`. */
function template(resource: string, before = ''): string {
  return `${before}Parameters:
  Name: { Type: String, Default: x }
  Names: { Type: CommaDelimitedList }
Mappings:
  Sizes: { dev: { size: small, arns: [a, b] } }
Resources:
  Bucket: { Type: AWS::S3::Bucket }
  Named: { Type: AWS::S3::Bucket, Properties: { BucketName: !Sub "logs-\${AWS::AccountId}" } }
  Topic: { Type: AWS::SNS::Topic }
  Job: { Type: AWS::IAM::Role, Properties: { Path: /service/, RoleName: job } }
  Worker: { Type: AWS::Serverless::Function }
  Made: { Type: Custom::Thing }
  Policy:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: 2012-10-17
        Statement:
          - Effect: Allow
            Action: s3:GetObject
            Resource: ${resource}
`;
}

function statementOf(site: Site): Value | undefined {
  const list = site.value.kind === 'object' ? entryOf(site.value, 'Statement')?.value : undefined;
  return list?.kind === 'list' ? list.items[0]?.value : list;
}

function resourceIn(text: string, path?: string): Value | undefined {
  const site = moduleOf(text, path).sites.at(-1);
  const statement = site && statementOf(site);
  return statement?.kind === 'object' ? entryOf(statement, 'Resource')?.value : undefined;
}

function worth(resource: string): string {
  const value = resourceIn(template(resource));
  return value ? displayValue(value) : 'nothing';
}

describe('functions', () => {
  const bucket = 'arn:${AWS::Partition}:s3:::${Bucket}';
  test.each([
    ['!Ref Bucket', '"${Bucket}"'],
    ['!GetAtt Bucket.Arn', `"${bucket}"`],
    ['{ "Fn::GetAtt": [Bucket, Arn] }', `"${bucket}"`],
    ['!Sub "${Bucket.Arn}/*"', `"${bucket}/*"`],
    ['!Sub "arn:aws:s3:::${Bucket}/${!aws:username}/*"', '"arn:aws:s3:::${Bucket}/${aws:username}/*"'],
    ['!Sub ["arn:aws:s3:::${B}/${C}", { B: !Ref Bucket, C: data }]', '"arn:aws:s3:::${Bucket}/data"'],
    ['!Join ["/", [!GetAtt Bucket.Arn, data, "*"]]', `"${bucket}/data/*"`],
    ['!Join ["", !Ref Names]', '"${Fn::Join [\\"\\",?Names?]}"'],
    ['!GetAtt Named.Arn', '"arn:${AWS::Partition}:s3:::logs-${AWS::AccountId}"'],
    ['!Ref Named', '"logs-${AWS::AccountId}"'],
    ['!Ref Topic', '"arn:${AWS::Partition}:sns:${AWS::Region}:${AWS::AccountId}:${Topic.TopicName}"'],
    ['!GetAtt Job.Arn', '"arn:${AWS::Partition}:iam::${AWS::AccountId}:role/service/job"'],
    ['!GetAtt WorkerRole.Arn', '"arn:${AWS::Partition}:iam::${AWS::AccountId}:role/${WorkerRole}"'],
    ['!GetAtt Made.List', '${Made.List}'],
    ['!Ref Name', '"${Name}"'],
    ['!Ref Names', '${Names}'],
    ['!Ref Unheard', '${Unheard}'],
    ['!Ref AWS::AccountId', '"${AWS::AccountId}"'],
    ['!If [Prod, !Ref Bucket, "*"]', '"${Bucket}" | "*"'],
    ['[a, !If [Prod, b, !Ref AWS::NoValue]]', '["a", "b"?]'],
    ['[a, !Ref AWS::NoValue]', '["a"]'],
    ['!If [Prod, [a], !If [Test, b, c]]', '["a"] | "b" | "c"'],
    ['!FindInMap [Sizes, dev, size]', '"small"'],
    ['!FindInMap [Sizes, dev, arns]', '["a", "b"]'],
    ['!FindInMap [Sizes, !Ref Name, size]', '"small"'],
    ['!FindInMap [Sizes, !Ref Name, !Ref Name]', '"small" | ["a", "b"]'],
    ['!FindInMap [Sizes, test, size, { DefaultValue: large }]', '"large"'],
    ['!FindInMap [Sizes, !Ref Name, size, { DefaultValue: !Ref Bucket }]', '"small" | "${Bucket}"'],
    ['!FindInMap [!Ref Name, dev, size]', '${Fn::FindInMap ["${Name}","dev","size"]}'],
    ['!Select [1, !Split ["/", "a/b/c"]]', '"b"'],
    ['!Split [",", "a,b"]', '["a", "b"]'],
    ['!Select [0, !Ref Names]', '"${Fn::Select [\\"0\\",?Names?]}"'],
    ['!ImportValue shared-bucket', '"${Fn::ImportValue \\"shared-bucket\\"}"'],
    ['"{{resolve:ssm:/arns/bucket}}/*"', '"${resolve:ssm:/arns/bucket}/*"'],
    ['!Foo bar', '${!Foo "bar"}'],
    ['"${Bucket}"', '"${Bucket}"'],
    ['123456789012', '"123456789012"'],
    ['012345678901', '"012345678901"'],
    ['012345670123', '"${012345670123}"'],
  ])('%s', (resource, expected) => expect(worth(resource)).toBe(expected));

  test('are the same in JSON', () => {
    const json = JSON.stringify({
      Resources: {
        Bucket: { Type: 'AWS::S3::Bucket' },
        Policy: {
          Type: 'AWS::IAM::ManagedPolicy',
          Properties: {
            PolicyDocument: {
              Statement: {
                Effect: 'Allow',
                Action: 's3:GetObject',
                Resource: [{ 'Fn::GetAtt': ['Bucket', 'Arn'] }, { 'Fn::Sub': '${Bucket.Arn}/${!aws:username}' }],
              },
            },
          },
        },
      },
    });
    const expected = `["${bucket}", "${bucket}/\${aws:username}"]`;
    for (const path of ['template.json', 'stack.template']) {
      const value = resourceIn(json, path);
      expect(value && displayValue(value)).toBe(expected);
    }
    expect(moduleOf(json, 'template.json').things.map(({ id }) => id)).toEqual(['Bucket', 'Policy']);
  });

  test('that loop or repeat put in what cannot be seen', () => {
    const text = template('x').replace(
      '            Action:',
      '            Fn::Transform: { Name: Macro }\n            Action:',
    );
    const statement = statementOf(only(moduleOf(text)));
    expect(statement && displayValue(statement)).toBe(
      '{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "x", …}',
    );
  });
});

describe('places', () => {
  const document = '{ Statement: { Effect: Allow, Action: "*", Resource: "*" } }';
  const resource = (type: string, properties: string) =>
    `Resources:\n  R:\n    Type: ${type}\n    Properties:\n      ${properties}\n`;
  const json = '\'{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}\'';

  test.each([
    ['AWS::IAM::Role', `AssumeRolePolicyDocument: ${document}`, 'trust', 'AssumeRolePolicyDocument'],
    [
      'AWS::IAM::Role',
      `Policies: [{ PolicyName: p, PolicyDocument: ${document} }]`,
      'identity',
      'Policies[0].PolicyDocument',
    ],
    [
      'AWS::IAM::Role',
      `Policies: [!If [C, { PolicyDocument: ${document} }, !Ref AWS::NoValue]]`,
      'identity',
      'Policies[0].PolicyDocument',
    ],
    ['AWS::KMS::Key', `KeyPolicy: ${document}`, 'resource', 'KeyPolicy'],
    ['AWS::SSO::PermissionSet', `InlinePolicy: ${json}`, 'identity', 'InlinePolicy'],
    ['AWS::SSO::PermissionSet', `InlinePolicy: !Sub ${json}`, 'identity', 'InlinePolicy'],
    ['AWS::SSO::PermissionSet', `InlinePolicy: { "Fn::ToJsonString": ${document} }`, 'identity', 'InlinePolicy'],
    ['AWS::Organizations::Policy', `Type: SERVICE_CONTROL_POLICY\n      Content: ${document}`, 'scp', 'Content'],
    ['AWS::Organizations::Policy', `Type: RESOURCE_CONTROL_POLICY\n      Content: ${document}`, 'rcp', 'Content'],
    [
      'AWS::Serverless::Function',
      `Policies: [S3ReadPolicy: { BucketName: b }, ${document}, ReadOnlyAccess]`,
      'identity',
      'Policies[1]',
    ],
    ['AWS::Serverless::Function', `Policies: ${document}`, 'identity', 'Policies'],
    [
      'AWS::Serverless::Api',
      'Auth: { ResourcePolicy: { CustomStatements: [{ Effect: Allow, Principal: "*", Action: "execute-api:Invoke" }] } }',
      'resource',
      'Auth.ResourcePolicy.CustomStatements',
    ],
    ['AWS::EC2::VPCEndpoint', `PolicyDocument: ${document}`, 'endpoint', 'PolicyDocument'],
    ['Custom::Policy', `Text: ${json}`, undefined, 'Text'],
    ['Custom::Policy', `Document: ${document}`, undefined, 'Document'],
  ])('%s: %s', (type, properties, kind, address) => {
    const site = only(moduleOf(resource(type, properties)));
    expect([site.kind, site.address]).toEqual([kind, `Resources.R.Properties.${address}`]);
    if (kind) expect(site.holder).toBe(type);
  });

  test.each([
    ['AWS::Organizations::Policy', `Type: TAG_POLICY\n      Content: ${document}`],
    ['AWS::IoT::Policy', `PolicyDocument: ${document}`],
    ['AWS::Serverless::Function', 'Policies: [ReadOnlyAccess, S3ReadPolicy: { BucketName: b }] # Statement'],
  ])('none in %s: %s', (type, properties) => expect(moduleOf(resource(type, properties)).sites).toEqual([]));

  test('that are somebody’s boundary are marked as such', () => {
    const text = `${resource('AWS::IAM::ManagedPolicy', `PolicyDocument: ${document}`)}  U:\n    Type: AWS::IAM::User\n    Properties: { PermissionsBoundary: !Ref R }\n`;
    expect(only(moduleOf(text)).hint).toBe('boundary');
  });

  test('in other YAML: Crossplane, and the Serverless Framework', () => {
    const crossplane = `---\nkind: Nothing\n---\nspec:\n  forProvider:\n    assumeRolePolicyDocument: |\n      {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole"}]}\n`;
    const role = only(moduleOf(crossplane, 'role.yml'));
    expect([role.kind, role.address]).toEqual(['trust', '[1].spec.forProvider.assumeRolePolicyDocument']);
    const serverless =
      'service: s\nprovider:\n  iam:\n    role:\n      statements:\n        - Effect: Allow\n          Action: s3:*\n          Resource: "arn:aws:s3:::${self:custom.bucket}/*"\n';
    const site = only(moduleOf(serverless, 'serverless.yml'));
    expect([site.address, site.kind, site.versionImplied]).toEqual(['provider.iam.role.statements', 'identity', true]);
    expect(displayValue(site.value)).toContain('"arn:aws:s3:::${self:custom.bucket}/*"');
  });
});

describe('YAML that is rendered before it is read', () => {
  const drawn = (text: string, path = 'role.yaml') =>
    moduleOf(text, path).sites.map(({ value }) => displayValue(value));
  const json = (statements: string) => `{"Version": "2012-10-17", "Statement": [${statements}]}`;
  const read = (resource: string) => `{"Effect": "Allow", "Action": "s3:GetObject", "Resource": ${resource}}`;

  test('Helm: lines of tags, tags in strings, statements between tags', () => {
    const text = `{{- if .Values.aws }}
kind: Policy
spec:
  policyDocument: |
    {
      "Version": "2012-10-17",
      "Statement": [
        ${read('"arn:aws:s3:::{{ .Values.bucket }}/*"')}
        {{- if .Values.all }}
        , ${read('"*"')}
        {{- end }}
      ]
    }
{{- end }}
`;
    expect(drawn(text)).toEqual([json(`${read('"arn:aws:s3:::${.Values.bucket}/*"')}, ${read('"*"')}?, …`)]);
    expect(moduleOf(text).problems).toEqual([]);
  });

  test('Ansible: what is nothing but a variable may be anything', () => {
    const text = `- policy:\n    Version: "2012-10-17"\n    Statement:\n      - Effect: Allow\n        Action: s3:GetObject\n        Resource: "{{ arns }}"\n`;
    expect(drawn(text)).toEqual([json(read('${arns}'))]);
  });

  test('Crossplane: the verbs of a format', () => {
    const text = `fmt: |\n  ${json(read('"arn:aws:s3:::%s/%[2]s"'))}\n`;
    expect(drawn(text)).toEqual([json(read('"arn:aws:s3:::${%s}/${%[2]s}"'))]);
  });

  test('the Serverless Framework: a variable in the place of a statement', () => {
    const text =
      'service: s\nprovider:\n  iam: { role: { statements: ["${file(more.yml)}"] } }\nfunctions:\n  f: { iam: { role: { statements: [{ Effect: Allow, Action: "s3:GetObject" }] } } }\n';
    expect(drawn(text, 'serverless.yml')).toEqual([
      '{"Statement": [${file(more.yml)}]}',
      '{"Statement": [{"Effect": "Allow", "Action": "s3:GetObject"}]}',
    ]);
  });
});

describe('the IRSA idiom: JSON in a block scalar in Fn::Sub', () => {
  const text = `Resources:
  R:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: !Sub |
        {
          "Version": "2012-10-17",
          "Statement": [{
            "Effect": "Allow",
            "Principal": { "Federated": "arn:aws:iam::\${AWS::AccountId}:oidc-provider/\${Oidc}" },
            "Action": "sts:AssumeRoleWithWebIdentity",
            "Condition": { "StringEquals": { "\${Oidc}:sub": "system:serviceaccount:a:b" } }
          }]
        }
`;
  test('has holes in its keys, and every word at its place', () => {
    const { value } = only(moduleOf(text));
    expect(displayValue(value)).toContain('"StringEquals": {"${Oidc}:sub": "system:serviceaccount:a:b"}');
    const words: string[] = [];
    walkValue(value, (one) => {
      if (one.kind === 'text') words.push(text.slice(one.span.start, one.span.end));
      return true;
    });
    expect(words).toContain('"sts:AssumeRoleWithWebIdentity"');
    expect(words).toContain('"arn:aws:iam::${AWS::AccountId}:oidc-provider/${Oidc}"');
  });
});

describe('anchors', () => {
  const text = `Shared: &actions [s3:GetObject, s3:PutObjekt]
A: { Statement: { Effect: Allow, Action: *actions, Resource: "*" } }
B:
  Statement:
    <<: &base { Effect: Allow, Resource: a }
    Action: *actions
`;
  test('feed several policies from one place', () => {
    const module = moduleOf(text);
    expect(module.sites).toHaveLength(2);
    const at = text.indexOf('s3:PutObjekt');
    expect(readers(module, { source: 'template.yaml', start: at, end: at + 3 })).toHaveLength(2);
    expect(module.sites.map(({ value }) => displayValue(value))[1]).toBe(
      '{"Statement": {"Effect": "Allow", "Resource": "a", "Action": ["s3:GetObject", "s3:PutObjekt"]}}',
    );
  });
});

describe('ignores', () => {
  const flagged = (text: string, path = 'template.yaml') =>
    analyzeText(path, text)?.judgement.findings.filter(({ rule }) => rule === 'unscoped-resource').length;
  const wide = template('"*"');

  test('take findings back: a comment on the line before, or on the line itself', () => {
    expect(flagged(wide)).toBe(1);
    const indent = '            ';
    const above = wide.replace(
      `${indent}Resource`,
      `${indent}# leastwise-ignore unscoped-resource: a reason\n${indent}Resource`,
    );
    expect(flagged(above)).toBe(0);
    expect(flagged(wide.replace('"*"', '"*" # leastwise-ignore unscoped-resource: a reason'))).toBe(0);
    expect(flagged(wide.replace('"*"', '"*" # leastwise-ignore unscoped-resource'))).toBe(1);
    expect(flagged(wide.replace('s3:GetObject', '"# leastwise-ignore unscoped-resource: no comment"'))).toBe(0);
  });

  test('may stand in the metadata of a resource, in YAML and JSON', () => {
    const ignored = '    Metadata: { leastwise: { ignore: [{ rule: unscoped-resource, reason: a reason }] } }\n';
    expect(
      flagged(wide.replace('    Properties:\n      PolicyDocument', `${ignored}    Properties:\n      PolicyDocument`)),
    ).toBe(0);
    const json = (metadata: object) =>
      JSON.stringify({
        Resources: {
          P: {
            Type: 'AWS::IAM::ManagedPolicy',
            Metadata: metadata,
            Properties: {
              PolicyDocument: { Statement: { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' } },
            },
          },
        },
      });
    expect(flagged(json({}), 'a.json')).toBe(1);
    const ignore = { rule: 'unscoped-resource', reason: 'a reason' };
    expect(flagged(json({ leastwise: { ignore: [ignore] } }), 'a.json')).toBe(0);
    expect(flagged(json({ leastwise: { ignore } }), 'a.json')).toBe(0);
  });

  test('are written above the smallest thing with a line of its own', () => {
    const module = moduleOf(wide);
    const at = wide.lastIndexOf('"*"');
    const span = { source: 'template.yaml', start: at, end: at + 3 };
    const edit = cloudformationHost.ignore?.(module, span, 'unscoped-resource', 'why');
    const text = edit && wide.slice(0, edit.span.start) + edit.newText + wide.slice(edit.span.end);
    expect(text).toContain('            # leastwise-ignore unscoped-resource: why\n            Resource: "*"');
    expect(text && flagged(text)).toBe(0);
  });
});

describe('broken files', () => {
  const others = (text: string) => moduleOf(text).sites.map(({ address }) => address);
  const policy = (id: string, resource: string) =>
    `  ${id}:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument:\n        Statement:\n          - Effect: Allow\n            Action: s3:GetObject\n            Resource: ${resource}\n`;

  test.each([
    ['a quote that is not closed', '"arn:aws:s3:::b'],
    ['a quote that the next one closes', '"arn:aws:s3:::b\n            Sid: "x"'],
    ['a bracket too many', 'a\n          }'],
    ['a list that is not closed', '[a, b'],
    ['a key without colon', 'a\n            Cond'],
    ['a line of nothing known', 'a\n %%%'],
    ['a tab', 'a\n\t\t\tSid: x'],
    ['an alias of nothing', '*nothing'],
  ])('keep the rest alive: %s', (_, resource) => {
    const text = `Resources:\n${policy('A', resource)}${policy('B', '"*"')}`;
    expect(others(text)).toContain('Resources.B.Properties.PolicyDocument');
    expect(others(text)).toContain('Resources.A.Properties.PolicyDocument');
    const last = moduleOf(text).sites.at(-1);
    expect(last && displayValue(last.value)).toBe(
      '{"Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}',
    );
  });

  test.each([
    ['- s3:', '["s3:"]'],
    ['- s3:GetObject\n              - s3:', '["s3:GetObject", "s3:"]'],
    ['[s3:GetObject, s3:]', '["s3:GetObject", "s3:"]'],
    ['[s3:', '["s3:", …]'],
    ['s3:', '"s3:"'],
    ['arn:aws: # more', '"arn:aws:"'],
    ['- Fn::Sub:', '["${Fn::Sub ?missing@'],
    ['- ', '[${missing@'],
  ])('words that are still being typed are words: %j', (typed, expected) => {
    const action = typed.startsWith('-') ? `\n              ${typed}` : ` ${typed}`;
    const text = template('"*"').replace(' s3:GetObject', action);
    const statement = statementOf(only(moduleOf(text)));
    const value = statement?.kind === 'object' ? entryOf(statement, 'Action')?.value : undefined;
    expect(value && displayValue(value)).toContain(expected);
    expect(analyzeText('template.yaml', text)?.judgement.findings.map(({ rule }) => rule)).not.toContain(
      'invalid-element',
    );
  });

  test('what is only dented is read: quotes and brackets that end further out than they began', () => {
    const quoted = `Resources:\n${policy('A', '"*"').replace(/Statement:[\s\S]*$/, '')}`.replace(
      /PolicyDocument:\s*$/,
      `PolicyDocument: !Sub '{\n  "Statement": [\n{ "Effect": "Allow", "Action": "s3:*", # \n"Resource": "\${AWS::AccountId}" }\n]\n}'\n`,
    );
    const module = moduleOf(quoted.replace('# ', ''));
    expect(displayValue(only(module).value)).toContain('"Resource": "${AWS::AccountId}"');
    expect(module.problems).toEqual([]);
  });
});

test.skipIf(!hasMaterial('corpus'))('spans tell the truth in real templates (skipped where there are none)', () => {
  const report = newReport();
  let sites = 0;
  for (const extension of ['.yaml', '.yml', '.json']) {
    for (const { path, text } of materialFiles('corpus/cloudformation', extension, 3)) {
      const module = analyzeText(path, text);
      sites += module?.module.sites.length ?? 0;
      expect(module?.module.problems.filter(({ id }) => id === 'syntax')).toEqual([]);
      if (module) inspect(module, report);
    }
  }
  expect(report.lies.slice(0, 20)).toEqual([]);
  expect(sites).toBeGreaterThan(100);
});

test('files in other languages never load the parser of YAML', async () => {
  const marked: Plugin = {
    name: 'marked',
    setup({ onLoad }) {
      onLoad({ filter: /yaml.dist.parse.parser\.js$/ }, ({ path }) => ({
        contents: `loaded.push('yaml');\n${readFileSync(path, 'utf8')}`,
      }));
    },
  };
  const { parserOfYaml }: { parserOfYaml: Plugin } = await import(join(ROOT, 'scripts/yaml-parser.mjs'));
  const entry = { contents: "export { hostOf } from './server/src/hosts/index.ts'", resolveDir: ROOT };
  const { outputFiles } = await build({
    stdin: entry,
    bundle: true,
    write: false,
    format: 'cjs',
    platform: 'node',
    plugins: [parserOfYaml, marked],
  });
  const module = { exports: {} as { hostOf: typeof hostOf } };
  const loaded: string[] = [];
  new Function('module', 'loaded', 'require', outputFiles[0]?.text ?? '')(module, loaded, () => ({ env: {} }));
  const sites = (path: string, text: string) => module.exports.hostOf(path)?.read([{ path, text }], {}).sites.length;
  const json = '{ "Statement": { "Effect": "Allow", "Action": "*", "Resource": "*" } }';
  const inJson = `{ "Resources": { "P": { "Type": "AWS::IAM::ManagedPolicy", "Properties": { "PolicyDocument": ${json} } } } }`;
  expect([
    sites('a.json', json),
    sites('b.json', inJson),
    sites('c.template', inJson),
    sites('d.yaml', 'a: 1'),
  ]).toEqual([1, 1, 1, 0]);
  expect(loaded).toEqual([]);
  expect(sites('e.yaml', template('"*"'))).toBe(1);
  expect(loaded).toEqual(['yaml']);
});
