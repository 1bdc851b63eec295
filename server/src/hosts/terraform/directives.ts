/** Ignore comments: `# leastwise-ignore rule, rule: reason`, and what each of them covers. Knows no rules. */
import type { TextEdit } from '../../finding/edit.ts';
import type { Problem } from '../../finding/finding.ts';
import { PLACEHOLDER } from '../../finding/placeholder.ts';
import type { IgnoreDirective, Source } from '../../policy/module.ts';
import type { Span } from '../../text/text.ts';
import type { Body, Comment, Expression, HclFile, HclSpan, ObjectEntry } from './hcl/syntax.ts';
import { childrenOf } from './walk.ts';

/** The file's directives. One that names no rule or gives no reason is a problem instead. */
export function readDirectives(
  source: Source,
  hcl: HclFile,
): { directives: readonly IgnoreDirective[]; problems: readonly Problem[] } {
  const directives: IgnoreDirective[] = [];
  const problems: Problem[] = [];
  if (!source.text.includes(WORD)) return { directives, problems };
  for (const comment of hcl.comments) {
    const words = source.text.slice(comment.span.start, comment.span.end);
    const match = DIRECTIVE.exec(words);
    if (!match) continue;
    const span = { source: source.path, start: comment.span.start, end: comment.span.start + words.trimEnd().length };
    const rules = (match[1] ?? '').split(/[\s,]+/).filter((rule) => rule !== '');
    const reason = (match[2] ?? '').trim();
    if (reason.includes(PLACEHOLDER))
      problems.push({ id: 'configuration', span, message: 'the reason of this ignore is left to be filled in' });
    if (rules.length === 0) problems.push({ id: 'configuration', span, message: 'this ignore names no rule' });
    else if (reason === '') {
      const names = rules.map((rule) => `\`${rule}\``).join(', ');
      problems.push({
        id: 'configuration',
        span,
        message: `the ignore of ${names} gives no reason, so it hides nothing`,
      });
    } else {
      const covers = covered(hcl, comment) ?? comment.span;
      const doubtful = /\b(?:var|templatefile)\b/.test(source.text.slice(covers.start, covers.end));
      const place = { source: source.path, start: covers.start, end: covers.end };
      directives.push({ rules, reason, span, covers: place, ...(doubtful ? { doubtful } : {}) });
    }
  }
  return { directives, problems };
}

/** A comment on a line of its own above the smallest thing with a line of its own that holds the span. Invariant: read again, it covers the span. */
export function directiveAbove(source: Source, hcl: HclFile, span: Span, comment: string): TextEdit | undefined {
  const { path, text } = source;
  for (const { start } of around(hcl.body, span).reverse()) {
    const indent = text.slice(text.lastIndexOf('\n', start - 1) + 1, start);
    if (!/^[ \t]*$/.test(indent)) continue;
    const covers = beginningIn(hcl.body, start - indent.length, nextLine(text, start));
    if (!covers || covers.start > span.start || span.end > covers.end) continue;
    const newText = `${comment}${text.includes('\r\n') ? '\r\n' : '\n'}${indent}`;
    return { span: { source: path, start, end: start }, newText };
  }
  return undefined;
}

/** The blocks, attributes, entries and items that hold the span, from the outermost in. In a heredoc there are none: comments would be its text. */
function around(body: Body, span: Span): HclSpan[] {
  const holds = (one: { readonly span: HclSpan }) => one.span.start <= span.start && span.end <= one.span.end;
  const item = body.items.find(holds);
  if (!item) return [];
  if (item.kind === 'block') return [item.span, ...around(item.body, span)];
  const found = [item.span];
  for (let expression: Expression | undefined = item.value; expression && expression.kind !== 'heredoc'; ) {
    const member: Expression | ObjectEntry | undefined =
      expression.kind === 'object' ? expression.entries.find(holds) : childrenOf(expression).find(holds);
    if (member) found.push(member.span);
    expression = member && !('kind' in member) ? member.value : member;
  }
  return found;
}

const WORD = 'leastwise-ignore';
const DIRECTIVE = /^(?:#|\/\/)\s*leastwise-ignore\b([\w\s,*-]*)(?::(.*))?/;

/** What begins on the comment's own line, else on the next line that is neither blank nor a comment. */
function covered(hcl: HclFile, comment: Comment): HclSpan | undefined {
  const { text } = hcl;
  const start = text.lastIndexOf('\n', comment.span.start - 1) + 1;
  const own = beginningIn(hcl.body, start, comment.span.start);
  if (own) return own;
  for (let from = nextLine(text, comment.span.end); from < text.length; from = nextLine(text, from)) {
    const line = text.slice(from, nextLine(text, from)).trim();
    if (line === '' || line.startsWith('#') || line.startsWith('//')) continue;
    return beginningIn(hcl.body, from, nextLine(text, from));
  }
  return undefined;
}

function nextLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end + 1;
}

/** The outermost block, attribute, entry or item that begins between the offsets. */
function beginningIn(body: Body, from: number, to: number): HclSpan | undefined {
  for (const item of body.items) {
    if (item.span.start >= to) return undefined;
    if (item.span.start >= from) return item.span;
    if (item.span.end <= from) continue;
    return item.kind === 'block' ? beginningIn(item.body, from, to) : memberIn(item.value, from, to);
  }
  return undefined;
}

function memberIn(expression: Expression, from: number, to: number): HclSpan | undefined {
  const members = expression.kind === 'object' ? expression.entries : childrenOf(expression);
  for (const member of members) {
    if (member.span.start >= to) return undefined;
    if (member.span.start >= from) return member.span;
    if (member.span.end <= from) continue;
    const inside = memberIn('kind' in member ? member : member.value, from, to);
    if (inside) return inside;
  }
  return undefined;
}
