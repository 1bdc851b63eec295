/** Scalars of YAML: the Text of each says what the `yaml` package reads, and its parts stand where they say. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CST, Parser } from 'yaml';
import { readYaml } from '../server/src/hosts/cloudformation/yaml/read.ts';
import { tokensOf } from '../server/src/hosts/cloudformation/yaml/tokens.ts';
import type { Text } from '../server/src/text/text.ts';
import { type Value, walkValue } from '../server/src/value/value.ts';
import { hasMaterial, materialFiles } from './laws/examples.ts';

/** What the package says of every scalar, by offset; nothing of texts that it cannot read on in. */
function oracle(content: string): ReadonlyMap<number, string> {
  const found = new Map<number, string>();
  const tokens = [...new Parser().parse(content)];
  if (tokens.some(({ type }) => type === 'error') || tokensOf(content).faults.length > 0) return found;
  for (const document of tokens) {
    if (document.type !== 'document' || !document.value) continue;
    CST.visit(document, (item) => {
      for (const token of [item.key, item.value]) {
        if (!token || !CST.isScalar(token)) continue;
        let broken = false;
        const scalar = CST.resolveAsScalar(token, true, () => {
          broken = true;
        });
        if (scalar && !broken) found.set(token.offset, scalar.value);
      }
    });
  }
  return found;
}

/** What ours says of them. */
function ours(content: string): ReadonlyMap<number, Text> {
  const found = new Map<number, Text>();
  const keep = (value: Value) => {
    if (value.kind === 'text') found.set(value.span.start, value.text);
    if (value.kind === 'object') for (const { key, keySpan } of value.entries) found.set(keySpan.start, key);
    return true;
  };
  for (const value of readYaml('t.yaml', content).documents) walkValue(value, keep);
  return found;
}

function disagreements(content: string): readonly string[] {
  const expected = oracle(content);
  const wrong: string[] = [];
  for (const [offset, text] of ours(content)) {
    const said = expected.get(offset);
    if (said !== undefined && said !== text.flat)
      wrong.push(`${JSON.stringify(said)} at ${offset} is read as ${JSON.stringify(text.flat)}`);
    for (const part of text.parts) {
      const stands = content.slice(part.span.start, part.span.end);
      const reads = text.flat.slice(part.at, part.at + part.length);
      if (part.kind === 'same' && stands !== reads) wrong.push(`${reads} does not stand at ${part.span.start}`);
    }
  }
  return wrong;
}

describe('scalars', () => {
  test.each([
    "a: 'it''s\n  a\n\n  b '\n",
    'a: "x\\ty \\\n   z  \n\n  w\\u00e9"\n',
    'a: plain\n  text\n\n  goes on\nb: 1\n',
    'a: |\n  x\n    y\n\n  z\nb: >\n  x\n  y\n\n  z\n    deep\n  w\n\n',
    'a: |+\n  x\n\n\nb: |-\n  x\n\nc: >2\n    x\n   y\n',
    'a: >-\n\n  x\n\n\n  y\n  \tz\n  u\r\n  v\r\n',
    'a: |\n\n\nb: >+\n\n\nc: |2-\n     x\n',
  ])('are read as the package reads them: %j', (content) => {
    expect(ours(content).size).toBeGreaterThan(0);
    expect(disagreements(content)).toEqual([]);
  });

  test('are so whatever stands in them', () => {
    const line = fc.stringMatching(/^[ a-z'"\\:{*\t-]{0,8}$/);
    const body = fc.array(line, { maxLength: 6 });
    let read = 0;
    const runs = fc.check(
      fc.property(body, fc.constantFrom('|', '>', '|-', '>-', '|+', '>+', '|2', '>3-'), (lines, header) => {
        const texts = [
          `a: ${header}\n${lines.map((one) => `  ${one}\n`).join('')}b: 1\n`,
          `a: '${lines.join('\n  ').replaceAll("'", "''")}'\n`,
          `a: "${lines
            .join('\n  ')
            .replaceAll('"', '\\"')
            .replaceAll(/\\(?!")/g, '\\\\')}"\n`,
        ];
        for (const text of texts) {
          read += ours(text).size;
          expect(disagreements(text)).toEqual([]);
        }
      }),
      { numRuns: 400, seed: 5 },
    );
    expect(fc.defaultReportMessage(runs)).toBeUndefined();
    expect(read).toBeGreaterThan(400);
  });

  test.skipIf(!hasMaterial('corpus'))('of real templates (skipped where there are none beside the project)', () => {
    let read = 0;
    for (const { path, text } of materialFiles('corpus/cloudformation', '.yaml', 3)) {
      read += ours(text).size;
      expect(disagreements(text), path).toEqual([]);
    }
    expect(read).toBeGreaterThan(1000);
  });
});
