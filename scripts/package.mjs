// Packs leastwise.vsix from what dist/ holds, without the network. What goes in is the allow-list of .vscodeignore.
import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { ensure, root } from './ensure.mjs';

ensure();
const { status, stdout, stderr } = spawnSync(
  process.execPath,
  [join(root, 'node_modules', '@vscode', 'vsce', 'vsce'), 'package', '--no-dependencies', '--out', 'leastwise.vsix'],
  { cwd: root, encoding: 'utf8' },
);
if (status !== 0) {
  console.error(stdout, stderr);
  process.exit(1);
}
console.log(`leastwise.vsix  ${(statSync(join(root, 'leastwise.vsix')).size / 1024).toFixed(1)} kB`);
