/** The command `check`: collects files, has them analyzed module by module, applies what was asked for, and reports. */
import { readFileSync, writeFileSync } from 'node:fs';
import type { Analysis } from '../analysis.ts';
import type { Preset } from '../config/config.ts';
import { PRESETS } from '../config/read.ts';
import { withCalled } from '../features/called.ts';
import type { FindingRecord } from '../features/finding-record.ts';
import type { Level } from '../finding/finding.ts';
import { POLICY_KINDS, type PolicyKind } from '../policy/module.ts';
import type { Flags } from './arguments.ts';
import { withoutKnown, writeBaseline } from './baseline.ts';
import { catalogFile } from './catalog-file.ts';
import { FORMATS, LEVELS } from './commands.ts';
import { openConfigs } from './configs.ts';
import { unifiedDiff } from './diff.ts';
import { type ExitCode, Failure, reasonOf } from './failure.ts';
import { fixSources } from './fix.ts';
import { githubReport } from './github-report.ts';
import { jsonReport } from './json-report.ts';
import { absolute, folderOf, shown } from './paths.ts';
import { progressOn } from './progress.ts';
import { fails, inOrder, type Report } from './report.ts';
import { sarifReport } from './sarif-report.ts';
import {
  analyzeGroup,
  configOutcome,
  type Group,
  groupTargets,
  type Outcome,
  outcomeOf,
  type Reading,
  readGroup,
  type SessionContext,
  type Target,
} from './session.ts';
import { statsText } from './stats.ts';
import { collectTargets } from './targets.ts';
import { type Terminal, wantsColor } from './terminal.ts';
import { textReport } from './text-report.ts';
import { version } from './version.ts';

/** What the flags ask for, read and checked against one another. */
interface Plan {
  readonly format: (typeof FORMATS)[number];
  readonly level: Level;
  readonly kind: PolicyKind | undefined;
  readonly preset: Preset | undefined;
  readonly config: string | undefined;
  readonly fix: 'no' | 'write' | 'show';
  readonly fixes: 'with fixes' | 'without fixes';
  readonly stats: 'with stats' | 'without stats';
}

/** Runs `check`. Throws a Failure where it cannot even begin. */
export function check(operands: readonly string[], flags: Flags, terminal: Terminal): ExitCode {
  const start = terminal.now();
  const plan = planOf(operands, flags);
  const catalog = catalogFile();
  const complaints: string[] = [];
  const complain = (message: string) => complaints.push(message) > 0 && terminal.error(`leastwise: ${message}\n`);
  const named = plan.config === undefined ? undefined : absolute(terminal.folder, plan.config);
  const context: SessionContext = {
    terminal,
    configs: openConfigs(named, plan.preset),
    catalog: catalog.catalog,
    kind: plan.kind,
    fixes: plan.fixes,
    narrowed: plan.preset !== undefined || plan.kind !== undefined ? 'by flags' : 'no',
    complain,
    note: (message) => terminal.error(`leastwise: ${message}\n`),
  };
  const { targets, folders } = collectTargets(operands, flags, terminal, context.configs, complain);
  const collected = terminal.now();
  const run = runGroups(groupTargets(targets), plan, context);
  for (const { trouble } of context.configs.loaded())
    if (trouble !== undefined && !complaints.includes(trouble)) complain(trouble);
  const within = (folder: string, top: string) => `${folder}/`.startsWith(top === '/' ? top : `${top}/`);
  run.add(configOutcome(context, ({ config }) => folders.some((folder) => within(folderOf(config.path), folder))));
  const held = baselineOf(run.findings(), run.texts, flags, terminal);
  const report = reportOf(run, held, plan, catalog.catalog().date, terminal.now() - start);
  if (plan.fix === 'show') terminal.out(run.diff());
  else terminal.out(printed(report, plan.format, terminal));
  if (plan.stats === 'with stats') {
    const { reads, bytes } = catalog.cost();
    terminal.error(
      statsText(report, { collecting: collected - start, ...run.costs(), catalogReads: reads, catalogBytes: bytes }),
    );
  }
  if (complaints.length > 0) return 2;
  return fails(report.findings, plan.level) ? 1 : 0;
}

