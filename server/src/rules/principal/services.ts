/** Names of services: under `Service` of a Principal element, and as values of the condition keys that take one. */
import { isSeenService, SERVICE_PRINCIPALS_DATE, similarService } from '../../catalog/service-principals.ts';
import type { Fix } from '../../finding/finding.ts';
import { keyName, operatorOf } from '../../policy/condition.ts';
import { isPattern } from '../../policy/pattern.ts';
import type {
  Condition,
  ConditionItem,
  Policy,
  PrincipalClause,
  PrincipalItem,
  Statement,
} from '../../policy/policy.ts';
import { isServiceForm, keyFor } from '../../policy/principal.ts';
import { literalOf, type TextValue } from '../../value/value.ts';
import { whereaboutsOf } from '../narrowing/arns.ts';
import type { Draft, RuleContext } from '../rule.ts';
import { underKey } from './fixes.ts';

/** A value under `Service` that has not the form of a service's name, or is one letter away from the name of one. */
export function* wrongService(
  item: PrincipalItem,
  text: string,
  clause: PrincipalClause,
  { catalog }: RuleContext,
): Iterable<Draft> {
  if (text.includes('${')) return;
  if (!isServiceForm(text)) {
    const isIdentity = keyFor(text) === 'AWS';
    yield {
      ...FORMAT,
      message: isIdentity
        ? `\`${text}\` stands under \`Service\` and belongs under \`AWS\``
        : `\`${text}\` has not the form of a service principal, \`service.amazonaws.com\``,
      span: item.span,
      fixes: () => (isIdentity ? underKey(item, clause, 'AWS') : spelled(item.value, text, meantService(text))),
    };
    return;
  }
  const [name = '', ...rest] = text.split('.');
  if (rest.join('.') !== 'amazonaws.com' || isSeenService(text) || catalog.services.includes(name)) return;
  const meant = similarService(text);
  if (meant === undefined) return;
  yield {
    message: `\`${text}\` is none of the service principals known on ${SERVICE_PRINCIPALS_DATE}, and \`${meant}\` is one`,
    span: item.span,
    level: 'warning',
    fixes: () => spelled(item.value, text, meant),
  };
}

const FORMAT = { accessAnalyzer: 'INVALID_SERVICE_PRINCIPAL_FORMAT', accessAnalyzerType: 'ERROR' } as const;

/** Values that no request has under their key, since they have not the form of a service's name. */
export function* serviceValues(statement: Statement, policy: Policy, context: RuleContext): Iterable<Draft> {
  for (const condition of statement.conditions) {
    if (!SERVICE_KEYS.test(condition.key.flat) || condition.presence === 'sometimes') continue;
    const key = keyName(condition);
    const base = operatorOf(condition.operator)?.base ?? '';
    if (key === undefined || !base.startsWith('String')) continue;
    for (const item of condition.values) {
      const text = item.presence === 'always' ? literalOf(item.value) : undefined;
      if (text === undefined || isPattern(text) || text.includes('${')) continue;
      const name = base === 'StringEqualsIgnoreCase' ? text.toLowerCase() : text;
      if (!formOf(key, context)(name))
        yield wrongValue(item, text, condition, key, () => regional(policy, context, base));
    }
  }
}

const SERVICE_KEYS =
  /^(aws:calledvia(first|last)?|aws:principalservicename(slist)?|iam:passedtoservice|iam:awsservicename|kms:viaservice)$/i;

/** What AWS says of `aws:CalledVia` is stricter than what AWS does: services with two labels call too. */
function formOf(key: string, { config }: RuleContext): (name: string) => boolean {
  if (key === 'kms:viaservice') return (name) => isServiceForm(name) && /^[^.]+\.[^.]+\..*amazon/.test(name);
  return config.preset === 'access-analyzer' && key.startsWith('aws:calledvia')
    ? (name) => /^[a-z0-9-]+\.(amazonaws\.com|amazonaws\.com\.cn|amazon\.com)$/.test(name)
    : isServiceForm;
}

function wrongValue(
  { value, span }: ConditionItem,
  text: string,
  condition: Condition,
  key: string,
  region: () => string,
): Draft {
  const isVia = key === 'kms:viaservice';
  const form = isVia ? 'service.region.amazonaws.com' : 'service.amazonaws.com';
  return {
    ...FORMAT,
    message: `\`${text}\` has not the form of \`${condition.key.flat}\`, \`${form}\``,
    span,
    level: 'warning',
    fixes: () => {
      const meant = isServiceForm(text) ? text : meantService(text);
      const whole = isVia ? meant?.replace(/^([^.]+)\.(?=amazon)/, (_, name: string) => `${name}.${region()}.`) : meant;
      return value.kind === 'text' ? spelled(value, text, whole === text ? undefined : whole) : [];
    },
  };
}

/** The Region that the policy's ARNs agree on; any, where the operator takes patterns. */
function regional(policy: Policy, { config }: RuleContext, base: string): string {
  return base === 'StringLike' ? '*' : whereaboutsOf(policy, config).region;
}

/** The service that is meant by a text that has not the form of one. */
function meantService(text: string): string | undefined {
  const lower = text.trim().toLowerCase();
  if (isServiceForm(lower)) return lower;
  const whole = `${lower.replace(/\..*$/, '')}.amazonaws.com`;
  return isSeenService(whole) ? whole : similarService(whole);
}

function spelled(value: TextValue, text: string, meant: string | undefined): readonly Fix[] {
  if (meant === undefined) return [];
  return [
    {
      title: `Replace with \`${meant}\``,
      safety: 'changes',
      preferred: true,
      edits: [{ kind: 'rewrite', value, from: 0, to: text.length, text: meant }],
    },
  ];
}
