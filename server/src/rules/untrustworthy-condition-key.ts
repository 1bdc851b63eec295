/** untrustworthy-condition-key: access hangs on a header that any caller sets as it likes. */
import { keyNotes } from '../catalog/key-notes.ts';
import type { Policy, Statement } from '../policy/policy.ts';
import { displayText } from '../text/text.ts';
import { conditionFacts } from './condition-facts.ts';
import type { Draft, RuleContext, StatementRule } from './rule.ts';

/** Source: IAM User Guide, "AWS global condition context keys": `aws:Referer` and `aws:UserAgent` are supplied by the caller. */
export const untrustworthyConditionKey: StatementRule = {
  id: 'untrustworthy-condition-key',
  on: 'statement',
  summary: 'Access hangs on a header that any caller sets as it likes',
  level: 'warning',
  kinds: 'all',
  clause: 'Condition',
  subject: 'document',
  accessAnalyzer: ['UNTRUSTWORTHY_CONDITION_KEY'],
  check: checkKeys,
};

function* checkKeys(statement: Statement, _policy: Policy, { catalog }: RuleContext): Iterable<Draft> {
  for (const condition of statement.conditions) {
    const { name } = conditionFacts(condition, catalog);
    if (!keyNotes().forgeable.has(name ?? '')) continue;
    // What else is asked for may protect enough.
    const alone = statement.conditions.length === 1 && !statement.conditionsOpen;
    const key = displayText(condition.key);
    yield {
      message: `any caller sets \`${key}\` as it likes, so that the condition protects nothing`,
      span: condition.keySpan,
      ...(alone && statement.effect.answer === 'Allow' ? {} : { level: 'info' }),
      accessAnalyzer: 'UNTRUSTWORTHY_CONDITION_KEY',
      accessAnalyzerType: 'SECURITY_WARNING',
    };
  }
}
