// What the end-to-end tests do in an editor, and how they wait: for an event of VS Code, never for a time.
import assert from 'node:assert/strict';
import * as vscode from 'vscode';

/** The one folder that the window is open on. */
export function openFolder(): vscode.WorkspaceFolder {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  assert.ok(folder, 'the window has a folder open');
  return folder;
}

/** The extension under test. */
export function leastwise(): vscode.Extension<unknown> {
  const extension = vscode.extensions.getExtension('leastwise.leastwise');
  assert.ok(extension, 'the extension is installed');
  return extension;
}

/** Opens a file of the folder in an editor. */
export async function open(name: string): Promise<vscode.TextDocument> {
  const document = await vscode.workspace.openTextDocument(vscode.Uri.joinPath(openFolder().uri, name));
  await vscode.window.showTextDocument(document);
  return document;
}

/** The findings of this extension in `document`, as they stand. */
export function findings(document: vscode.TextDocument): vscode.Diagnostic[] {
  return vscode.languages.getDiagnostics(document.uri).filter(({ source }) => source === 'leastwise');
}

/** The rule of a finding: the diagnostic's code, with or without a link. */
export function ruleOf({ code }: vscode.Diagnostic): string {
  return String(typeof code === 'object' ? code.value : code);
}

/** Waits until the findings of `document` are as `wanted` says; when they never are, the test's time runs out. */
export function whenFindings(
  document: vscode.TextDocument,
  wanted: (found: readonly vscode.Diagnostic[]) => boolean,
): Promise<vscode.Diagnostic[]> {
  return new Promise((resolve) => {
    const look = () => {
      const found = findings(document);
      if (!wanted(found)) return;
      listener.dispose();
      resolve(found);
    };
    const listener = vscode.languages.onDidChangeDiagnostics(look);
    look();
  });
}

/** The range of the only place where `text` stands in `document`. */
export function rangeOf(document: vscode.TextDocument, text: string): vscode.Range {
  const start = document.getText().indexOf(text);
  assert.notEqual(start, -1, `${text} stands in the file`);
  assert.equal(document.getText().indexOf(text, start + 1), -1, `${text} stands there once`);
  return new vscode.Range(document.positionAt(start), document.positionAt(start + text.length));
}

/** The text of all hovers at `position`. */
export async function hoverText(document: vscode.TextDocument, position: vscode.Position): Promise<string> {
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
    'vscode.executeHoverProvider',
    document.uri,
    position,
  );
  return hovers
    .flatMap(({ contents }) => contents)
    .map((part) => (typeof part === 'string' ? part : part.value))
    .join('\n');
}

/**
 * The quick fix at `range` whose title fits `title`. Asks until it is offered: a finding reaches the extension host a
 * moment before the window that hands it to the code actions.
 */
export async function whenQuickFix(
  document: vscode.TextDocument,
  range: vscode.Range,
  title: RegExp,
): Promise<vscode.CodeAction> {
  const end = Date.now() + 5000;
  for (;;) {
    const offered = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      document.uri,
      range,
      'quickfix',
      20,
    );
    const fix = offered.find((action) => title.test(action.title));
    if (fix) return fix;
    assert.ok(Date.now() < end, `no ${title} among: ${offered.map((action) => action.title).join(', ')}`);
  }
}
