// Runs the suite of test/e2e/suite inside the extension host of a real VS Code: of a desktop where one can be had, else
// of the web build. The same bundle, dist/test/index.js, runs in both; LEASTWISE_E2E=desktop|web decides otherwise.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'node:util';
import { root } from '../ensure.mjs';
import { startBrowser } from './browser.mjs';
import { report } from './outcome.mjs';
import { installRuntime, Unavailable } from './runtime.mjs';
import { scratch, startServer } from './server.mjs';
import { shotFile } from './shots.mjs';

const tests = join(root, 'dist', 'test', 'index.js');
/** One window is opened for each: what activates the extension must be seen in a window of its own. */
const workspaces = readdirSync(join(root, 'test', 'e2e', 'fixtures'));
const patience = 60_000;

await report(async () => {
  const place = scratch();
  process.once('exit', place.remove);
  const results = join(place.folder, 'results');
  mkdirSync(results);
  cpSync(join(root, 'test', 'e2e', 'fixtures'), join(place.folder, 'work'), { recursive: true });
  const desktop = await desktopAvailable();
  try {
    const problems = desktop ? await onDesktop(place.folder, results) : await inWebBuild(place.folder, results);
    return outcomeOf(results, problems);
  } catch (error) {
    if (error instanceof Unavailable) return { passed: 0, failed: 0, skipped: 1, note: error.message };
    throw error;
  }
});

/** True when a desktop VS Code is asked for, or there is a display and one named, downloaded before or within reach. */
async function desktopAvailable() {
  const { LEASTWISE_E2E, LEASTWISE_VSCODE, DISPLAY, WAYLAND_DISPLAY } = process.env;
  if (LEASTWISE_E2E) return LEASTWISE_E2E === 'desktop';
  if (process.platform === 'linux' && !DISPLAY && !WAYLAND_DISPLAY) return false;
  if (LEASTWISE_VSCODE) return true;
  try {
    const releases = 'https://update.code.visualstudio.com/api/releases/stable';
    return (await fetch(releases, { signal: AbortSignal.timeout(3000) })).ok;
  } catch {
    return false;
  }
}

async function onDesktop(folder, results) {
  const { runTests } = await import('@vscode/test-electron');
  const problems = [];
  for (const name of workspaces) {
    const code = await runTests({
      vscodeExecutablePath: process.env.LEASTWISE_VSCODE,
      extensionDevelopmentPath: root,
      extensionTestsPath: tests,
      launchArgs: [join(folder, 'work', name), '--disable-extensions', '--disable-workspace-trust', '--skip-welcome'],
      extensionTestsEnv: { LEASTWISE_RESULTS: results },
    }).catch(String);
    if (code !== 0) problems.push({ name, text: `VS Code ended with ${code}` });
  }
  return problems;
}

async function inWebBuild(folder, results) {
  const runtime = installRuntime();
  const server = await startServer(runtime, { home: folder, variables: { LEASTWISE_RESULTS: results } });
  const browser = await startBrowser(runtime, folder);
  const problems = [];
  try {
    for (const name of workspaces) {
      const url = server.url(join(folder, 'work', name), { extensionDevelopmentPath: root, extensionTestsPath: tests });
      const text = await runWindow(browser.context, url, name);
      if (text) problems.push({ name, text });
    }
  } finally {
    await browser.close();
    await server.stop();
  }
  for (const host of browser.strangers) problems.push({ name: 'network', text: `the page asked ${host}` });
  return problems;
}

/** Opens one window and waits until VS Code says that the suite has ended; gives what went wrong, or undefined. */
async function runWindow(context, url, name) {
  const page = await context.newPage();
  const log = [];
  await page.exposeFunction('codeAutomationLog', (_type, words) => log.push(format(...[words].flat())));
  const ended = new Promise((resolve) => page.exposeFunction('codeAutomationExit', resolve));
  await page.goto(url);
  let timer;
  const late = new Promise((resolve) => {
    timer = setTimeout(resolve, patience, 'late');
  });
  const code = await Promise.race([ended, late]);
  clearTimeout(timer);
  if (code !== 0) {
    await page.screenshot({ path: shotFile(`suite-${name}-failure`) });
  }
  await page.close();
  if (code === 'late') return `no end after ${patience / 1000} s\n${log.slice(-20).join('\n')}`;
  return code === 0 ? undefined : `VS Code ended with ${code}\n${process.env.DEBUG ? log.join('\n') : ''}`;
}

/** Adds up the result files. A window without one, or one that failed with no failed test, is itself a failure. */
function outcomeOf(results, problems) {
  const total = { passed: 0, failed: 0, skipped: 0, note: '', details: '' };
  for (const name of workspaces) {
    const file = join(results, `${name}.json`);
    const result = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
    if (!result) problems.push({ name, text: 'the suite did not run' });
    total.passed += result?.passed ?? 0;
    total.failed += result?.failures.length ?? 0;
    total.skipped += result?.skipped ?? 0;
    for (const failure of result?.failures ?? []) total.details += `${name}: ${failure.title}\n${failure.error}\n`;
    if (result) total.note = `${result.host}, Node ${result.node}`;
  }
  for (const { name, text } of problems) total.details += `${name}: ${text}\n`;
  if (total.failed === 0) total.failed = problems.length;
  return total;
}
