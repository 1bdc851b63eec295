// Loads the project's TypeScript without a build, one module at a time, so that a script may put another text in a
// module's place. Imports only `node:` built-ins and esbuild.
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import vm from 'node:vm';
import { transformSync } from 'esbuild';
import { root } from './ensure.mjs';

/** A loader with a memory of its own: `load` gives the exports of a file of the project, `evaluate` those of a text that stands in its place. */
export function createLoader() {
  const loaded = new Map();
  const load = (file) => {
    const path = join(root, file);
    const known = loaded.get(path);
    if (known) return known.exports;
    const module = { exports: {} };
    loaded.set(path, module);
    run(path, readFileSync(path, 'utf8'), module);
    return module.exports;
  };
  const evaluate = (file, text) => {
    const module = { exports: {} };
    run(join(root, file), text, module);
    return module.exports;
  };
  return { load, evaluate };

  function run(path, text, module) {
    const loader = path.endsWith('.json') ? 'json' : 'ts';
    const { code } = transformSync(text, { loader, format: 'cjs', target: 'node20', sourcefile: path });
    const wrapped = vm.compileFunction(code, ['module', 'exports', 'require'], { filename: path });
    wrapped(module, module.exports, requireFrom(path));
  }

  function requireFrom(path) {
    const outside = createRequire(path);
    return (name) => {
      if (!name.startsWith('.')) return outside(name);
      const target = join(dirname(path), name);
      if (!existsSync(target)) throw new Error(`${path} imports ${name}, which is not there`);
      return load(target.slice(root.length));
    };
  }
}
