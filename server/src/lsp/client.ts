/** What the client says of itself when it starts the server. Total: whatever is missing counts as not able. */
import type { InitializeParams } from 'vscode-languageserver/node';
import type { ClientAbilities } from './convert.ts';
import { isFile, pathOf } from './paths.ts';
import { readSettings, record, type Settings } from './settings.ts';

/** The client's abilities, and what it hands over at the start. */
export interface Client extends ClientAbilities {
  readonly pullDiagnostics: boolean;
  readonly refreshDiagnostics: boolean;
  readonly configuration: boolean;
  readonly watchedFiles: boolean;
  readonly plainHover: boolean;
  /** Takes tab-stops in what completes a word. */
  readonly snippetCompletion: boolean;
  /** Asks for the edit of a code action when somebody chooses it. */
  readonly resolvesEdits: boolean;
  /** Makes files that an edit asks for. */
  readonly createsFiles: boolean;
  /** The paths of the workspace's folders; of one that are no files, nothing. */
  readonly folders: readonly string[];
  readonly settings: Settings;
  /** Whether the user trusts the workspace; a client that does not say so is asked nothing. */
  readonly trusted: boolean;
}

/** The client before it has said anything. */
export const UNKNOWN_CLIENT: Client = readClient({ capabilities: {} });

/** Reads the parameters of `initialize`. */
export function readClient({
  capabilities,
  initializationOptions,
  workspaceFolders,
  rootUri = null,
}: Pick<InitializeParams, 'capabilities' | 'initializationOptions' | 'workspaceFolders'> & {
  readonly rootUri?: string | null;
}): Client {
  const { textDocument, workspace } = capabilities;
  const options = record(initializationOptions);
  const formats = textDocument?.hover?.contentFormat;
  return {
    relatedInformation:
      (textDocument?.diagnostic ?? textDocument?.publishDiagnostics)?.relatedInformation ??
      textDocument?.publishDiagnostics?.relatedInformation ??
      false,
    documentChanges: workspace?.workspaceEdit?.documentChanges ?? false,
    changeAnnotations: workspace?.workspaceEdit?.changeAnnotationSupport !== undefined,
    snippets: workspace?.workspaceEdit?.snippetEditSupport ?? false,
    pullDiagnostics: textDocument?.diagnostic !== undefined,
    refreshDiagnostics: workspace?.diagnostics?.refreshSupport ?? false,
    resolvesEdits:
      (textDocument?.codeAction?.dataSupport ?? false) &&
      (textDocument?.codeAction?.resolveSupport?.properties.includes('edit') ?? false),
    configuration: workspace?.configuration ?? false,
    watchedFiles: workspace?.didChangeWatchedFiles?.dynamicRegistration ?? false,
    createsFiles:
      (workspace?.workspaceEdit?.documentChanges ?? false) &&
      (workspace?.workspaceEdit?.resourceOperations?.includes('create') ?? false),
    folders: (workspaceFolders?.map(({ uri }) => uri) ?? (rootUri ? [rootUri] : [])).map(pathOf).filter(isFile),
    snippetCompletion: textDocument?.completion?.completionItem?.snippetSupport ?? false,
    plainHover: formats !== undefined && !formats.includes('markdown'),
    settings: readSettings(options.settings),
    trusted: options.trusted !== false,
  };
}
