/** What names mean in one module: its locals, variables and resources, whichever file they stand in. Evaluates nothing itself. */
import type { Span } from '../../text/text.ts';
import type { JsonProblem } from '../../value/json.ts';
import type { Value } from '../../value/value.ts';
import { isSettings, type NamedBlock, type TerraformFile } from './file.ts';
import type { Attribute } from './hcl/syntax.ts';

/** The names of a module. A name that is defined more than once is not here: nobody can tell which counts. */
export interface Scope {
  readonly files: readonly TerraformFile[];
  readonly locals: ReadonlyMap<string, Definition>;
  /** What the files of settings give the variables: `terraform.tfvars`, then `*.auto.tfvars` by name. */
  readonly settings: ReadonlyMap<string, Definition>;
  /** Whether a variable is declared a string; undefined where its type is not declared. */
  readonly strings: ReadonlyMap<string, boolean | undefined>;
  /** Resources and data sources by address. */
  readonly resources: ReadonlyMap<string, Resource>;
  /** Those of them that are policy documents in blocks, by name. */
  readonly documents: ReadonlyMap<string, Resource>;
  /** What locals, variables and attributes were found to be worth, by their names, so that each is evaluated once. */
  readonly known: Map<string, Known>;
  /** What the documents in blocks were found to be worth. */
  readonly read: Map<NamedBlock, Known & { readonly problems: readonly JsonProblem[] }>;
}

/** An expression that a name stands for. */
export interface Definition {
  readonly file: TerraformFile;
  readonly attribute: Attribute;
}

/** A `resource` or `data` block with its file. */
export interface Resource {
  readonly file: TerraformFile;
  readonly named: NamedBlock;
}

/** `size` counts what it took to evaluate; `origins` are the literals of other names that the value holds. */
export interface Known {
  readonly value: Value;
  readonly size: number;
  readonly origins: readonly Span[];
}

/** The names that the files define together. */
export function scopeOf(all: readonly TerraformFile[]): Scope {
  const files = all.filter((file) => !isSettings(file.source.path));
  const locals = new Map<string, Definition>();
  const resources = new Map<string, Resource>();
  const twice = new Set<string>();
  const strings = new Map<string, boolean | undefined>();
  for (const file of files) {
    for (const attribute of file.locals) {
      if (locals.has(attribute.name)) twice.add(attribute.name);
      locals.set(attribute.name, { file, attribute });
    }
    for (const variable of file.variables) strings.set(variable.name, variable.isString);
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
  return { files, locals, settings: settingsOf(all), strings, resources, documents, known: new Map(), read: new Map() };
}

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
