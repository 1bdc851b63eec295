/** The YAML reader against the documents of the package `yaml`: the same nodes of the same kinds at the same places. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are marks of templates
import { describe, expect, test } from 'vitest';
import { isAlias, isMap, isScalar, isSeq, type Node, parseAllDocuments, visit } from 'yaml';
import { readYaml } from '../server/src/hosts/cloudformation/yaml/read.ts';
import { type Value, walkValue } from '../server/src/value/value.ts';
import { hasMaterial, materialFiles } from './laws/examples.ts';

type Kind = 'map' | 'list' | 'scalar';

/** Nodes as `kind start-end`. */
type Marks = ReadonlySet<string>;

interface Compared {
  readonly expected: Marks;
  readonly ours: Marks;
}

/** What the package finds; undefined where it finds an error. Aliases and `<<` have no node of their own with us. */
function expectedMarks(content: string): Marks | undefined {
  const marks = new Set<string>();
  const documents = parseAllDocuments(content, { logLevel: 'silent', uniqueKeys: false });
  if (!Array.isArray(documents) || documents.some(({ errors }) => errors.length > 0)) return undefined;
  for (const document of documents)
    visit(document, {
      Node: (_key, node) => {
        const merges = isScalar(node) && node.source === '<<';
        const mark = isAlias(node) || merges ? undefined : markOf(node, content);
        if (mark !== undefined) marks.add(mark);
      },
    });
  return marks;
}

/** The node without what trails it; undefined for what stands nowhere: a value that is not there. */
function markOf(node: Node, content: string): string | undefined {
  const kind: Kind | undefined = isMap(node) ? 'map' : isSeq(node) ? 'list' : isScalar(node) ? 'scalar' : undefined;
  const [start, end] = node.range ?? [0, 0];
  return kind === undefined || end <= start ? undefined : marked(kind, start, end, content);
}

function marked(kind: Kind, start: number, end: number, content: string): string | undefined {
  const text = content.slice(start, end);
  const bare = text.replace(/(?:\s|(?<=\n|^)[ \t]*#[^\n]*|(?<=\s)#[^\n]*)+$/, '');
  return bare === '' ? undefined : `${kind} ${start}-${start + (/^[|>]/.test(text) ? text.trimEnd() : bare).length}`;
}

/** What ours finds: short tags are calls of functions, and their arguments the nodes. */
function ourMarks(content: string): Marks {
  const marks = new Set<string>();
  const keep = (kind: Kind, start: number, end: number) => {
    const mark = marked(kind, start, end, content);
    if (mark !== undefined) marks.add(mark);
  };
  const visitValue = (value: Value) => {
    const { start, end } = value.span;
    const made = content[start] === '!';
    if (value.kind === 'object' && !made) keep('map', start, end);
    else if (value.kind === 'list' && !made) keep('list', start, end);
    else if ((value.kind === 'text' || value.kind === 'scalar') && !made) keep('scalar', start, end);
    if (value.kind === 'object')
      for (const { keySpan } of value.entries)
        if (content[keySpan.start] !== '!') keep('scalar', keySpan.start, keySpan.end);
    return true;
  };
  for (const document of readYaml('t.yaml', content).documents) walkValue(document, visitValue);
  return marks;
}

function compared(content: string): Compared | undefined {
  const expected = expectedMarks(content);
  return expected && { expected, ours: ourMarks(content) };
}

function differences({ expected, ours }: Compared): readonly string[] {
  const missing = [...expected].filter((mark) => !ours.has(mark)).map((mark) => `- ${mark}`);
  const added = [...ours].filter((mark) => !expected.has(mark)).map((mark) => `+ ${mark}`);
  return [...missing, ...added];
}

describe('tricky, valid, ours', () => {
  test.each([
    'a: !Sub "x"\nb: !If [c, !Ref d, { e: f }]\n',
    'a:\n- b: c\n  d:\n  - e\n# end\n\nf: g # h\n',
    '? a\n: b\n? c d\n: e\n',
    'a: &x { b: c }\nd: *x\ne:\n  <<: *x\n  f: g\n',
    'a: |\n  b\n   c\n\nd: >-\n  e\n  f\n\n\ng: "h\n  i"\n',
    '---\na: b\n...\n---\n- c\n- - d\n  - e\n',
    'a: !Sub\n  - "${b}"\n  - b: !GetAtt c.d\n',
    "a: !Sub >\n  b\nc: !!str 12\nd: !Sub 'e'\n",
    'a: # comment\n  # more\n  b: c\n  # last\nd: [e, # x\n  f]\n',
    '"a b": {c: d, "e":f, g}\n',
  ])('%j', (content) => {
    const both = compared(content);
    expect(both?.expected.size).toBeGreaterThan(2);
    expect(both && differences(both)).toEqual([]);
  });
});

describe.skipIf(!hasMaterial('corpus'))('every template of a corpus (skipped where there is none)', () => {
  test('reads as the package reads it', () => {
    const counts = { files: 0, refused: 0, nodes: 0 };
    const different: string[] = [];
    const files = ['.yaml', '.yml', '.template'].flatMap((extension) => materialFiles('corpus', extension));
    for (const { path, text } of files) {
      counts.files += 1;
      const both = compared(text);
      if (!both) counts.refused += 1;
      else {
        counts.nodes += both.expected.size;
        const found = differences(both);
        if (found.length > 0) different.push(`${path}: ${found.slice(0, 4).join(', ')} and ${found.length} in all`);
      }
    }
    console.log('compared with yaml:', counts);
    expect(different).toEqual([]);
    expect(counts.refused).toBeLessThan(counts.files / 20);
    expect(counts.nodes).toBeGreaterThan(10_000);
  });
});
