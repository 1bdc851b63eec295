/** invalid-effect: a statement's Effect is missing or is neither `Allow` nor `Deny`. */
import { STATEMENT_ELEMENTS } from '../policy/elements.ts';
import { nearestEffect } from '../policy/kind.ts';
import type { Policy, Statement } from '../policy/policy.ts';
import { spanOf } from '../text/text.ts';
import type { TextValue } from '../value/value.ts';
import { isMisspelt } from './element-name.ts';
import type { Draft, RuleContext, StatementRule } from './rule.ts';

/** Source: IAM User Guide, "IAM JSON policy elements: Effect": required, `Allow` or `Deny`, letter case counts. */
export const invalidEffect: StatementRule = {
  id: 'invalid-effect',
  on: 'statement',
  summary: 'The Effect of a statement is missing, or neither Allow nor Deny',
  level: 'error',
  kinds: 'all',
  subject: 'document',
  accessAnalyzer: ['INVALID_EFFECT', 'MISSING_EFFECT'],
  equivalents: ['cfn-lint:E3510', 'parliament:MALFORMED', 'cfn-lint:E3512', 'cfn-lint:E3530'],
  check: checkEffect,
};

function* checkEffect(statement: Statement, _policy: Policy, { config }: RuleContext): Iterable<Draft> {
  const { answer, entry } = statement.effect;
  if (answer === 'missing') {
    const said = config.preset !== 'access-analyzer' && isMisspelt('Effect', statement.strays, STATEMENT_ELEMENTS);
    if (!said) yield missingEffect(statement);
    return;
  }
  const value = answer === 'invalid' ? entry?.value : undefined;
  if (value?.kind !== 'text') return;
  const word = value.text.flat;
  const meant = nearestEffect(word);
  yield {
    message: `\`${word}\` is neither \`Allow\` nor \`Deny\``,
    span: spanOf(value.text) ?? value.span,
    accessAnalyzer: 'INVALID_EFFECT',
    accessAnalyzerType: 'ERROR',
    ...(meant ? { fixes: () => [respelled(value, meant)] } : {}),
  };
}

function missingEffect(statement: Statement): Draft {
  return {
    message: 'the statement has no `Effect`',
    span: statement.head,
    accessAnalyzer: 'MISSING_EFFECT',
    accessAnalyzerType: 'ERROR',
  };
}

function respelled(value: TextValue, meant: string) {
  return {
    title: `Replace with \`${meant}\``,
    safety: 'changes' as const,
    preferred: true,
    edits: [{ kind: 'rewrite' as const, value, from: 0, to: value.text.flat.length, text: meant }],
  };
}
