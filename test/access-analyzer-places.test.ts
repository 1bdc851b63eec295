/** Policies of every host as AWS is asked about them: JSON that says the same, and a way back to the file from any place in it, also from wrong ones. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ModuleAnalysis } from '../server/src/analysis.ts';
import { planCalls, type Subject, subjectOf } from '../server/src/analyzer/calls.ts';
import type { Piece } from '../server/src/analyzer/document.ts';
import { openMemory } from '../server/src/analyzer/memory.ts';
import { mergeAnswers } from '../server/src/analyzer/merge.ts';
import { headOf, placeOf } from '../server/src/analyzer/place.ts';
import type { Location, PathElement, PolicyFinding } from '../server/src/analyzer/shapes.ts';
import { DEFAULT_CONFIG } from '../server/src/config/config.ts';
import type { Value } from '../server/src/value/value.ts';
import { analyzeAll, analyzeText } from './context.ts';
import { MATERIAL, materialFiles, pageExamples } from './laws/examples.ts';

interface Asked {
  readonly name: string;
  readonly analysis: ModuleAnalysis;
  readonly subject: Subject;
}

const ASKED: readonly Asked[] = pageExamples().flatMap(({ name, given }) => {
  const { modules } = analyzeAll(given.sources, given.settings.kind ? { kind: given.settings.kind } : {});
  return modules.flatMap((analysis) => subjectsOf(name, analysis));
});

function subjectsOf(name: string, analysis: ModuleAnalysis): readonly Asked[] {
  return analysis.policies.flatMap((policy) => {
    const subject = subjectOf(analysis, policy);
    return typeof subject === 'string' ? [] : [{ name, analysis, subject }];
  });
}

/** Every way through a document. */
function* waysThrough(piece: Piece, path: readonly PathElement[] = []): Generator<readonly PathElement[]> {
  if (path.length > 0) yield path;
  for (const { name, piece: inner } of piece.members) {
    yield [...path, { key: name }];
    yield* waysThrough(inner, [...path, { value: name }]);
  }
  for (const [index, item] of piece.items.entries()) yield* waysThrough(item, [...path, { index }]);
}

function sourceText({ module }: ModuleAnalysis, path: string): string | undefined {
  return [...module.sources, ...(module.beside ?? [])].find((source) => source.path === path)?.text;
}

describe('on every example of every page', () => {
  test('the document is JSON in ASCII, and has the statements of the policy', () => {
    expect(ASKED.length).toBeGreaterThan(1000);
    for (const { name, subject } of ASKED) {
      const { text } = subject.document;
      expect(text, name).toMatch(/^[ -~]*$/);
      expect(() => JSON.parse(text), `${name}: ${text}`).not.toThrow();
    }
  });

  test('every path leads into the file, and strings to their own words', () => {
    let words = 0;
    for (const { name, analysis, subject } of ASKED) {
      const { document, policy } = subject;
      for (const path of waysThrough(document.root)) {
        const place = placeOf({ path }, document, policy) ?? headOf(policy);
        const text = sourceText(analysis, place.span.source);
        expect(text, `${name}: ${JSON.stringify(path)}`).toBeDefined();
        expect(place.span.start, name).toBeLessThanOrEqual(place.span.end);
        expect(place.span.end, name).toBeLessThanOrEqual(text?.length ?? 0);
        const value = valueAt(document.root, path);
        if (place.grain !== 'word' || place.standsFor !== undefined || value?.kind !== 'text') continue;
        if (value.text.parts.length !== 1 || value.text.parts[0]?.kind !== 'same') continue;
        words++;
        expect(text?.slice(place.span.start, place.span.end), name).toBe(value.text.flat);
      }
    }
    expect(words).toBeGreaterThan(5000);
  });

  test('the span leads to the same words as the path', () => {
    for (const { name, subject } of ASKED.filter((_, n) => n % 7 === 0)) {
      const { document, policy } = subject;
      for (const path of waysThrough(document.root)) {
        const piece = pieceAt(document.root, path);
        if (!piece || path.at(-1)?.key !== undefined || piece.items.length + piece.members.length > 0) continue;
        const position = (offset: number) => ({ line: 1, column: offset, offset });
        const span = { start: position(piece.start), end: position(piece.end) };
        const bySpan = placeOf({ path: [{ value: 'Nowhere' }], span }, document, policy);
        const byPath = placeOf({ path }, document, policy);
        if (byPath) expect(bySpan?.span, `${name}: ${JSON.stringify(path)}`).toEqual(byPath.span);
      }
    }
  });

  test('places that AWS cannot mean give no place, and nothing throws', () => {
    const element = fc.record(
      {
        index: fc.integer({ min: -2, max: 4 }),
        key: fc.constantFrom('Statement', 'Action', 'Nothing', '__proto__'),
        value: fc.constantFrom('Statement', 'Action', 'Resource', 'Condition', ''),
        substring: fc.record({ start: fc.integer({ min: -1, max: 9 }), length: fc.integer({ min: -1, max: 99 }) }),
      },
      { requiredKeys: [] },
    );
    const number = fc.oneof(fc.integer({ min: -5, max: 400 }), fc.constant(Number.NaN), fc.constant(undefined));
    const position = fc.record({ line: fc.oneof(fc.constant(1), number), column: number, offset: number });
    const span = fc.option(fc.record({ start: position, end: position }), { nil: undefined });
    const location = fc.record({ path: fc.array(element, { maxLength: 6 }), span });
    const some = fc.constantFrom(...ASKED.filter((_, n) => n % 50 === 0));
    fc.assert(
      fc.property(some, location, ({ subject, analysis }, where: Location) => {
        const place = placeOf(where, subject.document, subject.policy) ?? headOf(subject.policy);
        expect(place.span.end).toBeLessThanOrEqual(sourceText(analysis, place.span.source)?.length ?? -1);
      }),
      { numRuns: 3000 },
    );
  });
});

