/**
 * Via service: lets keys of KMS be used only through the services whose data they protect, by `kms:ViaService`. Which those
 * are is told by what the policy allows beside. Of safety `narrows`; whoever offers it proves it. Knows no hosts.
 * Source: AWS KMS Developer Guide, "kms:ViaService", the table of services, read 2026-11; AWS, "KMS integrated services".
 */
import type { Fix } from '../../finding/finding.ts';
import { PLACEHOLDER } from '../../finding/placeholder.ts';
import type { ClauseItem, Policy, Statement } from '../../policy/policy.ts';
import { displayText, knownText } from '../../text/text.ts';
import type { RuleContext } from '../rule.ts';
import { whereaboutsOf } from './arns.ts';
import { demand } from './callers.ts';
import { splitStatement } from './clause-edits.ts';
import { lowerFirst } from './names.ts';

/** The use of keys moves to a statement of its own where the statement has other business. None where nothing tells through which services. */
export function demandViaService(policy: Policy, statement: Statement, context: RuleContext): readonly Fix[] {
  const { action } = statement;
  if (!action || action.negated || action.open) return [];
  const using = action.items.filter(({ text }) => USES.test(knownText(text) ?? ''));
  const values = servicesBeside(policy, context);
  if (using.length === 0 || values.length === 0 || values.length > MOST_SERVICES) return [];
  if (using.length === action.items.length) return demanded(statement, values);
  const split = splitStatement(policy, statement, using);
  if (!split) return [];
  return demanded({ ...statement, action: { ...action, items: using } }, values).map((fix) => ({
    ...fix,
    title: `Give ${named(using)} a statement of ${using.length === 1 ? 'its' : 'their'} own: ${lowerFirst(fix.title)}`,
    edits: [...split.here, split.copy(fix.edits)],
  }));
}

/** The use of a key, not its administration: all of these can be asked for by a service. */
const USES = /^kms:(Decrypt|Encrypt|GenerateDataKey|ReEncrypt|CreateGrant|DescribeKey)/i;

const MOST_SERVICES = 4;

/** One service with its value, which names its Region. */
interface Via {
  readonly name: string;
  readonly value: string;
}

function demanded(statement: Statement, services: readonly Via[]): readonly Fix[] {
  const names = services.map(({ name }) => `\`${name}\``).join(' and ');
  const [first, ...others] = services.map(({ value }) => value);
  if (first === undefined) return [];
  return demand(statement, {
    operator: first.includes('*') ? 'StringLike' : 'StringEquals',
    key: 'kms:ViaService',
    value: [first, ...others],
    title: `Let keys be used through ${names} only`,
  });
}

/** Services that use keys on behalf of a caller, by the prefix of their actions. */
const VIA: ReadonlyMap<string, string> = new Map(
  [
    ...['backup', 'codebuild', 'dynamodb', 'ec2', 'elasticfilesystem', 'es', 'fsx', 'glue', 'kinesis', 'lambda', 'rds'],
    ...['redshift', 's3', 'sagemaker', 'secretsmanager', 'sns', 'sqs', 'ssm', 'states', 'timestream', 'workspaces'],
  ].map((prefix) => [prefix, prefix]),
);

/** The services that use keys and that the policy allows something of, at the Region on which its ARNs agree, else at any. */
function servicesBeside(policy: Policy, context: RuleContext): readonly Via[] {
  const { partition, region } = whereaboutsOf(policy, context.config);
  const where = region.startsWith(PLACEHOLDER) ? '*' : region;
  const ending = partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
  const allowed = policy.statements
    .filter(({ effect, presence }) => effect.answer === 'Allow' && presence === 'always')
    .flatMap((one) => context.facts(one).actions.map(({ service }) => service.prefix));
  const names = [...new Set(allowed.flatMap((prefix) => VIA.get(prefix) ?? []))].sort();
  return names.map((name) => ({ name, value: `${name}.${where}.${ending}` }));
}

function named(items: readonly ClauseItem[]): string {
  const [only] = items;
  return items.length === 1 && only ? `\`${displayText(only.text)}\`` : `the use of keys`;
}
