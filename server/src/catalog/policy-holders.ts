/** Policy holders: what resource-based policies hang on, and what a policy there can be about; from a table kept by hand. Knows no policies. */
import data from '../../data/policy-holders.json' with { type: 'json' };
import { memo } from './memo.ts';

/** What holds a policy. */
export interface PolicyHolder {
  /** With article: `an S3 bucket`. */
  readonly name: string;
  /** Prefixes of the actions that a policy there can be about; its ARNs have the same. */
  readonly services: ReadonlySet<string>;
  /** What the ARNs of S3 have to name. */
  readonly form: 'bucket' | 'accesspoint' | undefined;
  /** Whether the service stores no policy about anything else. */
  readonly refuses: boolean;
  /** Whether Access Analyzer knows the type of resource. */
  readonly analyzer: boolean;
}

/** The holder behind the type that a host names, `aws_s3_bucket_policy`; undefined for what is not in the table. */
export function policyHolder(type: string): PolicyHolder | undefined {
  return holders().get(type);
}

const holders = memo(
  () =>
    new Map(
      data.holders.flatMap((row) => {
        const holder: PolicyHolder = {
          name: row.name,
          services: new Set(row.services.split(' ')),
          form: row.form === 'bucket' || row.form === 'accesspoint' ? row.form : undefined,
          refuses: row.refuses === true,
          analyzer: row.analyzer === true,
        };
        return row.types.split(' ').map((type) => [type, holder] as const);
      }),
    ),
);
