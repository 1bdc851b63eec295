/** Finds the expressions of a file that may be policies wherever they stand: those that mention a `Statement`. Evaluates nothing. */
import { keyName } from './documents.ts';
import type { TerraformFile } from './file.ts';
import type { Body, Expression } from './hcl/syntax.ts';
import { childrenOf } from './walk.ts';

/** An expression that may be a policy. `type` and `argument` name the block and the argument that hold it. */
export interface CandidatePlace {
  readonly expression: Expression;
  readonly address: string;
  readonly type: string;
  readonly argument: string;
}

/** The candidates, outermost first: objects with a key `Statement`, and strings that mention one. */
export function placesOf(file: TerraformFile): readonly CandidatePlace[] {
  const marks = marksIn(file.source.text);
  if (marks.length === 0) return [];
  const places: CandidatePlace[] = [];
  const found = (type: string, argument: string) => (expression: Expression, address: string) => {
    places.push({ expression, address, type, argument });
  };
  walkBody(
    file.hcl.body,
    '',
    '',
    (attribute, address, type) => {
      if (mentions(marks, attribute.value.span))
        search(attribute.value, address, file, marks, found(type, attribute.name));
    },
    marks,
  );
  return places;
}

/** Where the word stands. */
function marksIn(text: string): readonly number[] {
  const marks: number[] = [];
  for (let at = text.indexOf('Statement'); at >= 0; at = text.indexOf('Statement', at + 9)) marks.push(at);
  return marks;
}

function mentions(marks: readonly number[], span: { readonly start: number; readonly end: number }): boolean {
  let low = 0;
  let high = marks.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((marks[middle] ?? 0) < span.start) low = middle + 1;
    else high = middle;
  }
  return (marks[low] ?? Number.POSITIVE_INFINITY) < span.end;
}

function walkBody(
  body: Body,
  address: string,
  type: string,
  visit: (attribute: Extract<Body['items'][number], { kind: 'attribute' }>, address: string, type: string) => void,
  marks: readonly number[],
): void {
  for (const item of body.items) {
    if (!mentions(marks, item.span)) continue;
    if (item.kind === 'attribute') visit(item, address === '' ? item.name : `${address}.${item.name}`, type);
    else {
      const labels = item.labels.map((label) => label.text);
      const own = item.type === 'resource' ? labels : [item.type === 'locals' ? 'local' : item.type, ...labels];
      const inner =
        address === '' ? own.join('.') : item.type === 'content' ? address : `${address}.${labels[0] ?? item.type}`;
      walkBody(item.body, inner, type === '' ? (labels[0] ?? item.type) : type, visit, marks);
    }
  }
}

/** Goes down to the outermost expressions that may be policies. */
function search(
  expression: Expression,
  address: string,
  file: TerraformFile,
  marks: readonly number[],
  found: (expression: Expression, address: string) => void,
): void {
  if (!mentions(marks, expression.span)) return;
  if (expression.kind === 'object') {
    if (expression.entries.some((entry) => keyName(entry.key, file) === 'Statement')) {
      found(expression, address);
      return;
    }
    for (const entry of expression.entries) {
      const name = keyName(entry.key, file);
      search(entry.value, name === undefined ? address : `${address}.${name}`, file, marks, found);
    }
    return;
  }
  if (expression.kind === 'list') {
    for (const [index, item] of expression.items.entries()) search(item, `${address}[${index}]`, file, marks, found);
    return;
  }
  if (expression.kind === 'template' || expression.kind === 'heredoc') found(expression, address);
  else for (const child of childrenOf(expression)) search(child, address, file, marks, found);
}
