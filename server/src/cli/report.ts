/** Report: all that a finished check has to say, for whoever prints it; and the order and gravity of findings. Prints nothing. */

import type { FindingRecord } from '../features/finding-record.ts';
import type { Level } from '../finding/finding.ts';
import { atLeast } from '../rules/charge.ts';

/** A finished check. `texts` holds the text of each file that a finding names, by the file's printed name. */
export interface Report {
  readonly version: string;
  /** The catalog's date. */
  readonly catalog: string;
  readonly filesRead: number;
  readonly files: number;
  readonly policies: number;
  readonly durationMs: number;
  readonly findings: readonly FindingRecord[];
  readonly texts: ReadonlyMap<string, string>;
  /** Fixes that were applied; undefined where none were asked for. */
  readonly fixed: number | undefined;
  /** Findings that the baseline holds back; undefined where there is none. */
  readonly known: number | undefined;
}

/** The findings by file, place and rule. */
export function inOrder(findings: readonly FindingRecord[]): readonly FindingRecord[] {
  return [...findings].sort(
    (a, b) =>
      compareText(a.file, b.file) ||
      a.range.start.line - b.range.start.line ||
      a.range.start.character - b.range.start.character ||
      compareText(a.rule, b.rule),
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Whether any finding is at or above the level. */
export function fails(findings: readonly FindingRecord[], level: Level): boolean {
  return findings.some((finding) => atLeast(finding.level, level));
}

/** `1 file`, `2 files`. */
export function counted(count: number, noun: string): string {
  const plural = noun.endsWith('y') ? `${noun.slice(0, -1)}ies` : `${noun}s`;
  return `${count} ${count === 1 ? noun : plural}`;
}
