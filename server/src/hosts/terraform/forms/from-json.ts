/** Reads JSON that stands in a string or heredoc as a draft. Undefined where something of it is unknown that is no text, or there only sometimes. */
import type { Text } from '../../../text/text.ts';
import type { Value } from '../../../value/value.ts';
import { type Draft, type DraftObject, type Keyed, type Member, NO_NOTES, quoted, type Words } from './draft.ts';

/** The document as a draft; `content` is the text of the file that holds it. */
export function fromJson(value: Value, content: string): DraftObject | undefined {
  const draft = draftOf(value, content);
  return draft?.kind === 'object' ? draft : undefined;
}

function draftOf(value: Value, content: string): Draft | undefined {
  switch (value.kind) {
    case 'text':
      return wordsOf(value.text, content);
    case 'scalar':
      return value.value === null ? undefined : quoted(value.raw);
    case 'list': {
      const members = value.items.flatMap((item): readonly Member[] => {
        const inner = item.presence === 'always' ? draftOf(item.value, content) : undefined;
        return inner ? [{ value: inner, notes: NO_NOTES }] : [];
      });
      const broken = content.slice(value.span.start, value.span.end).includes('\n');
      return value.open || members.length < value.items.length ? undefined : { kind: 'list', members, broken };
    }
    case 'object': {
      const members = value.entries.flatMap((entry): readonly Keyed[] => {
        const inner = entry.presence === 'always' ? draftOf(entry.value, content) : undefined;
        const key = wordsOf(entry.key, content);
        if (!inner || !key) return [];
        const known = entry.key.parts.some(({ kind }) => kind === 'hole') ? undefined : entry.key.flat;
        return [{ key: known, words: key.text, value: inner, notes: NO_NOTES }];
      });
      return value.open || members.length < value.entries.length ? undefined : { kind: 'object', members };
    }
    case 'choice':
    case 'unknown':
      return undefined;
  }
}

/** The letters as a string of HCL, with what is interpolated in its own words. */
function wordsOf(text: Text, content: string): Words | undefined {
  let words = '';
  let start = -1;
  for (const part of text.parts) {
    const piece = text.flat.slice(part.at, part.at + part.length);
    if (part.kind === 'same' || part.kind === 'spelled') {
      words += quoted(piece).text.slice(1, -1);
      continue;
    }
    const written = content.slice(part.span.start, part.span.end);
    if (part.directive || !/^\$\{[^~][^\n]*\}$/.test(written)) return undefined;
    if (part.span.start !== start) words += written;
    start = part.span.start;
  }
  const only = /^\$\{([^{}]*)\}$/.exec(words)?.[1]?.trim();
  return { kind: 'words', text: `"${words}"`, holds: 'text', ...(only ? { bare: only } : {}) };
}
