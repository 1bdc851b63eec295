/** A terminal and folders of their own for tests of the command line, and the policies that they look at. Asserts nothing. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';
import { run } from '../server/src/cli/run.ts';
import type { Terminal } from '../server/src/cli/terminal.ts';

/** Folders that go away with the test file that asks for them. */
export interface Workspace {
  readonly root: string;
  /** A new folder with these files. */
  readonly folderOf: (files: Readonly<Record<string, string | Buffer>>) => string;
}

/** A workspace for one test file; call it at the file's top. */
export function openWorkspace(): Workspace {
  const root = mkdtempSync(join(tmpdir(), 'leastwise-'));
  afterAll(() => rmSync(root, { recursive: true, force: true }));
  let folders = 0;
  return {
    root,
    folderOf: (files) => {
      const folder = join(root, String(folders++));
      mkdirSync(folder);
      for (const [name, text] of Object.entries(files)) {
        mkdirSync(dirname(join(folder, name)), { recursive: true });
        writeFileSync(join(folder, name), text);
      }
      return folder;
    },
  };
}

/** What a command said, and its exit code. */
export interface Said {
  readonly code: number;
  readonly out: string;
  readonly error: string;
}

/** Runs a command line in the folder. */
export function runIn(folder: string, args: readonly string[], input = '', more: Partial<Terminal> = {}): Said {
  const { terminal, said } = recorder(folder, input, more);
  const code = run(args, terminal);
  if (typeof code !== 'number') throw new Error(`${args[0]} takes its time: await it`);
  return { code, ...said };
}

/** The same for a command that asks AWS. */
export async function runLater(folder: string, args: readonly string[], more: Partial<Terminal> = {}): Promise<Said> {
  const { terminal, said } = recorder(folder, '', more);
  const code = await run(args, terminal);
  return { code, ...said };
}

function recorder(folder: string, input: string, more: Partial<Terminal>) {
  const said = { out: '', error: '' };
  const terminal: Terminal = {
    out: (text) => {
      said.out += text;
    },
    error: (text) => {
      said.error += text;
    },
    outIsScreen: false,
    errorIsScreen: false,
    columns: 120,
    environment: {},
    folder,
    readInput: () => Buffer.from(input),
    now: () => 0,
    today: '2026-11-22',
    ...more,
  };
  return { terminal, said };
}

/** The findings of a run in JSON as `file:line:column level rule`, lines from 1. */
export function placesOf(out: string): readonly string[] {
  const { findings } = JSON.parse(out) as {
    findings: { file: string; rule: string; level: string; range: { start: { line: number; character: number } } }[];
  };
  return findings.map(
    ({ file, rule, level, range }) => `${file}:${range.start.line + 1}:${range.start.character + 1} ${level} ${rule}`,
  );
}

/** A policy of one statement, whose action stands on line 4. */
export function policy(action: string, effect = 'Allow'): string {
  return `{\n  "Version": "2012-10-17",\n  "Statement": [\n    { "Sid": "One", "Effect": "${effect}", "Action": "${action}", "Resource": "arn:aws:s3:::b/*" }\n  ]\n}\n`;
}

/** A policy without a finding. */
export const FINE = policy('s3:GetObject');
/** A policy with one warning. */
export const WARNED = policy('s3:GetObjct');
/** A policy with one error. */
export const WRONG = policy('s3:GetObject', 'Alow');
/** Where the finding of {@link WARNED} is, without its file. */
export const WARNED_PLACE = '4:51 warning unknown-action';
