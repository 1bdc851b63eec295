/**
 * Proof: whether a fix keeps its word. Makes the edits on the text, reads the text again, and compares each policy that
 * changed with what it was. A fix that cannot be spelled, read or proved is not offered. Pure; works on one module.
 */
import { compare, equivalent, provesNoNewAccess } from './access/compare.ts';
import { evaluate } from './access/evaluate.ts';
import { type Request, readyRequest } from './access/request.ts';
import { type StatementTerms, termsOf } from './access/terms.ts';
import type { Universe } from './access/universe.ts';
import { type ModuleAnalysis, print } from './analysis.ts';
import { applyEdits, type TextEdit } from './finding/edit.ts';
import type { Finding, Fix, Safety } from './finding/finding.ts';
import { withoutCommon } from './policy/common.ts';
import type { Module, Site, Source } from './policy/module.ts';
import { normalName } from './policy/normal.ts';
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
  /** Those policies, before and after. */
  readonly changes: readonly Change[];
  /** A request that was allowed and no longer is, where the fix takes something away and one was found. */
  readonly lost: Request | undefined;
}

/** The fixes of a finding that are proved, in the finding's order, the preferred one first. With a `universe` what is lost is said of actions and resources that there are. */
export function provedFixes(analysis: ModuleAnalysis, finding: Finding, universe?: Universe): readonly ProvedFix[] {
  return preferredFirst(finding).flatMap((fix) => proveFix(analysis, finding, fix, universe) ?? []);
}

/** The first of those fixes that narrows and that `accepts` takes; the fixes behind it are not worked out. */
export function firstNarrowing(
  analysis: ModuleAnalysis,
  finding: Finding,
  accepts: (proved: ProvedFix) => boolean,
  universe?: Universe,
): ProvedFix | undefined {
  for (const fix of preferredFirst(finding)) {
    const proved = fix.safety === 'narrows' ? proveFix(analysis, finding, fix, universe) : undefined;
    if (proved && accepts(proved)) return proved;
  }
  return undefined;
}

function preferredFirst({ fixes }: Finding): readonly Fix[] {
  return [...(fixes?.() ?? [])].sort((a, b) => Number(b.preferred ?? false) - Number(a.preferred ?? false));
}

/**
 * Proves one fix: `same` allows the same requests in every policy that it changes, `narrows` allows nothing new in any,
 * under both readings of colons and whatever the holes stand for. `changes` promises only that the text can be read.
 */
export function proveFix(
  analysis: ModuleAnalysis,
  finding: Finding,
  fix: Fix,
  universe?: Universe,
): ProvedFix | undefined {
  const edits = print(analysis, fix.edits);
  const changed = edits && proveEdits(analysis, edits, fix.safety);
  if (!changed || (changed.length === 0 && fix.safety !== 'changes')) return undefined;
  return {
    finding,
    fix,
    edits,
    policies: changed.length,
    changes: changed,
    lost: fix.safety === 'narrows' ? firstLost(changed, universe) : undefined,
  };
}

/** Whether edits that mend no finding do what `safety` says, and change some policy's text. */
export function proveTexts(analysis: ModuleAnalysis, edits: readonly TextEdit[], safety: Safety): boolean {
  const changed = proveEdits(analysis, edits, safety);
  return changed !== undefined && changed.length > 0;
}

/**
 * Whether edits only write a policy down elsewhere or otherwise: each policy that changes becomes one that allows the same, of the same
 * kind and language, wherever it stands then.
 */
export function proveForm(analysis: ModuleAnalysis, edits: readonly TextEdit[]): boolean {
  const after = edited(analysis, edits);
  if (!after || sitesOf(after).length !== sitesOf(analysis.module).length) return false;
  const [gone, come] = [unmatched(analysis.module, after), unmatched(after, analysis.module)];
  return gone.length === come.length && gone.every((was, i) => isSamePolicy(was, come[i]));
}

function isSamePolicy(was: Policy, is: Policy | undefined): boolean {
  if (!is || was.kind !== is.kind || was.language !== is.language || was.open !== is.open) return false;
  return allowTheSame(was, is);
}

/** The policies of the one module that the other has not, letter for letter. */
function unmatched(module: Module, other: Module): readonly Policy[] {
  const left = new Map<string, number>();
  const nameOf = ({ value, kind }: Site) => `${kind ?? ''} ${canonicalValue(value)}`;
  for (const site of sitesOf(other)) left.set(nameOf(site), (left.get(nameOf(site)) ?? 0) + 1);
  return sitesOf(module).flatMap((site) => {
    const count = left.get(nameOf(site)) ?? 0;
    left.set(nameOf(site), count - 1);
    return count > 0 ? [] : (readPolicy(site) ?? []);
  });
}

/** Whether edits of several fixes, each of which keeps access the same, do so together: two statements may each be redundant for the other's sake. */
export function keepSame(analysis: ModuleAnalysis, edits: readonly TextEdit[]): boolean {
  return proveEdits(analysis, edits, 'same') !== undefined;
}

