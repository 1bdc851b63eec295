/** House rules that a machine can check: who imports whom, what the core may not touch, how a file is made up. Runs no product code. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, extname, join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseAst } from 'vitest/node';
import { ROOT } from './context.ts';

const BASE = ['text', 'value', 'finding', 'policy'];
const JUDGING = [...BASE, 'access', 'catalog', 'config', 'identities', 'rules'];
const EVERYTHING_BUT_HOSTS = [...JUDGING, 'analysis', 'proof', 'features'];

/** Whom each part of `server/src` may import, beside itself. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  text: [],
  value: ['text'],
  finding: ['text', 'value'],
  policy: ['text', 'value', 'finding'],
  access: BASE,
  catalog: BASE,
  hosts: BASE,
  config: BASE,
  identities: [...BASE, 'access', 'catalog', 'config'],
  rules: [...BASE, 'access', 'catalog', 'config', 'identities'],
  analysis: [...JUDGING, 'hosts'],
  proof: [...JUDGING, 'analysis'],
  features: [...JUDGING, 'analysis', 'proof'],
  analyzer: EVERYTHING_BUT_HOSTS,
  lsp: [...EVERYTHING_BUT_HOSTS, 'hosts'],
  cli: [...EVERYTHING_BUT_HOSTS, 'hosts'],
  api: [...EVERYTHING_BUT_HOSTS, 'hosts'],
};

/** Parts that are a bundle of their own, and who may load it: by an import that runs when somebody asks, or for its types. */
const LAZY: Readonly<Record<string, readonly string[]>> = { analyzer: ['lsp', 'cli'] };

/** Parts that stand outside of the core: they may touch files, clocks and processes. */
const FRONT = ['analyzer', 'lsp', 'cli', 'api'];

/** Packages that a part may import. Node's own modules are for the front parts only. */
const PACKAGES: Readonly<Record<string, RegExp>> = {
  hosts: /^yaml$/,
  lsp: /^(vscode-languageserver(-textdocument)?(\/node)?|node:[a-z0-9/_]+)$/,
  analyzer: /^(@aws-sdk\/[a-z-]+|@smithy\/core\/config|node:[a-z/_]+)$/,
  cli: /^node:[a-z0-9/_]+$/,
  api: /^node:[a-z/_]+$/,
  client: /^(vscode|vscode-languageclient(\/node)?)$/,
};

/** Files over the limit, and why they stay in one piece. */
const LONG: Readonly<Record<string, string>> = {
  'server/src/hosts/terraform/hcl/syntax.ts': 'one union: every kind of node that the language has',
  'server/src/policy/read.ts': 'one reader of one grammar, element by element',
  'server/src/value/json.ts': 'one recursive descent over one grammar, with all of its recovery',
  'scripts/bench.mjs': 'every figure is measured in one place',
  'scripts/update-catalog.mjs': 'one pass from the data packages to one file',
};

/** Where the core says `as`: what is read there has no type yet. */
const PARSERS: readonly string[] = ['server/src/catalog/prose.ts', 'server/src/catalog/slices.ts'];

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [field: string]: unknown;
}

interface Unit {
  readonly file: string;
  /** The folder of `server/src` or the file's own name there; `client`. */
  readonly part: string;
  readonly text: string;
  readonly tree: Node;
}

const UNITS = [...filesBelow('server/src'), ...filesBelow('client')].filter((file) => file.endsWith('.ts')).map(unitOf);
const CORE = UNITS.filter(({ part }) => part !== 'client' && !FRONT.includes(part));

function filesBelow(folder: string): readonly string[] {
  if (!existsSync(join(ROOT, folder))) return [];
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    if (entry.name === 'node_modules') return [];
    const path = `${folder}/${entry.name}`;
    return entry.isDirectory() ? filesBelow(path) : [path];
  });
}

function unitOf(file: string): Unit {
  const text = readFileSync(join(ROOT, file), 'utf8');
  const tree = asNode(parseAst(text, { lang: 'ts' }));
  if (!tree) throw new Error(`${file} has no syntax tree`);
  return { file, part: partOf(file), text, tree };
}

function partOf(file: string): string {
  if (file.startsWith('client/')) return 'client';
  const [first = ''] = file.slice('server/src/'.length).split('/');
  return basename(first, '.ts');
}

function asNode(value: unknown): Node | undefined {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
    ? (value as Node)
    : undefined;
}

/** Every node with its parent, parents first. */
function* nodesOf(node: Node, parent?: Node): Generator<readonly [node: Node, parent: Node | undefined]> {
  yield [node, parent];
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) {
      const inner = asNode(child);
      if (inner) yield* nodesOf(inner, node);
    }
  }
}

function place({ file, text }: Unit, node: Node): string {
  return `${file}:${text.slice(0, node.start).split('\n').length}`;
}

