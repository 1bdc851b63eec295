/** Order: which of several ways out comes first where none is better by what it takes away: the one that leaves nothing to be filled in. */
import type { Edit, Plain } from '../../finding/edit.ts';
import type { Fix } from '../../finding/finding.ts';
import { PLACEHOLDER } from '../../finding/placeholder.ts';

/** The same fixes, those before the others that are done with one click; else as they stand. */
export function completeFirst(fixes: readonly Fix[]): readonly Fix[] {
  return [...fixes].sort((a, b) => Number(leavesOpen(a)) - Number(leavesOpen(b)));
}

/** Whether the fix writes something that is to be filled in. */
export function leavesOpen({ edits }: Fix): boolean {
  return edits.some(writesOpen);
}

function writesOpen(edit: Edit): boolean {
  switch (edit.kind) {
    case 'rewrite':
      return edit.text.includes(PLACEHOLDER);
    case 'rename':
      return edit.key.includes(PLACEHOLDER);
    case 'insert-entry':
      return edit.key.includes(PLACEHOLDER) || isOpen(edit.plain);
    case 'replace':
    case 'insert-item':
      return isOpen(edit.plain);
    case 'replace-items':
      return edit.plain.some(isOpen);
    case 'copy-item':
    case 'copy-object':
      return edit.edits.some(writesOpen);
    case 'reorder-items':
    case 'remove-item':
    case 'remove-entry':
      return false;
  }
}

function isOpen(plain: Plain): boolean {
  if (typeof plain === 'string') return plain.includes(PLACEHOLDER);
  if (isList(plain)) return plain.some(isOpen);
  if (typeof plain !== 'object' || plain === null) return false;
  if ('thing' in plain) return plain.suffix.includes(PLACEHOLDER);
  if ('written' in plain) return false;
  return plain.entries.some(([key, value]) => key.includes(PLACEHOLDER) || isOpen(value));
}

function isList(plain: Plain): plain is readonly Plain[] {
  return Array.isArray(plain);
}
