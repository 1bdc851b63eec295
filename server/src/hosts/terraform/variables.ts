/** Variables: what becomes of a value that is handed to one, by its declared type; and which defaults tell something. Source: Terraform documentation, "Type Constraints". */
import { spelledText } from '../../text/text.ts';
import { type Entry, entryOf, lacks, type ObjectValue, type Value } from '../../value/value.ts';
import { evaluate } from './evaluate.ts';
import { type Evaluation, HCL, inScope, MADE, NONE } from './evaluation.ts';
import { spanIn, type TerraformFile, type Variable } from './file.ts';
import type { Attribute, Expression, ObjectExpression } from './hcl/syntax.ts';
import type { Declaration } from './scope.ts';

/**
 * The default of a variable, where it says something: null and what is empty only keep the place of what a caller gives.
 */
export function hintOf({ standard }: Variable): Attribute | undefined {
  const value = standard?.value;
  switch (value?.kind) {
    case undefined:
    case 'null':
    case 'invalid':
      return undefined;
    case 'template':
    case 'heredoc':
      return value.parts.length > 0 ? standard : undefined;
    case 'list':
      return value.items.length > 0 ? standard : undefined;
    case 'object':
      return value.entries.length > 0 ? standard : undefined;
    default:
      return standard;
  }
}

/** The value as the variable holds it. */
export function typed(value: Value, { variable, file }: Declaration, evaluation: Evaluation): Value {
  const isNull = value.kind === 'scalar' && value.value === null;
  if (isNull && variable.refusesNull && variable.standard) {
    const { standard } = variable;
    return inScope(evaluation.scope, NONE, evaluation, () => evaluate(standard.value, file, evaluation));
  }
  return variable.type ? converted(value, variable.type, file, evaluation) : value;
}

/** The value under a type; what does not fit stays as it is, since Terraform refuses it. */
function converted(value: Value, type: Expression, file: TerraformFile, evaluation: Evaluation): Value {
  evaluation.left--;
  if (evaluation.left < 0) return value;
  if (value.kind === 'choice')
    return { ...value, options: value.options.map((option) => converted(option, type, file, evaluation)) };
  if (type.kind === 'variable') {
    const isText = type.name === 'string' && value.kind === 'scalar' && value.value !== null;
    return isText ? { ...value, kind: 'text', text: spelledText('derived', value.raw, value.span) } : value;
  }
  const [inner] = type.kind === 'call' ? type.arguments : [];
  if (type.kind !== 'call' || !inner) return value;
  if (type.name === 'object')
    return inner.kind === 'object' && value.kind === 'object' ? asObject(value, inner, file, evaluation) : value;
  if (value.kind === 'list' && (type.name === 'list' || type.name === 'set')) {
    const items = value.items.map((item) => ({ ...item, value: converted(item.value, inner, file, evaluation) }));
    return { ...value, items };
  }
  if (value.kind !== 'object' || type.name !== 'map') return value;
  const entries = value.entries.map((entry) => ({ ...entry, value: converted(entry.value, inner, file, evaluation) }));
  return { ...value, entries };
}

/** The attributes that the type names: others are dropped, optional ones that lack are null or their default. */
function asObject(value: ObjectValue, type: ObjectExpression, file: TerraformFile, evaluation: Evaluation): Value {
  const entries = type.entries.flatMap((attribute): readonly Entry[] => {
    if (attribute.key.kind !== 'identifier') return [];
    const { name, span } = attribute.key;
    const optional = attribute.value.kind === 'call' && attribute.value.name === 'optional';
    const [inner, standard] =
      attribute.value.kind === 'call' && optional ? attribute.value.arguments : [attribute.value];
    const given = entryOf(value, name);
    if (given) return [inner ? { ...given, value: converted(given.value, inner, file, evaluation) } : given];
    if (!optional || !lacks(value, name)) return [];
    const keySpan = spanIn(file.source, span);
    const missing: Value = { kind: 'scalar', span: keySpan, spelling: HCL, value: null, raw: 'null' };
    const filled = standard ? evaluate(standard, file, evaluation) : missing;
    return [{ key: spelledText('derived', name, keySpan), keySpan, value: filled, presence: 'always', span: keySpan }];
  });
  return { ...value, entries, spelling: MADE };
}
