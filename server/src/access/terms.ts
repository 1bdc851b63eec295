/**
 * Terms: a policy's statements as the engine takes them, without places and shapes. What the text leaves open becomes a
 * symbol: the same symbol for the same text in the same order, so that two versions of one source can be compared.
 */
import { type Operator, operatorOf } from '../policy/condition.ts';
import type { Clause, Condition, ConditionItem, Policy, PrincipalClause, Statement } from '../policy/policy.ts';
import { canonicalText, knownText } from '../text/text.ts';
import { canonicalValue, type Presence, type Value } from '../value/value.ts';
import { caseless, type Dialect, lowered, type Pattern, readPattern } from './glob.ts';

/** One alternative. It is there only if `onlyIf` holds, a symbol of something unknown. */
export interface Term {
  readonly pattern: Pattern;
  readonly onlyIf?: string | undefined;
}

/** An alternative of a Principal element; `type` as in the policy, `*` for the bare string. */
export interface PrincipalTerm extends Term {
  readonly type: string;
}

/** The alternatives of a clause. `hidden` is the symbol of those that cannot be seen. */
export interface Terms<T extends Term = Term> {
  readonly negated: boolean;
  readonly terms: readonly T[];
  readonly hidden?: string;
}

/** One condition; `key` in lower case. The values' own negation is the operator's. */
export interface Test {
  readonly operator: Operator;
  readonly key: string;
  readonly values: readonly Term[];
  readonly hidden?: string;
}

/** A yes-or-no that is known only at deploy time. */
export interface Guard {
  readonly symbol: string;
  readonly holds: boolean;
}

/** A statement: all of it must match. A clause that is undefined matches everything. Invariant: actions are in lower case. */
export interface StatementTerms {
  readonly index: number;
  readonly sid: string | undefined;
  readonly effect: 'Allow' | 'Deny';
  readonly guards: readonly Guard[];
  readonly action: Terms | undefined;
  readonly resource: Terms | undefined;
  readonly principal: Terms<PrincipalTerm> | undefined;
  readonly tests: readonly Test[];
}

/**
 * The terms of a policy. A statement whose effect is not known stands twice, under opposite guards; one that AWS would
 * refuse is guarded, since nobody can say what it does. Statements that cannot be seen are one of each effect, index -1.
 */
export function termsOf(policy: Policy): readonly StatementTerms[] {
  const reader: Reader = { variables: VARIABLES[policy.language], seen: new Map() };
  const statements = policy.statements.flatMap((statement) => readStatement(statement, reader));
  if (!policy.open) return statements;
  const entry = policy.document.entries.find(({ key }) => knownText(key) === 'Statement');
  const symbol = symbolOf('statements', entry ? unknownsIn(entry.value) : '', reader);
  const hidden = { index: -1, sid: undefined, action: undefined, resource: undefined, principal: undefined, tests: [] };
  return [
    ...statements,
    { ...hidden, effect: 'Allow', guards: [{ symbol: `allow ${symbol}`, holds: true }] },
    { ...hidden, effect: 'Deny', guards: [{ symbol: `deny ${symbol}`, holds: true }] },
  ];
}

interface Reader {
  readonly variables: Dialect['variables'];
  /** How often a name was met: the n-th of equal names is the same in both versions of a text. */
  readonly seen: Map<string, number>;
}

const VARIABLES: Readonly<Record<Policy['language'], Dialect['variables']>> = {
  '2012-10-17': 'read',
  '2008-10-17': 'letters',
  unknown: 'unknown',
};

function symbolOf(what: string, name: string, { seen }: Reader): string {
  const full = `${what} ${name}`;
  const count = seen.get(full) ?? 0;
  seen.set(full, count + 1);
  return `${full} #${count}`;
}

/** The unknown parts of a value by name: what edits of the known parts leave alone. */
function unknownsIn(value: Value): string {
  switch (value.kind) {
    case 'unknown':
      return `?${value.symbol}`;
    case 'list':
      return value.items.map((item) => unknownsIn(item.value)).join('');
    case 'choice':
      return canonicalValue(value);
    case 'object':
    case 'text':
    case 'scalar':
      return '';
  }
}

