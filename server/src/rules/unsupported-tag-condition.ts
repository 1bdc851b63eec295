/** unsupported-tag-condition: a condition on tags leaves out actions whose requests carry no tags, so that the statement does nothing for them. */
import { disjoint } from '../catalog/bits.ts';
import type { Match } from '../catalog/match.ts';
import { needsKey } from '../policy/condition.ts';
import type { ClauseItem, Condition, Policy, Statement } from '../policy/policy.ts';
import { displayText } from '../text/text.ts';
import { tagCarriersOf } from './carriers.ts';
import { conditionFacts } from './condition-facts.ts';
import type { Draft, RuleContext, StatementRule } from './rule.ts';

/**
 * Source: policy check reference, "Allow" and "Deny (NotAction) with unsupported tag condition key for service", as
 * recorded: operators that need the key, and actions that list no key about tags at all.
 */
export const unsupportedTagCondition: StatementRule = {
  id: 'unsupported-tag-condition',
  on: 'statement',
  summary: 'A condition on tags leaves out actions whose requests carry no tags',
  level: 'warning',
  kinds: ['identity', 'resource', 'boundary', 'scp', 'rcp', 'session', 'endpoint'],
  clause: 'Condition',
  subject: 'document',
  accessAnalyzer: [
    'ALLOW_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE',
    'ALLOW_NOTACTION_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE',
    'DENY_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE',
    'DENY_NOTACTION_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE',
  ],
  check: checkTags,
};

function* checkTags(statement: Statement, _policy: Policy, context: RuleContext): Iterable<Draft> {
  const { action, effect } = statement;
  if (!action || (effect.answer !== 'Allow' && effect.answer !== 'Deny')) return;
  for (const condition of statement.conditions) {
    const { name, operator } = conditionFacts(condition, context.catalog);
    if (!name?.startsWith('aws:resourcetag/') || !operator || !needsKey(operator)) continue;
    if (condition.presence === 'sometimes') continue;
    if (action.negated) yield besideNotAction(condition, effect.answer, action.entry.keySpan);
    else yield* unsupported(statement, condition, effect.answer, context);
  }
}

function besideNotAction(condition: Condition, effect: 'Allow' | 'Deny', span: Draft['span']): Draft {
  return {
    message: `\`NotAction\` takes in many actions whose requests carry no \`${displayText(condition.key)}\`; they are not ${done(effect)}`,
    span: condition.keySpan,
    related: [{ span, message: '`NotAction` stands here' }],
    ...(effect === 'Allow'
      ? {
          level: 'info',
          accessAnalyzer: 'ALLOW_NOTACTION_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE',
          accessAnalyzerType: 'SUGGESTION',
        }
      : {
          accessAnalyzer: 'DENY_NOTACTION_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE',
          accessAnalyzerType: 'SECURITY_WARNING',
        }),
  };
}

/** One finding for a service, at its first action. */
function* unsupported(
  statement: Statement,
  condition: Condition,
  effect: 'Allow' | 'Deny',
  { facts }: RuleContext,
): Iterable<Draft> {
  const { items } = facts(statement);
  const byService = new Map<string, ClauseItem[]>();
  for (const [index, item] of (statement.action?.items ?? []).entries()) {
    const [match, ...others] = items[index] ?? [];
    if (!match || others.length > 0 || item.presence === 'sometimes' || !lacksTags(match)) continue;
    const { prefix } = match.service;
    byService.set(prefix, [...(byService.get(prefix) ?? []), item]);
  }
  for (const [prefix, lacking] of byService) yield* drafts(condition, effect, prefix, lacking);
}

/** Whether no action that the item takes in carries any tags. */
function lacksTags({ service, bits }: Match): boolean {
  return disjoint(bits, tagCarriersOf(service));
}

function drafts(
  condition: Condition,
  effect: 'Allow' | 'Deny',
  prefix: string,
  lacking: readonly ClauseItem[],
): readonly Draft[] {
  const key = displayText(condition.key);
  const rest = lacking.slice(1).map(({ span, text }) => {
    return { span, message: `\`${displayText(text)}\` of \`${prefix}\` carries none either` };
  });
  return lacking.slice(0, 1).map(({ span, text }) => ({
    message: `requests of \`${displayText(text)}\` carry no \`${key}\`, so that the statement does not ${effect === 'Allow' ? 'allow' : 'deny'} it`,
    span,
    related: [...rest, { span: condition.keySpan, message: `\`${key}\` stands here` }],
    ...(effect === 'Allow'
      ? { accessAnalyzer: 'ALLOW_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE', accessAnalyzerType: 'SUGGESTION' }
      : {
          accessAnalyzer: 'DENY_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE',
          accessAnalyzerType: 'SECURITY_WARNING',
        }),
  }));
}

function done(effect: 'Allow' | 'Deny'): string {
  return effect === 'Allow' ? 'allowed' : 'denied';
}
