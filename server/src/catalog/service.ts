/** Service: what AWS defines for one prefix of actions: the shapes that the catalog hands out. Readonly data, no lookups. */
import type { Bits } from './bits.ts';

/**
 * How AWS classes an action. Exactly one for each action: where the service reference marks several properties
 * (`Tagging, Write`), the particular one counts, as AWS's documentation prints it.
 */
export type AccessLevel = 'List' | 'Read' | 'Write' | 'Permissions management' | 'Tagging';

/** In the order in which AWS's documentation explains them. Codes in catalog.bin are positions in this list. */
export const ACCESS_LEVELS: readonly AccessLevel[] = ['List', 'Read', 'Write', 'Permissions management', 'Tagging'];

/** One service. Invariant: `names`, `actions` and every set of bits run over the same indices. */
export interface Service {
  /** In lower case, as it stands before the colon of an action. */
  readonly prefix: string;
  /** `Amazon S3`; the prefix where no name is known. */
  readonly name: string;
  /** Its page in AWS's Service Authorization Reference; absent where the page is not known. */
  readonly url: string | undefined;
  /** Names of the actions as AWS spells them, without prefix, ordered by their lower-case letters. Cheap: needs no slice. */
  readonly names: readonly string[];
  /** Which actions have the level. Cheap, as `names`. */
  readonly levels: Readonly<Record<AccessLevel, Bits>>;
  /** Actions that a policy can scope to resources; the others need `*`, though some take an optional resource. Cheap, as `names`. */
  readonly scopable: Bits;
  /** Reads the service's slice on first use. Where the slice cannot be read, actions have a name and a level, and no more. */
  readonly actions: readonly Action[];
  /** The very object that stands in `actions`, without making the others; undefined beyond them. Reads the slice on first use. */
  at(index: number): Action | undefined;
  /** The resource types of the action at an index, without making the action; none beyond them. */
  resourcesOf(index: number): readonly ActionResource[];
  /** Reads the service's slice on first use; ordered by lower-case key. */
  readonly resourceTypes: readonly ResourceType[];
  /** Reads the service's slice on first use; with those keys of other prefixes (`aws:TagKeys`, `saml:aud`) that AWS lists here. */
  readonly conditionKeys: readonly ConditionKey[];
}

/** One action. */
export interface Action {
  readonly service: string;
  /** Without the prefix, as AWS spells it. */
  readonly name: string;
  readonly level: AccessLevel;
  /** One sentence by AWS, opening with "Grants permission to" mostly; empty where none is known. */
  readonly description: string;
  /** Types that a policy can scope the action to; none: only `*`. */
  readonly resourceTypes: readonly ActionResource[];
  /** Keys that the request carries whatever the resource; those of {@link ActionResource} add to them. */
  readonly conditionKeys: readonly string[];
  /** Actions, with prefix, that AWS's documentation says the caller needs too; from older data, so incomplete for new actions. */
  readonly dependentActions: readonly string[];
  /** Not an API operation but a permission only; from older data, so false for newer actions. */
  readonly permissionOnly: boolean;
  readonly url: string | undefined;
  /** Position in `Service.actions` and bit in its sets. */
  readonly index: number;
}

/** A resource type as one action uses it. Types that are not required are alternatives or extras. */
export interface ActionResource {
  readonly type: string;
  readonly required: boolean;
  readonly conditionKeys: readonly string[];
}

/** A type of resource that a service defines. */
export interface ResourceType {
  readonly service: string;
  readonly key: string;
  /** Templates such as `arn:${Partition}:s3:::${BucketName}`. */
  readonly arns: readonly string[];
  readonly conditionKeys: readonly string[];
}

/** What the values of a condition key are. */
export type KeyType = 'String' | 'ARN' | 'Bool' | 'Numeric' | 'Date' | 'IPAddress';

/** Codes in catalog.bin are positions in this list. */
export const KEY_TYPES: readonly KeyType[] = ['String', 'ARN', 'Bool', 'Numeric', 'Date', 'IPAddress'];

/** A condition key. */
export interface ConditionKey {
  /** As AWS spells it; may hold a place for anything: `aws:ResourceTag/${TagKey}`, `s3:ExistingObjectTag/<key>`. */
  readonly name: string;
  readonly type: KeyType;
  /** Whether one request may carry several values (`ForAllValues`, `ForAnyValue`). */
  readonly multivalued: boolean;
  /** One sentence by AWS; empty for most global keys, which the service reference does not describe. */
  readonly description: string;
  /** Of global keys only: what the key tells about (`principal`, `session`, `network`, `resource`, `request`). */
  readonly category: string | undefined;
}
