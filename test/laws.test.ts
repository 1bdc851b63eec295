/** The laws that hold for every host and rule, tried on all examples of all pages. Each counts what it exercised. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { print } from '../server/src/analysis.ts';
import { hoverAt } from '../server/src/features/hover.ts';
import { symbolsOf } from '../server/src/features/symbols.ts';
import type { Finding, Level } from '../server/src/finding/finding.ts';
import type { Instance, Module, Site } from '../server/src/policy/module.ts';
import type { Policy } from '../server/src/policy/policy.ts';
import { readPolicy } from '../server/src/policy/read.ts';
import { atLeast } from '../server/src/rules/charge.ts';
import { RULES } from '../server/src/rules/index.ts';
import { judge, judgeWhole } from '../server/src/rules/judge.ts';
import { contains } from '../server/src/text/text.ts';
import { analyzeText, catalog, contextOf } from './context.ts';
import { hasMaterial, materialFiles, pageExamples } from './laws/examples.ts';
import { forgettings } from './laws/forget.ts';
import { inspect, newReport } from './laws/spans.ts';
import { type Case, runCase, tryFix } from './pages.ts';

const EXAMPLES = pageExamples();

test('the pages hold examples', () => expect(EXAMPLES.length).toBeGreaterThan(0));

describe('spans tell the truth', () => {
  test('in every example', () => {
    const report = newReport();
    for (const { given } of EXAMPLES) {
      const { module } = runCase(given);
      if (module) inspect(module, report);
    }
    expect(report.lies.slice(0, 20)).toEqual([]);
    expect(report.parts).toBeGreaterThan(EXAMPLES.length);
    expect(report.values).toBeGreaterThan(EXAMPLES.length);
  });

  test.skipIf(!hasMaterial('corpus'))('in real files (skipped where there are none beside the project)', () => {
    const files = [
      ...materialFiles('cases/access-analyzer/recorded', '.json', 5),
      ...materialFiles('corpus', '.json', 4),
      ...materialFiles('corpus', '.tf', 5),
      ...materialFiles('corpus', '.yaml', 3),
    ];
    const report = newReport();
    for (const { path, text } of files) {
      const module = analyzeText(path, text);
      if (module) inspect(module, report);
    }
    expect(report.lies.slice(0, 20)).toEqual([]);
    expect(report.parts).toBeGreaterThan(1000);
  });
});

describe('forgetting never accuses', () => {
  test('in every example', () => {
    const accusations: string[] = [];
    let forgotten = 0;
    let accused = 0;
    for (const { name, given } of EXAMPLES) {
      const { module } = runCase(given);
      for (const { site, instance } of judgedIn(module?.module)) {
        if (!module) continue;
        const rules = further(name);
        const before = verdicts(module.module, site, instance, given, rules);
        accused += before.size;
        for (const { what, value } of forgettings(site.value)) {
          forgotten += 1;
          const after = verdicts(module.module, { ...site, value }, instance, given, rules);
          for (const [key, levels] of after) {
            const known = before.get(key) ?? [];
            if (!isCovered(levels, known))
              accusations.push(`${name}: ${key} says ${levels} instead of ${known} once ${what}`);
          }
        }
      }
    }
    expect(accusations.slice(0, 20), `${accusations.length} accusations`).toEqual([]);
    expect(forgotten).toBeGreaterThan(EXAMPLES.length * 10);
    expect(accused).toBeGreaterThan(0);
  });
});

/** The policies of a module, and those that it makes instances of. */
function judgedIn(module: Module | undefined): readonly { readonly site: Site; readonly instance?: Instance }[] {
  const { sites = [], instances = [] } = module ?? {};
  return [...sites.map((site) => ({ site })), ...instances.map((instance) => ({ site: instance.site, instance }))];
}

/** The pages of rules that compare all statements are judged by both waves; for the others that would take a minute and say nothing. */
function further(name: string): typeof judge {
  const second = RULES.some(
    (rule) => rule.on !== 'report' && rule.wave === 'second' && name.includes(`/${rule.id}.md`),
  );
  return second ? judgeWhole : judge;
}

