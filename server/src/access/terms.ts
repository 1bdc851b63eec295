/**
 * Terms: a policy's statements as the engine takes them, without places and shapes. What the text leaves open becomes a
 * symbol: the same for what is decided by the same text, so that two versions of one source can be compared.
 */
import { type Operator, operatorOf } from '../policy/condition.ts';
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
import { canonicalText, hasHole, knownText, type Text } from '../text/text.ts';
import {
  canonicalValue,
  type Entry,
  joinNames,
  type ObjectValue,
  openName,
  unseenName,
  type Value,
} from '../value/value.ts';
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
  const entry = policy.document.entries.findLast(({ key }) => knownText(key) === 'Statement');
  const list = entry && listName(entry.value);
  const around = entry?.presence === 'always' ? '' : policy.document.openSymbol;
  const count = entry?.value.kind === 'list' ? entry.value.items.length : 1;
  const reader: Reader = {
    variables: VARIABLES[policy.language],
    list: entry ? joinNames([around, list]) : around,
    repeats: entry !== undefined && isOpen(entry.value),
    place: `${count}`,
    of: '',
  };
  const statements = policy.statements.flatMap((statement) =>
    readStatement(statement, { ...reader, place: `${statement.index}/${count}` }),
  );
  if (!policy.open) return statements;
  const symbol = symbolOf('statements', reader.list, entry?.value ?? policy.document, reader);
  return [...statements, ...hiddenStatement(-1, ['Allow', 'Deny'], symbol)];
}

interface Reader {
  readonly variables: Dialect['variables'];
  /** What decides which statements are there; undefined where that has no name. */
  readonly list: string | undefined;
  /** Whether one statement that is there only sometimes may stand for several. */
  readonly repeats: boolean;
  /** The statement's place: all that is left to tell what has no name. */
  readonly place: string;
  /** Ends the symbols of a statement that may stand for several: they are of this one. */
  readonly of: string;
}

/** What decides which statements of the value of `Statement` are there; undefined where something of it has no name. */
function listName(value: Value): string | undefined {
  if (value.kind === 'object') return '';
  if (value.kind !== 'list') return unseenName(value);
  return joinNames([openName(value), ...value.items.map((item) => listName(item.value))]);
}

function isOpen(value: Value): boolean {
  if (value.kind === 'choice') return value.options.some(isOpen);
  return value.kind === 'list' && (value.open || value.items.some((item) => isOpen(item.value)));
}

/** A statement of which nothing is known but that it may be there. */
function hiddenStatement(
  index: number,
  effects: readonly StatementTerms['effect'][],
  symbol: string,
): readonly StatementTerms[] {
  return effects.map((effect) => ({
    index,
    sid: undefined,
    effect,
    guards: [{ symbol: `${effect} ${symbol}`, holds: true }],
    action: undefined,
    resource: undefined,
    principal: undefined,
    tests: [],
  }));
}

const VARIABLES: Readonly<Record<Policy['language'], Dialect['variables']>> = {
  '2012-10-17': 'read',
  '2008-10-17': 'letters',
  unknown: 'unknown',
};

/**
 * The symbol of what is decided by what has that name. Without a name it is the same only where the whole content is, at
 * the same place.
 */
function symbolOf(what: string, name: string | undefined, whole: Value, { place, of }: Reader): string {
  return name === undefined ? `${what} at ${place}: ${canonicalValue(whole)}${of}` : `${what} of ${name}${of}`;
}

/** Longer statements that may stand for several are not looked into: each hole of them would get a name of that length. */
const LONGEST_REPEATED = 4000;

function readStatement(statement: Statement, outer: Reader): readonly StatementTerms[] {
  const { index, effect, value } = statement;
  const named = () => (unseenName(value) === undefined ? undefined : canonicalValue(value));
  const certain = statement.presence === 'always';
  const presence = certain ? '' : presenceSymbol(statement, outer);
  const words = effect.answer === 'Allow' || effect.answer === 'Deny' ? [effect.answer] : EFFECTS;
  const several = !certain && outer.repeats;
  if (several && presence.length > LONGEST_REPEATED) return hiddenStatement(index, words, presence);
  const reader = several ? { ...outer, of: ` in ${presence}` } : outer;
  const guards = new Set(certain ? [] : [presence]);
  const guard = (what: string) => guards.add(symbolOf(`${what} ${reader.variables}`, named(), value, reader));
  if (statement.strays.length > 0 || !statement.action) guard('refused');
  if (statement.conditionsOpen) guard('conditions');
  const tests = statement.conditions.flatMap((condition) => {
    const test = readTest(condition, reader);
    if (!test) guard('condition');
    return test ?? [];
  });
  const { action, resource, principal } = statement;
  const own = [...guards].map((symbol): Guard => ({ symbol, holds: true }));
  const terms: Omit<StatementTerms, 'effect' | 'guards'> = {
    index,
    sid: statement.sid ? knownText(statement.sid.text) : undefined,
    action: action && readClause(action, value, { ...ACTION, variables: 'letters' }, reader),
    resource: resource && readClause(resource, value, { ...ACTION, variables: reader.variables }, reader),
    principal: principal && readPrincipal(principal, value, reader),
    tests,
  };
  const [word, other] = words;
  if (word && !other) return [{ ...terms, effect: word, guards: own }];
  const symbol = effectSymbol(statement, reader);
  return [
    { ...terms, effect: 'Allow', guards: [...own, { symbol, holds: true }] },
    { ...terms, effect: 'Deny', guards: [...own, { symbol, holds: false }] },
  ];
}

