/** The HCL reader against tree-sitter's HCL grammar: the same blocks, attributes, interpolations and heredocs. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are HCL's interpolations
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { Language, type Node, Parser } from 'web-tree-sitter';
import { parseHcl } from '../server/src/hosts/terraform/hcl/parse.ts';
import type { HclFile, HclSpan } from '../server/src/hosts/terraform/hcl/syntax.ts';

const CORPUS = '../shared/corpus';
const KINDS = ['block', 'attribute', 'interpolation', 'heredoc'] as const;
type Marks = Record<(typeof KINDS)[number], readonly string[]>;

let parser: Parser;

beforeAll(async () => {
  const require = createRequire(import.meta.url);
  await Parser.init();
  const grammar = dirname(require.resolve('@tree-sitter-grammars/tree-sitter-hcl/package.json'));
  parser = new Parser();
  parser.setLanguage(await Language.load(join(grammar, 'tree-sitter-hcl.wasm')));
});

describe('tricky, valid, ours', () => {
  test.each([
    'a = "${f("${g("}")}", { b = "}" })}$${c}%%{d}"\nb = 1\n',
    'a = "${\n  x\n}y"\nb { c = "é😀${d}" }\n',
    'a = <<-EOT\n    ${x} é😀\n  EOT_\n  EOT\nb = <<EOT\n$${a} \\" "\nEOT\n',
    'a = f(<<EOT\n{ "x": "${b}" }\nEOT\n, <<-X\n  ${[for v in c : "${v}"]}\n  X\n)\nb = 1\n',
    'a = "%{ if x }${y}%{ else }z%{ endif }"\nb = <<E\n%{ for i in c ~}\n${i}\n%{ endfor ~}\nE\n',
    'locals { a = 1 }\n\n# c\nblock "x" y { // z\n  /* } */ b = [\n    1, # ]\n    2,\n  ]\n}\n',
    'a = (b\n  ? c\n  : d)\ne = [for k, v in f : k if v != null]\ng = { for k, v in f : k => v... if v }\n',
    'a = b.0.c.*.d\ne = f[*].g[0]["h"].i\nj = -k - l-m * 2.5 / !n\n',
    'a = { b = 1, "c" : 2, (d) = 3\n  e.f = 4\n  "${g}h" = {} }\ni = 1\n',
    'a = "\\"\\\\"\nb = "\\\\${c}"\nd = "$${e}${f}"\ng = "$"\nh = "%"\n',
    'a = 1\r\nb {\r\n  c = <<EOT\r\nx\r\nEOT\r\n  d = "${e}"\r\n}\r\n',
  ])('%j', (text) => {
    expect(expectedMarks(text)).toBeDefined();
    expect(marksOf(parseHcl(text))).toEqual(expectedMarks(text));
    expect(parseHcl(text).problems).toEqual([]);
  });
});

describe.skipIf(!existsSync(CORPUS))(`every .tf file of ${CORPUS} (skipped where that folder is missing)`, () => {
  test('reads as tree-sitter reads it', () => {
    const counts = { files: 0, refused: 0, block: 0, attribute: 0, interpolation: 0, heredoc: 0 };
    const different: string[] = [];
    for (const path of terraformFiles(CORPUS)) {
      const text = readFileSync(path, 'utf8');
      const file = parseHcl(text);
      counts.files++;
      const expected = expectedMarks(text);
      if (expected === undefined) {
        counts.refused++;
        continue;
      }
      const found = marksOf(file);
      for (const kind of KINDS) {
        counts[kind] += expected[kind].length;
        if (found[kind].join() !== expected[kind].join()) different.push(`${path}: ${kind}`);
      }
      if (file.problems.length > 0) different.push(`${path}: ${file.problems[0]?.message}`);
    }
    console.log('compared with tree-sitter:', counts);
    expect(different).toEqual([]);
    expect(counts.refused).toBeLessThan(counts.files / 20);
    for (const kind of KINDS) expect(counts[kind]).toBeGreaterThan(100);
  });
});

function terraformFiles(folder: string): readonly string[] {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return paths.filter((path) => path.endsWith('.tf')).map((path) => join(folder, path));
}

/**
 * What tree-sitter finds; undefined where it finds an error. It takes `$$${a}` for an interpolation, where HashiCorp's
 * own reader sees a dollar and an escaped `${`, as we do.
 */
function expectedMarks(text: string): Marks | undefined {
  const tree = parser.parse(text);
  if (tree === null || tree.rootNode.hasError) {
    tree?.delete();
    return undefined;
  }
  const starts = (type: string) => nodesOf(tree.rootNode, type).map((node) => `${node.startIndex}`);
  const ranges = (type: string) => nodesOf(tree.rootNode, type).map((node) => rangeOf(text, node));
  const marks = {
    block: starts('block').sort(),
    attribute: starts('attribute').sort(),
    interpolation: nodesOf(tree.rootNode, 'template_interpolation')
      .filter((node) => text.slice(node.startIndex - 2, node.startIndex) !== '$$')
      .map((node) => rangeOf(text, node))
      .sort(),
    heredoc: ranges('heredoc_template').sort(),
  };
  tree.delete();
  return marks;
}

function nodesOf(root: Node, type: string): readonly Node[] {
  return root.descendantsOfType(type).filter((node) => node !== null);
}

/** A node's range without blanks at its end. */
function rangeOf(text: string, node: Node): string {
  return `${node.startIndex}-${node.startIndex + text.slice(node.startIndex, node.endIndex).trimEnd().length}`;
}

function marksOf(file: HclFile): Marks {
  const marks = {
    block: [] as string[],
    attribute: [] as string[],
    interpolation: [] as string[],
    heredoc: [] as string[],
  };
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    if ('kind' in value && 'span' in value) {
      const { start, end } = value.span as HclSpan;
      if (value.kind === 'block' || (value.kind === 'attribute' && 'nameSpan' in value))
        marks[value.kind].push(`${start}`);
      if (value.kind === 'interpolation' || value.kind === 'heredoc') marks[value.kind].push(`${start}-${end}`);
    }
    for (const child of Object.values(value)) visit(child);
  };
  visit(file.body);
  for (const kind of KINDS) marks[kind].sort();
  return marks;
}
