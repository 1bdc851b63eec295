/**
 * Baseline: findings that a team lives with for now. A finding is known by its rule, file, message and the text that it
 * marks, never by its line, so that text may move around it. Pure; reads and writes no file.
 */
import type { FindingRecord } from '../features/finding-record.ts';
import { linesOf, offsetAt } from '../text/lines.ts';

/** One kind of finding; `count` of them are held back. */
interface Entry {
  readonly rule: string;
  readonly file: string;
  readonly text: string;
  readonly message: string;
  readonly count: number;
}

/** Gives a finding's file its name in the baseline, and the text of it. */
export interface Naming {
  readonly nameOf: (file: string) => string;
  readonly texts: ReadonlyMap<string, string>;
}

/** The text of a baseline that holds back these findings; sorted, one entry a finding's kind, so that it reads well in reviews. */
export function writeBaseline(findings: readonly FindingRecord[], naming: Naming): string {
  const entries = new Map<string, Entry>();
  for (const finding of findings) {
    const entry = entryOf(finding, naming);
    const key = keyOf(entry);
    entries.set(key, { ...entry, count: (entries.get(key)?.count ?? 0) + 1 });
  }
  const sorted = [...entries].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry);
  return `${JSON.stringify({ version: 1, findings: sorted }, undefined, 2)}\n`;
}

/** The findings that a baseline does not hold back. Undefined where its text is no baseline. */
export function withoutKnown(
  findings: readonly FindingRecord[],
  baseline: string,
  naming: Naming,
): readonly FindingRecord[] | undefined {
  const left = readBaseline(baseline);
  if (!left) return undefined;
  return findings.filter((finding) => {
    const key = keyOf(entryOf(finding, naming));
    const count = left.get(key) ?? 0;
    if (count > 0) left.set(key, count - 1);
    return count === 0;
  });
}

function readBaseline(text: string): Map<string, number> | undefined {
  try {
    const parsed = JSON.parse(text) as { version?: unknown; findings?: unknown };
    if (parsed.version !== 1 || !Array.isArray(parsed.findings)) return undefined;
    return new Map((parsed.findings as Entry[]).map((entry) => [keyOf(entry), entry.count]));
  } catch {
    return undefined;
  }
}

function keyOf({ file, rule, text, message }: Omit<Entry, 'count'>): string {
  return JSON.stringify([file, rule, text, message]);
}

function entryOf(finding: FindingRecord, { nameOf, texts }: Naming): Omit<Entry, 'count'> {
  const content = texts.get(finding.file) ?? '';
  const lines = linesOf(content);
  const marked = content.slice(offsetAt(lines, finding.range.start), offsetAt(lines, finding.range.end));
  const text = marked.replace(/\s+/g, ' ').slice(0, 200);
  return { rule: finding.rule, file: nameOf(finding.file), text, message: finding.message };
}
