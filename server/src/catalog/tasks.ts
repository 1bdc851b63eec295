/** Tasks: what common jobs take of a service, read from their table. Hand-kept data with its sources; knows no policies. */
import data from '../../data/tasks.json' with { type: 'json' };

/** A job that an identity has in one service. */
export interface Task {
  readonly id: string;
  /** What it does, as in "narrow to …": `pulling images`. */
  readonly doing: string;
  /** The prefix of all its actions, in lower case. */
  readonly service: string;
  /** Actions by the type of resource that they are scoped to. Invariant: the first group is the task itself; the others come along. */
  readonly on: readonly TaskGroup[];
  /** Actions that need `*`, by full name. */
  readonly unscoped: readonly string[];
  /** Beginnings of words, in lower case, by which people name what does it. */
  readonly words: readonly string[];
}

/** Actions by full name, as AWS spells them, and the key of a resource type that each of them takes. */
export interface TaskGroup {
  readonly type: string;
  readonly actions: readonly string[];
}

/** The tasks of a service, in the order of the table; none where the table has none of it. */
export function tasksOf(service: string): readonly Task[] {
  return TASKS.filter((task) => task.service === service);
}

/** The table as JSON gives it. */
interface Row {
  readonly id: string;
  readonly doing: string;
  readonly on: readonly TaskGroup[];
  readonly unscoped?: readonly string[];
  readonly words: readonly string[];
  readonly source: string;
}

const ROWS: readonly Row[] = data.tasks;

/** All tasks of the table. */
export const TASKS: readonly Task[] = ROWS.map(({ id, doing, on, unscoped = [], words }) => ({
  id,
  doing,
  service: on[0]?.actions[0]?.split(':', 1)[0] ?? '',
  on,
  unscoped,
  words,
}));
