// The parts of the test run. Each gives an outcome { passed, failed, skipped?, note?, details? }: numbers of tests, a
// few words for the summary, and what to show when something failed.
import { join } from 'node:path';
import { root } from '../ensure.mjs';
import { runAsTest, runForResult } from './run.mjs';

const program = (...path) => join(root, 'node_modules', ...path);

/** The compiler finds nothing. */
export const types = () => runAsTest([program('typescript', 'bin', 'tsc')]);

/** Formatter and linter find nothing. */
export const format = () =>
  runAsTest([program('@biomejs', 'biome', 'bin', 'biome'), 'check', '--error-on-warnings', '--colors=off']);

/** The bundles can be made. */
export const bundles = () => runAsTest([join(root, 'scripts', 'build.mjs')]);

/** The extension can be packed. */
export const extension = () => runAsTest([join(root, 'scripts', 'package.mjs')], (output) => output.trim());

/** VS Code, its Node and a browser are installed. */
export const runtime = () => endToEnd([process.execPath, join(root, 'scripts', 'vscode', 'install.mjs')]);

/** Unit tests, laws and pages. A file that cannot be loaded, or an error outside of any test, counts as one failure. */
export async function units() {
  const { code, output, result } = await runForResult(process.execPath, (file) => [
    program('vitest', 'vitest.mjs'),
    'run',
    '--reporter=dot',
    '--reporter=json',
    `--outputFile.json=${file}`,
  ]);
  if (!result) return { passed: 0, failed: 1, details: output };
  const unloaded = result.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  );
  const failed = result.numFailedTests + unloaded.length;
  return {
    passed: result.numPassedTests,
    failed: failed === 0 && code !== 0 ? 1 : failed,
    skipped: result.numPendingTests + result.numTodoTests,
    details: output,
  };
}

/** The suite inside the extension host; `wrap` is what the command is started by, such as one that cuts the network. */
export const suite = (wrap = []) => retried(() => endToEnd([...wrap, process.execPath, vscode('suite.mjs')]));

/** A person's steps on the packed extension. */
export const steps = (wrap = []) => retried(() => endToEnd([...wrap, process.execPath, vscode('ui.mjs')]));

const vscode = (name) => join(root, 'scripts', 'vscode', name);

/** Starts one of the programs of scripts/vscode, which report their own outcome. */
async function endToEnd([first, ...rest]) {
  const { output, result } = await runForResult(
    first,
    () => rest,
    (file) => ({ LEASTWISE_OUTCOME: file }),
  );
  return result ?? { passed: 0, failed: 1, details: output };
}

/** What runs in a browser gets a second chance, and the summary says so: the first failure is shown even then. */
async function retried(attempt) {
  const first = await attempt();
  if (first.failed === 0) return first;
  const second = await attempt();
  const note = `second attempt; in the first ${first.failed} failed`;
  return { ...second, note, details: second.details || first.details, show: true };
}
