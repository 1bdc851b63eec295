/** What names mean in one module: its locals, variables and resources, whichever file they stand in. Evaluates nothing itself. */
import type { Source } from '../../policy/module.ts';
import type { Span } from '../../text/text.ts';
import type { JsonProblem } from '../../value/json.ts';
import type { Value } from '../../value/value.ts';
import { isSettings, type NamedBlock, type TerraformFile, type Variable } from './file.ts';
import type { Attribute } from './hcl/syntax.ts';
import { type Memory, NO_MEMORY } from './memory.ts';

/** The names of a module. A name that is defined more than once is not here: nobody can tell which counts. */
export interface Scope {
  readonly files: readonly TerraformFile[];
  readonly locals: ReadonlyMap<string, Definition>;
  /**
   * What the variables are given: by the files of settings, `terraform.tfvars`, then `*.auto.tfvars` by name; in a module
   * that is called, by the call, and else by their defaults.
   */
  readonly settings: ReadonlyMap<string, Definition>;
  readonly variables: ReadonlyMap<string, Declaration>;
  readonly outputs: ReadonlyMap<string, Definition>;
  /** Resources and data sources by address. */
  readonly resources: ReadonlyMap<string, Resource>;
  /** Those of them that are policy documents in blocks, by name. */
  readonly documents: ReadonlyMap<string, Resource>;
  /** What locals, variables and attributes were found to be worth, by their names, so that each is evaluated once. */
  readonly known: Map<string, Known>;
  /** What the documents in blocks were found to be worth. */
  readonly read: Map<NamedBlock, Known & { readonly problems: readonly JsonProblem[] }>;
  /** What was read in another reading of the module, and is in this. */
  readonly memory: Memory;
  /** What is read beside the module. */
  readonly library: Library;
  /** How symbols of the scope begin: with nothing, or with the call that it is the scope of, `module.x: `. */
  readonly prefix: string;
  /** The same for what belongs to a provider, which calls hand on unless they say otherwise. */
  readonly providers: string;
  /** The scope of the module itself and of all that is called from it, by their prefixes. */
  readonly family: Map<string, Scope>;
}

/** The folders and files that a module refers to, read. */
export interface Library {
  /** The files of a folder, whose path ends in a slash; none where it was not handed over. */
  readonly folder: (path: string) => readonly TerraformFile[];
  readonly file: (path: string) => Source | undefined;
}

/** A variable with its file. */
export interface Declaration {
  readonly file: TerraformFile;
  readonly variable: Variable;
}

/** An expression that a name stands for; `scope` is that of another module, where the names in it are that one's. */
export interface Definition {
  readonly file: TerraformFile;
  readonly attribute: Attribute;
  readonly scope?: Scope;
  readonly bindings?: ReadonlyMap<string, Known>;
}

/** A `resource` or `data` block with its file. */
export interface Resource {
  readonly file: TerraformFile;
  readonly named: NamedBlock;
}

/**
 * `size` counts what it took to evaluate, `height` how deep that went; `origins` are the literals of other names that the
 * value holds, `reads` the names that were asked for on the way, whether they are known or not.
 */
export interface Known {
  readonly value: Value;
  readonly size: number;
  readonly height: number;
  readonly origins: readonly Origin[];
  readonly reads: readonly string[];
}

/**
 * The place of a literal that was read. With a `variable` it is the declaration of one that nothing is known of, but for its
 * default: a `hint`, where that says something.
 */
export interface Origin extends Span {
  readonly variable?: string;
  readonly hint?: true;
}

/** The names that the files define together. */
export function scopeOf(
  all: readonly TerraformFile[],
  library: Library = NO_LIBRARY,
  memory: Memory = NO_MEMORY,
): Scope {
  const files = all.filter((file) => !isSettings(file.source.path));
  const locals = new Map<string, Definition>();
  const resources = new Map<string, Resource>();
  const twice = new Set<string>();
  const variables = new Map<string, Declaration>();
  const outputs = new Map<string, Definition>();
  for (const file of files) {
    for (const attribute of file.locals) {
      if (locals.has(attribute.name)) twice.add(attribute.name);
      locals.set(attribute.name, { file, attribute });
    }
    for (const variable of file.variables) variables.set(variable.name, { file, variable });
    for (const output of file.outputs) outputs.set(output.name, { file, attribute: output.value });
    for (const named of file.resources) {
      if (resources.has(named.address)) twice.add(named.address);
      resources.set(named.address, { file, named });
    }
  }
  const documents = new Map(
    [...resources.values()].flatMap((one) => (isDocument(one.named) ? [[one.named.name, one] as const] : [])),
  );
  for (const name of twice) {
    locals.delete(name);
    resources.delete(name);
  }
  const named = { files, locals, settings: settingsOf(all), variables, outputs, resources, documents };
  const family = new Map<string, Scope>();
  const own = { known: new Map(), read: new Map(), memory };
  const scope: Scope = { ...named, ...own, library, prefix: '', providers: '', family };
  family.set('', scope);
  return scope;
}

const NO_LIBRARY: Library = { folder: () => [], file: () => undefined };

/** Later files win. Source: Terraform documentation, "Variable definition precedence". */
function settingsOf(files: readonly TerraformFile[]): ReadonlyMap<string, Definition> {
  const settings = new Map<string, Definition>();
  const given = files.filter((file) => isSettings(file.source.path));
  const order = (file: TerraformFile) => (/\.auto\.tfvars$/i.test(file.source.path) ? 1 : 0);
  given.sort((a, b) => order(a) - order(b) || (a.source.path < b.source.path ? -1 : 1));
  for (const file of given) {
    for (const attribute of file.hcl.body.items)
      if (attribute.kind === 'attribute') settings.set(attribute.name, { file, attribute });
  }
  return settings;
}

/** Whether the block is a policy document written in blocks. */
export function isDocument(named: NamedBlock): boolean {
  return named.mode === 'data' && named.type === 'aws_iam_policy_document';
}
