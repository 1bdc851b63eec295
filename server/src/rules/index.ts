/** The rules, in alphabetical order. */
import { actionResourceMismatch } from './action-resource-mismatch.ts';
import { allowNotAction } from './allow-not-action.ts';
import { allowNotPrincipal } from './allow-not-principal.ts';
import { allowNotResource } from './allow-not-resource.ts';
import { attributesWithoutSelect } from './attributes-without-select.ts';
import { auditTampering } from './audit-tampering.ts';
import { configuration } from './configuration.ts';
import { conflictingDuties } from './conflicting-duties.ts';
import { confusedDeputy } from './confused-deputy.ts';
import { contradictoryCondition } from './contradictory-condition.ts';
import { credentialsExposure } from './credentials-exposure.ts';
import { crossAccountTrust } from './cross-account-trust.ts';
import { dataExfiltration } from './data-exfiltration.ts';
import { deadStatement } from './dead-statement.ts';
import { denyNotPrincipal } from './deny-not-principal.ts';
import { deprecatedInlinePolicy } from './deprecated-inline-policy.ts';
import { destructiveAccess } from './destructive-access.ts';
import { duplicateSid } from './duplicate-sid.ts';
import { emptyElement } from './empty-element.ts';
import { exclusiveAttachment } from './exclusive-attachment.ts';
import { foreignResource } from './foreign-resource.ts';
import { fullAccess } from './full-access.ts';
import { incompleteRcpCondition } from './incomplete-rcp-condition.ts';
import { infrastructureModification } from './infrastructure-modification.ts';
import { invalidArn } from './invalid-arn.ts';
import { invalidCondition } from './invalid-condition.ts';
import { invalidEffect } from './invalid-effect.ts';
import { invalidElement } from './invalid-element.ts';
import { invalidKmsKey } from './invalid-kms-key.ts';
import { invalidPrincipal } from './invalid-principal.ts';
import { invalidRcp } from './invalid-rcp.ts';
import { invalidRegion } from './invalid-region.ts';
import { invalidScp } from './invalid-scp.ts';
import { invalidSid } from './invalid-sid.ts';
import { invalidTrustPolicy } from './invalid-trust-policy.ts';
import { invalidVersion } from './invalid-version.ts';
import { ipRange } from './ip-range.ts';
import { literalPartition } from './literal-partition.ts';
import { longLivedCredentials } from './long-lived-credentials.ts';
import { looseFederation } from './loose-federation.ts';
import { malformedId } from './malformed-id.ts';
import { mismatchedValue } from './mismatched-value.ts';
import { missingElement } from './missing-element.ts';
import { missingMfa } from './missing-mfa.ts';
import { missingVersion } from './missing-version.ts';
import { never } from './never.ts';
import { nullInDisguise } from './null-in-disguise.ts';
import { octalNumber } from './octal-number.ts';
import { openAssumeRole } from './open-assume-role.ts';
import { orphanedPrincipal } from './orphaned-principal.ts';
import { passRoleAnyResource } from './pass-role-any-resource.ts';
import { placeholder } from './placeholder.ts';
import { policySize } from './policy-size.ts';
import { policyVariable } from './policy-variable.ts';
import { privilegeEscalation } from './privilege-escalation.ts';
import { publicAccessRule } from './public-access.ts';
import { redundantCondition } from './redundant-condition.ts';
import { redundantPrincipal } from './redundant-principal.ts';
import { redundantStatement } from './redundant-statement.ts';
import { redundantValue } from './redundant-value.ts';
import { resourceExposure } from './resource-exposure.ts';
import type { Rule } from './rule.ts';
import { serviceLinkedRole } from './service-linked-role.ts';
import { shadowedStatement } from './shadowed-statement.ts';
import { syntax } from './syntax.ts';
import { tooPermissiveValue } from './too-permissive-value.ts';
import { unescapedPolicyVariable } from './unescaped-policy-variable.ts';
import { unknownAction } from './unknown-action.ts';
import { unknownConditionKey } from './unknown-condition-key.ts';
import { unknownService } from './unknown-service.ts';
import { unscopedResource } from './unscoped-resource.ts';
import { unsupportedConditionKey } from './unsupported-condition-key.ts';
import { unsupportedTagCondition } from './unsupported-tag-condition.ts';
import { untrustworthyConditionKey } from './untrustworthy-condition-key.ts';
import { unusedIgnore } from './unused-ignore.ts';
import { weakCondition } from './weak-condition.ts';
import { wildcardAction } from './wildcard-action.ts';
import { wildcardInAccountOrRegion } from './wildcard-in-account-or-region.ts';
import { wildcardPrincipal } from './wildcard-principal.ts';
import { wildcardService } from './wildcard-service.ts';
import { wrongOperator } from './wrong-operator.ts';
import { wrongQualifier } from './wrong-qualifier.ts';

/** Every rule, by id in alphabetical order. */
export const RULES: readonly Rule[] = [
  actionResourceMismatch,
  allowNotAction,
  allowNotPrincipal,
  allowNotResource,
  attributesWithoutSelect,
  auditTampering,
  configuration,
  conflictingDuties,
  confusedDeputy,
  contradictoryCondition,
  credentialsExposure,
  crossAccountTrust,
  dataExfiltration,
  deadStatement,
  denyNotPrincipal,
  deprecatedInlinePolicy,
  destructiveAccess,
  duplicateSid,
  emptyElement,
  exclusiveAttachment,
  foreignResource,
  fullAccess,
  incompleteRcpCondition,
  infrastructureModification,
  invalidArn,
  invalidCondition,
  invalidEffect,
  invalidElement,
  invalidKmsKey,
  invalidPrincipal,
  invalidRcp,
  invalidRegion,
  invalidScp,
  invalidSid,
  invalidTrustPolicy,
  invalidVersion,
  ipRange,
  literalPartition,
  longLivedCredentials,
  looseFederation,
  malformedId,
  mismatchedValue,
  missingElement,
  missingMfa,
  missingVersion,
  never,
  nullInDisguise,
  octalNumber,
  openAssumeRole,
  orphanedPrincipal,
  passRoleAnyResource,
  placeholder,
  policySize,
  policyVariable,
  privilegeEscalation,
  publicAccessRule,
  redundantCondition,
  redundantPrincipal,
  redundantStatement,
  redundantValue,
  resourceExposure,
  serviceLinkedRole,
  shadowedStatement,
  syntax,
  tooPermissiveValue,
  unescapedPolicyVariable,
  unknownAction,
  unknownConditionKey,
  unknownService,
  unscopedResource,
  unsupportedConditionKey,
  unsupportedTagCondition,
  untrustworthyConditionKey,
  unusedIgnore,
  weakCondition,
  wildcardAction,
  wildcardInAccountOrRegion,
  wildcardPrincipal,
  wildcardService,
  wrongOperator,
  wrongQualifier,
];

/** The rule of that id; undefined where there is none. */
export function ruleOf(id: string): Rule | undefined {
  return RULES.find((rule) => rule.id === id);
}
