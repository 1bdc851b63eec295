// Runs test/e2e/ui.mjs: a browser on a VS Code in which leastwise.vsix is installed, as users have it.
// Keeps the screenshots in shots/.
import { cpSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { aboutDeploy, uiTests } from '../../test/e2e/ui.mjs';
import { ready } from '../../test/e2e/workbench.mjs';
import { root } from '../ensure.mjs';
import { createLoader } from '../load.mjs';
import { startBrowser } from './browser.mjs';
import { report } from './outcome.mjs';
import { installRuntime, Unavailable } from './runtime.mjs';
import { installExtension, scratch, startServer } from './server.mjs';
import { shotFile, shotsFolder } from './shots.mjs';

await report(async () => {
  try {
    return await runAll(installRuntime());
  } catch (error) {
    if (error instanceof Unavailable) return { passed: 0, failed: 0, skipped: uiTests.length, note: error.message };
    throw error;
  }
});

async function runAll(runtime) {
  const place = scratch();
  process.once('exit', place.remove);
  const extensions = join(place.folder, 'installed');
  installExtension(runtime, join(root, 'leastwise.vsix'), extensions);
  const folder = workFolder(place.folder);
  const { CREDENTIALS, startStub, ...said } = createLoader().load('test/access-analyzer.ts');
  const aws = await startStub((asked) => aboutDeploy(asked, said));
  const variables = { ...CREDENTIALS, AWS_ENDPOINT_URL_ACCESSANALYZER: aws.url };
  const server = await startServer(runtime, { home: place.folder, extensions, variables, driver: false });
  const browser = await startBrowser(runtime, place.folder);
  try {
    const page = await browser.context.newPage();
    page.setDefaultTimeout(30_000);
    await page.goto(server.url(folder));
    await ready(page);
    const outcome = await runTests(page, folder, aws);
    for (const host of browser.strangers) fail(outcome, 'nothing but this machine is asked', `asked: ${host}`);
    if (browser.strangers.size === 0) outcome.passed += 1;
    return outcome;
  } finally {
    await browser.close();
    await server.stop();
    await aws.close();
  }
}

/** All fixtures in one folder, copied: the tests change them. */
function workFolder(home) {
  const fixtures = join(root, 'test', 'e2e', 'fixtures');
  const folder = join(home, 'policies');
  for (const name of readdirSync(fixtures)) cpSync(join(fixtures, name), folder, { recursive: true });
  cpSync(join(root, 'test', 'e2e', 'narrowing'), folder, { recursive: true });
  return folder;
}

/** Runs the tests in order. One builds on the other, so what follows a failure is not run and counts as failed. */
async function runTests(page, folder, aws) {
  const outcome = { passed: 0, failed: 0, note: `screenshots in ${shotsFolder}/`, details: '' };
  const shoot = async (name) => {
    await page.screenshot({ path: shotFile(name) });
  };
  for (const { name, run } of uiTests) {
    if (outcome.failed > 0) {
      fail(outcome, name, 'not run, because a test before it failed');
      continue;
    }
    try {
      await run({ page, folder, shoot, aws });
      outcome.passed += 1;
    } catch (error) {
      await shoot('failure');
      fail(outcome, name, error.stack);
    }
  }
  return outcome;
}

function fail(outcome, name, text) {
  outcome.failed += 1;
  outcome.details += `${name}\n${text}\n`;
}
