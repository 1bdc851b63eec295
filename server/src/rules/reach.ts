/** Reach: which resource types the resource patterns of a statement touch, and which they take in whole. Each type is asked about once. */
import { canBe, templateGlob } from '../catalog/resource-types.ts';
import type { ActionResource, ResourceType, Service } from '../catalog/service.ts';
import { globIncludes } from '../policy/pattern.ts';

/** What some patterns have to do with the types of one service; types that the service does not define count as touched. */
export interface Reach {
  /** Whether some resource of the type matches a pattern: no is definite. */
  readonly touches: (type: string) => boolean;
  /** Whether every resource of the type matches one of the patterns: yes is definite. */
  readonly covers: (type: string) => boolean;
  /** Whether any type is taken in whole. */
  readonly coversAny: boolean;
  /** Whether an account has but one resource of the type in each Region, so that a pattern that names it cannot be narrower. */
  readonly isOnlyOne: (type: string) => boolean;
}

/** The reach of known patterns among the types of a service. Nothing is compared before it is asked for. */
export function reachOf(service: Service, patterns: readonly string[]): Reach {
  const types = typesByKey(service);
  let covered: ReadonlySet<string> | undefined;
  const allCovered = () => {
    covered ??= coveredBy(service, patterns);
    return covered;
  };
  return {
    touches: (key) => {
      const type = types.get(key);
      return !type || patterns.some((pattern) => touchesType(service, pattern, type));
    },
    covers: (key) => allCovered().has(key),
    isOnlyOne: (key) => isOnlyOne(types.get(key)),
    get coversAny() {
      return allCovered().size > 0;
    },
  };
}

const TOUCHED = new WeakMap<Service, Map<string, Map<string, boolean>>>();

/** Whether the pattern may name some resource of the type; remembered by service. */
function touchesType(service: Service, pattern: string, type: ResourceType): boolean {
  const known = TOUCHED.get(service) ?? new Map<string, Map<string, boolean>>();
  TOUCHED.set(service, known);
  if (known.size > MOST_PATTERNS) known.clear();
  const answers = known.get(pattern) ?? new Map<string, boolean>();
  known.set(pattern, answers);
  const answer = answers.get(type.key) ?? canBe(pattern, type);
  answers.set(type.key, answer);
  return answer;
}

/** Whether no template of the type leaves a name open, as with `arn:${Partition}:apigateway:${Region}::/account`. */
function isOnlyOne(type: ResourceType | undefined): boolean {
  return type !== undefined && type.arns.length > 0 && type.arns.every((arn) => !resourcePart(arn).includes('${'));
}

function resourcePart(arn: string): string {
  return arn.replace(/^(?:[^:]*:){5}/, '');
}

const NONE: ReadonlySet<string> = new Set();
const COVERED = new WeakMap<Service, Map<string, ReadonlySet<string>>>();
const MOST_PATTERNS = 2000;

/** The types that one of the patterns takes in whole. */
function coveredBy(service: Service, patterns: readonly string[]): ReadonlySet<string> {
  let only = NONE;
  let all: Set<string> | undefined;
  for (const pattern of patterns) {
    const mine = typesTakenIn(service, pattern);
    if (mine.size === 0) continue;
    if (all) for (const type of mine) all.add(type);
    else if (only.size === 0) only = mine;
    else all = new Set([...only, ...mine]);
  }
  return all ?? only;
}

/** The types that a pattern takes in whole; remembered by service. A pattern with `?` asks for a length, and no type has only names of one. */
export function typesTakenIn(service: Service, pattern: string): ReadonlySet<string> {
  if (!pattern.includes('*') || pattern.includes('?')) return NONE;
  const known = COVERED.get(service) ?? new Map<string, ReadonlySet<string>>();
  COVERED.set(service, known);
  const before = known.get(pattern);
  if (before) return before;
  if (known.size > MOST_PATTERNS) known.clear();
  const now = coveredByOne(service, pattern);
  known.set(pattern, now);
  return now;
}

function coveredByOne(service: Service, pattern: string): ReadonlySet<string> {
  const globs = globsOf(service);
  const keys = globs.filter(
    ({ templates }) => templates.length > 0 && templates.every((template) => globIncludes(pattern, template)),
  );
  return keys.length === 0 ? NONE : new Set(keys.map(({ key }) => key));
}

const GLOBS = new WeakMap<Service, readonly { readonly key: string; readonly templates: readonly string[] }[]>();

function globsOf(service: Service): readonly { readonly key: string; readonly templates: readonly string[] }[] {
  const known =
    GLOBS.get(service) ?? service.resourceTypes.map(({ key, arns }) => ({ key, templates: arns.map(templateGlob) }));
  GLOBS.set(service, known);
  return known;
}

const TYPES = new WeakMap<Service, ReadonlyMap<string, ResourceType>>();

function typesByKey(service: Service): ReadonlyMap<string, ResourceType> {
  const known = TYPES.get(service) ?? new Map(service.resourceTypes.map((type) => [type.key, type] as const));
  TYPES.set(service, known);
  return known;
}

/**
 * Whether an action reaches every resource that it can by these patterns: of the types that it needs (or takes, where it
 * needs none), some are touched, and those in whole.
 */
export function reachesAll(resources: readonly ActionResource[], reach: Reach): boolean {
  if (!reach.coversAny) return false;
  const needsSome = resources.some((type) => type.required);
  // A type that is taken in whole is touched; most patterns take in none, and the others need not be asked about.
  const asked = resources.filter(({ required }) => required || !needsSome);
  if (!asked.some(({ type }) => reach.covers(type) && !reach.isOnlyOne(type))) return false;
  return asked.every(({ type }) => reach.covers(type) || !reach.touches(type));
}

/** Whether the ARN's service field is the service's prefix, has a wildcard, or is taken in by one before it. */
export function mayBeOf(pattern: string, service: Service): boolean {
  const field = pattern.split(':', 3)[2];
  return field === undefined || field.includes('*') || field === service.prefix;
}
