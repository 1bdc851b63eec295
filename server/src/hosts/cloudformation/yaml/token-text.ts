/** The texts of tokens: scalars and keys in every style. Reads one token, and nothing around it. */
import type { CST } from 'yaml';
import { EMPTY, holeText, joinText, type Text } from '../../../text/text.ts';
import type { Layer } from '../../../value/value.ts';
import { blockText } from './block-scalar.ts';
import type { Letters } from './pieces.ts';
import { doubleQuotedText, plainText, singleQuotedText } from './scalar.ts';
import type { Fault } from './tokens.ts';

/** The text of a scalar; one whose quote is never closed ends with its line and a hole. Empty for any other token. */
export function tokenText(token: CST.Token, letters: Letters, faults: readonly Fault[]): Text {
  if (token.type === 'block-scalar') return blockScalarText(token, letters);
  if (!('source' in token)) return EMPTY;
  const start = token.offset;
  const end = start + token.source.length;
  if (faults.some((fault) => fault.kind === 'quote' && fault.start === start)) {
    const rest = holeText(`unclosed@${start}`, { source: letters.path, start: end, end });
    return joinText([plainText(letters, start + 1, end), rest]);
  }
  if (token.type === 'single-quoted-scalar') return singleQuotedText(letters, start + 1, inner(token));
  if (token.type === 'double-quoted-scalar') return doubleQuotedText(letters, start + 1, inner(token));
  return plainText(letters, start, end);
}

/** Where what stands in quotes ends. */
function inner(token: CST.FlowScalar): number {
  const end = token.offset + token.source.length;
  const closed = token.source.length > 1 && token.source.endsWith(token.source[0] ?? '');
  return closed ? end - 1 : end;
}

function blockScalarText(token: CST.BlockScalar, letters: Letters): Text {
  const last = token.props.at(-1);
  const start = last && 'source' in last ? last.offset + last.source.length : token.offset;
  const { source: header } = headerOf(token);
  return blockText(letters, { header, indent: token.indent, start, end: start + token.source.length });
}

/** The indicator of a block scalar. */
export function headerOf(token: CST.BlockScalar): { readonly source: string; readonly offset: number } {
  const [header] = token.props;
  return header && 'source' in header ? header : { source: '|', offset: token.offset };
}

/** The layer of letters that each style of flow scalars is. */
export const LAYERS: Readonly<Record<string, Layer>> = {
  scalar: 'yaml-plain',
  'single-quoted-scalar': 'yaml-single',
  'double-quoted-scalar': 'yaml-double',
};
