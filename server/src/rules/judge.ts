/** Judge: runs the rules over a module's policies, lets bigger findings swallow smaller ones, applies levels and ignores. Knows no files and no clock. */
import type { Catalog } from '../catalog/catalog.ts';
import type { Config } from '../config/config.ts';
import type { Finding } from '../finding/finding.ts';
import type { IgnoreDirective, Module } from '../policy/module.ts';
import { globMatches } from '../policy/pattern.ts';
import type { Policy } from '../policy/policy.ts';
import { contains } from '../text/text.ts';
import { activeIn, type Charge, charge, levelOf, toFinding } from './charge.ts';
import { cleanPolicies, contentName, heedful } from './clean.ts';
import { internFacts } from './facts.ts';
import { fileMatches } from './file-match.ts';
import { RULES } from './index.ts';
import { chargeInstances } from './instances.ts';
import { docketOf, watched } from './judged.ts';
import { findNeedless, needlessOf } from './needless.ts';
import { readable, saidProblems } from './problems.ts';
import type { Draft, RuleContext } from './rule.ts';

/** What is asked of the judge beside the policies; see the analysis context. */
export interface Bench {
  readonly catalog: Catalog;
  readonly config: Config;
  readonly today?: string;
  /** Whether these policies were judged before, and are likely to be again: what is found clean is remembered then. */
  readonly again?: boolean;
  readonly onBug: (rule: string, error: unknown) => void;
}

/** A finding that is not shown, and why. */
export interface Taken {
  readonly finding: Finding;
  /** The finding that it is part of, or the ignore that takes it back. */
  readonly by:
    | { readonly finding: Finding }
    | { readonly reason: string; readonly directive?: IgnoreDirective; readonly ignore?: Config['ignore'][number] };
}

/** All that the rules say of one module, in source order. `wave` is the last one that it holds. */
export interface Judgement {
  readonly wave: 'first' | 'second';
  readonly findings: readonly Finding[];
  readonly swallowed: readonly Taken[];
  readonly ignored: readonly Taken[];
  /** All that was found, as the second wave takes it up. */
  readonly charges: readonly Charge[];
}

/** Runs the rules of the first wave that the configuration leaves on. */
export function judge(module: Module, policies: readonly Policy[], bench: Bench): Judgement {
  const { context, looks } = watched(contextOf(module, bench));
  const docket = docketOf(module.things, context);
  const charges: Charge[] = [];
  const rules = activeIn(undefined, bench.config);
  const clean = bench.again ? heedful(cleanPolicies(bench.catalog, bench.config), looks) : undefined;
  for (const policy of readable(policies, module, bench.config)) {
    const found = docket.recall(policy) ?? judged(policy);
    for (const one of found) charges.push(one);
  }
  for (const one of reported(module, bench.config)) charges.push(one);
  for (const one of chargeInstances(module, charges, rules, context, bench, clean)) charges.push(one);
  return decide('first', charges, module, bench);

  function judged(policy: Policy): readonly Charge[] {
    const before = looks();
    const name = clean && contentName(policy);
    const found = name !== undefined && clean?.has(name) ? [] : charge(policy, rules, context, bench);
    docket.keep(policy, found, looks() > before);
    if (name !== undefined && found.length === 0) clean?.add(name);
    return found;
  }
}

/**
 * Runs the rules of the second wave and gives what both say. Yields whenever a piece of work is done: whoever has no
 * more use for the answer takes no further step.
 */
export function* judgeFurther(
  module: Module,
  policies: readonly Policy[],
  judgement: Judgement,
  bench: Bench,
): Generator<undefined, Judgement> {
  if (judgement.wave === 'second') return judgement;
  const context = contextOf(module, bench);
  const charges = [...judgement.charges];
  const rules = activeIn('second', bench.config);
  for (const policy of rules.length > 0 ? readable(policies, module, bench.config) : []) {
    if (!rules.some(({ rule }) => rule.mayConcern?.(policy, bench.config) ?? true)) continue;
    try {
      yield* findNeedless(policy, context);
    } catch (error) {
      bench.onBug('second wave', error);
      continue;
    }
    for (const rule of rules) {
      yield;
      for (const one of charge(policy, [rule], context, bench)) charges.push(one);
    }
  }
  return decide('second', charges, module, bench);
}

