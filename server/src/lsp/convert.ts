/** Turns plain data of the core into what the protocol speaks. Decides nothing. */
import {
  type CodeAction,
  CodeActionKind,
  type Diagnostic,
  DiagnosticSeverity,
  DiagnosticTag,
  type DocumentSymbol,
  StringValue,
  SymbolKind,
  type TextDocumentEdit,
  type WorkspaceEdit,
} from 'vscode-languageserver/node';
import type { Request } from '../access/request.ts';
import { pageOf, shownMessage } from '../features/diagnostics.ts';
import type { Refactor } from '../features/refactors/refactor.ts';
import type { OutlineSymbol } from '../features/symbols.ts';
import type { TextEdit } from '../finding/edit.ts';
import type { Finding, Level } from '../finding/finding.ts';
import { PLACEHOLDER } from '../finding/placeholder.ts';
import type { Source } from '../policy/module.ts';
import type { ProvedFix } from '../proof.ts';
import { type Lines, linesOf, type Position, positionAt } from '../text/lines.ts';
import type { Span } from '../text/text.ts';

/** Where spans stand, in the protocol's words. */
export interface Places {
  range(span: Span): { readonly start: Position; readonly end: Position };
  uri(path: string): string;
  /** The blanks that the line begins with on which a span starts. */
  indent(span: Span): string;
  /** Null for files that are not open. */
  version(path: string): number | null;
}

/** What the client can take. */
export interface ClientAbilities {
  readonly relatedInformation: boolean;
  readonly documentChanges: boolean;
  /** Shows words about an edit in its preview. Without documentChanges it counts for nothing, as does `snippets`. */
  readonly changeAnnotations: boolean;
  /** Takes text with tab-stops. */
  readonly snippets: boolean;
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
  const indent = (span: Span) => {
    const text = sources.find((candidate) => candidate.path === span.source)?.text ?? '';
    return /^[ \t]*/.exec(text.slice(text.lastIndexOf('\n', span.start - 1) + 1))?.[0] ?? '';
  };
  return { range, indent, uri: (path) => locate(path).uri, version: (path) => locate(path).version };
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
  finding: Pick<Finding, 'rule' | 'level' | 'message' | 'span' | 'related' | 'unnecessary' | 'confirmed' | 'page'>,
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
    codeDescription: { href: finding.page ?? pageOf(finding.rule) },
    message: shownMessage(finding),
    ...(isFadedItself(finding) ? { tags: [DiagnosticTag.Unnecessary] } : {}),
    ...(client.relatedInformation && related.length > 0 ? { relatedInformation: related } : {}),
  };
}

/** Greys out text without effect where that is more than the words that the finding points at: a hint beside the diagnostic. */
export function fadingOf(
  finding: Pick<Finding, 'rule' | 'message' | 'span' | 'unnecessary'>,
  places: Places,
): readonly Diagnostic[] {
  const { unnecessary } = finding;
  if (!unnecessary || isFadedItself(finding)) return [];
  return [
    {
      range: places.range(unnecessary),
      severity: DiagnosticSeverity.Hint,
      source: 'leastwise',
      code: finding.rule,
      message: finding.message,
      tags: [DiagnosticTag.Unnecessary],
    },
  ];
}

function isFadedItself({ unnecessary, span }: Pick<Finding, 'span' | 'unnecessary'>): boolean {
  return unnecessary?.source === span.source && unnecessary.start === span.start && unnecessary.end === span.end;
}

/** Mends all that can be mended without a change of what is allowed. */
export const FIX_ALL = `${CodeActionKind.SourceFixAll}.leastwise`;

/** A fix as a quick fix. `diagnostics` are those that the client sent along. What it takes away is said in its preview and handed over as `data.lost`. */
export function toCodeAction(
  { finding, fix, edits, lost }: ProvedFix,
  diagnostics: readonly Diagnostic[],
  places: Places,
  client: ClientAbilities,
): CodeAction {
  return {
    ...quickFix(fix.title, finding, diagnostics, places),
    edit: toWorkspaceEdit(edits, places, client, lost ? lostText(lost) : undefined),
    ...(fix.preferred ? { isPreferred: true } : {}),
    ...(lost ? { data: { lost } } : {}),
  };
}

/** What takes a finding back, as a quick fix: edits of files, or the whole text of a new one. */
export function toIgnoreAction(
  title: string,
  finding: Finding,
  change: readonly TextEdit[] | { readonly path: string; readonly text: string },
  diagnostics: readonly Diagnostic[],
  places: Places,
  client: ClientAbilities,
): CodeAction {
  const action = quickFix(title, finding, diagnostics, places);
  if ('path' in change) return { ...action, edit: toNewFile(places.uri(change.path), change.text) };
  return { ...action, edit: toWorkspaceEdit(change, places, client, undefined) };
}

