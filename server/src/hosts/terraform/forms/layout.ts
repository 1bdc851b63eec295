/** Layout of drafts as `terraform fmt` has it: two blanks a step, equals signs of neighbouring lines under each other. Knows no policies. */
import type { Draft, Keyed, Member, Notes } from './draft.ts';

/** Columns that a list on one line may take. */
const WIDE = 90;
const STEP = '  ';

/** A line of its own: a name with what it is, or a block. */
export interface Row {
  readonly name: string;
  readonly value: string;
  readonly notes: Notes;
}

/** Rows under each other with their comments; several lines of one stand apart from the alignment of the others. */
export function spellRows(rows: readonly Row[], indent: string): string {
  const lines = rows.map(({ name, value, notes }, i) => {
    const width = value.includes('\n') ? 0 : widthAround(rows, i);
    return noted(`${name.padEnd(width)} = ${value}`, notes, indent);
  });
  return lines.join(`\n${indent}`);
}

function widthAround(rows: readonly Row[], at: number): number {
  const isPart = (row: Row | undefined) => row !== undefined && !row.value.includes('\n');
  let [from, to] = [at, at];
  while (isPart(rows[from - 1]) && rows[from]?.notes.above.length === 0) from--;
  while (isPart(rows[to + 1]) && rows[to + 1]?.notes.above.length === 0) to++;
  return Math.max(...rows.slice(from, to + 1).map(({ name }) => name.length));
}

/** A line, or several, with the comments that belong to it. */
export function noted(text: string, { above, behind, below }: Notes, indent: string): string {
  return [...above, behind ? `${text} ${behind}` : text, ...below].join(`\n${indent}`);
}

/** A value as an expression. `isFor` says which words a string that is one interpolation has there. */
export function spellDraft(draft: Draft, indent: string, isFor: 'block' | 'object'): string {
  switch (draft.kind) {
    case 'words':
      return wordsFor(draft, isFor).replaceAll('\n', `\n${indent}`);
    case 'list':
      return spellList(draft.members, draft.broken, indent, isFor);
    case 'object':
      return `{\n${indent}${STEP}${spellRows(rowsOf(draft.members, indent + STEP, isFor), indent + STEP)}\n${indent}}`;
  }
}

function rowsOf(members: readonly Keyed[], indent: string, isFor: 'block' | 'object'): readonly Row[] {
  return members.map(({ key, words, value, notes }) => ({
    name: key !== undefined && /^[A-Za-z_][\w-]*$/.test(key) ? key : words.startsWith('"') ? words : `(${words})`,
    value: spellDraft(value, indent, isFor),
    notes,
  }));
}

/** Blocks take strings only; elsewhere what is not known to be a string stays in quotes. */
function wordsFor({ text, bare }: Extract<Draft, { kind: 'words' }>, isFor: 'block' | 'object'): string {
  if (bare === undefined) return text;
  return isFor === 'block' || /^(data\.)?aws_\w+\./.test(bare) ? bare : text;
}

function spellList(members: readonly Member[], broken: boolean, indent: string, isFor: 'block' | 'object'): string {
  const inner = indent + STEP;
  const texts = members.map(({ value }) => spellDraft(value, inner, isFor));
  const line = `[${texts.join(', ')}]`;
  const isPlain = members.every(({ notes }) => notes.above.length + notes.below.length === 0 && notes.behind === '');
  if (isPlain && !broken && !line.includes('\n') && line.length <= WIDE) return line;
  if (isPlain && members.length <= 1 && !line.includes('\n') && line.length <= WIDE) return line;
  const lines = members.map(({ notes }, i) => noted(`${texts[i]},`, notes, inner));
  return `[\n${inner}${lines.join(`\n${inner}`)}\n${indent}]`;
}
