/** Policies that AWS reads off CloudTrail: asks for what that takes, waits, and shows the proposal beside the held policy. Changes no file. */
import * as vscode from 'vscode';
import { clientOf, inProgress, optionsOf, type Session, type Trouble, who } from './asking.ts';

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
export const SCHEME = 'leastwise-aws';

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

/** The command: for the policy of the file in front, or without one for what AWS generates. */
export async function generatePolicy(session: Session, given: unknown): Promise<unknown> {
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
