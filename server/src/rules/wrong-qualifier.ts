/** wrong-qualifier: `ForAllValues` or `ForAnyValue` is missing on a key of several values, or stands on a key of one. */
import { keyNotes } from '../catalog/key-notes.ts';
import type { Fix } from '../finding/finding.ts';
import type { Operator } from '../policy/condition.ts';
import type { Condition, Policy, Statement } from '../policy/policy.ts';
import { displayText } from '../text/text.ts';
import { operatorName, underOperator } from './condition-edits.ts';
import { conditionFacts } from './condition-facts.ts';
import type { Draft, RuleContext, StatementRule } from './rule.ts';

/** Source: IAM User Guide, "Set operators for multivalued context keys"; types of keys from the service reference. */
export const wrongQualifier: StatementRule = {
  id: 'wrong-qualifier',
  on: 'statement',
  summary: '`ForAllValues` or `ForAnyValue` is missing on a key of several values, or stands on a key of one',
  level: 'warning',
  kinds: 'all',
  clause: 'Condition',
  subject: 'document',
  accessAnalyzer: ['MISSING_QUALIFIER', 'FORALLVALUES_WITH_SINGLE_VALUED_KEY'],
  check: checkQualifiers,
};

function* checkQualifiers(statement: Statement, _policy: Policy, { catalog }: RuleContext): Iterable<Draft> {
  for (const condition of statement.conditions) {
    const facts = conditionFacts(condition, catalog);
    const { operator, name = '' } = facts;
    if (!operator || operator.base === 'Null' || operator.qualifier === 'ForAnyValue') continue;
    const { key } = facts;
    if (!key) continue;
    if (!operator.qualifier && key.multivalued) yield missing(statement, condition, operator);
    if (operator.qualifier && !key.multivalued && !keyNotes().comparedAsSets.has(name))
      yield needless(statement, condition, operator);
  }
}

function missing(statement: Statement, condition: Condition, operator: Operator): Draft {
  return {
    message: `a request can carry several values of \`${displayText(condition.key)}\`; \`${displayText(condition.operator)}\` does not say whether all of them or any has to fit`,
    span: condition.keySpan,
    accessAnalyzer: 'MISSING_QUALIFIER',
    accessAnalyzerType: 'ERROR',
    fixes: () => [
      ...qualified(statement, condition, { ...operator, qualifier: 'ForAnyValue' }, 'one of the values has to fit'),
      ...qualified(
        statement,
        condition,
        { ...operator, qualifier: 'ForAllValues' },
        'all have to fit, or none is there',
      ),
    ],
  };
}

/** For a positive operator one value is what people mean mostly; under a negated one neither is. */
function qualified(statement: Statement, condition: Condition, operator: Operator, meaning: string): readonly Fix[] {
  const name = operatorName(operator);
  const edits = underOperator(statement, condition, name);
  const preferred = operator.qualifier === 'ForAnyValue' && !operator.negated;
  return edits ? [{ title: `Use \`${name}\`: ${meaning}`, safety: 'changes', edits, preferred }] : [];
}

/** `ForAllValues` holds where the key is not there: too much in an Allow, and no harm in a Deny or beside a condition that asks for the key. */
function needless(statement: Statement, condition: Condition, operator: Operator): Draft {
  const { answer } = statement.effect;
  const bare = operatorName({ ...operator, qualifier: undefined });
  const key = displayText(condition.key);
  return {
    message: operator.ifExists
      ? `\`${key}\` has one value at most, so that \`ForAllValues\` adds nothing to \`${bare}\``
      : `\`ForAllValues\` also holds if the request carries no \`${key}\`, which has one value at most`,
    span: condition.keySpan,
    ...(answer === 'Allow' && !operator.ifExists && !mayBeGuarded(statement, condition) ? {} : { level: 'info' }),
    accessAnalyzer: 'FORALLVALUES_WITH_SINGLE_VALUED_KEY',
    accessAnalyzerType: 'SECURITY_WARNING',
    fixes: () => {
      const edits = underOperator(statement, condition, bare);
      const title = operator.ifExists ? `Use \`${bare}\`` : `Use \`${bare}\`, which needs the key`;
      // What a request with several values would get is not the same, and the proof does not know that there are none.
      return edits ? [{ title, safety: 'changes', preferred: true, edits }] : [];
    },
  };
}

/** Whether another condition asks, or may ask, that the key is there. */
function mayBeGuarded(statement: Statement, condition: Condition): boolean {
  const key = displayText(condition.key).toLowerCase();
  const others = statement.conditions.filter((other) => other !== condition);
  return statement.conditionsOpen || others.some((other) => displayText(other.key).toLowerCase() === key);
}
