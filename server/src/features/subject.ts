/** Subject: which part of a policy stands at a place of a source. Looks at spans only; knows no AWS data. */
import type { ModuleAnalysis } from '../analysis.ts';
import type {
  Clause,
  ClauseItem,
  Condition,
  ConditionItem,
  Policy,
  PrincipalClause,
  PrincipalItem,
  Statement,
} from '../policy/policy.ts';
import type { Span } from '../text/text.ts';
import type { Entry } from '../value/value.ts';

/** The part that is meant, with what it belongs to. `span` is what an editor may highlight. */
export type Subject =
  | {
      readonly kind: 'item';
      readonly policy: Policy;
      readonly statement: Statement;
      readonly clause: Clause;
      readonly item: ClauseItem;
      readonly span: Span;
    }
  | {
      readonly kind: 'principal';
      readonly policy: Policy;
      readonly statement: Statement;
      readonly clause: PrincipalClause;
      readonly item: PrincipalItem;
      readonly span: Span;
    }
  | {
      readonly kind: 'operator' | 'condition-key';
      readonly policy: Policy;
      readonly statement: Statement;
      readonly condition: Condition;
      readonly span: Span;
    }
  | {
      readonly kind: 'condition-value';
      readonly policy: Policy;
      readonly statement: Statement;
      readonly condition: Condition;
      readonly item: ConditionItem;
      readonly span: Span;
    }
  | { readonly kind: 'statement'; readonly policy: Policy; readonly statement: Statement; readonly span: Span }
  | { readonly kind: 'element'; readonly policy: Policy; readonly name: ElementName; readonly span: Span }
  | { readonly kind: 'version'; readonly policy: Policy; readonly span: Span };

/** A key of a policy whose meaning does not depend on its value. */
export type ElementName =
  | 'Action'
  | 'NotAction'
  | 'Resource'
  | 'NotResource'
  | 'Principal'
  | 'NotPrincipal'
  | 'Condition';

/** The innermost part at a UTF-16 offset of the source with that path; the end of a part counts as in it. Undefined outside of policies. */
export function subjectAt(analysis: ModuleAnalysis, path: string, offset: number): Subject | undefined {
  const at = (span: Span) => span.source === path && span.start <= offset && offset <= span.end;
  for (const policy of analysis.policies) {
    for (const statement of policy.statements) {
      const found = inStatement(policy, statement, at);
      if (found) return found;
    }
    const { version } = policy;
    if (version && at(version.span)) return { kind: 'version', policy, span: version.span };
  }
  return undefined;
}

function inStatement(policy: Policy, statement: Statement, at: (span: Span) => boolean): Subject | undefined {
  for (const clause of [statement.action, statement.resource]) {
    const item = clause?.items.find((candidate) => at(candidate.span));
    if (clause && item) return { kind: 'item', policy, statement, clause, item, span: item.span };
  }
  const who = statement.principal?.items.find((candidate) => at(candidate.span));
  if (statement.principal && who)
    return { kind: 'principal', policy, statement, clause: statement.principal, item: who, span: who.span };
  for (const condition of statement.conditions) {
    if (at(condition.keySpan)) return { kind: 'condition-key', policy, statement, condition, span: condition.keySpan };
    if (at(condition.operatorSpan))
      return { kind: 'operator', policy, statement, condition, span: condition.operatorSpan };
    const item = condition.values.find((value) => at(value.span));
    if (item) return { kind: 'condition-value', policy, statement, condition, item, span: item.span };
  }
  return atKey(policy, statement, at);
}

function atKey(policy: Policy, statement: Statement, at: (span: Span) => boolean): Subject | undefined {
  for (const clause of [statement.action, statement.resource]) {
    if (!clause || !at(clause.entry.keySpan)) continue;
    const name: ElementName = clause.negated ? `Not${clause.key}` : clause.key;
    return { kind: 'element', policy, name, span: clause.entry.keySpan };
  }
  const { principal, conditionEntry } = statement;
  if (principal && at(principal.entry.keySpan)) {
    return {
      kind: 'element',
      policy,
      name: principal.negated ? 'NotPrincipal' : 'Principal',
      span: principal.entry.keySpan,
    };
  }
  if (conditionEntry && at(conditionEntry.keySpan))
    return { kind: 'element', policy, name: 'Condition', span: conditionEntry.keySpan };
  const { source, start } = statement.value.span;
  const places: readonly (Span | undefined)[] = [
    statement.effect.entry?.span,
    sidEntry(statement)?.span,
    statement.head,
    { source, start, end: start + 1 },
  ];
  const span = places.find((place) => place && at(place));
  return span ? { kind: 'statement', policy, statement, span } : undefined;
}

function sidEntry(statement: Statement): Entry | undefined {
  return statement.value.entries.find((entry) => entry.value === statement.sid);
}
