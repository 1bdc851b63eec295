/** The command `lsp`: hands the process over to the language server's own bundle. Loads it only when asked. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Flags } from './arguments.ts';
import { type ExitCode, Failure } from './failure.ts';

/** Starts the server, which reads the way to speak from the process's own arguments; it lives on after this returns. */
export function startServer(flags: Flags): ExitCode {
  if (!flags.has('stdio')) throw new Failure('`leastwise lsp` needs `--stdio`');
  const bundle = join(__dirname, 'server.js');
  if (!existsSync(bundle)) throw new Failure(`the language server is missing: there is no ${bundle}`);
  require(bundle);
  return 0;
}
