// Replays the cases of other linters: runs our rules over each, and counts for every rule of theirs that our rules name
// under `equivalents` how often both speak, only they do, only we do, or neither. What a bigger finding takes in counts.
// Prints a table, and with --differences each case on which the two differ. No test depends on it. Writes nothing.
//   node scripts/peers.mjs FOLDER [--differences] [--tool=NAME]     FOLDER holds checkov.jsonl, parliament.jsonl …
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { filesIn, openCore } from './measured.mjs';

const { values: asked, positionals } = parseArgs({
  allowPositionals: true,
  options: { differences: { type: 'boolean', default: false }, tool: { type: 'string' } },
});
const [folder = ''] = positionals;
if (!existsSync(folder)) {
  console.log(`skipped: there is no folder ${folder || 'of cases named'}`);
  process.exit(0);
}

const { load, context } = await openCore();
const { analyzeWhole } = load('/server/src/analysis.ts');
const { hostOf } = load('/server/src/hosts/index.ts');
const { RULES } = load('/server/src/rules/index.ts');

/** Our rules by the names that other tools have for them. */
const OURS = new Map();
for (const { id, equivalents = [] } of RULES)
  for (const name of equivalents) OURS.set(name, [...(OURS.get(name) ?? []), id]);

const TOOLS = ['cfn-lint', 'cfn_nag', 'checkov', 'cloudsplaining', 'parliament', 'trivy'];
const tally = new Map();
const total = { same: 0, differs: 0 };

function replay(tool) {
  const path = join(folder, `${tool}.jsonl`);
  if (!existsSync(path)) return;
  const cases = readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const all = new Set(cases.flatMap(idsOf));
  for (const one of cases) {
    const sources = sourcesOf(one);
    if (!sources) {
      count(tool, one.rule, 'not a policy', one);
      continue;
    }
    const { findings, modules } = analyzeWhole(sources, context);
    const found = [
      ...findings,
      ...modules.flatMap(({ judgement }) => judgement.swallowed.map((taken) => taken.finding)),
    ];
    const said = [...new Set(found.map(({ rule }) => rule))];
    const theirs = idsOf(one);
    for (const id of askedOf(one, tool, all)) {
      const ours = OURS.get(`${tool}:${id}`);
      const weSpeak = said.some((rule) => ours?.includes(rule));
      const grave = found.some(({ rule, level }) => ours?.includes(rule) && level !== 'info');
      const theySpeak = theirs.includes(id);
      const meant = theirs.filter((other) => other !== id).flatMap((other) => OURS.get(`${tool}:${other}`) ?? []);
      if (!theySpeak && weSpeak && said.filter((rule) => ours?.includes(rule)).every((rule) => meant.includes(rule)))
        continue;
      if (SEVERAL.has(tool) && !weSpeak && !theySpeak) continue;
      const what = theySpeak ? (weSpeak ? 'both' : 'only they') : weSpeak ? 'only we' : 'neither';
      count(tool, id, what, one, said, grave);
    }
  }
}

/** The rules that a case is about: all that the tool's cases name where it tells all findings, else one, or those of a whole report. */
function askedOf(one, tool, all) {
  if (SEVERAL.has(tool)) return all;
  return one.check && !CHECKS[one.check] ? (one.expected_ids ?? []) : [one.rule];
}

/** Tools whose cases name all that was found, not only what one rule says. */
const SEVERAL = new Set(['parliament']);

/** What the case says that the tool finds, by the tool's own names. */
function idsOf({ expected_ids: ids, expected, expected_fail: fail, rule, check }) {
  if (ids) return ids;
  if (fail) return fail.length > 0 ? [rule] : [];
  if (check) return Array.isArray(expected) && expected.length > 0 ? [CHECKS[check] ?? rule] : [];
  return expected ?? [];
}

/** The functions that cases of cloudsplaining call, by the rule that each belongs to. */
const CHECKS = {
  allows_privilege_escalation: 'PrivilegeEscalation',
  permissions_management_without_constraints: 'ResourceExposure',
  write_actions_without_constraints: 'InfrastructureModification',
  tagging_actions_without_constraints: 'InfrastructureModification',
  infrastructure_modification: 'InfrastructureModification',
  missing_resource_constraints_for_modify_actions: 'InfrastructureModification',
  missing_resource_constraints: 'InfrastructureModification',
  allows_data_exfiltration_actions: 'DataExfiltration',
  data_exfiltration: 'DataExfiltration',
  credentials_exposure: 'CredentialsExposure',
};

