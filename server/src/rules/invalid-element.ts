/** invalid-element: an element that the policy language does not have, a value of the wrong shape, or elements that exclude each other. */

import type { Fix } from '../finding/finding.ts';
import { DOCUMENT_ELEMENTS, STATEMENT_ELEMENTS } from '../policy/elements.ts';
import type { Due, Policy, Statement, Stray } from '../policy/policy.ts';
import { knownText, spanOf } from '../text/text.ts';
import { type Entry, entryOf, type ObjectValue, type Value } from '../value/value.ts';
import { nearestElement } from './element-name.ts';
import type { Draft, StatementRule } from './rule.ts';

/** Source: IAM User Guide, "Grammar of the IAM JSON policy language". */
export const invalidElement: StatementRule = {
  id: 'invalid-element',
  on: 'statement',
  summary: 'An element that IAM does not know, a value of the wrong shape, or two elements that exclude each other',
  level: 'error',
  kinds: 'all',
  subject: 'document',
  accessAnalyzer: [
    'DATA_TYPE_MISMATCH',
    'DUPLICATE_KEYS_WITH_DIFFERENT_CASE',
    'INVALID_POLICY_ELEMENT',
    'UNSUPPORTED_ELEMENT_COMBINATION',
  ],
  equivalents: ['cfn-lint:E3510', 'cfn-lint:E3512', 'parliament:MALFORMED', 'cfn-lint:E3530'],
  check: checkStatement,
  checkDocument,
};

function* checkStatement(statement: Statement): Iterable<Draft> {
  const { strays, value, conditionEntry } = statement;
  for (const stray of strays) if (!isPrincipalList(stray)) yield strange(stray, value, STATEMENT_ELEMENTS);
  for (const clause of [statement.action, statement.resource, statement.principal]) {
    if (!clause || clause.entry.presence === 'sometimes') continue;
    const other = entryOf(value, `Not${clause.entry.key.flat}`);
    if (other?.presence === 'always') yield excluding(clause.entry, other, value);
  }
  if (conditionEntry) yield* repeatedKeys(conditionEntry.value);
}

/** Where nothing but a key says that this is a policy, and it has no statements either, it may be another document. */
function* checkDocument({ strays, document, site, statements }: Policy): Iterable<Draft> {
  if (site.kind === undefined && statements.length === 0) return;
  for (const stray of strays) yield strange(stray, document, DOCUMENT_ELEMENTS);
}

/** A list of principals without its key is the business of `invalid-principal`. */
function isPrincipalList({ due, value }: Stray): boolean {
  return due === 'principals' && value.kind === 'list';
}

function strange(stray: Stray, object: ObjectValue, elements: readonly string[]): Draft {
  return stray.reason === 'unknown-element' ? unknown(stray, object, elements) : misshapen(stray);
}

function unknown({ name, span, value }: Stray, object: ObjectValue, elements: readonly string[]): Draft {
  const meant = nearestElement(name, elements);
  const whole = elements === DOCUMENT_ELEMENTS ? 'policy' : 'statement';
  return {
    message: `\`${name}\` is no element of a ${whole}${meant ? `; \`${meant}\` is` : ''}`,
    span,
    accessAnalyzer: 'INVALID_POLICY_ELEMENT',
    accessAnalyzerType: 'ERROR',
    fixes: () =>
      object.entries.filter((one) => one.value === value).flatMap((entry) => respelled(entry, meant, object)),
  };
}

/** Renamed where the element is not there already, taken out where it is like none. */
function respelled(entry: Entry, meant: string | undefined, from: ObjectValue): readonly Fix[] {
  if (meant === undefined) {
    const title = `Remove \`${entry.key.flat}\`, which AWS refuses`;
    return [{ title, safety: 'changes', edits: [{ kind: 'remove-entry', from, entry }] }];
  }
  const sister = meant.startsWith('Not') ? meant.slice(3) : `Not${meant}`;
  if (entryOf(from, meant) || entryOf(from, sister)) return [];
  const edits = [{ kind: 'rename', entry, key: meant }] as const;
  return [{ title: `Rename to \`${meant}\`, so that it counts`, safety: 'changes', edits, preferred: true }];
}

function misshapen({ name, span, value, due }: Stray): Draft {
  return {
    message: `\`${name}\` holds ${shapeOf(value)} where ${DUE[due ?? 'object']} is due`,
    span,
    accessAnalyzer: 'DATA_TYPE_MISMATCH',
    accessAnalyzerType: 'ERROR',
    ...(due === 'text' || due === 'texts' ? { fixes: () => quoted(value) } : {}),
  };
}

const DUE: Readonly<Record<Due, string>> = {
  text: 'text',
  texts: 'text or a list of texts',
  values: 'text or a list of texts',
  object: 'an object',
  principals: '`"*"` or an object',
};

function shapeOf(value: Value): string {
  if (value.kind === 'scalar') return `\`${value.raw}\``;
  return value.kind === 'text' ? 'text' : value.kind === 'list' ? 'a list' : 'an object';
}

/** An account's number loses its quotes on the way through YAML and templates. */
function quoted(value: Value): readonly Fix[] {
  if (value.kind !== 'scalar' || typeof value.value !== 'number') return [];
  const edits = [{ kind: 'replace', value, plain: value.raw }] as const;
  return [{ title: `Put \`${value.raw}\` in quotes`, safety: 'changes', edits, preferred: true }];
}

function excluding(entry: Entry, other: Entry, from: ObjectValue): Draft {
  const name = entry.key.flat;
  return {
    message: `\`${name}\` and \`Not${name}\` exclude each other`,
    span: spanOf(other.key) ?? other.keySpan,
    related: [{ span: spanOf(entry.key) ?? entry.keySpan, message: `\`${name}\` stands here` }],
    accessAnalyzer: 'UNSUPPORTED_ELEMENT_COMBINATION',
    accessAnalyzerType: 'ERROR',
    fixes: () => [removing(`Not${name}`, other, from), removing(name, entry, from)],
  };
}

function removing(name: string, entry: Entry, from: ObjectValue): Fix {
  const kept = name.startsWith('Not') ? name.slice(3) : `Not${name}`;
  return {
    title: `Remove \`${name}\`, so that \`${kept}\` alone counts`,
    safety: 'changes',
    edits: [{ kind: 'remove-entry', from, entry }],
  };
}

/** Keys of one operator that differ in letter case only. Equal ones are no JSON. */
function* repeatedKeys(condition: Value): Iterable<Draft> {
  if (condition.kind !== 'object') return;
  for (const { value } of condition.entries) {
    if (value.kind !== 'object') continue;
    const seen = new Map<string, Entry>();
    for (const entry of value.entries) {
      const name = entry.presence === 'always' ? knownText(entry.key) : undefined;
      if (name === undefined) continue;
      const before = seen.get(name.toLowerCase());
      if (!before) seen.set(name.toLowerCase(), entry);
      else if (before.key.flat !== name) yield repeated(name, entry, before);
    }
  }
}

function repeated(name: string, { key, keySpan }: Entry, before: Entry): Draft {
  return {
    message: `\`${name}\` and \`${before.key.flat}\` are the same key, since letter case does not count`,
    span: spanOf(key) ?? keySpan,
    related: [{ span: spanOf(before.key) ?? before.keySpan, message: `\`${before.key.flat}\` stands here` }],
    accessAnalyzer: 'DUPLICATE_KEYS_WITH_DIFFERENT_CASE',
    accessAnalyzerType: 'ERROR',
  };
}