function nameOf(value: unknown): string | undefined {
  const node = asNode(value);
  return node?.type === 'Identifier' && typeof node.name === 'string' ? node.name : undefined;
}

/** What a file imports, in any form. */
function importsOf({ tree }: Unit): readonly { readonly node: Node; readonly from: string }[] {
  return [...nodesOf(tree)].flatMap(([node]) => {
    const source = asNode(node.source);
    return typeof source?.value === 'string' ? [{ node, from: source.value }] : [];
  });
}

test('every source file was seen, and belongs to a part that the table knows', () => {
  const listed = tracked().filter((file) => /^(server\/src|client)\/.*\.ts$/.test(file));
  expect(listed.length).toBeGreaterThan(20);
  const seen = UNITS.map(({ file }) => file);
  expect(listed.filter((file) => !seen.includes(file))).toEqual([]);
  const strangers = UNITS.filter(({ part }) => part !== 'client' && !(part in MAY_IMPORT));
  expect(strangers.map(({ file }) => file)).toEqual([]);
});

test('parts import only those below them, and packages only where the table says', () => {
  const broken: string[] = [];
  let seen = 0;
  for (const unit of UNITS) {
    for (const { node, from } of importsOf(unit)) {
      seen += 1;
      if (!isAllowed(unit, from, node)) broken.push(`${place(unit, node)} imports ${from}`);
    }
  }
  expect(seen).toBeGreaterThan(100);
  expect(broken).toEqual([]);
});

function isAllowed({ file, part }: Unit, from: string, node: Node): boolean {
  if (!from.startsWith('.')) return PACKAGES[part]?.test(from) ?? false;
  const target = relative(ROOT, join(ROOT, dirname(file), from)).replaceAll('\\', '/');
  if (!existsSync(join(ROOT, target))) return false;
  if (part === 'client') return target.startsWith('client/');
  if (target.startsWith('server/data/')) return target.endsWith('.json') && MAY_IMPORT[part] !== undefined;
  if (!target.startsWith('server/src/')) return part === 'cli' && target === 'package.json';
  const other = partOf(target);
  if (LAZY[other]?.includes(part))
    return target === `server/src/${other}/main.ts` && (node.type === 'ImportExpression' || node.importKind === 'type');
  return other === part || (MAY_IMPORT[part]?.includes(other) ?? false);
}

test('the core touches no file, clock, process or chance, and waits for nothing', () => {
  const forbidden = [
    'process',
    'console',
    'Date',
    'require',
    'setTimeout',
    'setInterval',
    'setImmediate',
    'globalThis',
    'performance',
    'fetch',
  ];
  const broken: string[] = [];
  for (const unit of CORE) {
    for (const [node, parent] of nodesOf(unit.tree)) {
      const name = nameOf(node) ?? '';
      if (forbidden.includes(name) && isUse(node, parent)) broken.push(`${place(unit, node)} uses ${name}`);
      if (node.type === 'AwaitExpression' || node.async === true) broken.push(`${place(unit, node)} is asynchronous`);
      if (node.type === 'ImportExpression') broken.push(`${place(unit, node)} imports while it runs`);
      if (node.type === 'MemberExpression' && nameOf(node.object) === 'Math' && nameOf(node.property) === 'random')
        broken.push(`${place(unit, node)} asks chance`);
    }
  }
  expect(CORE.length).toBeGreaterThan(20);
  expect(broken).toEqual([]);
});

/** Whether an identifier stands for a variable, not for a name of a property. */
function isUse(node: Node, parent: Node | undefined): boolean {
  if (parent?.type === 'MemberExpression' && parent.property === node) return parent.computed === true;
  if (parent?.type === 'Property' && parent.key === node) return parent.computed === true || parent.value === node;
  return !parent?.type.startsWith('TS') && !parent?.type.includes('Definition');
}

test('no any, no non-null assertion, no default export, no barrel; `as` only in parsers', () => {
  const broken: string[] = [];
  for (const unit of UNITS) {
    for (const [node] of nodesOf(unit.tree)) {
      const where = () => place(unit, node);
      if (node.type === 'TSAnyKeyword') broken.push(`${where()} any`);
      if (node.type === 'TSNonNullExpression') broken.push(`${where()} non-null assertion`);
      if (node.type === 'ExportDefaultDeclaration') broken.push(`${where()} default export`);
      if (node.type === 'ExportAllDeclaration' || (node.type === 'ExportNamedDeclaration' && node.source)) {
        if (unit.part !== 'api') broken.push(`${where()} exports what another file has`);
      }
      if (node.type === 'TSAsExpression' && CORE.includes(unit) && !PARSERS.includes(unit.file)) {
        if (!/\bas const$/.test(unit.text.slice(node.start, node.end))) broken.push(`${where()} as`);
      }
    }
  }
  expect(broken).toEqual([]);
});

