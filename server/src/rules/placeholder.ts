/** placeholder: a part that is to be filled in is still `REPLACE_ME_…`, as fixes leave it. */
import { PLACEHOLDER } from '../finding/placeholder.ts';
import type { Policy } from '../policy/policy.ts';
import { type Span, spanOf } from '../text/text.ts';
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
    if (value.kind !== 'text' || !value.text.flat.includes(PLACEHOLDER)) return true;
    for (const { 0: name, index } of value.text.flat.matchAll(/REPLACE_ME_\w+/g)) {
      const span = spanOf(value.text, index, index + name.length);
      if (span) places.set(name, [...(places.get(name) ?? []), span]);
    }
    return true;
  });
  for (const [name, [first, ...others]] of places) {
    if (!first) continue;
    yield {
      message: `\`${name}\` is left to be filled in`,
      span: first,
      related: others.map((span) => ({ span, message: `\`${name}\` stands here too` })),
    };
  }
}
