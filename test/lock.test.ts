// Guards the lock files: `npm ci` refuses one in which a package names another that has no entry, as happens when a
// registry lacks the packages of other platforms at the time of locking.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

interface Entry {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly resolved?: string;
}

test.each(['package-lock.json', 'e2e-runtime/package-lock.json'])('%s can be installed from any registry', (file) => {
  const packages: Readonly<Record<string, Entry>> = JSON.parse(readFileSync(file, 'utf8')).packages;
  const missing: string[] = [];
  let named = 0;
  for (const [path, entry] of Object.entries(packages)) {
    expect(entry.resolved, `${path} names a registry`).toBeUndefined();
    for (const name of Object.keys({ ...entry.dependencies, ...entry.optionalDependencies })) {
      named += 1;
      if (!isReachable(packages, path, name)) missing.push(`${path} wants ${name}`);
    }
  }
  expect(named).toBeGreaterThan(100);
  expect(missing).toEqual([]);
});

/** True when Node, asked for `name` in the package at `path`, would find it: in its own node_modules or one above. */
function isReachable(packages: Readonly<Record<string, Entry>>, path: string, name: string): boolean {
  const above = path === '' ? [] : path.split(/\/?node_modules\//).slice(1);
  for (let depth = above.length; depth >= 0; depth -= 1) {
    const folder = above
      .slice(0, depth)
      .map((part) => `node_modules/${part}/`)
      .join('');
    if (packages[`${folder}node_modules/${name}`]) return true;
  }
  return false;
}
