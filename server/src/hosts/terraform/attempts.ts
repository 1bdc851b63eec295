/** `try`, `can` and `coalesce`: whether an expression fails or gives nothing, where that is certain either way. */
import { hasHole, knownText } from '../../text/text.ts';
import { lacks, type Value } from '../../value/value.ts';
import { computed, evaluate } from './evaluate.ts';
import type { Evaluation } from './evaluation.ts';
import type { TerraformFile } from './file.ts';
import type { Call, Expression, Traversal } from './hcl/syntax.ts';
import { lengthOf } from './known-calls.ts';
import { definitionOf } from './traversal.ts';
import { literalOf } from './walk.ts';

/** The first argument of `try` that does not fail; undefined where that is not certain. */
export function triedValue(call: Call, file: TerraformFile, evaluation: Evaluation): Value | undefined {
  for (const argument of call.arguments) {
    const success = succeeds(argument, file, evaluation);
    if (success === undefined) return undefined;
    if (success) return evaluate(argument, file, evaluation);
  }
  return undefined;
}

/** Whether the one argument of `can` does not fail; undefined where that is not certain. */
export function canValue(call: Call, file: TerraformFile, evaluation: Evaluation): Value | undefined {
  const [argument] = call.arguments;
  const success = argument && succeeds(argument, file, evaluation);
  return success === undefined ? undefined : computed(success, call.span, file);
}

/** The first argument of `coalesce` that is neither null nor empty; undefined where that is not certain. */
export function coalescedValue(call: Call, file: TerraformFile, evaluation: Evaluation): Value | undefined {
  for (const argument of call.arguments) {
    const value = evaluate(argument, file, evaluation);
    const isNothing = value.kind === 'scalar' ? value.value === null : value.kind === 'text' && value.text.flat === '';
    if (!isNothing) return isSomething(value) ? value : undefined;
  }
  return undefined;
}

function isSomething(value: Value): boolean {
  if (value.kind === 'text') return value.text.parts.some((part) => part.kind !== 'hole');
  return value.kind !== 'unknown' && value.kind !== 'choice';
}

/** Whether evaluating an expression succeeds: for names of values by whether the value has such a member, for the rest where all is known. */
function succeeds(expression: Expression, file: TerraformFile, evaluation: Evaluation): boolean | undefined {
  evaluation.left--;
  if (evaluation.left < 0) return undefined;
  if (expression.kind === 'paren') return succeeds(expression.expression, file, evaluation);
  if (expression.kind === 'variable') return evaluation.bindings.has(expression.name) ? true : undefined;
  if (expression.kind === 'traversal') return reaches(expression, file, evaluation);
  const [inner] = expression.kind === 'call' && expression.name === 'tostring' ? expression.arguments : [];
  if (inner) return isString(inner, file, evaluation);
  return isWhole(evaluate(expression, file, evaluation)) ? true : undefined;
}

/** Whether an expression gives what can be a string. */
function isString(expression: Expression, file: TerraformFile, evaluation: Evaluation): boolean | undefined {
  if (!succeeds(expression, file, evaluation)) return undefined;
  const { kind } = evaluate(expression, file, evaluation);
  if (kind === 'list' || kind === 'object') return false;
  return kind === 'text' || kind === 'scalar' || undefined;
}

/** Whether what all steps but the last lead to has the member that the last one names. */
function reaches(expression: Traversal, file: TerraformFile, evaluation: Evaluation): boolean | undefined {
  const { root, steps } = expression;
  const last = steps.at(-1);
  if (!last || last.kind === 'splat' || steps.some((step) => step.kind === 'splat')) return undefined;
  const isTop = root.kind === 'variable' && steps.length === 1 && !evaluation.bindings.has(root.name);
  if (isTop) {
    if (last.kind !== 'attribute' || root.kind !== 'variable') return undefined;
    return definitionOf([root.name, last.name], evaluation) ? true : undefined;
  }
  const holder: Expression = steps.length === 1 ? root : { ...expression, steps: steps.slice(0, -1) };
  const isThere = succeeds(holder, file, evaluation);
  if (!isThere) return isThere;
  const key = last.kind === 'attribute' ? last.name : keyOf(last.key, file, evaluation);
  return key === undefined ? undefined : hasMember(evaluate(holder, file, evaluation), key);
}

function keyOf(key: Expression, file: TerraformFile, evaluation: Evaluation): string | undefined {
  const value = evaluate(key, file, evaluation);
  if (value.kind === 'scalar') return value.raw;
  return literalOf(key, file.source.text) ?? (value.kind === 'text' ? knownText(value.text) : undefined);
}

function hasMember(value: Value, key: string): boolean | undefined {
  switch (value.kind) {
    case 'object':
      if (lacks(value, key)) return false;
      return value.entries.some((entry) => entry.presence === 'always' && knownText(entry.key) === key) || undefined;
    case 'list': {
      const length = lengthOf(value);
      return length === undefined || !/^\d+$/.test(key) ? undefined : Number(key) < length;
    }
    case 'text':
      return /^\d+$/.test(key) ? undefined : false;
    case 'scalar':
      return false;
    case 'choice':
    case 'unknown':
      return undefined;
  }
}

/** Whether all of a value is known, so that nothing of it can fail to be there. */
function isWhole(value: Value): boolean {
  switch (value.kind) {
    case 'text':
      return !hasHole(value.text);
    case 'scalar':
      return true;
    case 'list':
      return !value.open && value.items.every((item) => item.presence === 'always' && isWhole(item.value));
    case 'object':
      return !value.open && value.entries.every((entry) => entry.presence === 'always' && isWhole(entry.value));
    case 'choice':
    case 'unknown':
      return false;
  }
}
