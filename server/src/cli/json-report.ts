/** The report as JSON, in the shape that programs depend on: docs/command-line.md describes it. What does not apply is absent. */
import type { Report } from './report.ts';

/** The report as one JSON document, each finding on a line of its own, with a newline at its end. */
export function jsonReport(report: Report): string {
  const { version, catalog, filesRead, files, policies, durationMs, findings, fixed, known } = report;
  const head = {
    version: 1,
    tool: { name: 'leastwise', version, catalog },
    filesRead,
    files,
    policies,
    durationMs,
    ...(fixed === undefined ? {} : { fixed }),
    ...(known === undefined ? {} : { known }),
  };
  const lines = findings.map((finding) => `\n${JSON.stringify(finding)}`);
  return `${JSON.stringify(head).slice(0, -1)},"findings":[${lines.join(',')}${lines.length > 0 ? '\n' : ''}]}\n`;
}
