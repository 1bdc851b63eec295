/** One of IAM's own variables that Terraform takes for one of its expressions: the problem, and the way out. Looks at no source. */
import type { Fix, Problem } from '../finding/finding.ts';
import { contains, type Span } from '../text/text.ts';
import { type TextValue, type Value, walkValue } from '../value/value.ts';

/**
 * How the variable is to be written: `&{…}`, which only `aws_iam_policy_document` reads; `$${…}` by a printer that doubles
 * the sign of its own accord, or as it stands in a template that prints what it is given.
 */
export type Escape = 'ampersand' | 'doubled by the printer' | 'doubled';

/** The problem of `words`, such as `${aws:username}`, at the span; `document` is the policy that they stand in. */
export function unescapedVariable(words: string, span: Span, document: Value, way: Escape): Problem {
  const right = way === 'ampersand' ? `&${words.slice(1)}` : `$${words}`;
  return {
    id: 'unescaped-policy-variable',
    span,
    message: `Terraform reads \`${words}\` as its own expression and refuses it, since IAM's variable is written \`${right}\`${way === 'ampersand' ? ' here' : ''}`,
    fixes: () => escaping(words, span, document, way === 'doubled by the printer' ? words : right, right),
  };
}

function escaping(words: string, span: Span, document: Value, text: string, right: string): readonly Fix[] {
  const fixes: Fix[] = [];
  walkValue(document, (value) => {
    const at = value.kind === 'text' ? placeIn(value, span) : undefined;
    if (value.kind === 'text' && at !== undefined) {
      const edits = [{ kind: 'rewrite', value, from: at, to: at + words.length, text } as const];
      fixes.push({ title: `Write \`${right}\``, safety: 'changes', edits, preferred: true });
    }
    return fixes.length === 0;
  });
  return fixes;
}

/** The offset in the value's text of the letters at the span. */
function placeIn(value: TextValue, span: Span): number | undefined {
  for (const part of value.text.parts) {
    if (part.kind === 'same' && contains(part.span, span)) return part.at + span.start - part.span.start;
  }
  return undefined;
}
