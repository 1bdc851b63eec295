// Runs every test of the project, and ends with the line `N passed, M failed`.
//   --quick    types, format and unit tests only: the inner loop      --no-e2e   all but those in a real VS Code
//   --update   rewrites the blocks of the rule pages that the tests execute
import { ensure } from './ensure.mjs';

const known = ['--quick', '--no-e2e', '--update'];
const flags = process.argv.slice(2);
const unknown = flags.find((flag) => !known.includes(flag));
if (unknown) {
  console.error(`Unknown flag ${unknown}; there are ${known.join(', ')}.`);
  process.exit(2);
}
ensure();
if (flags.includes('--update')) process.env.UPDATE_PAGES = '1';

const { withoutNetwork } = await import('./testing/offline.mjs');
const parts = await import('./testing/parts.mjs');
const quick = flags.includes('--quick');
const endToEnd = !quick && !flags.includes('--no-e2e');
const total = { passed: 0, failed: 0, skipped: 0 };

// The installation waits for the registry most of the time, so it goes on beside the others.
const begun = [
  ['types', timed(parts.types)],
  ['format', timed(parts.format)],
  ['unit tests', timed(parts.units)],
  ...(endToEnd ? [['VS Code for the tests', timed(parts.runtime)]] : []),
];
for (const [name, running] of begun) tell(name, await running);
if (!quick) {
  tell('build', await timed(parts.bundles));
  tell('package', await timed(parts.extension));
}
if (endToEnd) {
  const before = total.failed;
  tell('in the extension host', await timed(() => parts.suite()));
  tell('in the workbench', await timed(() => parts.steps()));
  await tellWithoutNetwork(total.failed > before ? 'it fails with one' : undefined);
}
console.log(`${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ''}`);
process.exitCode = total.failed > 0 ? 1 : 0;

/** The same again where nothing can be asked of the network; not for a `reason` that is given. */
async function tellWithoutNetwork(reason) {
  const wrap = withoutNetwork();
  const note = reason ?? (wrap ? undefined : 'cutting it off is not permitted here');
  if (note) {
    tell('  without a network', { passed: 0, failed: 0, skipped: 2, note, ms: 0 });
    return;
  }
  Object.assign(process.env, { LEASTWISE_E2E: 'web', LEASTWISE_OFFLINE: '1', LEASTWISE_SHOTS: 'shots/offline' });
  tell('  without a network', await timed(() => parts.suite(wrap)));
  tell('  without a network', await timed(() => parts.steps(wrap)));
}

async function timed(part) {
  const start = performance.now();
  const outcome = await part();
  return { ...outcome, ms: performance.now() - start };
}

function tell(name, { passed, failed, skipped = 0, note = '', details = '', show = failed > 0, ms }) {
  total.passed += passed;
  total.failed += failed;
  total.skipped += skipped;
  const counts = [`${passed} passed`, failed > 0 && `${failed} FAILED`, skipped > 0 && `${skipped} skipped`];
  const words = [counts.filter(Boolean).join(', ').padEnd(22), `${(ms / 1000).toFixed(1)} s`.padStart(7), ` ${note}`];
  if (show && details) console.log(`\n${details.trim()}\n`);
  console.log(`${name.padEnd(24)}${words.join(' ')}`.trimEnd());
}
