/**
 * Policy: the typed IAM view over a Value. Every node keeps the Value that it was read from; what does not fit the
 * grammar is kept as a stray, for rules to complain about. Source: IAM User Guide, "Grammar of the IAM JSON policy language".
 */
import type { Span, Text } from '../text/text.ts';
import type { Entry, ListValue, ObjectValue, Presence, ScalarValue, TextValue, Value } from '../value/value.ts';
import type { PolicyKind, Site } from './module.ts';

/** A policy document. `kind` is what the place dictates, else what the shape says. */
export interface Policy {
  readonly site: Site;
  readonly kind: PolicyKind;
  /** The kind that it may be instead, where what makes it one may be hidden: rules that would be wrong for it stay silent. */
  readonly doubt: PolicyKind | undefined;
  readonly document: ObjectValue;
  readonly version: Entry | undefined;
  /** Whether `Version` is 2012-10-17 (policy variables are read), 2008-10-17 or absent (they are letters), or not known. */
  readonly language: '2012-10-17' | '2008-10-17' | 'unknown';
  readonly statements: readonly Statement[];
  /** Whether there may be statements that cannot be seen. */
  readonly open: boolean;
  readonly strays: readonly Stray[];
}

/** What does not fit: an element of an unknown name, or a value of a shape that the grammar has no place for. `name` is the element's. */
export interface Stray {
  readonly reason: 'unknown-element' | 'wrong-shape';
  readonly name: string;
  readonly span: Span;
  readonly value: Value;
  /** Of values of the wrong shape only. */
  readonly due?: Due;
}

/**
 * What the grammar asks for: one text; a text or a list of them; a value of a condition or a list of them; an object of
 * elements, operators or keys; `"*"` or an object of principals.
 */
export type Due = 'text' | 'texts' | 'values' | 'object' | 'principals';

/** One statement; `index` counts from 0 in the document. */
export interface Statement {
  readonly index: number;
  readonly value: ObjectValue;
  readonly presence: Presence;
  readonly sid: TextValue | undefined;
  readonly effect: Effect;
  readonly action: Clause | undefined;
  readonly resource: Clause | undefined;
  readonly principal: PrincipalClause | undefined;
  readonly conditions: readonly Condition[];
  /** Whether there may be conditions that cannot be seen, or ones whose key or operator is not known. */
  readonly conditionsOpen: boolean;
  readonly conditionEntry: Entry | undefined;
  readonly strays: readonly Stray[];
  /** The span to mark when the statement as a whole is meant: its Sid, else its Effect, else its first character. */
  readonly head: Span;
}

/** `answer` is `unknown` for holes and choices between both, `missing` only where no Effect can be hidden, `invalid` for other words. */
export interface Effect {
  readonly answer: 'Allow' | 'Deny' | 'unknown' | 'missing' | 'invalid';
  readonly entry: Entry | undefined;
}

/** Action or NotAction, Resource or NotResource. `open`: there may be more items than can be seen. */
export interface Clause {
  readonly key: 'Action' | 'Resource';
  readonly negated: boolean;
  readonly entry: Entry;
  readonly items: readonly ClauseItem[];
  readonly open: boolean;
}

/** One value of a clause. `list` is the list that holds it, where it stands in one. */
export interface ClauseItem {
  readonly value: TextValue;
  readonly text: Text;
  /** The very words, without quotes. */
  readonly span: Span;
  readonly presence: Presence;
  readonly list: ListValue | undefined;
}

/** Principal or NotPrincipal. */
export interface PrincipalClause {
  readonly negated: boolean;
  readonly entry: Entry;
  readonly items: readonly PrincipalItem[];
  readonly open: boolean;
}

/** `type` is `*` for the bare string, else the key (`AWS`, `Service`, `Federated`, `CanonicalUser`, or a stranger). */
export interface PrincipalItem extends ClauseItem {
  readonly type: string;
}

/** One operator with one key: `{ "StringEquals": { "aws:PrincipalOrgID": … } }`. */
export interface Condition {
  readonly operator: Text;
  readonly operatorSpan: Span;
  readonly key: Text;
  readonly keySpan: Span;
  readonly values: readonly ConditionItem[];
  readonly open: boolean;
  readonly presence: Presence;
  readonly entry: Entry;
}

/** A value of a condition: IAM takes strings, numbers and booleans. */
export interface ConditionItem {
  readonly value: TextValue | ScalarValue;
  readonly span: Span;
  readonly presence: Presence;
}

/**
 * What one more value of the clause does to what is allowed: more in an Allow's Action grants more, in a Deny or a
 * Not-clause less; unknown where the Effect is.
 */
export function polarity(statement: Statement, clause: Clause | PrincipalClause): 'more' | 'less' | 'unknown' {
  const { answer } = statement.effect;
  if (answer !== 'Allow' && answer !== 'Deny') return 'unknown';
  return (answer === 'Allow') !== clause.negated ? 'more' : 'less';
}
