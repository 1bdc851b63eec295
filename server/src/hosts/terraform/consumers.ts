/** Tells what a `data "aws_iam_policy_document"` is for from the arguments of its module that read it. Modules, outputs and locals alone tell nothing. */
import type { PolicyKind, Site } from '../../policy/module.ts';
import { isBoundaryName, policyArguments } from './arguments.ts';
import type { NamedBlock, TerraformFile } from './file.ts';
import type { Body, Expression } from './hcl/syntax.ts';
import { isDocument, type Scope } from './scope.ts';
import { pathOf, walkExpression } from './walk.ts';

/** What is known of a document's use; see {@link Site}. `kind` and `holder` are undefined where uses differ. */
export interface Use {
  readonly kind: PolicyKind | undefined;
  readonly holder: string | undefined;
  readonly hint: Site['hint'];
}

/** The use of each document of the module, by name. */
export function usesOf(scope: Scope, bounding: ReadonlySet<string>): ReadonlyMap<string, Use> {
  const known = USES.get(scope.files) ?? usesIn(scope, bounding);
  USES.set(scope.files, known);
  return known;
}

/** Invariant: uses depend on the files alone. */
const USES = new WeakMap<readonly TerraformFile[], ReadonlyMap<string, Use>>();

function usesIn(scope: Scope, bounding: ReadonlySet<string>): ReadonlyMap<string, Use> {
  if (scope.documents.size === 0) return new Map();
  const readersOf = new Map<string, Reader[]>();
  const add = (name: string, reader: Reader) => {
    const readers = readersOf.get(name);
    if (readers) readers.push(reader);
    else readersOf.set(name, [reader]);
  };
  for (const file of scope.files) {
    for (const named of file.resources) {
      for (const { expression, reader } of readersIn(named, file, bounding)) {
        for (const name of documentsIn(expression, file, scope)) add(name, reader);
      }
    }
  }
  return new Map([...scope.documents.keys()].map((name) => [name, useOf(name, readersOf, new Set())]));
}

/** An argument that dictates a kind, or another document that takes this one in. */
type Reader =
  | { readonly kind: PolicyKind | undefined; readonly holder: string; readonly hint: Site['hint'] }
  | { readonly document: string };

function readersIn(
  named: NamedBlock,
  file: TerraformFile,
  bounding: ReadonlySet<string>,
): readonly { expression: Expression; reader: Reader }[] {
  if (isDocument(named)) {
    return named.block.body.items.flatMap((item) =>
      item.kind === 'attribute' && MERGING.has(item.name)
        ? [{ expression: item.value, reader: { document: named.name } }]
        : [],
    );
  }
  return policyArguments(named, file, bounding).map(({ attribute, kind, hint }) => ({
    expression: attribute.value,
    reader: { kind, holder: named.type, hint },
  }));
}

const MERGING: ReadonlySet<string> = new Set([
  'source_policy_documents',
  'source_json',
  'override_policy_documents',
  'override_json',
]);

/** The documents that an expression names, also by way of locals. */
function documentsIn(
  expression: Expression,
  file: TerraformFile,
  scope: Scope,
  seen: Set<string> = new Set(),
): ReadonlySet<string> {
  const found = new Set<string>();
  walkExpression(expression, (inner) => {
    if (inner.kind !== 'traversal') return;
    const [root, second, third] = pathOf(inner, file.source.text);
    if (root === 'data' && second === 'aws_iam_policy_document' && third !== undefined) found.add(third);
    if (root !== 'local' || second === undefined || seen.has(second)) return;
    seen.add(second);
    const local = scope.locals.get(second);
    if (local) for (const name of documentsIn(local.attribute.value, local.file, scope, seen)) found.add(name);
  });
  return found;
}

function useOf(name: string, readersOf: ReadonlyMap<string, readonly Reader[]>, seen: Set<string>): Use {
  const none: Use = { kind: undefined, holder: undefined, hint: isBoundaryName(name) ? 'boundary' : undefined };
  if (seen.has(name) || seen.size > 100) return none;
  seen.add(name);
  const uses = (readersOf.get(name) ?? []).map(
    (reader): Use => ('document' in reader ? useOf(reader.document, readersOf, seen) : reader),
  );
  const told = uses.filter((use) => use.kind !== undefined || use.hint !== undefined);
  return {
    kind: only(told.map((use) => use.kind)),
    holder: only(told.map((use) => use.holder)),
    hint: told.find((use) => use.hint !== undefined)?.hint ?? none.hint,
  };
}

function only<T>(values: readonly (T | undefined)[]): T | undefined {
  const [first] = values;
  return values.every((value) => value === first) ? first : undefined;
}

/** The addresses of managed policies that some `permissions_boundary` names. */
export function boundingIn(files: readonly TerraformFile[]): ReadonlySet<string> {
  const known = BOUNDING.get(files);
  if (known) return known;
  const found = new Set<string>();
  for (const file of files) {
    if (!file.source.text.includes('permissions_boundary')) continue;
    for (const { block } of file.resources) collect(block.body, file, found);
  }
  BOUNDING.set(files, found);
  return found;
}

const BOUNDING = new WeakMap<readonly TerraformFile[], ReadonlySet<string>>();

function collect(body: Body, file: TerraformFile, into: Set<string>): void {
  for (const item of body.items) {
    if (item.kind === 'block') collect(item.body, file, into);
    else if (item.name === 'permissions_boundary') {
      walkExpression(item.value, (inner) => {
        const [type, name] = pathOf(inner, file.source.text);
        if (type === 'aws_iam_policy' && name !== undefined) into.add(`${type}.${name}`);
      });
    }
  }
}
