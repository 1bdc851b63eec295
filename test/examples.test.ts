/**
 * The examples as a person works on them: over-wide policies are narrowed by clicks on the first fix of each warning, and by
 * filling in what no file can know. What comes out must be what `examples/narrowed` allows, and nothing more.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { compare } from '../server/src/access/compare.ts';
import { difference } from '../server/src/access/difference.ts';
import { type StatementTerms, termsOf } from '../server/src/access/terms.ts';
import { applyEdits } from '../server/src/finding/edit.ts';
import type { Source } from '../server/src/policy/module.ts';
import type { Policy } from '../server/src/policy/policy.ts';
import { type ProvedFix, provedFixes } from '../server/src/proof.ts';
import { atLeast } from '../server/src/rules/charge.ts';
import { analyzeAll, ROOT } from './context.ts';

/** What a person fills in, by file and placeholder; where one is asked for several times, the answers in turn. */
const ANSWERS: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  '': { REGION: ['eu-central-1'], ACCOUNT: ['111122223333'] },
  'build.json': { REPOSITORY_NAME: ['churn-inference'] },
  'deploy.json': {
    ENDPOINT_NAME: ['churn'],
    ENDPOINT_CONFIG_NAME: ['churn-*'],
    MODEL_NAME: ['churn-*'],
    ROLE_NAME: ['churn-serving'],
  },
  'github-trust.json': {
    PROVIDER: ['token.actions.githubusercontent.com'],
    OWNER: ['acme'],
    REPOSITORY: ['churn'],
    BRANCH: ['main'],
  },
  'training.json': {
    TRAINING_JOB_NAME: ['churn-*'],
    ROLE_NAME: ['churn-training-execution'],
    BUCKET_NAME: ['churn-curated', 'churn-model-artifacts'],
  },
  'terraform/main.tf': { TRAINING_JOB_NAME: ['churn-*'], SERVICE: ['sagemaker'] },
};

/** Fixes that a person prefers to the first one, by file and words of the title. */
const CHOICES: readonly (readonly [file: string, title: string])[] = [['terraform/main.tf', 'Allow one service']];

/** Actions of the statements from which `narrowed` takes more away than clicks do: by hand, roles are tied to the service, and the service to the account. */
const BY_HAND = ['iam:PassRole', 'sts:AssumeRole'];

function readExamples(folder: string): readonly Source[] {
  const path = join(ROOT, 'examples', folder);
  const names = readdirSync(path, { recursive: true, encoding: 'utf8' }).map((name) => name.replaceAll('\\', '/'));
  const files = names.filter((name) => /\.(json|tf|yaml)$/.test(name)).sort();
  return files.map((name) => ({ path: name, text: readFileSync(join(path, name), 'utf8') }));
}

/** The first fix that is offered for a warning, or the one that a person chooses there. Nobody denies what there is another way out of. */
function nextFix(sources: readonly Source[]): ProvedFix | undefined {
  const offers: ProvedFix[] = [];
  for (const module of analyzeAll(sources).modules) {
    for (const finding of module.judgement.findings) {
      const fixes = atLeast(finding.level, 'warning') ? provedFixes(module, finding) : [];
      const chosen = fixes.find(({ fix }) =>
        CHOICES.some(([file, title]) => file === finding.span.source && fix.title.startsWith(title)),
      );
      const fix = chosen ?? fixes[0];
      if (fix) offers.push(fix);
    }
  }
  return offers.find(({ fix }) => !fix.title.startsWith('Deny ')) ?? offers[0];
}

/** Makes the fix and fills in what it asks for; `asked` counts how often each has been. */
function click(sources: readonly Source[], { edits }: ProvedFix, asked: Map<string, number>): readonly Source[] {
  return sources.map(({ path, text }) => {
    const after = applyEdits(path, text, edits) ?? text;
    const filled = new Set<string>();
    const answered = after.replace(/REPLACE_ME_(\w+)/g, (whole, name: string) => {
      const answers = ANSWERS[path]?.[name] ?? ANSWERS['']?.[name];
      filled.add(`${path} ${name}`);
      return answers?.[Math.min(asked.get(`${path} ${name}`) ?? 0, answers.length - 1)] ?? whole;
    });
    for (const name of filled) asked.set(name, (asked.get(name) ?? 0) + 1);
    return { path, text: answered };
  });
}

interface Clicked {
  readonly sources: readonly Source[];
  readonly titles: readonly string[];
}

function clickThrough(): Clicked {
  let sources = readExamples('over-wide');
  const titles: string[] = [];
  const asked = new Map<string, number>();
  for (let next = nextFix(sources); next && titles.length < 60; next = nextFix(sources)) {
    titles.push(`${next.finding.span.source}: ${next.fix.title}`);
    sources = click(sources, next, asked);
  }
  return { sources, titles };
}

/** The policies of sources by file and place. */
function policiesIn(sources: readonly Source[]): ReadonlyMap<string, Policy> {
  const policies = analyzeAll(sources).modules.flatMap((module) => module.policies);
  return new Map(policies.map((policy) => [`${policy.site.span.source} ${policy.site.address}`, policy]));
}

function withoutHandwork(statements: readonly StatementTerms[]): readonly StatementTerms[] {
  return statements.filter(({ action }) => !action?.terms.every(({ pattern }) => BY_HAND.includes(pattern.text)));
}

describe('examples', () => {
  const clicked = clickThrough();
  const narrowed = readExamples('narrowed');

  test('no warning is left after clicks alone', () => {
    const left = analyzeAll(clicked.sources).findings.filter(({ level }) => atLeast(level, 'warning'));
    expect(left.map(({ rule, message }) => `${rule}: ${message}`)).toEqual([]);
    expect(analyzeAll(narrowed).findings.filter(({ level }) => atLeast(level, 'warning'))).toEqual([]);
    expect(clicked.titles.length).toBeGreaterThan(10);
    expect(clicked.titles.length).toBeLessThan(40);
  });

  test('what is left is what the narrowed examples allow', () => {
    const [is, goal] = [policiesIn(clicked.sources), policiesIn(narrowed)];
    for (const [place, policy] of is) {
      const target = goal.get(place);
      const [before, after] = [termsOf(policy), target ? termsOf(target) : []];
      expect(compare(before, after), place).toEqual({ verdict: 'no-new-access' });
      expect(compare(withoutHandwork(after), withoutHandwork(before)), place).toEqual({ verdict: 'no-new-access' });
    }
    expect(is.size).toBeGreaterThan(5);
    expect([...goal.keys()].filter((place) => !is.has(place))).toEqual(['approval.json ']);
  });

  test('clicks only ever took away, but for what was misspelt', () => {
    const [was, is] = [policiesIn(readExamples('over-wide')), policiesIn(clicked.sources)];
    const gained = [...was].flatMap(([place, policy]) => {
      const after = is.get(place);
      return difference(termsOf(policy), after ? termsOf(after) : []).gained.flatMap(({ actions }) => actions);
    });
    expect(new Set(gained)).toEqual(new Set(['s3:GetObject']));
  });
});
