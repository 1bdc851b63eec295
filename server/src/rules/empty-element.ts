/** empty-element: a list or object of a statement that holds nothing. Speaks of closed ones only. */
import type { Fix } from '../finding/finding.ts';
import type { Clause, Statement } from '../policy/policy.ts';
import { knownText, type Span, spanOf } from '../text/text.ts';
import { type Entry, entryOf, type ObjectValue } from '../value/value.ts';
import type { Draft, StatementRule } from './rule.ts';

/** Source: IAM User Guide, "Grammar of the IAM JSON policy language"; "Multivalued context keys" for lists without values. */
export const emptyElement: StatementRule = {
  id: 'empty-element',
  on: 'statement',
  summary: 'A list or object of a statement is empty',
  level: 'error',
  kinds: 'all',
  subject: 'document',
  accessAnalyzer: [
    'EMPTY_ARRAY_ACTION',
    'EMPTY_ARRAY_CONDITION',
    'EMPTY_ARRAY_CONDITION_FORALLVALUES',
    'EMPTY_ARRAY_CONDITION_FORANYVALUE',
    'EMPTY_ARRAY_CONDITION_IFEXISTS',
    'EMPTY_ARRAY_PRINCIPAL',
    'EMPTY_ARRAY_RESOURCE',
    'EMPTY_OBJECT_CONDITION',
    'EMPTY_OBJECT_PRINCIPAL',
  ],
  check: checkStatement,
};

function* checkStatement(statement: Statement): Iterable<Draft> {
  const { action, resource, principal, conditionEntry } = statement;
  if (action && isEmptyList(action.entry)) yield emptyClause(action, 'action');
  if (resource && isEmptyList(resource.entry)) yield emptyClause(resource, 'resource');
  if (principal?.entry.presence === 'always' && principal.entry.value.kind === 'object')
    yield* emptyPrincipals(principal.entry.value, principal.negated);
  if (conditionEntry?.presence === 'always' && conditionEntry.value.kind === 'object')
    yield* emptyConditions(conditionEntry, conditionEntry.value, statement.value);
}

/** Whether the entry is there and its list is seen to hold nothing. */
function isEmptyList({ presence, value }: Entry): boolean {
  return presence === 'always' && value.kind === 'list' && value.items.length === 0 && !value.open;
}

function isEmptyObject({ entries, open }: ObjectValue): boolean {
  return entries.length === 0 && !open;
}

/** An empty list names nothing, so that the statement is about nothing; behind a `Not` it leaves nothing out. */
function emptyClause({ key, negated, entry }: Clause, noun: 'action' | 'resource'): Draft {
  return {
    message: negated
      ? `\`Not${key}\` is empty, so the statement is about every ${noun}`
      : `\`${key}\` is empty, so the statement is about no ${noun}`,
    span: entry.value.span,
    ...(negated ? { level: 'warning' } : {}),
    accessAnalyzer: key === 'Action' ? 'EMPTY_ARRAY_ACTION' : 'EMPTY_ARRAY_RESOURCE',
    accessAnalyzerType: 'SUGGESTION',
  };
}

function* emptyPrincipals(value: ObjectValue, negated: boolean): Iterable<Draft> {
  const about = `is empty, so the statement is about ${negated ? 'everybody' : 'nobody'}`;
  const level = negated ? ({ level: 'warning' } as const) : {};
  if (isEmptyObject(value)) {
    yield {
      message: `\`${negated ? 'NotPrincipal' : 'Principal'}\` ${about}`,
      span: value.span,
      ...level,
      accessAnalyzer: 'EMPTY_OBJECT_PRINCIPAL',
      accessAnalyzerType: 'SUGGESTION',
    };
  }
  const alone = !value.open && value.entries.every(isEmptyList);
  for (const type of value.entries) {
    const word = knownText(type.key);
    if (word === undefined || !isEmptyList(type)) continue;
    yield {
      message: `\`${word}\` ${alone ? about : 'is empty and adds no principal'}`,
      span: type.value.span,
      ...(alone ? level : { level: 'info', unnecessary: type.span, fixes: () => [removing(type, value, word)] }),
      accessAnalyzer: 'EMPTY_ARRAY_PRINCIPAL',
      accessAnalyzerType: 'SUGGESTION',
    };
  }
}

