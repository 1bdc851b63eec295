// The tests of a window on a folder that holds a policy, in JSON or in Terraform.
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import {
  findings,
  hoverText,
  leastwise,
  open,
  openFolder,
  rangeOf,
  ruleOf,
  whenFindings,
  whenQuickFix,
} from './editor.ts';

const misspelt = openFolder().name === 'json' ? ['s3:GetObjct'] : ['s3:GetObjct', 's3:PutObjct'];
const file = openFolder().name === 'json' ? 'policy.json' : 'main.tf';
const isMisspelling = (found: vscode.Diagnostic) => ruleOf(found) === 'unknown-action';

suite(file, () => {
  let document: vscode.TextDocument;

  test('opening it activates the extension', async () => {
    document = await open(file);
    await whenFindings(document, (found) => found.length > 0);
    assert.equal(leastwise().isActive, true);
  });

  test('a misspelt action is marked at exactly its letters, and nothing else is', async () => {
    const found = await whenFindings(document, (all) => all.filter(isMisspelling).length === misspelt.length);
    const marked = found.map(({ range }) => document.getText(range));
    assert.deepEqual(marked.sort(), misspelt);
    assert.deepEqual(
      found.map(({ severity }) => severity),
      misspelt.map(() => vscode.DiagnosticSeverity.Warning),
    );
  });

  for (const wrong of misspelt) {
    const right = wrong.replace('Objct', 'Object');

    test(`${wrong}: the fix puts ${right} in its place, and the finding goes`, async () => {
      const range = rangeOf(document, wrong);
      const fix = await whenQuickFix(document, range, new RegExp(`Replace .*${right}`));
      assert.ok(fix.edit, 'the fix is an edit');
      const before = document.getText();
      await vscode.workspace.applyEdit(fix.edit);
      assert.equal(document.getText(), before.replace(wrong, right));
      await whenFindings(document, (found) => !found.some(({ range: place }) => place.intersection(range)));
    });

    test(`${right}: hovering says what it grants`, async () => {
      const text = await hoverText(document, rangeOf(document, right).start.translate(0, 5));
      assert.match(text, new RegExp(right));
    });
  }

  test('its symbols list the statements', async () => {
    const symbols = await vscode.commands.executeCommand<vscode.DocumentSymbol[]>(
      'vscode.executeDocumentSymbolProvider',
      document.uri,
    );
    assert.ok(
      namesOf(symbols).some((name) => name.includes('ReadDrawings')),
      namesOf(symbols).join(', '),
    );
  });

  test('nothing is left to say', () => assert.deepEqual(findings(document).map(ruleOf), []));
});

/** The names in a tree of symbols, which is merged from all extensions that know any. */
function namesOf(symbols: readonly vscode.DocumentSymbol[]): string[] {
  return symbols.flatMap(({ name, children }) => [name, ...namesOf(children ?? [])]);
}
