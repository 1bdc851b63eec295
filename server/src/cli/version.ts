/** The program's own name and version, from its `package.json`. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The package's folder: above `dist/`, or above `server/src/cli/`. */
export function packageFolder(): string {
  return __dirname.replaceAll('\\', '/').endsWith('server/src/cli')
    ? join(__dirname, '..', '..', '..')
    : join(__dirname, '..');
}

/** The version, `0.0.0` where there is no `package.json`. */
export function version(): string {
  try {
    const manifest: unknown = JSON.parse(readFileSync(join(packageFolder(), 'package.json'), 'utf8'));
    return typeof manifest === 'object' && manifest !== null && 'version' in manifest
      ? String(manifest.version)
      : '0.0.0';
  } catch {
    return '0.0.0';
  }
}
