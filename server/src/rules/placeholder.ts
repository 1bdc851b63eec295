/** placeholder: a part that is to be filled in is still `REPLACE_ME_…`, as fixes leave it. */
import { PLACEHOLDER } from '../finding/placeholder.ts';
import type { Policy } from '../policy/policy.ts';
import { type Span, spanOf, type Text } from '../text/text.ts';
import { walkValue } from '../value/value.ts';
import type { DocumentRule, Draft } from './rule.ts';

/** AWS takes such an ARN as the name of a resource that nobody has, so that the statement grants nothing. */
export const placeholder: DocumentRule = {
  id: 'placeholder',
  on: 'document',
  summary: 'A part that is to be filled in is still a placeholder',
  level: 'warning',
  kinds: 'all',
  subject: 'document',
  check: checkPlaceholders,
};

/** One finding for each name, at its first place. */
function* checkPlaceholders(policy: Policy): Iterable<Draft> {
  const places = new Map<string, Span[]>();
  walkValue(policy.document, (value) => {
    if (value.kind === 'text') collect(value.text, places);
    if (value.kind === 'object') for (const { key } of value.entries) collect(key, places);
    return true;
  });
  for (const [name, spans] of places) {
    for (const span of spans.slice(0, 1)) {
      yield {
        message: `\`${name}\` is left to be filled in`,
        span,
        related: spans.slice(1).map((other) => ({ span: other, message: `\`${name}\` stands here too` })),
      };
    }
  }
}

/** Adds the places of the placeholders in `text` to `places`, by name. */
function collect(text: Text, places: Map<string, Span[]>): void {
  if (!text.flat.includes(PLACEHOLDER)) return;
  for (const { 0: name, index } of text.flat.matchAll(/REPLACE_ME_\w+/g)) {
    const span = spanOf(text, index, index + name.length);
    places.set(name, [...(places.get(name) ?? []), ...(span ? [span] : [])]);
  }
}
