// Opens a real VS Code with this extension on examples/: the desktop one where there is one, else the web build in a browser.
//   --web         the web build in any case      --port N   where to serve it (default: any free port)
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ensure, root } from './ensure.mjs';

ensure();
const { parseArgs } = await import('node:util');
const { values } = parseArgs({ options: { web: { type: 'boolean' }, port: { type: 'string', default: '0' } } });
const windows = process.platform === 'win32';
const display = windows || process.platform === 'darwin' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY;
const examples = join(root, 'examples');
const folder = existsSync(examples) ? examples : root;

if (
  spawnSync(process.execPath, [join(root, 'scripts', 'build.mjs')], { stdio: ['ignore', 'ignore', 'inherit'] }).status
) {
  process.exit(1);
}
if (!values.web && display && hasDesktop()) openDesktop();
else await serve();

function hasDesktop() {
  return spawnSync('code', ['--version'], { shell: windows, stdio: 'ignore' }).status === 0;
}

/** `--wait` keeps us until the window closes; Ctrl+C ends both. */
function openDesktop() {
  console.log(`Opening VS Code on ${folder} (close its window, or press Ctrl+C, to end)`);
  const paths = [`--extensionDevelopmentPath=${root}`, folder].map((path) => (windows ? `"${path}"` : path));
  spawn('code', ['--new-window', '--wait', ...paths], { stdio: 'inherit', shell: windows }).once('exit', (code) => {
    process.exitCode = code ?? 1;
  });
}

async function serve() {
  const { installRuntime } = await import('./vscode/runtime.mjs');
  const { scratch, startServer } = await import('./vscode/server.mjs');
  const runtime = installRuntime();
  const home = scratch();
  process.once('exit', home.remove);
  const server = await startServer(runtime, { home: home.folder, port: Number(values.port) });
  const url = server.url(folder, { extensionDevelopmentPath: root });
  console.log(`VS Code with this extension is at\n\n  ${url}\n\nCtrl+C ends it.`);
  if (display) openBrowser(url);
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.once(name, async () => {
      await server.stop();
      process.exit(0);
    });
  }
}

/** Only a convenience: the address is on the screen. */
function openBrowser(url) {
  const [program, ...args] = windows
    ? ['cmd', '/c', 'start', '""', url.replaceAll('&', '^&')]
    : [process.platform === 'darwin' ? 'open' : 'xdg-open', url];
  spawn(program, args, { stdio: 'ignore', detached: true })
    .on('error', () => {})
    .unref();
}
