/** confused-deputy: a service may be led to act for strangers, since no condition says for whom, or one that cannot. */
import { namesItsSource, unsaidIn } from '../catalog/service-principals.ts';
import { demands, keyName, operatorOf } from '../policy/condition.ts';
import type { Condition, ConditionItem, Policy, PrincipalClause, PrincipalItem, Statement } from '../policy/policy.ts';
import { doesMoreThanAssume, isCertainly, isServiceForm } from '../policy/principal.ts';
import { HOLE, hasHole, knownText } from '../text/text.ts';
import { literalOf } from '../value/value.ts';
import { demandSource, demandVpc, sourceKeyInstead } from './principal/sources.ts';
import type { Draft, RuleContext, StatementRule } from './rule.ts';

/** Source: IAM User Guide, "The confused deputy problem" and "AWS global condition context keys"; Access Analyzer's checks of conditions on service principals. */
export const confusedDeputy: StatementRule = {
  id: 'confused-deputy',
  on: 'statement',
  summary: 'A service may be led to act for strangers, since no condition says for whom it acts',
  level: 'warning',
  kinds: 'all',
  subject: 'document',
  accessAnalyzer: [
    'RESTRICT_ACCESS_TO_SERVICE_PRINCIPAL',
    'RECOMMENDED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL',
    'UNSUPPORTED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL',
    'IRRELEVANT_CONDITION_KEY_IN_POLICY',
    'MISSING_PAIRED_CONDITION_KEYS',
  ],
  equivalents: ['prowler:iam_role_cross_service_confused_deputy_prevention', 'checkov:CKV_AWS_364'],
  check: checkStatement,
};

function* checkStatement(statement: Statement, policy: Policy, context: RuleContext): Iterable<Draft> {
  const { conditions, principal, effect } = statement;
  for (const condition of conditions) {
    const key = keyName(condition);
    if (key === 'aws:vpcsourceip') yield* unpaired(condition, statement, context);
    if (key === 's3:resourceaccount') yield* irrelevant(condition, statement, policy);
  }
  if (!principal || principal.negated || effect.answer !== 'Allow') return;
  const services = principal.items.filter(isService);
  const [first] = services;
  if (!first) return;
  const idle = conditions.filter((condition) => UNSUPPORTED.test(keyName(condition) ?? ''));
  const isResource = isCertainly('resource', policy);
  if (isResource || isCertainly('trust', policy)) yield* unsupported(idle, principal, first);
  const isAnalyzer = context.config.preset === 'access-analyzer';
  if (statement.conditionsOpen || (idle.length > 0 && !isAnalyzer)) return;
  if (isResource) yield* unrestricted(services, statement, policy, context);
  else if (isCertainly('trust', policy)) yield* assumable(services, statement, policy, context);
}

function isService({ type, text, presence }: PrincipalItem): boolean {
  return type === 'Service' && presence === 'always' && isServiceForm(knownText(text) ?? '');
}

/** Keys that say for whom a service acts, in lower case. */
const SOURCES: ReadonlySet<string> = new Set([
  'aws:sourcearn',
  'aws:sourceaccount',
  'aws:sourceorgid',
  'aws:sourceorgpaths',
]);

/** Keys of the caller that no service principal has: it is in no organization, has no tags and no name, and signs in nowhere. */
const UNSUPPORTED = /^aws:(principalorgid|principalorgpaths|principaltag\/.*|username|multifactorauth(present|age))$/;

/** Keys that have stood for the source, before AWS had keys for it. */
const STANDINS: ReadonlySet<string> = new Set(['aws:referer', 'aws:sourceowner']);

/** Conditions on what services do not send. */
function* unsupported(
  idle: readonly Condition[],
  { items, open }: PrincipalClause,
  service: PrincipalItem,
): Iterable<Draft> {
  const isAlone = !open && items.every((item) => item.type === 'Service');
  for (const condition of idle) {
    const operator = operatorOf(condition.operator);
    if (!operator || operator.base === 'Null' || condition.presence === 'sometimes') continue;
    const never = demands(condition);
    yield {
      message: `\`${condition.key.flat}\` is never there when \`${service.text.flat}\` calls, so the condition ${never ? 'never' : 'always'} holds for it`,
      span: condition.keySpan,
      related: [{ span: service.span, message: `\`${service.text.flat}\` is a service` }],
      ...(never && isAlone ? {} : { level: 'info' }),
      accessAnalyzer: 'UNSUPPORTED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL',
      accessAnalyzerType: 'ERROR',
      fixes: () => (isAlone ? sourceKeyInstead(condition) : []),
    };
  }
}

