/** The resources of a Terraform plan: what `terraform show -json` says of their values, and of what is not known yet. Knows no policies. */
import { entryOf, type ListValue, literalOf, type ObjectValue, type Value } from '../../value/value.ts';

/** A resource or data source as planned. */
export interface PlannedResource {
  /** With the path of its module and its own key: `module.a["x"].aws_iam_policy.p[0]`. */
  readonly address: string;
  readonly mode: 'resource' | 'data';
  readonly type: string;
  readonly name: string;
  readonly values: ObjectValue;
  /** `true` in the place of each value that is known after the plan is applied only; undefined where nothing is said. */
  readonly unknown: Value | undefined;
}

/** Whether the document is a plan. Source: Terraform, "JSON Output Format", plan representation. */
export function isPlan(root: Value | undefined): root is ObjectValue {
  return root?.kind === 'object' && objectAt(root, 'planned_values') !== undefined && has(root, 'format_version');
}

function has(root: ObjectValue, key: string): boolean {
  return entryOf(root, key) !== undefined;
}

/** The planned resources of all modules, in source order. */
export function plannedResources(root: ObjectValue): readonly PlannedResource[] {
  const unknowns = unknownsIn(root);
  const modules = [objectAt(objectAt(root, 'planned_values'), 'root_module')];
  const found: PlannedResource[] = [];
  for (let module = modules.pop(); module || modules.length > 0; module = modules.pop()) {
    for (const resource of objectsAt(module, 'resources')) {
      const planned = plannedResource(resource, unknowns);
      if (planned) found.push(planned);
    }
    modules.push(...objectsAt(module, 'child_modules').reverse());
  }
  return found;
}

/** The object under a key. */
export function objectAt(object: Value | undefined, key: string): ObjectValue | undefined {
  const value = valueAt(object, key);
  return value?.kind === 'object' ? value : undefined;
}

/** The objects of the list under a key. */
export function objectsAt(object: Value | undefined, key: string): ObjectValue[] {
  return listAt(object, key)?.items.flatMap(({ value }) => (value.kind === 'object' ? [value] : [])) ?? [];
}

/** The value under a key. */
export function valueAt(object: Value | undefined, key: string): Value | undefined {
  return object?.kind === 'object' ? entryOf(object, key)?.value : undefined;
}

function listAt(object: Value | undefined, key: string): ListValue | undefined {
  const value = valueAt(object, key);
  return value?.kind === 'list' ? value : undefined;
}

function unknownsIn(root: ObjectValue): ReadonlyMap<string, Value> {
  const unknowns = new Map<string, Value>();
  for (const one of objectsAt(root, 'resource_changes')) {
    const address = literalOf(valueAt(one, 'address'));
    const unknown = objectAt(objectAt(one, 'change'), 'after_unknown');
    if (address !== undefined && unknown) unknowns.set(address, unknown);
  }
  return unknowns;
}

function plannedResource(resource: ObjectValue, unknowns: ReadonlyMap<string, Value>): PlannedResource | undefined {
  const [address, mode, type, name] = ['address', 'mode', 'type', 'name'].map((key) =>
    literalOf(valueAt(resource, key)),
  );
  const values = objectAt(resource, 'values');
  if (address === undefined || type === undefined || !values) return undefined;
  return {
    address,
    mode: mode === 'data' ? 'data' : 'resource',
    type,
    name: name ?? '',
    values,
    unknown: unknowns.get(address),
  };
}
