/** The status item in the language menu, and the words for what the server says of a file. Asks nothing that was not asked for. */
import * as vscode from 'vscode';

/** What the server answers to `leastwise/status`, as far as it is shown. */
export interface StatusAnswer {
  readonly policies: readonly {
    readonly address: string;
    readonly kind: string;
    readonly because: string;
    readonly statements: number;
  }[];
  readonly notPolicy: string;
  readonly findings: number;
  readonly hidden: readonly {
    readonly rule: string;
    readonly line: number;
    readonly reason: string;
    readonly by: 'comment' | 'config';
  }[];
  readonly swallowed: number;
  readonly rulesOff: readonly string[];
  readonly unknowns: readonly string[];
  readonly config: string;
  readonly preset: string;
  readonly catalog: { readonly date: string; readonly ageDays?: number };
  readonly enabled: boolean;
  readonly trusted: boolean;
  readonly isConfiguration: boolean;
}

/** Keeps the status item true for the active editor. `ask` is called when the editor or its findings change. */
export function statusItem(
  selector: vscode.DocumentSelector,
  ask: (uri: vscode.Uri) => Promise<StatusAnswer | undefined>,
): vscode.Disposable {
  const item = vscode.languages.createLanguageStatusItem('leastwise.status', selector);
  item.name = 'Leastwise';
  item.command = { title: 'Explain', command: 'leastwise.explainFile' };
  item.text = 'Leastwise';
  const update = async () => {
    const uri = vscode.window.activeTextEditor?.document.uri;
    if (!uri) return;
    const answer = await ask(uri).catch(() => undefined);
    if (uri !== vscode.window.activeTextEditor?.document.uri) return;
    show(item, answer);
  };
  const watchers = [
    vscode.window.onDidChangeActiveTextEditor(update),
    vscode.languages.onDidChangeDiagnostics(({ uris }) => {
      const active = vscode.window.activeTextEditor?.document.uri.toString();
      if (uris.some((uri) => uri.toString() === active)) void update();
    }),
  ];
  return vscode.Disposable.from(item, ...watchers);
}

function show(item: vscode.LanguageStatusItem, answer: StatusAnswer | undefined): void {
  const hidden = answer?.hidden.length ?? 0;
  item.text = answer ? headline(answer) : 'Leastwise';
  item.detail = answer
    ? [hidden > 0 ? hiddenLine(answer) : '', catalogLine(answer)].filter((line) => line !== '').join(' · ')
    : 'no policy here';
  const stale = (answer?.catalog.ageDays ?? 0) > STALE_DAYS;
  const strange = answer !== undefined && !answer.trusted && hidden > 0;
  item.severity = strange || stale ? vscode.LanguageStatusSeverity.Warning : vscode.LanguageStatusSeverity.Information;
}

/** From here on AWS has most likely added actions that the catalog does not know. */
const STALE_DAYS = 180;

function headline(answer: StatusAnswer): string {
  if (!answer.enabled) return 'Leastwise is off';
  if (answer.policies.length === 0) return answer.isConfiguration ? 'Configuration' : 'No policy';
  const kinds = [...new Set(answer.policies.map(({ kind }) => kind))].join(', ');
  return answer.policies.length === 1 ? `${capital(kinds)} policy` : `${answer.policies.length} policies: ${kinds}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function hiddenLine(answer: StatusAnswer): string {
  const count = `${answer.hidden.length} finding${answer.hidden.length === 1 ? '' : 's'}`;
  return answer.trusted ? `${count} ignored` : `${count} ignored by this untrusted workspace`;
}

function catalogLine({ catalog }: StatusAnswer): string {
  if (catalog.date === '') return 'no AWS data';
  const age =
    catalog.ageDays === undefined || catalog.ageDays < 0
      ? ''
      : `, ${catalog.ageDays} day${catalog.ageDays === 1 ? '' : 's'} old`;
  return `AWS data of ${catalog.date}${age}`;
}

/** What the server makes of a file, for people: why it is (not) a policy, and why there is no finding. */
export function explain(
  answer: StatusAnswer | undefined,
  uri: vscode.Uri,
): { readonly summary: string; readonly details: readonly string[] } {
  const name = uri.path.slice(uri.path.lastIndexOf('/') + 1);
  if (!answer)
    return {
      summary: `Leastwise does not look at ${name}.`,
      details: [
        'It reads JSON documents and files named *.tf, *.tofu, *.tpl and *.tftpl, unless leastwise.enable is off.',
      ],
    };
  const { policies } = answer;
  const summary =
    policies.length > 0
      ? `${name}: ${headline(answer)}, ${answer.findings} finding${answer.findings === 1 ? '' : 's'}.`
      : `${name} is not seen as a policy. ${answer.notPolicy}`;
  return {
    summary,
    details: [
      ...policies
        .slice(0, MOST)
        .map(
          (policy) =>
            `${policy.address || 'This file'}: ${policy.kind} policy, ${policy.statements} statement${policy.statements === 1 ? '' : 's'}, because ${policy.because}.`,
        ),
      ...(policies.length > MOST ? [`And ${policies.length - MOST} more.`] : []),
      ...answer.hidden
        .slice(0, MOST)
        .map(
          (one) =>
            `Line ${one.line + 1}: ${one.rule} is ignored by ${one.by === 'comment' ? 'a comment' : 'leastwise.json'}: ${one.reason}`,
        ),
      ...(answer.hidden.length > MOST ? [`And ${answer.hidden.length - MOST} more that are ignored.`] : []),
      ...(answer.swallowed > 0
        ? [
            `${answer.swallowed} smaller finding${answer.swallowed === 1 ? ' is' : 's are'} part of a bigger one; its hover lists them.`,
          ]
        : []),
      ...(answer.rulesOff.length > 0 ? [`Rules that are off: ${answer.rulesOff.join(', ')}.`] : []),
      ...answer.unknowns.slice(0, MOST).map((line) => `${capital(line)}.`),
      `Preset ${answer.preset}, ${answer.config === '' ? 'no leastwise.json' : answer.config}. ${capital(catalogLine(answer))}.`,
    ],
  };
}

const MOST = 8;
