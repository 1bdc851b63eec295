/** The command `validate`: what `check` does, with the answers of IAM Access Analyzer beside our own findings. Loads what asks AWS when it has read the files. */

import type { Analysis, ModuleAnalysis } from '../analysis.ts';
import type { Analyzer, CheckOrder, Connection, Governing, Memory, Plan } from '../analyzer/main.ts';
import { PRESETS } from '../config/read.ts';
import { withCalled } from '../features/called.ts';
import type { FindingRecord } from '../features/finding-record.ts';
import { POLICY_KINDS } from '../policy/module.ts';
import type { Flags } from './arguments.ts';
import { catalogFile } from './catalog-file.ts';
import { noteEmpty, printed } from './check.ts';
import { CHECKS, FORMATS, LEVELS } from './commands.ts';
import { openConfigs } from './configs.ts';
import { documentText } from './documents.ts';
import { type ExitCode, Failure } from './failure.ts';
import { absolute, folderOf } from './paths.ts';
import { fails, inOrder } from './report.ts';
import {
  analyzeGroup,
  type Group,
  groupTargets,
  outcomeOf,
  type Reading,
  readGroup,
  type SessionContext,
} from './session.ts';
import { collectTargets } from './targets.ts';
import type { Terminal } from './terminal.ts';
import { version } from './version.ts';

/** Runs `validate`. What AWS cannot answer makes the exit code 2; what our own rules find is reported all the same. */
export async function validate(operands: readonly string[], flags: Flags, terminal: Terminal): Promise<ExitCode> {
  const start = terminal.now();
  const orders = ordersOf(flags, terminal);
  const catalog = catalogFile();
  const complaints: string[] = [];
  const complain = (message: string) => complaints.push(message) > 0 && terminal.error(`leastwise: ${message}\n`);
  const named = flags.value('config');
  const preset = PRESETS.find((name) => name === flags.value('preset'));
  const kind = POLICY_KINDS.find((name) => name === flags.value('policy-type'));
  const context: SessionContext = {
    terminal,
    configs: openConfigs(named === undefined ? undefined : absolute(terminal.folder, named), preset),
    catalog: catalog.catalog,
    kind,
    fixes: 'without fixes',
    // Comments that the command line's own check needs may be of no use to AWS's, and the other way round.
    narrowed: 'by flags',
    complain,
    note: (message) => terminal.error(`leastwise: ${message}\n`),
  };
  const { targets } = collectTargets(operands, flags, terminal, context.configs, complain);
  const read = groupTargets(targets).map((group) => readOne(group, context));
  const { analyzer } = await import('../analyzer/main.ts');
  const memory = analyzer.openMemory();
  const connection = analyzer.connect({
    profile: flags.value('aws-profile'),
    region: flags.value('region'),
    endpoint: flags.value('endpoint'),
  });
  try {
    await askAbout(read, orders, { analyzer, memory, connection, context });
  } finally {
    connection.close();
  }
  const records: FindingRecord[] = [];
  const called: FindingRecord[] = [];
  const texts = new Map<string, string>();
  const sum = { filesRead: 0, files: 0, policies: 0 };
  for (const { reading, analysis } of read) {
    const merged = mergeAll(analysis, analyzer, memory, context, flags);
    const outcome = outcomeOf(merged, reading, context);
    records.push(...outcome.records);
    called.push(...outcome.called);
    for (const [file, text] of outcome.texts) texts.set(file, text);
    sum.filesRead += reading.asked.size;
    sum.files += outcome.files;
    sum.policies += outcome.policies;
  }
  const findings = inOrder(withCalled(records, called));
  const durationMs = Math.round(terminal.now() - start);
  const report = { version: version(), catalog: catalog.catalog().date, ...sum, durationMs, findings, texts };
  const format = FORMATS.find((name) => name === flags.value('format')) ?? 'text';
  terminal.out(printed({ ...report, fixed: undefined, known: undefined }, format, terminal));
  if (complaints.length > 0) return 2;
  return fails(findings, LEVELS.find((level) => level === flags.value('level')) ?? 'warning') ? 1 : 0;
}

