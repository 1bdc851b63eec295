/** What every command that asks AWS rests on: who asks, progress with a way to stop, and what is shown. Decides nothing. */
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

/** Why the server did not come to an end, in one sentence. */
export interface Trouble {
  readonly kind: string;
  readonly message: string;
}

/** What the commands of a window share. */
export interface Session extends AwsSurroundings {
  readonly item: vscode.LanguageStatusItem;
  /** The Region that was asked last, where the profile decides it. */
  region: string | undefined;
  /** Whether the user has said yes to calls that AWS bills. */
  consented: boolean;
  readonly shown: Map<string, string>;
}

/** The settings that say who asks, and where. */
export function who(): { readonly profile: string; readonly region: string; readonly endpoint: string } {
  const settings = vscode.workspace.getConfiguration('leastwise.aws');
  const text = (name: string) => settings.get<string>(name)?.trim() ?? '';
  return { profile: text('profile'), region: text('region'), endpoint: text('endpoint') };
}

/** The client of a server that runs, or an error that says why there is none. */
export async function clientOf(session: Session): Promise<LanguageClient> {
  const client = await session.client();
  if (!client) throw new Error('The language server does not run; the log says why.');
  return client;
}

let rounds = 0;

/** Sends a request that takes its time: a notification shows how far it is and lets the user stop it. Undefined where that was done. */
export async function inProgress<T>(
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

/** What a caller of a command has given, as an object with unknown members. */
export function optionsOf(options: unknown): Readonly<Record<string, unknown>> {
  return typeof options === 'object' && options !== null ? (options as Readonly<Record<string, unknown>>) : {};
}
