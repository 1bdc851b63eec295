/** The functions of HCL that give strings, or take them apart. Letters that are only moved keep their places. */
import {
  contains,
  hasHole,
  holeText,
  joinText,
  knownText,
  type Part,
  type Span,
  sliceText,
  spanOf,
  spelledText,
  type Text,
} from '../../text/text.ts';
import type { Value } from '../../value/value.ts';
import { evaluate } from './evaluate.ts';
import { type Evaluation, MADE, nameOf } from './evaluation.ts';
import { spanIn, type TerraformFile } from './file.ts';
import type { Call } from './hcl/syntax.ts';
import { embedded } from './template.ts';

/** Whether the function gives one string, or takes a known one. */
export function isStringFunction(name: string): boolean {
  return STRINGS.has(name);
}

const STRINGS: ReadonlySet<string> = new Set(
  `format join replace lower upper title substr trim trimprefix trimsuffix strrev indent jsonencode yamlencode base64encode
  basename dirname abspath md5 sha1 sha256 sha512 uuid timestamp formatdate cidrhost cidrsubnet urlencode
  templatestring trimspace chomp templatefile file`.split(/\s+/),
);

const MOST_LETTERS = 100_000;

/** What the call gives where its arguments are known well enough. */
export function stringValue(call: Call, file: TerraformFile, evaluation: Evaluation): Value | undefined {
  const span = spanIn(file.source, call.span);
  const values = call.arguments.map((argument) => evaluate(argument, file, evaluation));
  const text = textOf(call, values, { span, file, evaluation });
  if (!text || text.flat.length > MOST_LETTERS) return undefined;
  evaluation.left -= text.parts.length + (text.flat.length >> 8);
  return { kind: 'text', span, spelling: MADE, text: within(span, text) };
}

/** The text with its parts at their places, where these are in order and within the span; else all of it as derived from there. */
function within(span: Span, text: Text): Text {
  const isInOrder = text.parts.every((part, index) => {
    const before = text.parts[index - 1];
    return contains(span, part.span) && (!before || before.span.end <= part.span.start);
  });
  if (isInOrder) return text;
  return standingAt(text, span);
}

/** Where a string is made. */
export interface Place {
  readonly span: Span;
  readonly file: TerraformFile;
  readonly evaluation: Evaluation;
}

