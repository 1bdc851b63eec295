/**
 * Proof: whether a fix keeps its word. Makes the edits on the text, reads the text again, and compares each policy that
 * changed with what it was. A fix that cannot be spelled, read or proved is not offered. Pure; works on one module.
 */
import { compare, equivalent, provesNoNewAccess } from './access/compare.ts';
import type { Request } from './access/request.ts';
import { termsOf } from './access/terms.ts';
import { type ModuleAnalysis, print } from './analysis.ts';
import { applyEdits, type TextEdit } from './finding/edit.ts';
import type { Finding, Fix } from './finding/finding.ts';
import type { Module, Site, Source } from './policy/module.ts';
import type { Policy } from './policy/policy.ts';
import { readPolicy } from './policy/read.ts';
import { canonicalValue } from './value/value.ts';

/** A fix that keeps its word, spelled. Invariant: there is at least one edit. */
export interface ProvedFix {
  readonly finding: Finding;
  readonly fix: Fix;
  readonly edits: readonly TextEdit[];
  /** How many policies the edits change: more than one where a literal feeds several. */
  readonly policies: number;
  /** A request that was allowed and no longer is, where the fix takes something away and one was found. */
  readonly lost: Request | undefined;
}

/** The fixes of a finding that are proved, in the finding's order, the preferred one first. */
export function provedFixes(analysis: ModuleAnalysis, finding: Finding): readonly ProvedFix[] {
  const fixes = [...(finding.fixes?.() ?? [])].sort(
    (a, b) => Number(b.preferred ?? false) - Number(a.preferred ?? false),
  );
  return fixes.flatMap((fix) => proveFix(analysis, finding, fix) ?? []);
}

/**
 * Proves one fix: `same` allows the same requests in every policy that it changes, `narrows` allows nothing new in any,
 * under both readings of colons and whatever the holes stand for. `changes` promises only that the text can be read.
 */
export function proveFix(analysis: ModuleAnalysis, finding: Finding, fix: Fix): ProvedFix | undefined {
  const edits = print(analysis, fix.edits);
  if (!edits || edits.length === 0) return undefined;
  const after = edited(analysis, edits);
  const changed = after && changedPolicies(analysis.module, after);
  if (!changed || (changed.length === 0 && fix.safety !== 'changes')) return undefined;
  if (!changed.every((change) => keepsWord(fix, change))) return undefined;
  return {
    finding,
    fix,
    edits,
    policies: changed.length,
    lost: fix.safety === 'narrows' ? firstLost(changed) : undefined,
  };
}

/** The module after the edits; undefined where they overlap, or leave a text that reads worse than before. */
function edited(analysis: ModuleAnalysis, edits: readonly TextEdit[]): Module | undefined {
  const { module, host, reading } = analysis;
  const sources: Source[] = [];
  for (const source of module.sources) {
    if (!edits.some((edit) => edit.span.source === source.path)) {
      sources.push(source);
      continue;
    }
    const text = applyEdits(source.path, source.text, edits);
    if (text === undefined) return undefined;
    sources.push({ path: source.path, text });
  }
  const after = host.read(sources, reading, module);
  return after.problems.length > module.problems.length ? undefined : after;
}

/** A policy before and after. */
interface Change {
  readonly before: Policy;
  readonly after: Policy;
}

/** The policies that are no longer the same text for text; undefined where a policy came, went, or can no longer be read. */
function changedPolicies(before: Module, after: Module): readonly Change[] | undefined {
  if (before.sites.length !== after.sites.length) return undefined;
  const changes: Change[] = [];
  for (const [index, site] of before.sites.entries()) {
    const other = after.sites[index];
    if (!other || !isSamePlace(site, other)) return undefined;
    if (canonicalValue(site.value) === canonicalValue(other.value)) continue;
    const [was, is] = [readPolicy(site), readPolicy(other)];
    if (!was || !is) return undefined;
    changes.push({ before: was, after: is });
  }
  return changes;
}

function isSamePlace(a: Site, b: Site): boolean {
  return a.address === b.address && a.span.source === b.span.source && a.kind === b.kind;
}

function keepsWord(fix: Fix, { before, after }: Change): boolean {
  switch (fix.safety) {
    case 'changes':
      return true;
    case 'narrows':
      return provesNoNewAccess(termsOf(before), termsOf(after));
    case 'same':
      return equivalent(termsOf(before), termsOf(after));
  }
}

function firstLost(changes: readonly Change[]): Request | undefined {
  for (const { before, after } of changes) {
    const answer = compare(termsOf(after), termsOf(before));
    if (answer.verdict === 'new-access') return answer.witness;
  }
  return undefined;
}
