/** What names mean in one module: its locals, variables and resources, whichever file they stand in. Evaluates nothing itself. */
import type { Span } from '../../text/text.ts';
import type { Value } from '../../value/value.ts';
import type { NamedBlock, TerraformFile } from './file.ts';
import type { Attribute } from './hcl/syntax.ts';

/** The names of a module. A local that is defined more than once is not here: nobody can tell which counts. */
export interface Scope {
  readonly files: readonly TerraformFile[];
  readonly locals: ReadonlyMap<string, Local>;
  /** Whether a variable is declared a string; undefined where its type is not declared. */
  readonly strings: ReadonlyMap<string, boolean | undefined>;
  readonly documents: ReadonlyMap<string, Document>;
  /** What locals were found to be worth, so that each is evaluated once. */
  readonly known: Map<string, KnownLocal>;
}

/** The definition of a local. */
export interface Local {
  readonly file: TerraformFile;
  readonly attribute: Attribute;
}

/** A `data "aws_iam_policy_document"`. */
export interface Document {
  readonly file: TerraformFile;
  readonly named: NamedBlock;
}

/** `size` counts the nodes of the value; `origins` are the literals of other locals that it holds. */
export interface KnownLocal {
  readonly value: Value;
  readonly size: number;
  readonly origins: readonly Span[];
}

/** The names that the files define together. */
export function scopeOf(files: readonly TerraformFile[]): Scope {
  const locals = new Map<string, Local>();
  const twice = new Set<string>();
  const strings = new Map<string, boolean | undefined>();
  const documents = new Map<string, Document>();
  for (const file of files) {
    for (const attribute of file.locals) {
      if (locals.has(attribute.name)) twice.add(attribute.name);
      locals.set(attribute.name, { file, attribute });
    }
    for (const variable of file.variables) strings.set(variable.name, variable.isString);
    for (const named of file.resources) if (isDocument(named)) documents.set(named.name, { file, named });
  }
  for (const name of twice) locals.delete(name);
  return { files, locals, strings, documents, known: new Map() };
}

/** Whether the block is a policy document written in blocks. */
export function isDocument(named: NamedBlock): boolean {
  return named.mode === 'data' && named.type === 'aws_iam_policy_document';
}
