// The tests of a window on a folder in which nothing is a policy. Its package.json is not at the root, where VS Code's
// own npm extension would open it at a time of its own.
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { findings, leastwise, open, ruleOf } from './editor.ts';

suite('a folder without a policy', () => {
  test('the extension sleeps until a file is opened', () => assert.equal(leastwise().isActive, false));

  test('package.json gets no finding', async () => {
    const document = await open('frontend/package.json');
    // An answer of the language service: by then the opening has reached everybody.
    await vscode.commands.executeCommand('vscode.executeDocumentSymbolProvider', document.uri);
    assert.deepEqual(findings(document).map(ruleOf), []);
  });
});
