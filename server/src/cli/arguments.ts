/** Reads the arguments of the command line. Pure: what is wrong is an answer, in words. */
import { parseArgs } from 'node:util';
import { didYouMean } from '../config/nearest.ts';
import { alternatives } from '../config/shape.ts';
import { COMMANDS, type Command, type Flag } from './commands.ts';

/** The flags that were given; `value` of one that was not is undefined, `values` are all of one that may be given often. */
export interface Flags {
  readonly has: (name: string) => boolean;
  readonly value: (name: string) => string | undefined;
  readonly values: (name: string) => readonly string[];
}

/** What is asked for. */
export type Request =
  | { readonly kind: 'run'; readonly command: Command; readonly flags: Flags; readonly operands: readonly string[] }
  | { readonly kind: 'help'; readonly command: Command | undefined }
  | { readonly kind: 'version' }
  | { readonly kind: 'wrong'; readonly message: string };

/** Reads all arguments after the name of the program. */
export function readArguments(args: readonly string[]): Request {
  const [first, ...rest] = args;
  if (first === undefined) return wrong('a command is missing');
  if (first === '--help' || first === '-h') return { kind: 'help', command: undefined };
  if (first === '--version' || first === '-v') return { kind: 'version' };
  if (first === 'help') return helpOn(rest[0]);
  const command = COMMANDS.find((candidate) => candidate.name === first);
  if (!command)
    return wrong(first.startsWith('-') ? unknownFlag(first, ['--help', '--version']) : unknownCommand(first));
  return readCommand(command, rest);
}

function wrong(message: string): Request {
  return { kind: 'wrong', message };
}

function helpOn(name: string | undefined): Request {
  const command = COMMANDS.find((candidate) => candidate.name === name);
  return name === undefined || command ? { kind: 'help', command } : wrong(unknownCommand(name));
}

function unknownCommand(name: string): string {
  const names = COMMANDS.map((command) => command.name);
  const hint =
    didYouMean(name, names) ||
    (/[./\\]/.test(name) ? `; did you mean \`leastwise check ${name}\`?` : `; the commands are ${names.join(', ')}`);
  return `there is no command \`${name}\`${hint}`;
}

function unknownFlag(flag: string, flags: readonly string[]): string {
  return `there is no flag \`${flag}\`${didYouMean(flag, flags)}`;
}

function readCommand(command: Command, args: readonly string[]): Request {
  const options = Object.fromEntries(
    command.flags.map((flag) => [flag.name, { type: flag.value ? ('string' as const) : ('boolean' as const) }]),
  );
  const { tokens } = parseArgs({ args: [...args], options, allowPositionals: true, strict: false, tokens: true });
  const given = new Map<string, string[]>();
  let open: { readonly values: string[]; readonly words: readonly string[] | undefined } | undefined;
  const operands: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') {
      const isValue = open && (!open.words || open.words.includes(token.value));
      (isValue && open ? open.values : operands).push(token.value);
    }
    if (token.kind !== 'option') continue;
    open = undefined;
    if (token.rawName === '--help' || token.rawName === '-h') return { kind: 'help', command };
    const flag = token.rawName.startsWith('--')
      ? command.flags.find((candidate) => candidate.name === token.name)
      : undefined;
    if (!flag)
      return wrong(unknownFlag(token.rawName, ['--help', ...command.flags.map((candidate) => `--${candidate.name}`)]));
    const complaint = wrongValue(flag, token.value, token.inlineValue === true);
    if (complaint !== undefined) return wrong(complaint);
    const before = given.get(flag.name);
    if (before && !flag.value?.many && before[0] !== token.value) return wrong(`\`--${flag.name}\` is given twice`);
    const values = [...(flag.value?.many ? (before ?? []) : []), token.value ?? ''];
    given.set(flag.name, values);
    if (flag.value?.many) open = { values, words: flag.value.words };
  }
  if (operands.length < command.operands.least)
    return wrong(`\`leastwise ${command.name}\` needs ${command.operands.shown}`);
  const surplus = operands[command.operands.most];
  if (surplus !== undefined) return wrong(`\`${surplus}\` is one argument too many for \`leastwise ${command.name}\``);
  return {
    kind: 'run',
    command,
    operands,
    flags: {
      has: (name) => given.has(name),
      value: (name) => given.get(name)?.[0],
      values: (name) => given.get(name) ?? [],
    },
  };
}

function wrongValue(flag: Flag, value: string | undefined, inline: boolean): string | undefined {
  if (!flag.value) return value === undefined ? undefined : `\`--${flag.name}\` takes no value`;
  if (value === undefined || value === '' || (!inline && value.startsWith('-') && value !== '-'))
    return `\`--${flag.name}\` needs a value: ${flag.value.placeholder}`;
  const { words } = flag.value;
  if (!words || words.includes(value)) return undefined;
  return `\`${value}\` is no value of \`--${flag.name}\`, which takes ${alternatives(words)}${didYouMean(value, words)}`;
}
