/**
 * The fourth law: edits keep their word. Every fix that is offered is made and judged again; what it promises is checked a
 * second time by a checker that knows nothing of the engine. Each test counts what it exercised.
 */
import { describe, expect, test } from 'vitest';
import type { ModuleAnalysis } from '../server/src/analysis.ts';
import { ignoreByComment, mayIgnore } from '../server/src/features/ignoring.ts';
import { applyEdits, type TextEdit } from '../server/src/finding/edit.ts';
import type { Finding } from '../server/src/finding/finding.ts';
import type { Source } from '../server/src/policy/module.ts';
import type { Clause, Policy } from '../server/src/policy/policy.ts';
import { type ProvedFix, provedFixes } from '../server/src/proof.ts';
import { contains, knownText, type Span } from '../server/src/text/text.ts';
import { allows, findNew, type PlainPolicy, type PlainStatement } from './access/plain-checker.ts';
import { analyzeAll, catalog } from './context.ts';
import { hasMaterial, materialFiles, pageExamples } from './laws/examples.ts';
import { runCase } from './pages.ts';

/** What the fixes of one module did, by rule and host. */
interface Tally {
  readonly made: Map<string, number>;
  readonly broken: string[];
  /** Pairs of policies that the second checker could read. */
  doubled: number;
}

function newTally(): Tally {
  return { made: new Map(), broken: [], doubled: 0 };
}

/** Fixes of one rule in one host that a corpus is asked for; LEASTWISE_WHOLE=1 tries all that there are. */
const ENOUGH = process.env.LEASTWISE_WHOLE === '1' ? Number.POSITIVE_INFINITY : 40;

/** Makes the fixes that are offered in a module, one at a time, until a rule has had enough. */
function tryFixes(
  module: ModuleAnalysis,
  again: (sources: readonly Source[]) => ModuleAnalysis | undefined,
  tally: Tally,
  enough = Number.POSITIVE_INFINITY,
): void {
  for (const finding of module.judgement.findings) {
    const name = `${module.host.id} ${finding.rule}`;
    if ((tally.made.get(name) ?? 0) >= enough) continue;
    for (const fix of provedFixes(module, finding)) {
      const after = again(edited(module, fix.edits));
      tally.made.set(name, (tally.made.get(name) ?? 0) + 1);
      for (const complaint of complaints(module, after, fix, tally))
        tally.broken.push(
          `${finding.span.source}:${finding.span.start} ${finding.rule} "${fix.fix.title}" ${complaint}`,
        );
    }
  }
}

function edited({ module }: ModuleAnalysis, edits: readonly TextEdit[]): readonly Source[] {
  return module.sources.map(({ path, text }) => ({ path, text: applyEdits(path, text, edits) ?? text }));
}

function* complaints(
  before: ModuleAnalysis,
  after: ModuleAnalysis | undefined,
  { finding, fix, edits }: ProvedFix,
  tally: Tally,
): Iterable<string> {
  if (!after) return yield 'leaves nothing';
  const alike = ({ judgement }: ModuleAnalysis) =>
    judgement.findings.filter((other) => other.rule === finding.rule && other.message === finding.message).length;
  if (alike(after) >= alike(before)) yield 'leaves its finding';
  if (after.module.problems.length > before.module.problems.length) yield 'leaves a file that cannot be read';
  const mine = [...before.module.sites.map((site) => site.span), ...before.module.readings.map((one) => one.origin)];
  if (edits.some((edit) => !mine.some((span) => touches(span, edit.span, before)))) yield 'edits what is no policy';
  if (fix.safety === 'changes') return;
  for (const [index, policy] of before.policies.entries()) {
    const now = after.policies[index];
    const [was, is] = [plainOf(policy), now && plainOf(now)];
    if (!was || !is || JSON.stringify(was) === JSON.stringify(is)) continue;
    tally.doubled += 1;
    const universe = universeFor([was, is]);
    const gained = findNew(was, is, universe);
    if (gained) yield `newly allows ${JSON.stringify(gained)}`;
    const lost = fix.safety === 'same' ? findNew(is, was, universe) : undefined;
    if (lost) yield `no longer allows ${JSON.stringify(lost)}`;
  }
}

