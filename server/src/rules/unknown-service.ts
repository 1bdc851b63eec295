/** unknown-service: the prefix of an action, or the service of an ARN or of a caller, is none that the catalog knows. */
import type { Catalog } from '../catalog/catalog.ts';
import { isRetiredService } from '../catalog/retired.ts';
import { isSeenService, similarService } from '../catalog/service-principals.ts';
import type { Fix } from '../finding/finding.ts';
import { arnFields } from '../policy/arn-fields.ts';
import { keyName } from '../policy/condition.ts';
import { isPattern } from '../policy/pattern.ts';
import type { Condition, Policy, Statement } from '../policy/policy.ts';
import { type Span, spanOf } from '../text/text.ts';
import { respell, unmatchedNames } from './action-name.ts';
import { arnTypes } from './arn-types.ts';
import { fieldSpan, isUnfilled } from './arn-words.ts';
import { shown, wordOf } from './condition-words.ts';
import type { Draft, RuleContext, StatementRule } from './rule.ts';

/** Source: Service Authorization Reference; the catalog's date is named, since AWS adds services every month. */
export const unknownService: StatementRule = {
  id: 'unknown-service',
  on: 'statement',
  summary: 'A service is named that the catalog does not know',
  level: 'warning',
  kinds: 'all',
  subject: 'document',
  accessAnalyzer: ['INVALID_SERVICE_IN_ACTION', 'INVALID_SERVICE'],
  equivalents: ['parliament:UNKNOWN_PREFIX', 'cfn-lint:W3037'],
  check: checkServices,
};

function* checkServices(statement: Statement, _policy: Policy, context: RuleContext): Iterable<Draft> {
  yield* inActions(statement, context);
  yield* inResources(statement, context);
  for (const condition of statement.conditions) yield* inCallers(condition, context);
}

function* inActions(statement: Statement, context: RuleContext): Iterable<Draft> {
  const { catalog, facts } = context;
  for (const { item, prefix, colon } of unmatchedNames(statement, facts(statement))) {
    if (prefix === undefined || prefix === '' || isPattern(prefix) || catalog.service(prefix)) continue;
    const fixes = () =>
      catalog.suggestService(prefix).map((meant, index) => respell(item, 0, colon, meant, meant, index === 0));
    const span = spanOf(item.text, 0, colon) ?? item.span;
    yield draft('INVALID_SERVICE_IN_ACTION', prefix, 'service prefix', { span, whole: item.span, fixes }, context);
  }
}

function* inResources({ resource }: Statement, context: RuleContext): Iterable<Draft> {
  for (const item of resource?.items ?? []) {
    const { head, resource: rest } = arnFields(item.text);
    const [arn, , service] = head;
    if (service?.literal === undefined || arn?.literal !== 'arn') continue;
    const name = service.literal;
    if ((name === '' && !rest) || isArnService(name, context.catalog)) continue;
    const fixes = () =>
      context.catalog
        .suggestService(name)
        .map((meant, index) => respell(item, service.from, service.to, meant, meant, index === 0));
    const span = fieldSpan(item, service, context);
    yield draft('INVALID_SERVICE', name, 'service in an ARN', { span, whole: item.span, fixes }, context);
  }
}

/** Some services' ARNs have a name of their own: `catalog` is Service Catalog's. */
function isArnService(name: string, catalog: Catalog): boolean {
  return isUnfilled(name) || catalog.service(name) !== undefined || arnTypes(name, undefined, catalog).types.length > 0;
}

/** Values of keys that name the services through which a request came. */
function* inCallers(condition: Condition, context: RuleContext): Iterable<Draft> {
  if (!/^aws:calledvia(first|last)?$/.test(keyName(condition) ?? '')) return;
  for (const item of condition.values) {
    const caller = wordOf(item) ?? '';
    const [name = ''] = caller.split('.');
    if (isSeenService(caller) || context.catalog.service(name)) continue;
    if (similarService(caller) === undefined) continue;
    const place = { span: item.span, whole: item.span, fixes: () => [] };
    yield draft('INVALID_SERVICE', name, 'service', place, context);
  }
}

/** Where a name stands: its own letters, and the value that holds them, which Access Analyzer marks. */
interface Place {
  readonly span: Span;
  readonly whole: Span;
  readonly fixes: () => readonly Fix[];
}

/** Access Analyzer goes on accepting services that are gone, nobody knows for how long. */
function draft(code: string, name: string, what: string, place: Place, { catalog, config }: RuleContext): Draft {
  const past = isRetiredService(name, catalog);
  const said = past
    ? `\`${shown(name)}\` was a ${what} once and is none any more, as of ${catalog.date}`
    : `\`${shown(name)}\` is no ${what} known as of ${catalog.date}`;
  return {
    message: name === '' ? 'the service of the ARN is empty' : said,
    span: config.preset === 'access-analyzer' ? place.whole : place.span,
    fixes: place.fixes,
    ...(past ? {} : { accessAnalyzer: code, accessAnalyzerType: 'ERROR' }),
  };
}
