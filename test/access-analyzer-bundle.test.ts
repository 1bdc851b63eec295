/** What asks AWS is a bundle of its own: nothing of it is in the others, and they run without it until somebody asks. */
import { spawnSync } from 'node:child_process';
import { cpSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { CREDENTIALS } from './access-analyzer.ts';
import { bundle } from './bundles.ts';
import { ROOT } from './context.ts';
import { FINE, openWorkspace, WARNED } from './terminal.ts';

const { folderOf, root } = openWorkspace();
const dist = join(root, 'package', 'dist');

beforeAll(async () => {
  await bundle({ cli: 'server/src/cli/main.ts', analyzer: 'server/src/analyzer/main.ts' }, dist, true);
  cpSync(join(ROOT, 'server', 'data', 'catalog.bin'), join(dist, 'data', 'catalog.bin'));
});

function cli(variables: Readonly<Record<string, string>>, ...args: readonly string[]) {
  const env = { ...process.env, ...CREDENTIALS, NODE_OPTIONS: '', ...variables };
  const folder = folderOf({ 'p.json': FINE, 'q.json': WARNED });
  return spawnSync(process.execPath, [join(dist, 'cli.js'), ...args], { cwd: folder, env, encoding: 'utf8' });
}

test('no other bundle holds any of it', async () => {
  const entries = {
    client: 'client/src/extension.ts',
    server: 'server/src/lsp/main.ts',
    cli: 'server/src/cli/main.ts',
    api: 'server/src/api.ts',
  };
  const { outputs } = await bundle(entries, dist, false);
  const inputs = Object.values(outputs).flatMap((output) => Object.keys(output.inputs));
  expect(inputs.length).toBeGreaterThan(500);
  expect(inputs.filter((file) => /@aws-sdk|@smithy|server\/src\/analyzer/.test(file))).toEqual([]);
});

test('the SDK says nothing about the version of Node, and the command line ends by itself', () => {
  const { stderr, stdout, status } = cli({}, 'validate', '--endpoint', 'http://127.0.0.1:9', 'p.json');
  expect(stderr).toMatch(/^leastwise: [^\n]+ECONNREFUSED[^\n]+\n$/);
  expect(stdout).toBe('No findings in 1 policy (1 file).\n');
  expect(status).toBe(2);
});

test('nothing is printed where a profile and keys are both in the environment', () => {
  const { stderr } = cli({ AWS_PROFILE: 'tool' }, 'validate', '--endpoint', 'http://127.0.0.1:9', 'p.json');
  expect(stderr).toMatch(/^leastwise: [^\n]+\n$/);
});

test('check needs none of it', () => {
  renameSync(join(dist, 'analyzer.js'), join(dist, 'gone.js'));
  try {
    expect(cli({}, 'check', 'q.json')).toMatchObject({ status: 1, stderr: '' });
    expect(cli({}, 'validate', 'p.json')).toMatchObject({ status: 2, stdout: '' });
  } finally {
    renameSync(join(dist, 'gone.js'), join(dist, 'analyzer.js'));
  }
});
