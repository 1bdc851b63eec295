// A headless browser that can reach nothing but this machine, and reports what it would have asked of others.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Starts the runtime's browser in the folder `home`; `strangers` is the set of hosts that it was kept from asking. */
export async function startBrowser(runtime, home) {
  const context = await chromium.launchPersistentContext(join(home, 'profile'), {
    executablePath: runtime.browser,
    headless: true,
    args: flags,
    env: environment(runtime, home),
    viewport: { width: 1280, height: 800 },
  });
  const strangers = new Set();
  await context.route(
    (url) => !isLocal(url),
    (route) => {
      strangers.add(new URL(route.request().url()).host);
      return route.abort();
    },
  );
  return { context, strangers, close: () => context.close() };
}

function isLocal(url) {
  return url.hostname === '127.0.0.1' || url.hostname === 'localhost' || url.hostname.endsWith('.localhost');
}

/** Its own HOME and TMPDIR; the libraries and fonts that came with it, then the system's fonts. */
function environment({ libraries }, home) {
  const temporary = join(home, 'b');
  mkdirSync(temporary, { recursive: true });
  const own = { ...process.env, HOME: home, TMPDIR: temporary };
  if (!libraries) return own;
  const fonts = join(home, 'fonts.conf');
  const folders = ['/usr/share/fonts', libraries.fonts].map((folder) => `<dir>${folder}</dir>`).join('');
  writeFileSync(fonts, `<fontconfig>${folders}<cachedir>${join(temporary, 'fonts')}</cachedir></fontconfig>\n`);
  const shared = [libraries.shared, process.env.LD_LIBRARY_PATH].filter(Boolean).join(':');
  return { ...own, LD_LIBRARY_PATH: shared, FONTCONFIG_FILE: fonts };
}