function readStatement(statement: Statement, reader: Reader): readonly StatementTerms[] {
  const guards: Guard[] = [];
  const guard = (what: string) =>
    guards.push({ symbol: symbolOf(what, canonicalValue(statement.value), reader), holds: true });
  if (statement.presence === 'sometimes') guard('statement');
  if (statement.strays.length > 0 || !statement.action) guard('refused');
  if (statement.conditionsOpen) guard('conditions');
  const tests = statement.conditions.flatMap((condition) => {
    const test = readTest(condition, reader);
    if (!test) guard('condition');
    return test ?? [];
  });
  const terms: Omit<StatementTerms, 'effect' | 'guards'> = {
    index: statement.index,
    sid: statement.sid ? knownText(statement.sid.text) : undefined,
    action: statement.action && readClause(statement.action, { ...ACTION, variables: 'letters' }, reader),
    resource: statement.resource && readClause(statement.resource, { ...ACTION, variables: reader.variables }, reader),
    principal: statement.principal && readPrincipal(statement.principal, reader),
    tests,
  };
  const effect = statement.effect.answer;
  if (effect === 'Allow' || effect === 'Deny') return [{ ...terms, effect, guards }];
  const symbol = symbolOf('effect', canonicalValue(statement.value), reader);
  return [
    { ...terms, effect: 'Allow', guards: [...guards, { symbol, holds: true }] },
    { ...terms, effect: 'Deny', guards: [...guards, { symbol, holds: false }] },
  ];
}

const ACTION = { wildcards: 'read' } as const;
const LETTERS: Dialect = { wildcards: 'letters', variables: 'letters' };

function readClause(clause: Clause, dialect: Dialect, reader: Reader): Terms {
  const read = (item: { text: Parameters<typeof readPattern>[0] }) => {
    const pattern = readPattern(item.text, dialect);
    return clause.key === 'Action' ? lowered(pattern) : pattern;
  };
  return gather(clause, clause.entry.value, clause.entry.presence, (item) => ({ pattern: read(item) }), reader);
}

function readPrincipal(clause: PrincipalClause, reader: Reader): Terms<PrincipalTerm> {
  return gather(
    clause,
    clause.entry.value,
    clause.entry.presence,
    (item) => ({ type: item.type, pattern: readPattern(item.text, LETTERS) }),
    reader,
  );
}

function gather<
  I extends { readonly presence: Presence; readonly text: Parameters<typeof readPattern>[0] },
  T extends Term,
>(
  clause: { readonly negated: boolean; readonly items: readonly I[]; readonly open: boolean },
  value: Value,
  presence: Presence,
  read: (item: I) => T,
  reader: Reader,
): Terms<T> {
  const certain = !clause.open && presence === 'always' && clause.items.every((item) => item.presence === 'always');
  if (certain) return { negated: clause.negated, terms: clause.items.map(read) };
  const symbol = symbolOf('list', canonicalValue(value), reader);
  const terms = clause.items.map((item) =>
    item.presence === 'always' ? read(item) : { ...read(item), onlyIf: `${symbol} ${canonicalText(item.text)}` },
  );
  return { negated: clause.negated, terms, ...(clause.open || presence !== 'always' ? { hidden: symbol } : {}) };
}

/** Undefined where the operator or key is not known, or the condition is there only sometimes. */
function readTest(condition: Condition, reader: Reader): Test | undefined {
  const operator = operatorOf(condition.operator);
  const key = knownText(condition.key)?.toLowerCase();
  if (!operator || key === undefined || condition.presence === 'sometimes') return undefined;
  const certain = !condition.open && condition.values.every(({ presence }) => presence === 'always');
  const symbol = certain ? '' : symbolOf('values', `${key} ${canonicalValue(condition.entry.value)}`, reader);
  const values = condition.values.map((item): Term => {
    const pattern = readValue(item, operator, reader);
    return item.presence === 'always' ? { pattern } : { pattern, onlyIf: `${symbol} ${pattern.name}` };
  });
  return { operator, key, values, ...(condition.open ? { hidden: symbol } : {}) };
}

const GLOBS: ReadonlySet<string> = new Set(['StringLike', 'ArnLike', 'ArnEquals']);
const WITHOUT_CASE: ReadonlySet<string> = new Set(['StringEqualsIgnoreCase', 'Bool', 'Null']);

/** Variables are read in values of string and ARN operators only. */
function readValue({ value }: ConditionItem, { base }: Operator, reader: Reader): Pattern {
  const text = value.kind === 'text' ? value.text : { flat: scalarText(value), parts: [] };
  const textual = base.startsWith('String') || base.startsWith('Arn');
  const pattern = readPattern(text, {
    wildcards: GLOBS.has(base) ? 'read' : 'letters',
    variables: textual ? reader.variables : 'letters',
  });
  return WITHOUT_CASE.has(base) ? caseless(pattern) : pattern;
}

function scalarText(value: { readonly value: number | boolean | null; readonly raw: string }): string {
  return typeof value.value === 'boolean' ? String(value.value) : value.raw;
}
