/** Files that Terraform reads in: `file` and `templatefile`, whose policies stand in the file with the arguments put in. Opens nothing: the files are handed over. */
import { hintOfPath } from '../../policy/kind.ts';
import type { Site } from '../../policy/module.ts';
import { sourceText, type Text } from '../../text/text.ts';
import { type JsonProblem, readJson } from '../../value/json.ts';
import { PLAIN_JSON, type Value } from '../../value/value.ts';
import { looksLikeTemplate, templateText } from '../template.ts';
import { folderOf, pathTold, resolved } from './beside.ts';
import { evaluate, textOf } from './evaluate.ts';
import { type Bindings, type Evaluation, inScope, knownAs, NONE, UNSETTLED } from './evaluation.ts';
import { emptyFile, type TerraformFile } from './file.ts';
import { createScanner } from './hcl/scanner.ts';
import type { Call, Expression } from './hcl/syntax.ts';
import { readTemplateFile } from './hcl/template.ts';
import { type Library, scopeOf } from './scope.ts';

/** Whether the call reads a file in. */
export function isReading({ name }: Call): boolean {
  return name === 'file' || name === 'templatefile';
}

/** The document in the file that a call reads, at its place there; none where the file was not handed over. */
export function readIn(
  call: Call,
  file: TerraformFile,
  evaluation: Evaluation,
): readonly { readonly value: Value; readonly problems: readonly JsonProblem[] }[] {
  const [way, values] = call.arguments;
  const path = way && pathOf(way, file);
  // The shelf is to know that the file was asked for.
  evaluation.reads.add(UNSETTLED);
  const source = path === undefined ? undefined : evaluation.scope.library.file(path);
  if (!source) return [];
  const bindings = call.name === 'templatefile' ? namesOf(values, file, evaluation) : undefined;
  const text = bindings ? filledIn(emptyFile(source), bindings, evaluation) : sourceText(source.path, source.text);
  const { value } = readJson(text, wholeOf(source), PLAIN_JSON);
  return value?.kind === 'object' ? [{ value, problems: [] }] : [];
}

function pathOf(way: Expression, { source }: TerraformFile): string | undefined {
  if (way.kind !== 'template') return undefined;
  const told = pathTold(source.text.slice(way.span.start, way.span.end).replace(/^"|"$/g, ''));
  return told === undefined ? undefined : resolved(folderOf(source.path), told);
}

/** The names of a template with what they stand for. */
function namesOf(values: Expression | undefined, file: TerraformFile, evaluation: Evaluation): Bindings {
  const value = values && evaluate(values, file, evaluation);
  if (value?.kind !== 'object') return NONE;
  return new Map(value.entries.map((entry) => [entry.key.flat, knownAs(entry.value)] as const));
}

function filledIn(file: TerraformFile, bindings: Bindings, evaluation: Evaluation): Text {
  const template = readTemplateFile(createScanner(file.source.text));
  const { library, family } = evaluation.scope;
  const scope = { ...scopeOf([], library), family };
  return inScope(scope, bindings, evaluation, () => textOf(template, file, evaluation));
}

/** The policy of a file as its own text has it; undefined where it is none. */
export function templateSite(path: string, library: Library): Site | undefined {
  const source = library.file(path);
  if (!source) return undefined;
  const isTemplate = /\.(tpl|tftpl)$/i.test(path) || looksLikeTemplate(source.text);
  const text = templateText(path, source.text, isTemplate ? 'all' : 'plain names');
  const { value } = readJson(text, wholeOf(source), PLAIN_JSON);
  if (value?.kind !== 'object') return undefined;
  const hint = hintOfPath(path);
  return { value, kind: undefined, address: '', span: value.span, versionImplied: false, ...(hint ? { hint } : {}) };
}

function wholeOf(source: { readonly path: string; readonly text: string }) {
  return { source: source.path, start: 0, end: source.text.length };
}
