/** What a template is, and what its functions can refer to. Evaluates nothing. */
import { knownText, type Span } from '../../text/text.ts';
import { type Entry, entryOf, literalOf, type ObjectValue, type Value } from '../../value/value.ts';

/** A resource of a template. */
export interface Resource {
  readonly id: string;
  /** As CloudFormation has it: `AWS::S3::Bucket`. */
  readonly type: string;
  readonly entry: Entry;
  readonly properties: ObjectValue | undefined;
  /** There may be none of it. */
  readonly conditional: boolean;
}

/**
 * What functions refer to. `marks` says which `${…}` outside of `Fn::Sub` are filled in by whoever reads the file: none in a
 * template, plain names in files of other tools, all in those of the Serverless Framework.
 */
export interface Scope {
  readonly parameters: ReadonlyMap<string, ObjectValue | undefined>;
  readonly mappings: ObjectValue | undefined;
  readonly resources: ReadonlyMap<string, Resource>;
  readonly marks: 'none' | 'plain names' | 'all';
}

/** A template, where it stands in its file: `prefix` leads its addresses. */
export interface Template {
  readonly root: ObjectValue;
  readonly prefix: string;
  readonly scope: Scope;
}

/** A scope without anything in it. */
export function emptyScope(marks: Scope['marks']): Scope {
  return { parameters: new Map(), mappings: undefined, resources: new Map(), marks };
}

/** The template that a document is; of the Serverless Framework's file those that it carries under `resources`. None where nothing has a type of CloudFormation. */
export function templatesIn(root: Value): readonly Template[] {
  if (root.kind !== 'object') return [];
  const own = templateOf(root, '', 'none');
  if (own) return [own];
  const carried = entryOf(root, 'resources')?.value;
  const members = carried?.kind === 'list' ? carried.items.map((item) => item.value) : [carried];
  return members.flatMap((member, i) => {
    const prefix = carried?.kind === 'list' ? `resources[${i}].` : 'resources.';
    return member?.kind === 'object' ? (templateOf(member, prefix, 'all') ?? []) : [];
  });
}

/** Whether a document is one of the Serverless Framework. */
export function isServerless(root: Value): boolean {
  return (
    root.kind === 'object' &&
    entryOf(root, 'provider') !== undefined &&
    (entryOf(root, 'service') !== undefined || entryOf(root, 'functions') !== undefined)
  );
}

function templateOf(root: ObjectValue, prefix: string, marks: Scope['marks']): Template | undefined {
  const resources = new Map<string, Resource>();
  const list = entryOf(root, 'Resources')?.value;
  for (const entry of list?.kind === 'object' ? list.entries : []) {
    const resource = resourceOf(entry);
    if (resource) resources.set(resource.id, resource);
  }
  if (resources.size === 0) return undefined;
  const parameters = new Map<string, ObjectValue | undefined>();
  const declared = entryOf(root, 'Parameters')?.value;
  for (const { key, value } of declared?.kind === 'object' ? declared.entries : [])
    parameters.set(key.flat, value.kind === 'object' ? value : undefined);
  const mappings = entryOf(root, 'Mappings')?.value;
  const scope: Scope = { parameters, resources, marks, mappings: mappings?.kind === 'object' ? mappings : undefined };
  return { root, prefix, scope };
}

function resourceOf(entry: Entry): Resource | undefined {
  const id = knownText(entry.key);
  if (id === undefined || entry.value.kind !== 'object') return undefined;
  const type = literalOf(entryOf(entry.value, 'Type')?.value);
  if (type === undefined || !/^(?:AWS|Alexa|Custom)::/.test(type)) return undefined;
  const properties = entryOf(entry.value, 'Properties')?.value;
  return {
    id,
    type,
    entry,
    properties: properties?.kind === 'object' ? properties : undefined,
    conditional: entryOf(entry.value, 'Condition') !== undefined,
  };
}

/** Whether a resource is one of AWS, whose attributes are documented. */
export function isOfAws({ type }: Resource): boolean {
  return type.startsWith('AWS::') && type !== 'AWS::CloudFormation::CustomResource';
}

/** The span of a resource, its name included. */
export function spanOfResource({ entry }: Resource): Span {
  return entry.span;
}