function quickFix(title: string, finding: Finding, diagnostics: readonly Diagnostic[], places: Places): CodeAction {
  const { start } = places.range(finding.span);
  const mended = diagnostics.filter(
    (one) =>
      one.code === finding.rule && one.range.start.line === start.line && one.range.start.character === start.character,
  );
  return { title, kind: CodeActionKind.QuickFix, ...(mended.length > 0 ? { diagnostics: mended } : {}) };
}

function toNewFile(uri: string, text: string): WorkspaceEdit {
  const start = { line: 0, character: 0 };
  return {
    documentChanges: [
      { kind: 'create', uri, options: { ignoreIfExists: true } },
      { textDocument: { uri, version: null }, edits: [{ range: { start, end: start }, newText: text }] },
    ],
  };
}

/** Edits that keep access the same, as one action. */
export function toFixAll(edits: readonly TextEdit[], places: Places, client: ClientAbilities): CodeAction {
  return {
    title: 'Fix all that keeps access the same',
    kind: FIX_ALL,
    edit: toWorkspaceEdit(edits, places, client, undefined),
  };
}

const REFACTOR_KINDS: Readonly<Record<Refactor['kind'], string>> = {
  rewrite: CodeActionKind.RefactorRewrite,
  extract: CodeActionKind.RefactorExtract,
  inline: CodeActionKind.RefactorInline,
};

/** The kinds of refactors. */
export const REFACTORS: readonly string[] = Object.values(REFACTOR_KINDS);

/** A refactor as a code action. */
export function toRefactor({ kind, title, edits }: Refactor, places: Places, client: ClientAbilities): CodeAction {
  return { title, kind: refactorKind(kind), edit: toWorkspaceEdit(edits, places, client, undefined) };
}

/** The protocol's name of a kind of refactors. */
export function refactorKind(kind: Refactor['kind']): string {
  return REFACTOR_KINDS[kind];
}

/** A request on one line. */
function lostText({ action, resource, context }: Request): string {
  const keys = Object.entries(context).map(([key, value]) => `${key} = ${[value].flat().join(', ')}`);
  return `No longer allowed: ${action} on ${resource}${keys.length > 0 ? ` (${keys.join('; ')})` : ''}`;
}

const ANNOTATION = 'leastwise';

function toWorkspaceEdit(
  edits: readonly TextEdit[],
  places: Places,
  client: ClientAbilities,
  description: string | undefined,
): WorkspaceEdit {
  const byPath = new Map<string, TextEdit[]>();
  for (const edit of edits) byPath.set(edit.span.source, [...(byPath.get(edit.span.source) ?? []), edit]);
  const plain = ({ span, newText }: TextEdit) => ({ range: places.range(span), newText });
  if (!client.documentChanges)
    return { changes: Object.fromEntries([...byPath].map(([path, list]) => [places.uri(path), list.map(plain)])) };
  const annotated = client.changeAnnotations && description !== undefined;
  const annotation = annotated ? { annotationId: ANNOTATION } : {};
  const documentChanges: TextDocumentEdit[] = [...byPath].map(([path, list]) => ({
    textDocument: { uri: places.uri(path), version: places.version(path) },
    edits: list.map((edit) =>
      client.snippets && edit.newText.includes(PLACEHOLDER)
        ? {
            range: places.range(edit.span),
            snippet: StringValue.createSnippet(snippetOf(edit.newText, places.indent(edit.span))),
            ...annotation,
          }
        : { ...plain(edit), ...annotation },
    ),
  }));
  return {
    documentChanges,
    ...(annotated ? { changeAnnotations: { [ANNOTATION]: { label: 'Leastwise', description } } } : {}),
  };
}

/** Text with a tab-stop for each part that is left to be filled in; equal ones are filled in together. Clients indent the further lines as the first one is. */
export function snippetOf(text: string, indent: string): string {
  const stops = new Map<string, number>();
  return text.replaceAll(`\n${indent}`, '\n').replace(/REPLACE_ME_\w+|[\\$}]/g, (found) => {
    if (!found.startsWith(PLACEHOLDER)) return `\\${found}`;
    const stop = stops.get(found) ?? stops.size + 1;
    stops.set(found, stop);
    return `\${${stop}:${found}}`;
  });
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