function pieceAt(root: Piece, path: readonly PathElement[]): Piece | undefined {
  let piece: Piece | undefined = root;
  for (const { index, value, key } of path)
    piece =
      index !== undefined
        ? piece?.items[index]
        : piece?.members.findLast((member) => member.name === (value ?? key))?.piece;
  return piece;
}

function valueAt(root: Piece, path: readonly PathElement[]): Value | undefined {
  return path.at(-1)?.key === undefined ? pieceAt(root, path)?.value : undefined;
}

const RECORDED = join(MATERIAL, 'cases/access-analyzer/index.jsonl');

interface Recorded {
  readonly file: string;
  readonly expected: readonly {
    readonly issueCode: string;
    readonly findingType: string;
    readonly spans?: readonly (readonly [number, number])[];
  }[];
  readonly mode: string;
  readonly catalogDependent?: boolean;
}

/** What AWS answered on record, as if it had been asked by us: by the paths to the values that its spans hold. */
test.skipIf(!existsSync(RECORDED))(
  'what AWS answered on record is one finding with ours, and nothing of it is said twice',
  () => {
    const texts = new Map(
      materialFiles('cases/access-analyzer/recorded', '.json').map(({ path, text }) => [path, text]),
    );
    const cases = readFileSync(RECORDED, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Recorded)
      .filter(
        ({ file, expected, mode, catalogDependent }) =>
          file.startsWith('recorded/identity/') && expected.length > 0 && mode === 'exact' && !catalogDependent,
      );
    let both = 0;
    for (const { file, expected } of cases) {
      const text = texts.get(`cases/access-analyzer/${file}`) ?? '';
      const config = { ...DEFAULT_CONFIG, preset: 'access-analyzer' as const };
      const analysis = analyzeText(`/w/${file}`, text, { config });
      if (!analysis) continue;
      const [call] = planCalls(analysis, () => true, [], config).calls;
      if (!call) continue;
      const { document } = call.subject;
      const pathTo = ([start, end]: readonly [number, number]): readonly PathElement[] =>
        [...waysThrough(document.root)].find((path) => {
          const span = path.at(-1)?.key === undefined ? valueAt(document.root, path)?.span : undefined;
          return span?.start === start && span.end === end;
        }) ?? [];
      const findings: readonly PolicyFinding[] = expected.map(({ issueCode, findingType, spans = [] }) => ({
        issueCode,
        findingType,
        findingDetails: 'on record',
        learnMoreLink: '',
        locations: spans.map((span) => ({ path: pathTo(span) })),
      }));
      const memory = openMemory();
      const reply = { kind: 'findings' as const, findings };
      memory.take(call.subject.key, new Map([['ValidatePolicy' as const, [{ input: call.input, reply }]]]));
      const merged = mergeAnswers(analysis, memory, { config, today: '2026-12-01' });
      expect(
        merged.sides.map(({ onlyAws, onlyHere }) => ({ onlyAws, onlyHere })),
        file,
      ).toEqual([{ onlyAws: [], onlyHere: [] }]);
      expect(
        merged.analysis.judgement.findings.every(({ confirmed }) => confirmed),
        file,
      ).toBe(true);
      both += findings.length;
    }
    expect(both).toBeGreaterThan(80);
  },
);