/** The sources of a case as files; undefined where it is a piece that no policy holds. */
function sourcesOf(one) {
  if (one.check && CHECKS[one.check]) one.rule = CHECKS[one.check];
  if (one.path && !existsSync(join(folder, one.path))) return undefined;
  if (one.path)
    return filesIn(join(folder, one.path))
      .filter((path) => hostOf(path))
      .map(read);
  if (one.text) return [{ path: one.language === 'hcl' ? 'main.tf' : 'template.json', text: one.text }];
  if (one.policy_text) return [{ path: 'policy.json', text: one.policy_text }];
  if (one.conf) return [{ path: 'policy.json', text: JSON.stringify((one.conf.policy ?? one.conf.inline_policy)[0]) }];
  const policy = one.fragment ? wrapped(one) : one.policy;
  if (policy === undefined) return undefined;
  return [inTemplate(one, policy)];
}

/** Pieces of cfn-lint's cases: an action or a statement in a policy of its own. */
function wrapped({ rule, policy }) {
  const around = (statement) => ({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...statement }] });
  if (rule === 'W3037') return around({ Action: policy, Resource: '*' });
  if (rule === 'I3510') return around(policy);
  if (typeof policy !== 'string' || !policy.trim().startsWith('{')) return undefined;
  try {
    return JSON.parse(policy);
  } catch {
    return undefined;
  }
}

/** Policies of CloudFormation stand in a template, since they may hold its functions. */
function inTemplate({ rule }, policy) {
  const holder = PLACES[rule];
  if (!holder) return { path: 'policy.json', text: JSON.stringify(policy) };
  const { type, property } = holder;
  const template = { Resources: { One: { Type: type, Properties: { [property]: policy } } } };
  return { path: 'template.json', text: JSON.stringify(template, undefined, 2) };
}

const MANAGED = { type: 'AWS::IAM::ManagedPolicy', property: 'PolicyDocument' };
const PLACES = {
  E3510: MANAGED,
  W3037: MANAGED,
  I3510: MANAGED,
  E3512: { type: 'AWS::S3::BucketPolicy', property: 'PolicyDocument' },
  E3513: { type: 'AWS::ECR::Repository', property: 'RepositoryPolicyText' },
  E3530: { type: 'AWS::IAM::Role', property: 'AssumeRolePolicyDocument' },
};

function count(tool, id, what, one, said = [], grave = false) {
  const name = `${tool}:${id}`;
  if (!tally.has(name)) tally.set(name, { both: 0, neither: 0, 'only they': 0, 'only we': 0, 'not a policy': 0 });
  tally.get(name)[what] += 1;
  const ours = OURS.get(name);
  if (ours && (what === 'both' || what === 'neither')) total.same += 1;
  if (ours && what.startsWith('only')) total.differs += 1;
  if (!asked.differences || !what.startsWith('only')) return;
  const where = one.path ?? one.address ?? one.source;
  console.log(`${name}: ${what}${what === 'only we' && !grave ? ' (for information)' : ''}: ${where}`);
  console.log(`    we say: ${said.join(', ') || 'nothing'}`);
  const text = one.text ?? one.policy_text ?? JSON.stringify(one.policy ?? one.conf ?? '');
  if (!one.path) console.log(`    ${text.replace(/\s+/g, ' ').slice(0, 300)}`);
}

function print() {
  console.log(
    `\n${'their rule'.padEnd(48)} ${'both'.padStart(5)} ${'neither'.padStart(8)} ${'they'.padStart(5)} ${'we'.padStart(5)}  our rules`,
  );
  for (const [name, row] of [...tally].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const cells = [row.both, row.neither, row['only they'], row['only we']];
    const numbers = cells.map((n, i) => String(n).padStart([5, 8, 5, 5][i])).join(' ');
    const pieces = row['not a policy'] > 0 ? `  (${row['not a policy']} pieces left out)` : '';
    console.log(`${name.padEnd(48)} ${numbers}  ${OURS.get(name)?.join(', ') ?? '-'}${pieces}`);
  }
  const all = total.same + total.differs;
  console.log(
    `\nrules with an equivalent of ours: ${total.same} of ${all} cases alike (${((100 * total.same) / Math.max(all, 1)).toFixed(1)} %)`,
  );
}

function read(path) {
  return { path, text: readFileSync(path, 'utf8') };
}

for (const tool of TOOLS.filter((name) => !asked.tool || name === asked.tool)) replay(tool);
print();