function reportOf(run: Run, held: Held, plan: Plan, catalog: string, duration: number): Report {
  return {
    version: version(),
    catalog,
    filesRead: run.filesRead(),
    files: run.files(),
    policies: run.policies(),
    durationMs: Math.round(duration),
    findings: held.findings,
    texts: run.texts,
    fixed: plan.fix === 'write' ? run.applied() : undefined,
    known: held.known,
  };
}

function planOf(operands: readonly string[], flags: Flags): Plan {
  const format = FORMATS.find((name) => name === flags.value('format')) ?? 'text';
  const fix = flags.has('fix-dry-run') ? 'show' : flags.has('fix') ? 'write' : 'no';
  if (flags.has('fix') && flags.has('fix-dry-run')) throw new Failure('`--fix` and `--fix-dry-run` exclude each other');
  if (fix === 'write' && operands.includes('-'))
    throw new Failure('`--fix` cannot write to standard input; `--fix-dry-run` shows what it would change');
  if (fix === 'show' && format !== 'text') throw new Failure(`\`--fix-dry-run\` prints a diff, not ${format}`);
  if (flags.has('fixes') && format !== 'json') throw new Failure('`--fixes` needs `--format json`');
  if (flags.has('stdin-filename') && !operands.includes('-'))
    throw new Failure('`--stdin-filename` names what `-` reads; add `-`');
  return {
    format,
    fix,
    level: LEVELS.find((level) => level === flags.value('level')) ?? 'warning',
    kind: POLICY_KINDS.find((kind) => kind === flags.value('policy-type')),
    preset: PRESETS.find((preset) => preset === flags.value('preset')),
    config: flags.value('config'),
    fixes: flags.has('fixes') ? 'with fixes' : 'without fixes',
    stats: flags.has('stats') ? 'with stats' : 'without stats',
  };
}

/** The report in a format. */
export function printed(report: Report, format: (typeof FORMATS)[number], terminal: Terminal): string {
  switch (format) {
    case 'text':
      return textReport(report, { color: wantsColor(terminal), columns: terminal.columns });
    case 'json':
      return jsonReport(report);
    case 'sarif':
      return sarifReport(report, terminal.folder);
    case 'github':
      return githubReport(report);
  }
}

/** What a run over all groups gathers. */
interface Run {
  readonly add: (outcome: Outcome) => void;
  readonly findings: () => readonly FindingRecord[];
  readonly texts: Map<string, string>;
  readonly filesRead: () => number;
  readonly files: () => number;
  readonly policies: () => number;
  readonly applied: () => number;
  readonly diff: () => string;
  readonly costs: () => { readonly reading: number; readonly analyzing: number };
}

function runGroups(groups: readonly Group[], plan: Plan, context: SessionContext): Run {
  const records: FindingRecord[] = [];
  const called: FindingRecord[] = [];
  const texts = new Map<string, string>();
  const diffs: string[] = [];
  const sum = { filesRead: 0, files: 0, policies: 0, applied: 0, reading: 0, analyzing: 0 };
  const add = (outcome: Outcome) => {
    for (const record of outcome.records) records.push(record);
    for (const record of outcome.called) called.push(record);
    for (const [file, text] of outcome.texts) texts.set(file, text);
    sum.files += outcome.files;
    sum.policies += outcome.policies;
  };
  const { now } = context.terminal;
  const progress = progressOn(context.terminal, groups.length);
  for (const group of groups) {
    progress.step();
    const begun = now();
    const reading = readGroup(group, context);
    const read = now();
    sum.reading += read - begun;
    sum.filesRead += reading.asked.size;
    if (reading.asked.size === 0) continue;
    const analysis = analyzeOrFix(group, reading, plan, context, (applied, diff) => {
      sum.applied += applied;
      diffs.push(diff);
    });
    add(outcomeOf(analysis, reading, context));
    noteEmpty(group.targets, analysis, reading, context);
    sum.analyzing += now() - read;
  }
  progress.end();
  return {
    add,
    findings: () => inOrder(withCalled(records, called)),
    texts,
    filesRead: () => sum.filesRead,
    files: () => sum.files,
    policies: () => sum.policies,
    applied: () => sum.applied,
    diff: () => diffs.join(''),
    costs: () => sum,
  };
}

