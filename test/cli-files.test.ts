/** The files that the command line reads and writes beside policies: configurations, baselines, fixes, `.gitignore`. */
import { spawnSync } from 'node:child_process';
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { withoutKnown, writeBaseline } from '../server/src/cli/baseline.ts';
import { judgePath, readIgnoreRules } from '../server/src/cli/gitignore.ts';
import { walkFolder } from '../server/src/cli/walk.ts';
import { FINE, openWorkspace, placesOf, policy, runIn, WARNED, WARNED_PLACE } from './terminal.ts';

const { folderOf } = openWorkspace();

describe('configuration', () => {
  const files = { 'a/warned.json': WARNED, 'b/warned.json': WARNED };

  test('the nearest one counts', () => {
    const folder = folderOf({
      ...files,
      'leastwise.json': '{ "rules": { "unknown-action": "error" } }',
      'b/leastwise.json': '{ "rules": { "unknown-action": "off" } }',
    });
    expect(placesOf(runIn(folder, ['check', '--format', 'json']).out)).toEqual([
      'a/warned.json:4:51 error unknown-action',
    ]);
    expect(placesOf(runIn(join(folder, 'a'), ['check', '--format', 'json']).out)).toEqual([
      'warned.json:4:51 error unknown-action',
    ]);
    expect(placesOf(runIn(folder, ['check', '--format', 'json', '--config', 'b/leastwise.json', 'a']).out)).toEqual([]);
  });

  test('its mistakes are findings in it', () => {
    const folder = folderOf({
      ...files,
      'leastwise.json': '{ "rules": { "unknown-action": "off" },\n  "presets": "all" }',
    });
    const { code, out, error } = runIn(folder, ['check', '--format', 'json']);
    expect({ code, error, places: placesOf(out) }).toEqual({
      code: 1,
      error: '',
      places: ['leastwise.json:2:4 warning configuration'],
    });
    expect(runIn(folder, ['check', 'leastwise.json']).out).toContain('2 |   "presets": "all" }\n  |    ^^^^^^^');
  });

  test('one that is no JSON, or cannot be read, is exit code 2', () => {
    const folder = folderOf({ ...files, 'leastwise.json': '{ "preset": ' });
    const { code, out, error } = runIn(folder, ['check', '--format', 'json']);
    expect(code).toBe(2);
    expect(error).toMatch(/^leastwise: the configuration .*leastwise\.json:1:1 is not valid: [^\n]*\n$/);
    expect(placesOf(out)).toContain('leastwise.json:1:1 warning configuration');
    expect(runIn(folder, ['check', '--config', 'leastwise.json'])).toMatchObject({ code: 2, out: '' });
    expect(runIn(folder, ['check', '--config', 'none.json'])).toMatchObject({
      code: 2,
      out: '',
      error: expect.stringMatching(/none\.json cannot be read: no such file/),
    });
  });

  test('ignores hide, and are reported when they do not', () => {
    const ignore = (...items: object[]) => JSON.stringify({ ignore: items });
    const item = { rule: 'unknown-action', reason: 'known', file: 'a/**' };
    const folder = folderOf({
      ...files,
      'leastwise.json': ignore(item, { ...item, file: 'c/**' }, { ...item, file: 'b/**', until: '2026-11-21' }),
    });
    const whole = runIn(folder, ['check', '--format', 'json']);
    expect(placesOf(whole.out)).toEqual([
      `b/warned.json:${WARNED_PLACE}`,
      expect.stringMatching(/^leastwise\.json:.* info unused-ignore$/),
      expect.stringMatching(/^leastwise\.json:.* info unused-ignore$/),
    ]);
    expect(whole.out).toContain('ended on 2026-11-21');
    const narrowed = runIn(folder, ['check', '--format', 'json', '--preset', 'access-analyzer']);
    expect(placesOf(narrowed.out).filter((place) => place.includes('unused-ignore'))).toEqual([
      expect.stringMatching(/^leastwise\.json:1:1\d\d /),
    ]);
    const part = runIn(folder, ['check', '--format', 'json', 'b']);
    expect(placesOf(part.out)).toEqual([`b/warned.json:${WARNED_PLACE}`, expect.stringMatching(/unused-ignore$/)]);
    expect(placesOf(runIn(folder, ['check', '--format', 'json'], '', { today: '2026-11-21' }).out)).toEqual([
      expect.stringMatching(/unused-ignore$/),
    ]);
  });
});

