/** The server: connects the protocol to the workspace. Every handler answers something; what throws is logged with its file and answered empty. */
import {
  CancellationToken as Cancellation,
  type CancellationToken,
  type CodeAction,
  CodeActionKind,
  CodeActionTriggerKind,
  type Connection,
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  type DocumentDiagnosticParams,
  type DocumentDiagnosticReport,
  DocumentDiagnosticReportKind,
  type InitializeResult,
  LSPErrorCodes,
  ResponseError,
  TextDocumentSyncKind,
  TextDocuments,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { Catalog } from '../catalog/catalog.ts';
import { actionsFor, type Desk, diagnosticsFor, fixAllFor, hoverFor, statusFor, symbolsFor } from './answers.ts';
import { openAws } from './aws.ts';
import { type Client, readClient, UNKNOWN_CLIENT } from './client.ts';
import { completionsFor } from './completing.ts';
import { FIX_ALL, REFACTORS } from './convert.ts';
import { pathOf } from './paths.ts';
import { publisher } from './publish.ts';
import { chosenRefactor, refactorsFor, resolveRefactor } from './refactoring.ts';
import { readSettings, record, type Settings } from './settings.ts';
import { type Inspection, isConfiguration, openWorkspace } from './workspace.ts';

/** Serves a client until it ends the connection. */
export function serve(connection: Connection, catalog: Catalog): void {
  const documents = new TextDocuments(TextDocument);
  let client: Client = UNKNOWN_CLIENT;
  let settings = client.settings;
  let trusted = client.trusted;
  /** Counts whatever changes answers without changing a text. */
  let round = 0;
  const workspace = openWorkspace({
    catalog,
    document: (uri) => documents.get(uri),
    documents: () => documents.all(),
    settings: () => settings,
    folders: () => client.folders,
    today,
    onBug: bugLog((line) => connection.console.error(line)),
  });
  const aws = openAws({
    inspect: async (uri) => {
      await workspace.further(uri);
      return workspace.inspect(uri);
    },
    isTrusted: () => trusted,
    changed: () => again(),
  });
  const inspect = async (uri: string): Promise<Inspection | undefined> => {
    const inspection = await workspace.inspect(uri);
    return inspection && aws.beside(inspection);
  };
  const desk = (): Desk => ({ catalog, workspace, client, settings, trusted });
  const answer = <P extends { readonly textDocument: { readonly uri: string } }, R>(
    name: string,
    empty: R,
    handle: (inspection: Inspection, params: P) => R,
  ) => {
    return async (params: P, token: CancellationToken): Promise<R> => {
      try {
        const inspection = settings.enable ? await inspect(params.textDocument.uri) : undefined;
        if (token.isCancellationRequested) throw new ResponseError(LSPErrorCodes.RequestCancelled, 'cancelled');
        return inspection ? handle(inspection, params) : empty;
      } catch (error) {
        if (error instanceof ResponseError) throw error;
        connection.console.error(`${name} failed for ${params.textDocument?.uri}: ${stackOf(error)}`);
        return empty;
      }
    };
  };

  /** Waits a moment for the second wave; what it finds later is told when it is known. */
  const settle = async (uri: string) => {
    if (!settings.enable) return;
    const further = workspace.further(uri).catch((error) => {
      connection.console.error(`second wave failed for ${uri}: ${stackOf(error)}`);
      return false;
    });
    const known = further.then(() => 'known' as const);
    const patience = client.pullDiagnostics && !client.refreshDiagnostics ? [] : [later(PATIENCE)];
    if ((await Promise.race([known, ...patience])) === 'known') return;
    void further.then((found) => {
      if (found) again('others');
    });
  };

  const publish = publisher(connection, documents, async (uri) => {
    await settle(uri);
    const inspection = settings.enable ? await inspect(uri) : undefined;
    return inspection ? diagnosticsFor(inspection, desk()) : [];
  });
  const again = (everything: 'every document' | 'others' = 'every document') => {
    if (everything === 'every document') round++;
    if (!client.pullDiagnostics) publish.soon();
    else if (client.refreshDiagnostics) publish.refreshSoon();
  };
  const take = (fresh: Settings) => {
    const differs = JSON.stringify(fresh) !== JSON.stringify(settings);
    settings = fresh;
    if (differs) again();
  };
  const askSettings = async () => {
    if (client.configuration) take(readSettings(await connection.workspace.getConfiguration('leastwise')));
  };

  connection.onInitialize((params): InitializeResult => {
    client = readClient(params);
    settings = client.settings;
    trusted = client.trusted;
    return { capabilities: capabilitiesFor(client), serverInfo: { name: 'leastwise' } };
  });
  connection.onInitialized(() => {
    void register(connection, client)
      .then(askSettings)
      .catch((error) => connection.console.warn(`The client did not answer: ${String(error)}`));
  });
  connection.onDidChangeConfiguration(async ({ settings: sent }) => {
    if (client.configuration) await askSettings();
    else take(readSettings(record(sent).leastwise ?? sent));
  });
  connection.onDidChangeWatchedFiles(({ changes }) => {
    const known = changes.map(({ uri }) => workspace.changedOnDisk(uri) || !/\.(?:json|tpl|tftpl)$/i.test(uri));
    if (known.includes(true)) again();
  });
  connection.onNotification('leastwise/trust', (params: unknown) => {
    trusted = record(params).trusted === true;
    again();
  });

  documents.onDidOpen(({ document }) => void workspace.changedOnDisk(document.uri));
  documents.onDidSave(({ document }) => void workspace.changedOnDisk(document.uri));
  documents.onDidChangeContent(({ document }) => {
    if (isConfiguration(pathOf(document.uri))) again();
    else if (!client.pullDiagnostics || workspace.hasCompany(document.uri)) again('others');
  });
  documents.onDidClose(({ document }) => {
    workspace.closed(document.uri);
    publish.clear(document.uri);
    if (isConfiguration(pathOf(document.uri)) || workspace.hasCompany(document.uri)) again();
  });

  const results = resultIds();
  const diagnose = answer<DocumentDiagnosticParams, DocumentDiagnosticReport>(
    'diagnostics',
    { kind: DocumentDiagnosticReportKind.Full, items: [] },
    (inspection, params) => {
      const { analysis, callers } = inspection;
      const spoken = [analysis, ...callers.map((caller) => caller.analysis)].flatMap((one) =>
        one ? [results(one)] : [],
      );
      const resultId = analysis ? `${spoken.join('-')}.${round}` : undefined;
      if (resultId !== undefined && resultId === params.previousResultId)
        return { kind: DocumentDiagnosticReportKind.Unchanged, resultId };
      const items = diagnosticsFor(inspection, desk());
      return { kind: DocumentDiagnosticReportKind.Full, items, ...(resultId === undefined ? {} : { resultId }) };
    },
  );
  connection.languages.diagnostics.on(async (params, token) => {
    await settle(params.textDocument.uri);
    return diagnose(params, token);
  });
  connection.onHover(answer('hover', null, (inspection, params) => hoverFor(inspection, params.position, desk())));
  connection.onCompletion(
    answer('completion', [], (inspection, params) => completionsFor(inspection, params.position, desk())),
  );
  connection.onDocumentSymbol(answer('symbols', [], (inspection) => symbolsFor(inspection, desk())));
  connection.onCodeAction(
    answer('code actions', [], (inspection, { textDocument, range, context }) => {
      const { only } = context;
      const quick = only ? asksFor(only, CodeActionKind.QuickFix) : true;
      const asked = context.triggerKind !== CodeActionTriggerKind.Automatic;
      const isWanted = (kind: string) => (only ? asksFor(only, kind) : asked);
      return [
        ...(quick ? actionsFor(inspection, range, context.diagnostics, desk()) : []),
        ...refactorsFor(inspection, textDocument.uri, range, isWanted, desk()),
        ...(only && asksFor(only, FIX_ALL) ? fixAllFor(inspection, desk()) : []),
      ];
    }),
  );
  connection.onCodeActionResolve(async (action) => {
    const chosen = chosenRefactor(action);
    if (!chosen) return action;
    const resolved = await answer<typeof chosen, CodeAction | undefined>('refactor', undefined, (inspection) =>
      resolveRefactor(inspection, action, chosen, desk()),
    )(chosen, NEVER);
    if (!resolved) connection.window.showInformationMessage(`Not proved to keep access as it is: ${action.title}`);
    return resolved ?? action;
  });
  connection.onRequest(
    'leastwise/status',
    answer('status', null, (inspection) => statusFor(inspection, desk())),
  );
  aws.listen(connection);
  documents.listen(connection);
  connection.listen();
}

const NEVER = Cancellation.None;

/** Milliseconds that an answer waits for the second wave; policies of common size take less. */
const PATIENCE = 4;

function later(milliseconds: number): Promise<'later'> {
  return new Promise((resolve) => setTimeout(() => resolve('later'), milliseconds));
}

/** Whether one of the kinds that a client asks for is the kind, or one above it: `source` takes in `source.fixAll`. */
function asksFor(only: readonly string[], kind: string): boolean {
  return only.some((wanted) => wanted === '' || wanted === kind || kind.startsWith(`${wanted}.`));
}

function capabilitiesFor(client: Client): InitializeResult['capabilities'] {
  return {
    textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: true },
    hoverProvider: true,
    completionProvider: { triggerCharacters: [':', '"'] },
    documentSymbolProvider: { label: 'Leastwise' },
    codeActionProvider: {
      codeActionKinds: [CodeActionKind.QuickFix, ...REFACTORS, FIX_ALL],
      resolveProvider: client.resolvesEdits,
    },
    workspace: { workspaceFolders: { supported: true } },
    ...(client.pullDiagnostics
      ? { diagnosticProvider: { identifier: 'leastwise', interFileDependencies: true, workspaceDiagnostics: false } }
      : {}),
  };
}