/** The levels of what each rule says of each statement of one site, gravest first; what a bigger finding takes in, or an ignore takes back, counts too. */
function verdicts(
  module: Module,
  site: Site,
  instance: Instance | undefined,
  { settings }: Case,
  rules: typeof judge,
): ReadonlyMap<string, readonly Level[]> {
  const policy = readPolicy(site);
  const { onBug } = contextOf();
  const judged = instance ? { sites: [], instances: [{ ...instance, site }] } : { sites: [site], instances: [] };
  const alone: Module = { ...module, ...judged, problems: [] };
  const { findings, swallowed, ignored } = rules(alone, policy && !instance ? [policy] : [], {
    catalog: catalog(),
    config: settings.config,
    onBug: (rule, error) => onBug?.(rule, site.address, error),
  });
  const said = new Map<string, Level[]>();
  for (const finding of [...findings, ...[...swallowed, ...ignored].map((one) => one.finding)]) {
    const key = `${finding.rule} on ${statementName(finding, policy)}`;
    said.set(
      key,
      [...(said.get(key) ?? []), finding.level].sort((a, b) => (atLeast(a, b) ? -1 : 1)),
    );
  }
  return said;
}

/** A statement keeps its place, not its index, when one before it is forgotten. */
function statementName({ statement }: Finding, policy: Policy | undefined): string {
  const found = statement && policy?.statements[statement.index];
  return found ? `the statement at ${found.value.span.source}:${found.value.span.start}` : 'the document';
}

/** Whether each of the levels has one of its own in `known` that is as grave. Both gravest first. */
function isCovered(levels: readonly Level[], known: readonly Level[]): boolean {
  return levels.every((level, i) => {
    const other = known[i];
    return other !== undefined && atLeast(other, level);
  });
}

describe('fixes keep their word', () => {
  test('in every example: the finding goes, the file stays readable, nothing else is touched', () => {
    const broken: string[] = [];
    let tried = 0;
    for (const { name, given } of EXAMPLES) {
      const run = runCase(given);
      for (const finding of run.findings) {
        for (const fix of finding.fixes?.() ?? []) {
          const fixed = tryFix(given, run, finding, fix);
          if (!fixed || !run.module) continue;
          tried += 1;
          const { module } = run.module;
          const fed = (module.instances ?? []).flatMap(({ origins }) => origins);
          const read = module.readings.map(({ origin }) => origin);
          const mine = [...module.sites.map((site) => site.span), ...read, ...fed];
          const edits = print(run.module, fix.edits) ?? [];
          const strayed = edits.some((edit) => !mine.some((span) => contains(span, edit.span)));
          for (const complaint of fixed.broken) broken.push(`${name}: ${fixed.info} ${complaint}`);
          if (strayed) broken.push(`${name}: ${fixed.info} edits what is no policy`);
        }
      }
    }
    expect(broken).toEqual([]);
    expect(tried).toBeGreaterThan(0);
  });
});

describe('nothing throws', () => {
  test('where an example is cut off, anywhere', () => {
    const report = newReport();
    let cuts = 0;
    for (const [i, { given }] of EXAMPLES.entries()) {
      const [{ path, text }] = given.sources;
      for (let end = i % STRIDE; end < text.length; end += STRIDE) {
        cuts += 1;
        judgeCase({ ...given, sources: [{ path, text: text.slice(0, end) }] }, report);
      }
    }
    expect(cuts).toBeGreaterThan(EXAMPLES.length * 4);
    expect(report.lies.slice(0, 20)).toEqual([]);
  });

  test('where an example lacks one of its tokens', () => {
    const report = newReport();
    let deletions = 0;
    for (const [i, { given }] of EXAMPLES.entries()) {
      const [{ path, text }] = given.sources;
      for (const [j, token] of [...text.matchAll(/[A-Za-z0-9_*]+|\S/g)].entries()) {
        if ((i + j) % STRIDE !== 0) continue;
        deletions += 1;
        const without = text.slice(0, token.index) + text.slice(token.index + token[0].length);
        judgeCase({ ...given, sources: [{ path, text: without }] }, report);
      }
    }
    expect(deletions).toBeGreaterThan(EXAMPLES.length);
    expect(report.lies.slice(0, 20)).toEqual([]);
  });

  test.each(['json', 'tf', 'json.tftpl', 'yaml'])('on anything that calls itself .%s', (extension) => {
    const word = fc.constantFrom(
      ...WORDS,
      ...EXAMPLES.slice(0, 8).map(({ given }) => given.sources[0].text.slice(0, 60)),
    );
    const text = fc
      .array(fc.oneof({ weight: 6, arbitrary: word }, fc.string({ unit: 'binary', maxLength: 8 })))
      .map((words) => words.join(''));
    const report = newReport();
    let sites = 0;
    const runs = fc.check(
      fc.property(text, (content) => {
        const opening = extension === 'yaml' ? YAML_OPENING : '{"Version":"2012-10-17","Statement":';
        const module = analyzeText(`any.${extension}`, opening + content);
        sites += module?.module.sites.length ?? 0;
        if (module) inspect(module, report);
      }),
      { numRuns: 300, seed: 7 },
    );
    expect(fc.defaultReportMessage(runs)).toBeUndefined();
    expect(runs.numRuns).toBe(300);
    if (extension !== 'tf') expect(sites).toBeGreaterThan(0);
    expect(report.lies.slice(0, 20)).toEqual([]);
  });

  test.each(hostile())('on %s', (_name, path, text) => {
    const module = analyzeText(path, text);
    for (const finding of module?.judgement.findings ?? []) {
      for (const fix of finding.fixes?.() ?? []) if (module) print(module, fix.edits);
    }
    if (module) {
      const report = newReport();
      inspect(module, report);
      expect(report.lies.slice(0, 20)).toEqual([]);
    }
  });
});

