/** The command `compare`: whether a policy allows anything that another does not. */
import type { Comparison } from '../access/compare.ts';
import { compareDocuments } from '../access/documents.ts';
import type { Request } from '../access/request.ts';
import { type AccessChange, type DifferenceReport, differenceOf } from '../features/difference.ts';
import { universeOf } from '../features/universe.ts';
import { POLICY_KINDS } from '../policy/module.ts';
import type { Flags } from './arguments.ts';
import { catalogFile } from './catalog-file.ts';
import { documentText } from './documents.ts';
import { type ExitCode, Failure } from './failure.ts';
import type { Terminal } from './terminal.ts';

/** Compares two files. What cannot be told counts as new access: the exit code fails closed. */
export function comparePolicies(operands: readonly string[], flags: Flags, terminal: Terminal): ExitCode {
  const [existing = '', proposed = ''] = operands;
  if (existing === '-' && proposed === '-') throw new Failure('standard input cannot be both policies');
  const kind = POLICY_KINDS.find((name) => name === flags.value('policy-type'));
  const pair = { existing: documentText(existing, terminal), proposed: documentText(proposed, terminal), kind };
  const answer = compareDocuments({
    ...pair,
    universe: flags.has('typed') ? universeOf(catalogFile().catalog()) : undefined,
  });
  const report = flags.has('difference') ? differenceOf(pair, catalogFile().catalog()) : undefined;
  if (flags.value('format') === 'json')
    terminal.out(`${JSON.stringify(report ? { ...answer, difference: report } : answer, undefined, 2)}\n`);
  else terminal.out(said(answer) + (report ? differenceLines(report) : ''));
  return answer.verdict === 'no-new-access' ? 0 : 1;
}

function said(answer: Comparison): string {
  switch (answer.verdict) {
    case 'no-new-access':
      return 'no new access\n';
    case 'new-access':
      return `new access, for instance:\n${requestLines(answer.witness)}`;
    case 'unknown':
      return `unknown: ${answer.reason}\n`;
  }
}

/** What is gained and lost, a paragraph for each statement that does it. */
function differenceLines({ gained, lost, undecided }: DifferenceReport): string {
  const part = (title: string, changes: readonly AccessChange[]) =>
    changes.length === 0 ? '' : `\n${title}\n${changes.map(changeLines).join('\n')}`;
  const open = undecided > 0 ? `\n${undecided} part${undecided === 1 ? '' : 's'} of it cannot be told\n` : '';
  return `${part('gains', gained)}${part('loses', lost)}${open}`;
}

function changeLines({ levels, resources, conditions }: AccessChange): string {
  const lines = [
    ...levels.map(({ level, actions, count }) => {
      const many = count > actions.length ? ` (${count} actions)` : '';
      return `${level.toLowerCase()}: ${actions.join(', ')}${many}`;
    }),
    `on ${resources.join(', ')}`,
    ...(conditions.length > 0 ? [`if ${conditions.join(', ')} allow it`] : []),
  ];
  return lines.map((line) => `  ${line}\n`).join('');
}

/** A request for a person, a line for each part. */
export function requestLines({ action, resource, principal, context }: Request): string {
  const who =
    principal === undefined
      ? []
      : [`  principal  ${typeof principal === 'string' ? principal : Object.values(principal).join('')}`];
  const keys = Object.entries(context).map(([key, value]) => `  ${key} = ${[value].flat().join(', ')}`);
  return `${[`  action     ${action}`, `  resource   ${resource}`, ...who, ...keys].join('\n')}\n`;
}
