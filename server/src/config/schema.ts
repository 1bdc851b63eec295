/** The JSON schema of `leastwise.json` (draft-07), for editors: the same keys and words as `read.ts` takes. Pure data. */
import { ENVIRONMENTS, MEETINGS, SEVERITIES } from './duties.ts';
import { type KnownNames, PRESETS, SETTINGS } from './read.ts';

/** A rule as the schema shows it. */
export interface ListedRule {
  readonly id: string;
  readonly summary: string;
  readonly level: string;
}

/** The schema, in which these rules and packs may be named. `schema/leastwise.schema.json` is this, printed. */
export function configSchema(rules: readonly ListedRule[], known: Pick<KnownNames, 'packs'>): object {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    $comment: 'Generated from server/src/config/schema.ts and the list of rules; do not edit.',
    title: 'Leastwise configuration',
    description: 'What Leastwise reports in the files of this folder and below.',
    type: 'object',
    additionalProperties: false,
    allowComments: true,
    properties: {
      $schema: { description: 'The schema of this file.', type: 'string' },
      preset: {
        description:
          'Which rules speak: the recommended ones, exactly the checks of IAM Access Analyzer at its levels, or all.',
        enum: PRESETS,
        default: 'recommended',
      },
      rules: ruleSettings(rules),
      accounts: {
        description: 'The AWS accounts that are yours, and those that you trust.',
        ...closed({ own: accounts('Accounts of your own.'), trusted: accounts('Accounts of others that you trust.') }),
      },
      organization: { description: 'The id of your AWS organization.', type: 'string', pattern: '^o-[a-z0-9]+$' },
      never: { description: 'Access that nothing may grant.', type: 'array', items: never() },
      packs: {
        description: 'The sets of duties and conflicts that are looked for.',
        ...unique({ enum: known.packs }),
        default: known.packs,
      },
      duties: {
        description: 'Duties of your own, by id, for separation of duties.',
        type: 'object',
        additionalProperties: duty(),
      },
      conflicts: { description: 'Duties that one identity must not hold together.', type: 'array', items: conflict() },
      ignore: {
        description: 'Findings that are taken back, each with its reason.',
        type: 'array',
        items: ignore(rules),
      },
    },
    definitions: { setting: setting() },
  };
}

function ruleSettings(rules: readonly ListedRule[]): object {
  return {
    description: 'The level of each rule, `off` to silence it, or a list of the level and the options of the rule.',
    ...closed(
      Object.fromEntries(
        rules.map((rule) => [
          rule.id,
          { description: `${rule.summary}. Level: ${rule.level}.`, allOf: [{ $ref: '#/definitions/setting' }] },
        ]),
      ),
    ),
  };
}

function never(): object {
  return closed(
    {
      actions: strings('Actions, with wildcards.'),
      resources: strings('ARNs, with wildcards; every resource where absent.'),
      unless: { description: 'A file or Sid pattern that is let off.', type: 'string' },
      because: { description: 'Why; it is shown with the finding.', type: 'string' },
    },
    ['actions', 'because'],
  );
}

function duty(): object {
  return closed(
    {
      title: { description: 'What one who holds the duty can do.', type: 'string' },
      anyOf: {
        description: 'The ways to hold the duty; one of them is enough.',
        type: 'array',
        items: closed(
          {
            actions: strings('Any one of these actions.'),
            resources: strings('On a resource that one of these patterns covers; any resource where absent.'),
            when: {
              description: 'Only in requests in which these condition keys have one of the values.',
              type: 'object',
              additionalProperties: { type: 'array', items: { type: 'string' } },
            },
          },
          ['actions'],
        ),
      },
      requires: {
        description: 'What must be allowed too.',
        type: 'array',
        items: closed({
          actions: strings('Any one of these actions.'),
          services: strings('To one of these service principals.'),
        }),
      },
      environment: {
        description: 'Whether only a grant that reaches production holds the duty.',
        enum: ENVIRONMENTS,
        default: 'any',
      },
    },
    ['anyOf'],
  );
}

function conflict(): object {
  return closed(
    {
      between: {
        description: 'The ids of the two duties.',
        type: 'array',
        items: { type: 'string' },
        minItems: 2,
        maxItems: 2,
      },
      severity: { description: 'Critical and high are warnings, medium is info.', enum: SEVERITIES, default: 'high' },
      meet: { description: 'Where the two grants must meet.', enum: MEETINGS, default: 'any' },
      because: { description: 'Why one identity must not hold both.', type: 'string' },
    },
    ['between'],
  );
}

function ignore(rules: readonly ListedRule[]): object {
  return closed(
    {
      rule: { description: 'The rule, or `*` for every rule.', enum: ['*', ...rules.map((rule) => rule.id)] },
      file: {
        description: 'Files, as a pattern relative to this one: `legacy/**`. Every file where absent.',
        type: 'string',
      },
      sid: { description: 'Statements by Sid, with wildcards. Every statement where absent.', type: 'string' },
      reason: { description: 'Why the finding is no fault here.', type: 'string', minLength: 1 },
      until: {
        description: 'The last day on which it is taken back.',
        type: 'string',
        format: 'date',
        pattern: '^\\d{4}-\\d{2}-\\d{2}$',
      },
    },
    ['rule', 'reason'],
  );
}

function closed(properties: object, required: readonly string[] = []): object {
  return { type: 'object', additionalProperties: false, properties, ...(required.length > 0 ? { required } : {}) };
}

function accounts(description: string): object {
  return { description, ...unique({ type: 'string', pattern: '^\\d{12}$' }) };
}

function strings(description: string): object {
  return { description, type: 'array', items: { type: 'string' } };
}

function unique(items: object): object {
  return { type: 'array', uniqueItems: true, items };
}

/** Draft-07 passes over what stands beside a `$ref`; so rules refer to this through `allOf`, and keep their descriptions. */
function setting(): object {
  const level = { enum: SETTINGS };
  const pair = { type: 'array', items: [level, { type: 'object' }], minItems: 1, additionalItems: false };
  return { oneOf: [level, pair] };
}