function textOf(call: Call, values: readonly Value[], place: Place): Text | undefined {
  const [first, second, third] = values;
  switch (call.name) {
    case 'format':
      return first?.kind === 'text' ? formatted(first.text, call, values, place) : undefined;
    case 'join':
      return first?.kind === 'text' && second ? joinedText(first.text, second) : undefined;
    case 'replace': {
      const [from, to] = [second && known(second), third && known(third)];
      if (first?.kind !== 'text' || !from || to === undefined || /^\/.*\/$/.test(from)) return undefined;
      return changed(first, (letters) => letters.replaceAll(from, to), place.span);
    }
    case 'lower':
      return first && changed(first, (letters) => letters.toLowerCase(), place.span);
    case 'upper':
      return first && changed(first, (letters) => letters.toUpperCase(), place.span);
    case 'title':
      return (
        first &&
        changed(
          first,
          (letters) => letters.replace(/(^|[^\p{L}\p{N}_'])\p{Ll}/gu, (at) => at.toUpperCase()),
          place.span,
        )
      );
    case 'trimspace':
    case 'chomp':
    case 'trimprefix':
    case 'trimsuffix':
      return first?.kind === 'text' ? trimmed(call.name, first.text, second && known(second)) : undefined;
    case 'jsonencode':
      return first && encodedText(first, place.span);
    default:
      return undefined;
  }
}

function known(value: Value): string | undefined {
  if (value.kind === 'text') return knownText(value.text);
  return value.kind === 'scalar' && value.value !== null ? value.raw : undefined;
}

/** What is left of a known string as it stands keeps its places. */
function changed(value: Value, change: (letters: string) => string, span: Span): Text | undefined {
  const before = value.kind === 'text' ? knownText(value.text) : undefined;
  if (before === undefined || value.kind !== 'text') return undefined;
  const after = change(before);
  return after === before ? value.text : spelledText('derived', after, span);
}

/** Ends in a hole stay as they are unsure: then nothing is known of the trimmed text. */
function trimmed(name: string, text: Text, end: string | undefined): Text | undefined {
  const { flat } = text;
  const [first, last] = [text.parts[0], text.parts.at(-1)];
  const isSure = first?.kind !== 'hole' && last?.kind !== 'hole';
  switch (name) {
    case 'trimspace':
      return isSure ? sliceText(text, flat.length - flat.trimStart().length, flat.trimEnd().length) : undefined;
    case 'chomp':
      return last?.kind === 'hole' ? undefined : sliceText(text, 0, flat.replace(/[\r\n]+$/, '').length);
    case 'trimprefix':
      if (end === undefined || hasHole(sliceText(text, 0, end.length))) return undefined;
      return flat.startsWith(end) ? sliceText(text, end.length, flat.length) : text;
    default:
      if (end === undefined || hasHole(sliceText(text, flat.length - end.length, flat.length))) return undefined;
      return flat.endsWith(end) ? sliceText(text, 0, flat.length - end.length) : text;
  }
}

/** `%s`, `%d` and `%v` as what they stand for, at the place of the verb; other verbs are not understood. */
export function formatted(pattern: Text, call: Call, values: readonly Value[], place: Place): Text | undefined {
  if (hasHole(pattern)) return undefined;
  const pieces: Text[] = [];
  let from = 0;
  let argument = 1;
  for (let at = pattern.flat.indexOf('%'); at >= 0; at = pattern.flat.indexOf('%', from)) {
    pieces.push(sliceText(pattern, from, at));
    const verb = pattern.flat[at + 1];
    from = at + 2;
    if (verb === '%') pieces.push(sliceText(pattern, at, at + 1));
    else {
      const expression = call.arguments[argument];
      const value = values[argument++];
      if (!expression || !value || !['s', 'd', 'v'].includes(verb ?? '')) return undefined;
      const span = spanOf(pattern, at, at + 2) ?? place.span;
      pieces.push(piece(value, nameOf(expression.span, place.file, place.evaluation), span));
    }
  }
  return joinText([...pieces, sliceText(pattern, from, pattern.flat.length)]);
}

/** What a value contributes to a string. */
function piece(value: Value, name: string, span: Span): Text {
  if (value.kind === 'text') return embedded(value, span);
  if (value.kind === 'unknown') return holeText(value.symbol, span);
  return value.kind === 'scalar' && value.value !== null
    ? spelledText('derived', value.raw, span)
    : holeText(name, span);
}

function joinedText(separator: Text, list: Value): Text | undefined {
  if (list.kind !== 'list' || list.open || list.items.some(({ presence }) => presence === 'sometimes'))
    return undefined;
  const pieces = list.items.map(({ value }): Text | undefined => {
    if (value.kind === 'text') return value.text;
    if (value.kind === 'unknown') return holeText(value.symbol, value.span);
    return value.kind === 'scalar' && value.value !== null ? spelledText('derived', value.raw, value.span) : undefined;
  });
  if (!pieces.every((text) => text !== undefined)) return undefined;
  return joinText(
    pieces.flatMap((text, index) => {
      const at = list.items[index]?.value.span;
      return index === 0 || !at ? [text] : [standingAt(separator, { ...at, end: at.start }), text];
    }),
  );
}

/** The text as derived from another place: what stands between two joined strings stands where the second begins. */
function standingAt({ flat, parts }: Text, span: Span): Text {
  return {
    flat,
    parts: parts.map((part): Part => ({ ...part, kind: part.kind === 'hole' ? 'hole' : 'derived', span })),
  };
}

/** The value as JSON; undefined where not all of its members are seen. */
function encodedText(value: Value, span: Span): Text | undefined {
  const letters = (flat: string) => spelledText('derived', flat, span);
  switch (value.kind) {
    case 'scalar':
      return letters(value.raw);
    case 'text':
      return encodedString(value.text, span);
    case 'list': {
      if (value.open || value.items.some(({ presence }) => presence === 'sometimes')) return undefined;
      const items = value.items.map((item) => encodedText(item.value, span));
      return enclosed(items, ['[', ']'], letters);
    }
    case 'object': {
      if (value.open || value.entries.some(({ presence }) => presence === 'sometimes')) return undefined;
      const entries = value.entries.map((entry) => {
        const inner = encodedText(entry.value, span);
        return inner && joinText([encodedString(entry.key, span), letters(':'), inner]);
      });
      return enclosed(entries, ['{', '}'], letters);
    }
    case 'unknown':
      return holeText(`jsonencode(${value.symbol})`, span);
    case 'choice':
      return undefined;
  }
}

function encodedString(text: Text, span: Span): Text {
  const pieces = text.parts.map((part) => {
    if (part.kind === 'hole') return holeText(part.symbol ?? '', span);
    const flat = JSON.stringify(text.flat.slice(part.at, part.at + part.length)).slice(1, -1);
    return spelledText('derived', flat, span);
  });
  return joinText([spelledText('derived', '"', span), ...pieces, spelledText('derived', '"', span)]);
}

function enclosed(
  members: readonly (Text | undefined)[],
  [open, close]: readonly [string, string],
  letters: (flat: string) => Text,
): Text | undefined {
  if (!members.every((text) => text !== undefined)) return undefined;
  return joinText([
    letters(open),
    ...members.flatMap((text, index) => (index === 0 ? [text] : [letters(','), text])),
    letters(close),
  ]);
}
