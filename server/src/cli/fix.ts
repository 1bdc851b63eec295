/** Applies the fixes that are proved to keep access the same, round by round until none is left. Works on texts; writes no file. */
import type { Analysis } from '../analysis.ts';
import { fixesOfAll } from '../features/actions.ts';
import { applyEdits } from '../finding/edit.ts';
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
    const fixes = fixed.analysis.modules.flatMap((module) =>
      fixesOfAll(module, module.judgement.findings, (source) => editable.has(source)),
    );
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
