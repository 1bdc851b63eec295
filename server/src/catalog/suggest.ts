/**
 * Suggest: what an author may have meant by an action or a service that AWS does not define. Guesses only: it says
 * nothing about names that are defined, and nothing about patterns.
 */
import { isPattern } from '../policy/pattern.ts';
import { editDistance } from './distance.ts';
import { memo } from './memo.ts';
import type { Service } from './service.ts';
import type { ServiceTable } from './service-table.ts';
import { type Layout, type ReadBytes, readExtra } from './slices.ts';

/**
 * Why a name is suggested. `operation`: the name is one of the API, and AWS checks this action for it. `spelling`: it
 * differs by a few letters, or by an ending. `service`: the same action, of another service.
 */
export type SuggestionKind = 'operation' | 'spelling' | 'service';

/** An action, with prefix, as AWS spells it. */
export interface Suggestion {
  readonly name: string;
  readonly kind: SuggestionKind;
}

/** Guesses from one catalog, best first, never more than {@link MOST}; none for what is defined, has wildcards or is nothing like. */
export interface Suggester {
  action(name: string): readonly Suggestion[];
  service(prefix: string): readonly string[];
}

/** A suggester that reads the hints when first asked. */
export function suggester(bytes: ReadBytes, layout: Layout, table: ServiceTable): Suggester {
  const hints = memo(() => readExtra<Hints>(bytes, layout, 'hints') ?? NO_HINTS);
  const sources: Sources = { table, hints };
  return {
    action: remembering((name) => suggestAction(sources, name)),
    service: remembering((prefix) => suggestService(sources, prefix)),
  };
}

/** The same with a bounded memory: a name that is wrong is asked about with every keystroke. */
function remembering<Answer>(ask: (name: string) => Answer): (name: string) => Answer {
  const known = new Map<string, Answer>();
  return (name) => {
    const before = known.get(name);
    if (before !== undefined) return before;
    if (known.size >= MOST_REMEMBERED) known.clear();
    const answer = ask(name);
    known.set(name, answer);
    return answer;
  };
}

const MOST_REMEMBERED = 1000;

function suggestAction(sources: Sources, name: string): readonly Suggestion[] {
  const [prefix = '', word = '', more] = name.toLowerCase().split(':');
  if (word === '' || more !== undefined || isPattern(name) || name.length > LONGEST) return [];
  const { table } = sources;
  const own = table.find(prefix);
  if (own && table.indexOf(own, word) !== undefined) return [];
  const guesses: Guess[] = own
    ? [...operations(sources, own, word), ...spellings(sources, own, word, 0)]
    : suggestService(sources, prefix).flatMap((meant, place) => inService(sources, table.find(meant), word, place));
  if (!guesses.some(({ score }) => score <= 1)) guesses.push(...elsewhere(sources, word));
  return ranked(guesses);
}

/** The best guess for each name; those far behind the best are dropped. */
function ranked(guesses: readonly Guess[]): readonly Suggestion[] {
  const sorted = [...guesses].sort((a, b) => a.score - b.score || a.rank - b.rank || (a.name < b.name ? -1 : 1));
  const best = sorted[0]?.score ?? 0;
  const seen = new Set<string>();
  const close = sorted.filter(({ name, score }) => score < best + 1.5 && !seen.has(name) && seen.add(name));
  return close.slice(0, MOST).map(({ name, kind }) => ({ name, kind }));
}

/** The word in a service that the prefix may stand for; `place` is how far down the list of such services. */
function inService(sources: Sources, service: Service | undefined, word: string, place: number): readonly Guess[] {
  if (!service) return [];
  const index = sources.table.indexOf(service, word);
  if (index === undefined) {
    return [...operations(sources, service, word), ...spellings(sources, service, word, 0.5)].map((guess) => ({
      ...guess,
      score: guess.score + place / 4,
    }));
  }
  return [{ ...guessOf(sources, service, index), kind: 'service', score: place / 4 }];
}

/** Actions that AWS checks for an operation of that name; the table also has families (`apigateway:get*`). */
function operations({ hints }: Sources, service: Service, word: string): readonly Guess[] {
  const name = `${service.prefix}:${word}`;
  const table = hints().operations;
  const family = Object.keys(table)
    .filter((key) => key.endsWith('*') && name.startsWith(key.slice(0, -1)))
    .sort((a, b) => b.length - a.length)[0];
  const actions = Object.hasOwn(table, name) ? table[name] : family === undefined ? [] : table[family];
  return (actions ?? []).map((action, rank) => ({ name: action, kind: 'operation', score: 0, rank }));
}

