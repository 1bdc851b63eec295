/** docs/aws.md: the policies that it tells people to use are ones that our own rules have nothing against. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from './context.ts';
import { openWorkspace, runIn } from './terminal.ts';

const { folderOf } = openWorkspace();
const PAGE = readFileSync(join(ROOT, 'docs', 'aws.md'), 'utf8');
const POLICIES = [...PAGE.matchAll(/^```json\n([\s\S]*?)^```$/gm)].map(([, text = '']) => text);

test('every policy of the page is checked, and nothing is found', () => {
  expect(POLICIES.length).toBeGreaterThanOrEqual(2);
  const folder = folderOf(Object.fromEntries(POLICIES.map((text, n) => [`policy-${n}.json`, text])));
  const { out, error, code } = runIn(folder, ['check', '--preset', 'all', '--level', 'info', '.']);
  expect(out).toBe(`No findings in ${POLICIES.length} policies (${POLICIES.length} files).\n`);
  expect(error).toBe('');
  expect(code).toBe(0);
});