const WORDS: readonly string[] = [
  ...'{}[],:"\\\n\r\t /#*?$%~<>='.split(''),
  '${',
  '%{',
  '$${',
  '<<EOF\n',
  '\n- ',
  '\n  - Effect: Allow\n    Action: ',
  '\n    Resource: ',
  '&a ',
  '*a',
  '<<: ',
  '!Sub |\n   ',
  "'",
  '\nEOF\n',
  '//',
  '/*',
  '*/',
  '\\u00',
  '\\u0022',
  'null',
  'true',
  '-1e9',
  '"Effect":"Allow",',
  '"Action":"s3:*",',
  '"Resource":["*"],',
  '"Principal":{"AWS":"*"},',
  '"Condition":{"StringEquals":{',
  '[{',
  '}]',
  'data "aws_iam_policy_document" "d" {',
  'statement {',
  'actions = ["iam:PassRole"]',
  'jsonencode(',
  'resource "aws_iam_policy" "p" { policy = ',
  '${var.a}',
  '\uFFFC',
  '\uFEFF',
  '\0',
  '\uD83D',
  '😀',
];

const YAML_OPENING = 'Version: "2012-10-17"\nStatement:\n  - Effect: Allow\n    Action: s3:GetObjekt\n    Resource: ';

/**
 * Examples are much alike, so not each is cut at each offset: every example begins elsewhere, and together they are cut
 * about as often as written here.
 */
const CUTS = 8000;
const STRIDE = Math.max(
  1,
  Math.floor(EXAMPLES.reduce((sum, { given }) => sum + given.sources[0].text.length, 0) / CUTS),
);

/** Analyzes, asks for all fixes, for the outline and for a hover at the end, and inspects the spans. A bug in a rule is thrown on. */
function judgeCase(given: Case, report: ReturnType<typeof newReport>): void {
  const [{ path, text }] = given.sources;
  const { module } = runCase(given);
  if (!module) return;
  for (const finding of module.judgement.findings) for (const fix of finding.fixes?.() ?? []) print(module, fix.edits);
  hoverAt(module, path, text.length, catalog());
  symbolsOf(module, path);
  inspect(module, report);
}

