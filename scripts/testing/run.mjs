// Runs one program of this project's tests and keeps what it says for the case that it fails.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../ensure.mjs';

/** Runs `program` in the project's folder; gives its exit `code` (1 when it could not start) and all `output`. */
export function run(program, args, variables = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: root,
      env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined, ...variables },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (chunk) => {
        output += chunk;
      });
    }
    child.once('error', (error) => resolve({ code: 1, output: String(error) }));
    child.once('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

/** Runs a program whose success is all that counts: an outcome of one test. `noteOf` makes a note of its output. */
export async function runAsTest(args, noteOf = () => '') {
  const { code, output } = await run(process.execPath, args);
  if (code === 0) return { passed: 1, failed: 0, note: noteOf(output) };
  return { passed: 0, failed: 1, details: output };
}

/**
 * Runs a program that writes its result as JSON into the file that `argsFor` is told; gives the `result`, undefined
 * when there is none, with exit code and output.
 */
export async function runForResult(program, argsFor, variablesFor = () => ({})) {
  const folder = mkdtempSync(join(tmpdir(), 'lw-'));
  const file = join(folder, 'result.json');
  try {
    const { code, output } = await run(program, argsFor(file), variablesFor(file));
    return { code, output, result: readResult(file) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readResult(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