/** What the flags ask for beside the validation, checked against one another. */
function ordersOf(flags: Flags, terminal: Terminal): readonly CheckOrder[] {
  const wanted = CHECKS.filter((check) => flags.values('check').includes(check));
  const needs = (flag: string, check: (typeof CHECKS)[number]) => {
    if (flags.has(flag) && !wanted.includes(check)) throw new Failure(`\`--${flag}\` needs \`--check ${check}\``);
  };
  needs('reference', 'no-new-access');
  needs('action', 'access-not-granted');
  needs('resource', 'access-not-granted');
  needs('resource-type', 'no-public-access');
  return wanted.map((check): CheckOrder => {
    if (check === 'no-new-access') {
      const file = flags.value('reference');
      return file === undefined ? { check } : { check, reference: documentText(file, terminal) };
    }
    if (check === 'no-public-access') {
      const resourceType = flags.value('resource-type');
      return resourceType === undefined ? { check } : { check, resourceType };
    }
    const access = { actions: flags.values('action'), resources: flags.values('resource') };
    return access.actions.length + access.resources.length === 0 ? { check } : { check, access };
  });
}

interface Read {
  readonly group: Group;
  readonly reading: Reading;
  readonly analysis: Analysis;
}

function readOne(group: Group, context: SessionContext): Read {
  const reading = readGroup(group, context);
  const analysis = analyzeGroup(group, reading.sources, reading.beside, context);
  noteEmpty(group.targets, analysis, reading, context);
  return { group, reading, analysis };
}

interface Asking {
  readonly analyzer: Analyzer;
  readonly memory: Memory;
  readonly connection: Connection;
  readonly context: SessionContext;
}

/** Asks about all policies of all groups, one question after the other. */
async function askAbout(read: readonly Read[], orders: readonly CheckOrder[], asking: Asking): Promise<void> {
  const { analyzer, memory, connection, context } = asking;
  const { terminal } = context;
  const plans: Plan[] = [];
  for (const { reading, analysis } of read)
    for (const module of analysis.modules)
      plans.push(await analyzer.plan(module, (path) => reading.asked.has(path), orders, governingOf(module, context)));
  const calls = plans.flatMap((plan) => plan.calls);
  for (const note of plans.flatMap((plan) => plan.notes)) context.note(note);
  const { billed } = analyzer.openCalls(calls, memory);
  if (billed > 0) context.note(`AWS bills ${billed} call${billed === 1 ? '' : 's'} of this run: ${analyzer.pricePage}`);
  const outcome = await analyzer.askAll(calls, connection, memory, NEVER, (done, total) => {
    if (terminal.errorIsScreen) terminal.error(`\r\u001b[K${done + 1} of ${total}`);
  });
  if (terminal.errorIsScreen && calls.length > 0) terminal.error('\r\u001b[K');
  for (const { call, message } of outcome.refused) context.complain(`${analyzer.nameOf(call)}: ${message}`);
  if (outcome.stopped) context.complain(outcome.stopped.message);
}

/** Nobody but the terminal's own interrupt ends a run. */
const NEVER = new AbortController().signal;

function mergeAll(
  analysis: Analysis,
  analyzer: Analyzer,
  memory: Memory,
  context: SessionContext,
  flags: Flags,
): Analysis {
  const modules = analysis.modules.map((module) => {
    const merged = analyzer.merge(module, memory, governingOf(module, context));
    if (flags.has('stats')) for (const side of merged.sides) context.note(analyzer.sideLine(side));
    return merged.analysis;
  });
  return { ...analysis, modules };
}

function governingOf({ module }: ModuleAnalysis, { configs, terminal }: SessionContext): Governing {
  const { config } = configs.nearest(folderOf(module.sources[0]?.path ?? ''));
  return { config, today: terminal.today };
}
