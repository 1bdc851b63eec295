/** The rules, in alphabetical order. */
import { actionResourceMismatch } from './action-resource-mismatch.ts';
import { allowNotAction } from './allow-not-action.ts';
import { configuration } from './configuration.ts';
import { conflictingDuties } from './conflicting-duties.ts';
import { contradictoryCondition } from './contradictory-condition.ts';
import { deadStatement } from './dead-statement.ts';
import { fullAccess } from './full-access.ts';
import { invalidEffect } from './invalid-effect.ts';
import { missingVersion } from './missing-version.ts';
import { never } from './never.ts';
import { passRoleAnyResource } from './pass-role-any-resource.ts';
import { placeholder } from './placeholder.ts';
import { redundantStatement } from './redundant-statement.ts';
import { redundantValue } from './redundant-value.ts';
import type { Rule } from './rule.ts';
import { shadowedStatement } from './shadowed-statement.ts';
import { syntax } from './syntax.ts';
import { unknownAction } from './unknown-action.ts';
import { unknownService } from './unknown-service.ts';
import { unscopedResource } from './unscoped-resource.ts';
import { unusedIgnore } from './unused-ignore.ts';
import { wildcardAction } from './wildcard-action.ts';
import { wildcardPrincipal } from './wildcard-principal.ts';

/** Every rule, by id in alphabetical order. */
export const RULES: readonly Rule[] = [
  actionResourceMismatch,
  allowNotAction,
  configuration,
  conflictingDuties,
  contradictoryCondition,
  deadStatement,
  fullAccess,
  invalidEffect,
  missingVersion,
  never,
  passRoleAnyResource,
  placeholder,
  redundantStatement,
  redundantValue,
  shadowedStatement,
  syntax,
  unknownAction,
  unknownService,
  unscopedResource,
  unusedIgnore,
  wildcardAction,
  wildcardPrincipal,
];

/** The rule of that id; undefined where there is none. */
export function ruleOf(id: string): Rule | undefined {
  return RULES.find((rule) => rule.id === id);
}
