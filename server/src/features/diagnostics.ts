/** Diagnostics: which findings an editor shows for a source. Decides what is shown, never what is wrong. */
import type { ModuleAnalysis } from '../analysis.ts';
import type { Finding, Level } from '../finding/finding.ts';
import { atLeast } from '../rules/charge.ts';

/** `syntax`: `theirs` where the editor itself reports what is no JSON. `level`: nothing below it is shown. */
export interface Display {
  readonly syntax: 'ours' | 'theirs';
  readonly level: Level;
}

/** The findings to show for the source with that path, in source order. */
export function shownFindings(analysis: ModuleAnalysis, path: string, display: Display): readonly Finding[] {
  return analysis.judgement.findings.filter(
    (finding) =>
      finding.span.source === path &&
      atLeast(finding.level, display.level) &&
      (finding.rule !== 'syntax' || display.syntax === 'ours'),
  );
}

/** The page that explains a rule. */
export function pageOf(rule: string): string {
  return `https://github.com/leastwise/leastwise/blob/main/docs/rules/${encodeURIComponent(rule)}.md`;
}

/** The message as it is shown: whether AWS itself was asked and says so belongs to it. */
export function shownMessage({ message, confirmed }: Pick<Finding, 'message' | 'confirmed'>): string {
  return confirmed ? `${message} (confirmed by AWS)` : message;
}
