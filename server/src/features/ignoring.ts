/** Ignoring: takes a finding back with a reason, by a comment where the language has comments, else in the configuration. The reason is left to be filled in. */
import type { ModuleAnalysis } from '../analysis.ts';
import { addIgnore, newConfiguration } from '../config/ignoring.ts';
import type { Edit, TextEdit } from '../finding/edit.ts';
import type { Finding } from '../finding/finding.ts';
import { PLACEHOLDER } from '../finding/placeholder.ts';
import type { Source } from '../policy/module.ts';
import { ruleOf } from '../rules/index.ts';

/** A comment in the source itself. */
export interface IgnoreComment {
  readonly title: string;
  readonly edit: TextEdit;
}

/** An entry of the configuration: edits on it, or its whole text where there is none yet. */
export interface IgnoreEntry {
  readonly title: string;
  readonly change: { readonly edits: readonly Edit[] } | { readonly text: string };
}

/** Whether ignoring means anything: what is said of ignores and of the configuration itself cannot be taken back by them, nor what only AWS says. */
export function mayIgnore({ rule }: Finding): boolean {
  return rule !== 'unused-ignore' && rule !== 'configuration' && ruleOf(rule) !== undefined;
}

/** The comment that takes the finding back; undefined where the language has none, or there is no place for one. */
export function ignoreByComment({ host, module }: ModuleAnalysis, finding: Finding): IgnoreComment | undefined {
  const edit = host.ignore?.(module, finding.span, finding.rule, REASON);
  return edit && { title: `Ignore \`${finding.rule}\` here, with a reason`, edit };
}

/**
 * The entry that takes the finding back, and all that the rule says of the same file, or of statements there with the
 * same Sid. `configuration` is the file at `path`, where there is one. Undefined where it cannot be read, or `path` is not
 * at or above the finding's file.
 */
export function ignoreByEntry(
  finding: Finding,
  path: string,
  configuration: Source | undefined,
): IgnoreEntry | undefined {
  const folder = forward(path).replace(/[^/]*$/, '');
  const whole = forward(finding.span.source);
  if (!whole.startsWith(folder)) return undefined;
  const file = whole.slice(folder.length);
  const sid = finding.statement?.sid;
  const ignore = { rule: finding.rule, file, reason: REASON, ...(sid === undefined ? {} : { sid }) };
  const where = sid === undefined ? 'this file' : `\`${sid}\``;
  const title = `Ignore \`${finding.rule}\` for ${where} in leastwise.json, with a reason`;
  if (!configuration) return { title, change: { text: newConfiguration(ignore) } };
  const edits = addIgnore(configuration.path, configuration.text, ignore);
  return edits && { title, change: { edits } };
}

const REASON = `${PLACEHOLDER}REASON`;

function forward(path: string): string {
  return path.replaceAll('\\', '/');
}