test('files and exports say what they are', () => {
  const broken: string[] = [];
  let exports = 0;
  for (const unit of UNITS) {
    if (!unit.text.startsWith('/**')) broken.push(`${unit.file} opens without a doc comment`);
    const documented = new Set<string>();
    let documentedTo = -1;
    const body = Array.isArray(unit.tree.body) ? unit.tree.body : [];
    for (const node of body.flatMap((child) => asNode(child) ?? [])) {
      const declaration = asNode(node.declaration);
      if (node.type !== 'ExportNamedDeclaration' || !declaration) continue;
      exports += 1;
      const name = nameOf(declaration.id) ?? '';
      if (isDocumented(unit.text, node.start, documentedTo) || documented.has(name)) documentedTo = node.end;
      else broken.push(`${place(unit, node)} has no doc comment directly above`);
      if (name) documented.add(name);
    }
  }
  for (const file of [...filesBelow('test'), ...filesBelow('scripts')]) {
    if (!/\.(ts|mjs)$/.test(file)) continue;
    if (!/^(#!.*\n)?(\/\*\*|\/\/ )/.test(readFileSync(join(ROOT, file), 'utf8')))
      broken.push(`${file} opens without a comment`);
  }
  expect(exports).toBeGreaterThan(50);
  expect(broken).toEqual([]);
});

/** Whether a doc comment that is not the file's own stands right above, or another export of one documented run of lines. */
function isDocumented(text: string, start: number, documentedTo: number): boolean {
  const before = text.slice(0, start);
  if (documentedTo >= 0 && /^;?\n$/.test(text.slice(documentedTo, start))) return true;
  return /\*\/\s?$/.test(before) && before.lastIndexOf('/**') > 0;
}

test('files have up to 300 lines, tests up to 500, but for those that say why', () => {
  const lines = (file: string) => readFileSync(join(ROOT, file), 'utf8').trimEnd().split('\n').length;
  const files = ['server/src', 'client', 'test', 'scripts'].flatMap(filesBelow);
  const long = files.filter((file) => /\.(ts|mjs)$/.test(file) && lines(file) > (file.startsWith('test/') ? 500 : 300));
  expect(long.filter((file) => !(file in LONG))).toEqual([]);
  const short = Object.keys(LONG).filter((file) => existsSync(join(ROOT, file)) && !long.includes(file));
  expect(short, 'files that are short enough by now').toEqual([]);
});

describe('what is handed on', () => {
  test('no folder is a drawer for odds and ends', () => {
    const drawers = /(^|\/)(utils?|helpers?|common|services|managers|types|shared|misc|lib)\//;
    expect(tracked().filter((file) => drawers.test(file))).toEqual([]);
  });

  test('no file names a folder of one machine or the host of a registry', () => {
    const machine = new RegExp(
      `(^|[\\s"'\`(=:])(/${['work', 'root', 'home', 'Users'].join('/|/')}/)[\\w.-]+|[A-Z]:\\\\Users`,
      'm',
    );
    const registry = new RegExp(
      `${['registry', 'artifactory', 'nexus'].map((word) => `${word}\\.[\\w-]+\\.\\w`).join('|')}|https?://[^/\\s]*:\\d{4}/(npm|repository)`,
    );
    const broken: string[] = [];
    let read = 0;
    for (const file of tracked()) {
      if (/\.(bin|png|vsix|wasm|ico)$/.test(extname(file)) || !existsSync(join(ROOT, file))) continue;
      read += 1;
      const text = readFileSync(join(ROOT, file), 'utf8');
      for (const pattern of [machine, registry]) {
        const found = pattern.exec(text);
        if (found) broken.push(`${file}:${text.slice(0, found.index + 1).split('\n').length} ${found[0].trim()}`);
      }
    }
    expect(read).toBeGreaterThan(50);
    expect(broken).toEqual([]);
  });

  test('generating again would change nothing', () => {
    const { status, stderr } = spawnSync(process.execPath, ['scripts/generate.mjs', '--check'], {
      cwd: ROOT,
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    expect(status).toBe(0);
  });
});

let listed: readonly string[] | undefined;

/** The files of the project: those that git follows, and new ones that it does not ignore; all sources where there is no git. */
function tracked(): readonly string[] {
  listed ??= gitFiles() ?? ['server', 'client', 'test', 'scripts', 'docs', 'syntaxes', 'examples'].flatMap(filesBelow);
  return listed;
}

function gitFiles(): readonly string[] | undefined {
  try {
    const flags = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
    return execFileSync('git', flags, { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
      .split('\0')
      .filter(Boolean);
  } catch {
    return undefined;
  }
}
