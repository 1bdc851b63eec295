/** The Terraform host: the `.tf` and `.tofu` files of a directory, in either syntax, are one module. Evaluates what the text tells; never loads providers or state. */
import type { Module, Source } from '../../policy/module.ts';
import { printEdits } from '../edits.ts';
import type { Host } from '../host.ts';
import type { Printing } from '../spelling.ts';
import { besideOf } from './beside.ts';
import { argumentOf } from './blocks.ts';
import { changesBetween } from './changes.ts';
import { directiveAbove } from './directives.ts';
import { isSettings, readFile, type TerraformFile } from './file.ts';
import { formsAt } from './forms/forms.ts';
import { instancesOf } from './instances.ts';
import { isSpellable } from './json/print.ts';
import { isTerraformJson } from './json/structure.ts';
import { type Kept, openMemory } from './memory.ts';
import { blocksFor, principalFor } from './nested-blocks.ts';
import { hclProblems } from './problems.ts';
import { referenceIn } from './reference.ts';
import { scopeOf } from './scope.ts';
import { openShelf, type Shelf } from './shelf.ts';
import { findSites } from './sites.ts';
import { statementBlock } from './statement.ts';
import { trapProblems } from './traps.ts';

/** Reads `.tf` and `.tofu` files, `.tf.json` and `.tofu.json`, and the settings that Terraform reads with them. */
export const terraformHost: Host = {
  id: 'terraform',
  reads: (path) => /\.(tf|tofu)(\.json)?$/i.test(path) || isSettings(path),
  moduleOf: (path) => path.replace(/[^/\\]*$/, ''),
  read: (sources, { beside }, previous) => readModule(sources, beside ?? [], previous),
  beside: besideOf,
  print: (module, edits) => {
    const files = isTerraform(module) ? module.files : [];
    const printed = edits.every((edit) => isSpellable(edit, files))
      ? printEdits(edits, printingFor(module))
      : undefined;
    return printed?.every(({ span }) => module.sources.some(({ path }) => path === span.source)) ? printed : undefined;
  },
  forms: (module, path, offset) => (isTerraform(module) ? formsAt(module, module.files, path, offset) : []),
  ignore: (module, span, rule, reason) => {
    if (isTerraformJson(span.source)) return undefined;
    const file = isTerraform(module) ? module.files.find(({ source }) => source.path === span.source) : undefined;
    return file && directiveAbove(file.source, file.hcl, span, `# leastwise-ignore ${rule}: ${reason}`);
  },
};

function printingFor(module: Module): Printing {
  const printing: Printing = {
    content: (path) => module.sources.find((source) => source.path === path)?.text,
    reference: (reference, spelling) => referenceIn(isTerraform(module) ? module.files : [], reference, spelling),
    blockKey: argumentOf,
    block: (plain, lines) => statementBlock(plain, lines, printing),
    blocksFor: (into, key, plain, lines) => blocksFor(module.sites, into, key, plain, lines, printing),
    blockInPlace: (value, plain) => principalFor(module.sites, value, plain, printing),
  };
  return printing;
}

/** A module with its files as read, those of the modules that it calls and what was made of them, so that the next reading does again only what changed. */
interface TerraformModule extends Module {
  readonly files: readonly TerraformFile[];
  readonly shelf: Shelf;
  readonly kept: Kept;
}

function isTerraform(module: Module): module is TerraformModule {
  return module.host === terraformHost.id && 'files' in module;
}

function readModule(
  sources: readonly Source[],
  beside: readonly Source[],
  previous: Module | undefined,
): TerraformModule {
  const old = previous && isTerraform(previous) ? previous : undefined;
  const before = new Map((old?.files ?? []).map((file) => [file.source.path, file]));
  const files = sources.map((source) => {
    const known = before.get(source.path);
    return known?.written === source.text ? known : readFile(source);
  });
  const shelf = openShelf(beside, old?.shelf, sources);
  const changes = old && shelf.isSame ? changesBetween(old.files, files) : undefined;
  const { memory, kept } = openMemory(old?.kept, changes);
  const scope = scopeOf(files, shelf, memory);
  const found = findSites(scope);
  const { sites, readings, problems } = found;
  const instances = instancesOf(scope, found, shelf.found);
  return {
    host: terraformHost.id,
    sources,
    files,
    shelf,
    kept,
    sites,
    readings,
    instances,
    beside: shelf.taken(),
    things: files.flatMap((file) => file.things),
    directives: files.flatMap((file) => file.directives),
    problems: [
      ...problems,
      ...hclProblems(files, sites, readings),
      ...trapProblems(files, sites),
      ...files.flatMap((file) => file.problems),
    ],
  };
}
