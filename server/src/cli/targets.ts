/** Targets: which files a check is about, from paths, lists and standard input. Opens lists only. */
import { readFileSync, statSync } from 'node:fs';
import type { Flags } from './arguments.ts';
import type { Configs } from './configs.ts';
import { decode } from './decode.ts';
import { Failure, reasonOf } from './failure.ts';
import { absolute, lastName, shown } from './paths.ts';
import { isWanted, type Target } from './session.ts';
import type { Terminal } from './terminal.ts';
import { walkFolder } from './walk.ts';

/** What is to be checked. `folders` were walked whole; `configs` are configuration files that were named. */
export interface Targets {
  readonly targets: readonly Target[];
  readonly folders: readonly string[];
}

/** Collects the targets, each file once. `complain` takes what cannot be read. */
export function collectTargets(
  operands: readonly string[],
  flags: Flags,
  terminal: Terminal,
  configs: Configs,
  complain: (message: string) => void,
): Targets {
  const targets = new Map<string, Target>();
  const folders: string[] = [];
  const add = (target: Target) => {
    const known = targets.get(target.path);
    if (!known || (target.named && !known.named)) targets.set(target.path, target);
  };
  const visit = (path: string, named: boolean) => {
    const full = absolute(terminal.folder, path);
    try {
      if (!statSync(full).isDirectory()) {
        if (lastName(full) === 'leastwise.json') complainOf(configs.load(full).trouble, complain);
        else if (named || isWanted(full)) add({ path: full, named });
        return;
      }
    } catch (error) {
      complain(`${path} cannot be read: ${reasonOf(error)}`);
      return;
    }
    folders.push(full);
    walkFolder(full, {
      wants: isWanted,
      found: (file) => add({ path: file, named: false }),
      unreadable: (folder, error) => complain(`${shown(terminal.folder, folder)} cannot be read: ${reasonOf(error)}`),
    });
  };
  const list = flags.value('files-from');
  if (list === '-' && operands.includes('-'))
    throw new Failure('standard input cannot be both the list of files and a file');
  if (list !== undefined) for (const path of listed(list, terminal)) visit(path, false);
  for (const operand of operands) {
    if (operand === '-') add(fromInput(flags.value('stdin-filename'), terminal));
    else visit(operand, true);
  }
  if (operands.length === 0 && list === undefined) visit('.', true);
  return { targets: [...targets.values()], folders };
}

function complainOf(trouble: string | undefined, complain: (message: string) => void): void {
  if (trouble !== undefined) complain(trouble);
}

function fromInput(name: string | undefined, terminal: Terminal): Target {
  const path = absolute(terminal.folder, name ?? 'stdin.json');
  return { path, named: true, text: decode(Buffer.from(terminal.readInput())).text };
}

function listed(list: string, terminal: Terminal): readonly string[] {
  try {
    const bytes = list === '-' ? Buffer.from(terminal.readInput()) : readFileSync(absolute(terminal.folder, list));
    const text = decode(bytes).text;
    return text.split(text.includes('\0') ? '\0' : /\r?\n/).filter((path) => path.trim() !== '');
  } catch (error) {
    throw new Failure(`the list ${list} cannot be read: ${reasonOf(error)}`);
  }
}
