/** The JSON reader against `jsonc-parser` and `JSON.parse`, and on the texts that neither of them can read. */
import fc from 'fast-check';
import { type Node, type ParseError, parseTree } from 'jsonc-parser';
import { describe, expect, test } from 'vitest';
import { sourceText, spanOf } from '../server/src/text/text.ts';
import { type JsonReading, readJson } from '../server/src/value/json.ts';
import { displayValue, PLAIN_JSON, type Value } from '../server/src/value/value.ts';
import { hasMaterial, materialFiles } from './laws/examples.ts';

function read(content: string): JsonReading {
  return readJson(sourceText('f', content), { source: 'f', start: 0, end: content.length }, PLAIN_JSON);
}

/** A tree in a form that both readers can be brought to: kind, offsets, letters. */
type Shape = {
  readonly kind: string;
  readonly at: readonly [number, number];
  readonly says?: unknown;
  readonly below?: readonly Shape[];
};

function shapeOf(value: Value): Shape {
  const at = [value.span.start, value.span.end] as const;
  switch (value.kind) {
    case 'text':
      return { kind: 'string', at, says: value.text.flat };
    case 'scalar':
      return { kind: value.value === null ? 'null' : typeof value.value, at, says: value.value };
    case 'list':
      return { kind: 'array', at, below: value.items.map((item) => shapeOf(item.value)) };
    case 'object':
      return {
        kind: 'object',
        at,
        below: value.entries.flatMap((entry) => [
          { kind: 'string', at: [entry.keySpan.start, entry.keySpan.end] as const, says: entry.key.flat },
          shapeOf(entry.value),
        ]),
      };
    case 'choice':
    case 'unknown':
      return { kind: value.kind, at };
  }
}

function oracleOf(node: Node): Shape {
  const at = [node.offset, node.offset + node.length] as const;
  if (node.type === 'array') return { kind: 'array', at, below: (node.children ?? []).map(oracleOf) };
  if (node.type === 'object') {
    return {
      kind: 'object',
      at,
      below: (node.children ?? []).flatMap((property) => (property.children ?? []).map(oracleOf)),
    };
  }
  return { kind: node.type, at, says: node.value };
}

function expectSame(content: string): void {
  const errors: ParseError[] = [];
  const oracle = parseTree(content, errors, { disallowComments: true, allowTrailingComma: false });
  if (!oracle || errors.length > 0) return;
  const { value, problems } = read(content);
  expect(value && shapeOf(value), content.slice(0, 200)).toEqual(oracleOf(oracle));
  expect(
    problems.filter(({ message }) => !message.includes('stands twice')),
    content.slice(0, 200),
  ).toEqual([]);
}

const json = fc
  .jsonValue({ maxDepth: 4 })
  .chain((value) =>
    fc.constantFrom(
      JSON.stringify(value),
      JSON.stringify(value, null, 2),
      JSON.stringify(value, null, '\t').replaceAll('\n', '\r\n'),
    ),
  );

describe('sound JSON', () => {
  test('gives the tree and the offsets of jsonc-parser', () => {
    fc.assert(fc.property(json, expectSame), { numRuns: 400 });
  });

  test('with escapes of every kind, and places behind them', () => {
    const content = '{"a\\"b": ["\\u0041\\n\\/", "x\\\\y"], "é😀": {}}';
    expectSame(content);
    const { value } = read(content);
    const list = value?.kind === 'object' ? value.entries[0]?.value : undefined;
    const item = list?.kind === 'list' ? list.items[1]?.value : undefined;
    if (item?.kind !== 'text') throw new Error('the second item is not a text');
    const span = spanOf(item.text, 2, 3);
    expect(content.slice(span?.start, span?.end)).toBe('y');
  });

  test.skipIf(!hasMaterial('corpus'))('in real files (skipped where there are none beside the project)', () => {
    const files = [...materialFiles('corpus', '.json'), ...materialFiles('cases/access-analyzer/recorded', '.json')];
    expect(files.length).toBeGreaterThan(100);
    for (const { text } of files) if (text.charCodeAt(0) !== 0xfeff) expectSame(text);
  });
});

