/**
 * Actions: the ways out of the findings in a range, and all that can be mended at once. Fixes are computed here and nowhere
 * before; what the host cannot spell, or what cannot be proved to keep its word, is not offered.
 */
import type { Universe } from '../access/universe.ts';
import type { ModuleAnalysis } from '../analysis.ts';
import type { TextEdit } from '../finding/edit.ts';
import type { Finding } from '../finding/finding.ts';
import { keepSame, type ProvedFix, provedFixes } from '../proof.ts';

/** The fixes of the findings that touch the UTF-16 offsets from `start` to `end`; both ends count. Preferred ones first within a finding. */
export function fixesIn(
  analysis: ModuleAnalysis,
  findings: readonly Finding[],
  start: number,
  end: number,
  universe?: Universe,
): readonly ProvedFix[] {
  return findingsIn(findings, start, end).flatMap((finding) => provedFixes(analysis, finding, universe));
}

/** Those of the findings that touch the UTF-16 offsets from `start` to `end`; both ends count. */
export function findingsIn(findings: readonly Finding[], start: number, end: number): readonly Finding[] {
  return findings.filter((finding) => finding.span.start <= end && finding.span.end >= start);
}

/**
 * The edits of each fix that keeps access the same, the best one of a finding, as far as they can be made together: none
 * touches another, and all of them keep access the same too. `mayEdit` says which sources may be changed.
 */
export function fixesOfAll(
  analysis: ModuleAnalysis,
  findings: readonly Finding[],
  mayEdit: (source: string) => boolean,
): readonly (readonly TextEdit[])[] {
  const chosen: (readonly TextEdit[])[] = [];
  for (const finding of findings) {
    const best = provedFixes(analysis, finding).find(({ fix }) => fix.safety === 'same');
    if (!best?.edits.every((edit) => mayEdit(edit.span.source))) continue;
    const others = chosen.flat();
    if (best.edits.some((edit) => others.some((other) => touches(edit, other)))) continue;
    if (others.length === 0 || keepSame(analysis, [...others, ...best.edits])) chosen.push(best.edits);
  }
  return chosen;
}

/** Whether two changes lie so near that they cannot both be made. */
export function touches(a: TextEdit, b: TextEdit): boolean {
  return a.span.source === b.span.source && a.span.start <= b.span.end && b.span.start <= a.span.end;
}
