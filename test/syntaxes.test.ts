// Runs the grammar's own tests: each file of test/syntaxes with the injection of package.json over a base grammar that
// names strings as VS Code's grammars do.
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

test.each([
  ['policy.test.json', 'json', 30],
  ['module.test.tf', 'hcl', 10],
  ['template.test.yaml', 'yaml', 10],
] as const)('%s', async (file, base, least) => {
  const tool = 'node_modules/vscode-tmgrammar-test/dist/unit.js';
  const arguments_ = [tool, '--config', 'package.json', '-g', `test/syntaxes/base/${base}.tmLanguage.json`];
  const { stdout } = await promisify(execFile)(process.execPath, [...arguments_, `test/syntaxes/${file}`]);
  expect(stdout).toContain('run successfuly');
  // A test file without assertions runs successfully too.

  const assertions = (await readFile(`test/syntaxes/${file}`, 'utf8')).match(/^(\/\/|#)\s*\^+ /gm) ?? [];
  expect(assertions.length).toBeGreaterThanOrEqual(least);
});
