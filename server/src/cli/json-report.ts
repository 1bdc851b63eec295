/** The report as JSON, in the shape that programs depend on: docs/command-line.md describes it. What does not apply is absent. */
import type { Report } from './report.ts';

/** The report as one JSON document, indented, with a newline at its end. */
export function jsonReport(report: Report): string {
  const { version, catalog, filesRead, files, policies, durationMs, findings, fixed, known } = report;
  const shape = {
    version: 1,
    tool: { name: 'leastwise', version, catalog },
    filesRead,
    files,
    policies,
    durationMs,
    ...(fixed === undefined ? {} : { fixed }),
    ...(known === undefined ? {} : { known }),
    findings,
  };
  return `${JSON.stringify(shape, undefined, 2)}\n`;
}
