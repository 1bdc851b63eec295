/** Splits a statement into several, each with a part of one clause: together they say what the one said. */
import { and, type Bits, countBits, isEmpty } from '../../catalog/bits.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import { ACCESS_LEVELS, type AccessLevel } from '../../catalog/service.ts';
import { shrinkActions } from '../../catalog/shrink.ts';
import type { Edit } from '../../finding/edit.ts';
import { isPattern } from '../../policy/pattern.ts';
import type { Clause, ClauseItem, Policy, Statement } from '../../policy/policy.ts';
import { knownText } from '../../text/text.ts';
import { copyOfStatement, replaceInClause } from '../narrowing/clause-edits.ts';
import { isSettled } from './settled.ts';

/** A part of a clause: items that stay as they are, and patterns that take the place of others. `name` is for people and Sids. */
export interface Share {
  readonly name: string;
  readonly items: readonly ClauseItem[];
  readonly plain: readonly string[];
}

/** More statements than this are no help. */
const MOST_PARTS = 10;

/** The edits that leave the first share in the statement and put each other one into a copy; undefined where there is one share, too many, or no place for copies. */
export function splitInto(
  policy: Policy,
  statement: Statement,
  clause: Clause,
  shares: readonly Share[],
): readonly Edit[] | undefined {
  const [first, ...others] = shares;
  if (!first || others.length === 0 || shares.length > MOST_PARTS) return undefined;
  const taken = new Set(policy.statements.map(({ sid }) => sid && knownText(sid.text)));
  const here = partOf(clause, first);
  const copies = others.map((share) => {
    const copy = copyOfStatement(policy, statement, sidEndings(share.name, statement, taken));
    const there = partOf(clause, share);
    return copy && there && copy(there);
  });
  const ready = copies.every((copy) => copy !== undefined) && (copies.length === 1 || copies[0]?.kind === 'copy-item');
  return here && ready ? [...here, ...copies] : undefined;
}

/** The ending that makes the copy's Sid one of its own; remembered as taken. */
function sidEndings(name: string, { sid }: Statement, taken: Set<string | undefined>): readonly string[] {
  const own = sid && knownText(sid.text);
  const word = name.replace(/[^A-Za-z0-9]/g, '');
  const capital = word.slice(0, 1).toUpperCase() + word.slice(1);
  const ending = ['', '2', '3', '4'].map((number) => `${capital}${number}`).find((one) => !taken.has(`${own}${one}`));
  if (ending === undefined) return [];
  taken.add(`${own}${ending}`);
  return [ending];
}

function partOf(clause: Clause, { items, plain }: Share): readonly Edit[] | undefined {
  const away = clause.items.filter((item) => !items.includes(item));
  return away.length === 0 ? [] : replaceInClause(clause, away, plain);
}

/** By the services of its actions; undefined where one names no service for certain. */
export function sharesByService({ action }: Statement): readonly Share[] | undefined {
  if (!action || action.negated || !isSettled(action)) return undefined;
  const groups = new Map<string, ClauseItem[]>();
  for (const item of action.items) {
    const service = knownText(item.text)?.split(':', 1)[0]?.toLowerCase();
    if (!service || isPattern(service) || !item.text.flat.includes(':')) return undefined;
    groups.set(service, [...(groups.get(service) ?? []), item]);
  }
  return [...groups].map(([name, items]) => ({ name, items, plain: [] }));
}

/** A resource each. */
export function sharesByResource({ resource }: Statement): readonly Share[] | undefined {
  if (!resource || resource.negated || !isSettled(resource)) return undefined;
  return resource.items.map((item, index) => ({ name: `Resource${index + 1}`, items: [item], plain: [] }));
}

/** What each access level is called in a Sid. */
const WORDS: Readonly<Record<AccessLevel, string>> = {
  List: 'List',
  Read: 'Read',
  Write: 'Write',
  'Permissions management': 'Permissions',
  Tagging: 'Tagging',
};

/**
 * By the access levels of its actions. A pattern that takes in several levels becomes one for each, which together take in
 * what it takes in today; undefined where an action is not known.
 */
export function sharesByLevel({ action }: Statement, catalog: Catalog): readonly Share[] | undefined {
  if (!action || action.negated || !isSettled(action)) return undefined;
  const shares = new Map<AccessLevel, { items: ClauseItem[]; plain: string[] }>();
  for (const item of action.items) {
    const text = knownText(item.text);
    const matches = text === undefined || text.startsWith('*') ? [] : catalog.match(text);
    if (matches.length !== 1) return undefined;
    for (const { service, bits } of matches) {
      const parts = ACCESS_LEVELS.map((level) => [level, and(bits, service.levels[level])] as const).filter(
        ([, part]) => !isEmpty(part),
      );
      for (const [level, part] of parts) {
        const share = shares.get(level) ?? { items: [], plain: [] };
        shares.set(level, share);
        if (parts.length === 1) share.items.push(item);
        else share.plain.push(...patternsOf(service.prefix, part, catalog));
      }
    }
  }
  return ACCESS_LEVELS.flatMap((level) => {
    const share = shares.get(level);
    return share ? [{ name: WORDS[level], ...share }] : [];
  });
}

function patternsOf(prefix: string, bits: Bits, catalog: Catalog): readonly string[] {
  const service = catalog.service(prefix);
  return service && countBits(bits) > 0 ? shrinkActions(service, bits) : [];
}
