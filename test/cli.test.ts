/** The command line: what it reads, prints and ends with. Most tests run the commands in a terminal of their own; a few run the bundle. */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { beforeAll, describe, expect, test } from 'vitest';
import { RULES } from '../server/src/rules/index.ts';
import { ROOT } from './context.ts';
import { FINE, openWorkspace, placesOf, runIn, WARNED, WARNED_PLACE, WRONG } from './terminal.ts';

const { root: FOLDER, folderOf } = openWorkspace();

describe('arguments', () => {
  test.each([
    [[], 'a command is missing'],
    [['chek'], 'there is no command `chek`; did you mean `check`?'],
    [['policy.json'], 'there is no command `policy.json`; did you mean `leastwise check policy.json`?'],
    [
      ['nonsense'],
      'there is no command `nonsense`; the commands are check, compare, can, narrow, validate, generate, explain, rules, lsp',
    ],
    [['--verison'], 'there is no flag `--verison`; did you mean `--version`?'],
    [['check', '--formt', 'json'], 'there is no flag `--formt`; did you mean `--format`?'],
    [['check', '-f'], 'there is no flag `-f`'],
    [
      ['check', '--format', 'jsn'],
      '`jsn` is no value of `--format`, which takes `text`, `json`, `sarif` or `github`; did you mean `json`?',
    ],
    [['check', '--format'], '`--format` needs a value: FORMAT'],
    [['check', '--config', '--fix'], '`--config` needs a value: FILE'],
    [['check', '--fix=yes'], '`--fix` takes no value'],
    [['check', '--level', 'info', '--level', 'error'], '`--level` is given twice'],
    [['check', '--policy-type', 'role'], '`role` is no value of `--policy-type`'],
    [['check', '--fix', '--fix-dry-run'], '`--fix` and `--fix-dry-run` exclude each other'],
    [['check', '--fix', '-'], '`--fix` cannot write to standard input'],
    [['check', '--fix-dry-run', '--format', 'json'], '`--fix-dry-run` prints a diff, not json'],
    [['check', '--fixes'], '`--fixes` needs `--format json`'],
    [['check', '--stdin-filename', 'a.json'], '`--stdin-filename` names what `-` reads'],
    [['check', '--files-from', '-', '-'], 'standard input cannot be both'],
    [['explain'], '`leastwise explain` needs RULE'],
    [['explain', 'a', 'b'], '`b` is one argument too many for `leastwise explain`'],
    [['explain', 'unknwn-action'], 'there is no rule `unknwn-action`; did you mean `unknown-action`?'],
    [
      ['explain', 'wildcard'],
      'did you mean `wildcard-action`, `wildcard-in-account-or-region`, `wildcard-principal`, `wildcard-service`?',
    ],
    [['help', 'chek'], 'there is no command `chek`'],
    [['lsp'], '`leastwise lsp` needs `--stdio`'],
  ])('%j fails with exit code 2 and one line', (args, message) => {
    const { code, out, error } = runIn(FOLDER, args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(error).toContain(message);
    expect(error).toMatch(/^leastwise: [^\n]+\n$/);
  });

  test('help and version', () => {
    const general = runIn(FOLDER, ['--help']);
    expect(general).toMatchObject({ code: 0, error: '' });
    for (const command of ['check', 'compare', 'can', 'validate', 'generate', 'explain', 'rules', 'lsp']) {
      expect(general.out).toContain(`\n  ${command}`);
      expect(runIn(FOLDER, [command, '--help'])).toMatchObject({ code: 0, error: '' });
      expect(runIn(FOLDER, ['help', command]).out).toBe(runIn(FOLDER, [command, '-h']).out);
    }
    expect(runIn(FOLDER, ['check', '--help']).out).toContain('--policy-type KIND');
    expect(runIn(FOLDER, ['--version']).out).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  test('the manual names every flag and no other', () => {
    const manual = readFileSync(join(ROOT, 'docs/command-line.md'), 'utf8');
    const flags = new Set(
      ['check', 'compare', 'can', 'narrow', 'validate', 'generate', 'rules', 'lsp'].flatMap(
        (name) => runIn(FOLDER, [name, '--help']).out.match(/--[a-z-]+/g) ?? [],
      ),
    );
    flags.delete('--help');
    expect(flags.size).toBeGreaterThan(10);
    const own = manual.replace(/^(aws|git) .*\|/gm, '');
    const named = new Set(own.match(/(?<=[\s`])--[a-z][a-z-]*/g));
    expect([...flags].filter((flag) => !named.has(flag))).toEqual([]);
    expect([...named].filter((flag) => !flags.has(flag) && flag !== '--help' && flag !== '--version')).toEqual([]);
  });
});

describe('the rules', () => {
  test('are listed', () => {
    const { code, out } = runIn(FOLDER, ['rules']);
    expect(code).toBe(0);
    expect(
      out
        .trimEnd()
        .split('\n')
        .map((line) => line.split(' ')[0]),
    ).toEqual(RULES.map((rule) => rule.id));
    const listed = JSON.parse(runIn(FOLDER, ['rules', '--format', 'json']).out) as { id: string; summary: string }[];
    expect(listed.map(({ id, summary }) => [id, summary])).toEqual(RULES.map(({ id, summary }) => [id, summary]));
  });

  test('are explained by their pages', () => {
    for (const { id } of RULES) {
      const { code, out } = runIn(FOLDER, ['explain', id]);
      expect(code).toBe(0);
      const page = join(ROOT, 'docs', 'rules', `${id}.md`);
      if (existsSync(page)) expect(out).toBe(readFileSync(page, 'utf8'));
      else expect(out).toContain(id);
    }
  });
});

describe('check', () => {
  const folder = folderOf({
    'fine.json': FINE,
    'sub/warned.json': WARNED,
    'sub/deep/wrong.json': WRONG,
    'package.json': '{ "name": "x" }',
    'notes.md': WARNED,
    'node_modules/a/warned.json': WARNED,
    '.terraform/warned.json': WARNED,
    'cdk.out/warned.json': WARNED,
    '.git/warned.json': WARNED,
  });

  test('walks folders, and leaves out what is not asked for', () => {
    const { code, out, error } = runIn(folder, ['check', '--format', 'json']);
    expect({ code, error }).toEqual({ code: 1, error: '' });
    expect(placesOf(out)).toEqual(['sub/deep/wrong.json:4:32 error invalid-effect', `sub/warned.json:${WARNED_PLACE}`]);
    expect(JSON.parse(out)).toMatchObject({
      version: 1,
      tool: { name: 'leastwise', catalog: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) },
      filesRead: 4,
      files: 3,
      policies: 3,
      durationMs: 0,
    });
  });

  test('JSON has the shape of the contract, without nulls', () => {
    const { out } = runIn(folder, ['check', '--format', 'json', '--fixes', 'sub/warned.json']);
    const [finding] = (JSON.parse(out) as { findings: object[] }).findings;
    expect(finding).toMatchObject({
      rule: 'unknown-action',
      level: 'warning',
      message: expect.stringContaining('`s3:GetObjct`'),
      file: 'sub/warned.json',
      policyKind: 'identity',
      statement: { index: 0, sid: 'One' },
      range: { start: { line: 3, character: 50 }, end: { line: 3, character: 61 } },
    });
    const start = { line: 3, character: expect.any(Number) };
    expect(finding).toHaveProperty('fixes');
    expect((finding as { fixes: object[] }).fixes[0]).toEqual({
      title: expect.any(String),
      safety: 'changes',
      edits: [{ file: 'sub/warned.json', range: { start, end: start }, newText: expect.any(String) }],
    });
    expect(out).not.toContain('null');
    expect(runIn(folder, ['check', '--format', 'json', 'sub/warned.json']).out).not.toContain('"fixes"');
  });

  test('the level decides the exit code, not what is shown', () => {
    const codes = (level: string, file: string) => runIn(folder, ['check', '--level', level, file]).code;
    expect([
      codes('error', 'sub/warned.json'),
      codes('warning', 'sub/warned.json'),
      codes('error', 'sub/deep/wrong.json'),
      codes('info', 'fine.json'),
    ]).toEqual([0, 1, 1, 0]);
    expect(runIn(folder, ['check', '--level', 'error', 'sub/warned.json']).out).toContain('unknown-action');
  });

  test('text shows the line and marks the words', () => {
    const { out } = runIn(folder, ['check', 'sub/warned.json']);
    const [head, line, mark, ...rest] = out.split('\n');
    expect(head).toMatch(/^sub\/warned\.json:4:51 warning unknown-action `s3:GetObjct` /);
    expect(line).toBe(
      '4 |     { "Sid": "One", "Effect": "Allow", "Action": "s3:GetObjct", "Resource": "arn:aws:s3:::b/*" }',
    );
    expect(mark).toBe(`  | ${' '.repeat(50)}${'^'.repeat(11)}`);
    expect(rest.slice(-2)).toEqual(['1 warning in 1 policy (1 file).', '']);
    expect(runIn(folder, ['check', 'fine.json']).out).toBe('No findings in 1 policy (1 file).\n');
    expect(runIn(folder, ['check', 'sub/warned.json'], '', { environment: { FORCE_COLOR: '1' } }).out).toContain(
      '\u001b[33mwarning\u001b[0m',
    );
  });

  test('paths are relative inside of the working folder and absolute outside, each file once', () => {
    const inside = join(folder, 'sub');
    const { out } = runIn(inside, ['check', '--format', 'json', '.', 'warned.json', './deep/../warned.json', '../sub']);
    expect(placesOf(out)).toEqual(['deep/wrong.json:4:32 error invalid-effect', `warned.json:${WARNED_PLACE}`]);
    expect(placesOf(runIn(join(inside, 'deep'), ['check', '--format', 'json', '../warned.json']).out)).toEqual([
      `${inside}/warned.json:${WARNED_PLACE}`,
    ]);
  });

  test('what cannot be read is told in one line, and the rest is checked', () => {
    const { code, out, error } = runIn(folder, [
      'check',
      '--format',
      'json',
      'nowhere.json',
      'sub/warned.json',
      'fine.json/x',
    ]);
    expect(code).toBe(2);
    expect(error.split('\n')).toEqual([
      'leastwise: nowhere.json cannot be read: no such file or folder',
      'leastwise: fine.json/x cannot be read: a part of the path is no folder',
      '',
    ]);
    expect(placesOf(out)).toEqual([`sub/warned.json:${WARNED_PLACE}`]);
  });

  test('a named file without a policy is told of, a found one is not', () => {
    const named = runIn(folder, ['check', 'package.json']);
    expect(named).toEqual({
      code: 0,
      out: 'No findings: no policy in 1 file.\n',
      error: 'leastwise: package.json holds no policy\n',
    });
    expect(runIn(folder, ['check', '--files-from', '-'], 'package.json\r\n\nfine.json\n')).toEqual({
      code: 0,
      out: 'No findings in 1 policy (1 file).\n',
      error: '',
    });
    const foreign = folderOf({ policy: WARNED, 'notes.md': `See ${WARNED}` });
    expect(placesOf(runIn(foreign, ['check', '--format', 'json', 'policy']).out)).toEqual([`policy:${WARNED_PLACE}`]);
    expect(runIn(foreign, ['check', 'notes.md'])).toMatchObject({
      code: 0,
      error: 'leastwise: notes.md holds no policy\n',
    });
    expect(runIn(foreign, ['check', '.'])).toMatchObject({ code: 0, out: 'No findings: no policy in 0 files.\n' });
  });

  test('a list of files may come from a file, with folders and NUL between names', () => {
    writeFileSync(join(FOLDER, 'list'), 'sub\0fine.json\0');
    expect(
      placesOf(runIn(folder, ['check', '--format', 'json', '--files-from', join(FOLDER, 'list')]).out),
    ).toHaveLength(2);
    expect(runIn(folder, ['check', '--files-from', 'no-list'])).toMatchObject({
      code: 2,
      error: 'leastwise: the list no-list cannot be read: no such file or folder\n',
    });
    expect(runIn(folder, ['check', '--files-from', '-'], 'gone.json')).toMatchObject({ code: 2 });
  });

  test('standard input, with and without a name', () => {
    expect(placesOf(runIn(folder, ['check', '--format', 'json', '-'], WARNED).out)).toEqual([
      `stdin.json:${WARNED_PLACE}`,
    ]);
    expect(
      placesOf(runIn(folder, ['check', '--format', 'json', '--stdin-filename', 'a/b.json', '-'], WARNED).out),
    ).toEqual([`a/b.json:${WARNED_PLACE}`]);
    expect(runIn(folder, ['check', '-'], '')).toMatchObject({
      code: 0,
      error: 'leastwise: stdin.json holds no policy\n',
    });
  });

  test('a kind makes a policy of every JSON file', () => {
    expect(runIn(folder, ['check', '--format', 'json', '--policy-type', 'scp', 'package.json']).out).toContain(
      '"policies":1',
    );
    const { out } = runIn(folder, ['check', '--format', 'json', '--policy-type', 'boundary', 'sub/warned.json']);
    expect(JSON.parse(out)).toMatchObject({ findings: [{ policyKind: 'boundary' }] });
  });

  test('preset access-analyzer keeps to what it finds too', () => {
    const { out } = runIn(folder, ['check', '--format', 'json', '--preset', 'access-analyzer', '.']);
    const { findings } = JSON.parse(out) as { findings: { accessAnalyzer?: string }[] };
    expect(findings.length).toBeGreaterThan(0);
    expect(findings.filter((finding) => !finding.accessAnalyzer)).toEqual([]);
  });

  test('bytes that are no text, other encodings, large files', () => {
    const odd = folderOf({
      'binary.json': Buffer.from([0, 1, 2, 255, 0]),
      'empty.json': '',
      'bom.json': `\uFEFF${WARNED}`,
      'utf16.json': Buffer.from(`\uFEFF${WARNED}`, 'utf16le'),
      'crlf.json': WARNED.replaceAll('\n', '\r\n'),
      'large.json': `[${'"x",'.repeat(300_000)}0]`,
      'cut.json': WARNED.slice(0, 90),
    });
    const { code, out, error } = runIn(odd, ['check', '--format', 'json']);
    expect({ code, error }).toEqual({ code: 1, error: '' });
    expect(placesOf(out).filter((place) => place.includes('unknown-action'))).toEqual(
      ['bom', 'crlf', 'utf16'].map((name) => `${name}.json:${WARNED_PLACE}`),
    );
    expect(JSON.parse(out)).toMatchObject({ filesRead: 7 });
    expect(runIn(odd, ['check', 'binary.json'])).toMatchObject({
      code: 0,
      error: 'leastwise: binary.json holds no policy\n',
    });
  });

  test('the files of a Terraform folder are read together, and those asked for are reported', () => {
    const document = (name: string, action: string) =>
      `data "aws_iam_policy_document" "${name}" {\n  statement {\n    actions   = ["${action}"]\n    resources = ["arn:aws:s3:::b/*"]\n  }\n}\n`;
    const module = folderOf({
      'a.tf': document('a', 's3:GetObjct'),
      'b.tf': document('b', 's3:PutObjct'),
      'sub/c.tf': document('c', 's3:GetObjct'),
    });
    const places = (...paths: string[]) => placesOf(runIn(module, ['check', '--format', 'json', ...paths]).out);
    expect(places('a.tf')).toEqual(['a.tf:3:19 warning unknown-action']);
    expect(places()).toEqual([
      'a.tf:3:19 warning unknown-action',
      'b.tf:3:19 warning unknown-action',
      'sub/c.tf:3:19 warning unknown-action',
    ]);
    expect(JSON.parse(runIn(module, ['check', '--format', 'json', 'a.tf']).out)).toMatchObject({
      filesRead: 1,
      files: 1,
      policies: 1,
    });
    writeFileSync(
      join(module, 'b.tf'),
      `# leastwise-ignore unknown-action: comes next year\n${document('b', 's3:PutObjct')}# leastwise-ignore full-access: none\n`,
    );
    expect(places('b.tf')).toEqual(['b.tf:8:1 info unused-ignore']);
  });

  test('stats go to standard error', () => {
    const { out, error } = runIn(folder, ['check', '--format', 'json', '--stats']);
    expect(JSON.parse(out)).toHaveProperty('findings');
    expect(error).toMatch(/files read +4\n/);
    expect(error).toMatch(/catalog +[1-9]\d* reads/);
    expect(error).toMatch(/unknown-action +1\n/);
  });

  test('SARIF and GitHub annotations', () => {
    const sarif = JSON.parse(runIn(folder, ['check', '--format', 'sarif', 'sub']).out);
    const [{ tool, results }] = sarif.runs;
    expect(tool.driver.rules.map((rule: { id: string }) => rule.id)).toEqual(RULES.map((rule) => rule.id));
    expect(results).toHaveLength(2);
    expect(results[1]).toMatchObject({
      ruleId: 'unknown-action',
      level: 'warning',
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: 'sub/warned.json' },
            region: { startLine: 4, startColumn: 51, endLine: 4, endColumn: 62 },
          },
        },
      ],
    });
    expect(results[1].ruleIndex).toBe(RULES.findIndex((rule) => rule.id === 'unknown-action'));
    const github = runIn(folder, ['check', '--format', 'github', 'sub/warned.json']).out;
    expect(github).toMatch(
      /^::warning file=sub\/warned\.json,line=4,endLine=4,col=51,endColumn=61,title=unknown-action::`s3:GetObjct`[^\n]*\n$/,
    );
  });
});

describe('the bundle', () => {
  const dist = join(FOLDER, 'package', 'dist');
  const cli = (args: readonly string[], input = '') => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(dist, 'cli.js'), ...args], {
      cwd: FOLDER,
      input,
      encoding: 'utf8',
    });
    return { status, stdout, stderr };
  };

  beforeAll(async () => {
    await build({
      absWorkingDir: ROOT,
      entryPoints: { cli: 'server/src/cli/main.ts' },
      outdir: dist,
      bundle: true,
      platform: 'node',
      target: 'node20',
      format: 'cjs',
      mainFields: ['module', 'main'],
      logLevel: 'error',
    });
    cpSync(join(ROOT, 'package.json'), join(FOLDER, 'package', 'package.json'));
    mkdirSync(join(dist, 'data'));
    cpSync(join(ROOT, 'server', 'data', 'catalog.bin'), join(dist, 'data', 'catalog.bin'));
  });

  test('ends with the codes of the contract, results on standard output only', () => {
    const good = cli(['check', '-'], FINE);
    expect(good).toEqual({ status: 0, stdout: 'No findings in 1 policy (1 file).\n', stderr: '' });
    const bad = cli(['check', '--format', 'json', '-'], WARNED);
    expect({ status: bad.status, stderr: bad.stderr, places: placesOf(bad.stdout) }).toEqual({
      status: 1,
      stderr: '',
      places: [`stdin.json:${WARNED_PLACE}`],
    });
    expect(cli(['check', 'no-such-file'])).toMatchObject({
      status: 2,
      stderr: 'leastwise: no-such-file cannot be read: no such file or folder\n',
    });
    expect(cli(['check', '--nonsense'])).toMatchObject({ status: 2, stdout: '' });
    expect(cli(['--version']).stdout).toBe(`${JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).version}\n`);
  });

  test('says in one line when a part of it is missing', () => {
    expect(cli(['lsp', '--stdio'])).toMatchObject({
      status: 2,
      stdout: '',
      stderr: expect.stringMatching(/^leastwise: the language server is missing: [^\n]*\n$/),
    });
    rmSync(join(dist, 'data', 'catalog.bin'));
    expect(cli(['check', '-'], WARNED)).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/^leastwise: internal error[^\n]*catalog is missing/),
    });
  });

  test('hands the process to the language server', () => {
    writeFileSync(join(dist, 'server.js'), 'console.log(`server ${process.argv.includes("--stdio")}`)');
    expect(cli(['lsp', '--stdio'])).toEqual({ status: 0, stdout: 'server true\n', stderr: '' });
  });
});
