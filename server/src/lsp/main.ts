/** Entry of the language server's bundle: over the channel that the client names (`--node-ipc`, `--stdio`, `--socket=N`), else over standard input and output. */
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { catalogIn } from './catalog-file.ts';
import { serve } from './server.ts';

/** How far the heap may grow before V8 cleans up: by a fifth, where its default is to let it double. Keeps the server small in every editor. */
const TIDY = '--heap-growing-percent=20';

/**
 * How many bytes of bytecode a function runs before V8 optimizes it: some five times its default. While files are opened
 * half of the work went into optimizing what was soon thrown away again; the code and the data for it took 5 MB.
 */
const PATIENT = '--interrupt-budget=300000';

main();

function main(): void {
  setFlagsFromString(TIDY);
  setFlagsFromString(PATIENT);
  const named = process.argv.some((word) => /^--(node-ipc|stdio|socket|pipe)\b/.test(word));
  const connection = named
    ? createConnection(ProposedFeatures.all)
    : createConnection(ProposedFeatures.all, process.stdin, process.stdout);
  // A bug must not take the editor's other answers with it; without a client there is nobody to answer.
  process.on('uncaughtException', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED') process.exit(1);
    connection.console.error(`Unexpected: ${error.stack ?? error.message}`);
  });
  process.on('unhandledRejection', (reason) => connection.console.error(`Unexpected: ${String(reason)}`));
  serve(
    connection,
    catalogIn(join(__dirname, 'data', 'catalog.bin'), (line) => connection.console.error(line)),
  );
}
