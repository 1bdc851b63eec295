/** Values as the provider takes them: one string, or a list of strings, with what is empty left out. Knows no argument's name. */
import { holeText, joinText, partAt, sliceText, spanOf, spelledText, type Text } from '../../text/text.ts';
import type { Presence, TextValue, Value } from '../../value/value.ts';
import { evaluate } from './evaluate.ts';
import { type Evaluation, HCL, unknownText } from './evaluation.ts';
import type { TerraformFile } from './file.ts';
import type { Expression } from './hcl/syntax.ts';

/** What an argument gives, and whether it gives it always; undefined where it gives nothing. */
export interface Given {
  readonly value: Value;
  readonly presence: Presence;
}

/** An argument that takes a string. */
export function textArgument(expression: Expression, file: TerraformFile, evaluation: Evaluation): Given | undefined {
  const value = evaluate(expression, file, evaluation);
  return present(value.kind === 'unknown' ? unknownText(expression, file, evaluation) : asText(value));
}

/** An argument that takes a list or set of strings. */
export function textsArgument(expression: Expression, file: TerraformFile, evaluation: Evaluation): Given | undefined {
  return present(asTexts(evaluate(expression, file, evaluation)));
}

/** Null, the empty string and the empty list are as good as nothing; what is unknown may be null. */
function present(value: Value): Given | undefined {
  if (value.kind === 'unknown') return { value, presence: 'sometimes' };
  if (value.kind !== 'choice') return isNothing(value) ? undefined : { value, presence: 'always' };
  const options = value.options.filter((option) => !isNothing(option));
  const [first] = options;
  if (!first) return undefined;
  const presence = options.length < value.options.length ? 'sometimes' : 'always';
  return { value: options.length > 1 ? { ...value, options } : first, presence };
}

function isNothing(value: Value): boolean {
  if (value.kind === 'scalar') return value.value === null;
  if (value.kind === 'text') return value.text.flat === '';
  return value.kind === 'list' && value.items.length === 0 && !value.open;
}

/** Terraform writes numbers and booleans down where a string is due. */
function asText(value: Value): Value {
  if (value.kind === 'choice') return { ...value, options: value.options.map(asText) };
  if (value.kind !== 'scalar' || value.value === null) return value;
  return { kind: 'text', span: value.span, spelling: HCL, text: spelledText('derived', value.raw, value.span) };
}

function asTexts(value: Value): Value {
  if (value.kind === 'choice') return { ...value, options: value.options.map(asTexts) };
  if (value.kind !== 'list') return value;
  const items = value.items.map((item) => {
    const inner = item.value.kind === 'unknown' ? nameless(item.value) : asText(item.value);
    return inner === item.value ? item : { ...item, value: inner };
  });
  return { ...value, items };
}

/** An item of a list of strings is a string, whatever it says. */
function nameless(value: Extract<Value, { kind: 'unknown' }>): TextValue {
  const text = holeText(value.symbol, value.span);
  return { kind: 'text', span: value.span, spelling: value.spelling, text };
}

/** The value with `&{`, which the provider offers for IAM's own variables, read as `${`. */
export function withPolicyVariables(value: Value): Value {
  switch (value.kind) {
    case 'text':
      return value.text.flat.includes('&{') ? { ...value, text: withDollars(value.text) } : value;
    case 'list': {
      if (!value.items.some((item) => holdsVariables(item.value))) return value;
      return { ...value, items: value.items.map((item) => ({ ...item, value: withPolicyVariables(item.value) })) };
    }
    case 'choice':
      return { ...value, options: value.options.map(withPolicyVariables) };
    case 'object':
    case 'scalar':
    case 'unknown':
      return value;
  }
}

function holdsVariables(value: Value): boolean {
  return value.kind === 'text' ? value.text.flat.includes('&{') : value.kind === 'choice';
}

function withDollars(text: Text): Text {
  const pieces: Text[] = [];
  let from = 0;
  for (let at = text.flat.indexOf('&{'); at >= 0; at = text.flat.indexOf('&{', from)) {
    const span = spanOf(text, at, at + 2);
    pieces.push(sliceText(text, from, at));
    const kind = partAt(text, at)?.kind === 'same' && partAt(text, at + 1)?.kind === 'same' ? 'spelled' : 'derived';
    pieces.push(span ? spelledText(kind, '${', span) : sliceText(text, at, at + 2));
    from = at + 2;
  }
  return joinText([...pieces, sliceText(text, from, text.flat.length)]);
}
