/** Draws findings under the lines that they are about, as the command line does: places count from 1. Decides nothing. */
import type { Finding } from '../server/src/finding/finding.ts';
import type { Source } from '../server/src/policy/module.ts';
import { linesOf, positionAt } from '../server/src/text/lines.ts';
import type { Span } from '../server/src/text/text.ts';

/** Columns of a source line that are shown. */
const WIDTH = 110;

/** The findings, in the order given, with a blank line between two; empty for none. The first source's name is left out. */
export function drawFindings(findings: readonly Finding[], sources: readonly Source[]): string {
  return findings.map((finding) => drawFinding(finding, sources)).join('\n');
}

function drawFinding(finding: Finding, sources: readonly Source[]): string {
  const code = finding.accessAnalyzer ? ` [${finding.accessAnalyzer}]` : '';
  const head = `${place(finding.span, sources)} ${finding.level} ${finding.rule} ${finding.message}${code}\n`;
  const related = finding.related.map((other) => `  also ${place(other.span, sources)} ${other.message}\n`);
  return head + underlined(finding.span, sources) + related.join('');
}

function place(span: Span, sources: readonly Source[]): string {
  const content = textOf(span, sources);
  const { line, character } = positionAt(linesOf(content), span.start);
  const file = span.source === sources[0]?.path ? '' : `${span.source}:`;
  return `${file}${line + 1}:${character + 1}`;
}

function textOf(span: Span, sources: readonly Source[]): string {
  return sources.find((source) => source.path === span.source)?.text ?? '';
}

/** The line with carets under the span, as much of it as stands on that line. */
function underlined(span: Span, sources: readonly Source[]): string {
  const content = textOf(span, sources);
  const lines = linesOf(content);
  const { line, character } = positionAt(lines, span.start);
  const start = lines.starts[line] ?? 0;
  const whole = content.slice(start, lines.starts[line + 1] ?? content.length).replace(/[\r\n]+$/, '');
  const indent = whole.length - whole.trimStart().length;
  const skipped = character > WIDTH - 30 ? character - 30 : Math.min(indent, character);
  const shown = `${whole.slice(skipped, skipped + WIDTH)}${whole.length > skipped + WIDTH ? '…' : ''}`;
  const length = Math.max(1, Math.min(span.end - span.start, whole.length - character, WIDTH - (character - skipped)));
  return `  ${shown}\n  ${' '.repeat(character - skipped)}${'^'.repeat(length)}\n`;
}
