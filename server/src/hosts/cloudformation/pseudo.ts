/**
 * Placeholders that a template fills in itself: the Region and the account that it is deployed to stand in ARNs as
 * `${AWS::Region}` and `${AWS::AccountId}`. Which account somebody else is of, nobody but the author knows.
 */
import type { Edit, Plain } from '../../finding/edit.ts';
import { PLACEHOLDER } from '../../finding/placeholder.ts';
import { literalOf, type Value } from '../../value/value.ts';
import { isList } from '../spelling.ts';

/** The name of a reference whose suffix is a text with pseudo-parameters; no resource has it. */
export const PSEUDO = 'AWS::';

/** The edits with such references in the place of texts with placeholders. */
export function withPseudoParameters(edits: readonly Edit[]): readonly Edit[] {
  return edits.map(withPseudo);
}

function withPseudo(edit: Edit): Edit {
  switch (edit.kind) {
    case 'replace':
      return isEverything(edit.value) ? { ...edit, plain: filled(edit.plain) } : edit;
    case 'insert-item':
      return { ...edit, plain: filled(edit.plain) };
    case 'insert-entry':
      return { ...edit, plain: filled(edit.plain, edit.key) };
    case 'replace-items':
      return edit.items.every((item) => isEverything(item.value))
        ? { ...edit, plain: edit.plain.map((plain) => filled(plain)) }
        : edit;
    case 'copy-item':
    case 'copy-object':
      return { ...edit, edits: withPseudoParameters(edit.edits) };
    case 'rewrite':
    case 'rename':
    case 'reorder-items':
    case 'remove-item':
    case 'remove-entry':
      return edit;
  }
}

/** Whether a value is `*`: what takes its place is part of it, whatever a Region is. A pattern has fields of its own, which nobody could prove to hold. */
function isEverything(value: Value): boolean {
  if (value.kind === 'list') return value.items.length > 0 && value.items.every((item) => isEverything(item.value));
  return literalOf(value) === '*';
}

/** The template of `Fn::Sub` that such a reference is. */
export function pseudoTemplate(suffix: string): string {
  return suffix
    .replaceAll('${', '${!')
    .replaceAll(FIELD, (_, name: string) => (name === 'REGION' ? '${AWS::Region}' : '${AWS::AccountId}'));
}

const FIELD = new RegExp(`${PLACEHOLDER}(REGION|ACCOUNT)(?![A-Z_])`, 'g');

/** The value with references in it. `key` is that which it stands under. */
function filled(plain: Plain, key?: string): Plain {
  if (typeof plain === 'string') return isOwn(plain, key) ? { thing: PSEUDO, suffix: plain } : plain;
  if (typeof plain !== 'object' || plain === null || 'thing' in plain || 'written' in plain) return plain;
  if (isList(plain)) return plain.map((item) => filled(item, key));
  return { entries: plain.entries.map(([name, value]) => [name, filled(value, name)] as const) };
}

/** Whether a text names a resource of the stack's own account, or that account as the one on whose behalf a service acts. */
function isOwn(text: string, key: string | undefined): boolean {
  if (text.search(FIELD) < 0) return false;
  return key === 'aws:SourceAccount' || (/^arn:/.test(text) && !/:root$/.test(text));
}