/** Both waves at once. */
export function judgeWhole(module: Module, policies: readonly Policy[], bench: Bench): Judgement {
  const steps = judgeFurther(module, policies, judge(module, policies, bench), bench);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

function contextOf(module: Module, { catalog, config }: Bench): RuleContext {
  const facts = internFacts(catalog);
  return {
    catalog,
    config,
    facts,
    needless: (policy) => needlessOf(policy, { catalog, facts }),
    things: module.things,
  };
}

/** Lets bigger findings swallow smaller ones, and takes back what is ignored. */
function decide(wave: Judgement['wave'], charges: readonly Charge[], module: Module, bench: Bench): Judgement {
  const swallowed: Taken[] = [];
  const swallowing = new Map<Policy | undefined, Charge[]>();
  for (const one of charges) {
    if (!one.rule.implies && !one.implies) continue;
    const others = swallowing.get(one.policy);
    if (others) others.push(one);
    else swallowing.set(one.policy, [one]);
  }
  const kept = charges.filter((one) => {
    const bigger = swallowing.get(one.policy)?.find((other) => swallows(other, one));
    if (bigger) swallowed.push({ finding: one.finding, by: { finding: bigger.finding } });
    return !bigger;
  });
  const ignored: Taken[] = [];
  const findings = kept.filter((one) => {
    const reason = takenBack(one, module, bench);
    if (reason) ignored.push({ finding: one.finding, by: reason });
    return !reason;
  });
  return { wave, findings: inOrder(once(findings.map((one) => one.finding))), swallowed, ignored, charges };
}

/** A literal that feeds several policies is judged in each; what is said of it is said once, where it stands. */
function once(findings: readonly Finding[]): readonly Finding[] {
  if (findings.length < 2) return findings;
  const seen = new Map<number, Finding[]>();
  return findings.filter((finding) => {
    const here = seen.get(finding.span.start);
    if (here?.some((other) => isSame(finding, other))) return false;
    if (here) here.push(finding);
    else seen.set(finding.span.start, [finding]);
    return true;
  });
}

function isSame(a: Finding, b: Finding): boolean {
  return a.rule === b.rule && a.message === b.message && a.span.end === b.span.end && a.span.source === b.span.source;
}

function inOrder(findings: readonly Finding[]): readonly Finding[] {
  return [...findings].sort(
    (a, b) => byLetters(a.span.source, b.span.source) || a.span.start - b.span.start || byLetters(a.rule, b.rule),
  );
}

/** By code units: the same on every machine. */
function byLetters(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

function reported(module: Module, config: Config): readonly Charge[] {
  return saidProblems(module, config).flatMap((problem) => {
    const rule = RULES.find((candidate) => candidate.id === problem.id);
    const level = rule ? levelOf(rule, config) : 'off';
    if (!rule || level === 'off') return [];
    const draft: Draft = {
      message: problem.message,
      span: problem.span,
      ...(problem.level ? { level: problem.level } : {}),
      ...(problem.fixes ? { fixes: problem.fixes } : {}),
      ...(problem.accessAnalyzer ? { accessAnalyzer: problem.accessAnalyzer, accessAnalyzerType: 'ERROR' } : {}),
    };
    return [
      { finding: toFinding(rule.id, level, draft, undefined, config), rule, policy: undefined, statement: undefined },
    ];
  });
}

function swallows(bigger: Charge, smaller: Charge): boolean {
  const { id } = smaller.rule;
  const implies = bigger.rule.implies?.includes(id) || bigger.implies?.includes(id);
  if (!implies || smaller.beyond?.includes(bigger.rule.id) || bigger.policy !== smaller.policy) return false;
  return bigger.statement === undefined || bigger.statement === smaller.statement;
}

/** Who takes a finding back: a comment or the configuration; undefined where nobody does. The rule may be one of another tool. */
export function takenBack(
  one: Pick<Charge, 'finding' | 'policy' | 'statement' | 'instance'> & { readonly rule: { readonly id: string } },
  module: Module,
  bench: Pick<Bench, 'config' | 'today'>,
): Exclude<Taken['by'], { finding: Finding }> | undefined {
  for (const directive of one.instance ? [...module.directives, ...one.instance.directives] : module.directives) {
    if (!directive.rules.includes(one.rule.id) && !directive.rules.includes('*')) continue;
    const cause = one.instance?.cause;
    const call = cause && cause.kind !== 'default' ? cause.span : undefined;
    const places = [one.finding.span, one.statement?.value.span, one.policy?.site.span, call];
    if (places.some((span) => span && contains(directive.covers, span))) return { reason: directive.reason, directive };
  }
  for (const ignore of bench.config.ignore) {
    if (ignore.rule !== one.rule.id && ignore.rule !== '*') continue;
    if (ignore.until !== undefined && bench.today !== undefined && bench.today > ignore.until) continue;
    if (ignore.file !== undefined && !fileMatches(ignore.file, one.finding.span.source, bench.config.path)) continue;
    if (ignore.sid !== undefined && !globMatches(ignore.sid, one.finding.statement?.sid ?? '')) continue;
    return { reason: ignore.reason, ignore };
  }
  return undefined;
}