/** An Allow in a resource policy. */
function* unrestricted(
  services: readonly PrincipalItem[],
  statement: Statement,
  policy: Policy,
  context: RuleContext,
): Iterable<Draft> {
  const isAnalyzer = context.config.preset === 'access-analyzer';
  if (!doesMoreThanAssume(statement) || (!isAnalyzer && policy.statements.some(mayShutOut))) return;
  const able = services.filter(({ text }) => mayNameSource(text.flat, statement));
  const listed = able.filter(({ text }) => namesItsSource(text.flat, 'direct'));
  const [first, ...others] = listed.length > 0 ? listed : able;
  if (!first) return;
  const sources = statement.conditions.filter((condition) => SOURCES.has(keyName(condition) ?? ''));
  const standin = statement.conditions.find((condition) => STANDINS.has(keyName(condition) ?? ''));
  if (sources.length > 0) yield* anySource(sources, first, statement);
  else if (standin) yield* standsIn(standin, first);
  else {
    const isGrave = listed.length > 0 && statement.presence === 'always' && isGraveFor(statement);
    yield {
      message: `\`${first.text.flat}\` may do this for any account, since no condition says for whom it acts`,
      span: first.span,
      related: others.map(({ span, text }) => ({ span, message: `\`${text.flat}\` may do so too` })),
      ...(isGrave ? {} : { level: 'info' }),
      ...(listed.length > 0 ? RESTRICT : {}),
      fixes: () => demandSource(statement, policy, context),
    };
  }
}

const RESTRICT = {
  accessAnalyzer: 'RESTRICT_ACCESS_TO_SERVICE_PRINCIPAL',
  accessAnalyzerType: 'SECURITY_WARNING',
} as const;

/** Whether no action may be one of a service that this one reaches without naming a source. */
function mayNameSource(service: string, { action }: Statement): boolean {
  const unsaid = unsaidIn(service);
  if (unsaid.length === 0) return true;
  if (action?.negated !== false || action.open) return false;
  return action.items.every(
    ({ text }) => !hasHole(text) && !unsaid.includes(text.flat.split(':', 1).join('').toLowerCase()),
  );
}

/** Conditions on the source that any account's resources meet. */
function* anySource(sources: readonly Condition[], service: PrincipalItem, statement: Statement): Iterable<Draft> {
  const wide = sources.flatMap((condition) => widest(condition) ?? []);
  if (wide.length < sources.length) return;
  for (const { value, span } of wide.slice(0, 1))
    yield {
      message: `\`${literalOf(value)}\` lets \`${service.text.flat}\` act for any account`,
      span,
      ...(statement.presence === 'sometimes' ? { level: 'info' } : {}),
    };
}

/** A value that names no account and no one else: any source, or any bucket. */
function widest(condition: Condition): ConditionItem | undefined {
  const operator = operatorOf(condition.operator);
  if (operator?.negated !== false || !/^(Arn|StringLike)/.test(operator.base)) return undefined;
  return condition.values.find(
    ({ value, presence }) => presence === 'always' && ANY_SOURCE.test(literalOf(value) ?? ''),
  );
}

const ANY_SOURCE = /^(\*|arn:[^:]*:[^:]*:[^:]*:\*(:.*)?|arn:[^:]*:[^:]*:[^:]*::\*)$/;

function* standsIn(condition: Condition, service: PrincipalItem): Iterable<Draft> {
  if (!demands(condition)) return;
  yield {
    message: `\`${condition.key.flat}\` tells for whom \`${service.text.flat}\` acts less surely than \`aws:SourceAccount\` or \`aws:SourceArn\``,
    span: condition.keySpan,
    level: 'info',
    accessAnalyzer: 'RECOMMENDED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL',
    accessAnalyzerType: 'SUGGESTION',
    fixes: () => sourceKeyInstead(condition),
  };
}

