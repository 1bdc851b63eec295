/** Applies the fixes that keep access the same, round by round until none is left. Works on texts; writes no file. */
import { type Analysis, type ModuleAnalysis, print } from '../analysis.ts';
import { applyEdits, type TextEdit } from '../finding/edit.ts';
import type { Finding } from '../finding/finding.ts';
import type { Source } from '../policy/module.ts';

/** What came of fixing: the sources as they are now, their analysis, and how many fixes went in. */
export interface Fixed {
  readonly sources: readonly Source[];
  readonly analysis: Analysis;
  readonly applied: number;
}

/** More rounds than fixes that wait for one another ever need; it ends those that undo each other. */
const MOST_ROUNDS = 8;

/** Fixes the files in `editable`; a fix that touches any other is left alone. */
export function fixSources(
  sources: readonly Source[],
  editable: ReadonlySet<string>,
  analyze: (sources: readonly Source[]) => Analysis,
): Fixed {
  let fixed: Fixed = { sources, analysis: analyze(sources), applied: 0 };
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const fixes = editsOfRound(fixed.analysis, editable);
    if (fixes.length === 0) break;
    const edits = fixes.flat();
    const next = fixed.sources.map((source) => ({
      path: source.path,
      text: applyEdits(source.path, source.text, edits) ?? source.text,
    }));
    fixed = { sources: next, analysis: analyze(next), applied: fixed.applied + fixes.length };
  }
  return fixed;
}

/** The edits of each fix that can be made together with those before it. */
function editsOfRound(analysis: Analysis, editable: ReadonlySet<string>): readonly (readonly TextEdit[])[] {
  const taken: TextEdit[] = [];
  const chosen: (readonly TextEdit[])[] = [];
  for (const module of analysis.modules) {
    for (const finding of module.judgement.findings) {
      const edits = editsOf(module, finding);
      if (edits.length === 0 || !edits.every((edit) => editable.has(edit.span.source))) continue;
      if (edits.some((edit) => taken.some((other) => touches(edit, other)))) continue;
      taken.push(...edits);
      chosen.push(edits);
    }
  }
  return chosen;
}

/** The edits of the finding's best fix that keeps access the same; none where it has no such fix. */
function editsOf(module: ModuleAnalysis, finding: Finding): readonly TextEdit[] {
  const fixes = (finding.fixes?.() ?? []).filter((fix) => fix.safety === 'same');
  const fix = fixes.find((candidate) => candidate.preferred) ?? fixes[0];
  return fix ? (print(module, fix.edits) ?? []) : [];
}

function touches(a: TextEdit, b: TextEdit): boolean {
  return a.span.source === b.span.source && a.span.start <= b.span.end && b.span.start <= a.span.end;
}
