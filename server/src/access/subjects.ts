/**
 * Subjects: the parts of a request that statements ask about, each with everything that is asked of it. Collects only;
 * space.ts makes dimensions of it.
 */
import type { Alternative, Column } from './classes.ts';
import type { ColonReading } from './evaluate.ts';
import { bind, caseless, isExact, lettersOf, type Pattern } from './glob.ts';
import { type Family, familyOf } from './operators.ts';
import type { PrincipalTerm, StatementTerms, Term, Terms, Test } from './terms.ts';

/** An alternative that may or may not match: with a variable or a hole, or one that is there only sometimes. */
export interface Unsure {
  readonly name: string;
  readonly alternative: Alternative;
  readonly onlyIf: string | undefined;
  /** The column of all that it may match; undefined where that is everything. */
  readonly over: number | undefined;
  /** The keys of its variables that have no default. */
  readonly needs: readonly string[];
  /** Where it is one variable with a default: the key, and the column of what matches without it. */
  readonly fallback: { readonly key: string; readonly column: number } | undefined;
}

/** What a clause or test asks of its subject: whether the column or one of the unsure alternatives matches. */
export interface Ask {
  readonly column: number;
  readonly unsure: readonly number[];
}

/** One part of a request. `set` subjects are keys whose lists are asked about value by value. */
export interface Subject {
  readonly part: 'action' | 'resource' | 'principal' | 'key';
  readonly key: string;
  readonly family: Family;
  readonly set: boolean;
  readonly columns: Column[];
  readonly unsure: Unsure[];
  readonly asks: Map<Terms | Test, Ask>;
  readonly names: Map<string, number>;
}

/** Everything that the statements ask, by subject. */
export interface Subjects {
  readonly action: Subject;
  readonly resource: Subject;
  readonly principal: Subject;
  /** By key; one for each family of its operators, of which there is mostly one. */
  readonly keys: ReadonlyMap<string, readonly Subject[]>;
}

/** Collects what the statements ask. */
export function subjectsOf(statements: readonly StatementTerms[]): Subjects {
  const keys = keySubjects(statements);
  const subjects: Subjects = {
    action: newSubject('action'),
    resource: newSubject('resource'),
    principal: newSubject('principal'),
    keys,
  };
  for (const statement of statements) {
    if (statement.action) ask(subjects.action, statement.action, statement.action.terms, '');
    if (statement.resource) ask(subjects.resource, statement.resource, statement.resource.terms, '');
    if (statement.principal) ask(subjects.principal, statement.principal, statement.principal.terms, '');
    for (const test of statement.tests) {
      if (test.operator.base === 'Null') continue;
      const subject = subjectOfTest(subjects, test);
      if (subject) ask(subject, test, test.values, test.operator.base);
    }
  }
  return subjects;
}

function newSubject(part: Subject['part'], key = '', family: Family = 'text', set = false): Subject {
  return { part, key, family, set, columns: [], unsure: [], asks: new Map(), names: new Map() };
}

/** The subject that answers a test; `Null` asks any subject of its key. */
export function subjectOfTest({ keys }: Subjects, { key, operator }: Test): Subject | undefined {
  const own = keys.get(key) ?? [];
  const family = familyOf(operator.base);
  return own.find((subject) => subject.family === family) ?? own[0];
}

/** A key is asked about as a list as soon as one operator has a qualifier. Booleans beside texts are texts. */
function keySubjects(statements: readonly StatementTerms[]): ReadonlyMap<string, readonly Subject[]> {
  const families = new Map<string, Set<Family>>();
  const lists = new Set<string>();
  const familiesOf = (key: string) => {
    const known = families.get(key) ?? new Set();
    families.set(key, known);
    return known;
  };
  for (const { tests, resource } of statements) {
    for (const test of tests) {
      const own = familiesOf(test.key);
      if (test.operator.base !== 'Null') own.add(familyOf(test.operator.base));
      if (test.operator.qualifier) lists.add(test.key);
      for (const { pattern } of test.values) for (const key of variablesOf(pattern)) familiesOf(key);
    }
    for (const { pattern } of resource?.terms ?? []) for (const key of variablesOf(pattern)) familiesOf(key);
  }
  return new Map(
    [...families].map(([key, own]) => {
      if (own.has('text') || own.size === 0) own.delete('bool');
      if (own.size === 0) own.add('text');
      return [key, [...own].sort().map((family) => newSubject('key', key, family, lists.has(key)))];
    }),
  );
}

