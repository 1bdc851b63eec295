/** Memory: what AWS has answered, by the content that it was asked about. Holds for any file with that content, and for no other. */
import type { Call } from './calls.ts';
import type { Connection } from './connection.ts';
import { type Input, isBilled, type Reply } from './shapes.ts';
import { Trouble } from './trouble.ts';

/** A question with its answer. */
export interface Answered {
  readonly input: Input;
  readonly reply: Reply;
}

/** Answers of this process. Nothing is written down. */
export interface Memory {
  /** What AWS said of the subject with that key, the latest answers to each operation. */
  readonly of: (key: string) => readonly Answered[];
  readonly knows: (input: Input) => boolean;
  /** Forgets everything. */
  readonly clear: () => void;
  readonly take: (key: string, operations: ReadonlyMap<Input['operation'], readonly Answered[]>) => void;
  readonly replyTo: (input: Input) => Reply | undefined;
}

/** Subjects that are remembered. */
const MOST = 2000;

/** A memory of nothing yet. */
export function openMemory(): Memory {
  const replies = new Map<string, Reply>();
  const subjects = new Map<string, Map<Input['operation'], readonly Answered[]>>();
  return {
    of: (key) => [...(subjects.get(key)?.values() ?? [])].flat(),
    knows: (input) => replies.has(JSON.stringify(input)),
    replyTo: (input) => replies.get(JSON.stringify(input)),
    clear: () => {
      replies.clear();
      subjects.clear();
    },
    take: (key, operations) => {
      if (subjects.size >= MOST) subjects.delete([...subjects.keys()][0] ?? '');
      if (replies.size >= MOST * 2) replies.clear();
      subjects.set(key, new Map([...(subjects.get(key) ?? []), ...operations]));
      for (const answered of operations.values())
        for (const { input, reply } of answered) replies.set(JSON.stringify(input), reply);
    },
  };
}

/** What came of asking. `stopped` is why the rest was not asked; `refused` are single policies that AWS cannot take. */
export interface Outcome {
  readonly asked: number;
  readonly remembered: number;
  readonly refused: readonly { readonly call: Call; readonly message: string }[];
  readonly stopped: Trouble | undefined;
}

/** The calls that would be sent, each content once, and how many of them AWS bills. */
export function openCalls(calls: readonly Call[], memory: Memory): { readonly all: number; readonly billed: number } {
  const open = new Map(
    calls.filter(({ input }) => !memory.knows(input)).map(({ input }) => [JSON.stringify(input), input] as const),
  );
  return { all: open.size, billed: [...open.values()].filter(({ operation }) => isBilled(operation)).length };
}

/** Asks one question after the other. `step` is told before each. */
export async function askAll(
  calls: readonly Call[],
  connection: Connection,
  memory: Memory,
  signal: AbortSignal,
  step: (done: number, total: number, call: Call) => void,
): Promise<Outcome> {
  const refused: { call: Call; message: string }[] = [];
  const seen = new Map<string, Map<Input['operation'], Answered[]>>();
  let asked = 0;
  let remembered = 0;
  let stopped: Trouble | undefined;
  for (const [index, call] of calls.entries()) {
    step(index, calls.length, call);
    const { input, subject } = call;
    try {
      const known = memory.replyTo(input) ?? within(seen, input);
      const reply = known ?? (await connection.ask(input, signal));
      if (known) remembered++;
      else asked++;
      const operations = seen.get(subject.key) ?? new Map<Input['operation'], Answered[]>();
      seen.set(subject.key, operations);
      operations.set(input.operation, [...(operations.get(input.operation) ?? []), { input, reply }]);
    } catch (error) {
      if (!(error instanceof Trouble)) throw error;
      if (error.kind !== 'policy') {
        stopped = error;
        break;
      }
      refused.push({ call, message: error.message });
    }
  }
  for (const [key, operations] of seen) memory.take(key, operations);
  return { asked, remembered, refused, stopped };
}

function within(seen: ReadonlyMap<string, ReadonlyMap<string, readonly Answered[]>>, input: Input): Reply | undefined {
  const letters = JSON.stringify(input);
  for (const operations of seen.values())
    for (const { input: other, reply } of operations.get(input.operation) ?? [])
      if (JSON.stringify(other) === letters) return reply;
  return undefined;
}