async function register(connection: Connection, client: Client): Promise<void> {
  if (client.configuration)
    await connection.client.register(DidChangeConfigurationNotification.type, { section: 'leastwise' });
  if (!client.watchedFiles) return;
  await connection.client.register(DidChangeWatchedFilesNotification.type, {
    watchers: [{ globPattern: '**/*.{tf,tofu,tfvars,json,tpl,tftpl}' }],
  });
}

/** Numbers for analyses: the same analysis keeps its number. */
function resultIds(): (analysis: object) => number {
  const known = new WeakMap<object, number>();
  let last = 0;
  return (analysis) => {
    const id = known.get(analysis) ?? ++last;
    known.set(analysis, id);
    return id;
  };
}

/** Says each bug once a file: a rule that throws would else do so at every key. */
function bugLog(log: (line: string) => void): (rule: string, path: string, error: unknown) => void {
  const said = new Set<string>();
  return (rule, path, error) => {
    const line = `${rule} failed for ${path}: ${stackOf(error)}`;
    if (said.has(line) || said.size > 200) return;
    said.add(line);
    log(line);
  };
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function today(): string {
  const now = new Date();
  return `${now.getFullYear()}-${String(now.getMonth() + 1).padStart(2, '0')}-${String(now.getDate()).padStart(2, '0')}`;
}
