/** Texts inside of texts: what functions put in, what a file's reader fills in before CloudFormation sees it. Knows no function by name. */
import {
  type Directive,
  holeText,
  joinText,
  type Span,
  sliceText,
  spanOf,
  spelledText,
  type Text,
} from '../../text/text.ts';
import type { Value } from '../../value/value.ts';

/** What a value contributes where it is put into a text at `span`: letters as computed there, holes. Undefined for what is no text. */
export function embedded(value: Value, span: Span): Text | undefined {
  if (value.kind === 'scalar') return value.value === null ? undefined : spelledText('derived', value.raw, span);
  return value.kind === 'text' ? relocated(value.text, span) : undefined;
}

/** The text with all of its parts computed at `span`. */
export function relocated(text: Text, span: Span): Text {
  return joinText(
    text.parts.map((part) => {
      const flat = text.flat.slice(part.at, part.at + part.length);
      return part.kind === 'hole' ? holeText(part.symbol ?? '', span) : spelledText('derived', flat, span);
    }),
  );
}

/** The text with every match of `pattern` replaced; `replace` leaves a match as it is by undefined. `pattern` is global. */
export function replaced(
  text: Text,
  pattern: RegExp,
  replace: (match: RegExpExecArray, span: Span, from: number, to: number) => Text | undefined,
): Text {
  const pieces: Text[] = [];
  let from = 0;
  for (const match of text.flat.matchAll(pattern)) {
    const to = match.index + match[0].length;
    const span = spanOf(text, match.index, to);
    const piece = span && replace(match, span, match.index, to);
    if (!piece) continue;
    pieces.push(sliceText(text, from, match.index), piece);
    from = to;
  }
  if (pieces.length === 0) return text;
  return joinText([...pieces, sliceText(text, from, text.flat.length)]);
}

/** The text with what is filled in from elsewhere as holes: dynamic references, and marks and the tags of templates as `marks` says. */
export function withOutsideHoles(text: Text, marks: 'none' | 'plain names' | 'all'): Text {
  const plain = text.flat.includes('{{') || text.flat.includes('{%') ? withoutTags(text, marks) : text;
  if (marks === 'none' || !plain.flat.includes('${')) return plain;
  return replaced(plain, /\$\{((?:[^{}]|\{[^{}]*\})*)\}/g, ([, name = ''], span) =>
    marks === 'plain names' && isPolicyVariable(name) ? undefined : holeText(name.trim(), span),
  );
}

/** Dynamic references of CloudFormation; elsewhere the tags of Go's templates and of Jinja, which put in or leave out what is around them. */
function withoutTags(text: Text, marks: 'none' | 'plain names' | 'all'): Text {
  return replaced(text, /\{\{-?\s*([^{}]*?)\s*-?\}\}|\{%-?\s*([^{}]*?)\s*-?%\}/g, ([, name, tag], span) => {
    if (marks === 'none') return name === undefined ? undefined : holeText(name, span);
    const words = name ?? tag ?? '';
    return holeText(words, span, directiveOf(words));
  });
}

function directiveOf(words: string): Directive | undefined {
  const [word = ''] = words.split(/\s/);
  if (/^(?:if|range|with|for|define|block)$/.test(word)) return 'open';
  if (/^(?:else|elif)$/.test(word)) return 'else';
  return /^end\w*$/.test(word) ? 'close' : undefined;
}

/** A name that IAM reads itself: it has a colon (`aws:username`) or is one of the three escapes. */
export function isPolicyVariable(name: string): boolean {
  return /^[\w-]+:[\w:/+=.@-]/.test(name) || name === '*' || name === '?' || name === '$';
}
