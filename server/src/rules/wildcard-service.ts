/** wildcard-service: a wildcard stands in the service field of an ARN, so that it may name resources of services nobody thought of. */
import { arnFields } from '../policy/arn-fields.ts';
import { isPattern } from '../policy/pattern.ts';
import { type Policy, polarity, type Statement } from '../policy/policy.ts';
import { spanOf } from '../text/text.ts';
import { shown } from './condition-words.ts';
import type { Draft, RuleContext, StatementRule } from './rule.ts';

/** Source: Access Analyzer policy check reference, "Suggestion – Wildcard in service name". */
export const wildcardService: StatementRule = {
  id: 'wildcard-service',
  on: 'statement',
  summary: 'A wildcard stands in the service field of an ARN',
  level: 'info',
  kinds: 'all',
  clause: 'Resource',
  subject: 'document',
  accessAnalyzer: ['WILDCARD_IN_SERVICE_NAME'],
  check: checkResources,
};

function* checkResources(statement: Statement, _policy: Policy, { config }: RuleContext): Iterable<Draft> {
  const strict = config.preset === 'access-analyzer';
  const clauses = [statement.resource ?? []]
    .flat()
    .filter((clause) => strict || polarity(statement, clause) === 'more');
  for (const item of clauses.flatMap((clause) => clause.items)) {
    const { head } = arnFields(item.text);
    const [arn, , service] = head;
    const field = service?.known;
    if (!field || arn?.literal !== 'arn' || !isPattern(field) || field.includes('$')) continue;
    if (!strict && field === '*') continue;
    const span = spanOf(item.text, service.from, service.to) ?? item.span;
    yield {
      message: `\`${shown(field)}\` takes in every service of such a name, those of tomorrow too`,
      span: strict ? item.span : span,
      accessAnalyzer: 'WILDCARD_IN_SERVICE_NAME',
      accessAnalyzerType: 'SUGGESTION',
    };
  }
}
