/** Judge: runs the rules over a module's policies, lets bigger findings swallow smaller ones, applies levels and ignores. Knows no files and no clock. */
import type { Catalog } from '../catalog/catalog.ts';
import type { Config } from '../config/config.ts';
import type { Finding, Level } from '../finding/finding.ts';
import type { IgnoreDirective, Module } from '../policy/module.ts';
import { globMatches } from '../policy/pattern.ts';
import type { Policy, Statement } from '../policy/policy.ts';
import { contains, knownText } from '../text/text.ts';
import { internFacts } from './facts.ts';
import { fileMatches } from './file-match.ts';
import { RULES } from './index.ts';
import { findNeedless, needlessOf } from './needless.ts';
import { readable, saidProblems } from './problems.ts';
import { appliesTo, type DocumentRule, type Draft, type Rule, type RuleContext, type StatementRule } from './rule.ts';

/** What is asked of the judge beside the policies; see the analysis context. */
export interface Bench {
  readonly catalog: Catalog;
  readonly config: Config;
  readonly today?: string;
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

/** A finding with the policy that it is about. */
export interface Charge {
  readonly finding: Finding;
  readonly rule: Rule;
  readonly policy: Policy | undefined;
  readonly statement: Statement | undefined;
}

/** Runs the rules of the first wave that the configuration leaves on. */
export function judge(module: Module, policies: readonly Policy[], bench: Bench): Judgement {
  const context = contextOf(module, bench);
  const charges: Charge[] = [];
  const rules = checkedIn(undefined);
  for (const policy of readable(policies, module, bench.config))
    for (const one of charge(policy, rules, context, bench)) charges.push(one);
  for (const one of reported(module, bench.config)) charges.push(one);
  return decide('first', charges, module, bench);
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
  const rules = checkedIn('second').filter((rule) => maySpeak(rule, bench.config));
  for (const policy of rules.length > 0 ? readable(policies, module, bench.config) : []) {
    try {
      yield* findNeedless(policy, bench.catalog);
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

function checkedIn(wave: Rule['wave']): readonly (StatementRule | DocumentRule)[] {
  return RULES.filter((rule) => rule.on !== 'report').filter((rule) => rule.wave === wave);
}

function contextOf(module: Module, { catalog, config }: Bench): RuleContext {
  return {
    catalog,
    config,
    facts: internFacts(catalog),
    needless: (policy) => needlessOf(policy, catalog),
    things: module.things,
  };
}

/** Lets bigger findings swallow smaller ones, and takes back what is ignored. */
function decide(wave: Judgement['wave'], charges: readonly Charge[], module: Module, bench: Bench): Judgement {
  const swallowed: Taken[] = [];
  const swallowing = charges.filter((one) => one.rule.implies);
  const kept = charges.filter((one) => {
    const bigger = swallowing.find((other) => swallows(other, one));
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
  const seen = new Map<string, Finding>();
  for (const finding of findings) {
    const name = `${finding.rule} ${finding.span.source} ${finding.span.start} ${finding.span.end} ${finding.message}`;
    if (!seen.has(name)) seen.set(name, finding);
  }
  return [...seen.values()];
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

function charge(
  policy: Policy,
  rules: readonly (StatementRule | DocumentRule)[],
  context: RuleContext,
  bench: Bench,
): readonly Charge[] {
  const charges: Charge[] = [];
  const take = (
    rule: StatementRule | DocumentRule,
    level: Level,
    statement: Statement | undefined,
    check: () => Iterable<Draft>,
  ) => {
    try {
      for (const draft of check()) {
        if (bench.config.preset === 'access-analyzer' && !draft.accessAnalyzer) continue;
        charges.push({ finding: toFinding(rule.id, level, draft, statement, bench.config), rule, policy, statement });
      }
    } catch (error) {
      bench.onBug(rule.id, error);
    }
  };
  for (const rule of rules) {
    const level = levelOf(rule, bench.config);
    if (level === 'off' || !maySpeak(rule, bench.config) || !appliesTo(rule, policy)) continue;
    if (rule.on === 'document') take(rule, level, undefined, () => rule.check(policy, context));
    else {
      for (const statement of policy.statements) {
        if (dispatched(rule, statement)) take(rule, level, statement, () => rule.check(statement, policy, context));
      }
      const { checkDocument } = rule;
      if (checkDocument) take(rule, level, undefined, () => checkDocument(policy, context));
    }
  }
  return charges;
}

/** Whether anything that the rule finds would be kept: the preset of Access Analyzer drops what has none of its codes. */
function maySpeak(rule: Rule, config: Config): boolean {
  return levelOf(rule, config) !== 'off' && (config.preset !== 'access-analyzer' || rule.accessAnalyzer !== undefined);
}

function dispatched(rule: StatementRule, statement: Statement): boolean {
  if (rule.effect && statement.effect.answer !== rule.effect) return false;
  if (!rule.clause) return true;
  switch (rule.clause) {
    case 'Action':
      return statement.action !== undefined;
    case 'Resource':
      return statement.resource !== undefined;
    case 'Principal':
      return statement.principal !== undefined;
    case 'Condition':
      return statement.conditionEntry !== undefined;
  }
}

/** The level that the configuration gives a rule, `off` where it is silent. */
export function levelOf(rule: Rule, config: Config): Level | 'off' {
  return config.rules.get(rule.id)?.level ?? rule.level;
}

const RANK: Readonly<Record<Level, number>> = { info: 0, warning: 1, error: 2 };

/** The lower of two levels. */
export function lower(a: Level, b: Level): Level {
  return RANK[a] <= RANK[b] ? a : b;
}

/** Whether `a` is at least as grave as `b`. */
export function atLeast(a: Level, b: Level): boolean {
  return RANK[a] >= RANK[b];
}

const ANALYZER_LEVELS = {
  ERROR: 'error',
  SECURITY_WARNING: 'warning',
  WARNING: 'warning',
  SUGGESTION: 'info',
} as const;

function toFinding(
  rule: string,
  level: Level,
  draft: Draft,
  statement: Statement | undefined,
  config: Config,
): Finding {
  const sid = statement?.sid ? knownText(statement.sid.text) : undefined;
  const own =
    config.preset === 'access-analyzer' && draft.accessAnalyzerType
      ? ANALYZER_LEVELS[draft.accessAnalyzerType]
      : undefined;
  return {
    ...draft,
    rule,
    level: own ?? (draft.level ? lower(draft.level, level) : level),
    related: draft.related ?? [],
    ...(statement ? { statement: { index: statement.index, ...(sid === undefined ? {} : { sid }) } } : {}),
  };
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
  if (!bigger.rule.implies?.includes(smaller.rule.id) || bigger.policy !== smaller.policy) return false;
  return bigger.statement === undefined || bigger.statement === smaller.statement;
}

function takenBack(one: Charge, module: Module, bench: Bench): Exclude<Taken['by'], { finding: Finding }> | undefined {
  for (const directive of module.directives) {
    if (!directive.rules.includes(one.rule.id) && !directive.rules.includes('*')) continue;
    const places = [one.finding.span, one.statement?.value.span, one.policy?.site.span];
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
