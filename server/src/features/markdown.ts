/**
 * Markdown: the few shapes that hovers are made of. Whatever comes from a file or from AWS data is escaped here; nothing
 * that goes through this module can become a link, an image, HTML, a heading or a table of its own.
 */

/** The text as plain words on one line: every ASCII punctuation mark is escaped, control and direction marks are dropped. */
export function plain(text: string): string {
  return oneLine(text).replace(/[!-/:-@[-`{-~]/g, '\\$&');
}

/** The text as a code span on one line; `(empty)` in words where there is nothing to show. Not for table cells, see {@link cell}. */
export function code(text: string): string {
  const line = oneLine(text);
  if (line.trim() === '') return '*(empty)*';
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const pad = line.startsWith('`') || line.endsWith('`') || (line.startsWith(' ') && line.endsWith(' ')) ? ' ' : '';
  return `${fence}${pad}${line}${pad}${fence}`;
}

/** The text as a code span that is safe between the bars of a table. */
export function cell(text: string): string {
  return text.includes('|') ? plain(text) : code(text);
}

/** A link; only the label where the address is not https. */
export function link(label: string, address: string | undefined): string {
  if (!address || !/^https:\/\/[\w.-]+(\/[\w./#?=&%~+,-]*)?$/.test(address)) return plain(label);
  return `[${plain(label)}](${address})`;
}

/** A message of a finding: what it puts in backticks is code, all else is words. */
export function message(text: string): string {
  const parts = text.split('`');
  if (parts.length % 2 === 0) return plain(text);
  return parts.map((part, index) => (index % 2 === 0 ? plain(part) : part === '' ? '' : code(part))).join('');
}

/** Blocks, with an empty line between; empty ones are left out. */
export function blocks(parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== '').join('\n\n');
}

/** One line each, as a list. The lines are Markdown already. */
export function bullets(lines: readonly string[]): string {
  return lines.map((line) => `- ${line}`).join('\n');
}

/** A table; the cells are Markdown already, made safe by {@link cell} or {@link plain}. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** `a, b and c`; beyond `most` items `a, b and 7 more`. The items are Markdown already. */
export function series(items: readonly string[], most = Number.POSITIVE_INFINITY, word: 'and' | 'or' = 'and'): string {
  const shown = items.length <= most ? items : items.slice(0, Math.max(1, most - 1));
  const rest = items.length - shown.length;
  if (rest > 0) return `${shown.join(', ')} and ${rest} more`;
  if (shown.length < 2) return shown.join('');
  return `${shown.slice(0, -1).join(', ')} ${word} ${shown[shown.length - 1] ?? ''}`;
}

/** `1 action`, `2 actions`. */
export function counted(count: number, word: string): string {
  const grouped = String(count).replace(/\B(?=(\d{3})+$)/g, ',');
  return `${grouped} ${word}${count === 1 ? '' : 's'}`;
}

/** Control and format characters: direction marks could make a text read otherwise than it is. */
const INVISIBLE = /[\p{Cc}\p{Cf}]/gu;

function oneLine(text: string): string {
  return text.replace(/[\t\n\v\f\r\u0085\u2028\u2029]+/g, ' ').replace(INVISIBLE, '');
}