function spellings(sources: Sources, service: Service, word: string, handicap: number): readonly Guess[] {
  const limit = tolerance(word);
  const guesses: Guess[] = [];
  const longer: Guess[] = [];
  for (const [index, lower] of sources.table.lowerNames(service).entries()) {
    const distance = editDistance(word, lower, limit);
    const near = distance <= limit && !otherVerb(word, lower);
    if (!near && !lower.startsWith(word)) continue;
    const guess = { ...guessOf(sources, service, index), kind: 'spelling' } as const;
    if (near) guesses.push({ ...guess, score: distance + handicap });
    else longer.push({ ...guess, score: 2 + handicap });
  }
  return word.length >= LONG_OPENING && longer.length <= FEW ? [...guesses, ...longer] : guesses;
}

/** Whether both open with verbs that are known, and different: an author who writes Put did not mean Get. */
function otherVerb(a: string, b: string): boolean {
  const [first, second] = [VERB.exec(a)?.[0], VERB.exec(b)?.[0]];
  return first !== undefined && second !== undefined && first !== second;
}

/** The very word in other services, unless so many have it that it says nothing (`TagResource`). */
function elsewhere(sources: Sources, word: string): readonly Guess[] {
  const { table } = sources;
  table.readAllNames();
  const all = table.all().filter((service) => table.lowerNames(service).includes(word));
  if (all.length > MANY) return [];
  const common = all.filter((service) => sources.hints().common.includes(service.prefix));
  const holders = common.length > 0 ? common : all;
  return holders.flatMap((service) => {
    const index = table.indexOf(service, word);
    return index === undefined ? [] : [{ ...guessOf(sources, service, index), kind: 'service', score: 1.5 } as const];
  });
}

function guessOf({ hints }: Sources, service: Service, index: number): Pick<Guess, 'name' | 'rank'> {
  return { name: `${service.prefix}:${service.names[index] ?? ''}`, rank: rankOf(hints(), service.prefix) };
}

/** What people call a service, its full name, and other prefixes by a few letters. */
function suggestService(sources: Sources, prefix: string): readonly string[] {
  const { table, hints } = sources;
  const word = bare(prefix);
  if (word === '' || table.find(prefix) || isPattern(prefix) || prefix.length > LONGEST) return [];
  const { services: aliases } = hints();
  const guesses = new Map<string, number>();
  const add = (meant: string, score: number) => guesses.set(meant, Math.min(score, guesses.get(meant) ?? score));
  const limit = tolerance(word);
  for (const [alias, meant] of Object.entries(aliases)) {
    const distance = editDistance(word, alias, Math.min(limit, 1));
    // A misspelt alias is a guess on a guess, and short ones are all alike.
    if (distance === 0 || (distance === 1 && alias.length > 4)) for (const one of meant) add(one, distance * 1.5);
  }
  for (const service of table.all()) {
    if (bare(service.name) === word) add(service.prefix, 0);
    const distance = editDistance(word, bare(service.prefix), limit);
    if (distance <= limit) add(service.prefix, distance);
  }
  const best = Math.min(...guesses.values());
  return [...guesses]
    .filter(([, score]) => score <= best)
    .sort(([a], [b]) => rankOf(hints(), a) - rankOf(hints(), b) || (a < b ? -1 : 1))
    .slice(0, MOST_SERVICES)
    .map(([meant]) => meant);
}

/** Lower-case letters and digits, without the maker's name: `AWS Step Functions` is `stepfunctions`. */
function bare(name: string): string {
  return name.toLowerCase().replace(/^(amazon|aws)(?=[^a-z])|[^a-z0-9]/g, '');
}

/** How many letters may be wrong in a word. */
function tolerance(word: string): number {
  return word.length < 3 ? 0 : word.length < 6 ? 1 : word.length < 12 ? 2 : 3;
}

/** Services that many policies name come first. */
function rankOf({ common }: Hints, prefix: string): number {
  const place = common.indexOf(prefix);
  return place < 0 ? common.length : place;
}

interface Sources {
  readonly table: ServiceTable;
  readonly hints: () => Hints;
}

/** A suggestion with what it costs: about one for each wrong letter. */
interface Guess extends Suggestion {
  readonly score: number;
  readonly rank: number;
}

/** The hand-written part of the catalog: `server/data/hints.json`, with operations in lower case. */
interface Hints {
  readonly operations: Readonly<Record<string, readonly string[]>>;
  readonly services: Readonly<Record<string, readonly string[]>>;
  readonly common: readonly string[];
}

const NO_HINTS: Hints = { operations: {}, services: {}, common: [] };

/** Suggestions to a name, and to a prefix. */
const MOST = 5;
const MOST_SERVICES = 3;

/** Verbs that stand against another one a few letters away. */
const VERB =
  /^(get|put|set|list|describe|create|update|delete|add|remove|start|stop|(at|de)tach|enable|disable|(dis)?associate|(de)?register|(un|de)?authorize|(un)?tag|(un)?lock|(un)?subscribe|(un)?assign|(un)?share|import|export|grant|revoke|accept|reject)/;

/** Longer names are no misspelling. */
const LONGEST = 128;

/** An opening of a name must be this long, and fit this many actions at most, to stand for them. */
const LONG_OPENING = 8;
const FEW = 3;

/** An action that more services than this have says nothing about the service. */
const MANY = 8;