/** Whether an edit is made in a policy, or on the rest of the line on which it ends: blanks and a comment are all that may stand there. */
function touches(policy: Span, edit: Span, { module }: ModuleAnalysis): boolean {
  if (contains(policy, edit)) return true;
  if (policy.source !== edit.source || edit.start < policy.end) return false;
  const text = module.sources.find(({ path }) => path === policy.source)?.text ?? '';
  return /^[ \t]*(#.*)?$/.test(text.slice(policy.end, edit.end));
}

/** The policy as plain JSON; undefined where it holds what the second checker does not know, or too much. */
function plainOf(policy: Policy): PlainPolicy | undefined {
  const statements = policy.statements.map((statement): PlainStatement | undefined => {
    const { action, resource, principal, conditionEntry, effect, presence } = statement;
    if (principal || conditionEntry || presence !== 'always') return undefined;
    if (effect.answer !== 'Allow' && effect.answer !== 'Deny') return undefined;
    const actions = clauseOf(action, 'Action');
    const resources = clauseOf(resource, 'Resource');
    return actions && resources ? { Effect: effect.answer, ...actions, ...resources } : undefined;
  });
  if (policy.open || policy.language === 'unknown' || statements.length > 12) return undefined;
  const known = statements.filter((statement) => statement !== undefined);
  return known.length === statements.length ? { Version: policy.language, Statement: known } : undefined;
}

function clauseOf(clause: Clause | undefined, key: string): Record<string, readonly string[]> | undefined {
  if (!clause || clause.open) return undefined;
  const texts = clause.items.flatMap((item) => (item.presence === 'always' ? (knownText(item.text) ?? []) : []));
  if (texts.length !== clause.items.length || texts.some((text) => text.includes('${'))) return undefined;
  return { [`${clause.negated ? 'Not' : ''}${key}`]: texts };
}

/** Requests near all that the policies name: patterns with their wildcards filled in, and a few actions that there are. */
function universeFor(policies: readonly PlainPolicy[]) {
  const statements = policies.flatMap((policy) => policy.Statement);
  const actions = [...new Set(statements.flatMap((one) => [...(one.Action ?? []), ...(one.NotAction ?? [])]))];
  const resources = [...new Set(statements.flatMap((one) => [...(one.Resource ?? []), ...(one.NotResource ?? [])]))];
  const real = actions.flatMap((pattern) =>
    catalog()
      .match(pattern)
      .slice(0, 3)
      .flatMap(({ service }) => service.names.slice(0, 40).map((name) => `${service.prefix}:${name}`)),
  );
  return {
    actions: [...new Set([...actions.flatMap((pattern) => filled(pattern, ['', 'Zz'])), ...real])],
    resources: resources.flatMap((pattern) => filled(pattern, ['', 'x', 'x/y', 'x:y'])),
    contexts: [{}],
  };
}

function filled(pattern: string, fillings: readonly string[]): readonly string[] {
  return fillings.map((filling) => pattern.replaceAll('*', filling).replaceAll('?', 'q'));
}

describe('offered fixes keep their word', () => {
  test('in every example of every page', () => {
    const tally = newTally();
    for (const { given } of pageExamples()) {
      const run = runCase(given);
      const again = (sources: readonly Source[]) => {
        const [first, ...others] = sources;
        return first ? runCase({ settings: given.settings, sources: [first, ...others] }).module : undefined;
      };
      const isWhole = run.module?.module.sources.length === given.sources.length;
      if (run.module && isWhole) tryFixes(run.module, again, tally);
    }
    expect(tally.broken).toEqual([]);
    for (const host of ['json', 'terraform'])
      for (const rule of ['pass-role-any-resource', 'unknown-action', 'unscoped-resource', 'wildcard-action'])
        expect(tally.made.get(`${host} ${rule}`) ?? 0, `${host} ${rule}`).toBeGreaterThan(0);
    expect(tally.doubled).toBeGreaterThan(40);
  });

  test.skipIf(!hasMaterial('corpus'))(
    'in a corpus, at least five times for each rule that narrows, in each host',
    () => {
      const tally = newTally();
      const terraform = [...materialFiles('corpus/terraform', '.tf'), ...materialFiles('corpus/vulnerable', '.tf')];
      const templates = materialFiles('corpus/cloudformation', '.yaml', 2);
      for (const sources of [terraform, materialFiles('corpus/policies', '.json'), templates]) {
        for (const module of analyzeAll(sources).modules) {
          tryFixes(module, (now) => analyzeAll(now).of(now[0]?.path ?? ''), tally, ENOUGH);
        }
      }
      expect(tally.broken).toEqual([]);
      for (const host of ['json', 'terraform'])
        for (const rule of ['pass-role-any-resource', 'unscoped-resource', 'wildcard-action'])
          expect(tally.made.get(`${host} ${rule}`) ?? 0, `${host} ${rule}`).toBeGreaterThanOrEqual(5);
      for (const rule of ['unscoped-resource', 'wildcard-action', 'missing-version', 'conflicting-duties'])
        expect(tally.made.get(`cloudformation ${rule}`) ?? 0, rule).toBeGreaterThanOrEqual(5);
      expect(tally.doubled).toBeGreaterThan(50);
    },
    1_200_000,
  );

  test.skipIf(!hasMaterial('corpus'))('a comment that ignores takes its finding back, and is the only change', () => {
    const tally = { offered: 0, none: 0, broken: [] as string[] };
    const files = [...materialFiles('corpus/terraform', '.tf'), ...materialFiles('corpus/cloudformation', '.yaml', 2)];
    for (const module of analyzeAll(files).modules) {
      const findings = module.judgement.findings.filter(mayIgnore);
      for (const finding of findings.filter((_, i) => i % 10 === 0)) {
        const edit = ignoreByComment(module, finding)?.edit;
        if (!edit) tally.none += 1;
        else {
          tally.offered += 1;
          const after = analyzeAll(edited(module, [edit])).of(finding.span.source)?.judgement;
          const own = after?.ignored.some(({ finding: one }) => isSame(one, finding, edit));
          const left = after?.findings.some((one) => isSame(one, finding, edit));
          if (!own || left) tally.broken.push(`${finding.span.source}:${finding.span.start} ${finding.rule}`);
        }
      }
    }
    expect(tally.broken).toEqual([]);
    expect(tally.offered).toBeGreaterThan(50);
    expect(tally.none).toBeLessThan(tally.offered / 50);
  });

  function isSame(one: Finding, before: Finding, { span, newText }: TextEdit): boolean {
    const at = before.span.start + (before.span.start >= span.start ? newText.length : 0);
    return one.rule === before.rule && one.message === before.message && one.span.start === at;
  }

  test('the second checker notices what the first promises to prevent', () => {
    const was: PlainPolicy = { Statement: [{ Effect: 'Allow', Action: ['s3:Get*'], Resource: ['arn:aws:s3:::a/*'] }] };
    const is: PlainPolicy = { Statement: [{ Effect: 'Allow', Action: ['s3:*'], Resource: ['arn:aws:s3:::a/*'] }] };
    const gained = findNew(was, is, universeFor([was, is]));
    expect(gained && allows(is, gained) && !allows(was, gained)).toBe(true);
    expect(findNew(is, was, universeFor([was, is]))).toBeUndefined();
  });
});
