/** Rule: metadata and a pure check. Rules see policies, the catalog and the configuration; never a host, a file or a clock. */
import type { Catalog } from '../catalog/catalog.ts';
import type { Config } from '../config/config.ts';
import type { Finding, Level } from '../finding/finding.ts';
import type { PolicyKind, Thing } from '../policy/module.ts';
import type { Policy, Statement } from '../policy/policy.ts';
import type { Facts } from './facts.ts';
import type { Needless } from './needless.ts';

/** What every check is given beside the policy. */
export interface RuleContext {
  readonly catalog: Catalog;
  readonly config: Config;
  /** What the statement's actions and resources mean, computed once for all rules and interned by content. */
  readonly facts: (statement: Statement) => Facts;
  /** The statements of the policy that do nothing of their own; asked by rules of the second wave only. */
  readonly needless: (policy: Policy) => readonly Needless[];
  /** What the module defines beside its policies, for fixes that refer to it. */
  readonly things: readonly Thing[];
}

/** What a check yields; the engine adds the rule's id, its level and the statement. `level` only ever lowers the rule's own. */
export type Draft = Omit<Finding, 'rule' | 'level' | 'related' | 'statement'> & {
  readonly level?: Level;
  readonly related?: Finding['related'];
  /** Rules whose findings on the same statement are part of this very finding, beside those that its rule implies. */
  readonly implies?: readonly string[];
  /** Rules that imply this one, and whose findings do not say what this one does. */
  readonly beyond?: readonly string[];
};

interface Metadata {
  /** Kebab-case, names the flaw; also the page's name, the diagnostic's code and the configuration's key. */
  readonly id: string;
  /** One line for lists. */
  readonly summary: string;
  readonly level: Level;
  /** `second` where finding the flaw takes reasoning about whole policies: it is looked for when nobody is waiting. */
  readonly wave?: 'second';
  /** Of the second wave: a quick no to whether anything that it finds in the policy would be kept, so that nothing is reasoned in vain. */
  readonly mayConcern?: (policy: Policy, config: Config) => boolean;
  /** Whether the flaw lies in one document, or in all that an identity holds. */
  readonly subject: 'document' | 'identity';
  /** Rules whose findings on the same statement are part of this one. */
  readonly implies?: readonly string[];
  /** Access Analyzer codes that the rule's findings may carry. */
  readonly accessAnalyzer?: readonly string[];
  /** Other tools' names for the same flaw. */
  readonly equivalents?: readonly string[];
}

/** Looks at each statement that it applies to: of these kinds, with this effect, with this clause. */
export interface StatementRule extends Metadata {
  readonly on: 'statement';
  readonly kinds: readonly PolicyKind[] | 'all';
  readonly effect?: 'Allow' | 'Deny';
  readonly clause?: 'Action' | 'Resource' | 'Principal' | 'Condition';
  readonly check: (statement: Statement, policy: Policy, context: RuleContext) => Iterable<Draft>;
  /** What the same flaw is in the document itself, outside of all statements. */
  readonly checkDocument?: (policy: Policy, context: RuleContext) => Iterable<Draft>;
}

/** Looks at the document as a whole, never at single statements. */
export interface DocumentRule extends Metadata {
  readonly on: 'document';
  readonly kinds: readonly PolicyKind[] | 'all';
  readonly check: (policy: Policy, context: RuleContext) => Iterable<Draft>;
}

/** Gives page and level to what hosts, the configuration or the engine report themselves. */
export interface ReportedRule extends Metadata {
  readonly on: 'report';
}

/** Any rule. */
export type Rule = StatementRule | DocumentRule | ReportedRule;

/** Whether the policy is of a kind that the rule applies to; a kind that a path hints at, or that the shape allows too, counts against rules that name kinds. */
export function appliesTo(rule: StatementRule | DocumentRule, policy: Policy): boolean {
  return rule.kinds === 'all' || isOfKind(policy, rule.kinds);
}

/** Whether the policy is of one of the kinds for certain: nothing allows or hints at another. */
export function isOfKind(policy: Policy, kinds: readonly PolicyKind[]): boolean {
  const { hint, kind } = policy.site;
  if (policy.doubt !== undefined && !kinds.includes(policy.doubt)) return false;
  return kinds.includes(policy.kind) && (hint === undefined || kind !== undefined || kinds.includes(hint));
}
