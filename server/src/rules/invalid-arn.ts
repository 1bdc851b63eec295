/** invalid-arn: an item of Resource or NotResource that is no ARN, or one that no resource can have. */
import { PARTITIONS } from '../catalog/partitions.ts';
import type { Fix } from '../finding/finding.ts';
import { PLACEHOLDER } from '../finding/placeholder.ts';
import { type ArnFields, arnFields } from '../policy/arn-fields.ts';
import type { ClauseItem, Policy, Statement } from '../policy/policy.ts';
import { displayText, hasHole } from '../text/text.ts';
import { respell } from './action-name.ts';
import { accountFault, type FieldFault, partitionFault, regionFault, serviceFault } from './arn-faults.ts';
import { resourceFaults } from './arn-resource.ts';
import { fieldSpan } from './arn-words.ts';
import { shown } from './condition-words.ts';
import type { Draft, RuleContext, StatementRule } from './rule.ts';

/** Sources: IAM User Guide, "IAM JSON policy elements: Resource"; Access Analyzer policy check reference, the checks named below. */
export const invalidArn: StatementRule = {
  id: 'invalid-arn',
  on: 'statement',
  summary: 'A resource is no ARN, or an ARN that no resource can have',
  level: 'error',
  kinds: 'all',
  clause: 'Resource',
  subject: 'document',
  accessAnalyzer: [
    'INVALID_ARN_PREFIX',
    'MISSING_ARN_FIELD',
    'INVALID_PARTITION',
    'INVALID_ARN_SERVICE_CASE',
    'INVALID_ARN_REGION',
    'INVALID_ARN_ACCOUNT',
    'ARN_REGION_NOT_ALLOWED',
    'ARN_ACCOUNT_NOT_ALLOWED',
    'MISSING_ARN_REGION',
    'MISSING_ARN_ACCOUNT',
    'INVALID_ARN_RESOURCE',
  ],
  equivalents: ['parliament:INVALID_ARN', 'cfn-lint:E3510'],
  check: checkArns,
};

function* checkArns(statement: Statement, policy: Policy, context: RuleContext): Iterable<Draft> {
  const drafts = (statement.resource?.items ?? []).flatMap((item) => {
    if (item.text.flat === '*' || item.text.flat.includes(PLACEHOLDER)) return [];
    const fields = arnFields(item.text);
    return mayBegin(item.text.flat, 'arn:')
      ? arnDrafts(item, fields, context)
      : strangerDrafts(item, fields, statement, policy, context);
  });
  yield* drafts.slice(0, MOST);
}

/** A statement with more faults than this is no policy of AWS; what is said of the first ones is enough. */
const MOST = 50;

/** Whether the text begins so, or may: `arn:…`, `*`, `${arn}`, `a*` for `arn:`. */
function mayBegin(flat: string, start: string): boolean {
  const unknown = flat.search(UNKNOWN);
  return flat.startsWith(start) || (unknown >= 0 && start.startsWith(flat.slice(0, unknown)));
}

/** What may stand for any letters: a wildcard, a policy variable, a hole. */
const UNKNOWN = /[*?$\uFFFC]/;

/** What does not begin with `arn:`. */
function strangerDrafts(
  item: ClauseItem,
  fields: ArnFields,
  statement: Statement,
  policy: Policy,
  context: RuleContext,
): readonly Draft[] {
  const { flat } = item.text;
  if (flat === '' && item.presence === 'sometimes') return [];
  // API Gateway takes a short form in the policies of its APIs.
  const api = policy.kind !== 'identity' || policy.doubt !== undefined;
  if (api && mayBegin(flat, 'execute-api:/')) return [];
  return [
    {
      message:
        flat === '' ? 'the resource is empty' : `\`${shown(displayText(item.text))}\` does not begin with \`arn:\``,
      span: item.span,
      accessAnalyzer: fields.head.length === 5 ? 'INVALID_ARN_PREFIX' : 'MISSING_ARN_FIELD',
      accessAnalyzerType: 'ERROR',
      fixes: () => prefixFixes(item, fields, statement, context),
    },
  ];
}

/** `anr:aws:s3:::b` and `aws:s3:::b` tell what is missing; a bare name is a bucket's where all actions are of S3. */
function prefixFixes(
  item: ClauseItem,
  { head: [first, second] }: ArnFields,
  statement: Statement,
  { catalog, facts }: RuleContext,
): readonly Fix[] {
  const { flat } = item.text;
  const put = (to: number, text: string) => [respell(item, 0, to, text, text + flat.slice(to), true)];
  if (hasHole(item.text)) return [];
  if (second && PARTITIONS.includes(second.flat)) return put(second.from, 'arn:');
  if (first && PARTITIONS.includes(first.flat)) return put(0, 'arn:');
  if (first && catalog.service(first.flat)) return put(0, 'arn:aws:');
  const [service, ...others] = new Set(facts(statement).actions.map((actions) => actions.service.prefix));
  const bucket = service === 's3' && others.length === 0 && /^[a-z0-9][a-z0-9.-]+(\/.*)?$/.test(flat);
  return bucket ? put(0, 'arn:aws:s3:::') : [];
}

/** What begins with `arn:`: its fields from left to right. Of one that may be too short, the first fault is enough. */
function arnDrafts(item: ClauseItem, fields: ArnFields, context: RuleContext): readonly Draft[] {
  if (fields.short) return [missingField(item, fields, context)];
  const [, partition, service, region, account] = fields.head;
  const faults = [
    partitionFault(partition),
    serviceFault(service),
    regionFault(region, partition),
    accountFault(account, service, context.catalog),
  ].flatMap((fault) => fault ?? []);
  const faulty = new Set(faults.map(({ field }) => field));
  const drafts = [
    ...faults.map((fault) => fieldDraft(item, fault, context)),
    ...resourceFaults(item, fields, faulty, context),
  ];
  return fields.resource ? drafts : drafts.slice(0, 1);
}

function fieldDraft(item: ClauseItem, { field, message, level, code, meant }: FieldFault, context: RuleContext): Draft {
  return {
    message,
    span: fieldSpan(item, field, context),
    level,
    accessAnalyzer: code,
    accessAnalyzerType: 'ERROR',
    fixes: () => (meant === undefined ? [] : [respell(item, field.from, field.to, meant, meant, true)]),
  };
}

/** Fewer than six fields. */
function missingField(item: ClauseItem, { head }: ArnFields, { catalog }: RuleContext): Draft {
  const { flat } = item.text;
  return {
    message: `\`${shown(flat)}\` has ${head.length + 1} of the six fields of an ARN, \`arn:partition:service:region:account:resource\``,
    span: item.span,
    accessAnalyzer: 'MISSING_ARN_FIELD',
    accessAnalyzerType: 'ERROR',
    fixes: () => {
      const colons = ':'.repeat(5 - head.length);
      const places = new Map(head.slice(2).map(({ to }) => [`${flat.slice(0, to)}${colons}${flat.slice(to)}`, to]));
      const meant = [...places].filter(([arn]) => catalog.resourceTypesOf(arn).some(({ exact }) => exact));
      return meant.length === 1 ? meant.map(([arn, to]) => respell(item, to, to, colons, arn, true)) : [];
    },
  };
}
