/**
 * The report of `narrow`: as text a diff, in which each proposal opens with its proof on lines that `patch` and `git apply`
 * pass over; or as JSON. Pure.
 */
import type { Request } from '../access/request.ts';
import { type Locate, locator, policyFinder } from '../features/finding-record.ts';
import type { LevelLoss } from '../features/loss.ts';
import type { Level } from '../finding/finding.ts';
import { unifiedDiff } from './diff.ts';
import { shown } from './paths.ts';
import type { Proposal } from './propose.ts';
import { counted } from './report.ts';
import type { Terminal } from './terminal.ts';
import { clean } from './text-report.ts';
import { version } from './version.ts';

/** How many findings there are of each level, and how many parts that are `open`: left to be filled in. Counted while the run goes on. */
export interface LevelCounts {
  error: number;
  warning: number;
  info: number;
  open: number;
}

/** All that was proposed, for findings at `level` or above, and the findings before and after all of it. */
export interface Narrowing {
  readonly proposals: readonly Proposal[];
  readonly level: Level;
  readonly before: Readonly<LevelCounts>;
  readonly after: Readonly<LevelCounts>;
}

/** The proposals as one diff, in the order in which they are to be made. */
export function narrowText({ proposals, before, after }: Narrowing, terminal: Pick<Terminal, 'folder'>): string {
  if (proposals.length === 0) return 'nothing to narrow\n';
  const parts = proposals.map((proposal) => `${comment(headOf(proposal, terminal))}${diffOf(proposal, terminal)}`);
  const left = after.open > 0 ? `; ${counted(after.open, 'part')} to be filled in` : '';
  const sum = `${counted(proposals.length, 'proposal')}; ${inWords(before)} before, ${inWords(after)} after${left}`;
  return `${parts.join('')}${comment([sum])}`;
}

function headOf(proposal: Proposal, { folder }: Pick<Terminal, 'folder'>): readonly string[] {
  const { finding, title, policies, loss, lost } = proposal;
  const { file, range } = placed(proposal, folder)(finding.span);
  return [
    `${file}:${range.start.line + 1}:${range.start.character + 1} ${finding.level} ${finding.rule} ${finding.message}`,
    title,
    `  proved: nothing is newly allowed${policies > 1 ? ` in any of the ${policies} policies that this changes` : ''}`,
    ...lossLines('no longer allowed at all', loss.gone),
    ...lossLines('allowed on less', loss.less),
    ...(lost ? [`  for instance no longer allowed: ${said(lost)}`] : []),
  ];
}

function lossLines(title: string, levels: readonly LevelLoss[]): readonly string[] {
  if (levels.length === 0) return [];
  const lines = levels.map(({ level, count, actions }) => {
    const more = count - actions.length;
    return `    ${level.toLowerCase()}: ${actions.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
  });
  return [`  ${title}:`, ...lines];
}

function said({ action, resource, principal, context }: Request): string {
  const who =
    principal === undefined
      ? ''
      : ` by ${typeof principal === 'string' ? principal : Object.values(principal).join('')}`;
  const keys = Object.entries(context).map(([key, value]) => `${key} = ${[value].flat().join(', ')}`);
  return `${action} on ${resource}${who}${keys.length > 0 ? ` where ${keys.join(' and ')}` : ''}`;
}

function comment(lines: readonly string[]): string {
  return lines.map((line) => `# ${clean(line)}\n`).join('');
}

function diffOf({ changed }: Proposal, { folder }: Pick<Terminal, 'folder'>): string {
  return changed.map(({ path, before, after }) => unifiedDiff(shown(folder, path), before, after)).join('');
}

function inWords({ error, warning, info }: LevelCounts): string {
  return `${counted(error, 'error')}, ${counted(warning, 'warning')}, ${info} for information`;
}

/** Places in the texts in which the finding was found: mostly as they are on the disk. */
function placed({ module }: Proposal, folder: string): Locate {
  return locator(module.module.sources, (path) => shown(folder, path));
}

/** The proposals as one JSON document, each on a line of its own. What does not apply is absent. */
export function narrowJson(
  { proposals, before, after }: Narrowing,
  catalog: string,
  terminal: Pick<Terminal, 'folder'>,
): string {
  const head = { version: 1, tool: { name: 'leastwise', version: version(), catalog }, findings: { before, after } };
  const lines = proposals.map((proposal) => `\n${JSON.stringify(recordOf(proposal, terminal))}`);
  return `${JSON.stringify(head).slice(0, -1)},"proposals":[${lines.join(',')}${lines.length > 0 ? '\n' : ''}]}\n`;
}

function recordOf(proposal: Proposal, terminal: Pick<Terminal, 'folder'>) {
  const { module, finding, title, policies, loss, lost } = proposal;
  const { rule, level, message, statement } = finding;
  const policy = policyFinder(module)(finding);
  const { file, range } = placed(proposal, terminal.folder)(finding.span);
  return {
    rule,
    level,
    message,
    file,
    range,
    ...(policy ? { policyKind: policy.kind } : {}),
    ...(policy && policy.site.address !== '' ? { address: policy.site.address } : {}),
    ...(statement ? { statement } : {}),
    title,
    safety: 'narrows',
    ...(policies > 1 ? { policies } : {}),
    loss,
    ...(lost ? { lost } : {}),
    diff: diffOf(proposal, terminal),
  };
}
