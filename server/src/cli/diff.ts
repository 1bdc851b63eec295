/** Diff: the difference of two texts in the unified format, line by line. Pure; gives up exactness, never truth, on texts that differ everywhere. */

/** The unified diff of a file; empty where the texts are equal. */
export function unifiedDiff(file: string, before: string, after: string): string {
  if (before === after) return '';
  const hunks = hunksOf(changes(linesOf(before), linesOf(after)));
  return `--- a/${file}\n+++ b/${file}\n${hunks.join('')}`;
}

/** One line of the comparison, with its own end of line. */
interface Change {
  readonly kind: ' ' | '-' | '+';
  readonly line: string;
}

function linesOf(text: string): readonly string[] {
  const lines = text.split(/(?<=\n)/);
  return lines[lines.length - 1] === '' ? lines.slice(0, -1) : lines;
}

function changes(before: readonly string[], after: readonly string[]): readonly Change[] {
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) head++;
  let tail = 0;
  while (
    tail < before.length - head &&
    tail < after.length - head &&
    before[before.length - 1 - tail] === after[after.length - 1 - tail]
  )
    tail++;
  return [
    ...before.slice(0, head).map((line) => ({ kind: ' ' as const, line })),
    ...middle(before.slice(head, before.length - tail), after.slice(head, after.length - tail)),
    ...before.slice(before.length - tail).map((line) => ({ kind: ' ' as const, line })),
  ];
}

/** Where the table would have more cells than this, all lines are taken out and put in anew. */
const LARGEST_TABLE = 4_000_000;

/** The longest common subsequence by its table. */
function middle(before: readonly string[], after: readonly string[]): readonly Change[] {
  const width = after.length + 1;
  const all = [
    ...before.map((line) => ({ kind: '-' as const, line })),
    ...after.map((line) => ({ kind: '+' as const, line })),
  ];
  if ((before.length + 1) * width > LARGEST_TABLE) return all;
  const common = new Uint32Array((before.length + 1) * width);
  const at = (i: number, j: number) => common[i * width + j] ?? 0;
  for (let i = before.length - 1; i >= 0; i--) {
    for (let j = after.length - 1; j >= 0; j--) {
      common[i * width + j] = before[i] === after[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const found: Change[] = [];
  for (let i = 0, j = 0; i < before.length || j < after.length; ) {
    const [old, fresh] = [before[i], after[j]];
    if (old !== undefined && old === fresh) {
      found.push({ kind: ' ', line: old });
      i++;
      j++;
    } else if (old !== undefined && (fresh === undefined || at(i + 1, j) >= at(i, j + 1))) {
      found.push({ kind: '-', line: old });
      i++;
    } else if (fresh !== undefined) {
      found.push({ kind: '+', line: fresh });
      j++;
    }
  }
  return found;
}

const CONTEXT = 3;

function hunksOf(lines: readonly Change[]): readonly string[] {
  const changed = lines.flatMap((line, index) => (line.kind === ' ' ? [] : [index]));
  const hunks: string[] = [];
  for (let i = 0; i < changed.length; ) {
    const start = Math.max(0, (changed[i] ?? 0) - CONTEXT);
    let last = changed[i] ?? 0;
    for (i++; i < changed.length && (changed[i] ?? 0) - last <= 2 * CONTEXT; i++) last = changed[i] ?? 0;
    hunks.push(hunk(lines, start, Math.min(lines.length, last + 1 + CONTEXT)));
  }
  return hunks;
}

function hunk(lines: readonly Change[], start: number, end: number): string {
  const part = lines.slice(start, end);
  const count = (side: Change[], without: Change['kind']) => side.filter((line) => line.kind !== without).length;
  const above = lines.slice(0, start);
  const range = (without: Change['kind']) => {
    const length = count(part, without);
    return `${count(above, without) + (length > 0 ? 1 : 0)},${length}`;
  };
  const rows = part.map(
    ({ kind, line }) => `${kind}${line.endsWith('\n') ? line : `${line}\n\\ No newline at end of file\n`}`,
  );
  return `@@ -${range('+')} +${range('-')} @@\n${rows.join('')}`;
}
