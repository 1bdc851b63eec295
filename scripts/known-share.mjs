// Measures how much of real policies is known: for each folder and each kind of place, policies and statements that are
// known in full, in part, or not at all. Prints a table, never a verdict; no test depends on it. Writes nothing.
//   node scripts/known-share.mjs FOLDER...   [--fixes] how many narrowing fixes are proved   [--list] places with nothing known
import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { filesIn, openCore } from './measured.mjs';

const bugs = [];
const { load, context } = await openCore((rule, path, error) => bugs.push(`${rule} on ${path}: ${error}`));
const { analyzeWhole } = load('/server/src/analysis.ts');
const { placesOf } = load('/server/src/hosts/cloudformation/places.ts');
const { templatesIn } = load('/server/src/hosts/cloudformation/scope.ts');
const { readYaml } = load('/server/src/hosts/cloudformation/yaml/read.ts');
const { hostOf } = load('/server/src/hosts/index.ts');
const { provedFixes } = load('/server/src/proof.ts');
const { contains, knownText } = load('/server/src/text/text.ts');
const { entryOf, walkValue } = load('/server/src/value/value.ts');

const flags = process.argv.slice(2).filter((word) => word.startsWith('--'));
const folders = process.argv.slice(2).filter((word) => !word.startsWith('--'));
if (folders.length === 0) {
  console.error('usage: node scripts/known-share.mjs FOLDER... [--fixes] [--list]');
  process.exit(2);
}

for (const folder of folders) report(folder);
for (const bug of bugs) console.log(`BUG ${bug}`);

function report(folder) {
  const sources = filesIn(folder)
    .filter((path) => hostOf(path))
    .map((path) => ({ path, text: readFileSync(path, 'utf8') }));
  const began = performance.now();
  const analysis = analyzeWhole(sources, context);
  const took = performance.now() - began;
  const findings = analysis.findings;
  const syntax = findings.filter(({ rule }) => rule === 'syntax');
  console.log(`\n${folder}: ${sources.length} files, ${took.toFixed(0)} ms, ${findings.length} findings`);
  console.log(`syntax findings: ${syntax.length}`);
  for (const { span, message } of syntax) console.log(`  ${span.source}:${span.start} ${message}`);
  table(analysis.modules);
  blind(analysis.modules);
  if (flags.includes('--fixes')) fixes(analysis.modules);
}

/** A row for each kind of place, and one for all. */
function table(modules) {
  const rows = new Map();
  const rowOf = (name) => {
    if (!rows.has(name))
      rows.set(name, { policies: tally(), statements: tally(), actions: tally(), resources: tally() });
    return rows.get(name);
  };
  for (const one of modules) {
    for (const policy of one.policies) {
      for (const row of [rowOf('all'), rowOf(placeOf(policy.site, one.module.host))]) {
        row.policies[ofPolicy(policy)] += 1;
        for (const statement of policy.statements) {
          row.statements[ofValue(statement.value)] += 1;
          if (statement.action) row.actions[ofClause(statement.action)] += 1;
          if (statement.resource) row.resources[ofClause(statement.resource)] += 1;
        }
      }
      if (flags.includes('--list') && ofPolicy(policy) === 'unknown')
        console.log(`  unknown: ${policy.site.span.source} ${policy.site.address}`);
    }
  }
  const columns = ['policies', 'statements', 'actions', 'resources'];
  console.log(`${'full / part / unknown'.padEnd(46)}${columns.map((name) => name.padEnd(28)).join('')}`);
  for (const [name, row] of [...rows].sort(([, a], [, b]) => sum(b.policies) - sum(a.policies)))
    console.log(`${name.padEnd(46)}${columns.map((column) => drawn(row[column]).padEnd(28)).join('')}`);
}

/** Places of templates that hold a policy of which nothing can be seen: a parameter, an import, a macro. */
function blind(modules) {
  let places = 0;
  const unseen = [];
  for (const { module } of modules) {
    const [source] = module.sources;
    if (module.host !== 'cloudformation' || !source) continue;
    const documents = readYaml(source.path, source.text).documents;
    for (const template of documents.flatMap(templatesIn))
      for (const resource of template.scope.resources.values())
        for (const { path, form } of placesOf(resource, new Set())) {
          const value = resource.properties && entryOf(resource.properties, path[0])?.value;
          if (!value || form === 'foreign' || path.length > 1 || form === 'mixed') continue;
          places += 1;
          if (!module.sites.some(({ span }) => contains(value.span, span) || contains(span, value.span)))
            unseen.push(
              `${source.path} ${resource.id}.${path[0]}: ${source.text.slice(value.span.start, value.span.start + 60)}`,
            );
        }
  }
  if (places === 0) return;
  console.log(`places of one document in YAML templates: ${places}, of which nothing can be seen: ${unseen.length}`);
  if (flags.includes('--list')) for (const one of unseen) console.log(`  unseen: ${one.replaceAll('\n', ' ')}`);
}

/** `data.aws_iam_policy_document`, else the type that holds the policy, else the host. */
function placeOf(site, host) {
  const data = /(?:^|\.)data\.(\w+)\./.exec(site.address)?.[1];
  return data ?? site.holder ?? `other in ${host}`;
}

function tally() {
  return { full: 0, part: 0, unknown: 0 };
}

function sum({ full, part, unknown }) {
  return full + part + unknown;
}

function drawn(counts) {
  const all = sum(counts) || 1;
  return `${counts.full} / ${counts.part} / ${counts.unknown} (${Math.round((counts.full / all) * 100)} % full)`;
}

/** Unknown: not one statement can be seen, though there may be some. */
function ofPolicy(policy) {
  if (policy.statements.length === 0 && policy.open) return 'unknown';
  return ofValue(policy.document);
}

/** Full: no hole, no choice, nothing open, nothing that is there only sometimes. */
function ofValue(value) {
  let full = true;
  walkValue(value, (one) => {
    if (one.kind === 'unknown' || one.kind === 'choice') full = false;
    else if (one.kind === 'text') full &&= knownText(one.text) !== undefined;
    else if (one.kind === 'list') full &&= !one.open && one.items.every(({ presence }) => presence === 'always');
    else if (one.kind === 'object')
      full &&=
        !one.open && one.entries.every(({ presence, key }) => presence === 'always' && knownText(key) !== undefined);
    return full;
  });
  return full ? 'full' : 'part';
}

function ofClause({ items, open, entry }) {
  if (items.length === 0 && open) return 'unknown';
  const full = !open && entry.presence === 'always' && items.every(isKnown);
  return full ? 'full' : items.some(isKnown) || items.some(({ text }) => text.flat !== '') ? 'part' : 'unknown';
}

function isKnown({ text, presence }) {
  return presence === 'always' && knownText(text) !== undefined;
}

function fixes(modules) {
  const counts = new Map();
  for (const module of modules)
    for (const finding of module.judgement.findings) {
      const offered = (finding.fixes?.() ?? []).filter(({ safety }) => safety === 'narrows').length;
      const proved = provedFixes(module, finding).filter(({ fix }) => fix.safety === 'narrows').length;
      const [a = 0, b = 0] = counts.get(finding.rule) ?? [];
      if (offered > 0) counts.set(finding.rule, [a + proved, b + offered]);
    }
  const all = [...counts.values()].reduce(([a, b], [c, d]) => [a + c, b + d], [0, 0]);
  for (const [rule, [proved, offered]] of [['narrowing fixes', all], ...counts])
    console.log(`${rule.padEnd(46)}${proved} of ${offered} proved (${Math.round((proved / (offered || 1)) * 100)} %)`);
}
