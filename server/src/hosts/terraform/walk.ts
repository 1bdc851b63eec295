/** Walks and names expressions without saying what they are worth. */
import type { Block, Body, Expression, HclSpan, ObjectEntry, TemplatePart } from './hcl/syntax.ts';

/** The expressions directly below one, in source order; keys and values of objects alike. */
export function childrenOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'number':
    case 'boolean':
    case 'null':
    case 'variable':
    case 'invalid':
      return [];
    case 'template':
    case 'heredoc':
      return expression.parts.flatMap(partChildren);
    case 'list':
      return expression.items;
    case 'object':
      return expression.entries.flatMap(entryChildren);
    case 'for':
      return [
        expression.collection,
        ...(expression.key ? [expression.key] : []),
        expression.value,
        ...(expression.condition ? [expression.condition] : []),
      ];
    case 'conditional':
      return [expression.condition, expression.consequent, expression.alternative];
    case 'binary':
      return [expression.left, expression.right];
    case 'unary':
      return [expression.operand];
    case 'call':
      return expression.arguments;
    case 'traversal':
      return [expression.root, ...expression.steps.flatMap((step) => (step.kind === 'index' ? [step.key] : []))];
    case 'paren':
      return [expression.expression];
  }
}

function partChildren(part: TemplatePart): readonly Expression[] {
  if (part.kind === 'interpolation') return [part.expression];
  return part.kind === 'directive' && part.expression ? [part.expression] : [];
}

function entryChildren(entry: ObjectEntry): readonly Expression[] {
  return entry.key.kind === 'identifier' ? [entry.value] : [entry.key, entry.value];
}

/** Visits an expression and all below it. Uses no recursion, so any depth is fine. */
export function walkExpression(expression: Expression, visit: (expression: Expression) => void): void {
  const stack = [expression];
  for (let next = stack.pop(); next; next = stack.pop()) {
    visit(next);
    for (const child of childrenOf(next)) stack.push(child);
  }
}

/**
 * The names that a traversal goes through from its root on, up to the first step that is no literal: `data`,
 * `aws_iam_policy_document`, `d`, `json`. Empty where the root is no name. `text` is the whole text of the file.
 */
export function pathOf(expression: Expression, text: string): readonly string[] {
  if (expression.kind === 'variable') return [expression.name];
  if (expression.kind !== 'traversal' || expression.root.kind !== 'variable') return [];
  const path = [expression.root.name];
  for (const step of expression.steps) {
    const name = step.kind === 'attribute' ? step.name : step.kind === 'index' ? literalOf(step.key, text) : undefined;
    if (name === undefined) break;
    path.push(name);
  }
  return path;
}

/** The letters of a plain string or number: of an index, of a key. Undefined for all that is computed or escaped. */
export function literalOf(expression: Expression, text: string): string | undefined {
  if (expression.kind === 'number') return String(expression.value);
  if (expression.kind !== 'template' || expression.parts.length > 1) return undefined;
  const [part] = expression.parts;
  if (!part) return '';
  return part.kind === 'literal' ? text.slice(part.span.start, part.span.end) : undefined;
}

/** A block of a type among a body's items, or what a `dynamic` block makes of them. */
export interface BlockUse {
  readonly block: Block;
  /** The block itself, or the `content` of a `dynamic` one. */
  readonly body: Body;
  readonly dynamic: boolean;
}

/** The blocks of a type in a body, in source order; a `dynamic` one counts with its `content`, an empty body where it has none. */
export function blocksIn(body: Body, type: string): readonly BlockUse[] {
  const uses: BlockUse[] = [];
  for (const item of body.items) {
    if (item.kind !== 'block') continue;
    if (item.type === type) uses.push({ block: item, body: item.body, dynamic: false });
    else if (item.type === 'dynamic' && item.labels[0]?.text === type) {
      const content = item.body.items.find(
        (inner): inner is Block => inner.kind === 'block' && inner.type === 'content',
      );
      uses.push({ block: item, body: content?.body ?? { items: [] }, dynamic: true });
    }
  }
  return uses;
}

/** The expression's source text, blanks made single: equal texts are equal symbols. */
export function symbolOf(text: string, span: HclSpan): string {
  const words = text.slice(span.start, span.end).trim();
  return words.includes('"') ? words.replace(/\s*\n\s*/g, ' ') : words.replace(/\s+/g, ' ');
}