function hostile(): readonly (readonly [name: string, path: string, text: string])[] {
  const deep = 5000;
  const statement = (action: string, resource: string) =>
    JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: action, Resource: resource }] });
  const stars = '*a'.repeat(2000);
  const many = `"s3:Get${'*'.repeat(50)}",`.repeat(400);
  return [
    ['an empty file', 'a.json', ''],
    ['a byte order mark', 'a.json', '\uFEFF{"Statement":[{"Effect":"Allow","Action":"s3:Get","Resource":"*"}]}'],
    ['lists 5,000 deep', 'a.json', `{"Statement":${'['.repeat(deep)}${']'.repeat(deep)}}`],
    [
      'objects 5,000 deep',
      'a.json',
      `{"Statement":[{"Effect":"Allow","Action":${'{"a":'.repeat(deep)}1${'}'.repeat(deep)}}]}`,
    ],
    ['objects 5,000 deep that are never closed', 'a.json', `${'{"Statement":'.repeat(deep)}`],
    ['strings of strings', 'a.json', nested(9)],
    [
      '10 MB of JSON',
      'a.json',
      `{"Statement":[${'{"Effect":"Allow","Action":["s3:GetObject","s3:PutObjekt"],"Resource":"arn:aws:s3:::b/*"},'.repeat(2000)}{}],"x":"${'y'.repeat(10_000_000)}"}`,
    ],
    ['10 MB in one list', 'a.json', `{"Statement":[],"x":[${`"${'z'.repeat(98)}",`.repeat(100_000)}1]}`],
    ['globs that backtrack', 'a.json', statement(`s3:${stars}b`, `arn:aws:s3:::${stars}b`)],
    [
      'two globs that backtrack against each other',
      'a.json',
      `{"Statement":[{"Effect":"Allow","Action":["iam:*P*a*s*s*R*o*l*e*",${many}"s3:?*?*?*?*"],"Resource":["arn:*:*:*:*:${'*?'.repeat(500)}","${'?*'.repeat(500)}"]}]}`,
    ],
    [
      '5,000 resources',
      'a.json',
      `{"Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":[${'"arn:aws:s3:::a*b/*",'.repeat(5000)}"*"]}]}`,
    ],
    ['lists 5,000 deep in YAML', 'a.yaml', `Statement: ${'['.repeat(deep)}${']'.repeat(deep)}`],
    ['lists 5,000 deep in YAML that are never closed', 'a.yaml', `Statement:\n  - Action: ${'[{a: '.repeat(deep)}`],
    ['items 5,000 deep in YAML', 'a.yaml', `Statement: \n${'- '.repeat(deep)}a`],
    ['a billion laughs', 'a.yaml', laughs(9)],
    ['a billion merged laughs', 'a.yaml', laughs(9).replaceAll('- *', '- <<: *')],
    ['an anchor in itself', 'a.yaml', 'Statement: &a\n  - Effect: Allow\n    Action: "*"\n    Resource: *a\n'],
    ['tabs in YAML', 'a.yaml', 'Statement:\n\t- Effect: Allow\n\t  Action: "*"\n\t  Resource: "*"\n'],
    ['unclosed quotes in YAML', 'a.yaml', `Statement:\n${'  - Effect: "Allow\n    Action: \'*\n'.repeat(500)}`],
    ['names made of themselves', 'a.yaml', ownNames()],
    ['lists 5,000 deep in HCL', 'a.tf', `locals { a = ${'['.repeat(deep)}${']'.repeat(deep)} }`],
    ['calls 5,000 deep in HCL', 'a.tf', `resource "aws_iam_policy" "p" { policy = ${'jsonencode('.repeat(deep)}`],
    ['templates 5,000 deep in HCL', 'a.tf', `resource "aws_iam_policy" "p" { policy = ${'"${'.repeat(deep)}`],
    ['blocks 5,000 deep in HCL', 'a.tf', `data "aws_iam_policy_document" "d" {${' statement {'.repeat(deep)}`],
    [
      'operators 5,000 deep in HCL',
      'a.tf',
      `locals { a = ${'!'.repeat(deep)}true\n b = ${'1 + '.repeat(deep)}1\n c = ${'true ? '.repeat(deep)} }`,
    ],
    [
      'locals that read each other',
      'a.tf',
      'locals {\n a = local.b\n b = local.a\n}\nresource "aws_iam_policy" "p" {\n policy = local.a\n}',
    ],
    [
      'an unclosed heredoc',
      'a.tf',
      'resource "aws_iam_policy" "p" {\n policy = <<EOF\n{"Statement":[{"Effect":"Allow","Action":"*"',
    ],
  ];
}

/** Each list holds the one before it ten times. */
function laughs(levels: number): string {
  let text = 'l0: &l0 [{ Effect: Allow, Action: "s3:*", Resource: "*" }]\n';
  for (let i = 1; i <= levels; i++) text += `l${i}: &l${i}\n${`  - *l${i - 1}\n`.repeat(10)}`;
  return `${text}Statement: *l${levels}\n`;
}

/** Resources whose names are made of each other's. */
function ownNames(): string {
  const bucket = (id: string, other: string) =>
    `  ${id}: { Type: "AWS::S3::Bucket", Properties: { BucketName: !Sub "\${${other}}\${${other}.Arn}" } }\n`;
  const policy = '{ Statement: { Effect: Allow, Action: "s3:*", Resource: !GetAtt A.Arn } }';
  const role = `  P: { Type: "AWS::IAM::ManagedPolicy", Properties: { PolicyDocument: ${policy} } }\n`;
  return `Resources:\n${bucket('A', 'B')}${bucket('B', 'A')}${role}`;
}

/** A policy in a string in a string …, each with its own escapes. */
function nested(levels: number): string {
  let text = '{"Statement":[{"Effect":"Allow","Action":"s3:GetObjekt","Resource":"*"}]}';
  for (let i = 0; i < levels; i++) text = JSON.stringify({ PolicyDocument: text });
  return text;
}