describe('fixes and baselines', () => {
  const UNVERSIONED = FINE.replace('  "Version": "2012-10-17",\n', '');

  test('--fix writes what keeps access the same, and nothing else', () => {
    const folder = folderOf({ 'a.json': UNVERSIONED, 'b.json': WARNED });
    const { code, out } = runIn(folder, ['check', '--fix', '--format', 'json']);
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ fixed: 1 });
    expect(placesOf(out)).toEqual([`b.json:${WARNED_PLACE}`]);
    expect(JSON.parse(readFileSync(join(folder, 'a.json'), 'utf8'))).toEqual(JSON.parse(FINE));
    expect(readFileSync(join(folder, 'b.json'), 'utf8')).toBe(WARNED);
    expect(runIn(folder, ['check', '--fix', 'a.json']).out).toContain('0 fixes applied');
  });

  test('--fix-dry-run prints a diff that patch takes, and writes nothing', () => {
    const folder = folderOf({ 'a.json': UNVERSIONED });
    const { out } = runIn(folder, ['check', '--fix-dry-run', '.']);
    expect(out).toMatch(/^--- a\/a\.json\n\+\+\+ b\/a\.json\n@@ -1,\d+ \+1,\d+ @@\n/);
    expect(out).toMatch(/^\+.*"Version": "2012-10-17"/m);
    expect(readFileSync(join(folder, 'a.json'), 'utf8')).toBe(UNVERSIONED);
    expect(runIn(folder, ['check', '--fix-dry-run', '-'], UNVERSIONED).out).toContain('+++ b/stdin.json');
  });

  test('a file in another encoding stays in it', () => {
    const folder = folderOf({
      'a.json': Buffer.from(`\uFEFF${UNVERSIONED}`, 'utf16le'),
      'b.json': Buffer.concat([Buffer.from(UNVERSIONED), Buffer.from([0xff])]),
    });
    const broken = readFileSync(join(folder, 'b.json'));
    runIn(folder, ['check', '--fix']);
    expect(readFileSync(join(folder, 'a.json')).toString('utf16le')).toContain('"2012-10-17"');
    expect(readFileSync(join(folder, 'b.json')).equals(broken)).toBe(true);
  });

  test('a baseline holds back what is known wherever it moves, and no more', () => {
    const folder = folderOf({ 'sub/a.json': WARNED });
    expect(runIn(folder, ['check', '--write-baseline', 'sub/known.json', 'sub/a.json']).code).toBe(0);
    writeFileSync(join(folder, 'sub/a.json'), `\n\n${WARNED}`);
    expect(runIn(folder, ['check', '--baseline', 'sub/known.json', 'sub/a.json'])).toMatchObject({
      code: 0,
      out: expect.stringContaining('1 held back'),
    });
    expect(runIn(join(folder, 'sub'), ['check', '--baseline', 'known.json', 'a.json']).code).toBe(0);
    writeFileSync(join(folder, 'sub/a.json'), policy('s3:GetObjct", "Action": "s3:PutObjct'));
    expect(runIn(folder, ['check', '--baseline', 'sub/known.json', 'sub/a.json']).code).toBe(1);
    expect(runIn(folder, ['check', '--baseline', 'none.json'])).toMatchObject({
      code: 2,
      error: expect.stringContaining('none.json cannot be read'),
    });
    expect(runIn(folder, ['check', '--baseline', 'sub/a.json'])).toMatchObject({
      code: 2,
      error: expect.stringContaining('is not valid'),
    });
  });

  test('a baseline counts equal findings', () => {
    const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } };
    const finding = { rule: 'r', level: 'warning', message: 'm', file: 'f', range } as const;
    const naming = { nameOf: (file: string) => file, texts: new Map([['f', 'x']]) };
    const baseline = writeBaseline([finding, finding], naming);
    expect(withoutKnown([finding, finding, finding], baseline, naming)).toEqual([finding]);
    expect(withoutKnown([finding], '{}', naming)).toBeUndefined();
  });
});

