/**
 * The law of typing: what is read again after an edit is what reading it for the first time would give, to the letter:
 * policies, places, instances and findings. Each test counts what it exercised.
 */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are HCL's interpolations
import { describe, expect, test } from 'vitest';
import { type Analysis, analyze } from '../server/src/analysis.ts';
import type { Source } from '../server/src/policy/module.ts';
import { contextOf } from './context.ts';
import { block, ELSEWHERE } from './laws/elsewhere.ts';
import { hasMaterial, materialFiles, pageExamples } from './laws/examples.ts';
import { drawing, edited, MODULE } from './laws/typing.ts';

/** How many edits; LEASTWISE_WHOLE=1 makes ten times as many. */
const TIMES = process.env.LEASTWISE_WHOLE === '1' ? 10 : 1;

/** What is made of a module, as text. */
function drawn({ modules, findings }: Analysis): readonly string[] {
  return [
    ...modules.flatMap(({ module, policies }) => [
      ...policies.map((policy) => `policy ${JSON.stringify(policy)}`),
      ...module.sites.map((site) => `site ${JSON.stringify(site)}`),
      ...(module.instances ?? []).map((instance) => `instance ${JSON.stringify(instance)}`),
      `readings ${JSON.stringify(module.readings)}`,
      `things ${JSON.stringify(module.things)}`,
      `problems ${JSON.stringify(module.problems)}`,
      `directives ${JSON.stringify(module.directives)}`,
      `beside ${JSON.stringify((module.beside ?? []).map(({ path }) => path).sort())}`,
    ]),
    ...findings.map((finding) => `finding ${JSON.stringify(finding)}`),
  ];
}

interface Tally {
  edits: number;
  policies: number;
  /** Policies that are the very same objects as before the edit. */
  kept: number;
  findings: number;
}

/** Reads one version of a module after the other, and compares what is made of each with what is made of it anew. */
function follow(
  versions: Iterable<readonly Source[]>,
  own: (path: string) => boolean,
  name: string,
  tally: Tally,
): void {
  const context = contextOf();
  let before: Analysis | undefined;
  for (const sources of versions) {
    const about = { ...context, beside: sources.filter(({ path }) => !own(path)) };
    const mine = sources.filter(({ path }) => own(path));
    const again = analyze(mine, about, before);
    const [are, should] = [drawn(again), drawn(analyze(mine, about))];
    const index = should.findIndex((line, at) => line !== are[at]);
    if (index >= 0 || are.length !== should.length) {
      const texts = sources.map(({ path, text }) => `--- ${path}\n${text}`).join('\n');
      expect([are.length, are[index]], `${name}, ${tally.edits}\n${texts}`).toEqual([should.length, should[index]]);
    }
    const old = new Set(before?.modules.flatMap(({ policies }) => policies));
    const policies = again.modules.flatMap((module) => module.policies);
    tally.edits++;
    tally.policies += policies.length;
    tally.findings += again.findings.length;
    tally.kept += policies.filter((policy) => old.has(policy)).length;
    before = again;
  }
}

/** Types in a module. */
function typeIn(first: readonly Source[], own: (path: string) => boolean, seed: number, edits: number, tally: Tally) {
  follow(typed(first, seed, edits), own, `seed ${seed}`, tally);
}

function* typed(first: readonly Source[], seed: number, edits: number): Generator<readonly Source[]> {
  const draw = drawing(seed);
  let sources = first;
  for (let i = 0; i <= edits; i++) {
    yield sources;
    sources = edited(sources, first, draw);
  }
}

const newTally = (): Tally => ({ edits: 0, policies: 0, kept: 0, findings: 0 });

const isOwn = (path: string) => /^m\/.*\.(tf|tfvars)$/.test(path);

test('in a module with files, locals, variables, calls and templates of all kinds', () => {
  const tally = newTally();
  for (let seed = 1; seed <= 30 * TIMES; seed++) typeIn(MODULE, isOwn, seed, 10, tally);
  expect(tally.policies).toBeGreaterThan(5 * tally.edits);
  expect(tally.findings).toBeGreaterThan(tally.edits);
  expect(tally.kept).toBeGreaterThan(tally.policies / 10);
});

describe('what stands elsewhere', () => {
  const own = (path: string) => path.startsWith('m/');
  test.each(ELSEWHERE)('changes by %s', (_, files, from, to) => {
    const first = Object.entries(files).map(([name, text]): Source => {
      const path = `m/${name}`.replace('m/../', '');
      return { path: path.includes('.') ? path : `${path}.tf`, text };
    });
    const index = first.findIndex(({ text }) => text.includes(from));
    expect(index).toBeGreaterThanOrEqual(0);
    const other = first.map((source, at) =>
      at === index ? { path: source.path, text: source.text.replace(from, () => to) } : source,
    );
    for (const steps of [
      [first, other, first],
      [other, first, other],
    ])
      for (const mine of [own, () => true]) follow(steps, mine, 'there and back', newTally());
  });
});

describe('what does not change', () => {
  const text = [
    'locals {\n  a = ["s3:GetObject"]\n  b = local.a\n}\n',
    block('one', 'actions = local.b'),
    block('two', 'actions = ["sqs:*"]'),
    block('three', 'actions = var.c'),
    block('four', 'actions = ["x"]'),
  ].join('\n');
  test.each<[string, string, readonly string[]]>([
    ['"x"', '"yy"', ['one', 'two', 'three']],
    ['"sqs:*"', '"sns:*"', ['one', 'three', 'four']],
    ['"s3:GetObject"', '"s3:PutObject"', ['two', 'three', 'four']],
    ['b =', 'c =', ['two', 'three', 'four']],
    ['["x"]\n  }\n}\n', '["x"]\n  }\n}\nvariable "c" {}', ['one', 'two', 'four']],
    ['locals', ' locals', []],
  ])('is the very same: %j becomes %j', (from, to, kept) => {
    const context = contextOf();
    const before = analyze([{ path: 'm/a.tf', text }], context);
    const after = analyze([{ path: 'm/a.tf', text: text.replace(from, to) }], context, before);
    const old = new Set(before.modules[0]?.policies);
    const same = after.modules[0]?.policies.filter((policy) => old.has(policy)).map(({ site }) => site.address);
    expect(same).toEqual(kept.map((name) => `data.aws_iam_policy_document.${name}`));
  });
});

test('in every example of a page', () => {
  const tally = newTally();
  for (const [index, { given }] of pageExamples().entries()) {
    const folder = given.sources[0].path.replace(/[^/]*$/, '');
    const own = (path: string) => path.replace(/[^/]*$/, '') === folder;
    typeIn(given.sources, own, index, 1, tally);
  }
  expect(tally.policies).toBeGreaterThan(1000);
});

test.skipIf(!hasMaterial('corpus'))('in real modules (skipped where there are none beside the project)', () => {
  const tally = newTally();
  const folders = new Map<string, Source[]>();
  for (const source of materialFiles('corpus', '.tf')) {
    const folder = source.path.replace(/[^/]*$/, '');
    folders.set(folder, [...(folders.get(folder) ?? []), source]);
  }
  for (const [index, [folder, sources]] of [...folders].entries())
    typeIn(sources, (path) => path.startsWith(folder), index, TIMES, tally);
  expect(tally.policies).toBeGreaterThan(500);
  expect(tally.kept).toBeGreaterThan(0);
});
