/** Reads the policy documents that `compare` and `can` are given by name. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Failure, reasonOf } from './failure.ts';
import type { Terminal } from './terminal.ts';

/** The text of a file; `-` is standard input. A file that cannot be read ends the command. */
export function documentText(path: string, terminal: Terminal): string {
  try {
    const bytes = path === '-' ? terminal.readInput() : readFileSync(resolve(terminal.folder, path));
    return new TextDecoder().decode(bytes);
  } catch (error) {
    throw new Failure(`${path} cannot be read: ${reasonOf(error)}`);
  }
}
