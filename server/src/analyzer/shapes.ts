/** The shapes of what is asked of IAM Access Analyzer and answered by it, as plain data. Source: its API Reference. Knows neither network nor SDK. */

/** What a policy is to Access Analyzer. */
export type PolicyType = 'IDENTITY_POLICY' | 'RESOURCE_POLICY' | 'SERVICE_CONTROL_POLICY' | 'RESOURCE_CONTROL_POLICY';

/** One step of a path: into a list, to the value of a member, to its name, or into a string. Members of other names are passed over. */
export interface PathElement {
  readonly index?: number | undefined;
  readonly key?: string | undefined;
  readonly value?: string | undefined;
  readonly substring?: { readonly start?: number | undefined; readonly length?: number | undefined } | undefined;
}

/** A place in the document as it was sent: lines from 1, columns and offsets from 0. */
export interface Position {
  readonly line?: number | undefined;
  readonly column?: number | undefined;
  readonly offset?: number | undefined;
}

/** Where a finding of Access Analyzer is. */
export interface Location {
  readonly path?: readonly PathElement[] | undefined;
  readonly span?: { readonly start?: Position | undefined; readonly end?: Position | undefined } | undefined;
}

/** A finding of ValidatePolicy. `issueCode` is no closed list, `findingType` in practice one of four. */
export interface PolicyFinding {
  readonly findingDetails: string;
  readonly findingType: string;
  readonly issueCode: string;
  readonly learnMoreLink: string;
  readonly locations: readonly Location[];
}

/** Why a check failed. `statementIndex` counts from 0. */
export interface CheckReason {
  readonly description?: string | undefined;
  readonly statementIndex?: number | undefined;
  readonly statementId?: string | undefined;
}

/** The operations that are asked about a policy. */
export type Operation = 'ValidatePolicy' | 'CheckNoNewAccess' | 'CheckAccessNotGranted' | 'CheckNoPublicAccess';

/** Access that must not be granted: any of the actions on any of the resources; all of them where one list is empty. */
export interface ForbiddenAccess {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
}

/** One call, all of what is sent. */
export type Input =
  | {
      readonly operation: 'ValidatePolicy';
      readonly policyDocument: string;
      readonly policyType: PolicyType;
      readonly validatePolicyResourceType?: string;
    }
  | {
      readonly operation: 'CheckNoNewAccess';
      readonly newPolicyDocument: string;
      readonly existingPolicyDocument: string;
      readonly policyType: PolicyType;
    }
  | {
      readonly operation: 'CheckAccessNotGranted';
      readonly policyDocument: string;
      readonly access: ForbiddenAccess;
      readonly policyType: PolicyType;
    }
  | { readonly operation: 'CheckNoPublicAccess'; readonly policyDocument: string; readonly resourceType: string };

/** What AWS answers to a call. */
export type Reply =
  | { readonly kind: 'findings'; readonly findings: readonly PolicyFinding[] }
  | {
      readonly kind: 'check';
      readonly result: 'PASS' | 'FAIL';
      readonly message: string;
      readonly reasons: readonly CheckReason[];
    };

/** Whether AWS bills the operation. Source: IAM Access Analyzer pricing. */
export function isBilled(operation: Operation): boolean {
  return operation !== 'ValidatePolicy';
}

/** Where AWS says what a call costs. */
export const PRICE_PAGE = 'https://aws.amazon.com/iam/access-analyzer/pricing/';
