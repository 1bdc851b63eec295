/** What `leastwise.json` may say, and where its mistakes are shown. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DEFAULT_CONFIG, type Ignore } from '../server/src/config/config.ts';
import { nearestWord } from '../server/src/config/nearest.ts';
import { CONFIG_KEYS, type KnownNames, readConfig } from '../server/src/config/read.ts';
import { configSchema } from '../server/src/config/schema.ts';
import { unusedDirectives, unusedIgnores } from '../server/src/config/unused.ts';
import { KNOWN_NAMES, printedSchema } from '../server/src/features/configuration.ts';
import { RULES } from '../server/src/rules/index.ts';

const KNOWN: KnownNames = {
  rules: ['full-access', 'missing-version', 'policy-size', 'unscoped-resource', 'wildcard-action'],
  duties: ['model-approval', 'model-training'],
  packs: ['ml-pipeline'],
};

const EVERYTHING = `{
  // What we look at.
  "$schema": "./schema.json",
  "preset": "all",
  "rules": { "wildcard-action": "error", "missing-version": "off", "policy-size": ["warning", { "identity": 6144, "more": ["a", null] }] },
  "accounts": { "own": ["111122223333"], "trusted": ["444455556666"] }, "organization": "o-abc123",
  "never": [ { "actions": ["iam:*"], "resources": ["*"], "unless": "admin/**", "because": "keys" }, { "actions": ["s3:*"], "because": "data" } ],
  "packs": ["ml-pipeline"], /* the only one */
  "duties": { "price-approval": { "title": "Approve a price", "environment": "production",
    "anyOf": [ { "actions": ["lambda:InvokeFunction"], "resources": ["arn:*:lambda:*:*:function:approve-*"], "when": { "aws:RequestTag/Price": ["yes"] } }, { "actions": ["sns:Publish"] } ],
    "requires": [ { "actions": ["iam:PassRole"], "services": ["lambda.amazonaws.com"] } ] } },
  "conflicts": [ { "between": ["model-training", "price-approval"], "severity": "critical", "meet": "same-resource", "because": "two pairs of eyes" } ],
  "ignore": [ { "rule": "unscoped-resource", "file": "legacy/**", "sid": "Audit*", "reason": "leaves in March", "until": "2028-02-29" } ]
}`;

/** The problems as `text under the span: message`. */
function problemsOf(text: string): readonly string[] {
  return readConfig('leastwise.json', text, KNOWN).problems.map(({ id, span, message }) => {
    expect(id).toBe('configuration');
    return `${text.slice(span.start, span.end)}: ${message}`;
  });
}

describe('reading', () => {
  test('every setting', () => {
    const { config, problems, intact } = readConfig('/repo/leastwise.json', EVERYTHING, KNOWN);
    expect(problems).toEqual([]);
    expect(intact).toBe(true);
    const { ignore, ...rest } = config;
    expect(rest).toEqual({
      path: '/repo/leastwise.json',
      preset: 'all',
      rules: new Map([
        ['wildcard-action', { level: 'error', options: {} }],
        ['missing-version', { level: 'off', options: {} }],
        ['policy-size', { level: 'warning', options: { identity: 6144, more: ['a', null] } }],
      ]),
      accounts: { own: ['111122223333'], trusted: ['444455556666'] },
      organization: 'o-abc123',
      never: [
        { actions: ['iam:*'], resources: ['*'], unless: 'admin/**', because: 'keys' },
        { actions: ['s3:*'], resources: ['*'], because: 'data' },
      ],
      packs: ['ml-pipeline'],
      duties: [
        {
          id: 'price-approval',
          title: 'Approve a price',
          anyOf: [
            {
              actions: ['lambda:invokefunction'],
              resources: ['arn:*:lambda:*:*:function:approve-*'],
              when: { 'aws:requesttag/price': ['yes'] },
            },
            { actions: ['sns:publish'], resources: [], when: {} },
          ],
          requires: [{ actions: ['iam:passrole'], services: ['lambda.amazonaws.com'] }],
          production: true,
        },
      ],
      conflicts: [
        {
          between: ['model-training', 'price-approval'],
          severity: 'critical',
          meet: 'same-resource',
          because: 'two pairs of eyes',
        },
      ],
    });
    const [only] = ignore;
    expect(EVERYTHING.slice(only?.span.start, only?.span.end)).toMatch(/^\{ "rule": "unscoped-resource".*\}$/);
    expect(only).toMatchObject({
      rule: 'unscoped-resource',
      file: 'legacy/**',
      sid: 'Audit*',
      reason: 'leaves in March',
      until: '2028-02-29',
    });
  });

  test('an empty object is the defaults, and packs may be none', () => {
    expect(readConfig('x', '{}', KNOWN)).toEqual({
      config: { ...DEFAULT_CONFIG, path: 'x' },
      problems: [],
      intact: true,
    });
    expect(readConfig('x', '{"packs":[]}', KNOWN).config.packs).toEqual([]);
  });

  test.each([
    [
      '{ "preset": "recomended" }',
      'recomended: `recomended` is not `recommended`, `access-analyzer` or `all`; did you mean `recommended`?',
    ],
    ['{ "presets": "all" }', 'presets: `presets` is not a key of the configuration; did you mean `preset`?'],
    [
      '{ "rules": { "wildcard-actions": "off" } }',
      'wildcard-actions: there is no rule `wildcard-actions`; did you mean `wildcard-action`?',
    ],
    ['{ "rules": { "full-access": "warn" } }', 'warn: `warn` is not `error`, `warning`, `info` or `off`'],
    [
      '{ "rules": { "full-access": 1 } }',
      '1: `full-access` takes `error`, `warning`, `info` or `off`, or a list of that and an object of options',
    ],
    ['{ "rules": { "full-access": ["off", 3] } }', '3: the options of `full-access` takes an object'],
    [
      '{ "rules": { "full-access": ["off", {}, "x"] } }',
      'x: `full-access` takes a level and an object of options, and nothing more',
    ],
    ['{ "rules": ["full-access"] }', '[: `rules` takes an object'],
    ['{ "accounts": { "mine": [] } }', 'mine: `mine` is not a key of `accounts`'],
    ['{ "accounts": { "own": ["1234"] } }', '1234: `1234` is not an account id, which has 12 digits'],
    ['{ "accounts": { "own": [111122223333] } }', '111122223333: each item of `own` takes a string'],
    ['{ "organization": "abc" }', 'abc: `abc` is not an organization id, which begins with `o-`'],
    ['{ "packs": ["ml-pipelin"] }', 'ml-pipelin: there is no pack `ml-pipelin`; did you mean `ml-pipeline`?'],
    ['{ "packs": "ml-pipeline" }', 'ml-pipeline: `packs` takes a list'],
    ['{ "never": [ { "because": "x" } ] }', '{: an item of `never` has no `actions`'],
    ['{ "never": [ { "actions": ["s3:*"] } ] }', '{: an item of `never` has no `because`'],
    ['{ "duties": { "own-duty": {} } }', '{: the duty `own-duty` has no `anyOf`'],
    ['{ "duties": { "d": { "anyOf": [ {} ] } } }', '{: an item of `anyOf` has no `actions`'],
    ['{ "duties": { "d": { "anyOf": [], "environment": "prod" } } }', 'prod: `prod` is not `any` or `production`'],
    [
      '{ "conflicts": [ { "between": ["model-training", "model-aproval"] } ] }',
      'model-aproval: there is no duty `model-aproval`; did you mean `model-approval`?',
    ],
    ['{ "conflicts": [ { "between": ["model-training"] } ] }', '[: a conflict is `between` two duties'],
    ['{ "conflicts": [ {} ] }', '{: a conflict is `between` two duties'],
    [
      '{ "conflicts": [ { "between": ["model-training", "model-approval"], "severity": "low" } ] }',
      'low: `low` is not `critical`, `high` or `medium`',
    ],
    ['{ "ignore": [ { "rule": "full-access" } ] }', 'full-access: an item of `ignore` has no `reason`'],
    ['{ "ignore": [ { "rule": "full-access", "reason": " " } ] }', '" ": the reason is empty'],
    ['{ "ignore": [ { "reason": "x" } ] }', '{: an item of `ignore` has no `rule`'],
    [
      '{ "ignore": [ { "rule": "ful-access", "reason": "x" } ] }',
      'ful-access: there is no rule `ful-access`; did you mean `full-access`?',
    ],
    [
      '{ "ignore": [ { "rule": "full-access", "reason": "x", "until": "2027-02-29" } ] }',
      '2027-02-29: `2027-02-29` is not a day, which is written `2027-01-31`',
    ],
    [
      '{ "ignore": [ { "rule": "full-access", "reason": "x", "until": "soon" } ] }',
      'soon: `soon` is not a day, which is written `2027-01-31`',
    ],
    [
      '{ "ignore": [ { "rule": "full-access", "reason": "x", "files": "y" } ] }',
      'files: `files` is not a key of an item of `ignore`; did you mean `file`?',
    ],
    ['{ "ignore": {} }', '{: `ignore` takes a list'],
    ['[]', '[: the configuration takes an object'],
    ['', ': the configuration is empty; `{}` is the least that it can be'],
    ['{ "preset": "all", "preset": "recommended" }', '"preset": the key `preset` stands twice in one object'],
  ])('%s', (text, complaint) => {
    expect(problemsOf(text)).toEqual([complaint]);
  });

  test('an ignore with anything amiss takes nothing back', () => {
    for (const part of [
      '"reason": ""',
      '"reason": "x", "until": "soon"',
      '"reason": "x", "file": 1',
      '"reason": "x", "sid": []',
      '"x": 1',
    ]) {
      expect(readConfig('x', `{ "ignore": [ { "rule": "full-access", ${part} } ] }`, KNOWN).config.ignore).toEqual([]);
    }
    expect(readConfig('x', '{ "ignore": [ { "rule": "*", "reason": "x" } ] }', KNOWN)).toMatchObject({
      problems: [],
      config: { ignore: [{ rule: '*' }] },
    });
  });

  test('the rest of a file counts where a part of it cannot be read', () => {
    const { config, problems } = readConfig(
      'x',
      '{ "preset": 3, "rules": { "no-such": "off", "full-access": "info" } }',
      KNOWN,
    );
    expect(problems).toHaveLength(2);
    expect(config.preset).toBe('recommended');
    expect([...config.rules]).toEqual([['full-access', { level: 'info', options: {} }]]);
  });

  test('only what is no JSON object is not intact', () => {
    const intact = (text: string) => readConfig('x', text, KNOWN).intact;
    expect(['{}', '{ "no": 1 } // end', '{ "preset": "all", "preset": 1 }'].filter((text) => !intact(text))).toEqual(
      [],
    );
    expect(
      ['', '[]', 'preset: all', '{ "preset": "all"', '{ preset: "all" }', '{ "packs": [], }', '\0'].filter(intact),
    ).toEqual([]);
  });

  test('any beginning of a file, and any text, is read', () => {
    let complaints = 0;
    for (let end = 0; end < EVERYTHING.length; end++) {
      const text = EVERYTHING.slice(0, end);
      for (const { span } of readConfig('x', text, KNOWN).problems) {
        expect(0 <= span.start && span.start <= span.end && span.end <= text.length).toBe(true);
        complaints++;
      }
    }
    expect(complaints).toBeGreaterThan(EVERYTHING.length / 2);
    const value = fc.jsonValue();
    const shaped = fc.dictionary(
      fc.constantFrom(...CONFIG_KEYS.root),
      fc.oneof(value, fc.array(value), fc.dictionary(fc.constantFrom('rule', 'anyOf', 'between', '__proto__'), value)),
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          shaped.map((object) => JSON.stringify(object)),
        ),
        (text) => {
          const { config, problems } = readConfig('x', text, KNOWN);
          expect(config.path).toBe('x');
          expect(problems.every(({ span }) => span.end <= text.length)).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('ignores that are not needed', () => {
  const span = { source: 'leastwise.json', start: 1, end: 2 };
  const past: Ignore = { rule: 'full-access', reason: 'x', span, until: '2026-01-31' };
  const idle: Ignore = { rule: 'missing-version', reason: 'x', span };
  const busy: Ignore = { rule: 'wildcard-action', reason: 'x', span };
  const config = { ...DEFAULT_CONFIG, ignore: [past, idle, busy] };

  test('in the configuration: those that ended, and those that took nothing back where all was seen', () => {
    const messages = (today: string | undefined, seen: boolean) =>
      unusedIgnores(config, new Set([busy, past]), today, () => seen).map((problem) => problem.message);
    const over = 'the ignore of `full-access` ended on 2026-01-31 and hides nothing any more';
    expect(messages('2026-02-01', true)).toEqual([over, 'the ignore of `missing-version` takes no finding back']);
    expect(messages('2026-02-01', false)).toEqual([over]);
    expect(messages('2026-01-31', true)).toEqual(['the ignore of `missing-version` takes no finding back']);
    expect(messages(undefined, false)).toEqual([]);
  });

  test('in comments: those that took nothing back, and those of no rule', () => {
    const directive = (rule: string) => ({ rules: [rule], reason: 'x', span, covers: span });
    const [used, unused, unknown] = [directive('full-access'), directive('wildcard-action'), directive('full-acces')];
    const problems = unusedDirectives([used, unused, unknown, directive('*')], new Set([used]), KNOWN.rules);
    expect(problems.map((problem) => [problem.id, problem.message])).toEqual([
      ['unused-ignore', 'the ignore of `wildcard-action` takes no finding back'],
      ['unused-ignore', 'there is no rule `full-acces` to ignore'],
      ['unused-ignore', 'the ignore of `*` takes no finding back'],
    ]);
  });
});

describe('the schema', () => {
  test('is current: `npx vitest run test/config.test.ts -u` writes it', async () => {
    await expect(printedSchema()).toMatchFileSnapshot('../schema/leastwise.schema.json');
  });

  test('has the keys that the reader takes, a description for each, and every rule', () => {
    const schema = JSON.parse(printedSchema());
    const { properties } = schema;
    const keys = (object: { properties: object }) => Object.keys(object.properties);
    const duty = properties.duties.additionalProperties;
    expect({
      root: keys(schema),
      accounts: keys(properties.accounts),
      never: keys(properties.never.items),
      duty: keys(duty),
      power: keys(duty.properties.anyOf.items),
      requirement: keys(duty.properties.requires.items),
      conflict: keys(properties.conflicts.items),
      ignore: keys(properties.ignore.items),
    }).toEqual(CONFIG_KEYS);
    expect(keys(properties.rules)).toEqual(RULES.map((rule) => rule.id));
    expect(properties.ignore.items.properties.rule.enum).toEqual(['*', ...RULES.map((rule) => rule.id)]);
    expect(properties.packs.items.enum).toEqual(KNOWN_NAMES.packs);
    expect(undescribed(configSchema(RULES, KNOWN_NAMES), '')).toEqual([]);
  });
});

/** The paths of properties without a description. */
function undescribed(schema: unknown, path: string): readonly string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  return Object.entries(schema).flatMap(([key, value]) => {
    if (key !== 'properties') return undescribed(value, `${path}/${key}`);
    return Object.entries(value as object).flatMap(([name, inner]) => [
      ...('description' in inner ? [] : [`${path}/${name}`]),
      ...undescribed(inner, `${path}/${name}`),
    ]);
  });
}

test('a word that is meant is near', () => {
  expect(nearestWord('Preset', ['rules', 'preset'])).toBe('preset');
  expect(nearestWord('fles', ['files', 'fixes'])).toBe('files');
  expect(nearestWord('zebra', ['files', 'fixes'])).toBeUndefined();
  expect(nearestWord('ab', ['ac'])).toBeUndefined();
});
