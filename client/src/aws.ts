/** AWS: the commands by which the user has IAM Access Analyzer asked, with consent, progress and a way to stop. Sends nothing itself: the server asks. */
import * as vscode from 'vscode';
import { type AwsSurroundings, clientOf, inProgress, optionsOf, type Session, type Trouble, who } from './asking.ts';
import { generatePolicy, SCHEME } from './generation.ts';

/** One of AWS's checks as the server takes it. */
type Order = { readonly check: string; readonly [name: string]: unknown };

interface PlanAnswer {
  readonly calls: number;
  readonly billed: number;
  readonly notes: readonly string[];
  readonly pricePage: string;
  readonly publicTypes: readonly string[];
}

interface AskAnswer {
  readonly asked: number;
  readonly remembered: number;
  readonly lines: readonly string[];
  readonly differ: boolean;
  readonly notes: readonly string[];
  readonly refused: readonly string[];
  readonly region?: string;
  readonly trouble?: Trouble;
}

/** What it takes to ask AWS, permissions included. */
const MANUAL = 'https://github.com/leastwise/leastwise/blob/main/docs/aws.md';

/** Registers the commands and the item that shows profile and Region. */
export function awsCommands(surroundings: AwsSurroundings): vscode.Disposable {
  const item = vscode.languages.createLanguageStatusItem('leastwise.aws', surroundings.selector);
  const shown = new Map<string, string>();
  const session: Session = { ...surroundings, item, region: undefined, consented: false, shown };
  item.name = 'Leastwise: AWS';
  item.command = { title: 'Choose', command: 'leastwise.chooseAwsProfile' };
  showWho(session);
  const command = (name: string, run: (options?: unknown) => Promise<unknown>) =>
    vscode.commands.registerCommand(name, (options?: unknown) => guarded(session, () => run(options)));
  return vscode.Disposable.from(
    item,
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (!change.affectsConfiguration('leastwise.aws')) return;
      session.region = undefined;
      showWho(session);
    }),
    vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
      provideTextDocumentContent: (uri) => shown.get(uri.toString()) ?? '',
    }),
    command('leastwise.askAws', () => askAbout(session, [])),
    command('leastwise.checkNoNewAccess', (options) => checkNoNewAccess(session, options)),
    command('leastwise.checkAccessNotGranted', (options) => checkAccessNotGranted(session, options)),
    command('leastwise.checkNoPublicAccess', (options) => checkNoPublicAccess(session, options)),
    command('leastwise.generatePolicy', (options) => generatePolicy(session, options)),
    command('leastwise.chooseAwsProfile', () => chooseProfile(session)),
  );
}

function showWho(session: Session): void {
  const { profile, region, endpoint } = who();
  const where = region || session.region || process.env.AWS_REGION || 'Region of the profile';
  session.item.text = `AWS: ${profile || process.env.AWS_PROFILE || 'default profile'}, ${where}`;
  session.item.detail = endpoint === '' ? 'asked by command only' : `asked by command only, at ${endpoint}`;
}

/** Says what goes wrong in one sentence; a stack goes to the log. */
async function guarded(session: Session, run: () => Promise<unknown>): Promise<unknown> {
  try {
    if (!vscode.workspace.isTrusted) throw new Error('AWS is not asked in a workspace that is not trusted.');
    return await run();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    session.log.error(message);
    void vscode.window
      .showErrorMessage(`Leastwise: ${message}`, 'Manual')
      .then((chosen) => chosen && vscode.env.openExternal(vscode.Uri.parse(MANUAL)));
    return undefined;
  }
}

function activeDocument(): vscode.TextDocument {
  const document = vscode.window.activeTextEditor?.document;
  if (!document) throw new Error('Open a file with a policy first.');
  return document;
}

async function askAbout(session: Session, orders: readonly Order[]): Promise<AskAnswer | undefined> {
  const document = activeDocument();
  const client = await clientOf(session);
  const params = { textDocument: { uri: document.uri.toString() }, orders, aws: who() };
  const plan = await client.sendRequest<PlanAnswer>('leastwise/aws/plan', params);
  if (!(await consent(session, plan))) return undefined;
  session.item.busy = true;
  const answer = await inProgress<AskAnswer>(client, 'Asking AWS', 'leastwise/aws/ask', params).finally(() => {
    session.item.busy = false;
  });
  if (answer) report(session, answer, document);
  return answer;
}

/** One question before the first calls that AWS bills. */
async function consent(session: Session, { billed, pricePage }: PlanAnswer): Promise<boolean> {
  if (billed === 0 || session.consented) return true;
  const calls = `${billed} call${billed === 1 ? '' : 's'}`;
  const choice = await vscode.window.showWarningMessage(
    `AWS bills this: ${calls} to IAM Access Analyzer.`,
    { modal: true, detail: `What a call costs: ${pricePage}\nYou are not asked again until this window is closed.` },
    'Ask AWS',
    'Show Prices',
  );
  if (choice === 'Show Prices') await vscode.env.openExternal(vscode.Uri.parse(pricePage));
  session.consented = choice === 'Ask AWS';
  return session.consented;
}

