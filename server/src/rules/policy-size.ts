/** policy-size: a policy has more characters than AWS takes. Counts those that are certain; knows nothing of other policies of the same user, group or role. */
import { analyzerQuota, type Quota, quotaOf } from '../catalog/quotas.ts';
import type { Level } from '../finding/finding.ts';
import type { PolicyKind } from '../policy/module.ts';
import type { Policy } from '../policy/policy.ts';
import type { Span } from '../text/text.ts';
import { entryOf } from '../value/value.ts';
import { type Length, lengthOf } from './length.ts';
import { type DocumentRule, type Draft, isOfKind, type RuleContext } from './rule.ts';
import { fitQuota, type Size } from './shapes/fit.ts';

/** Source: IAM and STS quotas; quotas of AWS Organizations and of the services that hold policies (`server/data/quotas.json`). */
export const policySize: DocumentRule = {
  id: 'policy-size',
  on: 'document',
  summary: 'The policy is longer than AWS takes',
  level: 'error',
  kinds: 'all',
  subject: 'document',
  accessAnalyzer: [
    'POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA',
    'POLICY_SIZE_EXCEEDS_RCP_QUOTA',
    'POLICY_SIZE_EXCEEDS_RESOURCE_POLICY_QUOTA',
    'POLICY_SIZE_EXCEEDS_ROLE_TRUST_POLICY_QUOTA',
    'POLICY_SIZE_EXCEEDS_SCP_QUOTA',
  ],
  equivalents: ['tflint:aws_iam_policy_too_long_policy', 'tflint:aws_iam_group_policy_too_long'],
  check: checkSize,
};

function* checkSize(policy: Policy, context: RuleContext): Iterable<Draft> {
  const { config } = context;
  const { document, site } = policy;
  const kind = kindOf(policy);
  if (!kind) return;
  const place = { kind, holder: site.holder, services: () => servicesOf(policy) };
  const quota = config.preset === 'access-analyzer' ? analyzerQuota(kind) : quotaOf(place);
  const written = writtenLength(policy);
  if (!quota || (written ?? quota.limit + 1) <= quota.limit) return;
  const blanks = quota.blanks ? 'counted' : 'left out';
  const length = lengthOf(document, blanks, site.versionImplied);
  const found = { span: placeOf(policy), ...CODES[kind] };
  if (length.least > quota.limit) {
    const size: Size = { length: length.least, limit: quota.limit, blanks, said };
    const fixes = length.exact ? { fixes: () => fitQuota(policy, size, context) } : {};
    yield { message: messageOf(length, quota), level: levelOf(length, quota), ...found, ...fixes };
  } else if (written !== undefined && length.exact && quota.blanks) {
    const both = `${said(written)} characters as it is written, ${said(length.least)} without layout`;
    yield { message: `the policy has ${both}; ${quota.of} may have ${said(quota.limit)}`, level: 'info', ...found };
  }
}

/** What may be a boundary is a managed policy like others. */
function kindOf(policy: Policy): PolicyKind | undefined {
  if (isOfKind(policy, [policy.kind])) return policy.kind;
  return isOfKind(policy, ['identity', 'boundary']) ? 'identity' : undefined;
}

/** How many characters the file holds for it; undefined where it is not itself the JSON that AWS gets. */
function writtenLength({ document: { span, spelling } }: Policy): number | undefined {
  return spelling.notation === 'json' && spelling.layers.length === 0 ? span.end - span.start : undefined;
}

/** The services of all actions; what names none stands for itself. */
function servicesOf({ statements }: Policy): readonly string[] {
  const found = new Set<string>();
  for (const { action } of statements)
    for (const { text } of action?.items ?? []) found.add((text.flat.split(':', 1)[0] ?? '').toLowerCase());
  return [...found];
}

/** Where some place takes longer ones, nobody here knows which it is for. */
function levelOf({ least }: Length, { most }: Quota): Level {
  if (least > most) return 'error';
  return Number.isFinite(most) ? 'warning' : 'info';
}

function messageOf({ least, exact }: Length, { of, limit, most, blanks }: Quota): string {
  const count = `${exact ? '' : 'at least '}${said(least)} characters${blanks ? '' : ' without white space'}`;
  const beyond = least > most ? most : limit;
  const unless = least <= most && Number.isFinite(most) ? ' unless the quota is raised' : '';
  return `the policy has ${count}, more than the ${said(beyond)} that ${of} may have${unless}`;
}

/** `10240` is 10,240. */
function said(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** The first character of the document, or the keyword of its first statement where it is written in blocks. */
function placeOf({ document }: Policy): Span {
  const { source, start } = document.span;
  const keyword = document.spelling.notation === 'block' ? entryOf(document, 'Statement')?.keySpan : undefined;
  return keyword ?? { source, start, end: start + 1 };
}

type Code = Required<Pick<Draft, 'accessAnalyzer' | 'accessAnalyzerType'>>;

const IDENTITY: Code = {
  accessAnalyzer: 'POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA',
  accessAnalyzerType: 'WARNING',
};
const RESOURCE: Code = {
  accessAnalyzer: 'POLICY_SIZE_EXCEEDS_RESOURCE_POLICY_QUOTA',
  accessAnalyzerType: 'WARNING',
};

const CODES: Readonly<Record<PolicyKind, Code>> = {
  identity: IDENTITY,
  boundary: IDENTITY,
  session: IDENTITY,
  resource: RESOURCE,
  endpoint: RESOURCE,
  trust: { accessAnalyzer: 'POLICY_SIZE_EXCEEDS_ROLE_TRUST_POLICY_QUOTA', accessAnalyzerType: 'WARNING' },
  scp: { accessAnalyzer: 'POLICY_SIZE_EXCEEDS_SCP_QUOTA', accessAnalyzerType: 'ERROR' },
  rcp: { accessAnalyzer: 'POLICY_SIZE_EXCEEDS_RCP_QUOTA', accessAnalyzerType: 'ERROR' },
};
