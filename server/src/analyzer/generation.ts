/**
 * Generation: a policy of what a principal did, which AWS reads off CloudTrail, beside the policy that it holds. What comes
 * out is the held policy with fewer actions, proved to allow nothing new; nothing is ever put into a file.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { compareDocuments } from '../access/documents.ts';
import { globMatches } from '../policy/pattern.ts';
import type { Policy } from '../policy/policy.ts';
import type { Connection, Generation } from './connection.ts';
import { documentOf, type Piece } from './document.ts';
import { Trouble } from './trouble.ts';

/** How often AWS is asked how the job stands. */
const INTERVAL = 5000;

/** Waits until a job has ended. Who cancels ends the job at AWS, too. `told` hears every status. */
export async function awaitGeneration(
  connection: Connection,
  job: string,
  signal: AbortSignal,
  told: (status: string) => void,
  interval: number = INTERVAL,
): Promise<Generation> {
  try {
    for (;;) {
      const generation = await connection.generation(job, signal);
      told(generation.status);
      if (generation.status === 'SUCCEEDED') return generation;
      if (generation.status !== 'IN_PROGRESS') throw new Trouble('aws', failureSentence(generation));
      await pause(interval, undefined, { signal });
    }
  } catch (error) {
    if (!signal.aborted) throw error;
    await connection.cancelGeneration(job, new AbortController().signal).catch(() => {});
    throw new Trouble('cancelled', 'Cancelled.');
  }
}

function failureSentence({ status, failure }: Generation): string {
  if (status === 'CANCELED') return 'The policy generation was cancelled.';
  switch (failure) {
    case 'AUTHORIZATION_ERROR':
      return 'The policy generation failed: the access role may not read the trail or its bucket; docs/aws.md has its policy.';
    case 'RESOURCE_NOT_FOUND_ERROR':
      return 'The policy generation failed: the trail or its bucket is not there; look at its ARN.';
    case 'SERVICE_QUOTA_EXCEEDED_ERROR':
      return 'The policy generation failed: the trail holds too much; choose fewer days.';
    default:
      return `The policy generation failed (${failure ?? status}): start it again.`;
  }
}

/** What is proposed. Texts are JSON for people, with expressions of the file as they stand there. */
export interface Proposal {
  /** The held policy as it is; empty where there is none. */
  readonly current: string;
  readonly proposed: string;
  /** Whether it is proved that the proposal allows nothing that the held policy does not. */
  readonly proved: boolean;
  /** Actions that were used and that the held policy does not allow. */
  readonly foreign: readonly string[];
  readonly notes: readonly string[];
}

/** What is left of the held policy when only what was used stays; without one, what AWS generated. */
export function proposalOf(
  generation: Pick<Generation, 'policies' | 'isComplete'>,
  held: Policy | undefined,
): Proposal {
  const generated = generation.policies.flatMap((text) => statementsOf(text));
  const notes = [
    ...(generation.isComplete ? [] : ['AWS says that it has not seen all of the events.']),
    'CloudTrail does not tell AWS of events on data, such as reading objects, nor of `iam:PassRole`.',
  ];
  const document = held && documentOf(held);
  if (!document) {
    const whole = { Version: '2012-10-17', Statement: generated };
    return { current: '', proposed: printed(whole), proved: false, foreign: [], notes };
  }
  const used = usedIn(generated);
  const current: unknown = JSON.parse(document.text);
  const { policy: proposed, granted } = narrowed(current, used);
  const answer = compareDocuments({
    existing: document.text,
    proposed: JSON.stringify(proposed),
    ...(held.kind === 'identity' ? { kind: 'identity' as const } : {}),
  });
  const words = expressionsIn(document.text, document.root);
  return {
    current: printed(spelled(current, words)),
    proposed: printed(spelled(proposed, words)),
    proved: answer.verdict === 'no-new-access',
    foreign: used.actions.filter((action) => !granted.has(action)),
    notes,
  };
}

type Json = Readonly<Record<string, unknown>>;

function membersOf(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : value === undefined ? [] : [value];
}

function statementsOf(text: string): readonly Json[] {
  try {
    return listOf(membersOf(JSON.parse(text)).Statement).map(membersOf);
  } catch {
    throw new Trouble('aws', 'AWS generated something that is no JSON: start the generation again.');
  }
}

/** What was used: actions by name, and services of which AWS does not know the actions. */
interface Used {
  readonly actions: readonly string[];
  readonly services: readonly string[];
}

function usedIn(statements: readonly Json[]): Used {
  const all = statements.filter(({ Effect }) => Effect === 'Allow').flatMap(({ Action }) => listOf(Action).map(String));
  const isNamed = (action: string) => !/[$*{]/.test(action);
  return {
    actions: [...new Set(all.filter(isNamed))],
    services: [
      ...new Set(all.filter((action) => !isNamed(action)).flatMap((action) => /^[a-z0-9-]+(?=:)/i.exec(action) ?? [])),
    ],
  };
}

/** The policy with the actions of its Allows that were used. Denies stay; so does what the generation cannot know of. */
function narrowed(policy: unknown, used: Used): { readonly policy: Json; readonly granted: ReadonlySet<string> } {
  const granted = new Set<string>();
  const statements = listOf(membersOf(policy).Statement).flatMap((value): readonly Json[] => {
    const statement = membersOf(value);
    if (statement.Effect !== 'Allow' || statement.Action === undefined) return [statement];
    const patterns = listOf(statement.Action).map(String);
    const mine = used.actions.filter((action) => patterns.some((pattern) => matches(pattern, action)));
    for (const action of mine) granted.add(action);
    const unseen = patterns.flatMap((pattern) => keptUnseen(pattern, used.services));
    const kept = [...new Set([...mine, ...unseen])];
    return kept.length === 0 ? [] : [{ ...statement, Action: kept }];
  });
  return { policy: { ...membersOf(policy), Statement: statements }, granted };
}

function matches(pattern: string, action: string): boolean {
  return globMatches(pattern.toLowerCase(), action.toLowerCase());
}

/** What stays of a pattern though its use cannot be seen. */
function keptUnseen(pattern: string, services: readonly string[]): readonly string[] {
  if (pattern.toLowerCase() === 'iam:passrole') return [pattern];
  if (pattern === '*') return services.map((service) => `${service}:*`);
  return services.some((service) => pattern.toLowerCase().startsWith(`${service.toLowerCase()}:`)) ? [pattern] : [];
}

/** What strings of the document stand in for, by their letters. */
function expressionsIn(text: string, root: Piece): ReadonlyMap<string, string> {
  const words = new Map<string, string>();
  const visit = (piece: Piece) => {
    if (piece.standsFor !== undefined && text[piece.start] === '"')
      words.set(String(JSON.parse(text.slice(piece.start, piece.end))), piece.standsFor);
    for (const member of piece.members) visit(member.piece);
    for (const item of piece.items) visit(item);
  };
  visit(root);
  return words;
}

function spelled(value: unknown, words: ReadonlyMap<string, string>): unknown {
  if (typeof value === 'string') return words.get(value) ?? value;
  if (Array.isArray(value)) return value.map((item) => spelled(item, words));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, spelled(inner, words)]));
}

function printed(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
