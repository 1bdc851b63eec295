/** invalid-scp: what Access Analyzer still refuses in a service control policy, though Organizations takes it by now. */
import type { Policy, Statement } from '../policy/policy.ts';
import { displayText } from '../text/text.ts';
import type { Draft, RuleContext, StatementRule } from './rule.ts';

/** Source: Access Analyzer, "SCP syntax error action wildcard"; against it: Organizations User Guide, "SCP syntax" since September 2025. */
export const invalidScp: StatementRule = {
  id: 'invalid-scp',
  on: 'statement',
  summary: 'Access Analyzer refuses what a service control policy says, though Organizations takes it by now',
  level: 'error',
  kinds: ['scp'],
  clause: 'Action',
  subject: 'document',
  accessAnalyzer: ['SCP_SYNTAX_ERROR_ACTION_WILDCARD'],
  check: checkWildcards,
};

function* checkWildcards({ action }: Statement, _policy: Policy, { config }: RuleContext): Iterable<Draft> {
  if (config.preset !== 'access-analyzer') return;
  for (const { text, span } of action?.items ?? []) {
    if (!/\*[*\uFFFC]*[^*\uFFFC]/.test(text.flat)) continue;
    yield {
      message: `the wildcard of \`${displayText(text)}\` does not stand at its end, which Access Analyzer refuses`,
      span,
      accessAnalyzer: 'SCP_SYNTAX_ERROR_ACTION_WILDCARD',
      accessAnalyzerType: 'ERROR',
    };
  }
}
