/** ARN types: which types of resource an ARN can be, Region and account aside, and whether those have a Region and an account. Remembered by service and resource. */
import type { Catalog } from '../catalog/catalog.ts';
import { canBe } from '../catalog/resource-types.ts';
import type { ResourceType } from '../catalog/service.ts';

/** Whether the ARNs of all types have something in a field, or none of them has. */
export type Filled = 'always' | 'never' | 'either';

/** What an ARN can be. */
export interface ArnTypes {
  /** Whether the types are those that the resource fits; all of the service where it fits none, or is not known. */
  readonly fits: boolean;
  readonly types: readonly ResourceType[];
  readonly region: Filled;
  readonly account: Filled;
  /** With what the resources of the types begin, up to the first slash, colon or variable: `role`, `stateMachine`; empty where they have no fixed beginning. */
  readonly openings: ReadonlySet<string>;
}

/** The types behind a service field and what stands behind the fifth colon, wildcards and variables included; undefined is not known. */
export function arnTypes(service: string, resource: string | undefined, catalog: Catalog): ArnTypes {
  const known = ASKED.get(catalog) ?? new Map<string, ArnTypes>();
  ASKED.set(catalog, known);
  const name = resource === undefined ? service : `${service}:${resource}`;
  const before = known.get(name);
  if (before) return before;
  if (known.size > MOST) known.clear();
  const found = resource ? describe(typesOf(service, resource, catalog), true) : undefined;
  const now = found && found.types.length > 0 ? found : wholeService(service, resource, catalog);
  known.set(name, now);
  return now;
}

const ASKED = new WeakMap<Catalog, Map<string, ArnTypes>>();
const MOST = 3000;

/** What is said of all resources of a service. */
function wholeService(service: string, resource: string | undefined, catalog: Catalog): ArnTypes {
  if (resource !== undefined) return { ...arnTypes(service, undefined, catalog), fits: false };
  const named = (arn: string) => arn.split(':', 3)[2] === service;
  const own = catalog.service(service)?.resourceTypes.filter(({ arns }) => arns.some(named)) ?? [];
  return describe(own.length > 0 ? own : typesOf(service, '*', catalog), false);
}

/** Types of the service itself first; other services have ARNs of its name too. */
function typesOf(service: string, resource: string, catalog: Catalog): readonly ResourceType[] {
  const pattern = `arn:aws:${service}:*:*:${resource}`;
  const own = catalog.service(service)?.resourceTypes.filter((type) => canBe(pattern, type)) ?? [];
  return own.length > 0 ? own : catalog.resourceTypesOf(pattern).map(({ type }) => type);
}

function describe(types: readonly ResourceType[], fits: boolean): ArnTypes {
  const templates = types.flatMap(({ arns }) => arns.map((arn) => arn.split(':', 6)));
  const filled = (place: number): Filled => {
    if (templates.every((parts) => parts[place] === '')) return 'never';
    // A star in a template is where AWS has something in some ARNs.
    return templates.some((parts) => parts.length < 6 || parts[place] === '' || parts[place] === '*')
      ? 'either'
      : 'always';
  };
  const openings = new Set(templates.map((parts) => openingOf(parts[5] ?? '')));
  return { fits, types, region: filled(3), account: filled(4), openings };
}

/** The letters of a resource before its first slash, colon, wildcard or variable. */
export function openingOf(resource: string): string {
  const end = resource.search(/[/:*?$]/);
  return end < 0 ? resource : resource.slice(0, end);
}
