/** unknown-service: the prefix of an action is none that the catalog knows. */
import { isPattern } from '../policy/pattern.ts';
import type { Policy, Statement } from '../policy/policy.ts';
import { spanOf } from '../text/text.ts';
import { respell, unmatchedNames } from './action-name.ts';
import type { Draft, RuleContext, StatementRule } from './rule.ts';

/** Source: Service Authorization Reference; the catalog's date is named, since AWS adds services every month. */
export const unknownService: StatementRule = {
  id: 'unknown-service',
  on: 'statement',
  summary: 'The service prefix of an action is none that the catalog knows',
  level: 'warning',
  kinds: 'all',
  clause: 'Action',
  subject: 'document',
  accessAnalyzer: ['INVALID_SERVICE_IN_ACTION'],
  equivalents: ['parliament:UNKNOWN_PREFIX', 'cfn-lint:W3037'],
  check: checkServices,
};

function* checkServices(statement: Statement, _policy: Policy, { catalog, facts }: RuleContext): Iterable<Draft> {
  for (const { item, prefix, colon } of unmatchedNames(statement, facts(statement))) {
    if (prefix === undefined || prefix === '' || isPattern(prefix) || catalog.service(prefix)) continue;
    const past = catalog.removedService(prefix);
    yield {
      message: past
        ? `\`${prefix}\` was a service prefix once and is none any more, as of ${catalog.date}`
        : `\`${prefix}\` is no service prefix known as of ${catalog.date}`,
      span: spanOf(item.text, 0, colon) ?? item.span,
      accessAnalyzer: 'INVALID_SERVICE_IN_ACTION',
      accessAnalyzerType: 'ERROR',
      fixes: () =>
        catalog.suggestService(prefix).map((meant, index) => respell(item, 0, colon, meant, meant, index === 0)),
    };
  }
}
