/** The report as workflow commands of GitHub Actions, which turn findings into annotations. Pure. Source: GitHub Docs, "Workflow commands for GitHub Actions". */
import { shownMessage } from '../features/diagnostics.ts';
import type { Level } from '../finding/finding.ts';
import type { Report } from './report.ts';

/** One command a finding. */
export function githubReport(report: Report): string {
  return report.findings
    .map((finding) => {
      const { level, file, range, rule } = finding;
      const place = [
        `file=${property(file)}`,
        `line=${range.start.line + 1}`,
        `endLine=${range.end.line + 1}`,
        // Columns are read only where a finding stays on its line.
        ...(range.start.line === range.end.line
          ? [
              `col=${range.start.character + 1}`,
              `endColumn=${Math.max(range.end.character, range.start.character + 1)}`,
            ]
          : []),
        `title=${property(rule)}`,
      ];
      return `::${COMMANDS[level]} ${place.join(',')}::${data(shownMessage(finding))}\n`;
    })
    .join('');
}

const COMMANDS: Readonly<Record<Level, string>> = { error: 'error', warning: 'warning', info: 'notice' };

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
