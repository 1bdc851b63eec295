/** AWS: the commands by which the user has IAM Access Analyzer asked, with consent, progress and a way to stop. Sends nothing itself: the server asks. */
import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import type { StatusAnswer } from './status.ts';

/** What the commands need of the rest of the extension. */
export interface AwsSurroundings {
  readonly client: () => Promise<LanguageClient | undefined>;
  readonly status: (uri: vscode.Uri) => Promise<StatusAnswer | undefined>;
  readonly log: vscode.LogOutputChannel;
  readonly selector: vscode.DocumentSelector;
}

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

interface Trouble {
  readonly kind: string;
  readonly message: string;
}

interface Proposal {
  readonly job: string;
  readonly current: string;
  readonly proposed: string;
  readonly proved: boolean;
  readonly foreign: readonly string[];
  readonly notes: readonly string[];
  readonly trouble?: Trouble;
}

/** Where proposals are shown from; nothing of it is on a disk. */
const SCHEME = 'leastwise-aws';

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

interface Session extends AwsSurroundings {
  readonly item: vscode.LanguageStatusItem;
  /** The Region that was asked last, where the profile decides it. */
  region: string | undefined;
  /** Whether the user has said yes to calls that AWS bills. */
  consented: boolean;
  readonly shown: Map<string, string>;
}

/** The settings that say who asks, and where. */
function who(): { readonly profile: string; readonly region: string; readonly endpoint: string } {
  const settings = vscode.workspace.getConfiguration('leastwise.aws');
  const text = (name: string) => settings.get<string>(name)?.trim() ?? '';
  return { profile: text('profile'), region: text('region'), endpoint: text('endpoint') };
}

function showWho(session: Session): void {
  const { profile, region, endpoint } = who();
  const where = region || session.region || 'Region of the profile';
  session.item.text = `AWS: ${profile || 'default profile'}, ${where}`;
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
    void vscode.window.showErrorMessage(`Leastwise: ${message}`);
    return undefined;
  }
}

async function clientOf(session: Session): Promise<LanguageClient> {
  const client = await session.client();
  if (!client) throw new Error('The language server does not run; the log says why.');
  return client;
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

let rounds = 0;

/** Sends a request that takes its time: a notification shows how far it is and lets the user stop it. Undefined where that was done. */
async function inProgress<T>(
  client: LanguageClient,
  title: string,
  method: string,
  params: object,
): Promise<T | undefined> {
  const location = vscode.ProgressLocation.Notification;
  return vscode.window.withProgress({ location, title, cancellable: true }, async (progress, token) => {
    const mine = ++rounds;
    const listener = client.onNotification('leastwise/aws/progress', (told: { progress: number; text: string }) => {
      if (told.progress === mine) progress.report({ message: told.text });
    });
    try {
      return await client.sendRequest<T>(method, { ...params, progress: mine }, token);
    } catch (error) {
      if (token.isCancellationRequested) return undefined;
      throw error;
    } finally {
      listener.dispose();
    }
  });
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

function optionsOf(options: unknown): Readonly<Record<string, unknown>> {
  return typeof options === 'object' && options !== null ? (options as Readonly<Record<string, unknown>>) : {};
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

/** Asks for what is not given, one box after the other; undefined where the user leaves one. */
async function wantedGeneration(options: Readonly<Record<string, unknown>>): Promise<object | undefined> {
  const boxes = [
    ['principalArn', 'The role or user whose activity counts', 'arn:aws:iam::111122223333:role/deploy'],
    ['trailArn', 'The CloudTrail trail to read', 'arn:aws:cloudtrail:eu-central-1:111122223333:trail/all'],
    ['accessRole', 'The role by which AWS may read the trail', 'arn:aws:iam::111122223333:role/access-analyzer'],
  ] as const;
  const wanted: Record<string, unknown> = {};
  for (const [name, prompt, placeHolder] of boxes) {
    const isArn = (text: string) => (/^arn:[^:]+:[^:]+:/.test(text) ? undefined : 'This is no ARN.');
    wanted[name] =
      options[name] ??
      (await vscode.window.showInputBox({ prompt, placeHolder, validateInput: isArn, ignoreFocusOut: true }));
    if (wanted[name] === undefined) return undefined;
  }
  const days =
    options.days ??
    (await vscode.window.showQuickPick(['30', '7', '14', '60', '90'], { placeHolder: 'Days to look back' }));
  return days === undefined ? undefined : { ...wanted, days: Number(days) };
}

async function generatePolicy(session: Session, given: unknown): Promise<unknown> {
  const options = optionsOf(given);
  const document = vscode.window.activeTextEditor?.document;
  const policies = document ? ((await session.status(document.uri))?.policies ?? []) : [];
  const addresses = policies.map(({ address }) => address);
  const policy =
    addresses.length > 1 && options.policy === undefined
      ? await vscode.window.showQuickPick(addresses, { placeHolder: 'The policy that the principal holds' })
      : (options.policy ?? addresses[0]);
  if (addresses.length > 1 && policy === undefined) return undefined;
  const wanted = options.job === undefined ? await wantedGeneration(options) : undefined;
  if (options.job === undefined && !wanted) return undefined;
  const { job, interval } = options;
  const textDocument = document && addresses.length > 0 ? { uri: document.uri.toString() } : undefined;
  const params = { aws: who(), textDocument, policy, wanted, job, interval };
  const client = await clientOf(session);
  const title = 'AWS reads the trail; this takes minutes';
  const proposal = await inProgress<Proposal>(client, title, 'leastwise/aws/generate', params);
  if (!proposal || proposal.trouble?.kind === 'cancelled') return undefined;
  if (proposal.trouble) throw new Error(proposal.trouble.message);
  await showProposal(session, proposal);
  return proposal;
}

async function showProposal(session: Session, proposal: Proposal): Promise<void> {
  const { shown, log } = session;
  const page = (name: string, text: string) => {
    const uri = vscode.Uri.parse(`${SCHEME}:${proposal.job}/${name}.json`);
    shown.set(uri.toString(), text);
    return uri;
  };
  const proposed = page('used', proposal.proposed);
  if (proposal.current === '') await vscode.window.showTextDocument(proposed);
  else {
    const title = proposal.proved ? 'Held, and what was used (proved to allow nothing new)' : 'Held, and what was used';
    await vscode.commands.executeCommand('vscode.diff', page('held', proposal.current), proposed, title);
  }
  const foreign =
    proposal.foreign.length > 0 ? [`Used, but not allowed by this policy: ${proposal.foreign.join(', ')}.`] : [];
  for (const line of [`Policy generation ${proposal.job}.`, ...foreign, ...proposal.notes]) log.info(`AWS: ${line}`);
  const [note] = [...foreign, ...proposal.notes];
  void vscode.window.showInformationMessage(`Leastwise: ${note}`, 'Show Log').then((chosen) => chosen && log.show());
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
