/** Evaluation: the account of one evaluation, the names bound in it, and the values that nothing is known of. Evaluates nothing itself. */
import { holeText } from '../../text/text.ts';
import { canonicalValue, joinNames, type Spelling, type TextValue, type Value } from '../../value/value.ts';
import { spanIn, type TerraformFile } from './file.ts';
import type { Expression, HclSpan } from './hcl/syntax.ts';
import type { Known, Origin, Scope } from './scope.ts';
import { symbolOf } from './walk.ts';

/** The account of one evaluation. Invariant: `left` falls with every node and every piece of text, so that no value outgrows it. */
export interface Evaluation {
  /** Where the names are looked up that the evaluation has come to. */
  scope: Scope;
  /** The literals of other names that were read. */
  readonly origins: Origin[];
  /** The names that were asked for, and {@link UNSETTLED}. */
  readonly reads: Set<string>;
  /** What the names of loops stand for where the evaluation has come to. */
  bindings: Bindings;
  left: number;
  depth: number;
  /** How deep it went, also where that was before this evaluation asked. */
  deepest: number;
}

/** Names of loops (`each`, the names of a `for`, the iterator of a dynamic block) with their values. */
export type Bindings = ReadonlyMap<string, Known>;

/** The spelling of values that are HCL expressions. */
export const HCL: Spelling = { notation: 'hcl', layers: [] };
/** The spelling of what is computed from text that stands elsewhere. */
export const MADE: Spelling = { notation: 'made', layers: [] };

const MOST_NODES = 100_000;
/** Deeper expressions are unknown. */
export const DEEPEST = 300;

/** A fresh account, with the names that the block's own `each` and `count` bind. */
export function evaluationOf(scope: Scope, bindings: Bindings = NONE): Evaluation {
  return { scope, origins: [], reads: new Set<string>(), bindings, left: MOST_NODES, depth: 0, deepest: 0 };
}

/**
 * Stands among names for what no name tells: that the value rests on a place, on the order in which things were asked for or
 * on where an account ended, so that another reading has to find it out anew.
 */
export const UNSETTLED = '';

/** Notes a name of the scope that an evaluation asks for. */
export function ask(name: string, { scope, reads }: Evaluation): void {
  reads.add(scope.prefix === '' ? name : scope.prefix + name);
}

/** Takes what is known to rest on into the evaluation that reads it, as if that had found it out itself. */
export function take({ reads, height }: Pick<Known, 'reads' | 'height'>, evaluation: Evaluation): void {
  for (const name of reads) evaluation.reads.add(name);
  const deepest = evaluation.depth + height;
  if (deepest > evaluation.deepest) evaluation.deepest = deepest;
  if (deepest >= DEEPEST) evaluation.reads.add(UNSETTLED);
}

/** What an evaluation that has ended rests on. `depth` is where it began. */
export function restOf({ reads, left, deepest }: Evaluation, depth = 0): Pick<Known, 'reads' | 'height'> {
  if (left < 0) reads.add(UNSETTLED);
  return { reads: [...reads], height: deepest - depth };
}

/** No names. */
export const NONE: Bindings = new Map();

/** Does something with more names bound; `undefined` takes a name away that an outer loop bound. */
export function binding<T>(
  names: readonly (readonly [name: string, known: Known | undefined])[],
  evaluation: Evaluation,
  work: () => T,
): T {
  if (names.length === 0) return work();
  const outer = evaluation.bindings;
  const inner = new Map(outer);
  for (const [name, known] of names) {
    if (known) inner.set(name, known);
    else inner.delete(name);
  }
  evaluation.bindings = inner;
  const result = work();
  evaluation.bindings = outer;
  return result;
}

/** Does something where names are those of another scope. */
export function inScope<T>(scope: Scope, bindings: Bindings, evaluation: Evaluation, work: () => T): T {
  const { scope: outer, bindings: before } = evaluation;
  evaluation.scope = scope;
  evaluation.bindings = bindings;
  const result = work();
  evaluation.scope = outer;
  evaluation.bindings = before;
  return result;
}

/** A value as a binding, which costs its size wherever it is read. */
export function knownAs(value: Value): Known {
  return { value, size: sizeOf(value), height: 0, origins: [], reads: [] };
}

/** Puts what a known value rests on among the literals that were read. */
export function read(spans: readonly Origin[], evaluation: Evaluation): void {
  for (const span of spans) evaluation.origins.push(span);
}

/** Each place once. */
export function distinctSpans(spans: readonly Origin[]): readonly Origin[] {
  if (spans.length < 2) return spans;
  const nameOf = ({ source, start, end, variable }: Origin) => `${source}:${start}:${end}:${variable ?? ''}`;
  return [...new Map(spans.map((span) => [nameOf(span), span])).values()];
}

/** Nodes and pieces of text; stops counting where no account reaches. */
export function sizeOf(value: Value): number {
  let size = 0;
  const stack: Value[] = [value];
  for (let next = stack.pop(); next && size < MOST_NODES; next = stack.pop()) {
    size++;
    if (next.kind === 'text') size += next.text.parts.length + (next.text.flat.length >> 8);
    else if (next.kind === 'list') for (const item of next.items) stack.push(item.value);
    else if (next.kind === 'object') for (const entry of next.entries) stack.push(entry.value);
    else if (next.kind === 'choice') stack.push(...next.options);
  }
  return size;
}

/** What an expression is called: its text, with the values of the loops' names that it mentions (`each` is one in a block). Equal names are equal values. */
export function nameOf(span: HclSpan, file: TerraformFile, evaluation: Evaluation): string {
  const words = evaluation.scope.prefix + symbolOf(file.source.text, span);
  if (evaluation.bindings.size === 0) return words;
  const bound = [...evaluation.bindings].filter(([name]) => name !== 'each' && words.includes(name));
  if (bound.length === 0) return words;
  const where = joinNames(
    bound.map(([name, { value, size }]) => (size > 100 ? undefined : `${name} = ${canonicalValue(value)}`)),
  );
  if (where === undefined) evaluation.reads.add(UNSETTLED);
  return `${words} where ${where ?? `#${evaluation.left}`}`;
}

/** The value that nothing is known of but its name. */
export function unknownOf(expression: Expression, file: TerraformFile, evaluation: Evaluation): Value {
  const { span } = expression;
  const isMissing = span.end <= span.start;
  if (isMissing) evaluation.reads.add(UNSETTLED);
  const symbol = isMissing ? `missing@${span.start}` : nameOf(span, file, evaluation);
  return { kind: 'unknown', span: spanIn(file.source, span), spelling: HCL, symbol };
}

/** A string that nothing is known of but its name. */
export function unknownText(expression: Expression, file: TerraformFile, evaluation: Evaluation): TextValue {
  const span = spanIn(file.source, expression.span);
  return { kind: 'text', span, spelling: HCL, text: holeText(nameOf(expression.span, file, evaluation), span) };
}
