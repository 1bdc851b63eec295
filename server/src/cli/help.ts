/** Help, printed from the table of commands. */
import { COMMANDS, type Command, type Flag } from './commands.ts';

/** What `leastwise --help` prints. */
export function generalHelp(): string {
  const width = Math.max(...COMMANDS.map((command) => usageOf(command).length));
  return [
    'Shows what AWS IAM policies really allow, and what is wrong with them.',
    '',
    'Usage: leastwise COMMAND [ARGUMENTS]',
    '',
    ...COMMANDS.map((command) => `  ${usageOf(command).padEnd(width)}  ${command.summary}`),
    '',
    '  leastwise COMMAND --help shows the flags of a command; leastwise --version the version.',
    '',
  ].join('\n');
}

/** What `leastwise COMMAND --help` prints. */
export function commandHelp(command: Command): string {
  const flags: readonly Flag[] = [...command.flags, { name: 'help', help: 'Show this.' }];
  const width = Math.max(...flags.map((flag) => flagUsage(flag).length));
  const lines = flags.flatMap((flag) => {
    const words = flag.value?.words ? [`${' '.repeat(width + 4)}${flag.value.words.join(', ')}`] : [];
    return [`  ${flagUsage(flag).padEnd(width)}  ${flag.help}`, ...words];
  });
  const notes = command.notes.length > 0 ? ['', ...command.notes] : [];
  return [
    command.summary,
    '',
    `Usage: leastwise ${usageOf(command)}${command.flags.length > 0 ? ' [FLAGS]' : ''}`,
    '',
    ...lines,
    ...notes,
    '',
  ].join('\n');
}

function usageOf(command: Command): string {
  return [command.name, command.operands.shown].filter((part) => part !== '').join(' ');
}

function flagUsage(flag: Flag): string {
  return flag.value ? `--${flag.name} ${flag.value.placeholder}` : `--${flag.name}`;
}
