/** Pushes diagnostics to clients that do not ask for them, and asks the others to ask again. Never sends twice what stands. */
import type { Connection, Diagnostic, TextDocuments } from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';

/** What is sent later is gathered: any number of calls before it goes out count as one. */
export interface Publisher {
  /** Publishes for every open document. */
  soon(): void;
  /** Asks the client to pull again. */
  refreshSoon(): void;
  /** The document is closed: nothing is said of it any more. */
  clear(uri: string): void;
}

/** A publisher; `diagnose` answers for one open document. */
export function publisher(
  connection: Connection,
  documents: TextDocuments<TextDocument>,
  diagnose: (uri: string) => Promise<readonly Diagnostic[]>,
): Publisher {
  const sent = new Map<string, string>();
  const send = async (uri: string) => {
    const version = documents.get(uri)?.version;
    const diagnostics = [...(await diagnose(uri))];
    const now = documents.get(uri)?.version;
    if (now === undefined || now !== version) return;
    const content = JSON.stringify(diagnostics);
    if (sent.get(uri) === content || (diagnostics.length === 0 && !sent.has(uri))) return;
    sent.set(uri, content);
    await connection.sendDiagnostics({ uri, version: now, diagnostics });
  };
  const logged = (what: string, work: Promise<unknown>) =>
    work.catch((error) => connection.console.error(`${what} failed: ${String(error)}`));
  return {
    soon: gathered(0, () => {
      for (const { uri } of documents.all()) void logged(`diagnostics of ${uri}`, send(uri));
    }),
    refreshSoon: gathered(300, () => void logged('refresh', connection.languages.diagnostics.refresh())),
    clear: (uri) => {
      if (sent.delete(uri)) void logged('clear', connection.sendDiagnostics({ uri, diagnostics: [] }));
    },
  };
}

/** Calls `work` once, so long after the last call; with 0 at the end of the turn. */
function gathered(milliseconds: number, work: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(work, milliseconds);
  };
}
