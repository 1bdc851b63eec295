/**
 * Facts: what a statement's actions and resources mean, computed once for all rules. Position-free and interned by the
 * statement's content, so that equal statements of all files and edits share them. Certain knowledge only.
 */
import { and, type Bits, bitsWhere, countBits, eachBit, hasBit, isEmpty } from '../catalog/bits.ts';
import type { Catalog } from '../catalog/catalog.ts';
import { type Match, matchesEverything } from '../catalog/match.ts';
import type { Service } from '../catalog/service.ts';
import type { Clause, ClauseItem, Statement } from '../policy/policy.ts';
import { canonicalText, hasHole, knownText, type Text } from '../text/text.ts';
import { mayBeOf, reachesAll, reachOf } from './reach.ts';

/** Actions of one service. */
export interface Actions {
  readonly service: Service;
  readonly bits: Bits;
}

/** What is certain of a statement, whatever its effect. */
export interface Facts {
  /** For each item of the Action clause, by its index: what it takes in; empty for unknown ones and for `everything`. */
  readonly items: readonly (readonly Match[])[];
  /** An Action item that is always there takes in every action of every service. */
  readonly everyAction: boolean;
  /** A Resource item that is always there takes in every resource. */
  readonly everyResource: boolean;
  /** The actions of a positive Action clause whose items are always there, without those of `everyAction`. */
  readonly actions: readonly Actions[];
  /** Those of `actions` that a policy could scope to a resource, and that this statement lets reach every resource that they can. */
  readonly unscoped: readonly Actions[];
}

/** Facts of statements, remembered by content; the memory is bounded. */
export function internFacts(catalog: Catalog): (statement: Statement) => Facts {
  const known = INTERNED.get(catalog) ?? new Map<string, Facts>();
  INTERNED.set(catalog, known);
  const asked = new WeakMap<Statement, Facts>();
  return (statement) => {
    const before = asked.get(statement);
    if (before) return before;
    const facts = interned(statement, known, catalog);
    asked.set(statement, facts);
    return facts;
  };
}

/** Equal content gives the very same object, so that others may remember by it what follows from content alone. */
function interned(statement: Statement, known: Map<string, Facts>, catalog: Catalog): Facts {
  const name = `${clauseName(statement.action)}\0\0${clauseName(statement.resource)}`;
  const found = known.get(name);
  if (found) return found;
  if (known.size > MOST_FACTS) known.clear();
  const facts = computeFacts(statement, catalog);
  known.set(name, facts);
  return facts;
}

const INTERNED = new WeakMap<Catalog, Map<string, Facts>>();
const MOST_FACTS = 5000;

function clauseName(clause: Clause | undefined): string {
  if (!clause) return '';
  const items = clause.items.map((item) => (item.presence === 'always' ? '' : '~') + canonicalText(item.text));
  return `${clause.negated ? '!' : ''}${clause.open ? '…' : ''}${items.join('\0,')}`;
}

function computeFacts(statement: Statement, catalog: Catalog): Facts {
  const clause = statement.action;
  const patterns = clause?.items.map((item) => knownText(item.text)) ?? [];
  const items = patterns.map((pattern) =>
    pattern === undefined || matchesEverything(pattern) ? [] : catalog.match(pattern),
  );
  const positive = clause && !clause.negated ? clause.items : [];
  const everyAction = positive.some(
    (item) => item.presence === 'always' && matchesEverything(knownText(item.text) ?? ''),
  );
  const actions = union(items.filter((_, index) => positive[index]?.presence === 'always'));
  const resources = certainPatterns(statement.resource);
  const everyResource = resources.some(takesEverything);
  return { items, everyAction, everyResource, actions, unscoped: unscopedOf(actions, resources, everyResource) };
}

function union(matches: readonly (readonly Match[])[]): readonly Actions[] {
  const byService = new Map<Service, Bits>();
  for (const match of matches) {
    for (const { service, bits } of match) {
      const all = byService.get(service);
      if (!all) byService.set(service, bits.slice());
      else for (let i = 0; i < all.length; i++) all[i] = (all[i] ?? 0) | (bits[i] ?? 0);
    }
  }
  return [...byService].map(([service, bits]) => ({ service, bits }));
}

/** The known patterns of a positive clause whose items are always there. */
function certainPatterns(clause: Clause | undefined): readonly string[] {
  if (!clause || clause.negated) return [];
  return clause.items.flatMap((item) => (item.presence === 'always' ? (resourcePattern(item) ?? []) : []));
}

/** The pattern with any partition in its partition field: in which one the policy lies is no restriction. Undefined where another part is a hole. */
export function resourcePattern(item: ClauseItem): string | undefined {
  const { flat } = item.text;
  const head = flat.startsWith('arn:') ? flat.indexOf(':', 4) : -1;
  if (head < 0) return knownText(item.text);
  const rest = flat.slice(head);
  const restKnown = !hasHole(item.text) || !holesFrom(item.text, head);
  return restKnown ? `arn:*${rest}` : undefined;
}

