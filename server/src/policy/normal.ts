/**
 * Normal: what a policy says without how it says it: lists of strings as sets, one string as a list of it, keys in the order
 * of their letters. Equal names are equal policies, whatever their variables stand for; unequal ones tell nothing.
 */
import { canonicalText } from '../text/text.ts';
import { canonicalValue, type Entry, type Item, type ListValue, unseenName, type Value } from '../value/value.ts';
import type { Policy } from './policy.ts';

/** The name of all that the policy says, but for its Version, which `language` tells; undefined where something of it has no name. */
export function normalName({ document, language }: Policy): string | undefined {
  if (unseenName(document) === undefined || language === 'unknown') return undefined;
  const entries = document.entries.filter(({ key }) => key.flat !== 'Version');
  return `${language} ${objectName(entries, document.open ? (document.openSymbol ?? '') : undefined)}`;
}

function nameOf(value: Value): string {
  switch (value.kind) {
    case 'text':
      return JSON.stringify(canonicalText(value.text));
    case 'scalar':
      return value.value === null ? 'null' : JSON.stringify(value.raw);
    case 'list':
      return listName(value);
    case 'object':
      return objectName(value.entries, openOf(value));
    case 'choice':
    case 'unknown':
      return canonicalValue(value);
  }
}

function openOf({
  open,
  openSymbol,
}: {
  readonly open: boolean;
  readonly openSymbol?: string | undefined;
}): string | undefined {
  return open ? `…${openSymbol ?? ''}` : undefined;
}

function listName(list: ListValue): string {
  const names = list.items.map(itemName);
  const isSet = list.items.every(({ value }) => value.kind === 'text' || value.kind === 'scalar');
  const said = isSet ? [...new Set(names)].sort() : names;
  const open = openOf(list);
  const [only] = said;
  return said.length === 1 && only !== undefined && open === undefined
    ? only
    : `[${[...said, ...(open ? [open] : [])].join(',')}]`;
}

function itemName({ value, presence }: Item): string {
  return `${presence === 'always' ? '' : '~'}${nameOf(value)}`;
}

function objectName(entries: readonly Entry[], open: string | undefined): string {
  const names = entries
    .filter(({ key, value }) => key.flat !== 'Sid' || value.kind !== 'text' || value.text.flat !== '')
    .map(
      ({ key, value, presence }) =>
        `${presence === 'always' ? '' : '~'}${JSON.stringify(canonicalText(key))}:${nameOf(value)}`,
    );
  // Of a key that stands twice the last one counts.
  const isOrdered = new Set(entries.map(({ key }) => canonicalText(key))).size < entries.length;
  return `{${[...(isOrdered ? names : names.sort()), ...(open === undefined ? [] : [open])].join(',')}}`;
}
