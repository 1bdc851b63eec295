/** The library: what it gives, and that no text makes it throw. */
import { describe, expect, test } from 'vitest';
import { check as checkSources } from '../server/src/api.ts';
import { openWorkspace, runIn, WARNED, WRONG } from './terminal.ts';

const { folderOf } = openWorkspace();

describe('the library', () => {
  test('gives the findings that the command line prints, with fixes', () => {
    const { findings } = checkSources({ path: 'x/warned.json', text: WARNED });
    const folder = folderOf({ 'x/warned.json': WARNED });
    const printed = JSON.parse(runIn(folder, ['check', '--format', 'json', '--fixes']).out) as { findings: unknown };
    expect(JSON.parse(JSON.stringify(findings))).toEqual(printed.findings);
    expect(findings).toHaveLength(1);
  });

  test('kind, configuration and several sources', () => {
    const sources = [
      { path: 'a.json', text: WARNED },
      { path: 'b.json', text: WRONG },
    ];
    expect(checkSources({ sources }).findings.map((finding) => finding.file)).toEqual(['a.json', 'b.json']);
    const { findings } = checkSources({
      sources,
      kind: 'scp',
      config: { rules: { 'unknown-action': 'info', 'invalid-effect': 'off' }, nonsense: 1 },
    });
    expect(findings.map(({ file, rule, level }) => [file, rule, level])).toEqual([
      ['leastwise.json', 'configuration', 'warning'],
      ['a.json', 'unknown-action', 'info'],
    ]);
    expect(findings[1]?.policyKind).toBe('scp');
  });

  test('no text makes it throw', () => {
    const circle: Record<string, unknown> = {};
    circle.self = circle;
    const texts = ['', '\0', '{', '[]', '{"Statement":', WARNED.slice(0, -9), '\uD800', '"Statement"'];
    for (const path of ['a.json', 'main.tf', 'nothing', '']) {
      for (const text of texts) expect(Array.isArray(checkSources({ path, text }).findings)).toBe(true);
    }
    expect(checkSources({ sources: [], config: circle }).findings).toHaveLength(1);
  });
});