function variablesOf(pattern: Pattern): readonly string[] {
  return pattern.unknowns.flatMap((unknown) => (unknown.kind === 'variable' ? [unknown.key] : []));
}

function ask(subject: Subject, asker: Terms<Term | PrincipalTerm> | Test, terms: readonly Term[], base: string): void {
  const alternatives = terms.map((term): Alternative & { onlyIf: string | undefined } => ({
    pattern: term.pattern,
    base,
    type: typeOf(term),
    onlyIf: term.onlyIf,
  }));
  const sure = alternatives.filter(({ pattern, onlyIf }) => onlyIf === undefined && isExact(pattern));
  const unsure = alternatives
    .filter(({ pattern, onlyIf }) => onlyIf !== undefined || !isExact(pattern))
    .map((alternative) => unsureIndex(subject, alternative, alternative.onlyIf));
  if (asker.hidden !== undefined) unsure.push(hiddenIndex(subject, asker.hidden));
  subject.asks.set(asker, { column: columnIndex(subject, sure), unsure });
}

function typeOf(term: Term | PrincipalTerm): string {
  return 'type' in term ? term.type : '';
}

function nameOf({ pattern, base, type }: Alternative): string {
  return `${type} ${base} ${pattern.name}`;
}

function columnIndex(subject: Subject, column: Column): number {
  const name = [...new Set(column.map(nameOf))].sort().join('\n');
  const known = subject.names.get(name);
  if (known !== undefined) return known;
  subject.names.set(name, subject.columns.length);
  return subject.columns.push(column) - 1;
}

function unsureIndex(subject: Subject, alternative: Alternative, onlyIf: string | undefined): number {
  const { pattern } = alternative;
  const name = onlyIf === undefined ? nameOf(alternative) : `${nameOf(alternative)} if ${onlyIf}`;
  const known = subject.unsure.findIndex((one) => one.name === name);
  if (known >= 0) return known;
  const everything = !isExact(pattern) && (subject.part === 'principal' || subject.family !== 'text');
  const over = everything ? undefined : columnIndex(subject, [alternative]);
  const needs = pattern.unknowns.flatMap((one) =>
    one.kind === 'variable' && one.fallback === undefined ? [one.key] : [],
  );
  const fallback = fallbackOf(subject, alternative, onlyIf);
  return subject.unsure.push({ name, alternative, onlyIf, over, needs, fallback }) - 1;
}

function fallbackOf(subject: Subject, alternative: Alternative, onlyIf: string | undefined): Unsure['fallback'] {
  const [only, ...others] = alternative.pattern.unknowns.filter(({ kind }) => kind !== 'anything');
  if (others.length > 0 || only?.kind !== 'variable' || only.fallback === undefined || onlyIf !== undefined)
    return undefined;
  const bound = bind(alternative.pattern, () => undefined);
  if (!bound) return undefined;
  const pattern = alternative.base === 'StringEqualsIgnoreCase' ? caseless(bound) : bound;
  const name = `${alternative.pattern.name} without ${only.key}`;
  return { key: only.key, column: columnIndex(subject, [{ ...alternative, pattern: { ...pattern, name } }]) };
}

function hiddenIndex(subject: Subject, symbol: string): number {
  const name = `hidden ${symbol}`;
  const known = subject.unsure.findIndex((one) => one.name === name);
  if (known >= 0) return known;
  const alternative = { pattern: lettersOf(''), base: '', type: '' };
  const one: Unsure = { name, alternative, onlyIf: symbol, over: undefined, needs: [], fallback: undefined };
  return subject.unsure.push(one) - 1;
}

/** How the wildcards of a subject's alternative are bounded. */
export function shapeIn({ part }: Subject, { base }: Alternative, colons: ColonReading): ColonReading {
  if (part === 'resource') return colons;
  return base.startsWith('Arn') ? 'parts' : 'free';
}
