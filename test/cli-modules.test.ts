/** The command line over modules that call others: each text is judged once, whoever calls it, and however the run is asked for. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are HCL's interpolations
import { describe, expect, test } from 'vitest';
import { openWorkspace, placesOf, runIn } from './terminal.ts';

const { folderOf } = openWorkspace();

const call = (action: string) =>
  `module "writer" {\n  source  = "../../modules/writer"\n  actions = ["${action}"]\n}\n`;
const WRITER = `variable "actions" {}

data "aws_iam_policy_document" "writer" {
  statement {
    actions   = var.actions
    resources = ["*"]
  }
}
`;
const FILES = {
  'live/dev/main.tf': call('s3:PutObject'),
  'live/prod/main.tf': call('s3:DeleteObject'),
  'modules/writer/main.tf': WRITER,
};
const AT = 'modules/writer/main.tf:6:19 warning unscoped-resource';

interface Printed {
  readonly findings: readonly {
    readonly message: string;
    readonly address?: string;
    readonly related?: readonly { readonly file: string }[];
  }[];
}

describe('a module that two others call', () => {
  const folder = folderOf(FILES);
  const run = (...paths: string[]) => runIn(folder, ['check', '--format', 'json', ...paths]);

  test('has one finding that names both calls', () => {
    const { code, out } = run();
    expect([code, placesOf(out)]).toEqual([1, [AT]]);
    const [finding] = (JSON.parse(out) as Printed).findings;
    expect(finding?.message).toContain('as `module.writer` calls it');
    expect(finding?.address).toBe('module.writer.data.aws_iam_policy_document.writer');
    expect(finding?.related?.map(({ file }) => file)).toEqual(['live/dev/main.tf', 'live/prod/main.tf']);
    expect(JSON.parse(out)).toMatchObject({ policies: 1, files: 1 });
  });

  test('is read where only a caller is named, and not judged by callers that are not', () => {
    expect(placesOf(run('live/prod').out)).toEqual([AT]);
    expect(placesOf(run('modules').out)).toEqual([]);
  });
});

test('what the text says by itself is not said again by its callers', () => {
  const folder = folderOf({ ...FILES, 'modules/writer/main.tf': WRITER.replace('var.actions', '["s3:PutObject"]') });
  const { out } = runIn(folder, ['check', '--format', 'json']);
  expect(placesOf(out)).toEqual([AT]);
  expect(out).not.toContain('calls it');
});

test('an ignore counts beside the text and at the call, and is not called unused', () => {
  const comment = '# leastwise-ignore unscoped-resource: the writer is for one account\n';
  const beside = { ...FILES, 'modules/writer/main.tf': WRITER.replace('  statement', `  ${comment}  statement`) };
  const one = { 'live/dev/main.tf': comment + call('s3:PutObject'), 'modules/writer/main.tf': WRITER };
  for (const files of [beside, one])
    expect(runIn(folderOf(files), ['check', '--format', 'json']).out).toContain('"findings":[]');
});

test('a template is read in with its arguments; `--fix` writes no file of another module', () => {
  const folder = folderOf({
    'main.tf':
      'resource "aws_iam_policy" "p" {\n  policy = templatefile("${path.module}/p.tftpl", { bucket = "*" })\n}\n',
    'p.tftpl':
      '{ "Version": "2012-10-17", "Statement": [{ "Effect": "Allow", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::${bucket}/*" }] }\n',
  });
  const { out } = runIn(folder, ['check', '--format', 'json']);
  expect(placesOf(out)).toEqual(['p.tftpl:1:102 warning unscoped-resource']);
  expect(out).toContain('as `aws_iam_policy.p.policy` reads it');
  expect(runIn(folder, ['check', '--fix-dry-run']).out).toBe('');
});

test('modules that call each other, and ever more of themselves, end', () => {
  const many = Array.from({ length: 20 }, (_, i) => `module "m${i}" {\n  source = "../b"\n}\n`).join('');
  const files = Object.fromEntries(
    ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'].map((name, index, all) => [
      `${name}/main.tf`,
      many.replaceAll('"../b"', `"../${all[(index + 1) % all.length]}"`) + WRITER,
    ]),
  );
  const started = performance.now();
  expect(runIn(folderOf(files), ['check', '--format', 'json']).code).toBe(0);
  expect(performance.now() - started).toBeLessThan(20_000);
});
