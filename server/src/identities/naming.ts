/** Naming: which statements let an action through, and which duties an identity may come near. Letters of clauses only; no resources, no conditions. */
import { type Bits, hasBit } from '../catalog/bits.ts';
import type { Service } from '../catalog/service.ts';
import type { Duty } from '../config/config.ts';
import { globMatches, isPattern } from '../policy/pattern.ts';
import type { Clause, ClauseItem, Statement } from '../policy/policy.ts';
import { knownText } from '../text/text.ts';

/** Whether the Action clause certainly lets the action through, and by which item. */
export function lets(statement: Statement, action: string): { item: ClauseItem | undefined } | undefined {
  const clause = statement.action;
  if (!clause) return undefined;
  const words = wordsOf(clause);
  const named =
    words.literal.get(action) ??
    words.patterns.find(({ head, pattern }) => action.startsWith(head) && globMatches(pattern, action))?.item;
  if (!clause.negated) return named && named.presence === 'always' ? { item: named } : undefined;
  return !clause.open && words.known && !named ? { item: undefined } : undefined;
}

/** A clause's patterns in lower case: those without wildcards by their letters, items that are always there before others. */
interface Words {
  readonly literal: ReadonlyMap<string, ClauseItem>;
  /** `head` is what stands before the first wildcard. */
  readonly patterns: readonly { readonly head: string; readonly pattern: string; readonly item: ClauseItem }[];
  readonly known: boolean;
}

const WORDS = new WeakMap<Clause, Words>();

function wordsOf(clause: Clause): Words {
  const before = WORDS.get(clause);
  if (before) return before;
  const literal = new Map<string, ClauseItem>();
  const patterns: { head: string; pattern: string; item: ClauseItem }[] = [];
  let known = true;
  const ordered = [
    ...clause.items.filter((item) => item.presence === 'always'),
    ...clause.items.filter((item) => item.presence === 'sometimes'),
  ];
  for (const item of ordered) {
    const pattern = knownText(item.text)?.toLowerCase();
    if (pattern === undefined) known = false;
    else if (isPattern(pattern)) patterns.push({ head: pattern.slice(0, pattern.search(/[*?]/)), pattern, item });
    else if (!literal.has(pattern)) literal.set(pattern, item);
  }
  const words = { literal, patterns, known };
  WORDS.set(clause, words);
  return words;
}

/** Which of the statements may let an action through, by what their clauses name: most statements speak of one or two services. */
export function namers(statements: readonly Statement[]): (action: string) => readonly Statement[] {
  const literal = new Map<string, Statement[]>();
  const wild = new Map<string, Statement[]>();
  const add = (map: Map<string, Statement[]>, key: string, statement: Statement) => {
    const list = map.get(key);
    if (!list) map.set(key, [statement]);
    else if (list[list.length - 1] !== statement) list.push(statement);
  };
  for (const statement of statements) {
    if (!statement.action) continue;
    const words = wordsOf(statement.action);
    if (statement.action.negated) add(wild, ANY_SERVICE, statement);
    for (const action of words.literal.keys()) add(literal, action, statement);
    for (const { head } of words.patterns)
      add(wild, head.includes(':') ? head.slice(0, head.indexOf(':')) : ANY_SERVICE, statement);
  }
  return (action) => {
    const found = [literal.get(action), wild.get(action.slice(0, action.indexOf(':'))), wild.get(ANY_SERVICE)].filter(
      (list) => list !== undefined,
    );
    const [only] = found;
    if (found.length < 2) return only ?? [];
    return [...new Set(found.flat())].sort((a, b) => a.index - b.index);
  };
}

const ANY_SERVICE = '';

/** Duties by the actions that give them, in lower case, and those actions by service. */
export interface DutyIndex {
  readonly byAction: ReadonlyMap<string, readonly string[]>;
  readonly byService: ReadonlyMap<string, readonly string[]>;
  /** The duties of a service's actions by their index, found out when first asked for. */
  readonly byIndex: WeakMap<Service, ReadonlyMap<number, readonly string[]>>;
  /** What was found near to statements, by their meaning. */
  readonly near: WeakMap<object, ReadonlySet<string>>;
}

/** The index of some duties. */
export function indexDuties(duties: readonly Duty[]): DutyIndex {
  const byAction = new Map<string, string[]>();
  const byService = new Map<string, string[]>();
  for (const duty of duties) {
    for (const action of duty.anyOf.flatMap((power) => power.actions)) {
      const known = byAction.get(action);
      if (known) known.push(duty.id);
      else {
        byAction.set(action, [duty.id]);
        const service = action.slice(0, action.indexOf(':'));
        byService.set(service, [...(byService.get(service) ?? []), action]);
      }
    }
  }
  return { byAction, byService, byIndex: new WeakMap(), near: new WeakMap() };
}

/** What a statement certainly lets through, as far as its Action clause says: the actions by service, or everything. */
export interface Meaning {
  readonly actions: readonly { readonly service: Service; readonly bits: Bits }[];
  readonly everyAction: boolean;
}

/**
 * The duties of which some statement may let an action through: no others are worth asking about. `meaning` is one
 * object for statements of equal content, and what follows from it is remembered by it.
 */
export function nearDuties(
  index: DutyIndex,
  statements: readonly Statement[],
  meaning: (statement: Statement) => Meaning,
): ReadonlySet<string> {
  const near = new Set<string>();
  for (const statement of statements) {
    const key = meaning(statement);
    const known = index.near.get(key) ?? nearOne(index, key, statement.action?.negated);
    index.near.set(key, known);
    for (const duty of known) near.add(duty);
  }
  return near;
}

function nearOne(
  index: DutyIndex,
  { actions, everyAction }: Meaning,
  negated: boolean | undefined,
): ReadonlySet<string> {
  const near = new Set<string>();
  if (everyAction || negated) return new Set([...index.byAction.values()].flat());
  for (const { service, bits } of actions) {
    if (!index.byService.has(service.prefix)) continue;
    for (const [at, duties] of dutiesIn(index, service))
      if (hasBit(bits, at)) for (const duty of duties) near.add(duty);
  }
  return near;
}

/** The duties that actions of the service give, by the action's index. */
function dutiesIn(
  { byAction, byService, byIndex }: DutyIndex,
  service: Service,
): ReadonlyMap<number, readonly string[]> {
  const known = byIndex.get(service);
  if (known) return known;
  const found = new Map<number, readonly string[]>();
  for (const action of byService.get(service.prefix) ?? []) {
    const at = placeOf(action.slice(action.indexOf(':') + 1), service.names);
    if (at !== undefined) found.set(at, byAction.get(action) ?? []);
  }
  byIndex.set(service, found);
  return found;
}

/** Where a name in lower case stands among names that are ordered by their lower-case letters. */
function placeOf(lower: string, names: readonly string[]): number | undefined {
  let from = 0;
  let to = names.length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    const name = (names[middle] ?? '').toLowerCase();
    if (name === lower) return middle;
    if (name < lower) from = middle + 1;
    else to = middle;
  }
  return undefined;
}