describe('accepted and refused', () => {
  /** What the reader reports and `JSON.parse` does not: keys that stand twice. */
  function accepts(content: string): boolean {
    const { value, problems } = read(content);
    return value !== undefined && problems.every(({ message }) => message.includes('stands twice'));
  }

  function parses(content: string): boolean {
    try {
      JSON.parse(content);
      return true;
    } catch {
      return false;
    }
  }

  test('as JSON.parse does, for broken texts of all kinds', () => {
    const token = fc.constantFrom(
      ...'{}[]:,"'.split(''),
      '"a"',
      '"b":',
      '1',
      '-0.5e3',
      '01',
      'true',
      'nul',
      ' ',
      '\n',
      '\\',
      '\\n',
      '\u0001',
      '//',
      'x',
      "'",
      '1.',
      '.5',
      '+1',
      'NaN',
      '\u00a0',
    );
    const soup = fc.array(token, { maxLength: 12 }).map((tokens) => tokens.join(''));
    const cut = fc.tuple(json, fc.nat(200)).map(([content, at]) => content.slice(0, at % (content.length + 1)));
    const dropped = fc
      .tuple(json, fc.nat(200))
      .map(([content, at]) => content.slice(0, at % content.length) + content.slice((at % content.length) + 1));
    let refused = 0;
    let accepted = 0;
    fc.assert(
      fc.property(fc.oneof(soup, cut, dropped, json), (content) => {
        const expected = parses(content);
        if (expected) accepted += 1;
        else refused += 1;
        expect(accepts(content), JSON.stringify(content)).toBe(expected);
      }),
      { numRuns: 3000, seed: 11 },
    );
    expect(refused).toBeGreaterThan(500);
    expect(accepted).toBeGreaterThan(500);
  });

  test('but for a byte order mark, which is passed over, and for nesting, which ends somewhere', () => {
    expect(accepts('\uFEFF{}')).toBe(true);
    expect(parses('\uFEFF{}')).toBe(false);
    expect(accepts(`${'['.repeat(300)}${']'.repeat(300)}`)).toBe(false);
    expect(parses(`${'['.repeat(300)}${']'.repeat(300)}`)).toBe(true);
  });
});

describe('broken JSON keeps what can be kept', () => {
  test.each([
    ['{"a": 1', '{"a": 1}', 'the object is not closed'],
    ['{"a": [1, 2}', '{"a": [1, 2]}', 'the list is not closed'],
    ['{"a": 1,}', '{"a": 1}', 'a comma stands before `}`'],
    ['{"a": 1 "b": 2}', '{"a": 1, "b": 2}', 'a comma is missing before this entry'],
    ['{"a" 1, "b": 2}', undefined, 'a colon and a value are missing after this key'],
    ['{"a": , "b": 2}', undefined, 'the value is missing'],
    ['{a: 1}', '{"a": 1}', 'the key is not in quotes'],
    ['["x" // why\n]', '["x"]', 'a comment stands where JSON has none'],
    ['{} {}', '{}', 'text follows the end of the document'],
    ['{"a": 1, "a": 2}', '{"a": 1, "a": 2}', 'the key `a` stands twice in one object'],
  ])('%s', (content, displayed, message) => {
    const { value, problems } = read(content);
    expect(problems.map((problem) => problem.message)).toContain(message);
    if (displayed !== undefined) expect(value && displayValue(value)).toBe(displayed);
    else expect(value && displayValue(value)).toContain('"b": 2');
  });

  test('a string without its end is known up to there', () => {
    const { value } = read('{"Action": "s3:Get\n, "Resource": "*"}');
    expect(value && displayValue(value)).toMatch(/^\{"Action": "s3:Get\$\{unclosed@\d+\}"/);
  });
});