function removing(entry: Entry, from: ObjectValue, name: string): Fix {
  const edits = [{ kind: 'remove-entry', from, entry }] as const;
  return { title: `Remove the empty \`${name}\``, safety: 'same', edits, preferred: true };
}

function* emptyConditions(whole: Entry, value: ObjectValue, statement: ObjectValue): Iterable<Draft> {
  if (isEmptyObject(value)) yield needless('Condition', whole, statement);
  for (const operator of value.entries) {
    const name = knownText(operator.key);
    const keys = operator.value;
    if (name === undefined || operator.presence === 'sometimes' || keys.kind !== 'object') continue;
    if (isEmptyObject(keys)) {
      const alone = value.entries.length === 1;
      yield alone ? needless(name, whole, statement, operator) : needless(name, operator, value);
    }
    for (const key of keys.entries) {
      if (knownText(key.key) === undefined || !isEmptyList(key)) continue;
      const replaceable = keys.entries.length === 1 && !entryOf(value, 'Null');
      yield withoutValues(name, key, replaceable ? operator : undefined);
    }
  }
}

/** What goes with the empty object: itself, or the Condition that holds nothing else. */
function needless(name: string, gone: Entry, from: ObjectValue, place: Entry = gone): Draft {
  return {
    message: `\`${name}\` is empty, so it asks for nothing`,
    span: place.value.span,
    level: 'info',
    unnecessary: place.span,
    accessAnalyzer: 'EMPTY_OBJECT_CONDITION',
    accessAnalyzerType: 'SUGGESTION',
    fixes: () => [removing(gone, from, name)],
  };
}

/** What a list without values asks of its key; nobody documents what it does behind an operator alone. */
function withoutValues(operator: string, key: Entry, replaceable: Entry | undefined): Draft {
  const [, suffix, says] = CASES.find(([pattern]) => pattern.test(operator)) ?? PLAIN;
  const absence = suffix === '_FORALLVALUES' || suffix === '_IFEXISTS';
  return {
    message: says.replace('KEY', `\`${key.key.flat}\``).replace('OPERATOR', `\`${operator}\``),
    span: placeOf(key),
    level: 'warning',
    accessAnalyzer: `EMPTY_ARRAY_CONDITION${suffix}`,
    accessAnalyzerType: 'SUGGESTION',
    ...(absence && replaceable ? { fixes: () => [asNull(replaceable, key)] } : {}),
  };
}

function placeOf(key: Entry): Span {
  return spanOf(key.key) ?? key.keySpan;
}

type Case = readonly [pattern: RegExp, suffix: string, says: string];

const PLAIN: Case = [/^/, '', 'KEY has no value to be compared with'];

const CASES: readonly Case[] = [
  [/^ForAllValues:/i, '_FORALLVALUES', 'KEY has no values, so OPERATOR holds only where a request lacks it'],
  [/^ForAnyValue:/i, '_FORANYVALUE', 'KEY has no values, so OPERATOR never holds'],
  [/IfExists$/i, '_IFEXISTS', 'KEY has no values, so OPERATOR holds only where a request lacks it'],
];

/** `Null` says that a key is lacking; where the operator has no other key, and there is no `Null` yet. */
function asNull(operator: Entry, key: Entry): Fix {
  return {
    title: `Say with \`Null\` that \`${key.key.flat}\` is lacking`,
    safety: 'changes',
    preferred: true,
    edits: [
      { kind: 'rename', entry: operator, key: 'Null' },
      { kind: 'replace', value: key.value, plain: key.value.spelling.notation === 'json' ? 'true' : ['true'] },
    ],
  };
}
