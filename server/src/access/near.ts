/**
 * Near: the statements that another may lie within, told at sight by words alone, so that the exact questions are few.
 * Proves nothing; what it leaves out cannot hold all of the statement, whatever the unknowns stand for.
 */
import { globIncludes, globsOverlap, isPattern } from '../policy/pattern.ts';
import { hasHoles } from './glob.ts';
import type { StatementTerms, Terms, Test } from './terms.ts';

type Statements = readonly StatementTerms[];

/** Which statements name which action patterns. */
export interface Names {
  readonly statements: Statements;
  /** Those whose Action may be more than its words, or is what it does not name. */
  readonly others: Statements;
  readonly holders: ReadonlyMap<string, ReadonlySet<StatementTerms>>;
  /** The patterns with wildcards, by what stands before the first: a service and its colon mostly. */
  readonly wild: ReadonlyMap<string, readonly string[]>;
  /** What {@link holding} gave before. */
  readonly known: Map<string, ReadonlySet<StatementTerms>>;
}

/** The names of some statements. */
export function namesOf(statements: Statements): Names {
  const holders = new Map<string, Set<StatementTerms>>();
  const others: StatementTerms[] = [];
  for (const statement of statements) {
    const { action } = statement;
    if (!action || action.negated || isBroad(action)) others.push(statement);
    else
      for (const { pattern } of action.terms) {
        const holding = holders.get(pattern.text);
        if (holding) holding.add(statement);
        else holders.set(pattern.text, new Set([statement]));
      }
  }
  const wild = new Map<string, string[]>();
  for (const text of holders.keys()) {
    if (!isPattern(text)) continue;
    const head = text.slice(0, text.search(/[*?]/));
    wild.set(head, [...(wild.get(head) ?? []), text]);
  }
  return { statements, others, holders, wild, known: new Map() };
}

/** The statements of which some action pattern, or what may stand there, takes in the pattern. */
function holding({ others, holders, wild, known }: Names, text: string): ReadonlySet<StatementTerms> {
  const before = known.get(text);
  if (before) return before;
  const found = new Set(holders.get(text) ?? []);
  for (const other of others) if (takesIn(other.action, text)) found.add(other);
  for (const [head, globs] of wild) {
    if (!text.startsWith(head)) continue;
    for (const glob of globs)
      if (glob !== text && globIncludes(glob, text)) for (const holder of holders.get(glob) ?? []) found.add(holder);
  }
  known.set(text, found);
  return found;
}

/**
 * The statements that the statement may lie within, none where it can be told at sight that it does not: of one effect,
 * some other has to take in each action on each resource, also for the request without any key that the statement does not
 * ask for. Globs that only together take in a third are not looked for.
 */
export function helpersOf(statement: StatementTerms, names: Names): Statements {
  const isOther = (other: StatementTerms) => other.index !== statement.index;
  const texts =
    isHidden(statement.action) || isBroad(statement.action)
      ? undefined
      : statement.action?.terms.map(({ pattern }) => pattern.text);
  const all = texts ? [...new Set(texts.flatMap((text) => [...holding(names, text)]))] : names.statements;
  const asked = keysOf(statement);
  const effects = statement.effect === 'Allow' ? (['Allow', 'Deny'] as const) : (['Deny'] as const);
  return effects.flatMap((effect) => {
    const others = all.filter((other) => isOther(other) && other.effect === effect);
    const plain = new Set(others.filter((other) => other.tests.every((test) => asked.has(test.key) || !demands(test))));
    if (plain.size === 0) return [];
    if (!texts) return [...plain].some(({ action }) => isHidden(action) || takesIn(action, '*')) ? others : [];
    const covers = (text: string) => isCovered(statement.resource, [...holding(names, text)], plain);
    return texts.every(covers) ? others : [];
  });
}

/** Whether each resource of the list may be taken in by one of those holders that count. */
function isCovered(resource: Terms | undefined, holders: Statements, counting: ReadonlySet<StatementTerms>): boolean {
  const others = holders.filter((other) => counting.has(other));
  if (others.length === 0) return false;
  if (isHidden(resource)) return others.some((other) => isHidden(other.resource) || takesIn(other.resource, '*'));
  const terms = resource?.terms ?? [];
  return terms.every(({ pattern }) => others.some((other) => takesIn(other.resource, pattern.text)));
}

/** The keys that a statement tests or has as variables. */
function keysOf({ tests, resource }: StatementTerms): ReadonlySet<string> {
  const terms = [...(resource?.terms ?? []), ...tests.flatMap(({ values }) => values)];
  const variables = terms.flatMap(({ pattern }) =>
    pattern.unknowns.flatMap((unknown) => (unknown.kind === 'variable' ? [unknown.key] : [])),
  );
  return new Set([...tests.map(({ key }) => key), ...variables]);
}

/** Whether the test fails for every request without its key. */
function demands({ operator }: Test): boolean {
  if (operator.base === 'Null' || operator.ifExists) return false;
  return operator.qualifier === undefined ? !operator.negated : operator.qualifier === 'ForAnyValue';
}

/** Whether a list has no words to compare. */
function isHidden(list: Terms | undefined): boolean {
  return !list || list.negated || isOpen(list);
}

function isOpen(list: Terms): boolean {
  return list.hidden !== undefined || list.terms.some(({ pattern }) => hasHoles(pattern));
}

/** Whether a list may be more than its words. */
function isBroad(list: Terms | undefined): boolean {
  return (
    !list ||
    isOpen(list) ||
    list.terms.some(({ onlyIf, pattern }) => pattern.unknowns.length > 0 || onlyIf !== undefined)
  );
}

/** Whether the list takes in all that the pattern may match, or may be more than its words. */
function takesIn(list: Terms | undefined, text: string): boolean {
  if (!list || isBroad(list)) return true;
  return list.negated
    ? !list.terms.some(({ pattern }) => globsOverlap(pattern.text, text))
    : list.terms.some(({ pattern }) => globIncludes(pattern.text, text));
}
