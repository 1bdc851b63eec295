/**
 * The command line's entry: runs `command.js` beside it, with what V8 made of it when it was built. That saves a run more
 * than half of its own time; where this Node is another one than then, or has other flags, all is compiled as ever.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { Script } from 'node:vm';

/** Set by the build alone: run as always, then write down what has been compiled. */
const WRITE = 'LEASTWISE_WRITE_COMPILED';

/**
 * How many bytes of bytecode a function runs before V8 optimizes it. A run is over within a second or two: with V8's own
 * figure, of some 66,000, a third of it went into optimizing what was thrown away again as soon as another policy came.
 */
const BYTES_BEFORE_OPTIMIZING = 1_000_000;

optimizeLater();
start(join(__dirname, 'command.js'), join(__dirname, 'command.compiled'));

/** Before anything is loaded, since what is compiled fits only the flags that it was compiled with. Only for the V8 that this was measured on: others may not know the flag, and would say so. */
function optimizeLater(): void {
  if (process.versions.v8.startsWith('11.3.')) setFlagsFromString(`--interrupt-budget=${BYTES_BEFORE_OPTIMIZING}`);
}

function start(path: string, compiled: string): void {
  const isBuilding = process.env[WRITE] === '1';
  const cachedData = isBuilding ? undefined : read(compiled);
  if (!isBuilding && !cachedData) {
    require(path);
    return;
  }
  // As Node itself wraps what it loads.
  const source = `(function (exports, require, module, __filename, __dirname) {${readFileSync(path, 'utf8')}\n})`;
  const script = new Script(source, { filename: path, ...(cachedData ? { cachedData } : {}) });
  const own = { exports: {} };
  script.runInThisContext()(own.exports, require, own, path, __dirname);
  if (isBuilding) writeFileSync(compiled, script.createCachedData());
}

/** V8 looks by itself whether the data fits the source and itself. */
function read(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}
