// The tests of a window in which AWS is asked: an Access Analyzer of our own answers, behind AWS's SDK in the real server.
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import {
  type Asked,
  CREDENTIALS,
  findingOf,
  locationOf,
  type Step,
  type Stub,
  startStub,
  withVariables,
} from '../../access-analyzer.ts';
import { findings, open, openFolder, rangeOf, ruleOf, whenFindings } from './editor.ts';

interface Answer {
  readonly asked: number;
  readonly remembered: number;
  readonly trouble?: { readonly kind: string };
}

const SECOND: readonly Step[] = [{ value: 'Statement' }, { index: 1 }];
const answer = (asked: Asked) => ({
  json: {
    findings: [
      findingOf(
        'PASS_ROLE_WITH_STAR_IN_RESOURCE',
        'SECURITY_WARNING',
        locationOf(asked, '"*"', { value: 'Statement' }, { index: 0 }, { value: 'Resource' }),
      ),
      findingOf('OF_TOMORROW', 'ERROR', locationOf(asked, '"sns:Publish"', ...SECOND, { value: 'Action' })),
    ],
  },
});

suite('asking AWS', () => {
  let stub: Stub;
  let restore: () => void;
  let document: vscode.TextDocument;

  suiteSetup(async () => {
    stub = await startStub(answer);
    // The server is started with the first document, and inherits these.
    restore = withVariables({ ...CREDENTIALS, AWS_ENDPOINT_URL_ACCESSANALYZER: stub.url });
  });
  suiteTeardown(async () => {
    restore();
    await stub.close();
  });

  test('opening a policy and typing in it asks nothing', async () => {
    document = await open('deploy.tf');
    await whenFindings(document, (found) => found.some((one) => ruleOf(one) === 'pass-role-any-resource'));
    const end = document.lineAt(document.lineCount - 1).range.end;
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, end, '\n# a note\n');
    await vscode.workspace.applyEdit(edit);
    await vscode.commands.executeCommand('vscode.executeDocumentSymbolProvider', document.uri);
    assert.deepEqual(stub.asked, []);
  });

  test('the command asks, and what both say is one finding at its words, marked as confirmed', async () => {
    const said = await vscode.commands.executeCommand<Answer>('leastwise.askAws');
    assert.deepEqual([said.asked, said.remembered, said.trouble], [1, 0, undefined]);
    const found = await whenFindings(document, (all) => all.some((one) => ruleOf(one) === 'OF_TOMORROW'));
    const own = found.filter((one) => ruleOf(one) === 'pass-role-any-resource');
    assert.deepEqual(
      own.map(({ message, range }) => [/\(confirmed by AWS\)$/.test(message), document.getText(range)]),
      [[true, '*']],
    );
    const [theirs] = found.filter((one) => ruleOf(one) === 'OF_TOMORROW');
    assert.ok(theirs);
    assert.equal(theirs.severity, vscode.DiagnosticSeverity.Error);
    assert.ok(theirs.range.isEqual(rangeOf(document, 'sns:Publish')));
    assert.deepEqual(
      stub.asked.map(({ operation }) => operation),
      ['ValidatePolicy'],
    );
  });

  test('asking again asks nobody', async () => {
    const said = await vscode.commands.executeCommand<Answer>('leastwise.askAws');
    assert.deepEqual([said.asked, said.remembered], [0, 1]);
    assert.equal(stub.asked.length, 1);
  });

  test('public access is asked about where the place says what it is, and nothing is billed for the rest', async () => {
    await vscode.commands.executeCommand('leastwise.checkNoPublicAccess');
    assert.deepEqual(new Set(stub.asked.map(({ operation }) => operation)), new Set(['ValidatePolicy']));
  });

  test('a generated policy is shown as a diff against the held one', async () => {
    const policy = {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: ['ecs:UpdateService'], Resource: '*' }],
    };
    stub.answer = ({ operation }) =>
      operation === 'StartPolicyGeneration'
        ? { json: { jobId: 'j1' } }
        : {
            json: {
              jobDetails: { jobId: 'j1', status: 'SUCCEEDED', startedOn: '2026-12-01T00:00:00Z' },
              generatedPolicyResult: {
                properties: { isComplete: true, principalArn: 'arn:aws:iam::111122223333:role/r' },
                generatedPolicies: [{ policy: JSON.stringify(policy) }],
              },
            },
          };
    const arn = (rest: string) => `arn:aws:${rest}`;
    const proposal = await vscode.commands.executeCommand<{ proved: boolean; proposed: string }>(
      'leastwise.generatePolicy',
      {
        principalArn: arn('iam::111122223333:role/r'),
        trailArn: arn('cloudtrail:eu-central-1:111122223333:trail/t'),
        accessRole: arn('iam::111122223333:role/a'),
        days: 7,
      },
    );
    assert.equal(proposal.proved, true);
    const tab = vscode.window.tabGroups.activeTabGroup.activeTab;
    assert.ok(tab?.input instanceof vscode.TabInputTextDiff);
    const shown = await vscode.workspace.openTextDocument(tab.input.modified);
    assert.deepEqual(JSON.parse(shown.getText()).Statement[0].Action, ['ecs:UpdateService', 'iam:PassRole']);
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
  });

  test('the answer goes with the words', async () => {
    document = await open('deploy.tf');
    const edit = new vscode.WorkspaceEdit();
    edit.replace(document.uri, rangeOf(document, 'Notify'), 'Tell');
    await vscode.workspace.applyEdit(edit);
    await whenFindings(document, (all) => !all.some(({ message }) => message.includes('AWS')));
    assert.equal(openFolder().name, 'aws');
    assert.ok(findings(document).some((one) => ruleOf(one) === 'pass-role-any-resource'));
  });
});
