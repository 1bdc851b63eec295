/**
 * Charge: runs the rules that are on over single policies and makes findings of what they say, at the configured level.
 * A bug in a rule is caught here. Knows nothing of what becomes of a finding.
 */
import type { Config } from '../config/config.ts';
import type { Finding, Level } from '../finding/finding.ts';
import type { Instance } from '../policy/module.ts';
import type { Policy, Statement } from '../policy/policy.ts';
import { knownText } from '../text/text.ts';
import { RULES } from './index.ts';
import { appliesTo, type DocumentRule, type Draft, type Rule, type RuleContext, type StatementRule } from './rule.ts';

/** A finding with the policy that it is about. */
export interface Charge {
  readonly finding: Finding;
  readonly rule: Rule;
  readonly policy: Policy | undefined;
  readonly statement: Statement | undefined;
  /** Where the policy is an instance of one. */
  readonly instance?: Instance;
  /** As in its draft. */
  readonly implies?: readonly string[] | undefined;
  readonly beyond?: readonly string[] | undefined;
}

/** What a charge needs of the bench. */
export interface ChargeBench {
  readonly config: Config;
  readonly onBug: (rule: string, error: unknown) => void;
}

/** A rule that is on, at the level that the configuration gives it. */
export interface Active {
  readonly rule: StatementRule | DocumentRule;
  readonly level: Level;
}

/** The rules of a wave whose findings would be kept. */
export function activeIn(wave: Rule['wave'], config: Config): readonly Active[] {
  const active: Active[] = [];
  for (const rule of RULES) {
    const level = levelOf(rule, config);
    if (rule.on !== 'report' && rule.wave === wave && level !== 'off' && maySpeak(rule, config))
      active.push({ rule, level });
  }
  return active;
}

/** What the rules find in one policy. `onBug` is told of a rule that throws. */
export function charge(
  policy: Policy,
  rules: readonly Active[],
  context: RuleContext,
  bench: ChargeBench,
): readonly Charge[] {
  const charges: Charge[] = [];
  for (const active of rules) {
    const { rule } = active;
    if (!appliesTo(rule, policy)) continue;
    if (rule.on === 'statement')
      for (const statement of policy.statements)
        if (dispatched(rule, statement)) take(active, policy, statement, context, bench, charges);
    if (rule.on === 'document' || rule.checkDocument) take(active, policy, undefined, context, bench, charges);
  }
  return charges;
}

/** Adds what one rule finds: in the statement, or without one in the document as a whole. A bug in a rule costs its findings there, and no others. */
function take(
  { rule, level }: Active,
  policy: Policy,
  statement: Statement | undefined,
  context: RuleContext,
  bench: ChargeBench,
  charges: Charge[],
): void {
  try {
    for (const draft of draftsOf(rule, policy, statement, context)) {
      if (bench.config.preset === 'access-analyzer' && !draft.accessAnalyzer) continue;
      const finding = toFinding(rule.id, level, draft, statement, bench.config);
      charges.push({ finding, rule, policy, statement, implies: draft.implies, beyond: draft.beyond });
    }
  } catch (error) {
    bench.onBug(rule.id, error);
  }
}

function draftsOf(
  rule: StatementRule | DocumentRule,
  policy: Policy,
  statement: Statement | undefined,
  context: RuleContext,
): Iterable<Draft> {
  if (rule.on === 'document') return rule.check(policy, context);
  return statement ? rule.check(statement, policy, context) : (rule.checkDocument?.(policy, context) ?? []);
}

/** Whether anything that the rule finds would be kept: the preset of Access Analyzer drops what has none of its codes. */
function maySpeak(rule: Rule, config: Config): boolean {
  return config.preset !== 'access-analyzer' || rule.accessAnalyzer !== undefined;
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

/** The finding that a draft becomes; in the preset of Access Analyzer at its level. */
export function toFinding(
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
  // Member by member: thousands of drafts of many shapes are copied while somebody types.
  const finding: { -readonly [Key in keyof Finding]: Finding[Key] } = {
    rule,
    level: own ?? (draft.level ? lower(draft.level, level) : level),
    message: draft.message,
    span: draft.span,
    related: draft.related ?? [],
  };
  if (draft.fixes) finding.fixes = draft.fixes;
  if (draft.accessAnalyzer) finding.accessAnalyzer = draft.accessAnalyzer;
  if (draft.accessAnalyzerType) finding.accessAnalyzerType = draft.accessAnalyzerType;
  if (draft.duties) finding.duties = draft.duties;
  if (draft.unnecessary) finding.unnecessary = draft.unnecessary;
  if (statement) finding.statement = { index: statement.index, ...(sid === undefined ? {} : { sid }) };
  return finding;
}
