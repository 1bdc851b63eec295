/**
 * Narrows wide items of an Allow's Resource to ARNs of the types that the actions act on: resources of the module by
 * reference, else patterns with parts to be filled in. Actions that need `*` move to a statement of their own. Each fix is
 * of safety `narrows`; whoever offers it proves it.
 */
import { and, andNot, eachBit, isEmpty } from '../../catalog/bits.ts';
import type { ResourceType, Service } from '../../catalog/service.ts';
import type { Edit, Plain } from '../../finding/edit.ts';
import type { Fix } from '../../finding/finding.ts';
import { globIncludes, isPattern } from '../../policy/pattern.ts';
import type { ClauseItem, Policy, Statement } from '../../policy/policy.ts';
import { displayText, HOLE, hasHole, knownText } from '../../text/text.ts';
import { onlyDescribes } from '../describing.ts';
import { type Actions, resourcePattern } from '../facts.ts';
import type { RuleContext } from '../rule.ts';
import { arnFor, definiteArns, type Narrowed, type Whereabouts, whereaboutsOf, withStreams } from './arns.ts';
import { replaceInClause, splitStatement } from './clause-edits.ts';
import { lowerFirst, removalOf, withoutActions } from './names.ts';
import { referencesFor } from './references.ts';
import { takenBy, typesFor } from './types.ts';

/** Patterns of one fix. */
const MOST_PATTERNS = 10;

/** The fixes that put something narrower in the place of the wide items, references first. `about` are the actions that they have to serve. */
export function narrowResources(
  policy: Policy,
  statement: Statement,
  wide: readonly ClauseItem[],
  about: readonly Actions[],
  context: RuleContext,
): readonly Fix[] {
  const { action, resource } = statement;
  // Each service needs a pattern of its own.
  if (!action || action.open || !resource || about.length === 0 || about.length > MOST_PATTERNS) return [];
  const where = whereaboutsOf(policy, context.config);
  const patterns = about.flatMap((actions) => patternsFor(actions, groupsOf(statement, actions, context), where));
  return offersOf(patterns, wide, context).flatMap((offer) => toFix(policy, statement, wide, offer, context) ?? []);
}

/** Services that are offered one by one. */
const MOST_SERVICES = 2;

/** For statements of several services that need too many patterns: moves one service after the other to a statement of its own, those last of which all only describes. */
export function narrowByService(
  policy: Policy,
  statement: Statement,
  wide: readonly ClauseItem[],
  about: readonly Actions[],
  context: RuleContext,
): readonly Fix[] {
  const fixes: Fix[] = [];
  const gravest = [...about].sort((a, b) => Number(onlyDescribes(a)) - Number(onlyDescribes(b)));
  for (const actions of about.length > 1 ? gravest : []) {
    fixes.push(...narrowOneService(policy, statement, wide, actions, context));
    if (fixes.length >= MOST_SERVICES) break;
  }
  return fixes;
}

/** Moves the items of one service to a statement of their own. */
function narrowOneService(
  policy: Policy,
  statement: Statement,
  wide: readonly ClauseItem[],
  actions: Actions,
  context: RuleContext,
): readonly Fix[] {
  const { action } = statement;
  const { service } = actions;
  const needs = unscopable(statement, context);
  const named = (action?.items ?? []).filter((item) => !needs.includes(item));
  const matches = new Map(named.map((item) => [item, context.catalog.match(knownText(item.text) ?? '')]));
  const about = named.filter((item) => matches.get(item)?.some((match) => match.service === service));
  const mine = about.filter((item) => matches.get(item)?.every((match) => match.service === service));
  // What takes in other services too stays, and the finding with it.
  const split = mine.length === about.length ? splitStatement(policy, statement, mine) : undefined;
  if (!action || !split || mine.length === 0) return [];
  const own: Statement = { ...statement, action: { ...action, items: mine } };
  const called =
    mine.length === 1
      ? mine.map(({ text }) => `\`${displayText(text)}\``).join('')
      : `the ${mine.length} actions of \`${service.prefix}\``;
  return narrowResources(policy, own, wide, [actions], context).map((fix) => ({
    ...fix,
    title: `Give ${called} a statement of ${mine.length === 1 ? 'its' : 'their'} own: ${lowerFirst(fix.title)}`,
    edits: [...split.here, split.copy(fix.edits)],
  }));
}

