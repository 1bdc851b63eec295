/**
 * Loss: what a change takes away, told in actions that AWS has, by access level: those that are no longer allowed at all, and
 * those that are allowed on less or to fewer than before. For people to read; what cannot be told for certain is left out.
 */
import { compare } from '../access/compare.ts';
import { type StatementTerms, type Term, termsOf } from '../access/terms.ts';
import { and, andNot, type Bits, isEmpty, or } from '../catalog/bits.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { AccessLevel, Service } from '../catalog/service.ts';
import { globIncludes } from '../policy/pattern.ts';
import type { Change } from '../proof.ts';
import { type Actions, countActions, namesOf } from '../rules/facts.ts';

/** Actions of one level: the most telling names, and how many there are. */
export interface LevelLoss {
  readonly level: AccessLevel;
  readonly count: number;
  readonly actions: readonly string[];
}

/** `gone`: no longer allowed at all. `less`: still allowed, on less, to fewer, or under more conditions. Gravest levels first. */
export interface Loss {
  readonly gone: readonly LevelLoss[];
  readonly less: readonly LevelLoss[];
}

/** What the changes of some policies take away together; nothing of policies that allow what they do not name. */
export function lossOf(changes: readonly Change[], catalog: Catalog): Loss {
  const [gone, less] = [new Map<Service, Bits>(), new Map<Service, Bits>()];
  for (const { before, after } of changes) {
    const [was, is] = [termsOf(before), termsOf(after)];
    if (!was.every(namesActions) || !is.every(namesActions)) continue;
    const mine = without(allowedBy(was, catalog), allowedBy(is, catalog));
    addAll(gone, mine);
    for (const term of narrowedBy(was, is)) addAll(less, without(matched([term], catalog), mine));
  }
  return { gone: byLevel(gone), less: byLevel(less) };
}

/** Whether all actions that the statement allows are named; what it denies may be anything. */
function namesActions({ effect, action }: StatementTerms): boolean {
  return effect === 'Deny' || (action !== undefined && !action.negated && action.hidden === undefined);
}

function allowedBy(statements: readonly StatementTerms[], catalog: Catalog): ReadonlyMap<Service, Bits> {
  return matched(
    statements.flatMap(({ effect, action }) => (effect === 'Allow' ? (action?.terms ?? []) : [])),
    catalog,
  );
}

function matched(terms: readonly Term[], catalog: Catalog): ReadonlyMap<Service, Bits> {
  const found = new Map<Service, Bits>();
  for (const { pattern } of terms)
    for (const { service, bits } of catalog.match(pattern.text)) addAll(found, new Map([[service, bits]]));
  return found;
}

function addAll(to: Map<Service, Bits>, more: ReadonlyMap<Service, Bits>): void {
  for (const [service, bits] of more) {
    const known = to.get(service);
    to.set(service, known ? or(known, bits) : bits);
  }
}

function without(actions: ReadonlyMap<Service, Bits>, others: ReadonlyMap<Service, Bits>): ReadonlyMap<Service, Bits> {
  const left = [...actions].map(([service, bits]): [Service, Bits] => {
    const taken = others.get(service);
    return [service, taken ? andNot(bits, taken) : bits];
  });
  return new Map(left.filter(([, bits]) => !isEmpty(bits)));
}

/** Of the actions that stay allowed, those patterns of which some request is no longer. Only what changed is asked about, and a pattern once. */
function narrowedBy(was: readonly StatementTerms[], is: readonly StatementTerms[]): readonly Term[] {
  const [old, fresh] = [unlike(was, is), unlike(is, was)];
  const denies = was.filter(({ effect }) => effect === 'Deny');
  const isDenied = fresh.some(({ effect }) => effect === 'Deny');
  const allows = (isDenied ? was : old).filter(({ effect }) => effect === 'Allow');
  const found = new Map<string, Term>();
  for (const statement of allows) {
    const asked = new Set<string>();
    for (const term of statement.action?.terms ?? []) {
      for (const other of fresh.flatMap(({ action }) => (action?.negated === false ? action.terms : []))) {
        const both = smaller(term, other);
        if (!both || asked.has(both.pattern.text) || found.has(both.pattern.text)) continue;
        asked.add(both.pattern.text);
        const only: StatementTerms = { ...statement, action: { negated: false, terms: [both] } };
        if (compare(is, [only, ...denies]).verdict === 'new-access') found.set(both.pattern.text, both);
      }
    }
  }
  return [...found.values()];
}

/** The statements that the other policy does not have. */
function unlike(statements: readonly StatementTerms[], others: readonly StatementTerms[]): readonly StatementTerms[] {
  const known = new Set(others.map(contentOf));
  return statements.filter((one) => !known.has(contentOf(one)));
}

function contentOf({ index: _, sid: __, ...content }: StatementTerms): string {
  return JSON.stringify(content);
}

/** What both patterns take in, where one of them lies within the other. */
function smaller(a: Term, b: Term): Term | undefined {
  if (globIncludes(b.pattern.text, a.pattern.text)) return a;
  return globIncludes(a.pattern.text, b.pattern.text) ? b : undefined;
}

const GRAVEST: readonly AccessLevel[] = ['Permissions management', 'Write', 'Tagging', 'Read', 'List'];

/** Names of one level. */
const MOST_NAMES = 4;

function byLevel(all: ReadonlyMap<Service, Bits>): readonly LevelLoss[] {
  return GRAVEST.flatMap((level): readonly LevelLoss[] => {
    const mine = [...all].flatMap(([service, bits]): readonly Actions[] => {
      const own = and(bits, service.levels[level]);
      return isEmpty(own) ? [] : [{ service, bits: own }];
    });
    return mine.length === 0 ? [] : [{ level, count: countActions(mine), actions: namesOf(mine, MOST_NAMES) }];
  });
}
