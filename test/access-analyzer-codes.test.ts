/** Every check of IAM Access Analyzer has a rule that carries its code, a section of that rule's page, and an example in it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Finding } from '../server/src/finding/finding.ts';
import { RULES, ruleOf } from '../server/src/rules/index.ts';
import { ROOT } from './context.ts';
import { readPage } from './page-format.ts';
import { caseOf, runCase } from './pages.ts';

type FindingType = NonNullable<Finding['accessAnalyzerType']>;

/**
 * The codes by rule, and what AWS calls a finding of each. Source: IAM User Guide, "IAM Access Analyzer policy check
 * reference", autumn 2026: 152 checks. The page says GENERAL_WARNING where the API says WARNING. Four checks of 2023 are
 * gone from it, with the limits of service control policies that they were about.
 */
const CODES: Readonly<Record<string, Readonly<Partial<Record<FindingType, readonly string[]>>>>> = {
  'allow-not-principal': {
    SECURITY_WARNING: ['ALLOW_WITH_NOT_PRINCIPAL'],
  },
  'attributes-without-select': {
    SECURITY_WARNING: ['DYNAMODB_ATTRIBUTES_WITHOUT_SELECT'],
  },
  'confused-deputy': {
    ERROR: ['UNSUPPORTED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL'],
    SECURITY_WARNING: ['MISSING_PAIRED_CONDITION_KEYS', 'RESTRICT_ACCESS_TO_SERVICE_PRINCIPAL'],
    SUGGESTION: ['IRRELEVANT_CONDITION_KEY_IN_POLICY', 'RECOMMENDED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL'],
  },
  'duplicate-sid': {
    ERROR: ['UNIQUE_SIDS_REQUIRED'],
    WARNING: ['UNIQUE_SIDS_RECOMMENDED'],
  },
  'empty-element': {
    SUGGESTION: [
      'EMPTY_ARRAY_ACTION',
      'EMPTY_ARRAY_CONDITION',
      'EMPTY_ARRAY_CONDITION_FORALLVALUES',
      'EMPTY_ARRAY_CONDITION_FORANYVALUE',
      'EMPTY_ARRAY_CONDITION_IFEXISTS',
      'EMPTY_ARRAY_PRINCIPAL',
      'EMPTY_ARRAY_RESOURCE',
      'EMPTY_OBJECT_CONDITION',
      'EMPTY_OBJECT_PRINCIPAL',
    ],
  },
  'foreign-resource': {
    ERROR: ['UNSUPPORTED_ACTION_IN_POLICY', 'UNSUPPORTED_RESOURCE_ARN_IN_POLICY'],
  },
  'incomplete-rcp-condition': {
    WARNING: [
      'RCP_MISSING_RELATED_PRINCIPAL_CONDITION_KEY',
      'RCP_MISSING_RELATED_SERVICE_PRINCIPAL_CONDITION_KEY',
      'RCP_MISSING_SERVICE_CONDITION_KEY_NULL_CHECK',
    ],
  },
  'invalid-arn': {
    ERROR: [
      'ARN_ACCOUNT_NOT_ALLOWED',
      'ARN_REGION_NOT_ALLOWED',
      'INVALID_ARN_ACCOUNT',
      'INVALID_ARN_PREFIX',
      'INVALID_ARN_REGION',
      'INVALID_ARN_RESOURCE',
      'INVALID_ARN_SERVICE_CASE',
      'INVALID_PARTITION',
      'MISSING_ARN_ACCOUNT',
      'MISSING_ARN_FIELD',
      'MISSING_ARN_REGION',
    ],
  },
  'invalid-condition': {
    ERROR: [
      'INVALID_CONDITION_DATA_TYPE',
      'INVALID_CONDITION_KEY_FORMAT',
      'INVALID_CONDITION_MULTIPLE_BOOLEAN',
      'INVALID_CONDITION_OPERATOR',
      'MISSING_TAG_KEY_IN_CONDITION',
      'NULL_WITH_IF_EXISTS',
    ],
    SUGGESTION: ['NULL_WITH_QUALIFIER'],
  },
  'invalid-effect': {
    ERROR: ['INVALID_EFFECT', 'MISSING_EFFECT'],
  },
  'invalid-element': {
    ERROR: [
      'DATA_TYPE_MISMATCH',
      'DUPLICATE_KEYS_WITH_DIFFERENT_CASE',
      'INVALID_POLICY_ELEMENT',
      'UNSUPPORTED_ELEMENT_COMBINATION',
    ],
  },
  'invalid-kms-key': {
    ERROR: ['INVALID_KMS_KEY_VALUE'],
  },
  'invalid-principal': {
    ERROR: [
      'FEDERATED_PRINCIPAL_NOT_SUPPORTED',
      'INVALID_PRINCIPAL_FORMAT',
      'INVALID_PRINCIPAL_KEY',
      'INVALID_SERVICE_PRINCIPAL_FORMAT',
      'RCP_SYNTAX_ERROR_PRINCIPAL',
      'ROLE_TRUST_POLICY_SYNTAX_ERROR_NOTPRINCIPAL',
      'ROLE_TRUST_POLICY_UNSUPPORTED_WILDCARD_IN_PRINCIPAL',
      'SCP_SYNTAX_ERROR_PRINCIPAL',
      'UNSUPPORTED_PRINCIPAL',
      'UNSUPPORTED_WILDCARD_IN_PRINCIPAL',
    ],
  },
  'invalid-rcp': {
    ERROR: ['RCP_SYNTAX_ERROR_ACTION', 'RCP_SYNTAX_ERROR_ALLOW', 'RCP_SYNTAX_ERROR_NOTACTION'],
  },
  'invalid-region': {
    ERROR: ['INVALID_REGION'],
  },
  'invalid-scp': {
    ERROR: ['SCP_SYNTAX_ERROR_ACTION_WILDCARD'],
  },
  'invalid-sid': {
    ERROR: ['UNSUPPORTED_SID'],
    SUGGESTION: ['EMPTY_SID_VALUE'],
  },
  'invalid-trust-policy': {
    ERROR: [
      'INVALID_FEDERATED_PRINCIPAL_SYNTAX_IN_ROLE_TRUST_POLICY',
      'MISMATCHED_ACTION_FOR_PRINCIPAL',
      'MISSING_ACTION_FOR_CONDITION_KEY',
      'MISSING_ACTION_FOR_ROLES_ANYWHERE_TRUST_POLICY',
      'ROLE_TRUST_POLICY_SYNTAX_ERROR_RESOURCE',
    ],
  },
  'invalid-version': {
    ERROR: ['INVALID_VERSION'],
  },
  'ip-range': {
    ERROR: ['PRIVATE_IP_ADDRESS', 'PRIVATE_NOT_IP_ADDRESS'],
    SUGGESTION: ['IMPROVE_IP_RANGE', 'PRIVATE_IP_ADDRESS_SUBSET', 'PRIVATE_NOT_IP_ADDRESS_SUBSET'],
  },
  'loose-federation': {
    SECURITY_WARNING: [
      'FORANYVALUE_WITH_AUDIENCE_CLAIM_TYPE',
      'MISSING_CONDITION_KEY_FOR_OIDC_PRINCIPAL',
      'MISSING_GITHUB_REPO_CONDITION_KEY',
    ],
    WARNING: ['SPECIFIC_GITHUB_REPO_AND_BRANCH_RECOMMENDED'],
    SUGGESTION: ['CONFIRM_AUDIENCE_CLAIM_TYPE'],
  },
  'malformed-id': {
    ERROR: ['INVALID_VPCE_FORMAT', 'INVALID_VPC_FORMAT'],
  },
  'mismatched-value': {
    ERROR: ['TYPE_MISMATCH_IP_RANGE'],
    WARNING: [
      'INVALID_DATE_VALUE',
      'TYPE_MISMATCH',
      'TYPE_MISMATCH_BOOLEAN',
      'TYPE_MISMATCH_DATE',
      'TYPE_MISMATCH_NUMBER',
      'TYPE_MISMATCH_STRING',
    ],
  },
  'missing-element': {
    ERROR: ['MISSING_ACTION', 'MISSING_PRINCIPAL', 'MISSING_RESOURCE', 'MISSING_STATEMENT'],
  },
  'missing-version': {
    WARNING: ['MISSING_VERSION'],
  },
  'null-in-disguise': {
    SUGGESTION: ['EQUIVALENT_TO_NULL_FALSE', 'EQUIVALENT_TO_NULL_TRUE'],
  },
  'orphaned-principal': {
    WARNING: ['INVALID_ROLE_REFERENCE', 'INVALID_USER_REFERENCE'],
  },
  'pass-role-any-resource': {
    SECURITY_WARNING: [
      'PASS_ROLE_WITH_NOT_ACTION_AND_NOT_RESOURCE',
      'PASS_ROLE_WITH_NOT_RESOURCE',
      'PASS_ROLE_WITH_STAR_IN_ACTION_AND_NOT_RESOURCE',
      'PASS_ROLE_WITH_STAR_IN_ACTION_AND_RESOURCE',
      'PASS_ROLE_WITH_STAR_IN_RESOURCE',
      'PASS_ROLE_WITH_STAR_IN_RESOURCE_AND_NOT_ACTION',
    ],
  },
  'policy-size': {
    ERROR: ['POLICY_SIZE_EXCEEDS_RCP_QUOTA', 'POLICY_SIZE_EXCEEDS_SCP_QUOTA'],
    WARNING: [
      'POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA',
      'POLICY_SIZE_EXCEEDS_RESOURCE_POLICY_QUOTA',
      'POLICY_SIZE_EXCEEDS_ROLE_TRUST_POLICY_QUOTA',
    ],
  },
  'policy-variable': {
    ERROR: [
      'EMPTY_VARIABLE',
      'INVALID_VARIABLE_FOR_OPERATOR',
      'MISSING_BRACE_IN_VARIABLE',
      'MISSING_QUOTE_IN_VARIABLE',
      'UNSUPPORTED_SPACE_IN_VARIABLE',
      'VARIABLE_UNSUPPORTED_IN_ELEMENT',
      'VARIABLE_UNSUPPORTED_IN_VERSION',
    ],
  },
  'redundant-condition': {
    SUGGESTION: [
      'REDUNDANT_CONDITION_VALUE_NUM',
      'REDUNDANT_KEY_DUE_TO_WILDCARD_IN_CONDITION',
      'REDUNDANT_STATEMENT_DUE_TO_WILDCARD_IN_CONDITION',
    ],
  },
  'redundant-principal': {
    SUGGESTION: ['REDUNDANT_PRINCIPAL_IN_ROLE_TRUST_POLICY'],
  },
  'redundant-statement': {
    SUGGESTION: ['REDUNDANT_STATEMENT'],
  },
  'redundant-value': {
    SUGGESTION: ['REDUNDANT_ACTION', 'REDUNDANT_RESOURCE'],
  },
  'service-linked-role': {
    WARNING: [
      'CREATE_SLR_WITH_NOT_ACTION_AND_NOT_RESOURCE',
      'CREATE_SLR_WITH_NOT_RESOURCE',
      'CREATE_SLR_WITH_STAR_IN_ACTION_AND_NOT_RESOURCE',
      'CREATE_SLR_WITH_STAR_IN_ACTION_AND_RESOURCE',
      'CREATE_SLR_WITH_STAR_IN_RESOURCE',
      'CREATE_SLR_WITH_STAR_IN_RESOURCE_AND_NOT_ACTION',
    ],
  },
  syntax: {
    ERROR: ['JSON_SYNTAX_ERROR'],
  },
  'too-permissive-value': {
    ERROR: ['VARIABLE_USAGE_TOO_PERMISSIVE', 'WILDCARD_USAGE_TOO_PERMISSIVE'],
  },
  'unknown-action': {
    ERROR: ['INVALID_ACTION'],
  },
  'unknown-condition-key': {
    ERROR: [
      'INVALID_GLOBAL_CONDITION_KEY',
      'INVALID_SERVICE',
      'INVALID_SERVICE_CONDITION_KEY',
      'UNSUPPORTED_GLOBAL_CONDITION_KEY',
    ],
    WARNING: ['DEPRECATED_GLOBAL_CONDITION_KEY'],
  },
  'unknown-service': {
    ERROR: ['INVALID_SERVICE', 'INVALID_SERVICE_IN_ACTION'],
  },
  'unsupported-condition-key': {
    ERROR: ['UNSUPPORTED_ACTION_FOR_CONDITION_KEY'],
    WARNING: ['USE_CONDITION_KEY_ONLY_WITH_SUPPORTED_SERVICES'],
  },
  'unsupported-tag-condition': {
    SECURITY_WARNING: [
      'DENY_NOTACTION_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE',
      'DENY_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE',
    ],
    SUGGESTION: [
      'ALLOW_NOTACTION_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE',
      'ALLOW_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE',
    ],
  },
  'untrustworthy-condition-key': {
    SECURITY_WARNING: ['UNTRUSTWORTHY_CONDITION_KEY'],
  },
  'wildcard-service': {
    SUGGESTION: ['WILDCARD_IN_SERVICE_NAME'],
  },
  'wrong-operator': {
    SECURITY_WARNING: ['STRING_LIKE_OPERATOR_WITH_ARN_CONDITION_KEYS'],
    WARNING: ['WILDCARD_WITHOUT_LIKE_OPERATOR'],
  },
  'wrong-qualifier': {
    ERROR: ['MISSING_QUALIFIER'],
    SECURITY_WARNING: ['FORALLVALUES_WITH_SINGLE_VALUED_KEY'],
  },
};

