// How an end-to-end program tells scripts/test.mjs what happened: one JSON file, named in its environment.
import { readFileSync, writeFileSync } from 'node:fs';

/**
 * Runs `work`, which returns an outcome `{ passed, failed, skipped?, note?, details? }` (numbers of tests, a few words
 * for the summary, text about the failures), and hands it over. A crash is one failure; never leaves a process behind.
 */
export async function report(work) {
  for (const name of ['SIGINT', 'SIGTERM']) process.once(name, () => process.exit(130));
  const outcome = { passed: 0, failed: 0, details: '' };
  try {
    Object.assign(outcome, await work());
  } catch (error) {
    outcome.failed = 1;
    outcome.details = String(error?.stack ?? error);
  }
  if (process.env.LEASTWISE_OFFLINE) countCalls(outcome);
  const file = process.env.LEASTWISE_OUTCOME;
  if (file) writeFileSync(file, JSON.stringify(outcome));
  else console.log(`${outcome.details}\n${outcome.passed} passed, ${outcome.failed} failed  ${outcome.note ?? ''}`);
  process.exit(outcome.failed > 0 ? 1 : 0);
}

/**
 * One more test, in a network namespace of our own: by the kernel's count no process in it, of VS Code, of the extension
 * or of the browser, sent anything to another machine or asked for a name.
 */
function countCalls(outcome) {
  const unreachable = kernelCount('Ip', 'OutNoRoutes');
  const datagrams = kernelCount('Udp', 'OutDatagrams');
  if (unreachable + datagrams === 0) {
    outcome.passed += 1;
    return;
  }
  outcome.failed += 1;
  outcome.details += `${unreachable} attempts to reach other machines, ${datagrams} datagrams such as look-ups of names\n`;
}

/** One number of /proc/net/snmp, where each protocol has a line of names and a line of values. */
function kernelCount(protocol, name) {
  const lines = readFileSync('/proc/self/net/snmp', 'utf8').split('\n');
  const [names, values] = lines.filter((line) => line.startsWith(`${protocol}:`)).map((line) => line.split(' '));
  return Number(values[names.indexOf(name)]);
}
