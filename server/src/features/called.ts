/** Called: what modules find in texts of others that they call or read, beside what these say themselves. Plain data in, plain data out. */
import type { FindingRecord } from './finding-record.ts';

/** The findings with those in texts of called modules: what several callers lead to is one finding, and nothing is said twice of a text. */
export function withCalled(
  findings: readonly FindingRecord[],
  called: readonly FindingRecord[],
): readonly FindingRecord[] {
  if (called.length === 0) return findings;
  const said = new Set(findings.map(placeOf));
  const merged = new Map<string, FindingRecord>();
  for (const one of called) {
    const place = placeOf(one);
    if (said.has(place)) continue;
    const before = merged.get(place);
    merged.set(place, before ? { ...before, related: [...(before.related ?? []), ...callsOf(one, before)] } : one);
  }
  return [...findings, ...merged.values()];
}

/** Places that the other finding does not name yet. */
function callsOf({ related = [] }: FindingRecord, other: FindingRecord): NonNullable<FindingRecord['related']> {
  const known = new Set((other.related ?? []).map((one) => JSON.stringify([one.file, one.range])));
  return related.filter((one) => !known.has(JSON.stringify([one.file, one.range])));
}

function placeOf({ rule, file, range }: FindingRecord): string {
  return JSON.stringify([rule, file, range]);
}