const GONE: readonly string[] = [
  'SCP_SYNTAX_ERROR_ALLOW_CONDITION',
  'SCP_SYNTAX_ERROR_ALLOW_NOTACTION',
  'SCP_SYNTAX_ERROR_ALLOW_RESOURCE',
  'SCP_SYNTAX_ERROR_NOTRESOURCE',
];

/** How many checks AWS documents of each type. */
const COUNTS: Readonly<Record<FindingType, number>> = {
  ERROR: 79,
  SECURITY_WARNING: 18,
  WARNING: 26,
  SUGGESTION: 29,
};

function codesOf(rule: string, type?: FindingType): readonly string[] {
  const mine = CODES[rule] ?? {};
  return type ? (mine[type] ?? []) : Object.values(mine).flat();
}

test('the table holds each check', () => {
  const types = Object.keys(COUNTS) as FindingType[];
  const counted = types.map((type) => [type, new Set(Object.keys(CODES).flatMap((rule) => codesOf(rule, type))).size]);
  expect(Object.fromEntries(counted)).toEqual(COUNTS);
});

test('the rules carry the codes of the table, and no others', () => {
  const carried = RULES.filter((rule) => rule.accessAnalyzer).map((rule) => [
    rule.id,
    [...(rule.accessAnalyzer ?? [])].sort(),
  ]);
  const listed = Object.keys(CODES).map((rule) => [rule, [...codesOf(rule)].sort()]);
  expect(Object.fromEntries(carried)).toEqual(Object.fromEntries(listed));
  expect(RULES.flatMap((rule) => rule.accessAnalyzer ?? []).filter((code) => GONE.includes(code))).toEqual([]);
});

describe.each(Object.keys(CODES))('%s', (id) => {
  const text = () => readFileSync(join(ROOT, 'docs/rules', `${id}.md`), 'utf8');

  test('has a section with an example for each code', () => {
    const sections = text().split(/^(?=##+ )/m);
    const lacking = codesOf(id).filter((code) => {
      const section = sections.find((one) => one.startsWith(`### \`${code}\`\n`));
      return !section?.includes(`[${code}]`);
    });
    expect(lacking).toEqual([]);
  });

  test('says of each finding what AWS calls it', () => {
    const wrong: string[] = [];
    for (const example of readPage(text()).examples) {
      for (const { rule, accessAnalyzer: code, accessAnalyzerType: type } of runCase(caseOf(example.fences)).findings) {
        if (rule !== id || (code === undefined && type === undefined)) continue;
        if (code === undefined || type === undefined || !codesOf(id, type).includes(code))
          wrong.push(`${code}: ${type}`);
      }
    }
    expect(wrong).toEqual([]);
  });
});

test('the table names rules that there are', () => {
  expect(Object.keys(CODES).filter((id) => !ruleOf(id))).toEqual([]);
});
