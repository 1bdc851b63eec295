/** The command line's entry: reads the arguments, runs the command, turns what goes wrong into one line and exit code 2. */
import { run } from './run.ts';
import { processTerminal } from './terminal.ts';

const code = run(process.argv.slice(2), processTerminal());
if (typeof code === 'number') process.exitCode = code;
else
  void code.then((later) => {
    process.exitCode = later;
  });
