// Bundles everything that runs into dist/: what ships is what the tests run. Writes nowhere else.
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { analyzerApart } from './analyzer-apart.mjs';
import { ensure, root } from './ensure.mjs';
import { parserOfYaml } from './yaml-parser.mjs';

ensure();
const { build } = await import('esbuild');

const output = join(root, 'dist');
/** Source by the bundle that it becomes. */
const entries = {
  client: 'client/src/extension.ts',
  server: 'server/src/lsp/main.ts',
  cli: 'server/src/cli/start.ts',
  command: 'server/src/cli/main.ts',
  api: 'server/src/api.ts',
  analyzer: 'server/src/analyzer/main.ts',
  'test/index': 'test/e2e/suite/index.ts',
};
const options = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  minify: true,
  sourcemap: 'linked',
  // jsonc-parser's `main` is UMD, which cannot be bundled; its `module` can.
  mainFields: ['module', 'main'],
  external: ['vscode', 'mocha'],
  plugins: [parserOfYaml, analyzerApart],
  // What is loaded later is required: the command line is run as a script, which cannot import.
  supported: { 'dynamic-import': false },
  logLevel: 'warning',
};

rmSync(output, { recursive: true, force: true });
try {
  await Promise.all(
    Object.entries(entries).map(([name, source]) =>
      build({
        ...options,
        entryPoints: [source],
        outfile: join(output, `${name}.js`),
        ...(name === 'cli' ? { banner: { js: '#!/usr/bin/env node' } } : {}),
        // What fails in a test shall be readable.
        ...(name.startsWith('test/') ? { minify: false } : {}),
      }),
    ),
  );
} catch {
  // esbuild has said what is wrong.
  process.exit(1);
}
chmodSync(join(output, 'cli.js'), 0o755);
copyCatalog();
compileCommand();
for (const name of Object.keys(entries)) console.log(sizeOf(`${name}.js`));

/** Lets V8 compile what a check needs, by checking the examples, and keeps it beside the command line; see server/src/cli/start.ts. */
function compileCommand() {
  const { status, error } = spawnSync(
    process.execPath,
    [join(output, 'cli.js'), 'check', '--level', 'info', join(root, 'examples', 'over-wide')],
    { cwd: root, env: { ...process.env, LEASTWISE_WRITE_COMPILED: '1' }, stdio: ['ignore', 'ignore', 'inherit'] },
  );
  if (status !== 0 && status !== 1) throw error ?? new Error(`the built command line ends with ${status}`);
  console.log(sizeOf('command.compiled'));
}

/** The bundles read the catalog from beside themselves. */
function copyCatalog() {
  const data = join(root, 'server', 'data');
  for (const file of readdirSync(data).filter((name) => name.endsWith('.bin'))) {
    cpSync(join(data, file), join(output, 'data', file));
    console.log(sizeOf(`data/${file}`));
  }
}

function sizeOf(name) {
  return `dist/${name}  ${(statSync(join(output, name)).size / 1024).toFixed(1)} kB`;
}
