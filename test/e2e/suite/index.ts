// What VS Code calls as `extensionTestsPath`: runs the tests that fit the open folder and writes down what happened.
// The same bundle runs on a desktop and in the web build.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Mocha from 'mocha';
import * as vscode from 'vscode';
import { openFolder } from './editor.ts';

/** Runs the tests; rejects when one fails, which is how VS Code learns of it. The result goes to LEASTWISE_RESULTS. */
export async function run(): Promise<void> {
  // The tests of a window build on each other: after a failure the others have nothing to tell.
  const mocha = new Mocha({ ui: 'tdd', timeout: 20_000, color: false, bail: true });
  // The names `suite` and `test` exist from here on, so the files that use them are loaded after.
  mocha.suite.emit('pre-require', globalThis, '', mocha);
  const workspace = openFolder().name;
  if (workspace === 'plain') await import('./plain.test.ts');
  else if (workspace === 'aws') await import('./aws.test.ts');
  else await import('./policies.test.ts');
  const failures: { title: string; error: string }[] = [];
  const { passes, pending } = await new Promise<Mocha.Stats>((resolve) => {
    const runner = mocha.run(() => resolve(runner.stats as Mocha.Stats));
    runner.on('fail', (test, error) => failures.push({ title: test.fullTitle(), error: error.stack ?? error.message }));
  });
  const host = `VS Code ${vscode.version} ${vscode.env.uiKind === vscode.UIKind.Web ? 'web build' : 'desktop'}`;
  const result = { host, node: process.versions.node, passed: passes, skipped: pending, failures };
  const folder = process.env.LEASTWISE_RESULTS;
  if (folder) writeFileSync(join(folder, `${workspace}.json`), JSON.stringify(result));
  if (failures.length > 0) throw new Error(failures.map(({ title, error }) => `${title}: ${error}`).join('\n'));
}
