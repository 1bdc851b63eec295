// Makes a fresh clone usable: installs the locked dependencies when they are missing or not those of the lock file.
// Imports only `node:` built-ins, and never touches an installation that fits.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { npm } from './npm.mjs';

/** The project's folder, absolute. */
export const root = fileURLToPath(new URL('..', import.meta.url));

/** Installs what is missing; ends the process with one clear sentence when this Node is too old or the installation fails. */
export function ensure() {
  if (Number(process.versions.node.split('.')[0]) < 20) {
    fail(`Leastwise needs Node 20 or later; this is Node ${process.versions.node}.`);
  }
  if (isInstalled(root)) return;
  console.error('Installing the dependencies (npm ci) ...');
  // Scripts stay off: npm 11 blocks them by default, and nothing here needs one.
  const { status } = npm(root, ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']);
  if (status !== 0) fail('The dependencies could not be installed: see the message of npm above.');
}

/** True when `folder/node_modules` holds exactly the versions of `folder/package-lock.json`, optional packages aside. */
function isInstalled(folder) {
  const wanted = packagesOf(join(folder, 'package-lock.json'));
  const present = packagesOf(join(folder, 'node_modules', '.package-lock.json'));
  return Object.entries(wanted).every(
    ([path, entry]) =>
      path === '' || entry.optional || entry.devOptional || present[path]?.integrity === entry.integrity,
  );
}

function packagesOf(lockFile) {
  try {
    return JSON.parse(readFileSync(lockFile, 'utf8')).packages;
  } catch {
    return {};
  }
}

function fail(sentence) {
  console.error(sentence);
  process.exit(1);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) ensure();
