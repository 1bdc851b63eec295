// Measures the ways out: which share of the findings at warning or above has a fix that is proved to narrow (or to keep
// access the same), by rule, and how much of a processor's time a code action at each finding takes. Prints a table, never a verdict; no test
// depends on it. Writes nothing.
//   node scripts/fix-shares.mjs FOLDER...   [--ext=.tf] only files that end so   [--slow=MS] names the findings that take longer
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { filesIn, openCore } from './measured.mjs';

const { load, context } = await openCore();
const { analyzeWhole } = load('/server/src/analysis.ts');
const { findingsIn } = load('/server/src/features/actions.ts');
const { universeOf } = load('/server/src/features/universe.ts');
const { hostOf } = load('/server/src/hosts/index.ts');
const { provedFixes } = load('/server/src/proof.ts');

const { values: asked, positionals: folders } = parseArgs({
  allowPositionals: true,
  options: { ext: { type: 'string', default: '' }, slow: { type: 'string', default: '50' } },
});
if (folders.length === 0) {
  console.error('usage: node scripts/fix-shares.mjs FOLDER... [--ext=.tf] [--slow=MS]');
  process.exit(2);
}

const universe = universeOf(context.catalog);

report();

function report() {
  const sources = folders
    .flatMap(filesIn)
    .filter((path) => hostOf(path) && path.endsWith(asked.ext))
    .map((path) => ({ path, text: readFileSync(path, 'utf8') }));
  const { modules } = analyzeWhole(sources, context);
  const rules = new Map();
  const times = [];
  for (const module of modules) {
    const source = (finding) => finding.span.source;
    const { findings } = module.judgement;
    const actions = new Map(findings.map((finding) => [`${source(finding)}:${finding.span.start}`, finding]));
    for (const [place, at] of actions) {
      const here = findingsIn(
        findings.filter((one) => source(one) === source(at)),
        at.span.start,
        at.span.start,
      );
      const begun = process.cpuUsage();
      for (const finding of here) provedFixes(module, finding, universe);
      const { user, system } = process.cpuUsage(begun);
      const took = (user + system) / 1000;
      times.push(took);
      if (took > Number(asked.slow))
        console.log(`${took.toFixed(0)} ms at ${place}: ${here.map(({ rule }) => rule).join(' ')}`);
    }
    for (const finding of findings.filter(({ level }) => level !== 'info')) count(rules, module, finding);
  }
  print(rules);
  times.sort((a, b) => a - b);
  const at = (share) => (times[Math.floor(share * (times.length - 1))] ?? 0).toFixed(1);
  console.log(`\n${times.length} code actions: median ${at(0.5)} ms, 99 of 100 ${at(0.99)} ms, worst ${at(1)} ms`);
}

function count(rules, module, finding) {
  const row = rules.get(finding.rule) ?? { all: 0, narrows: 0, same: 0, fixes: 0 };
  rules.set(finding.rule, row);
  const fixes = provedFixes(module, finding, universe);
  row.all += 1;
  row.fixes += fixes.length;
  if (fixes.some(({ fix }) => fix.safety === 'narrows')) row.narrows += 1;
  else if (fixes.some(({ fix }) => fix.safety === 'same')) row.same += 1;
}

function print(rules) {
  const sum = { all: 0, narrows: 0, same: 0, fixes: 0 };
  const rows = [...rules].sort((a, b) => b[1].all - a[1].all);
  for (const [, row] of rows) for (const key of Object.keys(sum)) sum[key] += row[key];
  console.log(`${'rule'.padEnd(30)} findings  narrows    same  fixes each`);
  for (const [rule, { all, narrows, same, fixes }] of [...rows, ['all', sum]])
    console.log(
      `${rule.padEnd(30)} ${String(all).padStart(8)} ${share(narrows, all)} ${share(same, all)} ${(fixes / all).toFixed(1).padStart(11)}`,
    );
}

function share(part, all) {
  return `${((100 * part) / Math.max(all, 1)).toFixed(1)} %`.padStart(8);
}
