// Makes the README's pictures from a real run: `npm run picture` opens examples/over-wide in VS Code and takes them.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ensure, root } from './ensure.mjs';

ensure();
const { hoverOver, offerQuickFix, openFile, ready } = await import('../test/e2e/workbench.mjs');
const { startBrowser } = await import('./vscode/browser.mjs');
const { installRuntime } = await import('./vscode/runtime.mjs');
const { scratch, startServer } = await import('./vscode/server.mjs');

spawnSync(process.execPath, [join(root, 'scripts', 'build.mjs')], { stdio: ['ignore', 'ignore', 'inherit'] });
const images = join(root, 'docs', 'images');
mkdirSync(images, { recursive: true });
const runtime = installRuntime();
const place = scratch();
const folder = join(place.folder, 'over-wide');
cpSync(join(root, 'examples', 'over-wide'), folder, { recursive: true });
cpSync(join(folder, 'terraform', 'main.tf'), join(folder, 'main.tf'));
const server = await startServer(runtime, { home: place.folder });
const browser = await startBrowser(runtime, place.folder);
try {
  const page = await browser.context.newPage();
  page.setDefaultTimeout(40_000);
  await page.goto(server.url(folder, { extensionDevelopmentPath: root }));
  await ready(page);
  const shoot = async (name) => {
    await page.screenshot({ path: join(images, `${name}.png`) });
    console.log(`docs/images/${name}.png`);
    await page.keyboard.press('Escape');
  };
  await openFile(page, 'main.tf');
  await page.waitForSelector('.editor-instance [class*="squiggly-"]');
  await hoverOver(page, 's3:Put*', /manage/);
  await shoot('terraform');
  await offerQuickFix(page, 'ecr:*', /Narrow .* to pushing images/);
  await shoot('narrow');
  await page.keyboard.press('Control+Shift+M');
  await page.locator('.markers-panel .monaco-list-row').first().waitFor();
  await shoot('problems');
} finally {
  await browser.close();
  await server.stop();
  place.remove();
}
