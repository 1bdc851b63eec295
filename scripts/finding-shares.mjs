// Measures how much the rules say about real policies: for each rule the files that it flags, by level and at warning or
// above, and what that is for a hundred policies. Prints a table, never a verdict; no test depends on it. Writes nothing.
//   node scripts/finding-shares.mjs FOLDER...   [--kind=KIND] of policies that their place does not tell
//                                               [--name=TEXT] only files whose name holds the text   [--most=PERCENT] marks rules beyond
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { filesIn, openCore } from './measured.mjs';

const { load, context } = await openCore();
const { analyzeWhole } = load('/server/src/analysis.ts');
const { hostOf } = load('/server/src/hosts/index.ts');

const { values: asked, positionals: folders } = parseArgs({
  allowPositionals: true,
  options: { kind: { type: 'string' }, name: { type: 'string', default: '' }, most: { type: 'string' } },
});
if (folders.length === 0) {
  console.error('usage: node scripts/finding-shares.mjs FOLDER... [--kind=KIND] [--name=TEXT] [--most=PERCENT]');
  process.exit(2);
}

for (const folder of folders) report(folder);

function report(folder) {
  const sources = filesIn(folder)
    .filter((path) => hostOf(path) && basename(path).includes(asked.name))
    .map((path) => ({ path, text: readFileSync(path, 'utf8') }));
  const { findings, modules } = analyzeWhole(sources, { ...context, ...(asked.kind ? { kind: asked.kind } : {}) });
  const policies = modules.reduce((sum, one) => sum + one.policies.length, 0);
  const holding = new Set(modules.flatMap((one) => one.policies.map(({ site }) => site.span.source)));
  console.log(`\n${folder}: ${policies} policies in ${holding.size} files`);
  const levels = groupBy(findings, ({ level }) => level);
  const per100 = (list) => ((100 * (list?.length ?? 0)) / Math.max(policies, 1)).toFixed(1);
  const said = ['error', 'warning', 'info'].map((level) => `${level} ${per100(levels[level])}`);
  console.log(`findings for 100 policies: ${said.join(', ')}`);
  const grave = findings.filter(({ level }) => level !== 'info');
  const flagged = filesOf(grave);
  console.log(`files flagged at warning or above: ${flagged} (${share(flagged, holding.size)})`);
  console.log(
    `\n${'rule'.padEnd(30)} ${'error'.padStart(6)} ${'warn'.padStart(6)} ${'info'.padStart(6)}  files at warning or above`,
  );
  const byRule = Object.entries(groupBy(findings, ({ rule }) => rule));
  const rows = byRule.map(([rule, list]) => ({
    rule,
    list,
    files: filesOf(list.filter(({ level }) => level !== 'info')),
  }));
  for (const { rule, list, files } of rows.sort((a, b) => b.files - a.files || (a.rule < b.rule ? -1 : 1))) {
    const of = (level) => String(list.filter((one) => one.level === level).length).padStart(6);
    const beyond =
      asked.most !== undefined && files * 100 > Number(asked.most) * holding.size ? `  more than ${asked.most} %` : '';
    console.log(
      `${rule.padEnd(30)} ${of('error')} ${of('warning')} ${of('info')}  ${String(files).padStart(5)} ${share(files, holding.size)}${beyond}`,
    );
  }
}

function groupBy(items, nameOf) {
  const groups = {};
  for (const item of items) {
    const name = nameOf(item);
    groups[name] ??= [];
    groups[name].push(item);
  }
  return groups;
}

function filesOf(findings) {
  return new Set(findings.map(({ span }) => span.source)).size;
}

function share(count, of) {
  return `${((100 * count) / Math.max(of, 1)).toFixed(1)} %`;
}
