/** null-in-disguise: a comparison with `*` asks only whether the key is there, which `Null` says plainly. */
import type { Fix } from '../finding/finding.ts';
import type { Condition, Policy, Statement } from '../policy/policy.ts';
import { displayText } from '../text/text.ts';
import { literalOf } from '../value/value.ts';
import { underOperator, withoutCondition } from './condition-edits.ts';
import { conditionFacts } from './condition-facts.ts';
import type { Draft, RuleContext, StatementRule } from './rule.ts';

/** Source: IAM User Guide, policy check reference, "Equivalent to null false" and "true", as recorded: no qualifier, no `IfExists`, nothing but `*`. */
export const nullInDisguise: StatementRule = {
  id: 'null-in-disguise',
  on: 'statement',
  summary: 'A comparison with `*` asks only whether the key is there',
  level: 'info',
  kinds: 'all',
  clause: 'Condition',
  subject: 'document',
  accessAnalyzer: ['EQUIVALENT_TO_NULL_FALSE', 'EQUIVALENT_TO_NULL_TRUE'],
  check: checkStars,
};

function* checkStars(statement: Statement, _policy: Policy, { catalog }: RuleContext): Iterable<Draft> {
  for (const condition of statement.conditions) {
    const { operator } = conditionFacts(condition, catalog);
    if (operator?.base !== 'StringLike' || operator.ifExists || operator.qualifier) continue;
    const [first, ...others] = condition.values;
    if (!first || condition.open || !condition.values.every(isStar)) continue;
    const key = displayText(condition.key);
    const absent = operator.negated;
    yield {
      message: absent
        ? `\`${displayText(condition.operator)}\` with \`*\` holds only if the request carries no \`${key}\`, as \`Null\` with \`true\` says plainly`
        : `\`${displayText(condition.operator)}\` with \`*\` asks only whether the request carries \`${key}\`, as \`Null\` with \`false\` says plainly`,
      span: first.span,
      related: others.map(({ span }) => ({ span, message: 'so does this value' })),
      accessAnalyzer: absent ? 'EQUIVALENT_TO_NULL_TRUE' : 'EQUIVALENT_TO_NULL_FALSE',
      accessAnalyzerType: 'SUGGESTION',
      fixes: () => plainly(statement, condition, String(absent)),
    };
  }
}

function isStar({ value, presence }: Condition['values'][number]): boolean {
  return presence === 'always' && literalOf(value) === '*';
}

/** `Null` instead; where it stands there already, the comparison is needless beside it. */
function plainly(statement: Statement, condition: Condition, answer: string): readonly Fix[] {
  const edits = underOperator(statement, condition, 'Null', answer);
  if (edits) return [{ title: `Use \`Null\` with \`${answer}\``, safety: 'same', preferred: true, edits }];
  const title = 'Remove the comparison, which `Null` says already';
  return [{ title, safety: 'same', preferred: true, edits: withoutCondition(statement, condition) ?? [] }];
}
