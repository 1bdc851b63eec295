// The tests of a window on a folder without a policy, where the extension should cost nothing and say nothing.
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { findings, leastwise, open, openFolder, ruleOf } from './editor.ts';

suite('a folder without a policy', () => {
  test('the extension sleeps until a file is opened', () => assert.equal(leastwise().isActive, false));

  test('package.json gets no finding', async () => {
    // Written here: VS Code's own extensions open every package.json that they find, which would wake this one above.
    const text = JSON.stringify({ name: 'no-policy-here', version: '1.0.0', files: ['action', 'effect'] });
    const file = vscode.Uri.joinPath(openFolder().uri, 'frontend', 'package.json');
    await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(text));
    const document = await open('frontend/package.json');
    // An answer of the language service: by then the opening has reached everybody.
    await vscode.commands.executeCommand('vscode.executeDocumentSymbolProvider', document.uri);
    assert.deepEqual(findings(document).map(ruleOf), []);
  });
});
