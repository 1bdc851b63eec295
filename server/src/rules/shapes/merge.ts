/** Merges statements that differ in one clause only: what one of them takes in, the merged one takes in, and nothing else. */
import type { Edit, Plain } from '../../finding/edit.ts';
import type { Clause, ClauseItem, Policy, PrincipalClause, Statement } from '../../policy/policy.ts';
import { canonicalText, knownText } from '../../text/text.ts';
import { canonicalValue } from '../../value/value.ts';
import { isSettled, isWhole, memberOf } from './settled.ts';

/** The clause that statements differ in. */
export type Difference = 'Action' | 'Resource' | 'Principal';

/** All of them. */
export const DIFFERENCES: readonly Difference[] = ['Action', 'Resource', 'Principal'];

/** The statements that differ from this one in one clause only, by that clause. */
export function mergeable(policy: Policy, statement: Statement): ReadonlyMap<Difference, readonly Statement[]> {
  const found = new Map<Difference, readonly Statement[]>();
  if (!isWhole(statement) || !memberOf(policy, statement)) return found;
  for (const difference of DIFFERENCES) {
    const name = nameWithout(statement, difference);
    if (name === undefined) continue;
    const same = policy.statements.filter(
      (other) => other !== statement && memberOf(policy, other) && nameWithout(other, difference) === name,
    );
    const others = same.filter((other) => contentOf(other, difference) !== contentOf(statement, difference));
    if (others.length > 0) found.set(difference, others);
  }
  return found;
}

/** The name of all that a statement says but for one clause, which has to be one of plain items, and but for its Sid; undefined where it cannot be merged by it. */
export function nameWithout(statement: Statement, difference: Difference): string | undefined {
  const clause = clauseOf(statement, difference);
  if (!isWhole(statement) || !clause || clause.negated || !isSettled(clause)) return undefined;
  const types = 'key' in clause ? [] : [...new Set(clause.items.map(({ type }) => type))];
  if (types.length > 1 || types[0] === '*' || (!('key' in clause) && !isPlainPrincipal(clause))) return undefined;
  const others = statement.value.entries.flatMap((entry) => {
    const key = entry.key.flat;
    return key === 'Sid' || entry === clause.entry
      ? []
      : [`${key}=${elementName(statement, key) ?? canonicalValue(entry.value)}`];
  });
  return [difference, ...types, ...others.sort()].join('\n');
}

/** Principals by type, where all of the clause is such items. */
function isPlainPrincipal({ entry, items }: PrincipalClause): boolean {
  const { value } = entry;
  return value.kind === 'object' && value.entries.length === 1 && !value.open && items.length > 0;
}

/** Action and Resource are sets: their order tells nothing. */
function elementName(statement: Statement, key: string): string | undefined {
  const clause = [statement.action, statement.resource].find((one) => one?.entry.key.flat === key);
  return clause && isSettled(clause) ? namesOf(clause.items, clause.key).join(', ') : undefined;
}

function contentOf(statement: Statement, difference: Difference): string {
  return namesOf(clauseOf(statement, difference)?.items ?? [], difference).join(', ');
}

function namesOf(items: readonly ClauseItem[], key: Difference): readonly string[] {
  return [...new Set(items.map((item) => nameOf(item, key)))].sort();
}

/** What an item says; letter case counts for nothing in actions. */
export function nameOf({ text }: ClauseItem, key: Difference): string {
  const name = JSON.stringify(canonicalText(text));
  return key === 'Action' ? name.toLowerCase() : name;
}

/** The clause of that name. */
export function clauseOf(
  { action, resource, principal }: Statement,
  difference: Difference,
): Clause | PrincipalClause | undefined {
  return { Action: action, Resource: resource, Principal: principal }[difference];
}

/** The others' items join those of the first, and the others go. */
export function merge(
  policy: Policy,
  statement: Statement,
  others: readonly Statement[],
  difference: Difference,
): readonly Edit[] | undefined {
  const clause = clauseOf(statement, difference);
  if (!clause) return undefined;
  const seen = new Set(clause.items.map((item) => nameOf(item, difference)));
  const added: ClauseItem[] = [];
  for (const item of others.flatMap((other) => clauseOf(other, difference)?.items ?? [])) {
    const name = nameOf(item, difference);
    if (!seen.has(name)) added.push(item);
    seen.add(name);
  }
  const places = others.flatMap((other) => memberOf(policy, other) ?? []);
  const [first] = places;
  const joined = appendTo(clause, added);
  if (!joined || !first || places.length < others.length) return undefined;
  return [...joined, { kind: 'replace-items', into: first.list, items: places.map(({ item }) => item), plain: [] }];
}

function appendTo(clause: Clause | PrincipalClause, added: readonly ClauseItem[]): readonly Edit[] | undefined {
  if (added.length === 0) return [];
  const last = clause.items.at(-1);
  if (!last) return undefined;
  const plain = [last, ...added].map(plainOf);
  if (!last.list) return clause.items.length > 1 ? undefined : [{ kind: 'replace', value: last.value, plain }];
  const item = last.list.items.find(({ value }) => value === last.value);
  return item && [{ kind: 'replace-items', into: last.list, items: [item], plain }];
}

/** What is known is spelled as its new place asks for; anything else keeps its words. */
export function plainOf({ text, value }: ClauseItem): Plain {
  return knownText(text) ?? { written: value };
}