/** The policies that the edits change; undefined where there are no edits, or they do not do what `safety` says. */
function proveEdits(
  analysis: ModuleAnalysis,
  edits: readonly TextEdit[],
  safety: Safety,
): readonly Change[] | undefined {
  const after = edits.length > 0 ? edited(analysis, edits) : undefined;
  const changed = after && changedPolicies(analysis.module, after);
  return changed?.every((change) => keepsWord(safety, change)) ? changed : undefined;
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
export interface Change {
  readonly before: Policy;
  readonly after: Policy;
}

/** The policies that are no longer the same text for text; undefined where a policy came, went, or can no longer be read. */
function changedPolicies(before: Module, after: Module): readonly Change[] | undefined {
  const [old, now] = [sitesOf(before), sitesOf(after)];
  if (old.length !== now.length) return undefined;
  const changes: Change[] = [];
  for (const [index, site] of old.entries()) {
    const other = now[index];
    if (!other || !isSamePlace(site, other)) return undefined;
    if (canonicalValue(site.value) === canonicalValue(other.value)) continue;
    const [was, is] = [readPolicy(site), readPolicy(other)];
    if (!was || !is) return undefined;
    changes.push({ before: was, after: is });
  }
  return changes;
}

/** The module's own policies, and those of others that it makes what they are. What holds for a policy whatever its variables are holds for their defaults. */
function sitesOf({ sites, instances = [] }: Module): readonly Site[] {
  return [...sites, ...instances.flatMap(({ site, cause }) => (cause.kind === 'default' ? [] : [site]))];
}

function isSamePlace(a: Site, b: Site): boolean {
  return a.address === b.address && a.span.source === b.span.source && a.kind === b.kind;
}

function keepsWord(safety: Safety, { before, after }: Change): boolean {
  switch (safety) {
    case 'changes':
      return true;
    case 'narrows':
      return narrowsByItself(before, after) || provesNoNewAccess(termsOf(before), termsOf(after));
    case 'same':
      return allowTheSame(before, after);
  }
}

/** By their words, whatever these stand for, or else by what they allow. */
function allowTheSame(before: Policy, after: Policy): boolean {
  const name = normalName(before);
  if (name !== undefined && name === normalName(after)) return true;
  return isSameByItself(before, after) || equivalent(termsOf(before), termsOf(after));
}

/**
 * Whether the statements that changed, all of one effect, match by themselves the same requests as before: then so does the
 * whole, since what stays is the same on both sides. Quick, and enough mostly; no says nothing.
 */
function isSameByItself(before: Policy, after: Policy): boolean {
  if (before.language !== after.language || before.open || after.open) return false;
  const [was, is] = [without(before, after), without(after, before)];
  const effects = new Set([...was.statements, ...is.statements].map(({ effect }) => effect.answer));
  if (effects.size !== 1 || was.statements.length === 0 || is.statements.length === 0) return false;
  if (!effects.has('Allow') && !effects.has('Deny')) return false;
  const [old, now] = withoutCommon([was, is]).map((policy) =>
    termsOf(policy).map((terms): StatementTerms => ({ ...terms, effect: 'Allow' })),
  );
  return old !== undefined && now !== undefined && equivalent(old, now);
}

/**
 * Whether the statements that changed allow, by themselves, nothing that they did not allow before: then neither does the
 * whole, since what stays is the same on both sides. Quick, and enough mostly; no says nothing. Holds for Allows only: less
 * in a Deny is more in the whole.
 */
function narrowsByItself(before: Policy, after: Policy): boolean {
  if (before.language !== after.language || before.open !== after.open) return false;
  const [was, is] = [without(before, after), without(after, before)];
  if (![...was.statements, ...is.statements].every(({ effect }) => effect.answer === 'Allow')) return false;
  const [old, now] = withoutCommon([was, is]);
  return old !== undefined && now !== undefined && provesNoNewAccess(termsOf(old), termsOf(now));
}

/** The policy without those statements that the other has too, letter for letter, and without what cannot be seen in both. */
function without(policy: Policy, other: Policy): Policy {
  const others = new Map<string, number>();
  for (const { value, presence } of other.statements) {
    const name = presence + canonicalValue(value);
    others.set(name, (others.get(name) ?? 0) + 1);
  }
  const statements = policy.statements.filter(({ value, presence }) => {
    const name = presence + canonicalValue(value);
    const left = others.get(name) ?? 0;
    others.set(name, left - 1);
    return left <= 0;
  });
  return { ...policy, statements, open: false };
}

/** A request that the changed statements no longer allow, and the rest of the policy neither. */
function firstLost(changes: readonly Change[], universe: Universe | undefined): Request | undefined {
  for (const { before, after } of changes) {
    const answer = compare(termsOf(without(after, before)), termsOf(without(before, after)), { universe });
    if (answer.verdict === 'new-access' && isLost(answer.witness, before, after)) return answer.witness;
  }
  return undefined;
}

function isLost(request: Request, before: Policy, after: Policy): boolean {
  const ready = readyRequest(request);
  const decided = (policy: Policy) => evaluate(termsOf(policy), ready, 'parts').decision;
  return decided(before) === 'allowed' && ['denied', 'not-granted'].includes(decided(after));
}
