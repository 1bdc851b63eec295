/**
 * The command line's entry: runs `command.js` beside it, with what V8 made of it when it was built. That saves a run more
 * than half of its own time; where this Node is another one than then, or has other flags, all is compiled as ever.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Script } from 'node:vm';

/** Set by the build alone: run as always, then write down what has been compiled. */
const WRITE = 'LEASTWISE_WRITE_COMPILED';

start(join(__dirname, 'command.js'), join(__dirname, 'command.compiled'));

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
