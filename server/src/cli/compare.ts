/** The command `compare`: whether a policy allows anything that another does not. */
import type { Comparison } from '../access/compare.ts';
import { compareDocuments } from '../access/documents.ts';
import type { Request } from '../access/request.ts';
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
  const answer = compareDocuments({
    existing: documentText(existing, terminal),
    proposed: documentText(proposed, terminal),
    kind,
    universe: flags.has('typed') ? universeOf(catalogFile().catalog()) : undefined,
  });
  terminal.out(flags.value('format') === 'json' ? `${JSON.stringify(answer, undefined, 2)}\n` : said(answer));
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

/** A request for a person, a line for each part. */
export function requestLines({ action, resource, principal, context }: Request): string {
  const who =
    principal === undefined
      ? []
      : [`  principal  ${typeof principal === 'string' ? principal : Object.values(principal).join('')}`];
  const keys = Object.entries(context).map(([key, value]) => `  ${key} = ${[value].flat().join(', ')}`);
  return `${[`  action     ${action}`, `  resource   ${resource}`, ...who, ...keys].join('\n')}\n`;
}
