/** Entry of the language server's bundle: over the channel that the client names (`--node-ipc`, `--stdio`, `--socket=N`), else over standard input and output. */
import { join } from 'node:path';
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { catalogIn } from './catalog-file.ts';
import { serve } from './server.ts';

main();

function main(): void {
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
