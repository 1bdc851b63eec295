/** Runs every page, and holds rules, registry and pages together. `npm test -- --update` mends blocks that stand. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { RULES } from '../server/src/rules/index.ts';
import { ROOT } from './context.ts';
import { readPage } from './page-format.ts';
import { caseOf, mendPage, runCase, runPage } from './pages.ts';

const RULE_PAGES = join(ROOT, 'docs/rules');
const OTHER_PAGES = join(ROOT, 'test/pages');
const UPDATE = process.env.UPDATE_PAGES === '1';

/** Rules without an example in HCL, and why. */
const NO_HCL: Readonly<Record<string, string>> = {};

/** Rules without an example in JSON, and why. */
const NO_JSON: Readonly<Record<string, string>> = { 'octal-number': 'no number of JSON begins with a zero' };

function pagesIn(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).filter((name) => name.endsWith('.md') && name !== 'README.md');
}

function run(file: string, rule: string | undefined): void {
  const markdown = readFileSync(file, 'utf8');
  const complaints = [...runPage(markdown, rule)];
  const open = UPDATE ? complaints.filter((complaint) => !complaint.mend) : complaints;
  if (UPDATE && open.length < complaints.length) writeFileSync(file, mendPage(markdown, complaints));
  const said = open.map(({ line, message }) => `${basename(file)}:${line} ${message}`);
  expect(said.join('\n\n'), `${file} (npm test -- --update mends blocks that stand)`).toBe('');
}

describe('rules and their pages', () => {
  test('rules, registry and pages are the same set', () => {
    const ids = RULES.map((rule) => rule.id);
    expect(ids, 'the registry is in alphabetical order and names no id twice').toEqual([...new Set(ids)].sort());
    expect(
      pagesIn(RULE_PAGES)
        .map((name) => basename(name, '.md'))
        .sort(),
    ).toEqual(ids);
    const files = readdirSync(join(ROOT, 'server/src/rules'))
      .filter((name) => name.endsWith('.ts'))
      .map((name) => basename(name, '.ts'));
    for (const id of ids) {
      expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/);
      expect(files, `server/src/rules/${id}.ts`).toContain(id);
    }
    const index = readFileSync(join(ROOT, 'server/src/rules/index.ts'), 'utf8');
    const unregistered = files.filter((name) => exportsRule(name) && !index.includes(`'./${name}.ts'`));
    expect(unregistered, 'rule files that index.ts does not name').toEqual([]);
  });

  test('what implies names are rules', () => {
    const ids = new Set(RULES.map((rule) => rule.id));
    for (const rule of RULES)
      for (const id of rule.implies ?? []) expect(ids, `${rule.id} implies ${id}`).toContain(id);
  });
});

function exportsRule(name: string): boolean {
  return /:\s*(Statement|Document|Reported)?Rule = \{/.test(
    readFileSync(join(ROOT, `server/src/rules/${name}.ts`), 'utf8'),
  );
}

describe.each(RULES.map((rule) => ({ id: rule.id, rule })))('$id', ({ id, rule }) => {
  const file = join(RULE_PAGES, `${id}.md`);
  const page = () => readPage(readFileSync(file, 'utf8'));

  test(`${id}: examples`, () => run(file, id));

  test(`${id}: form`, () => {
    const { title, summary, levelLine, why, headings, examples } = page();
    expect(title).toBe(id);
    expect(summary).toBe(rule.summary);
    expect(levelLine, 'the line that npm run generate writes').toMatch(/^Level: \*\*/);
    expect(why.length, 'prose that says why').toBeGreaterThan(60);
    expect(headings).toEqual(['Flags', 'Leaves alone', 'When to ignore it']);
    const languages = examples.filter(({ section }) => section === 'flags').map(({ fences }) => fences[0].language);
    if (!NO_JSON[id]) expect(languages).toContain('json');
    if (rule.on === 'statement' && !NO_HCL[id]) expect(languages, 'an example in HCL').toContain('hcl');
    if (rule.on !== 'report') {
      expect(
        examples.some(({ section }) => section === 'leaves alone'),
        'an example that is left alone',
      ).toBe(true);
    }
  });

  test(`${id}: messages and fixes`, () => {
    let fixes = 0;
    let seen = 0;
    for (const example of page().examples) {
      for (const finding of runCase(caseOf(example.fences)).findings) {
        if (finding.rule !== id) continue;
        seen += 1;
        for (const clause of [finding.message, ...finding.related.map((other) => other.message)]) checkClause(clause);
        const offered = finding.fixes?.() ?? [];
        fixes += offered.length;
        expect(offered.filter((fix) => fix.preferred).length, 'preferred fixes of one finding').toBeLessThanOrEqual(1);
        for (const { title } of offered) {
          expect(title, 'a fix title is a verb phrase').toMatch(/^[A-Z][a-z]+ [^.]*[^.\s](\.\S[^.]*)*$/);
        }
        if (finding.accessAnalyzer) expect(rule.accessAnalyzer ?? []).toContain(finding.accessAnalyzer);
      }
    }
    expect(seen).toBeGreaterThan(0);
    if (fixes > 0) expect(page().examples.flatMap(({ fixed }) => fixed).length, 'a fixed block').toBeGreaterThan(0);
  });
});

function checkClause(clause: string): void {
  const plain = clause.replace(/`[^`]*`/g, '``');
  expect(plain, clause).not.toMatch(/`{3}|[^`]`[^`]|"/);
  expect(plain, `${clause}: no final stop`).not.toMatch(/[.!]$/);
  expect(plain, `${clause}: one clause`).not.toMatch(/[.!?;] [A-Z]|\n/);
  expect(plain, `${clause}: says what is, not what ought to be`).not.toMatch(/\bshould\b|\bplease\b/i);
}

test('no page is content with an emptied check', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/mutants.mjs', '--check'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  const emptied = RULES.filter((rule) => rule.on !== 'report').length;
  expect(stdout).toMatch(new RegExp(`^${emptied} mutants, ${emptied} noticed .* 0 survive\n$`));
  expect(status).toBe(0);
});

describe('behaviour', () => {
  const names = pagesIn(OTHER_PAGES);
  test.each(names)('%s', (name) => {
    expect(readPage(readFileSync(join(OTHER_PAGES, name), 'utf8')).examples.length).toBeGreaterThan(0);
    run(join(OTHER_PAGES, name), undefined);
  });
  test('there are pages', () => expect(names.length).toBeGreaterThan(0));
});