function analyzeOrFix(
  group: Group,
  reading: Reading,
  plan: Plan,
  context: SessionContext,
  told: (applied: number, diff: string) => void,
): Analysis {
  const { beside } = reading;
  if (plan.fix === 'no') return analyzeGroup(group, reading.sources, beside, context);
  const editable = new Set([...reading.asked].filter((path) => reading.decoded.get(path)?.exact));
  const fixed = fixSources(reading.sources, editable, (sources) => analyzeGroup(group, sources, beside, context));
  const changed = fixed.sources.filter((source) => source.text !== reading.decoded.get(source.path)?.text);
  const diffs = changed.map(({ path, text }) =>
    unifiedDiff(shown(context.terminal.folder, path), reading.decoded.get(path)?.text ?? '', text),
  );
  if (plan.fix === 'write') for (const { path, text } of changed) write(path, text, reading, context);
  told(fixed.applied, diffs.join(''));
  return fixed.analysis;
}

function write(path: string, text: string, reading: Reading, context: SessionContext): void {
  try {
    writeFileSync(path, text, reading.decoded.get(path)?.encoding ?? 'utf8');
  } catch (error) {
    context.complain(`${shown(context.terminal.folder, path)} cannot be written: ${reasonOf(error)}`);
  }
}

/** A file that was named should not be passed over in silence. */
export function noteEmpty(
  targets: readonly Target[],
  analysis: Analysis,
  reading: Reading,
  context: SessionContext,
): void {
  for (const { path, named } of targets) {
    if (!named || !reading.asked.has(path)) continue;
    const sites = analysis.of(path)?.module.sites ?? [];
    if (!sites.some((site) => site.span.source === path))
      context.note(`${shown(context.terminal.folder, path)} holds no policy`);
  }
}

/** The findings that a baseline leaves, and how many it holds back. */
interface Held {
  readonly findings: readonly FindingRecord[];
  readonly known: number | undefined;
}

/** Leaves out what the baseline holds back, and writes a new one where that is asked for. */
function baselineOf(
  findings: readonly FindingRecord[],
  texts: ReadonlyMap<string, string>,
  flags: Flags,
  terminal: Terminal,
): Held {
  const [old, fresh] = [flags.value('baseline'), flags.value('write-baseline')];
  const naming = (path: string) => ({
    texts,
    nameOf: (file: string) => shown(folderOf(path), absolute(terminal.folder, file)),
  });
  if (fresh !== undefined) {
    const path = absolute(terminal.folder, fresh);
    try {
      writeFileSync(path, writeBaseline(findings, naming(path)));
    } catch (error) {
      throw new Failure(`the baseline ${fresh} cannot be written: ${reasonOf(error)}`);
    }
  }
  if (old === undefined)
    return fresh === undefined ? { findings, known: undefined } : { findings: [], known: findings.length };
  const path = absolute(terminal.folder, old);
  const kept = withoutKnown(findings, readText(path, old), naming(path));
  if (!kept) throw new Failure(`the baseline ${old} is not valid: write it anew with \`--write-baseline\``);
  return { findings: kept, known: findings.length - kept.length };
}

function readText(path: string, name: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new Failure(`the baseline ${name} cannot be read: ${reasonOf(error)}`);
  }
}
