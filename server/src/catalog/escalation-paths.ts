/** Escalation paths: sets of actions that lead to more rights, from a table kept by hand. Knows no policies. */
import data from '../../data/privilege-escalation.json' with { type: 'json' };
import { memo } from './memo.ts';

/** A way to more rights: whoever can take all of its steps has it. Invariant: no path takes all steps of another. */
export interface EscalationPath {
  /** Full names of actions, as AWS spells them. */
  readonly steps: readonly string[];
  /** Those whose resources decide how far it leads; the others only have to be possible. */
  readonly decisive: readonly string[];
  /** What the holder can do, as after "lets it": on anything, and on what is named. */
  readonly story: { readonly any: string; readonly named: string };
  /** The services that get the role, where one is passed. */
  readonly receivers: readonly string[];
  /** Why it is little to worry about: AWS closed the service, or the holder's code does not run. */
  readonly doubt: string | undefined;
}

/** All paths, those that need nothing but themselves first. */
export const escalationPaths: () => readonly EscalationPath[] = memo(() => ROWS.map(pathOf));

/** What the request of a step has to carry to lead anywhere, by condition key; empty for a key that has to be missing. */
export function stepContext(action: string): Readonly<Record<string, string>> {
  return Object.hasOwn(CONTEXT, action) ? (CONTEXT[action] ?? {}) : {};
}

/** The type of resource that a step is about, where it is not the first that the action needs. */
export function stepResource(action: string): string | undefined {
  return Object.hasOwn(RESOURCES, action) ? RESOURCES[action] : undefined;
}

/** What else the step has to reach, to run whatever one likes. */
export function stepNeeds(action: string): string | undefined {
  return Object.hasOwn(ALSO, action) ? ALSO[action] : undefined;
}

/** Whether the step leads nowhere when it is taken on the holder itself. */
export function isOnOthers(action: string): boolean {
  return OTHERS.split(' ').includes(action);
}

/** The table as JSON gives it. */
interface Row {
  readonly steps: string;
  readonly story: string;
  readonly on?: string;
  readonly to?: string;
  readonly weak?: string;
  readonly closed?: string;
}

const ROWS: readonly Row[] = data.paths;
const RESOURCES: Readonly<Record<string, string>> = data.resources;
const CONTEXT: Readonly<Record<string, Readonly<Record<string, string>>>> = data.context;
const ALSO: Readonly<Record<string, string>> = data.also;
const OTHERS: string = data.others;

function pathOf({ steps, story, on, to, weak, closed }: Row): EscalationPath {
  return {
    steps: steps.split(' '),
    decisive: (on ?? steps).split(' '),
    story: { any: story.replace(CHOICE, '$1'), named: story.replace(CHOICE, '$2') },
    receivers: to?.split(' ') ?? [],
    doubt: closed ?? weak,
  };
}

/** `{any role|a named role}` in a story. */
const CHOICE = /\{([^|}]*)\|([^}]*)\}/g;
