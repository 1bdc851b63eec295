/** Plans of Terraform: the JSON of `terraform show -json` in, policies out, each once and at its exact place. */
import { describe, expect, test } from 'vitest';
import { print } from '../server/src/analysis.ts';
import { drawFinding } from '../server/src/cli/text-report.ts';
import { locator, policyFinder, recordFinding } from '../server/src/features/finding-record.ts';
import { spanOf } from '../server/src/text/text.ts';
import { analyzeText } from './context.ts';
import { drawModule, untrueSpans } from './terraform-model.ts';

const BUCKET = 'arn:aws:s3:::reports/*';

/** A policy as the provider renders it. */
const policy = (action: string, more: object = {}) =>
  JSON.stringify({
    Statement: [{ Action: action, Effect: 'Allow', Resource: BUCKET, ...more }],
    Version: '2012-10-17',
  });

/** A resource of a plan: its address and type, what is known of it and what is not. */
interface Resource {
  readonly address: string;
  readonly values: object;
  readonly unknown?: object;
  /** The arguments that are written down, as the configuration has them; those that are known where absent. */
  readonly expressions?: object;
}

/** A plan as `terraform show -json` writes it, on one line; modules by what stands before their resources' addresses. */
function plan(resources: readonly Resource[], modules: Readonly<Record<string, readonly Resource[]>> = {}): string {
  const words = ({ address }: Resource) => {
    const [type = '', name = ''] = address.replace(/^(module\.\w+(\["\w+"\])?\.)*(data\.)?/, '').split(/[.[]/);
    return { address, mode: /(^|\.)data\./.test(address) ? 'data' : 'managed', type, name };
  };
  const planned = (one: Resource) => ({ ...words(one), schema_version: 0, values: one.values, sensitive_values: {} });
  const change = (one: Resource) => ({
    ...words(one),
    change: { actions: ['create'], before: null, after: one.values, after_unknown: one.unknown ?? {} },
  });
  const bare = (address: string) => address.replace(/\[[^\]]*\]/g, '');
  const written = (one: Resource) => ({
    ...words(one),
    address: bare(one.address).replace(/^(module\.\w+\.)*/, ''),
    expressions: one.expressions ?? Object.fromEntries(Object.keys(one.values).map((key) => [key, {}])),
  });
  const inner = Object.entries(modules);
  return JSON.stringify({
    format_version: '1.2',
    terraform_version: '1.13.3',
    planned_values: {
      outputs: { policy: { value: policy('s3:GetObjekt') } },
      root_module: {
        resources: resources.map(planned),
        child_modules: inner.map(([address, own]) => ({ address, resources: own.map(planned) })),
      },
    },
    resource_changes: [...resources, ...inner.flatMap(([, own]) => own)].map(change),
    prior_state: { values: { root_module: { resources: resources.map(planned) } } },
    configuration: {
      root_module: {
        resources: resources.map(written),
        module_calls: Object.fromEntries(
          inner.map(([address, own]) => [
            bare(address).replace('module.', ''),
            { module: { resources: own.map(written) } },
          ]),
        ),
      },
    },
  });
}

const drawn = (text: string) => {
  const module = analyzeText('plan.json', text)?.module;
  if (module) expect(untrueSpans(module).lies).toEqual([]);
  return module && drawModule(module);
};

