/** contradictory-condition: a condition never holds, by itself or together with another of its statement. */
import { keyName } from '../policy/condition.ts';
import type { Condition, Policy, Statement } from '../policy/policy.ts';
import { displayText } from '../text/text.ts';
import type { Draft, RuleContext, StatementRule } from './rule.ts';

/** Source: IAM User Guide, "Conditions with multiple context keys or values": all operators and keys of a block must hold. */
export const contradictoryCondition: StatementRule = {
  id: 'contradictory-condition',
  on: 'statement',
  summary: 'Conditions of a statement never hold together',
  level: 'warning',
  wave: 'second',
  kinds: 'all',
  clause: 'Condition',
  subject: 'document',
  implies: ['dead-statement'],
  check: checkContradiction,
};

function* checkContradiction(statement: Statement, policy: Policy, { needless }: RuleContext): Iterable<Draft> {
  const found = needless(policy).find(({ index }) => index === statement.index);
  const [first, second] = (found?.contradiction ?? []).flatMap((index) => statement.conditions[index] ?? []);
  if (!first) return;
  const last = second ?? first;
  yield {
    message:
      first === last
        ? `${nameOf(last)} never holds, so that no request meets this statement`
        : `${nameOf(last)} never holds together with ${besides(first, last)}, so that no request meets this statement`,
    span: last.keySpan,
    related: first === last ? [] : [{ span: first.keySpan, message: `${nameOf(first)} stands here` }],
    unnecessary: statement.value.span,
  };
}

function nameOf({ operator, key }: Condition): string {
  return `\`${displayText(operator)}\` on \`${displayText(key)}\``;
}

/** The other condition; by its operator alone where both are on one key. */
function besides(first: Condition, last: Condition): string {
  return keyName(first) === keyName(last) ? `\`${displayText(first.operator)}\`` : nameOf(first);
}
