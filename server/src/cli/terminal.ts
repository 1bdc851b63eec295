/** Terminal: all that the commands ask of the process around them, so that tests can stand in for it. Holds no logic of any command. */
import { fstatSync, readFileSync, writeSync } from 'node:fs';

/** The process around a command. `out` takes results only; `error` takes messages for a person, and progress where `errorIsScreen`. */
export interface Terminal {
  readonly out: (text: string) => void;
  readonly error: (text: string) => void;
  readonly outIsScreen: boolean;
  readonly errorIsScreen: boolean;
  readonly columns: number;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The working folder, absolute. */
  readonly folder: string;
  readonly readInput: () => Uint8Array;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  /** `YYYY-MM-DD`. */
  readonly today: string;
}

/** The process's own streams, written at once: nothing is lost when the process ends. */
export function processTerminal(): Terminal {
  return {
    out: (text) => write(1, text),
    error: (text) => write(2, text),
    outIsScreen: isScreen(1),
    errorIsScreen: isScreen(2),
    columns: isScreen(1) ? (process.stdout.columns ?? 120) : 120,
    environment: process.env,
    folder: process.cwd(),
    readInput: () => readFileSync(0),
    now: () => performance.now(),
    today: new Date().toISOString().slice(0, 10),
  };
}

/** Asked of the file system: to load `node:tty`, or a stream, takes several milliseconds of every run. */
function isScreen(descriptor: number): boolean {
  try {
    return fstatSync(descriptor).isCharacterDevice();
  } catch {
    return false;
  }
}

/** Writes all of the text, waiting for a slow reader. A reader that has gone away ends the process in silence, as `cat` does. */
function write(descriptor: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(descriptor, bytes, at);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      if (code === 'EPIPE') process.exit(141);
      if (code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}

/** Whether to colour what goes to standard output: on a screen, unless `NO_COLOR` says no; anywhere where `FORCE_COLOR` says so. */
export function wantsColor(terminal: Pick<Terminal, 'outIsScreen' | 'environment'>): boolean {
  const { FORCE_COLOR: force, NO_COLOR: no, TERM: kind } = terminal.environment;
  if (force !== undefined && force !== '') return force !== '0' && force !== 'false';
  return terminal.outIsScreen && (no === undefined || no === '') && kind !== 'dumb';
}
