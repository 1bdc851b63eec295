// Starts the server build of VS Code on a free local port, in a home folder of its own that goes away with it.
// Never reads or writes the user's own VS Code, and asks nothing of the network.
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** A folder of its own under the system's temporary one; `remove` may be called twice. Its name is short: see startServer. */
export function scratch() {
  const folder = mkdtempSync(join(tmpdir(), 'lw-'));
  const remove = () => rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  return { folder, remove };
}

/** Installs a `.vsix` into `extensionsFolder`; throws with VS Code's own words when it refuses. */
export function installExtension(runtime, vsix, extensionsFolder) {
  const home = scratch();
  const flags = ['--install-extension', vsix, '--force', '--extensions-dir', extensionsFolder];
  const { status, stdout, stderr } = spawnSync(
    runtime.node,
    [join(runtime.vscode, 'out', 'server-main.js'), ...flags, '--server-data-dir', home.folder],
    { env: environment(home.folder), encoding: 'utf8' },
  );
  home.remove();
  if (status !== 0) throw new Error(`VS Code did not install ${vsix}: ${stdout}${stderr}`);
}

/**
 * Starts a server. `home` is a folder made by `scratch`, `extensions` the folder of installed extensions, `variables`
 * what the extension host shall find in its environment, `port` 0 for any free one, `driver` whether the window takes an
 * extension in development and its tests; notifications are hidden then. Gives the `url` of a window on a
 * folder, with a token that keeps other users and pages out, and `stop`, which ends the extension hosts too.
 */
export async function startServer(
  runtime,
  { home, extensions = join(home, 'extensions'), variables = {}, port = 0, driver = true },
) {
  writeSettings(home);
  const token = randomBytes(16).toString('hex');
  const flags = {
    host: '127.0.0.1',
    port,
    'connection-token': token,
    'telemetry-level': 'off',
    'server-data-dir': home,
    'extensions-dir': extensions,
  };
  const child = spawn(
    runtime.node,
    [
      join(runtime.vscode, 'out', 'server-main.js'),
      ...Object.entries(flags).flatMap(([name, value]) => [`--${name}`, String(value)]),
      '--accept-server-license-terms',
      '--disable-workspace-trust',
      // Without it a built workbench ignores extensionDevelopmentPath and extensionTestsPath.
      ...(driver ? ['--enable-smoke-test-driver'] : []),
    ],
    // A process group of its own, so that the extension hosts can be ended with it.
    { detached: true, stdio: ['ignore', 'pipe', 'pipe'], env: { ...environment(home), ...variables } },
  );
  const endAtOnce = () => signal(child, 'SIGKILL');
  process.prependOnceListener('exit', endAtOnce);
  const bound = await listening(child);
  const remote = (path) => `vscode-remote://localhost:${bound}${path}`;
  return {
    url: (folder, payload = {}) => {
      const remotes = Object.entries(payload).map(([name, path]) => [name, remote(path)]);
      const query = { tkn: token, folder, payload: JSON.stringify([...remotes, ['skipWelcome', 'true']]) };
      return `http://localhost:${bound}/?${new URLSearchParams(query)}`;
    },
    stop: async () => {
      signal(child, 'SIGTERM');
      for (let waited = 0; waited < 3000 && signal(child, 0); waited += 50) await pause(50);
      endAtOnce();
      process.off('exit', endAtOnce);
    },
  };
}

/** What the server and its children see: nothing of the user's, no gallery of extensions to ask. */
function environment(home) {
  // Sockets live in TMPDIR, and the path of a socket is at most 107 bytes.
  const temporary = join(home, 't');
  mkdirSync(temporary, { recursive: true });
  return { PATH: process.env.PATH, LANG: 'C.UTF-8', HOME: home, TMPDIR: temporary, EXTENSIONS_GALLERY: '{}' };
}

function writeSettings(home) {
  const settings = {
    'workbench.startupEditor': 'none',
    'workbench.tips.enabled': false,
    'workbench.enableExperiments': false,
    'workbench.secondarySideBar.defaultVisibility': 'hidden',
    'workbench.welcomePage.experimentalOnboarding': false,
    'chat.disableAIFeatures': true,
    'chat.commandCenter.enabled': false,
    'telemetry.telemetryLevel': 'off',
    'update.mode': 'none',
    'security.workspace.trust.enabled': false,
    'extensions.autoCheckUpdates': false,
    'extensions.autoUpdate': false,
    'extensions.ignoreRecommendations': true,
    'json.schemaDownload.enable': false,
    'editor.fontFamily': "'DejaVu Sans Mono', Menlo, Consolas, monospace",
    'files.autoSave': 'off',
    'git.enabled': false,
    'npm.autoDetect': 'off',
    'window.menuBarVisibility': 'compact',
  };
  const user = join(home, 'data', 'User');
  mkdirSync(user, { recursive: true });
  writeFileSync(join(user, 'settings.json'), JSON.stringify(settings, null, 2));
}

function listening(child) {
  return new Promise((resolve, reject) => {
    let output = '';
    const read = (chunk) => {
      output += chunk;
      if (process.env.DEBUG) process.stderr.write(chunk);
      const port = /Extension host agent listening on (\d+)/.exec(output);
      if (port) resolve(Number(port[1]));
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`VS Code's server ended with ${code}:\n${output.slice(-2000)}`)));
  });
}

/** Sends `name` to the whole group of `child`; false when nobody is left in it. Signal 0 only asks. */
function signal(child, name) {
  try {
    process.kill(-child.pid, name);
    return true;
  } catch {
    return false;
  }
}
