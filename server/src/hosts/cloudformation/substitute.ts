/** The templates of `Fn::Sub`: letters, `${Name}` and `${!Letters}`. Asks for names, and knows none. */
import { holeText, joinText, type Span, sliceText, spanOf, spelledText, type Text } from '../../text/text.ts';
import { isPolicyVariable, replaced } from './texts.ts';

/**
 * The text with what names stand for. `${!aws:username}` is spelled for `${aws:username}`; a bare `${aws:username}`, which
 * CloudFormation refuses, keeps its letters, since nobody can mean anything else.
 */
export function substituted(
  text: Text,
  marks: 'none' | 'plain names' | 'all',
  lookup: (name: string, span: Span) => Text | undefined,
): Text {
  if (!text.flat.includes('${')) return text;
  return replaced(text, /\$\{([^{}]*)\}/g, ([whole, inside = ''], span, from) => {
    if (inside.startsWith('!')) return literal(text, from, from + whole.length);
    const name = inside.trim();
    if (!name.startsWith('AWS::') && isPolicyVariable(name)) return marks === 'all' ? holeText(name, span) : undefined;
    return lookup(name, span) ?? holeText(name, span);
  });
}

function literal(text: Text, from: number, to: number): Text {
  const opening = sliceText(text, from, from + 3);
  const span = spanOf(opening);
  const rest = sliceText(text, from + 3, to);
  if (!span) return rest;
  const kind = opening.parts.every((part) => part.kind === 'same') ? 'spelled' : 'derived';
  return joinText([spelledText(kind, '${', span), rest]);
}
