/**
 * Holding: whether statements certainly give an identity a duty. What is not known gives nothing, and a Deny that may
 * apply takes it away: an accusation rests on what is certain. Knows no rules and no hosts.
 */
import type { Catalog } from '../catalog/catalog.ts';
import { matchesEverything } from '../catalog/match.ts';
import { canBe } from '../catalog/resource-types.ts';
import type { Duty, Power } from '../config/config.ts';
import { demands, holdsFor, keyName, operatorOf } from '../policy/condition.ts';
import { globIncludes, globsOverlap } from '../policy/pattern.ts';
import type { Clause, ClauseItem, Statement } from '../policy/policy.ts';
import { canonicalText, HOLE, hasHole, knownText } from '../text/text.ts';
import { literalOf } from '../value/value.ts';
import { takesAway } from './denying.ts';
import { lets, namers } from './naming.ts';
import { ENVIRONMENT } from './packs.ts';

/** A resource pattern of a statement. Where it has holes, `pattern` has a letter and `wide` a star for each, and `name` tells equal ones. */
export interface Place {
  readonly pattern: string;
  readonly wide: string;
  readonly name: string;
}

/** One way in which a duty is held: this statement allows this action, by this item of its clause, on these patterns. */
export interface Holding {
  readonly statement: Statement;
  readonly action: string;
  /** The item of the Action clause; undefined where NotAction lets the action through. */
  readonly item: ClauseItem | undefined;
  /** Where it is held. */
  readonly resources: readonly Place[];
  /** Whether the statement speaks of all resources, or the action has none. */
  readonly everywhere: boolean;
  /** Whether a resource of the statement lies within those that the duty is about. */
  readonly named: boolean;
  /** Whether the environment that tags demand is one that nobody knows: the duty is held possibly. */
  readonly possible: boolean;
}

/** The statements that one identity holds, with the letters of their clauses read once. */
export interface Holdings {
  /** All ways in which the identity has the duty; none where something that it requires is missing. */
  of(duty: Duty): readonly Holding[];
}

/** Reads the statements; every question about a duty then looks only at those that name one of its actions. */
export function holdingsOf(statements: readonly Statement[], catalog: Catalog): Holdings {
  const allows = statements.filter(
    (statement) =>
      statement.effect.answer === 'Allow' && statement.presence === 'always' && !mayBeEverything(statement),
  );
  const denies = statements.filter(
    (statement) => statement.effect.answer === 'Deny' || statement.effect.answer === 'unknown',
  );
  const naming = namers(allows);
  const grants = (action: string, power: Power, duty: Duty) =>
    naming(action).flatMap((statement) => grantOf(statement, action, power, duty, denies, catalog));
  const canPass = (action: string, services: readonly string[]) =>
    services.some(
      (service) =>
        grants(
          action.toLowerCase(),
          { actions: [action], resources: [], when: { 'iam:passedtoservice': [service] } },
          NO_DUTY,
        ).length > 0,
    );
  return {
    of: (duty) => {
      const ways = duty.anyOf.flatMap((power) => power.actions.flatMap((action) => grants(action, power, duty)));
      if (ways.length === 0) return ways;
      return duty.requires.every((need) => need.actions.some((action) => canPass(action, need.services))) ? ways : [];
    },
  };
}

const NO_DUTY: Duty = { id: '', title: '', anyOf: [], requires: [], production: false };

function grantOf(
  statement: Statement,
  action: string,
  power: Power,
  duty: Duty,
  denies: readonly Statement[],
  catalog: Catalog,
): readonly Holding[] {
  const through = lets(statement, action);
  if (!through || !admits(statement, power)) return [];
  const tags = environmentOf(statement);
  if (duty.production && (tags === 'non-production' || tags === 'hidden')) return [];
  const reached = reachedBy(statement, action, power, catalog);
  const left = reached.places.filter((place) => !denies.some((deny) => takesAway(deny, action, place, power)));
  if (left.length === 0) return [];
  const possible = (duty.production && tags === 'unknown') || delegated(statement);
  const named = left.some(({ pattern }) => power.resources.some((resource) => globIncludes(resource, pattern)));
  return [{ statement, action, item: through.item, resources: left, everywhere: reached.everywhere, named, possible }];
}

/** A statement that allows everything holds every duty: that is another finding. */
function mayBeEverything(statement: Statement): boolean {
  const { action, resource } = statement;
  if (!action || action.negated || !resource || resource.negated) return false;
  return mayTake(action, matchesEverything) && mayTake(resource, (text) => EVERY_RESOURCE.test(text));
}

/** Whether an item takes everything, or might: a hole may stand for a star, or for nothing beside one. */
function mayTake(clause: Clause, everything: (text: string) => boolean): boolean {
  return (
    clause.open ||
    clause.items.some(
      ({ text }) =>
        everything(text.flat) ||
        (hasHole(text) && (everything(text.flat.replaceAll(HOLE, '*')) || everything(text.flat.replaceAll(HOLE, '')))),
    )
  );
}

const EVERY_RESOURCE = /^(\*+|arn:\*|arn:[^:]*(:\*){1,5})$/;

/** Whether the conditions certainly leave a request with one of the values of `when` through, as far as they test those keys. */
function admits(statement: Statement, power: Power): boolean {
  if (
    statement.conditionsOpen ||
    statement.conditions.some((condition) => condition.open || keyName(condition) === undefined)
  )
    return false;
  return Object.entries(power.when).every(([key, values]) => {
    const tests = statement.conditions.filter((condition) => keyName(condition) === key);
    return tests.length === 0 || values.some((value) => tests.every((test) => holdsFor(test, value) === 'yes'));
  });
}

