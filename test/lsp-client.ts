// The client's side of the language server for tests: the bundle in a process of its own, spoken to over standard input and
// output. Builds it before the tests of the file that imports this, and ends every process after each. Holds no expectations.
import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll } from 'vitest';
import {
  type ClientCapabilities,
  type CodeAction,
  ConfigurationRequest,
  createProtocolConnection,
  type Diagnostic,
  DiagnosticRefreshRequest,
  type DocumentDiagnosticReport,
  type Hover,
  LogMessageNotification,
  type ProtocolConnection,
  PublishDiagnosticsNotification,
  RegistrationRequest,
  StreamMessageReader,
  StreamMessageWriter,
  type TextDocumentContentChangeEvent,
} from 'vscode-languageserver/node';
import { bundle } from './bundles.ts';

/** What a client can do that pulls diagnostics. */
export const PULL: ClientCapabilities = {
  textDocument: {
    diagnostic: { relatedInformation: true },
    publishDiagnostics: { relatedInformation: true },
    hover: { contentFormat: ['markdown'] },
  },
  workspace: {
    configuration: true,
    diagnostics: { refreshSupport: true },
    workspaceEdit: { documentChanges: true },
    didChangeWatchedFiles: { dynamicRegistration: true },
  },
};

/** A folder for the tests' files, and the server in it. */
export const place = { folder: '', bundle: '' };
/** Those that are ended after the test. */
export const clients: Client[] = [];

/** Builds the server for the tests of one file, ends its clients after each and takes it away at the end. Each file calls it: this module is read once for all of them. `more` are bundles beside it. */
export function useServer(more: Readonly<Record<string, string>> = {}): void {
  beforeAll(async () => {
    place.folder = mkdtempSync(join(tmpdir(), 'leastwise-lsp-'));
    place.bundle = join(place.folder, 'bundle', 'server.js');
    await bundle({ server: 'server/src/lsp/main.ts', ...more }, join(place.folder, 'bundle'), true);
    cpSync('server/data/catalog.bin', join(place.folder, 'bundle', 'data', 'catalog.bin'));
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) await client.end();
  });
  afterAll(() => rmSync(place.folder, { recursive: true, force: true }));
}

/** A server process with the client's side of the connection. */
export class Client {
  readonly process: ChildProcess;
  readonly connection: ProtocolConnection;
  readonly log: string[] = [];
  readonly published = new Map<string, Diagnostic[]>();
  settings: unknown = {};
  private listeners: (() => void)[] = [];
  private refreshes = 0;
  private registrations = 0;
  private version = 0;

  constructor() {
    this.process = spawn(process.execPath, [place.bundle, '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
    const { stdin, stdout } = this.process;
    if (!stdin || !stdout) throw new Error('no pipes');
    this.connection = createProtocolConnection(new StreamMessageReader(stdout), new StreamMessageWriter(stdin));
    this.connection.onNotification(LogMessageNotification.type, ({ message }) => void this.log.push(message));
    this.connection.onNotification(PublishDiagnosticsNotification.type, ({ uri, diagnostics }) => {
      this.published.set(uri, diagnostics);
      this.tell();
    });
    this.connection.onRequest(ConfigurationRequest.type, ({ items }) => items.map(() => this.settings));
    this.connection.onRequest(RegistrationRequest.type, () => {
      this.registrations++;
      this.tell();
    });
    this.connection.onRequest(DiagnosticRefreshRequest.type, () => {
      this.refreshes++;
      this.tell();
    });
    this.connection.listen();
  }

  async start(
    capabilities: ClientCapabilities = PULL,
    initializationOptions: unknown = {},
    workspace?: string,
  ): Promise<unknown> {
    const { capabilities: server } = (await this.connection.sendRequest('initialize', {
      processId: null,
      rootUri: null,
      workspaceFolders: workspace === undefined ? null : [{ uri: workspace, name: 'workspace' }],
      capabilities,
      initializationOptions,
    } as object)) as { capabilities: unknown };
    await this.connection.sendNotification('initialized', {});
    return server;
  }

  /** Resolves when `ready` is true, looked at after each message that counts. */
  when(ready: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (!ready()) return;
        this.listeners = this.listeners.filter((listener) => listener !== look);
        resolve();
      };
      this.listeners.push(look);
      look();
    });
  }

  private tell(): void {
    for (const listener of [...this.listeners]) listener();
  }

  registered(): Promise<void> {
    return this.when(() => this.registrations >= 2);
  }

  /** Does something and waits for the server to ask for new pulls. */
  async refreshedBy(work: () => Promise<unknown> | unknown): Promise<void> {
    const before = this.refreshes;
    await work();
    await this.when(() => this.refreshes > before);
  }

  open(uri: string, text: string, languageId = 'json'): Promise<void> {
    return this.connection.sendNotification('textDocument/didOpen', {
      textDocument: { uri, languageId, version: ++this.version, text },
    });
  }

  change(uri: string, ...contentChanges: TextDocumentContentChangeEvent[]): Promise<void> {
    return this.connection.sendNotification('textDocument/didChange', {
      textDocument: { uri, version: ++this.version },
      contentChanges,
    });
  }

  close(uri: string): Promise<void> {
    return this.connection.sendNotification('textDocument/didClose', { textDocument: { uri } });
  }

  pull(uri: string, previousResultId?: string): Promise<DocumentDiagnosticReport> {
    return this.connection.sendRequest('textDocument/diagnostic', {
      textDocument: { uri },
      ...(previousResultId ? { previousResultId } : {}),
    });
  }

  async rules(uri: string): Promise<string[]> {
    return (await this.items(uri)).map(({ code }) => String(code));
  }

  async items(uri: string): Promise<Diagnostic[]> {
    const report = await this.pull(uri);
    return report.kind === 'full' ? report.items : [];
  }

  hover(uri: string, line: number, character: number): Promise<Hover | null> {
    return this.connection.sendRequest('textDocument/hover', { textDocument: { uri }, position: { line, character } });
  }

  actions(uri: string, range: Diagnostic['range'], diagnostics: Diagnostic[] = []): Promise<CodeAction[]> {
    return this.connection.sendRequest('textDocument/codeAction', {
      textDocument: { uri },
      range,
      context: { diagnostics },
    });
  }

  async end(): Promise<number | null> {
    const ended = new Promise<number | null>((resolve) => this.process.once('exit', resolve));
    if (this.process.exitCode !== null) return this.process.exitCode;
    await this.connection.sendRequest('shutdown').catch(() => undefined);
    await this.connection.sendNotification('exit').catch(() => undefined);
    return ended;
  }
}

/** A client that has said hello; it is ended after the test. */
export async function started(
  capabilities?: ClientCapabilities,
  options?: unknown,
  workspace?: string,
): Promise<Client> {
  const client = new Client();
  clients.push(client);
  await client.start(capabilities, options, workspace);
  return client;
}

let folders = 0;

/** A new folder with these files; gives the URI of a name in it. */
export function files(contents: Readonly<Record<string, string>>): (name: string) => string {
  const root = join(place.folder, `case-${++folders}`);
  mkdirSync(root);
  for (const [name, text] of Object.entries(contents)) {
    mkdirSync(join(root, name, '..'), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  return (name) => pathToFileURL(join(root, name)).href;
}
