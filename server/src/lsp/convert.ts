/** Turns plain data of the core into what the protocol speaks. Decides nothing. */
import {
  type CodeAction,
  CodeActionKind,
  type Diagnostic,
  DiagnosticSeverity,
  DiagnosticTag,
  type DocumentSymbol,
  SymbolKind,
  type TextDocumentEdit,
  type WorkspaceEdit,
} from 'vscode-languageserver/node';
import type { CodeFix } from '../features/actions.ts';
import { pageOf } from '../features/diagnostics.ts';
import type { OutlineSymbol } from '../features/symbols.ts';
import type { TextEdit } from '../finding/edit.ts';
import type { Finding, Level } from '../finding/finding.ts';
import type { Source } from '../policy/module.ts';
import { type Lines, linesOf, type Position, positionAt } from '../text/lines.ts';
import type { Span } from '../text/text.ts';

/** Where spans stand, in the protocol's words. */
export interface Places {
  range(span: Span): { readonly start: Position; readonly end: Position };
  uri(path: string): string;
  /** Null for files that are not open. */
  version(path: string): number | null;
}

/** What the client can take. */
export interface ClientAbilities {
  readonly relatedInformation: boolean;
  readonly documentChanges: boolean;
}

/** Places in these sources; lines are counted once for a source, as long as it lives. */
export function placesIn(
  sources: readonly Source[],
  locate: (path: string) => { readonly uri: string; readonly version: number | null },
): Places {
  const range = (span: Span) => {
    const source = sources.find((candidate) => candidate.path === span.source);
    const lines = source ? linesIn(source) : NO_LINES;
    return { start: positionAt(lines, span.start), end: positionAt(lines, span.end) };
  };
  return { range, uri: (path) => locate(path).uri, version: (path) => locate(path).version };
}

/** The lines of a source. */
export function linesIn(source: Source): Lines {
  const known = COUNTED.get(source);
  if (known) return known;
  const lines = linesOf(source.text);
  COUNTED.set(source, lines);
  return lines;
}

const COUNTED = new WeakMap<Source, Lines>();
const NO_LINES = linesOf('');

const SEVERITIES: Readonly<Record<Level, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
};

/** A finding as a diagnostic. */
export function toDiagnostic(
  finding: Pick<Finding, 'rule' | 'level' | 'message' | 'span' | 'related' | 'unnecessary'>,
  places: Places,
  client: ClientAbilities,
): Diagnostic {
  const related = finding.related.map((one) => ({
    location: { uri: places.uri(one.span.source), range: places.range(one.span) },
    message: one.message,
  }));
  return {
    range: places.range(finding.span),
    severity: SEVERITIES[finding.level],
    source: 'leastwise',
    code: finding.rule,
    codeDescription: { href: pageOf(finding.rule) },
    message: finding.message,
    ...(finding.unnecessary ? { tags: [DiagnosticTag.Unnecessary] } : {}),
    ...(client.relatedInformation && related.length > 0 ? { relatedInformation: related } : {}),
  };
}

/** A fix as a quick fix. `diagnostics` are those that the client sent along. */
export function toCodeAction(
  fix: CodeFix,
  diagnostics: readonly Diagnostic[],
  places: Places,
  client: ClientAbilities,
): CodeAction {
  const { start } = places.range(fix.finding.span);
  const mended = diagnostics.filter(
    (one) =>
      one.code === fix.finding.rule &&
      one.range.start.line === start.line &&
      one.range.start.character === start.character,
  );
  return {
    title: fix.fix.title,
    kind: CodeActionKind.QuickFix,
    edit: toWorkspaceEdit(fix.edits, places, client),
    ...(mended.length > 0 ? { diagnostics: mended } : {}),
    ...(fix.fix.preferred ? { isPreferred: true } : {}),
  };
}

function toWorkspaceEdit(edits: readonly TextEdit[], places: Places, client: ClientAbilities): WorkspaceEdit {
  const byPath = new Map<string, { range: ReturnType<Places['range']>; newText: string }[]>();
  for (const { span, newText } of edits) {
    const edit = { range: places.range(span), newText };
    byPath.set(span.source, [...(byPath.get(span.source) ?? []), edit]);
  }
  if (!client.documentChanges)
    return { changes: Object.fromEntries([...byPath].map(([path, list]) => [places.uri(path), list])) };
  const documentChanges: TextDocumentEdit[] = [...byPath].map(([path, list]) => ({
    textDocument: { uri: places.uri(path), version: places.version(path) },
    edits: list,
  }));
  return { documentChanges };
}

/** The outline. */
export function toSymbols(symbols: readonly OutlineSymbol[], places: Places): DocumentSymbol[] {
  return symbols.map((symbol) => ({
    name: symbol.name,
    detail: symbol.detail,
    kind: symbol.kind === 'policy' ? SymbolKind.Module : SymbolKind.Object,
    range: places.range(symbol.span),
    selectionRange: places.range(symbol.selection),
    children: toSymbols(symbol.children, places),
  }));
}
