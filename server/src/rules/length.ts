/** Length: how many characters a document has as JSON without any layout. A lower bound where something is not known; reports nothing. */
import { canonicalText, HOLE, isHole, type Text } from '../text/text.ts';
import type { ListValue, ObjectValue, Value } from '../value/value.ts';

/** `least` characters are there for certain; just as many where all is known (`exact`). */
export interface Length {
  readonly least: number;
  readonly exact: boolean;
}

/** The length of the document. `blanks` says whether white space within texts counts. What Terraform fills in counts too. */
export function lengthOf(document: ObjectValue, blanks: 'counted' | 'left out', versionImplied: boolean): Length {
  const blocks = document.spelling.notation === 'block';
  const tally: Tally = { blanks: blanks === 'counted', blocks, exact: true };
  const implied = versionImplied && !document.entries.some(({ key }) => key.flat === 'Version');
  const least = valueLength(document, tally) + (implied ? '"Version":"2012-10-17",'.length : 0);
  return { least, exact: tally.exact };
}

/** The least length of one value of a document in JSON, wherever it stands. */
export function measured(value: Value, blanks: 'counted' | 'left out'): number {
  return valueLength(value, { blanks: blanks === 'counted', blocks: value.spelling.notation === 'block', exact: true });
}

interface Tally {
  readonly blanks: boolean;
  /** Terraform's blocks hold sets, and a set of one is written as that one. */
  readonly blocks: boolean;
  exact: boolean;
}

function valueLength(value: Value, tally: Tally): number {
  switch (value.kind) {
    case 'text':
      return textLength(value.text, tally);
    case 'scalar':
      return value.raw.length;
    case 'list':
      return listLength(value, tally);
    case 'object':
      return objectLength(value, tally);
    case 'choice':
      tally.exact = false;
      return Math.min(...value.options.map((option) => valueLength(option, tally)));
    case 'unknown':
      tally.exact = false;
      return 0;
  }
}

function textLength(text: Text, tally: Tally): number {
  const { flat } = text;
  let length = flat.length + 2;
  if (ODD.test(flat)) {
    for (let at = 0; at < flat.length; at++) {
      const letter = flat.charAt(at);
      if (letter === '"' || letter === '\\') length++;
      else if (!tally.blanks && /\s/.test(letter)) length--;
      else if (letter === HOLE && isHole(text, at)) {
        length--;
        tally.exact = false;
      }
    }
  }
  return length;
}

const ODD = /["\\\s\uFFFC]/;

function listLength(list: ListValue, tally: Tally): number {
  const block = tally.blocks && list.items.every(({ value }) => value.kind === 'text');
  const seen = new Set<string>();
  let length = 0;
  let count = 0;
  if (list.open) tally.exact = false;
  for (const { value, presence } of list.items) {
    if (presence === 'sometimes') {
      tally.exact = false;
      continue;
    }
    if (block && value.kind === 'text') {
      const name = canonicalText(value.text);
      if (seen.has(name)) continue;
      seen.add(name);
    }
    length += valueLength(value, tally);
    count++;
  }
  return block && count < 2 ? length : length + 2 + Math.max(0, count - 1);
}

function objectLength(object: ObjectValue, tally: Tally): number {
  let length = 0;
  let count = 0;
  if (object.open) tally.exact = false;
  for (const { key, value, presence } of object.entries) {
    if (presence === 'sometimes') {
      tally.exact = false;
      continue;
    }
    length += textLength(key, tally) + 1 + valueLength(value, tally);
    count++;
  }
  return length + 2 + Math.max(0, count - 1);
}
