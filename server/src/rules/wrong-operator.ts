/** wrong-operator: a condition's operator does not read its values as they are written. Says nothing of values that do not fit their key. */
import type { Operator } from '../policy/condition.ts';
import type { Condition, ConditionItem, Policy, Statement } from '../policy/policy.ts';
import { displayText, HOLE, sliceText, spanOf } from '../text/text.ts';
import { operatorName, underOperator } from './condition-edits.ts';
import { conditionFacts } from './condition-facts.ts';
import type { Draft, RuleContext, StatementRule } from './rule.ts';

/** Source: IAM User Guide, "IAM JSON policy elements: Condition operators"; the policy check reference, as recorded. */
export const wrongOperator: StatementRule = {
  id: 'wrong-operator',
  on: 'statement',
  summary: 'The operator of a condition does not read its values as they are written',
  level: 'warning',
  kinds: 'all',
  clause: 'Condition',
  subject: 'document',
  accessAnalyzer: ['WILDCARD_WITHOUT_LIKE_OPERATOR', 'STRING_LIKE_OPERATOR_WITH_ARN_CONDITION_KEYS'],
  equivalents: [
    'parliament:MISMATCHED_TYPE',
    'parliament:MISMATCHED_TYPE_BUT_USABLE',
    'checkov:CKV_AWS_358',
    'checkov:CKV_AWS_393',
  ],
  check: checkOperators,
};

function* checkOperators(statement: Statement, _policy: Policy, { catalog }: RuleContext): Iterable<Draft> {
  for (const condition of statement.conditions) {
    const facts = conditionFacts(condition, catalog);
    switch (facts.operator?.base) {
      case 'StringEquals':
      case 'StringEqualsIgnoreCase':
        for (const item of condition.values) yield* wildcardIn(item, statement, condition, facts.operator);
        break;
      case 'StringLike':
        if (facts.key?.type === 'ARN') yield asString(statement, condition, facts.operator);
        break;
      default:
    }
  }
}

/** A `*` or `?` that the operator takes for a letter. Variables are none, nor is what `\${*}` and `\${?}` spell. */
function* wildcardIn(
  { value }: ConditionItem,
  statement: Statement,
  condition: Condition,
  operator: Operator,
): Iterable<Draft> {
  if (value.kind !== 'text') return;
  const { flat } = value.text;
  const bare = flat.replace(VARIABLE, (variable) => ' '.repeat(variable.length));
  const at = bare.includes('*') ? bare.indexOf('*') : bare.indexOf('?');
  if (at < 0) return;
  const sign = displayText(sliceText(value.text, at, at + 1));
  yield {
    message: `\`${displayText(condition.operator)}\` takes the \`${sign}\` in \`${displayText(value.text)}\` for a letter`,
    span: spanOf(value.text) ?? value.span,
    // Addresses with a query hold a question mark that is meant as one.
    ...(sign === '*' ? {} : { level: 'info' }),
    accessAnalyzer: 'WILDCARD_WITHOUT_LIKE_OPERATOR',
    accessAnalyzerType: 'WARNING',
    fixes: () => {
      const name = operatorName({ ...operator, base: 'StringLike' });
      const edits = operator.base === 'StringEquals' ? underOperator(statement, condition, name) : undefined;
      const title = `Use \`${name}\`, so that \`${sign}\` stands for ${sign === '*' ? 'anything' : 'any letter'}`;
      return edits ? [{ title, safety: 'changes', preferred: true, edits }] : [];
    },
  };
}

/** A policy variable, or what may be the rest of one that a hole begins. */
const VARIABLE = new RegExp(`\\$\\{[^}]*\\}?|${HOLE}[^}$]*\\}`, 'g');

/** Works, and lets a `*` reach over the colons of an ARN. */
function asString(statement: Statement, condition: Condition, operator: Operator): Draft {
  const name = operatorName({ ...operator, base: 'ArnLike' });
  return {
    message: `\`${displayText(condition.key)}\` is an ARN, and in \`${displayText(condition.operator)}\` a wildcard reaches over its colons; \`${name}\` compares part by part`,
    span: condition.keySpan,
    level: 'info',
    accessAnalyzer: 'STRING_LIKE_OPERATOR_WITH_ARN_CONDITION_KEYS',
    accessAnalyzerType: 'SECURITY_WARNING',
    fixes: () => {
      const edits = condition.values.every(isWholeArn) ? underOperator(statement, condition, name) : undefined;
      const title = `Use \`${name}\`, where a wildcard stays within its part of the ARN`;
      return edits ? [{ title, safety: 'changes', preferred: true, edits }] : [];
    },
  };
}

/** Whether all six parts are written out: fewer never match as an ARN. */
function isWholeArn({ value }: ConditionItem): boolean {
  return value.kind === 'text' && value.text.flat.split(':').length >= ARN_PARTS;
}

const ARN_PARTS = 6;
