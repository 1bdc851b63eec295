/** Says which edits Terraform's printer spells rightly in a file of Terraform's JSON syntax. Spells none itself. */
import type { Edit, Plain } from '../../../finding/edit.ts';
import type { Value } from '../../../value/value.ts';
import type { TerraformFile } from '../file.ts';
import type { Body, Expression, HclSpan } from '../hcl/syntax.ts';
import { childrenOf } from '../walk.ts';
import { isTerraformJson } from './structure.ts';

/**
 * Whether the edit can be printed. In JSON syntax, JSON in strings can be edited as anywhere; of HCL's own values strings
 * and lists of strings, which both syntaxes spell alike, where they stand outside of `${ … }`; inside, letters only.
 */
export function isSpellable(edit: Edit, files: readonly TerraformFile[]): boolean {
  const value = touched(edit);
  if (!isTerraformJson(value.span.source) || value.spelling.notation === 'json') return true;
  const file = files.find(({ source }) => source.path === value.span.source);
  const outside = file !== undefined && !isInSequence(file.hcl.body, value.span);
  switch (edit.kind) {
    case 'rewrite':
      return outside || !/["\\$%]/.test(edit.text);
    case 'replace':
      return outside && areStrings(Array.isArray(edit.plain) ? edit.plain : [edit.plain]);
    case 'insert-item':
      return outside && areStrings([edit.plain]);
    case 'replace-items':
      return outside && areStrings(edit.plain);
    case 'remove-item':
      return outside && value.spelling.notation === 'hcl';
    case 'rename':
      return outside;
    case 'insert-entry':
    case 'reorder-items':
    case 'copy-item':
    case 'copy-object':
    case 'remove-entry':
      return false;
  }
}

function touched(edit: Edit): Value {
  switch (edit.kind) {
    case 'rewrite':
    case 'replace':
    case 'copy-object':
      return edit.value;
    case 'rename':
      return edit.entry.value;
    case 'insert-item':
    case 'insert-entry':
    case 'replace-items':
    case 'reorder-items':
    case 'copy-item':
      return edit.into;
    case 'remove-item':
    case 'remove-entry':
      return edit.from;
  }
}

function areStrings(plain: readonly Plain[]): boolean {
  return plain.every((one) => typeof one === 'string');
}

/** Whether the span lies inside of `${ … }` of a string. */
function isInSequence(body: Body, span: HclSpan): boolean {
  const item = body.items.find((one) => holds(one.span, span));
  if (!item) return false;
  return item.kind === 'block' ? isInSequence(item.body, span) : isBelowSequence(item.value, span);
}

function isBelowSequence(expression: Expression, span: HclSpan): boolean {
  if (expression.kind === 'template')
    return expression.parts.some((part) => part.kind !== 'literal' && part.kind !== 'escape' && holds(part.span, span));
  const child = childrenOf(expression).find((one) => holds(one.span, span));
  return child !== undefined && isBelowSequence(child, span);
}

function holds(outer: HclSpan, inner: HclSpan): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}
