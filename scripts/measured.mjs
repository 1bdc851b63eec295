// What the scripts that measure real policies have in common: the core with its catalog, and the files of a folder.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ensure, root } from './ensure.mjs';

/**
 * The core as it stands in the sources: `load` for any of its modules, and the `context` of an analysis by the default
 * configuration. Bugs are told to `onBug`, on standard error where there is none.
 */
export async function openCore(onBug = (rule, path, error) => console.error(`BUG ${rule} on ${path}: ${error}`)) {
  ensure();
  const { createLoader } = await import('./load.mjs');
  const { load } = createLoader();
  const { openCatalog } = load('/server/src/catalog/catalog.ts');
  const { DEFAULT_CONFIG } = load('/server/src/config/config.ts');
  const { hostOf } = load('/server/src/hosts/index.ts');
  const bytes = readFileSync(join(root, 'server/data/catalog.bin'));
  const catalog = openCatalog((offset, length) => bytes.subarray(offset, offset + length));
  return { load, context: { catalog, hosts: hostOf, config: () => DEFAULT_CONFIG, onBug } };
}

/** The files in a folder, those of `node_modules` and `.git` aside, in the same order everywhere; a file is its own only one. */
export function filesIn(path) {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .filter(({ name }) => name !== 'node_modules' && name !== '.git')
    .flatMap(({ name }) => filesIn(join(path, name)));
}
