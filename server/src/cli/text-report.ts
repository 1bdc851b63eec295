/**
 * The report for a person: each finding with its source line and a mark beneath, then one line that sums up. Pure; shows
 * no control character of a file or message as such, so that no file can steer the screen.
 */

import { shownMessage } from '../features/diagnostics.ts';
import type { FindingRecord, Place } from '../features/finding-record.ts';
import type { Level } from '../finding/finding.ts';
import { type Lines, linesOf } from '../text/lines.ts';
import { counted, type Report } from './report.ts';
import { drawLine } from './source-line.ts';

/** How to draw: whether with colours, and how many columns a source line may take. */
export interface Style {
  readonly color: boolean;
  readonly columns: number;
}

/** The whole report. */
export function textReport(report: Report, style: Style): string {
  const counting = new Map<string, Lines>();
  const lineOf = (file: string, line: number): string | undefined => {
    const text = report.texts.get(file);
    if (text === undefined) return undefined;
    const lines = counting.get(file) ?? linesOf(text);
    counting.set(file, lines);
    return lineWithin(text, lines.starts[line] ?? text.length, lines.starts[line + 1] ?? text.length);
  };
  const drawn = report.findings.map((finding) => `${drawFinding(finding, lineOf, style)}\n`);
  return `${drawn.join('')}${summary(report, style)}\n`;
}

/** The line from `start` to `end` without what ends it; looks at the end alone, since a line may be as long as its file. */
function lineWithin(text: string, start: number, end: number): string {
  let stop = end;
  while (stop > start && (text[stop - 1] === '\n' || text[stop - 1] === '\r')) stop--;
  return text.slice(start, stop);
}

/** One finding: its place, level, rule and message; its line; its related places. Ends with a newline. */
export function drawFinding(
  finding: FindingRecord,
  lineOf: (file: string, line: number) => string | undefined,
  style: Style,
): string {
  const paint = painter(style);
  const head = `${paint('bold', placeOf(finding))} ${paint(finding.level, finding.level)} ${paint('faint', finding.rule)} ${clean(shownMessage(finding))}`;
  const { start, end } = finding.range;
  const line = lineOf(finding.file, start.line);
  const number = String(start.line + 1);
  const rows = [head];
  if (line !== undefined) {
    const stop = end.line > start.line ? line.length : end.character;
    const drawn = drawLine(line, start.character, stop, Math.max(40, style.columns - number.length - 4));
    const margin = ' '.repeat(number.length);
    rows.push(
      `${paint('faint', `${number} |`)} ${drawn.source}`.trimEnd(),
      `${paint('faint', `${margin} |`)} ${paint(finding.level, drawn.mark)}`,
    );
  }
  if (finding.address !== undefined && (line?.length ?? 0) > LONGEST_LINE)
    rows.push(`  ${paint('faint', `in ${clean(finding.address)}`)}`);
  for (const related of finding.related ?? [])
    rows.push(`  ${paint('faint', `${placeOf(related)}: ${clean(related.message)}`)}`);
  return `${rows.join('\n')}\n`;
}

/** In longer lines, such as the only one of a Terraform plan, a place says nothing to a person: the policy is named. */
const LONGEST_LINE = 250;

/** `file:line:column`, counted from 1 as editors do. */
function placeOf({ file, range }: Place): string {
  return `${clean(file)}:${range.start.line + 1}:${range.start.character + 1}`;
}

function summary(report: Report, style: Style): string {
  const { findings, files, policies, filesRead, fixed, known } = report;
  const levels: readonly Level[] = ['error', 'warning', 'info'];
  const counts = levels.flatMap((level) => {
    const count = findings.filter((finding) => finding.level === level).length;
    return count > 0 ? [painter(style)(level, level === 'info' ? `${count} info` : counted(count, level))] : [];
  });
  const found = counts.length > 0 ? counts.join(', ') : 'No findings';
  const where = policies > 0 ? ` in ${counted(policies, 'policy')} (${counted(files, 'file')})` : '';
  const none = policies === 0 ? `${counts.length > 0 ? '; no' : ': no'} policy in ${counted(filesRead, 'file')}` : '';
  const more = [
    ...(fixed === undefined ? [] : [`${counted(fixed, 'fix').replace('fixs', 'fixes')} applied`]),
    ...(known === undefined ? [] : [`${known} held back by the baseline`]),
  ];
  return `${found}${where}${none}${more.map((part) => `; ${part}`).join('')}.`;
}

type Paint = Level | 'bold' | 'faint';

const CODES: Readonly<Record<Paint, string>> = { error: '31', warning: '33', info: '36', bold: '1', faint: '2' };

function painter(style: Style): (paint: Paint, text: string) => string {
  return (paint, text) => (style.color ? `\u001b[${CODES[paint]}m${text}\u001b[0m` : text);
}

/** The text with its control characters made visible. */
export function clean(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, (letter) =>
    letter < ' ' ? String.fromCharCode(0x2400 + letter.charCodeAt(0)) : '\uFFFD',
  );
}
