/** Actions: the ways out of the findings in a range. Fixes are computed here and nowhere before; what the host cannot spell is not offered. */
import { type ModuleAnalysis, print } from '../analysis.ts';
import type { TextEdit } from '../finding/edit.ts';
import type { Finding, Fix } from '../finding/finding.ts';

/** A fix with its finding and the text changes that make it. Invariant: there is at least one change. */
export interface CodeFix {
  readonly finding: Finding;
  readonly fix: Fix;
  readonly edits: readonly TextEdit[];
}

/** The fixes of the findings that touch the UTF-16 offsets from `start` to `end`; both ends count. Preferred ones first within a finding. */
export function fixesIn(
  analysis: ModuleAnalysis,
  findings: readonly Finding[],
  start: number,
  end: number,
): readonly CodeFix[] {
  const found: CodeFix[] = [];
  for (const finding of findings) {
    if (finding.span.start > end || finding.span.end < start) continue;
    const fixes = [...(finding.fixes?.() ?? [])].sort(
      (a, b) => Number(b.preferred ?? false) - Number(a.preferred ?? false),
    );
    for (const fix of fixes) {
      const edits = print(analysis, fix.edits);
      if (edits && edits.length > 0) found.push({ finding, fix, edits });
    }
  }
  return found;
}
