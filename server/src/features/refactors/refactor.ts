/** Refactor: another shape for what stands at the cursor, where nothing is wrong with it. Plain data; knows no protocol. */
import type { ModuleAnalysis } from '../../analysis.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import type { Edit, TextEdit } from '../../finding/edit.ts';
import type { Safety } from '../../finding/finding.ts';
import type { Clause, ClauseItem, Policy, Statement } from '../../policy/policy.ts';

/** `rewrite` says the same place otherwise; `extract` makes a block of its own of it, `inline` takes one in. */
export type RefactorKind = 'rewrite' | 'extract' | 'inline';

/** One of them, spelled. `safety` as of fixes, to be proved before it is made; what `changes` says so in its title. */
export interface Refactor {
  readonly kind: RefactorKind;
  readonly title: string;
  readonly safety: Safety;
  readonly edits: readonly TextEdit[];
  /** The policy may stand elsewhere afterwards. */
  readonly moves?: true;
}

/** One before it is spelled. */
export interface Draft {
  readonly title: string;
  readonly safety: Safety;
  readonly edits: readonly Edit[];
}

/** Where the cursor stands: in a statement, perhaps in one of its clauses, perhaps on an item. */
export interface Place {
  readonly analysis: ModuleAnalysis;
  readonly catalog: Catalog;
  readonly policy: Policy;
  readonly statement: Statement;
  readonly clause: Clause | undefined;
  readonly item: ClauseItem | undefined;
}

/** `one action`, `12 actions`. */
export function counted(count: number, noun: string): string {
  return count === 1 ? `one ${noun}` : `${count} ${noun}s`;
}