function holesFrom(text: Text, from: number): boolean {
  return text.parts.some((part) => part.kind === 'hole' && part.at >= from);
}

/** `*`, `**`, `arn:*`, `arn:aws:*`, `arn:*:*:*:*:*`. */
function takesEverything(pattern: string): boolean {
  return /^\*+$/.test(pattern) || /^arn:\*(:\*){0,5}$/.test(pattern);
}

function unscopedOf(
  actions: readonly Actions[],
  resources: readonly string[],
  everyResource: boolean,
): readonly Actions[] {
  if (resources.length === 0) return [];
  const wide = resources.filter((pattern) => pattern.includes('*'));
  if (wide.length === 0) return [];
  return actions.flatMap(({ service, bits }) => {
    const scopable = and(bits, service.scopable);
    const unscoped = everyResource ? scopable : reachingAll(service, scopable, resources, wide);
    return isEmpty(unscoped) ? [] : [{ service, bits: unscoped }];
  });
}

/** Those of the actions that reach every resource that they can. */
function reachingAll(service: Service, bits: Bits, resources: readonly string[], wide: readonly string[]): Bits {
  const result = new Uint32Array(bits.length);
  if (!wide.some((pattern) => namesService(pattern, service))) return result;
  const reach = reachOf(service, resources);
  if (!reach.coversAny) return result;
  for (const index of eachBit(bits)) {
    if (!makesUnnamed(service, index) && reachesAll(service.resourcesOf(index), reach))
      result[index >> 5] = (result[index >> 5] ?? 0) | (1 << (index & 31));
  }
  return result;
}

/** EC2 gives new resources their ids itself, so `volume/*` is the narrowest that a policy can name of one to be made. */
function makesUnnamed(service: Service, index: number): boolean {
  return (
    service.prefix === 'ec2' && /^(Allocate|Copy|Create|Import|Register|Request|Run)/.test(service.names[index] ?? '')
  );
}

/** A pattern that may name resources of the service: its service field is the service's prefix, or has a wildcard, or stands in one of its types. */
function namesService(pattern: string, service: Service): boolean {
  if (mayBeOf(pattern, service)) return true;
  const field = pattern.split(':', 3)[2];
  return (
    field === undefined || service.resourceTypes.some((type) => type.arns.some((arn) => arn.split(':', 3)[2] === field))
  );
}

/** How many actions there are in all. */
export function countActions(actions: readonly Actions[]): number {
  return actions.reduce((sum, { bits }) => sum + countBits(bits), 0);
}

/** The actions by name, with prefix, the gravest levels first and in them the most telling names; at most `most`. */
export function namesOf(actions: readonly Actions[], most: number): readonly string[] {
  const first = actions.flatMap(({ service, bits }) => {
    const front: Ranked[] = [];
    for (const one of ranked(service)) {
      if (front.length === most) break;
      if (hasBit(bits, one.index)) front.push(one);
    }
    return front;
  });
  return first
    .sort(compareRanked)
    .slice(0, most)
    .map((one) => one.name);
}

/** An action with what decides its place in a list of names. */
interface Ranked {
  readonly name: string;
  readonly index: number;
  readonly weight: number;
}

const RANKED = new WeakMap<Service, readonly Ranked[]>();

/** All actions of a service, the one that is named first at the front; computed once. */
function ranked(service: Service): readonly Ranked[] {
  const known = RANKED.get(service);
  if (known) return known;
  const ranking = GRAVEST.flatMap((level, grave) =>
    [...eachBit(service.levels[level])].map((index) => {
      const name = service.names[index] ?? '';
      return { name: `${service.prefix}:${name}`, index, weight: grave * 10 + weight(name) };
    }),
  ).sort(compareRanked);
  RANKED.set(service, ranking);
  return ranking;
}

function compareRanked(a: Ranked, b: Ranked): number {
  return a.weight - b.weight || a.name.length - b.name.length || (a.name < b.name ? -1 : 1);
}

/** What reviewers look for first: changing a policy, deleting; names that only tell come last. */
function weight(name: string): number {
  if (readsByName(name)) return 3;
  if (/^(Put|Set|Attach|Update).*Polic(y|ies)$|^AddPermission$|^PassRole$/.test(name)) return 0;
  return /^(Delete|Terminate|Put|Invoke)/.test(name) ? 1 : 2;
}

/** AWS classes some actions that only tell something as writing or managing permissions; their names give them away. */
function readsByName(name: string): boolean {
  return /^(BatchGet|Describe|Get|List|View)/.test(name);
}

const TELLING = new WeakMap<Service, Bits>();

/** The actions of a service whose names say that they do more than tell; computed once. */
export function changing(service: Service): Bits {
  const known = TELLING.get(service);
  if (known) return known;
  const bits = bitsWhere(service.names.length, (index) => !readsByName(service.names[index] ?? ''));
  TELLING.set(service, bits);
  return bits;
}

const GRAVEST = ['Permissions management', 'Write', 'Tagging', 'Read', 'List'] as const;
