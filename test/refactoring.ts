/** Refactors as text in, text out. `<|>` marks the cursor. Holds no expectations. */
import type { ModuleAnalysis } from '../server/src/analysis.ts';
import type { Refactor } from '../server/src/features/refactors/refactor.ts';
import { provedRefactors, refactorsAt } from '../server/src/features/refactors/refactors.ts';
import { applyEdits } from '../server/src/finding/edit.ts';
import { analyzeText, catalog } from './context.ts';

/** A text without its mark, and all that is offered and proved there. */
export function offered(
  path: string,
  marked: string,
): { readonly text: string; readonly refactors: readonly Refactor[] } {
  const offset = marked.indexOf('<|>');
  if (offset < 0) throw new Error('no cursor');
  const text = marked.replace('<|>', '');
  const analysis = analyzed(path, text);
  return { text, refactors: provedRefactors(analysis, refactorsAt(analysis, { path, offset }, catalog())) };
}

/** The titles, each with its safety. */
export function titles(path: string, marked: string): readonly string[] {
  return offered(path, marked).refactors.map(({ title, safety }) => `${safety}: ${title}`);
}

/** The text after the refactor whose title begins so. */
export function refactored(path: string, marked: string, title: string): string {
  const { text, refactors } = offered(path, marked);
  const chosen = refactors.find((one) => one.title.startsWith(title));
  const after = chosen && applyEdits(path, text, chosen.edits);
  if (after === undefined)
    throw new Error(`"${title}" is not among: ${refactors.map((one) => one.title).join('; ') || 'nothing'}`);
  return after;
}

/** The module of one text. */
export function analyzed(path: string, text: string): ModuleAnalysis {
  const analysis = analyzeText(path, text);
  if (!analysis) throw new Error(`no host reads ${path}`);
  return analysis;
}
