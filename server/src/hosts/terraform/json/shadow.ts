/**
 * JSON strings that hold HCL: makes the quotes and line ends of their `${ … }` readable to a reader of HCL without moving
 * a letter. Decodes nothing outside of sequences.
 */

/** A string of the source: the offsets behind its opening quote and of its closing one. */
export interface StringRange {
  readonly start: number;
  readonly end: number;
}

/** A text as long as the source. `unreadable` holds the starts of strings whose sequences cannot be put so. */
export interface Shadow {
  readonly text: string;
  readonly unreadable: ReadonlySet<number>;
}

/**
 * The source with `\"` in sequences as a quote and a blank, the blank outside of the string that the quote begins or ends,
 * and `\n` as a blank and a line end. Invariant: the letters inside of strings in sequences stand where they stood.
 */
export function shadowOf(source: string, strings: readonly StringRange[]): Shadow {
  const unreadable = new Set<number>();
  const pieces: string[] = [];
  let from = 0;
  for (const { start, end } of strings) {
    const content = source.slice(start, end);
    if (!content.includes('\\') || !/[$%]\{/.test(content)) continue;
    const shadow = shadowOfString(content);
    if (shadow === undefined) unreadable.add(start);
    else {
      pieces.push(source.slice(from, start), shadow);
      from = end;
    }
  }
  return { text: from === 0 ? source : pieces.join('') + source.slice(from), unreadable };
}

/** What is open around a place: a sequence with its braces, or a string in one. */
type Open = { readonly kind: 'code'; braces: number } | { readonly kind: 'string' };

function shadowOfString(content: string): string | undefined {
  const open: Open[] = [];
  let shadow = '';
  for (let at = 0; at < content.length; ) {
    const inner = open.at(-1);
    const pair = content.slice(at, at + 2);
    const doubled = inner?.kind !== 'code' && /^(\$\$|%%)\{/.test(content.slice(at, at + 3));
    if (doubled) {
      shadow += content.slice(at, at + 3);
      at += 3;
    } else if (inner?.kind !== 'code' && (pair === '${' || pair === '%{')) {
      open.push({ kind: 'code', braces: 0 });
      shadow += pair;
      at += 2;
    } else if (pair.startsWith('\\')) {
      const spelled = inner ? escapeIn(inner, pair, open) : pair;
      if (spelled === undefined) return undefined;
      shadow += spelled;
      at += 2;
    } else {
      if (inner?.kind === 'code') countBraces(inner, content.charAt(at), open);
      shadow += content.charAt(at);
      at++;
    }
  }
  return shadow;
}

function countBraces(inner: Extract<Open, { kind: 'code' }>, letter: string, open: Open[]): void {
  if (letter === '{') inner.braces++;
  else if (letter === '}' && inner.braces-- === 0) open.pop();
}

/** Two letters in the place of an escape within a sequence; undefined where HCL would spell it with other letters. */
function escapeIn(inner: Open, pair: string, open: Open[]): string | undefined {
  if (pair === '\\"') {
    if (inner.kind === 'string') {
      open.pop();
      return '" ';
    }
    open.push({ kind: 'string' });
    return ' "';
  }
  if (inner.kind === 'string') return undefined;
  return pair === '\\n' ? ' \n' : pair === '\\t' || pair === '\\r' ? '  ' : undefined;
}
