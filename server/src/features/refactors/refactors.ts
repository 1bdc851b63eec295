/**
 * Refactors: what can be said otherwise at the cursor. What the host cannot spell is not offered, and what cannot be proved
 * to do what its title says is not made. Computed when somebody asks, never while typing.
 */
import { formsAt, type ModuleAnalysis, print } from '../../analysis.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import type { TextEdit } from '../../finding/edit.ts';
import { readers } from '../../policy/module.ts';
import { proveForm, proveTexts } from '../../proof.ts';
import type { Span } from '../../text/text.ts';
import { inClause } from './in-clause.ts';
import { inStatement } from './in-statement.ts';
import type { Place, Refactor } from './refactor.ts';

/** Where the cursor is: a UTF-16 offset of the source with that path. */
export interface Cursor {
  readonly path: string;
  readonly offset: number;
}

/**
 * The refactors at a cursor, spelled and not yet proved, those of the smallest place first. Those of one title are ways to
 * the same end: the first that is proved counts.
 */
export function refactorsAt(analysis: ModuleAnalysis, cursor: Cursor, catalog: Catalog): readonly Refactor[] {
  const place = placeAt(analysis, cursor, catalog);
  const drafts = place ? [...inClause(place), ...inStatement(place)] : [];
  const own = drafts.flatMap(({ title, safety, edits }): readonly Refactor[] => {
    const printed = print(analysis, edits);
    return printed && printed.length > 0
      ? [{ kind: 'rewrite', title: `${title}${whereElse(analysis, printed)}`, safety, edits: printed }]
      : [];
  });
  const forms = formsAt(analysis, cursor.path, cursor.offset).map(
    (form): Refactor => ({ ...form, safety: 'same', moves: true }),
  );
  return [...own, ...forms];
}

/** Whether it does what its title says. Takes a reading of the whole module. */
export function isProved(analysis: ModuleAnalysis, { edits, safety, moves }: Refactor): boolean {
  return moves ? proveForm(analysis, edits) : proveTexts(analysis, edits, safety);
}

/** The first of each title that is proved. */
export function provedRefactors(analysis: ModuleAnalysis, refactors: readonly Refactor[]): readonly Refactor[] {
  const found = new Map<string, Refactor>();
  for (const one of refactors) if (!found.has(one.title) && isProved(analysis, one)) found.set(one.title, one);
  return [...found.values()];
}

/** What stands in several policies is changed in all of them. */
function whereElse({ module }: ModuleAnalysis, edits: readonly TextEdit[]): string {
  const count = new Set(edits.flatMap(({ span }) => readers(module, span))).size;
  return count > 1 ? ` in ${count} policies` : '';
}

function placeAt(analysis: ModuleAnalysis, { path, offset }: Cursor, catalog: Catalog): Place | undefined {
  const at = (span: Span | undefined) =>
    span !== undefined && span.source === path && span.start <= offset && offset <= span.end;
  for (const policy of analysis.policies) {
    const statement = policy.statements.find(({ value }) => at(value.span));
    if (!statement) continue;
    const clauses = [statement.action, statement.resource];
    const clause =
      clauses.find((one) => one?.items.some(({ value }) => at(value.span))) ??
      clauses.find((one) => at(one?.entry.span));
    const item = clause?.items.find(({ value }) => at(value.span));
    return { analysis, catalog, policy, statement, clause, item };
  }
  return undefined;
}