/** Delegated administration: a grant that demands a permissions boundary is no free hand. */
function delegated(statement: Statement): boolean {
  return statement.conditions.some((condition) => keyName(condition) === 'iam:permissionsboundary');
}

/** What tag conditions say of the environment that the statement reaches; `hidden` where their words cannot be seen, `unknown` where nobody knows what they mean. */
export function environmentOf(statement: Statement): 'any' | 'production' | 'non-production' | 'unknown' | 'hidden' {
  const tests = statement.conditions.filter((condition) => isEnvironmentTag(keyName(condition)));
  if (tests.some((test) => test.presence === 'sometimes' || test.open || !operatorOf(test.operator))) return 'hidden';
  const [test] = tests.filter(demands);
  if (!test) return 'any';
  const values = test.values.map((item) => literalOf(item.value)?.toLowerCase());
  if (values.includes(undefined) || test.values.some((item) => item.presence === 'sometimes')) return 'hidden';
  if (values.some((value) => value !== undefined && ENVIRONMENT.production.includes(value))) return 'production';
  return values.every((value) => value !== undefined && ENVIRONMENT.nonProduction.includes(value))
    ? 'non-production'
    : 'unknown';
}

function isEnvironmentTag(key: string | undefined): boolean {
  const tag = /^[\w-]+:resourcetag\/(.+)$/.exec(key ?? '')?.[1];
  return tag !== undefined && ENVIRONMENT.tagKeys.some((name) => name.toLowerCase() === tag);
}

/** Where the statement certainly lets the action reach something that the power is about. */
function reachedBy(
  statement: Statement,
  action: string,
  power: Power,
  catalog: Catalog,
): { places: readonly Place[]; everywhere: boolean } {
  const clause = statement.resource;
  if (!clause) return { places: [], everywhere: false };
  if (clause.negated) {
    const known = clause.items.map((item) => knownText(item.text));
    if (clause.open || known.some((pattern) => pattern === undefined)) return { places: [], everywhere: false };
    const wanted = power.resources.length > 0 ? power.resources : ['*'];
    const left = wanted.filter(
      (resource) => !known.some((pattern) => pattern !== undefined && globIncludes(pattern, resource)),
    );
    return {
      places: left.map((pattern) => ({ pattern, wide: pattern, name: pattern })),
      everywhere: left.includes('*'),
    };
  }
  const places = clause.items.flatMap((item) => (item.presence === 'always' ? (placeOf(item) ?? []) : []));
  const mine = places.filter(
    ({ pattern, wide }) =>
      applies(action, pattern, catalog) &&
      (power.resources.length === 0 ||
        (wide === pattern && power.resources.some((resource) => meets(pattern, resource)))),
  );
  return { places: mine, everywhere: mine.some(({ pattern }) => pattern === '*') };
}

/** The item as a place; undefined for what is the caller's own. */
function placeOf({ text }: ClauseItem): Place | undefined {
  if (!hasHole(text)) return bound(text.flat) ? undefined : { pattern: text.flat, wide: text.flat, name: text.flat };
  return { pattern: text.flat.replaceAll(HOLE, 'x'), wide: text.flat.replaceAll(HOLE, '*'), name: canonicalText(text) };
}

/** A resource that is the caller's own: rights over it are no duty. */
function bound(pattern: string): boolean {
  return pattern.includes('${aws:username}') || pattern.includes('${aws:userid}');
}

function applies(action: string, pattern: string, catalog: Catalog): boolean {
  if (/^\*+$/.test(pattern)) return true;
  const found = catalog.action(action);
  const service = catalog.service(action.slice(0, action.indexOf(':')));
  if (!found || !service || found.resourceTypes.length === 0) return false;
  return found.resourceTypes.some(({ type }) =>
    service.resourceTypes.some((candidate) => candidate.key === type && canBe(pattern, candidate)),
  );
}

/**
 * Whether two resource patterns meet, where wildcards of an ARN's first five fields stay within their field; in S3, what
 * stands before the first slash is the bucket's name and holds none itself.
 */
export function meets(a: string, b: string): boolean {
  const [left, right] = [arnFields(a), arnFields(b)];
  if (!left || !right) return globsOverlap(a, b);
  if (!left.every((field, index) => globsOverlap(field, right[index] ?? ''))) return false;
  const [first, second] = [objectParts(a), objectParts(b)];
  if (!first || !second) return true;
  if (!globsOverlap(first.bucket, second.bucket)) return false;
  if (first.bare && second.bare) return true;
  return first.key !== undefined && second.key !== undefined && globsOverlap(first.key, second.key);
}

/** Partition, service, region, account and resource; undefined where the pattern has fewer fields. */
function arnFields(pattern: string): readonly string[] | undefined {
  const fields = pattern.split(':');
  return fields.length < 6 ? undefined : [...fields.slice(1, 5), fields.slice(5).join(':')];
}

/** What an S3 pattern says of the bucket and of keys in it; `bare` where it takes in the bucket itself. */
function objectParts(pattern: string): { bucket: string; key: string | undefined; bare: boolean } | undefined {
  const path = /^arn:[^:]*:s3:::(.*)$/s.exec(pattern)?.[1];
  if (path === undefined) return undefined;
  const slash = path.indexOf('/');
  if (slash >= 0) return { bucket: path.slice(0, slash), key: path.slice(slash + 1), bare: false };
  return { bucket: path, key: path.endsWith('*') ? '*' : undefined, bare: true };
}
