/** How the command line draws source lines and differences. */
import { describe, expect, test } from 'vitest';
import { unifiedDiff } from '../server/src/cli/diff.ts';
import { drawLine } from '../server/src/cli/source-line.ts';
import { wantsColor } from '../server/src/cli/terminal.ts';

describe('source lines', () => {
  const drawn = (line: string, start: number, end: number, columns = 40) => {
    const { source, mark } = drawLine(line, start, end, columns);
    return [source, mark];
  };

  test('tabs, wide letters, marks without length', () => {
    expect(drawn('\t"a"', 1, 4)).toEqual(['    "a"', '    ^^^']);
    expect(drawn('日本 = x', 5, 6)).toEqual(['日本 = x', '       ^']);
    expect(drawn('😀x', 2, 3)).toEqual(['😀x', '  ^']);
    expect(drawn('ab', 2, 2)).toEqual(['ab', '  ^']);
    expect(drawn('', 0, 0)).toEqual(['', '^']);
  });

  test('nothing steers the screen', () => {
    expect(drawn('a\u001b[31mb', 0, 1)[0]).toBe('a␛[31mb');
    expect(drawn('a\u202eb\u0085', 0, 1)[0]).toBe('a\uFFFDb\uFFFD');
  });

  test('long lines are cut around what is marked, and stay within the columns', () => {
    const line = `${'a'.repeat(500)}HERE${'b'.repeat(500)}`;
    const [source = '', mark = ''] = drawn(line, 500, 504);
    expect(source).toMatch(/^…a+HEREb+…$/);
    expect(source.slice(mark.indexOf('^'), mark.length)).toBe('HERE');
    expect(source.length).toBeLessThanOrEqual(40);
    const [long = '', marks = ''] = drawn(line, 10, 900);
    expect([long.length <= 40, marks.length <= 40, marks.trimStart().length > 10]).toEqual([true, true, true]);
    expect(drawn('x'.repeat(10_000_000), 9_999_999, 10_000_000)[1]?.length).toBeLessThanOrEqual(40);
  });

  test('colours', () => {
    const wants = (outIsScreen: boolean, environment: Record<string, string>) =>
      wantsColor({ outIsScreen, environment });
    expect([
      wants(true, {}),
      wants(false, {}),
      wants(true, { NO_COLOR: '1' }),
      wants(true, { NO_COLOR: '' }),
      wants(true, { TERM: 'dumb' }),
    ]).toEqual([true, false, false, true, false]);
    expect([
      wants(false, { FORCE_COLOR: '1' }),
      wants(true, { FORCE_COLOR: '0' }),
      wants(false, { FORCE_COLOR: '1', NO_COLOR: '1' }),
    ]).toEqual([true, false, true]);
  });
});

test('diffs', () => {
  expect(unifiedDiff('f', 'a\n', 'a\n')).toBe('');
  expect(unifiedDiff('f', 'a\nb\nc', 'a\nB\nc')).toBe(
    '--- a/f\n+++ b/f\n@@ -1,3 +1,3 @@\n a\n-b\n+B\n c\n\\ No newline at end of file\n',
  );
  expect(unifiedDiff('f', '', 'a\n')).toBe('--- a/f\n+++ b/f\n@@ -0,0 +1,1 @@\n+a\n');
  const many = Array.from({ length: 30 }, (_, index) => `${index}\n`);
  const diff = unifiedDiff('f', many.join(''), many.filter((line) => line !== '5\n' && line !== '25\n').join(''));
  expect(diff.match(/^@@.*@@$/gm)).toEqual(['@@ -3,7 +3,6 @@', '@@ -23,7 +22,6 @@']);
});
