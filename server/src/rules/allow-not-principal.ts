/** allow-not-principal: an Allow with NotPrincipal lets in everybody whom it does not name. */
import type { PrincipalClause, Statement } from '../policy/policy.ts';
import { displayText, spanOf } from '../text/text.ts';
import type { Draft, StatementRule } from './rule.ts';

/** Source: IAM User Guide, "AWS JSON policy elements: NotPrincipal"; Access Analyzer, "Allow with NotPrincipal". */
export const allowNotPrincipal: StatementRule = {
  id: 'allow-not-principal',
  on: 'statement',
  summary: 'An Allow with NotPrincipal lets in everybody whom it does not name, anonymous callers included',
  level: 'warning',
  kinds: ['resource'],
  effect: 'Allow',
  clause: 'Principal',
  subject: 'document',
  accessAnalyzer: ['ALLOW_WITH_NOT_PRINCIPAL'],
  equivalents: ['cfn_nag:F6', 'cfn_nag:F7', 'cfn_nag:F8', 'cfn_nag:F9'],
  check: checkPrincipal,
};

function* checkPrincipal({ principal }: Statement): Iterable<Draft> {
  if (!principal?.negated || principal.entry.presence === 'sometimes') return;
  yield {
    message: `\`NotPrincipal\` in an Allow lets in everybody but ${excepted(principal)}, other accounts and anonymous callers included`,
    span: spanOf(principal.entry.key) ?? principal.entry.keySpan,
    accessAnalyzer: 'ALLOW_WITH_NOT_PRINCIPAL',
    accessAnalyzerType: 'SECURITY_WARNING',
  };
}

function excepted({ items, open }: PrincipalClause): string {
  const names = items.map(({ text }) => displayText(text));
  if (open) return 'the named ones';
  return names.length === 1 ? `\`${names.join()}\`` : `the ${names.length} named ones`;
}
