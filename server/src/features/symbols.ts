/** Symbols: the policies of a source and their statements, as an outline. Plain data; names are short and on one line. */
import type { ModuleAnalysis } from '../analysis.ts';
import type { Policy, Statement } from '../policy/policy.ts';
import { contains, displayText, type Span } from '../text/text.ts';

/** One line of the outline. Invariant: `selection` lies within `span`, and children within their parent. */
export interface OutlineSymbol {
  readonly kind: 'policy' | 'statement';
  readonly name: string;
  readonly detail: string;
  readonly span: Span;
  readonly selection: Span;
  readonly children: readonly OutlineSymbol[];
}

/** The outline of the source with that path; of policies in several sources the part that stands in it. */
export function symbolsOf(analysis: ModuleAnalysis, path: string): readonly OutlineSymbol[] {
  return analysis.policies.flatMap((policy) => policySymbol(policy, path) ?? []);
}

function policySymbol(policy: Policy, path: string): OutlineSymbol | undefined {
  const children = policy.statements.flatMap((statement) => statementSymbol(statement, path) ?? []);
  const own = policy.site.span.source === path ? [policy.site.span] : [];
  const span = hull(path, [...own, ...children.map((child) => child.span)]);
  if (!span) return undefined;
  const name = policy.site.address || 'policy';
  const selection = own[0] ?? span;
  return { kind: 'policy', name: short(name), detail: `${policy.kind} policy`, span, selection, children };
}

function statementSymbol(statement: Statement, path: string): OutlineSymbol | undefined {
  const { span } = statement.value;
  if (span.source !== path) return undefined;
  const sid = statement.sid ? displayText(statement.sid.text) : '';
  const summary = summarize(statement);
  const selection = contains(span, statement.head) ? statement.head : span;
  return {
    kind: 'statement',
    name: short(sid || summary),
    detail: sid ? short(summary) : '',
    span,
    selection,
    children: [],
  };
}

function summarize(statement: Statement): string {
  const { action } = statement;
  const names = action?.items.map((item) => displayText(item.text)) ?? [];
  const listed = names.slice(0, 2).join(', ') + (names.length > 2 || action?.open ? ', …' : '');
  const effect =
    statement.effect.answer === 'Allow' || statement.effect.answer === 'Deny' ? statement.effect.answer : 'Statement';
  return [effect, action?.negated ? 'all but' : '', listed].filter((word) => word !== '').join(' ');
}

function short(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return (line.length > LONGEST ? `${line.slice(0, LONGEST - 1)}…` : line) || 'statement';
}

const LONGEST = 80;

function hull(source: string, spans: readonly Span[]): Span | undefined {
  if (spans.length === 0) return undefined;
  return {
    source,
    start: Math.min(...spans.map((span) => span.start)),
    end: Math.max(...spans.map((span) => span.end)),
  };
}
