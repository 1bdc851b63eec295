// Of the YAML package only its parser goes into the bundles, and it is run with its first use: whoever checks JSON or
// Terraform never waits for it. `server/src/hosts/cloudformation/yaml/tokens.ts` is the one file that asks for it.
import { root } from './ensure.mjs';

/** A plugin of esbuild. */
export const parserOfYaml = {
  name: 'parser-of-yaml',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^yaml$/ }, () => ({ path: 'yaml', namespace: 'parser-of-yaml' }));
    onLoad({ filter: /^yaml$/, namespace: 'parser-of-yaml' }, () => ({
      resolveDir: root,
      contents: `export class Parser {
        constructor() {
          return new (require('./node_modules/yaml/dist/parse/parser.js').Parser)();
        }
      }`,
    }));
  },
};
