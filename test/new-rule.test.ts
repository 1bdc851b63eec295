/** What `npm run new-rule` makes fits the registry and compiles. Works on a copy of the few files that it touches. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { parseAst } from 'vitest/node';
import { ROOT } from './context.ts';
import { readPage } from './page-format.ts';

const folder = mkdtempSync(join(tmpdir(), 'leastwise-new-rule-'));
const registry = join(folder, 'server/src/rules/index.ts');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function newRule(id: string) {
  return spawnSync(process.execPath, ['scripts/new-rule.mjs', id], { cwd: folder, encoding: 'utf8' });
}

test('a rule, its page and its line in the registry', () => {
  for (const path of ['scripts', 'server/src/rules/index.ts'])
    cpSync(join(ROOT, path), join(folder, path), { recursive: true });
  mkdirSync(join(folder, 'docs/rules'), { recursive: true });
  const before = namesOf(readFileSync(registry, 'utf8'));
  for (const id of ['aaa-first', 'missing-thing', 'zzz-last']) expect(newRule(id).stderr).toBe('');
  const after = namesOf(readFileSync(registry, 'utf8'));
  expect(after).toEqual([...before, 'aaaFirst', 'missingThing', 'zzzLast'].sort());
  const imports = [...readFileSync(registry, 'utf8').matchAll(/^import \{ (\w+) \}/gm)].map((match) => match[1]);
  expect(imports.sort()).toEqual(after);
  const rule = readFileSync(join(folder, 'server/src/rules/missing-thing.ts'), 'utf8');
  expect(() => parseAst(rule, { lang: 'ts' })).not.toThrow();
  const page = readPage(readFileSync(join(folder, 'docs/rules/missing-thing.md'), 'utf8'));
  expect(page.complaints).toEqual([]);
  expect(page.headings).toEqual(['Flags', 'Leaves alone', 'When to ignore it']);
  expect(page.examples.map((example) => example.fences[0].language)).toEqual(['json', 'hcl', 'json']);
});

test('nothing is overwritten, and an id is checked', () => {
  expect(newRule('missing-thing')).toMatchObject({ status: 2, stderr: expect.stringContaining('is there already') });
  expect(newRule('MissingThing')).toMatchObject({ status: 2, stderr: expect.stringContaining('kebab-case') });
  expect(newRule('')).toMatchObject({ status: 2 });
});

/** The names in the list of rules, in order. */
function namesOf(text: string): readonly string[] {
  const list = /RULES: readonly Rule\[\] = \[([^\]]*)\]/.exec(text)?.[1] ?? '';
  return list
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean);
}
