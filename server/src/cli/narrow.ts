/** The command `narrow`: prints what can be narrowed, each proposal with its proof and as a diff. Writes no file. */
import type { Analysis } from '../analysis.ts';
import { universeOf } from '../features/universe.ts';
import type { Level } from '../finding/finding.ts';
import { POLICY_KINDS } from '../policy/module.ts';
import type { Flags } from './arguments.ts';
import { catalogFile } from './catalog-file.ts';
import { noteEmpty } from './check.ts';
import { LEVELS } from './commands.ts';
import { openConfigs } from './configs.ts';
import type { ExitCode } from './failure.ts';
import { type LevelCounts, type Narrowing, narrowJson, narrowText } from './narrow-report.ts';
import { absolute } from './paths.ts';
import { progressOn } from './progress.ts';
import { type Proposal, propose } from './propose.ts';
import { analyzeGroup, type Group, groupTargets, type Reading, readGroup, type SessionContext } from './session.ts';
import { collectTargets } from './targets.ts';
import type { Terminal } from './terminal.ts';

/** Runs `narrow`. Throws a Failure where it cannot even begin. */
export function narrow(operands: readonly string[], flags: Flags, terminal: Terminal): ExitCode {
  const complaints: string[] = [];
  const complain = (message: string) => complaints.push(message) > 0 && terminal.error(`leastwise: ${message}\n`);
  const named = flags.value('config');
  const { catalog } = catalogFile();
  const context: SessionContext = {
    terminal,
    configs: openConfigs(named === undefined ? undefined : absolute(terminal.folder, named), undefined),
    catalog,
    kind: POLICY_KINDS.find((kind) => kind === flags.value('policy-type')),
    fixes: 'without fixes',
    narrowed: 'by flags',
    complain,
    note: (message) => terminal.error(`leastwise: ${message}\n`),
  };
  const level = LEVELS.find((one) => one === flags.value('level')) ?? 'warning';
  const { targets } = collectTargets(operands, flags, terminal, context.configs, complain);
  const narrowing = narrowAll(groupTargets(targets), level, context);
  for (const { trouble } of context.configs.loaded())
    if (trouble !== undefined && !complaints.includes(trouble)) complain(trouble);
  terminal.out(
    flags.value('format') === 'json'
      ? narrowJson(narrowing, catalog().date, terminal)
      : narrowText(narrowing, terminal),
  );
  if (complaints.length > 0) return 2;
  return narrowing.proposals.length > 0 ? 1 : 0;
}

function narrowAll(groups: readonly Group[], level: Level, context: SessionContext): Narrowing {
  const proposals: Proposal[] = [];
  const [before, after] = [noFindings(), noFindings()];
  const progress = progressOn(context.terminal, groups.length);
  for (const group of groups) {
    progress.step();
    const reading = readGroup(group, context);
    if (reading.asked.size === 0) continue;
    const made = propose(reading.sources, {
      editable: new Set([...reading.asked].filter((path) => reading.decoded.get(path)?.exact)),
      level,
      catalog: context.catalog,
      universe: () => universeOf(context.catalog()),
      analyze: (sources) => analyzeGroup(group, sources, reading.beside, context),
    });
    noteEmpty(group.targets, made.before, reading, context);
    for (const one of made.proposals) proposals.push(one);
    count(made.before, reading, before);
    count(made.after, reading, after);
  }
  progress.end();
  return { proposals, level, before, after };
}

function noFindings(): LevelCounts {
  return { error: 0, warning: 0, info: 0, open: 0 };
}

/** What is left to be filled in is no fault of the policy's, and counted apart. */
function count({ findings }: Analysis, { asked }: Reading, counts: LevelCounts): void {
  for (const { rule, level, span } of findings) {
    if (!asked.has(span.source)) continue;
    if (rule === 'placeholder') counts.open += 1;
    else counts[level] += 1;
  }
}
