/**
 * Ignores: comments `# leastwise-ignore rule, rule: reason` in YAML, and `Metadata: { leastwise: { ignore: [{ rule, reason }] } }`
 * of a template or of one of its resources, in YAML and in JSON, which has no comments. Knows no rules.
 */
import type { TextEdit } from '../../finding/edit.ts';
import type { Problem } from '../../finding/finding.ts';
import { PLACEHOLDER } from '../../finding/placeholder.ts';
import type { IgnoreDirective, Source } from '../../policy/module.ts';
import type { Span } from '../../text/text.ts';
import { entryOf, literalOf, type Value } from '../../value/value.ts';
import type { Template } from './scope.ts';
import type { YamlReading } from './yaml/read.ts';

/** Ignores that hold, and those that do not. */
export interface Directives {
  readonly directives: readonly IgnoreDirective[];
  readonly problems: readonly Problem[];
}

/** What takes findings back, as written. */
interface Words {
  readonly rules: readonly string[];
  readonly reason: string;
  readonly span: Span;
  readonly covers: Span;
}

/** The comments of a file that are ignores. */
export function commentDirectives(source: Source, reading: YamlReading): Directives {
  if (!source.text.includes('leastwise-ignore')) return { directives: [], problems: [] };
  return judged(
    reading.comments.flatMap((span): readonly Words[] => {
      const match = DIRECTIVE.exec(source.text.slice(span.start, span.end));
      if (!match) return [];
      const rules = (match[1] ?? '').split(/[\s,]+/).filter((rule) => rule !== '');
      const reason = (match[2] ?? '').trim();
      return [{ rules, reason, span, covers: covered(source.text, reading, span) ?? span }];
    }),
  );
}

const DIRECTIVE = /^#+\s*leastwise-ignore\b([\w\s,*-]*)(?::(.*))?/;

/** The ignores in the metadata of a template and of its resources. */
export function metadataDirectives(templates: readonly Template[]): Directives {
  const words = templates.flatMap(({ root, scope }) => [
    ...wordsIn(entryOf(root, 'Metadata')?.value, root.span),
    ...[...scope.resources.values()].flatMap(({ entry }) =>
      entry.value.kind === 'object' ? wordsIn(entryOf(entry.value, 'Metadata')?.value, entry.span) : [],
    ),
  ]);
  return judged(words);
}

function wordsIn(metadata: Value | undefined, covers: Span): readonly Words[] {
  const own = metadata?.kind === 'object' ? entryOf(metadata, 'leastwise')?.value : undefined;
  const list = own?.kind === 'object' ? entryOf(own, 'ignore')?.value : undefined;
  const items = list?.kind === 'list' ? list.items.map((item) => item.value) : [list];
  return items.flatMap((item) => {
    if (item?.kind !== 'object') return [];
    const rule = literalOf(entryOf(item, 'rule')?.value);
    const reason = literalOf(entryOf(item, 'reason')?.value) ?? '';
    return [{ rules: rule === undefined ? [] : [rule], reason: reason.trim(), span: item.span, covers }];
  });
}

function judged(all: readonly Words[]): Directives {
  const directives: IgnoreDirective[] = [];
  const problems: Problem[] = [];
  for (const { rules, reason, span, covers } of all) {
    const problem = (message: string) => problems.push({ id: 'configuration', span, message });
    if (reason.includes(PLACEHOLDER)) problem('the reason of this ignore is left to be filled in');
    if (rules.length === 0) problem('this ignore names no rule');
    else if (reason === '')
      problem(`the ignore of ${rules.map((rule) => `\`${rule}\``).join(', ')} gives no reason, so it hides nothing`);
    else directives.push({ rules, reason, span, covers });
  }
  return { directives, problems };
}

/** What begins on the comment's own line, else on the next line that is neither blank nor a comment. */
function covered(text: string, reading: YamlReading, comment: Span): Span | undefined {
  const own = beginningIn(reading, lineStart(text, comment.start), comment.start);
  if (own) return own;
  for (let from = nextLine(text, comment.end); from < text.length; from = nextLine(text, from)) {
    const line = text.slice(from, nextLine(text, from)).trim();
    if (line === '' || line.startsWith('#')) continue;
    return beginningIn(reading, from, nextLine(text, from));
  }
  return undefined;
}

/** The largest entry or item that begins there. */
function beginningIn({ members }: YamlReading, from: number, to: number): Span | undefined {
  let largest: Span | undefined;
  for (const { at, span } of members)
    if (from <= at && at < to && (!largest || span.end - span.start > largest.end - largest.start)) largest = span;
  return largest;
}

/** A comment on a line of its own above the smallest entry or item with a line of its own that holds the span. Invariant: read again, it covers the span. */
export function commentAbove(source: Source, reading: YamlReading, span: Span, comment: string): TextEdit | undefined {
  const { path, text } = source;
  const around = reading.members
    .filter((member) => member.at <= span.start && span.end <= member.span.end)
    .sort((a, b) => b.at - a.at);
  for (const { at } of around) {
    const start = lineStart(text, at);
    const indent = text.slice(start, at);
    if (!/^ *$/.test(indent)) continue;
    const covers = beginningIn(reading, start, nextLine(text, at));
    if (!covers || covers.start > span.start || span.end > covers.end) continue;
    const newText = `${comment}${text.includes('\r\n') ? '\r\n' : '\n'}${indent}`;
    return { span: { source: path, start: at, end: at }, newText };
  }
  return undefined;
}

function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

function nextLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end + 1;
}