/** Patterns for whole types, within the wide items: with resources of the module first, where there are some. */
export function patternsOfTypes(
  types: readonly ResourceType[],
  policy: Policy,
  wide: readonly ClauseItem[],
  context: RuleContext,
): readonly (readonly Narrowed[])[] {
  const where = whereaboutsOf(policy, context.config);
  return offersOf(
    types.flatMap((type) => typed(type, where)),
    wide,
    context,
  );
}

function offersOf(
  all: readonly Typed[],
  wide: readonly ClauseItem[],
  context: RuleContext,
): readonly (readonly Narrowed[])[] {
  const patterns = all.filter(({ glob }) => wide.some((item) => takesIn(item, glob)));
  const plain = withoutIncluded(patterns);
  const references = withoutIncluded(
    patterns.flatMap((one) => (one.type ? (referencesFor(one.type, context) ?? [one]) : [one])),
  );
  return references.some(({ thing }) => thing) ? [references, plain] : [plain];
}

function toFix(
  policy: Policy,
  statement: Statement,
  wide: readonly ClauseItem[],
  patterns: readonly Narrowed[],
  context: RuleContext,
): Fix | undefined {
  const { resource } = statement;
  const narrowed = resource && patterns.length <= MOST_PATTERNS ? narrowedEdits(statement, wide, patterns) : undefined;
  const [first] = wide;
  if (!narrowed || !first) return undefined;
  const needs = wide.some(({ text }) => /^\*+$/.test(text.flat)) ? unscopable(statement, context) : [];
  const split = needs.length > 0 ? splitStatement(policy, statement, needs) : undefined;
  if (needs.length > 0 && !split) return undefined;
  const names = needs.map(({ text }) => `\`${displayText(text)}\``);
  const moved =
    names.length === 0
      ? ''
      : `, and give ${names.length > 2 ? `${names.length} actions` : names.join(' and ')} a statement of ${names.length === 1 ? 'its' : 'their'} own`;
  return {
    title: `Narrow \`${displayText(first.text)}\` to ${inWords(patterns)}${moved}${lossOf(statement, wide, patterns, needs, context)}`,
    safety: 'narrows',
    edits: split ? [...split.here, ...narrowed, split.copy([])] : narrowed,
  };
}

/** The actions that can do nothing any more, in brackets; empty where there are none, or that cannot be told. */
function lossOf(
  statement: Statement,
  wide: readonly ClauseItem[],
  patterns: readonly Narrowed[],
  moved: readonly ClauseItem[],
  { catalog, facts, things }: RuleContext,
): string {
  const { actions, everyResource } = facts(statement);
  const others = (statement.resource?.items ?? []).filter((item) => !wide.includes(item));
  const arns = patterns.map(({ thing, glob }) => {
    const type = thing && catalog.typeOfThing(things.find(({ id }) => id === thing)?.type ?? '');
    return `${type ? (type.arns[0] ?? '').replace(/\$\{[^}]*\}/g, 'x') : ''}${glob}`;
  });
  const was = everyResource ? actions : takenBy(actions, definiteArns(statement) ?? []);
  const is = takenBy(actions, [...arns, ...others.map(({ text }) => text.flat.replaceAll(HOLE, '*'))]);
  const apart = moved.flatMap(({ text }) => catalog.match(knownText(text) ?? ''));
  const gone = withoutActions(withoutActions(was, apart), is);
  if (gone.length === 0) return '';
  const needing = gone.filter(({ service, bits }) => !isEmpty(andNot(bits, service.scopable)));
  const scoped = gone.filter(({ service, bits }) => !isEmpty(and(bits, service.scopable)));
  const needs = [...(needing.length > 0 ? ['`*`'] : []), ...(scoped.length > 0 ? ['other resources'] : [])];
  return ` (${removalOf(gone, [], ` that need ${needs.join(' or ')}`)})`;
}

/** Whether the pattern lies within the item, whatever the partition of both. */
function takesIn(item: ClauseItem, glob: string): boolean {
  return globIncludes(resourcePattern(item) ?? '', glob.replace(/^arn:[^:]*:/, 'arn:aws:'));
}