const EFFECTS = ['Allow', 'Deny'] as const;

function presenceSymbol({ value }: Statement, reader: Reader): string {
  const isNamed = reader.list !== undefined && unseenName(value) !== undefined;
  return symbolOf('statement', isNamed ? `${reader.list}: ${canonicalValue(value)}` : undefined, value, reader);
}

function effectSymbol({ effect: { entry }, value }: Statement, reader: Reader): string {
  if (!entry) return symbolOf('effect', openName(value), value, reader);
  const around = entry.presence === 'always' ? '' : openName(value);
  const named = unseenName(entry.value) === undefined ? undefined : canonicalValue(entry.value);
  return symbolOf('effect', joinNames([around, named]), value, reader);
}

const ACTION = { wildcards: 'read' } as const;
const LETTERS: Dialect = { wildcards: 'letters', variables: 'letters' };

function readClause(clause: Clause, around: ObjectValue, dialect: Dialect, reader: Reader): Terms {
  const read = (item: { text: Text }) => {
    const pattern = readPattern(ownHoles(item.text, reader), dialect);
    return { pattern: clause.key === 'Action' ? lowered(pattern) : pattern };
  };
  return gather(clause, around, `list ${dialect.variables}`, read, reader);
}

function readPrincipal(clause: PrincipalClause, around: ObjectValue, reader: Reader): Terms<PrincipalTerm> {
  const read = (item: PrincipalItem) => ({
    type: item.type,
    pattern: readPattern(ownHoles(item.text, reader), LETTERS),
  });
  return gather(clause, around, 'list', read, reader);
}

function gather<I extends ClauseItem & { readonly type?: string }, T extends Term>(
  clause: { readonly negated: boolean; readonly items: readonly I[]; readonly open: boolean; readonly entry: Entry },
  around: ObjectValue,
  what: string,
  read: (item: I) => T,
  reader: Reader,
): Terms<T> {
  const { presence, value } = clause.entry;
  const certain = !clause.open && presence === 'always' && clause.items.every((item) => item.presence === 'always');
  if (certain) return { negated: clause.negated, terms: clause.items.map(read) };
  const name = joinNames([presence === 'always' ? '' : openName(around), unseenName(value)]);
  const symbol = symbolOf(what, name, presence === 'always' ? value : around, reader);
  const terms = clause.items.map((item) =>
    item.presence === 'always'
      ? read(item)
      : { ...read(item), onlyIf: `${symbol} ${item.type ?? ''} ${canonicalText(item.text)}` },
  );
  return { negated: clause.negated, terms, ...(clause.open || presence !== 'always' ? { hidden: symbol } : {}) };
}

/** The text with its holes named as those of this statement alone, where it may stand for several. */
function ownHoles(text: Text, { of }: Reader): Text {
  if (of === '' || !hasHole(text)) return text;
  const parts = text.parts.map((part) =>
    part.kind !== 'hole' || GLOBAL.test(part.symbol ?? '') ? part : { ...part, symbol: `${part.symbol ?? ''}${of}` },
  );
  return { ...text, parts };
}

/** References of Terraform that mean the same wherever they stand: no names of a loop. */
const GLOBAL = /^(?:(?:var|local|data|module|path|terraform|each|count)\.|aws_\w+\.(?!(?:value|key)\b))[\w.-]+$/;

/** Undefined where the operator or key is not known, or the condition is there only sometimes. */
function readTest(condition: Condition, reader: Reader): Test | undefined {
  const operator = operatorOf(condition.operator);
  const key = knownText(condition.key)?.toLowerCase();
  if (!operator || key === undefined || condition.presence === 'sometimes') return undefined;
  const certain = !condition.open && condition.values.every(({ presence }) => presence === 'always');
  const asked = `values ${canonicalText(condition.operator)} ${key} ${reader.variables}`;
  const { value: all } = condition.entry;
  const symbol = certain ? '' : symbolOf(asked, unseenName(all), all, reader);
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
  const pattern = readPattern(ownHoles(text, reader), {
    wildcards: GLOBS.has(base) ? 'read' : 'letters',
    variables: textual ? reader.variables : 'letters',
  });
  return WITHOUT_CASE.has(base) ? caseless(pattern) : pattern;
}

function scalarText(value: { readonly value: number | boolean | null; readonly raw: string }): string {
  return typeof value.value === 'boolean' ? String(value.value) : value.raw;
}
