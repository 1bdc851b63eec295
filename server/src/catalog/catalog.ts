/**
 * Catalog: what AWS defines: services, actions, resource types, condition keys. Pure and synchronous; reads its file
 * through one function, part by part and once each; knows nothing of policies. Never throws, whatever the names or bytes.
 */
import { conditionKeys } from './condition-keys.ts';
import { type Match, matcher } from './match.ts';
import { memo } from './memo.ts';
import { arnService, type ResourceTypeMatch, typesOf } from './resource-types.ts';
import type { Action, ConditionKey, ResourceType, Service } from './service.ts';
import { serviceTable } from './service-table.ts';
import { type CatalogSource, type Layout, type ReadBytes, readExtra, readLayout } from './slices.ts';
import { type Suggestion, suggester } from './suggest.ts';
import { templateType } from './template-types.ts';

/** Lookups over one catalog file. What an answer holds is shared and never changes. Letter case never counts in names. */
export interface Catalog {
  /** Date of the service reference, `2026-09-26`; empty in an empty catalog. */
  readonly date: string;
  readonly sources: readonly CatalogSource[];
  /** Prefixes, sorted. */
  readonly services: readonly string[];
  service(prefix: string): Service | undefined;
  /** An action by its full name, `s3:GetObject`: the object that stands in `service.actions`. Reads the service's slice. */
  action(name: string): Action | undefined;
  /** Whether the full name is an action; reads no more than the names of the service. */
  hasAction(name: string): boolean;
  /** Whether the full name was an action in older data and is none now. */
  removedAction(name: string): boolean;
  /** Whether the prefix was a service in older data and is none now. */
  removedService(prefix: string): boolean;
  /**
   * The actions that a pattern takes in, by service in order of prefix. `s3:Get*` reads the names of S3; `*` and `s3:*` read
   * nothing; `*:Get*` reads all names once (about 6 ms the first time, 3 ms a pattern after that). No slice is read until a
   * match's `service.actions` are. The same list comes back for the same pattern.
   */
  match(pattern: string): readonly Match[];
  /** How many actions the pattern takes in, at the cost of {@link Catalog.match}. */
  count(pattern: string): number;
  readonly globalKeys: readonly ConditionKey[];
  /** `aws:SourceIp`, `s3:prefix`, `aws:ResourceTag/team`; undefined for keys of identity providers that AWS cannot know. */
  conditionKey(name: string): ConditionKey | undefined;
  /** Whether services define keys with a prefix that is no service's own: `saml`, `catalog`. */
  ownsKeys(prefix: string): boolean;
  /**
   * What an ARN or a pattern for one can be, likeliest first: types of the service that its third field names, or, where
   * none fits, of services that use that field too. None where the field is not written out or nothing fits.
   */
  resourceTypesOf(arn: string): readonly ResourceTypeMatch[];
  /** The type of resource whose ARN a resource of Terraform has as its `arn`: `aws_s3_bucket` is S3's bucket. Undefined for what is not in the table of well-known ones. */
  typeOfThing(thing: string): ResourceType | undefined;
  /** What may be meant by an action that is none, best first. */
  suggest(name: string): readonly Suggestion[];
  /** What may be meant by a prefix that is none, best first. */
  suggestService(prefix: string): readonly string[];
}

/** The catalog in the file that `bytes` reads; one without services where that is no whole catalog file. */
export function openCatalog(bytes: ReadBytes): Catalog {
  const layout = readLayout(bytes) ?? NO_LAYOUT;
  const table = serviceTable(bytes, layout);
  const match = matcher(table);
  const keys = conditionKeys(bytes, layout, table);
  const guesses = suggester(bytes, layout, table);
  const removed = memo(() => removedNames(bytes, layout));
  const things = memo(() => readExtra<Readonly<Record<string, string>>>(bytes, layout, 'things') ?? {});
  const locate = (name: string): readonly [service: Service, index: number] | undefined => {
    const colon = name.indexOf(':');
    const service = colon < 0 ? undefined : table.find(name.slice(0, colon));
    const index = service && table.indexOf(service, name.slice(colon + 1));
    return service && index !== undefined ? [service, index] : undefined;
  };
  return {
    date: layout.date,
    sources: layout.sources,
    services: layout.services.map(({ prefix }) => prefix),
    service: table.find,
    action: (name) => {
      const [service, index] = locate(name) ?? [];
      return service && index !== undefined ? table.action(service, index) : undefined;
    },
    hasAction: (name) => locate(name) !== undefined,
    removedAction: (name) => removed().actions.has(name.toLowerCase()),
    removedService: (prefix) => table.find(prefix) === undefined && removed().services.has(prefix.toLowerCase()),
    match,
    count: (pattern) => match(pattern).reduce((sum, { count }) => sum + count, 0),
    get globalKeys() {
      return keys.globals();
    },
    conditionKey: keys.find,
    ownsKeys: (prefix) => Object.hasOwn(layout.keyOwners, prefix.toLowerCase()),
    resourceTypesOf: (arn) => {
      const field = arnService(arn);
      if (field === undefined) return [];
      const own = typesOf(arn, table.find(field)?.resourceTypes ?? []);
      if (own.length > 0) return own;
      const others = arnOwnersOf(layout, field).filter((prefix) => prefix !== field);
      return typesOf(
        arn,
        others.flatMap((prefix) => table.find(prefix)?.resourceTypes ?? []),
      );
    },
    typeOfThing: (thing) => {
      const own = Object.hasOwn(things(), thing) ? things()[thing] : undefined;
      const name = own ?? templateType(thing) ?? '';
      const colon = name.indexOf(':');
      const types = table.find(name.slice(0, colon))?.resourceTypes ?? [];
      return types.find(({ key }) => key === name.slice(colon + 1));
    },
    suggest: guesses.action,
    suggestService: guesses.service,
  };
}

/** The services whose types have that field in their ARNs, where these are others than the one it names. */
function arnOwnersOf({ arnOwners }: Layout, field: string): readonly string[] {
  return Object.hasOwn(arnOwners, field) ? (arnOwners[field] ?? []) : [];
}

function removedNames(
  bytes: ReadBytes,
  layout: Layout,
): { actions: ReadonlySet<string>; services: ReadonlySet<string> } {
  const names = (readExtra<readonly string[]>(bytes, layout, 'removed') ?? []).map((name) => name.toLowerCase());
  return { actions: new Set(names), services: new Set(names.map((name) => name.slice(0, name.indexOf(':')))) };
}

const NO_LAYOUT: Layout = { date: '', sources: [], services: [], extras: {}, arnOwners: {}, keyOwners: {} };
