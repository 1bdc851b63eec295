/** Runs one command line in a terminal. The only place that turns failures and bugs into words and an exit code. */
import { type Request, readArguments } from './arguments.ts';
import { can } from './can.ts';
import { check } from './check.ts';
import { comparePolicies } from './compare.ts';
import { explainRule, listRules } from './explain.ts';
import { type ExitCode, Failure } from './failure.ts';
import { generate } from './generate.ts';
import { commandHelp, generalHelp } from './help.ts';
import { startServer } from './lsp.ts';
import { narrow } from './narrow.ts';
import type { Terminal } from './terminal.ts';
import { validate } from './validate.ts';
import { version } from './version.ts';

/** Runs the arguments; never throws. Only what asks AWS takes time that others can use. */
export function run(args: readonly string[], terminal: Terminal): ExitCode | Promise<ExitCode> {
  const failed = (error: unknown): ExitCode => {
    const bug = `internal error: ${error instanceof Error ? error.message : String(error)}`;
    terminal.error(`leastwise: ${oneLine(error instanceof Failure ? error.message : bug)}\n`);
    return 2;
  };
  try {
    const code = answer(readArguments(args), terminal);
    return typeof code === 'number' ? code : code.catch(failed);
  } catch (error) {
    return failed(error);
  }
}

function answer(request: Request, terminal: Terminal): ExitCode | Promise<ExitCode> {
  switch (request.kind) {
    case 'help':
      terminal.out(request.command ? commandHelp(request.command) : generalHelp());
      return 0;
    case 'version':
      terminal.out(`${version()}\n`);
      return 0;
    case 'wrong':
      throw new Failure(`${request.message} (see leastwise --help)`);
    case 'run':
      return runCommand(request, terminal);
  }
}

function runCommand(
  { command, flags, operands }: Extract<Request, { kind: 'run' }>,
  terminal: Terminal,
): ExitCode | Promise<ExitCode> {
  switch (command.name) {
    case 'check':
      return check(operands, flags, terminal);
    case 'compare':
      return comparePolicies(operands, flags, terminal);
    case 'can':
      return can(flags, terminal);
    case 'narrow':
      return narrow(operands, flags, terminal);
    case 'validate':
      return validate(operands, flags, terminal);
    case 'generate':
      return generate(operands, flags, terminal);
    case 'explain':
      return explainRule(operands[0] ?? '', terminal);
    case 'rules':
      return listRules(flags, terminal);
    case 'lsp':
      return startServer(flags);
    default:
      throw new Error(`the command ${command.name} has no code`);
  }
}

function oneLine(message: string): string {
  return message.replace(/\s*[\r\n]+\s*/g, ' ');
}