describe('.gitignore', () => {
  const judge = (lines: string, path: string) =>
    judgePath(readIgnoreRules(lines), path.replace(/\/$/, '').split('/'), path.endsWith('/') ? 'folder' : 'file');

  // A path with a slash at its end is a folder.
  const TABLE: readonly (readonly [string, readonly string[], readonly string[]])[] = [
    ['a.json', ['a.json', 'x/a.json', 'a.json/'], ['b.json', 'aa.json']],
    ['/a.json', ['a.json'], ['x/a.json']],
    ['x/a.json', ['x/a.json'], ['y/x/a.json', 'a.json']],
    ['build/', ['build/', 'x/build/'], ['build', 'x/build']],
    ['*.json', ['a.json', 'x/.json'], ['a.jsonc']],
    ['x/*.json', ['x/a.json'], ['x/y/a.json']],
    ['**/logs', ['logs', 'x/y/logs/'], ['logs2']],
    ['logs/**', ['logs/a', 'logs/x/'], ['logs/', 'x/logs/a']],
    ['a/**/b', ['a/b', 'a/x/b', 'a/x/y/b'], ['ab', 'b', 'a/bb']],
    ['**/a/**', ['a/b', 'x/a/b', 'x/a/b/c'], ['x/a', 'a/']],
    ['a**b', ['ab', 'axb'], ['a/b']],
    ['?.tf', ['a.tf'], ['ab.tf', '.tf']],
    ['[a-c]x', ['ax', 'cx'], ['dx', 'x']],
    ['[!a-c]x', ['dx'], ['ax']],
    ['[]]x', [']x'], ['x']],
    ['[[:digit:]]', ['7'], ['a']],
    ['\\#a', ['#a'], ['a']],
    ['\\!a', ['!a'], ['a']],
    ['#a', [], ['#a', 'a']],
    ['a  ', ['a'], ['a  ']],
    ['a\\ ', ['a '], ['a']],
    ['a\r', ['a'], []],
    ['[a', [], ['[a', 'a']],
    ['a\\', [], ['a', 'a\\']],
    ['*a*a*a*a*a*a*a*b', ['aaaaaaaab'], ['a'.repeat(200)]],
  ];

  test.each(TABLE)('%j', (lines, ignored, others) => {
    expect(ignored.map((path) => [path, judge(lines, path)])).toEqual(ignored.map((path) => [path, 'ignored']));
    expect(others.map((path) => [path, judge(lines, path)])).toEqual(others.map((path) => [path, 'unsaid']));
  });

  test.skipIf(spawnSync('git', ['--version']).status !== 0)('git itself says the same', () => {
    const folder = folderOf({});
    spawnSync('git', ['init', '-q'], { cwd: folder });
    let asked = 0;
    for (const [lines, ignored, others] of TABLE) {
      writeFileSync(join(folder, '.gitignore'), `${lines}\n`);
      const paths = [...ignored, ...others].filter((path) => !path.endsWith('/'));
      const { stdout } = spawnSync('git', ['check-ignore', '--no-index', '--stdin', '-z'], {
        cwd: folder,
        input: paths.join('\0'),
        encoding: 'utf8',
      });
      const said = new Set(stdout.split('\0'));
      const inIgnoredFolder = (path: string) =>
        path
          .split('/')
          .some((_, index, names) => index > 0 && judge(lines, `${names.slice(0, index).join('/')}/`) === 'ignored');
      for (const path of paths)
        expect([lines, path, judge(lines, path) === 'ignored' || inIgnoredFolder(path)]).toEqual([
          lines,
          path,
          said.has(path),
        ]);
      asked += paths.length;
    }
    expect(asked).toBeGreaterThan(60);
  });

  test('the last line that matches decides', () => {
    expect([judge('*.json\n!keep.json', 'keep.json'), judge('!keep.json\n*.json', 'keep.json')]).toEqual([
      'kept',
      'ignored',
    ]);
  });

  /** The files that a walk finds, relative to the folder. */
  const walked = (folder: string, from = folder) => {
    const found: string[] = [];
    walkFolder(from, {
      wants: () => true,
      found: (path) => found.push(path.slice(folder.length + 1)),
      unreadable: () => expect.unreachable(),
    });
    return found.filter((path) => !path.endsWith('.gitignore'));
  };

  test('nested files, negation, and a folder that stays closed', () => {
    const folder = folderOf({
      '.git/HEAD': '',
      '.git/info/exclude': 'local.json\n',
      '.gitignore': '*.log.json\n/out/\n/sub/a.json\n',
      'x.log.json': '',
      'local.json': '',
      'out/kept.json': '',
      'out/.gitignore': '!kept.json\n',
      'sub/.gitignore': '!x.log.json\nb.json\n',
      'sub/x.log.json': '',
      'sub/a.json': '',
      'sub/b.json': '',
      'sub/c.json': '',
      'sub/out/d.json': '',
    });
    expect(walked(folder)).toEqual(['sub/c.json', 'sub/out/d.json', 'sub/x.log.json']);
    expect(walked(folder, join(folder, 'sub'))).toEqual(['sub/c.json', 'sub/out/d.json', 'sub/x.log.json']);
  });

  test('outside of a repository, only what lies in the walked folder', () => {
    const folder = folderOf({ '.gitignore': 'a.json', 'sub/a.json': '', 'sub/b.json': '', 'sub/.gitignore': 'b.json' });
    expect(walked(folder, join(folder, 'sub'))).toEqual(['sub/a.json']);
  });

  test('links are not followed', () => {
    const folder = folderOf({ 'sub/a.json': '' });
    symlinkSync(folder, join(folder, 'sub', 'loop'));
    expect(walked(folder)).toEqual(['sub/a.json']);
  });
});