/** Where a partition is only known at deploy time, it stays and what follows is written anew. */
export function narrowedEdits(
  { resource }: Statement,
  wide: readonly ClauseItem[],
  patterns: readonly Narrowed[],
): readonly Edit[] | undefined {
  if (!resource || patterns.length === 0) return undefined;
  if (wide.every(({ text }) => !hasHole(text))) return replaceInClause(resource, wide, patterns.map(plainOf));
  const edits = wide.flatMap((item): readonly Edit[] => {
    const head = item.text.flat.indexOf(':', 4);
    const [pattern, ...more] = patterns.filter(({ glob, thing }) => thing === undefined && takesIn(item, glob));
    if (!pattern || more.length > 0 || head < 0) return [];
    const text = pattern.glob.slice(pattern.glob.indexOf(':', 4));
    return [{ kind: 'rewrite', value: item.value, from: head, to: item.text.flat.length, text }];
  });
  return edits.length === wide.length ? edits : undefined;
}

function plainOf({ thing, glob }: Narrowed): Plain {
  return thing === undefined ? glob : { thing, suffix: glob };
}

/** The items that name actions which no policy can scope; they need `*`. */
function unscopable({ action }: Statement, { catalog }: RuleContext): readonly ClauseItem[] {
  return (action?.items ?? []).filter((item) => {
    const matches = catalog.match(knownText(item.text) ?? '');
    return matches.length > 0 && matches.every(({ service, bits }) => isEmpty(and(bits, service.scopable)));
  });
}

/** For each item of the Action clause its actions of the service; those of a wildcard apart from those that are named. */
interface Groups {
  readonly named: readonly number[];
  readonly wild: readonly (readonly number[])[];
}

function groupsOf({ action }: Statement, { service, bits }: Actions, { catalog }: RuleContext): Groups {
  const known = (action?.items ?? []).flatMap(({ text }) => knownText(text) ?? []);
  const indices = (pattern: string) => {
    const match = catalog.match(pattern).find((one) => one.service.prefix === service.prefix);
    return match ? [...eachBit(and(match.bits, bits))] : [];
  };
  return {
    named: known.filter((name) => !isPattern(name)).flatMap(indices),
    wild: known
      .filter(isPattern)
      .map(indices)
      .filter((group) => group.length > 0),
  };
}

/** A pattern, and the type that it is of, where it is of one. */
type Typed = Narrowed & { readonly type?: ResourceType };

function patternsFor(actions: Actions, { named, wild }: Groups, where: Whereabouts): readonly Typed[] {
  const { service, bits } = actions;
  const types = typesFor(service, named, wild);
  if (!types) return wholeService(service, [...eachBit(bits)], where);
  return types.flatMap((type) => typed(type, where));
}

function typed(type: ResourceType, where: Whereabouts): readonly Typed[] {
  const [template] = type.arns;
  return template ? [{ glob: withStreams(type, arnFor(template, where)), thing: undefined, type }] : [];
}

/** Many types: the service's resources of one account and region, and those that have no account by their own templates. */
function wholeService(service: Service, indices: readonly number[], where: Whereabouts): readonly Typed[] {
  const keys = new Set(indices.flatMap((index) => service.resourcesOf(index).map(({ type }) => type)));
  return service.resourceTypes.flatMap((type): readonly Typed[] => {
    const fields = keys.has(type.key) ? (type.arns[0]?.split(':') ?? []) : [];
    if (fields.length < 6) return [];
    return fields[4]
      ? [{ glob: `${arnFor(fields.slice(0, 5).join(':'), where)}:*`, thing: undefined }]
      : typed(type, where);
  });
}

function withoutIncluded<Pattern extends Narrowed>(patterns: readonly Pattern[]): readonly Pattern[] {
  const once = patterns.filter(
    (one, i) => patterns.findIndex((other) => other.thing === one.thing && other.glob === one.glob) === i,
  );
  return once.filter(
    (one) => !once.some((other) => other !== one && other.thing === one.thing && globIncludes(other.glob, one.glob)),
  );
}

/** The patterns for a title: resources of the module first, and two by their letters. */
export function inWords(patterns: readonly Narrowed[]): string {
  const shown = [...patterns]
    .sort((a, b) => Number(b.thing !== undefined) - Number(a.thing !== undefined))
    .map(({ thing, glob }) => `\`${thing ?? ''}${glob}\``);
  if (shown.length <= 2) return shown.join(' and ');
  return `${shown.slice(0, 2).join(', ')} and ${shown.length - 2} more`;
}