function report(session: Session, answer: AskAnswer, document: vscode.TextDocument): void {
  const { log } = session;
  session.region = answer.region;
  showWho(session);
  for (const line of [...answer.notes, ...answer.lines]) log.info(`AWS: ${line}`);
  for (const line of answer.refused) log.warn(`AWS: ${line}`);
  const [refused] = answer.refused;
  if (answer.trouble?.kind === 'cancelled') return;
  const trouble = answer.trouble?.message ?? refused;
  if (trouble !== undefined) throw new Error(trouble);
  const count = answer.asked + answer.remembered;
  const name = document.uri.path.slice(document.uri.path.lastIndexOf('/') + 1);
  const [note] = answer.notes;
  const sentence =
    count === 0
      ? (note ?? `There is no policy in ${name}.`)
      : `AWS has answered ${count} question${count === 1 ? '' : 's'} about ${name}${answer.differ ? '; where it differs from Leastwise, the log says so' : ''}.`;
  void vscode.window.showInformationMessage(sentence, 'Show Log').then((chosen) => chosen && log.show());
}

async function checkNoNewAccess(session: Session, options: unknown): Promise<unknown> {
  const check = 'no-new-access';
  const given = optionsOf(options).reference;
  if (given instanceof vscode.Uri) return askAbout(session, [{ check, reference: await textOf(given) }]);
  if (given === 'git') return askAbout(session, [{ check }]);
  const commit = { label: 'the last commit', description: 'what git has at HEAD for this file' };
  const file = { label: 'a reference policy…', description: 'a JSON file' };
  const choice = await vscode.window.showQuickPick([commit, file], { placeHolder: 'Compare this file with' });
  if (choice === commit) return askAbout(session, [{ check }]);
  if (choice !== file) return undefined;
  const [chosen] = (await vscode.window.showOpenDialog({ filters: { 'JSON policy': ['json'] } })) ?? [];
  return chosen && askAbout(session, [{ check, reference: await textOf(chosen) }]);
}

async function textOf(uri: vscode.Uri): Promise<string> {
  return new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
}

async function checkAccessNotGranted(session: Session, options: unknown): Promise<unknown> {
  const check = 'access-not-granted';
  const { actions, resources, never } = optionsOf(options);
  if (actions !== undefined || resources !== undefined) return askAbout(session, [{ check, actions, resources }]);
  if (never === true) return askAbout(session, [{ check }]);
  const configured = { label: 'what leastwise.json names under never' };
  const typed = { label: 'actions and resources that I name now…' };
  const choice = await vscode.window.showQuickPick([configured, typed], { placeHolder: 'Look for' });
  if (choice === configured) return askAbout(session, [{ check }]);
  if (choice !== typed) return undefined;
  const words = await vscode.window.showInputBox({
    prompt: 'Actions and ARNs that nothing may grant, with blanks between them',
    placeHolder: 's3:DeleteObject arn:aws:s3:::backups/*',
  });
  const all = (words ?? '').split(/[\s,]+/).filter((word) => word !== '');
  if (all.length === 0) return undefined;
  const isArn = (word: string) => word.startsWith('arn:');
  return askAbout(session, [{ check, actions: all.filter((word) => !isArn(word)), resources: all.filter(isArn) }]);
}

async function checkNoPublicAccess(session: Session, options: unknown): Promise<unknown> {
  const check = 'no-public-access';
  const given = optionsOf(options).resourceType;
  if (typeof given === 'string') return askAbout(session, [{ check, resourceType: given }]);
  const client = await clientOf(session);
  const textDocument = { uri: activeDocument().uri.toString() };
  const plan = await client.sendRequest<PlanAnswer>('leastwise/aws/plan', { textDocument, orders: [{ check }] });
  if (!plan.notes.some((note) => note.includes('what resource it is on'))) return askAbout(session, [{ check }]);
  const resourceType = await vscode.window.showQuickPick(plan.publicTypes, {
    placeHolder: 'What the policy is on, which its place does not tell',
  });
  return resourceType === undefined ? undefined : askAbout(session, [{ check, resourceType }]);
}

/** A picker for profile and Region; what is chosen goes to the user's settings. */
async function chooseProfile(session: Session): Promise<void> {
  const client = await clientOf(session);
  const profiles = await client.sendRequest<readonly { name: string; region?: string }[]>('leastwise/aws/profiles', {});
  const none = { label: 'default', description: 'what the environment and the profile `default` say', value: '' };
  const items = [
    none,
    ...profiles.map(({ name, region }) => ({ label: name, description: region ?? '', value: name })),
  ];
  const chosen = await vscode.window.showQuickPick(items, { placeHolder: 'AWS profile to ask with' });
  if (!chosen) return;
  const region = await vscode.window.showInputBox({
    prompt: 'Region to ask; empty for that of the profile. Any will do, the answers are the same.',
    value: who().region,
    validateInput: (text) =>
      /^([a-z]{2,4}(-[a-z]+)+-\d+)?$/.test(text.trim()) ? undefined : 'A Region looks like eu-central-1.',
  });
  if (region === undefined) return;
  const settings = vscode.workspace.getConfiguration('leastwise.aws');
  await settings.update('profile', chosen.value || undefined, vscode.ConfigurationTarget.Global);
  await settings.update('region', region.trim() || undefined, vscode.ConfigurationTarget.Global);
  showWho(session);
}
