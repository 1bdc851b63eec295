/** ARN words: what is common to the rules that judge the fields of an ARN by their letters. Knows no services. */
import type { ArnField } from '../policy/arn-fields.ts';
import type { ClauseItem } from '../policy/policy.ts';
import { type Span, spanOf } from '../text/text.ts';
import type { RuleContext } from './rule.ts';

/** Where a field is marked: its own letters, and the whole ARN where it has none, and as Access Analyzer does it. */
export function fieldSpan(item: ClauseItem, { from, to }: ArnField, { config }: RuleContext): Span {
  if (from === to || config.preset === 'access-analyzer') return item.span;
  return spanOf(item.text, from, to) ?? item.span;
}

/**
 * Whether a field is meant to be filled in, in the manner of a template: capitals, underscores, brackets, or a word that
 * says what belongs there. Programs put the right letters in before AWS sees them.
 */
export function isUnfilled(field: string): boolean {
  return /[A-Z_<>[\]{}()%@#! ]/.test(field) || FILL_IN.test(field);
}

const FILL_IN =
  /^(x+|\.+|(the|my|your|target|source|aws)?-?(account|partition|region|service)s?-?(id|name|number|code)?(-?here)?|account-?id-without-hyphens)$/;
