/**
 * Proposes what narrows: for each finding its best fix that is proved to, made one after the other, so that each diff begins
 * where the one before it ends. Works on texts; writes no file.
 */
import type { Request } from '../access/request.ts';
import type { Universe } from '../access/universe.ts';
import type { Analysis, ModuleAnalysis } from '../analysis.ts';
import type { Catalog } from '../catalog/catalog.ts';
import { touches } from '../features/actions.ts';
import { type Loss, lossOf } from '../features/loss.ts';
import { applyEdits } from '../finding/edit.ts';
import type { Finding, Level } from '../finding/finding.ts';
import type { Source } from '../policy/module.ts';
import { firstNarrowing, type ProvedFix } from '../proof.ts';
import { atLeast } from '../rules/charge.ts';

/** One proposal. Its finding stands in the texts of `module`; `changed` begins with what the proposals before it leave. */
export interface Proposal {
  readonly module: ModuleAnalysis;
  readonly finding: Finding;
  readonly title: string;
  /** How many policies it changes. */
  readonly policies: number;
  readonly loss: Loss;
  /** A request that was allowed before and no longer is. */
  readonly lost: Request | undefined;
  readonly changed: readonly { readonly path: string; readonly before: string; readonly after: string }[];
}

/** All proposals, and the analyses before the first and after the last. */
export interface Proposals {
  readonly proposals: readonly Proposal[];
  readonly before: Analysis;
  readonly after: Analysis;
}

/** What proposing rests on. `editable` are the sources that may change; findings below the level are left alone. */
export interface Proposing {
  readonly editable: ReadonlySet<string>;
  readonly level: Level;
  readonly catalog: () => Catalog;
  readonly universe: () => Universe;
  readonly analyze: (sources: readonly Source[]) => Analysis;
}

/** More rounds than a statement has ways to be too wide. */
const MOST_ROUNDS = 8;

/** Proposes until no finding has a way left that narrows. */
export function propose(sources: readonly Source[], proposing: Proposing): Proposals {
  const before = proposing.analyze(sources);
  const proposals: Proposal[] = [];
  let [now, texts] = [before, sources];
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const chosen = now.modules.flatMap((module) => chooseIn(module, proposing));
    if (chosen.length === 0) break;
    const made = makeAll(chosen, texts, proposing);
    proposals.push(...made.proposals);
    texts = made.texts;
    now = proposing.analyze(texts);
  }
  return { proposals, before, after: now };
}

/** A fix that was chosen in a module. */
interface Chosen {
  readonly module: ModuleAnalysis;
  readonly proved: ProvedFix;
}

/** The best fix of each finding, as far as none touches another. */
function chooseIn(module: ModuleAnalysis, { editable, level, universe }: Proposing): readonly Chosen[] {
  const chosen: Chosen[] = [];
  for (const finding of module.judgement.findings) {
    if (!atLeast(finding.level, level) || !editable.has(finding.span.source)) continue;
    const taken = chosen.flatMap(({ proved }) => proved.edits);
    const mayMake = ({ edits }: ProvedFix) => edits.every(({ span }) => editable.has(span.source));
    const proved = firstNarrowing(module, finding, mayMake, universe());
    if (proved && !proved.edits.some((edit) => taken.some((other) => touches(edit, other))))
      chosen.push({ module, proved });
  }
  return chosen;
}

/** Makes the fixes one after the other; all are said of the texts as they are. */
function makeAll(
  chosen: readonly Chosen[],
  texts: readonly Source[],
  { catalog }: Proposing,
): { readonly proposals: readonly Proposal[]; readonly texts: readonly Source[] } {
  let current = texts;
  const proposals = chosen.map(({ module, proved }, index): Proposal => {
    const edits = chosen.slice(0, index + 1).flatMap((one) => one.proved.edits);
    const next = texts.map(({ path, text }) => ({ path, text: applyEdits(path, text, edits) ?? text }));
    const changed = next.flatMap(({ path, text }, place) => {
      const before = current[place]?.text ?? '';
      return before === text ? [] : [{ path, before, after: text }];
    });
    current = next;
    return {
      module,
      finding: proved.finding,
      title: proved.fix.title,
      policies: proved.policies,
      loss: lossOf(proved.changes, catalog()),
      lost: proved.lost,
      changed,
    };
  });
  return { proposals, texts: current };
}
