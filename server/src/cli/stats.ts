/** Stats: what a run did and what it cost, for `--stats`. Pure. */
import type { Report } from './report.ts';

/** Costs in milliseconds and bytes. */
export interface Costs {
  readonly collecting: number;
  readonly reading: number;
  readonly analyzing: number;
  readonly catalogReads: number;
  readonly catalogBytes: number;
}

/** A few lines for a person. */
export function statsText(report: Report, costs: Costs): string {
  const seconds = report.durationMs / 1000;
  const rate = seconds > 0 ? Math.round(report.policies / seconds) : 0;
  const counts = new Map<string, number>();
  for (const finding of report.findings) counts.set(finding.rule, (counts.get(finding.rule) ?? 0) + 1);
  const rows: readonly (readonly [string, string])[] = [
    ['files read', String(report.filesRead)],
    ['files with policies', String(report.files)],
    ['policies', `${report.policies} (${rate} a second)`],
    ['finding files', milliseconds(costs.collecting)],
    ['reading files', milliseconds(costs.reading)],
    ['analyzing', milliseconds(costs.analyzing)],
    ['all together', milliseconds(report.durationMs)],
    ['catalog', `${costs.catalogReads} reads, ${(costs.catalogBytes / 1024).toFixed(0)} kB`],
    ...[...counts]
      .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
      .map(([rule, count]) => [rule, String(count)] as const),
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `${name.padEnd(width)}  ${value}\n`).join('');
}

function milliseconds(value: number): string {
  return `${value.toFixed(1)} ms`;
}
