/** Turns the parts of strings and heredocs into Text: letters 1:1, escapes as what they stand for, the rest as holes. Evaluates nothing itself. */
import { holeText, joinText, type Part, type Span, sourceText, spelledText, type Text } from '../../text/text.ts';
import type { TextValue } from '../../value/value.ts';
import { spanIn, type TerraformFile } from './file.ts';
import type { DirectivePart, Expression, InterpolationPart, TemplatePart } from './hcl/syntax.ts';
import { symbolOf } from './walk.ts';

/**
 * The Text of a template. `embed` says what an interpolated expression puts in. Directives stay single marks, for the
 * JSON reader to pair; {@link withoutDirectives} makes holes of what they enclose.
 */
export function templateText(
  parts: readonly TemplatePart[],
  file: TerraformFile,
  embed: (expression: Expression, whole: Span) => Text,
): Text {
  return joinText(parts.map((part) => partText(part, file, embed)));
}

function partText(part: TemplatePart, file: TerraformFile, embed: (expression: Expression, whole: Span) => Text): Text {
  const { source } = file;
  const { start, end } = part.span;
  switch (part.kind) {
    case 'literal':
      return sourceText(source.path, source.text, start, end);
    case 'escape':
      return spelledText('spelled', part.text, spanIn(source, part.span));
    case 'interpolation':
      if (variableOf(part, file) !== undefined) return sourceText(source.path, source.text, start, end);
      return embed(part.expression, spanIn(source, part.span));
    case 'directive':
      return directiveText(part, file);
  }
}

/**
 * IAM's own variable that stands unescaped in an interpolation (`aws:username` of `${aws:username}`), which Terraform
 * refuses: its letters are kept, since nobody can mean anything else.
 */
export function variableOf(part: InterpolationPart, file: TerraformFile): string | undefined {
  const inside = file.source.text.slice(part.span.start, part.span.end).replace(/^\$\{~?\s*|\s*~?\}$/g, '');
  if (inside === '*' || inside === '?' || inside === '$') return inside;
  return part.expression.kind === 'invalid' && /^[a-z][\w.-]*:[\w:/+=.@-]+/i.test(inside) ? inside : undefined;
}

const DIRECTIVES = {
  if: 'open',
  for: 'open',
  else: 'else',
  endif: 'close',
  endfor: 'close',
  invalid: undefined,
} as const;

function directiveText(part: DirectivePart, file: TerraformFile): Text {
  return holeText(symbolOf(file.source.text, part.span), spanIn(file.source, part.span), DIRECTIVES[part.keyword]);
}

/** The Text with each `%{ if }` or `%{ for }`, up to its end, as one hole. `content` is the whole text of the file. */
export function withoutDirectives(text: Text, content: string): Text {
  if (!text.parts.some((part) => part.directive)) return text;
  const texts: Text[] = [];
  let open: Part | undefined;
  let depth = 0;
  text.parts.forEach((part, index) => {
    if (part.directive === 'open' && depth++ === 0) open = part;
    if (!open) {
      texts.push(partOf(text, part));
      return;
    }
    if (part.directive === 'close') depth--;
    if (depth > 0 && index < text.parts.length - 1) return;
    const span = { source: open.span.source, start: open.span.start, end: part.span.end };
    texts.push(holeText(symbolOf(content, span), span));
    open = undefined;
    depth = 0;
  });
  return joinText(texts);
}

function partOf(text: Text, part: Part): Text {
  return { flat: text.flat.slice(part.at, part.at + part.length), parts: [{ ...part, at: 0 }] };
}

/** What a string contributes where it is put into another: its letters as computed there, its holes. */
export function embedded(value: TextValue, span: Span): Text {
  const parts = value.text.parts.map(
    (part): Part => ({ ...part, kind: part.kind === 'hole' ? 'hole' : 'derived', span }),
  );
  return { flat: value.text.flat, parts };
}