describe('policies of plans', () => {
  test('each once, with its address, its kind and its holder', () => {
    const text = plan(
      [
        { address: 'aws_iam_role_policy.p["a.b]"]', values: { name: 'p', policy: policy('s3:GetObject') } },
        {
          address: 'aws_iam_role.r',
          values: {
            assume_role_policy: JSON.stringify({
              Statement: [{ Action: 'sts:AssumeRole', Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' } }],
              Version: '2012-10-17',
            }),
            inline_policy: [{ name: 'x', policy: policy('s3:PutObject') }],
          },
        },
        { address: 'aws_organizations_policy.s', values: { content: policy('s3:List*') } },
        { address: 'aws_organizations_policy.t', values: { content: '{"tags":{}}', type: 'TAG_POLICY' } },
        { address: 'local_file.f', values: { content: policy('s3:GetBucketAcl') } },
        { address: 'aws_iot_policy.i', values: { policy: policy('iot:CreateThing') } },
      ],
      {
        'module.a["x"]': [{ address: 'module.a["x"].aws_iam_policy.p', values: { policy: policy('s3:DeleteObject') } }],
      },
    );
    expect(drawn(text)).toMatchInlineSnapshot(`
      "aws_iam_role_policy.p["a.b]"].policy: identity, aws_iam_role_policy
        {"Statement": [{"Action": "s3:GetObject", "Effect": "Allow", "Resource": "arn:aws:s3:::reports/*"}], "Version": "2012-10-17"}
      aws_iam_role.r.assume_role_policy: trust, aws_iam_role
        {"Statement": [{"Action": "sts:AssumeRole", "Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}}], "Version": "2012-10-17"}
      aws_iam_role.r.inline_policy.policy: identity, aws_iam_role
        {"Statement": [{"Action": "s3:PutObject", "Effect": "Allow", "Resource": "arn:aws:s3:::reports/*"}], "Version": "2012-10-17"}
      aws_organizations_policy.s.content: scp, aws_organizations_policy
        {"Statement": [{"Action": "s3:List*", "Effect": "Allow", "Resource": "arn:aws:s3:::reports/*"}], "Version": "2012-10-17"}
      local_file.f.content: by shape identity
        {"Statement": [{"Action": "s3:GetBucketAcl", "Effect": "Allow", "Resource": "arn:aws:s3:::reports/*"}], "Version": "2012-10-17"}
      module.a["x"].aws_iam_policy.p.policy: identity, aws_iam_policy
        {"Statement": [{"Action": "s3:DeleteObject", "Effect": "Allow", "Resource": "arn:aws:s3:::reports/*"}], "Version": "2012-10-17"}"
    `);
  });

  test('what the provider fills in is left out', () => {
    const both = [
      {
        address: 'aws_s3_bucket.b',
        values: { bucket: 'b', policy: policy('s3:GetObject') },
        expressions: { bucket: {} },
      },
      { address: 'aws_s3_bucket_policy.b', values: { policy: policy('s3:GetObject') } },
    ];
    expect(drawn(plan(both))).toMatch(/^aws_s3_bucket_policy\.b\.policy: [^\n]*\n[^\n]*$/);
  });

  test('what bounds is no identity policy', () => {
    const text = plan([
      { address: 'aws_iam_policy.limits', values: { policy: policy('s3:*') } },
      {
        address: 'aws_iam_role.r',
        values: {},
        expressions: { permissions_boundary: { references: ['aws_iam_policy.limits.arn', 'aws_iam_policy.limits'] } },
      },
    ]);
    expect(drawn(text)).toMatch('aws_iam_policy.limits.policy: by shape identity, aws_iam_policy, hint boundary');
  });

  test('a document that is read when the plan is applied has holes', () => {
    const statement = {
      actions: ['s3:GetObject', 's3:Listt'],
      condition: [{ test: 'StringEquals', values: [null], variable: 'aws:SourceVpc' }],
      effect: null,
      not_actions: null,
      not_principals: [],
      not_resources: null,
      principals: [],
      resources: [null, 'arn:aws:s3:::b/&{aws:username}/*'],
      sid: null,
    };
    const document: Resource = {
      address: 'data.aws_iam_policy_document.d',
      values: { statement: [statement, { actions: ['s3:PutObject'], effect: 'Allow' }] },
      unknown: {
        id: true,
        json: true,
        statement: [
          { actions: [false, false], condition: [{ values: [true] }], resources: [true, false] },
          { resources: true, principals: true },
        ],
      },
    };
    const reader: Resource = {
      address: 'aws_s3_bucket_policy.p',
      values: {},
      unknown: { policy: true, id: true },
      expressions: {
        policy: { references: ['data.aws_iam_policy_document.d.json', 'data.aws_iam_policy_document.d'] },
      },
    };
    const text = plan([document, reader]);
    expect(drawn(text)?.replace(/missing@\d+/g, 'hole')).toMatchInlineSnapshot(`
      "data.aws_iam_policy_document.d: resource, aws_s3_bucket_policy
        {"Statement": [{"Effect": "Allow", "Action": ["s3:GetObject", "s3:Listt"], "Condition": {"StringEquals": {"aws:SourceVpc": ["\${hole}"]}}, "Resource": ["\${hole}", "arn:aws:s3:::b/\${aws:username}/*"]}, {"Resource": \${hole}?, "Action": ["s3:PutObject"], "Principal": {"\${type@690}": \${hole}?, …}?, "Effect": "Allow"}]}"
    `);
    const findings = analyzeText('plan.json', text)?.judgement.findings ?? [];
    const misspelt = findings.filter(({ rule }) => rule === 'unknown-action');
    expect(misspelt.map(({ span }) => text.slice(span.start, span.end))).toEqual(['s3:Listt']);
    const blocks = { ...document, unknown: { ...document.unknown, statement: true }, values: {} };
    expect(drawn(plan([blocks]))).toMatch('{"Statement": [{"Effect": "Allow", …}?, …]}');
  });

  test('places are exact, and nothing is edited', () => {
    const text = plan([{ address: 'aws_iam_role_policy.p', values: { policy: policy('s3:GetObjekt') } }]);
    const analysis = analyzeText('plan.json', text);
    const [finding, ...others] = analysis?.judgement.findings.filter(({ rule }) => rule === 'unknown-action') ?? [];
    expect(others).toEqual([]);
    expect(text.slice(finding?.span.start, finding?.span.end)).toBe('s3:GetObjekt');
    const [fix] = finding?.fixes?.() ?? [];
    expect(fix).toBeDefined();
    expect(analysis && fix && print(analysis, fix.edits)).toBeUndefined();
    const action = analysis?.policies[0]?.statements[0]?.action?.items[0];
    const span = action && spanOf(action.text, 3, 12);
    expect(text.slice(span?.start, span?.end)).toBe('GetObjekt');
  });
});

test('the report names the policy where the line is too long to say anything', () => {
  const text = plan([{ address: 'aws_iam_role_policy.p["a"]', values: { policy: policy('s3:GetObjekt') } }]);
  const analysis = analyzeText('plan.json', text);
  const finding = analysis?.judgement.findings.find(({ rule }) => rule === 'unknown-action');
  const locate = locator([{ path: 'plan.json', text }], (path) => path);
  const record =
    analysis && finding && recordFinding(analysis, finding, policyFinder(analysis), locate, 'without fixes');
  expect(record?.address).toBe('aws_iam_role_policy.p["a"].policy');
  const drawing = (line: string) => record && drawFinding(record, () => line, { color: false, columns: 80 });
  expect(drawing(text)).toMatch(/\n {2}in aws_iam_role_policy\.p\["a"\]\.policy\n$/);
  expect(drawing(text.slice(0, 200))).not.toMatch('\n  in ');
});

describe('what is a plan', () => {
  test('its own keys tell; all else is JSON as before', () => {
    const text = JSON.stringify({
      planned_values: { policy: JSON.parse(policy('s3:GetObject')) },
      resource_changes: [],
    });
    expect(drawn(text)).toMatch(/^planned_values\.policy: by shape identity\n[^\n]*$/);
    const listed = JSON.stringify([{ format_version: '1', planned_values: { p: JSON.parse(policy('s3:Get*')) } }]);
    expect(drawn(listed)).toMatch('[0].planned_values.p: by shape identity');
  });

  test('a file that is said to be a policy is none', () => {
    const text = plan([{ address: 'aws_iam_role_policy.p', values: { policy: policy('s3:GetObject') } }]);
    expect(analyzeText('plan.json', text, { kind: 'identity' })?.module.host).toBe('json');
  });

  test('without a configuration all arguments count; cut anywhere it is read', () => {
    const text = plan([{ address: 'aws_iam_role_policy.p', values: { policy: policy('s3:GetObject') } }]);
    const bare = JSON.stringify({ ...JSON.parse(text), configuration: undefined });
    expect(drawn(bare)).toMatch('aws_iam_role_policy.p.policy: identity, aws_iam_role_policy');
    for (let cut = 0; cut < text.length; cut += 7) {
      const module = analyzeText('plan.json', text.slice(0, cut))?.module;
      expect(module && untrueSpans(module).lies).toEqual([]);
    }
  });
});
