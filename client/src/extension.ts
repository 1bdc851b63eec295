/** The extension: starts the language server once there is a document that may hold a policy. Knows no IAM and reads no files. */
import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import { awsCommands } from './aws.ts';
import { explain, type StatusAnswer, statusItem } from './status.ts';

/** Documents that are sent to the server. Those of Terraform and CloudFormation are found by name: their languages belong to other extensions. */
const SELECTOR = ['file', 'untitled', 'vscode-vfs'].flatMap((scheme) => [
  { scheme, language: 'json' },
  { scheme, language: 'jsonc' },
  { scheme, language: 'yaml' },
  { scheme, language: 'cloudformation' },
  { scheme, pattern: '**/*.{tf,tofu,tpl,tftpl,yaml,yml,template}' },
]);

const RULE_PAGES = 'https://github.com/leastwise/leastwise/blob/main/docs/rules/';

/**
 * What keeps the server small and costs no time: an eighth of the megabytes that V8 by default fills with new objects before
 * it cleans up, one thread of V8's beside the main one instead of four, and one pool of memory for all threads (glibc only).
 */
const SMALL = { execArgv: ['--max-semi-space-size=2', '--v8-pool-size=1'], env: { MALLOC_ARENA_MAX: '1' } };

/** Called by VS Code when one of the activation events comes. Costs little: the client's code is run with the first server. */
export function activate(context: vscode.ExtensionContext): void {
  const log = vscode.window.createOutputChannel('Leastwise', { log: true });
  const server = serverOf(context, log);
  const status = statusItem(SELECTOR, (uri) => server.status(uri));
  const look = (document: vscode.TextDocument) => {
    if (mayHoldPolicy(document)) void server.start();
  };
  context.subscriptions.push(
    log,
    status,
    vscode.workspace.onDidOpenTextDocument(look),
    // A policy that is typed into a new file makes itself known as it grows.
    vscode.workspace.onDidChangeTextDocument(({ document }) => {
      if (!server.isStarted()) look(document);
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(() => server.trust()),
    vscode.commands.registerCommand('leastwise.restart', () => server.restart()),
    vscode.commands.registerCommand('leastwise.showLog', () => log.show()),
    vscode.commands.registerCommand('leastwise.explainFile', () => explainActive(server, log)),
    vscode.commands.registerCommand('leastwise.openRule', openRule),
    awsCommands({ client: () => server.start(), status: (uri) => server.status(uri), log, selector: SELECTOR }),
    { dispose: () => void server.stop() },
  );
  vscode.workspace.textDocuments.forEach(look);
}

/** The language server's process, started at most once at a time. */
interface Server {
  start(): Promise<LanguageClient | undefined>;
  stop(): Promise<void>;
  restart(): Promise<void>;
  isStarted(): boolean;
  /** Undefined where the server does not run or does not know the document. */
  status(uri: vscode.Uri): Promise<StatusAnswer | undefined>;
  trust(): void;
}

function serverOf(context: vscode.ExtensionContext, log: vscode.LogOutputChannel): Server {
  let running: Promise<LanguageClient | undefined> | undefined;
  const start = () => {
    running ??= launch(context, log).catch((error) => {
      log.error(`The language server did not start: ${String(error)}`);
      return undefined;
    });
    return running;
  };
  const stop = async () => {
    const client = await running;
    running = undefined;
    await client?.dispose();
  };
  return {
    start,
    stop,
    restart: async () => {
      await stop();
      await start();
    },
    isStarted: () => running !== undefined,
    status: async (uri) => {
      const client = await running;
      const answer = await client?.sendRequest<StatusAnswer | null>('leastwise/status', {
        textDocument: { uri: uri.toString() },
      });
      return answer ?? undefined;
    },
    trust: () => void running?.then((client) => client?.sendNotification('leastwise/trust', { trusted: true })),
  };
}

async function launch(context: vscode.ExtensionContext, log: vscode.LogOutputChannel): Promise<LanguageClient> {
  const { LanguageClient: Client, TransportKind } = await import('vscode-languageclient/node');
  const module = context.asAbsolutePath('dist/server.js');
  const client = new Client(
    'leastwise',
    'Leastwise',
    {
      run: { module, transport: TransportKind.ipc, options: SMALL },
      debug: { module, transport: TransportKind.ipc, options: { execArgv: ['--nolazy', '--inspect=6009'] } },
    },
    {
      documentSelector: SELECTOR,
      outputChannel: log,
      traceOutputChannel: log,
      diagnosticCollectionName: 'leastwise',
      diagnosticPullOptions: { onChange: true, onFocus: true },
      initializationOptions: {
        trusted: vscode.workspace.isTrusted,
        settings: { enable: setting('enable'), preset: setting('preset'), level: setting('level') },
      },
    },
  );
  await client.start();
  return client;
}

function setting(name: string): unknown {
  return vscode.workspace.getConfiguration('leastwise').get(name);
}

/** Cheap, and never wrong about a document that matters: without statements and effects neither JSON nor YAML holds a policy. */
function mayHoldPolicy(document: vscode.TextDocument): boolean {
  if (vscode.languages.match(SELECTOR, document) === 0) return false;
  if (isYaml(document)) return YAML_WORDS.test(document.getText());
  const isJson =
    document.languageId === 'json' || document.languageId === 'jsonc' || /\.(tpl|tftpl)$/.test(document.uri.path);
  if (!isJson || document.uri.path.endsWith('/leastwise.json')) return true;
  return document.getText().includes('"Statement');
}

function isYaml({ languageId, uri }: vscode.TextDocument): boolean {
  return languageId === 'yaml' || languageId === 'cloudformation' || /\.(ya?ml|template)$/i.test(uri.path);
}

/** What every policy in YAML says, the bare statements of the Serverless Framework included; most YAML says neither. */
const YAML_WORDS = /Statement|statements:|\bEffect\b/;

async function explainActive(server: Server, log: vscode.LogOutputChannel): Promise<void> {
  const document = vscode.window.activeTextEditor?.document;
  if (!document) {
    await vscode.window.showInformationMessage('Open a file to see what Leastwise makes of it.');
    return;
  }
  await server.start();
  const answer = await server.status(document.uri);
  const { summary, details } = explain(answer, document.uri);
  for (const line of [summary, ...details]) log.info(line);
  const chosen = await vscode.window.showInformationMessage(
    summary,
    { modal: true, detail: details.join('\n') },
    'Show Log',
  );
  if (chosen) log.show();
}

/** Opens the page of a rule by its id, or of a finding: AWS's own where only AWS says it. */
async function openRule(rule?: unknown): Promise<void> {
  if (typeof rule !== 'string') {
    const page = await choosePage();
    if (page) await vscode.env.openExternal(page);
  } else if (/^[a-z0-9-]+$/.test(rule)) await vscode.env.openExternal(vscode.Uri.parse(`${RULE_PAGES}${rule}.md`));
}

/** The page of one of the findings in the active editor, those under the cursor first. */
async function choosePage(): Promise<vscode.Uri | undefined> {
  const editor = vscode.window.activeTextEditor;
  const found = editor
    ? vscode.languages.getDiagnostics(editor.document.uri).filter(({ source }) => source === 'leastwise')
    : [];
  const here = found.filter(({ range }) => editor && range.contains(editor.selection.active));
  const pages = new Map(
    [...here, ...found].flatMap(({ code }) =>
      typeof code === 'object' ? [[String(code.value), code.target] as const] : [],
    ),
  );
  if (pages.size === 0) {
    await vscode.window.showInformationMessage('Leastwise has no finding in this file.');
    return undefined;
  }
  const names = [...pages.keys()];
  const name =
    names.length === 1 ? names[0] : await vscode.window.showQuickPick(names, { placeHolder: 'Rule to read about' });
  return name === undefined ? undefined : pages.get(name);
}
