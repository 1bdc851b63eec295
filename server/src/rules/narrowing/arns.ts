/** ARNs: those of a statement, and ones to be filled in, a type's template with what the document tells of partition, account and region, and `REPLACE_ME_…` for the rest. */
import type { ResourceType } from '../../catalog/service.ts';
import type { Config } from '../../config/config.ts';
import { PLACEHOLDER } from '../../finding/placeholder.ts';
import type { Policy, Statement } from '../../policy/policy.ts';
import { HOLE } from '../../text/text.ts';

/** What a wide item is narrowed to: an ARN or pattern, or what stands behind the ARN of a thing. */
export interface Narrowed {
  readonly thing: string | undefined;
  /** The whole pattern, or the letters behind the thing's ARN. */
  readonly glob: string;
}

/** Where the resources of a policy lie, as far as its ARNs agree. */
export interface Whereabouts {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
}

/** The patterns of a Resource clause in which each item names its service; undefined where one does not, or there may be more. */
export function definiteArns({ resource }: Statement): readonly string[] | undefined {
  if (!resource || resource.negated || resource.open) return undefined;
  const patterns = resource.items.map(({ text }) => text.flat.replaceAll(HOLE, '*'));
  const plain = patterns.every((pattern) => /^arn:[^:]*:[a-z0-9-]+:/.test(pattern));
  return plain && patterns.length > 0 ? patterns : undefined;
}

/** What all ARNs of the document agree on, else the only account of the configuration. */
export function whereaboutsOf(policy: Policy, config: Config): Whereabouts {
  const arns = policy.statements
    .flatMap(({ resource }) => resource?.items ?? [])
    .map(({ text }) => text.flat.split(':'))
    .filter(([head, ...fields]) => head === 'arn' && fields.length >= 5);
  const agreed = (field: number, form: RegExp) => {
    const said = [...new Set(arns.map((arn) => arn[field] ?? '').filter((word) => form.test(word)))];
    return said.length === 1 ? said[0] : undefined;
  };
  const own = config.accounts.own.length === 1 ? config.accounts.own[0] : undefined;
  return {
    partition: agreed(1, /^aws[a-z-]*$/) ?? 'aws',
    region: agreed(3, /^[a-z]{2}(-[a-z]+)+-\d$/) ?? `${PLACEHOLDER}REGION`,
    account: agreed(4, /^\d{12}$/) ?? own ?? `${PLACEHOLDER}ACCOUNT`,
  };
}

/** The template's ARN: its first name is left to be filled in, what lies below it is all taken in. */
export function arnFor(template: string, { partition, region, account }: Whereabouts): string {
  let named = false;
  return template.replace(/\$\{([^}]*)\}/g, (_, name: string) => {
    if (name === 'Partition') return partition;
    if (name === 'Region') return region;
    if (name === 'Account') return account;
    if (named) return '*';
    named = true;
    return `${PLACEHOLDER}${inCapitals(name)}`;
  });
}

/** CloudWatch Logs checks most actions of a log group on its ARN with `:*` behind it. Source: CloudWatch Logs User Guide, "Overview of managing access permissions". */
export function withStreams({ service, key }: ResourceType, glob: string): string {
  return service === 'logs' && key === 'log-group' ? `${glob}:*` : glob;
}

/** `BucketName` is `BUCKET_NAME`. */
function inCapitals(name: string): string {
  return name
    .replace(/WithPath$/, '')
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/\W+/g, '_')
    .toUpperCase();
}
