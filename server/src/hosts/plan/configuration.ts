/** The configuration within a Terraform plan: which arguments were written down, and which policies they name. Evaluates nothing. */
import type { PolicyKind } from '../../policy/module.ts';
import { entryOf, literalOf, type ObjectValue, type Value, walkValue } from '../../value/value.ts';
import { policyPlaces } from '../terraform/arguments.ts';
import { objectAt, objectsAt, valueAt } from './resources.ts';

/** What the configuration tells. Addresses are those of {@link configured}. */
export interface Configuration {
  /** Whether the argument was written down, and not filled in by the provider; true where the configuration does not tell. */
  readonly writes: (address: string, argument: string) => boolean;
  /** The managed policies that some `permissions_boundary` names. */
  readonly bounding: ReadonlySet<string>;
  /** What reads each `aws_iam_policy_document`. */
  readonly readers: ReadonlyMap<string, readonly Reader[]>;
}

/** An argument that dictates what a policy is for. */
export interface Reader {
  readonly kind: PolicyKind;
  readonly holder: string;
}

/** The address in the configuration of what is planned, without the keys of `count` and `for_each`. */
export function configured(address: string): string {
  return address.replace(/\[(?:"(?:[^"\\]|\\.)*"|\d+)\]/g, '');
}

/** Reads the configuration of a plan, which may have none. */
export function readConfiguration(root: ObjectValue): Configuration {
  const written = new Map<string, ObjectValue>();
  const bounding = new Set<string>();
  const readers = new Map<string, Reader[]>();
  for (const { path, module } of modulesIn(root)) {
    for (const resource of objectsAt(module, 'resources')) {
      const address = literalOf(valueAt(resource, 'address'));
      const expressions = objectAt(resource, 'expressions');
      if (address === undefined || !expressions) continue;
      written.set(path + address, expressions);
      for (const name of namedIn(valueAt(expressions, 'permissions_boundary'))) bounding.add(path + name);
      for (const { name, reader } of readersIn(address, expressions)) {
        const known = readers.get(path + name);
        if (known) known.push(reader);
        else readers.set(path + name, [reader]);
      }
    }
  }
  return {
    writes: (address, argument) => {
      const expressions = written.get(address);
      return !expressions || entryOf(expressions, argument) !== undefined;
    },
    bounding,
    readers,
  };
}

/** Every module once, with what stands before the addresses in it: `module.a.`. */
function modulesIn(root: ObjectValue): readonly { path: string; module: ObjectValue }[] {
  const first = objectAt(objectAt(root, 'configuration'), 'root_module');
  const modules = first ? [{ path: '', module: first }] : [];
  for (const { path, module } of modules) {
    for (const { key, value } of objectAt(module, 'module_calls')?.entries ?? []) {
      const inner = objectAt(value, 'module');
      if (inner) modules.push({ path: `${path}module.${key.flat}.`, module: inner });
    }
  }
  return modules;
}

function readersIn(address: string, expressions: ObjectValue): readonly { name: string; reader: Reader }[] {
  const data = address.startsWith('data.');
  const type = address.split('.')[data ? 1 : 0] ?? '';
  return policyPlaces(data ? 'data' : 'resource', type).flatMap(([path, kind]) => {
    const argument = path.split('.')[0] ?? '';
    return namedIn(valueAt(expressions, argument))
      .filter((name) => name.startsWith('data.aws_iam_policy_document.'))
      .map((name) => ({ name, reader: { kind, holder: type } }));
  });
}

/** The resources and data sources that an expression refers to, by `type.name` or `data.type.name`. */
function namedIn(expression: Value | undefined): readonly string[] {
  const found = new Set<string>();
  if (expression)
    walkValue(expression, (value) => {
      const references = valueAt(value, 'references');
      if (references?.kind === 'list')
        for (const item of references.items) {
          const words = configured(literalOf(item.value) ?? '').split('.');
          const length = words[0] === 'data' ? 3 : 2;
          if (words.length >= length) found.add(words.slice(0, length).join('.'));
        }
      return true;
    });
  return [...found];
}
