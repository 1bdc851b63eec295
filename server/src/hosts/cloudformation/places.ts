/** Which properties of CloudFormation's and SAM's resources hold IAM policies, and of what kind, by a table kept by hand. Evaluates nothing but literals. */
import data from '../../../data/cloudformation-sites.json' with { type: 'json' };
import type { PolicyKind, Site } from '../../policy/module.ts';
import { entryOf, literalOf, type Value, walkValue } from '../../value/value.ts';
import type { Resource, Template } from './scope.ts';

/**
 * A property that holds a policy. `form`: a `document`; `statements` without a document around them; SAM's list in which
 * documents stand beside names, ARNs and templates of policies (`mixed`); or a `foreign` document, in another language.
 */
export interface PolicyPlace {
  readonly path: readonly string[];
  readonly form: 'document' | 'statements' | 'mixed' | 'foreign';
  readonly kind: PolicyKind | undefined;
  readonly hint?: Site['hint'];
}

/** The places of a resource. `bounding` holds the names of what is somebody's permissions boundary. */
export function placesOf(resource: Resource, bounding: ReadonlySet<string>): readonly PolicyPlace[] {
  const { type } = resource;
  if (type === 'AWS::Organizations::Policy') return [organizationPlace(resource)];
  const places = tables().get(type) ?? [];
  if (type !== 'AWS::IAM::ManagedPolicy') return places;
  const bounds = bounding.has(resource.id) || isBoundaryName(resource.id);
  return bounds ? places.map((place) => ({ ...place, kind: undefined, hint: 'boundary' as const })) : places;
}

/** The names of resources that some `PermissionsBoundary` refers to. */
export function boundingIn({ scope }: Template): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { properties } of scope.resources.values()) {
    const value = properties && entryOf(properties, 'PermissionsBoundary')?.value;
    if (value) for (const name of namesIn(value)) names.add(name);
  }
  return names;
}

/** Whether a name says that what it names is a permissions boundary. */
export function isBoundaryName(name: string): boolean {
  return /boundar(?:y|ies)/i.test(name);
}

function namesIn(value: Value): readonly string[] {
  const names: string[] = [];
  walkValue(value, (one) => {
    if (one.kind === 'text') names.push(...one.text.flat.split(/\W+/));
    return true;
  });
  return names;
}

/** An organization has policies in many languages, which the property `Type` tells apart. */
function organizationPlace({ properties }: Resource): PolicyPlace {
  const path = ['Content'];
  const word = literalOf(properties && entryOf(properties, 'Type')?.value);
  if (word === 'SERVICE_CONTROL_POLICY') return { path, form: 'document', kind: 'scp' };
  if (word === 'RESOURCE_CONTROL_POLICY') return { path, form: 'document', kind: 'rcp' };
  if (word !== undefined) return { path, form: 'foreign', kind: undefined };
  return { path, form: 'document', kind: undefined, hint: 'scp' };
}

let known: ReadonlyMap<string, readonly PolicyPlace[]> | undefined;

function tables(): ReadonlyMap<string, readonly PolicyPlace[]> {
  if (known) return known;
  const places = new Map<string, PolicyPlace[]>();
  const add = (rows: readonly string[], form: PolicyPlace['form'], kind: PolicyKind | undefined) => {
    for (const row of rows) {
      const [name = '', path = ''] = row.split(' ');
      const type = `AWS::${name}`;
      places.set(type, [...(places.get(type) ?? []), { path: path.split('.'), form, kind }]);
    }
  };
  add(data.identity, 'document', 'identity');
  add(data.trust, 'document', 'trust');
  add(data.resource, 'document', 'resource');
  add(data.endpoint, 'document', 'endpoint');
  add(data.session, 'document', 'session');
  add(data.managed, 'mixed', 'identity');
  add(data.statements, 'statements', 'resource');
  add(data.foreign, 'foreign', undefined);
  known = places;
  return places;
}