/** A trust policy: only who may pass the role to the service can lead it there, so this is for information. */
function* assumable(
  services: readonly PrincipalItem[],
  statement: Statement,
  policy: Policy,
  context: RuleContext,
): Iterable<Draft> {
  if (policy.statements.some(mayShutOut)) return;
  const [first, ...others] = services.filter(({ text }) => namesItsSource(text.flat, 'roles'));
  if (!first || statement.conditions.some((condition) => SOURCES.has(keyName(condition) ?? ''))) return;
  yield {
    message: `\`${first.text.flat}\` may assume the role for any account, since no condition says for whom it acts`,
    span: first.span,
    related: others.map(({ span, text }) => ({ span, message: `\`${text.flat}\` may do so too` })),
    level: 'info',
    fixes: () => demandSource(statement, policy, context),
  };
}

/** Whether a Deny of the policy asks for the source, or may. */
function mayShutOut({ effect, conditions, conditionsOpen }: Statement): boolean {
  if (effect.answer === 'Allow') return false;
  return conditionsOpen || conditions.some((condition) => SOURCES.has(keyName(condition) ?? ''));
}

/** Whether an action is certain that an expert would not leave open, and no other condition ties the service down. */
function isGraveFor(statement: Statement): boolean {
  const { action, resource, conditions } = statement;
  if (action?.negated !== false || conditions.some(mayTieDown)) return false;
  const intoLogs = resource?.items.every(({ text }) => text.flat.includes(HOLE) || /AWSLogs\/[^*/]/.test(text.flat));
  return action.items.some(({ text, presence }) => {
    const name = presence === 'always' ? knownText(text) : undefined;
    if (name === undefined || HARMLESS.test(name)) return false;
    return !/^s3:put/i.test(name) || intoLogs === false;
  });
}

/** What tells nothing of the data, adds to logs, or uses a key of KMS for what else the service is allowed. */
const HARMLESS = /^(s3:(GetBucketAcl|GetBucketLocation|ListBucket)|(kms|logs):.*)$/i;

/** Whether the condition is on a key by which services are tied to one use in another way. */
function mayTieDown(condition: Condition): boolean {
  return TIES.test(keyName(condition) ?? '');
}

const TIES = /^(kms:(encryptioncontext|viaservice|calleraccount)|lambda:eventsourcetoken|aws:source(ip|vpc))/;

/** The account of a bucket's own policy is always that of the bucket. A policy of a VPC endpoint may have the same shape, and names no single bucket. */
function* irrelevant(condition: Condition, { resource }: Statement, policy: Policy): Iterable<Draft> {
  const bucket = resource?.items.find(
    ({ text, presence }) => presence === 'always' && /^arn:[^:]*:s3:[^:]*:[^:]*:[^*?]/.test(text.flat),
  );
  const varies = condition.open || condition.values.some(({ value }) => literalOf(value)?.includes('${') !== false);
  if (!bucket || varies || condition.presence === 'sometimes' || !isCertainly('resource', policy)) return;
  yield {
    message: `\`${condition.key.flat}\` is always the account of the bucket itself in its own policy`,
    span: condition.keySpan,
    level: 'info',
    accessAnalyzer: 'IRRELEVANT_CONDITION_KEY_IN_POLICY',
    accessAnalyzerType: 'SUGGESTION',
  };
}

/** Private addresses mean something in one VPC only. */
function* unpaired(condition: Condition, statement: Statement, { config }: RuleContext): Iterable<Draft> {
  const operator = operatorOf(condition.operator);
  const { answer } = statement.effect;
  if (operator?.base !== 'IpAddress' || statement.conditionsOpen) return;
  if (statement.conditions.some((other) => VPC.test(keyName(other) ?? ''))) return;
  const opens = answer === 'Allow' || (answer === 'Deny' && operator.negated);
  if (!opens && (answer !== 'Deny' || config.preset !== 'access-analyzer')) return;
  yield {
    message: `\`${condition.key.flat}\` without \`aws:SourceVpc\` holds for these addresses in any VPC, those of other accounts included`,
    span: condition.keySpan,
    accessAnalyzer: 'MISSING_PAIRED_CONDITION_KEYS',
    accessAnalyzerType: 'SECURITY_WARNING',
    fixes: () => (answer === 'Allow' ? demandVpc(statement) : []),
  };
}

const VPC = /^aws:(sourcevpc|sourcevpce|sourcevpcarn|vpceaccount|vpceorgid|vpceorgpaths)$/;
