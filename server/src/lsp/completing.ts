/** Completing: what fits at a place, in the protocol's words. Knows neither connection nor disk. */
import { type CompletionItem, CompletionItemKind, InsertTextFormat, MarkupKind } from 'vscode-languageserver/node';
import { type Completion, completionsAt } from '../features/completion.ts';
import { PLACEHOLDER } from '../finding/placeholder.ts';
import { offsetAt, type Position } from '../text/lines.ts';
import type { Desk } from './answers.ts';
import { linesIn, placesIn, snippetOf } from './convert.ts';
import type { Inspection } from './workspace.ts';

/** What fits at a position; empty where nothing is known to. */
export function completionsFor(inspection: Inspection, position: Position, desk: Desk): CompletionItem[] {
  const { analysis, config, source } = inspection;
  const offset = offsetAt(linesIn(source), position);
  const found = analysis && completionsAt(analysis, source.path, offset, { catalog: desk.catalog, config });
  if (!analysis || !found) return [];
  const range = placesIn(analysis.module.sources, desk.workspace.locate).range(found.span);
  // An editor completes within one line.
  if (range.start.line !== range.end.line) return [];
  return found.items.map((item) => toItem(item, range, desk));
}

function toItem(item: Completion, range: ReturnType<ReturnType<typeof placesIn>['range']>, desk: Desk): CompletionItem {
  const isSnippet = desk.client.snippetCompletion && item.insert.includes(PLACEHOLDER);
  return {
    label: item.insert,
    kind: KINDS[item.kind],
    detail: item.detail,
    filterText: item.insert,
    insertTextFormat: isSnippet ? InsertTextFormat.Snippet : InsertTextFormat.PlainText,
    textEdit: { range, newText: isSnippet ? snippetOf(item.insert, '') : item.insert },
    ...(item.documentation === ''
      ? {}
      : {
          documentation: {
            kind: desk.client.plainHover ? MarkupKind.PlainText : MarkupKind.Markdown,
            value: item.documentation,
          },
        }),
    ...(item.kind === 'service' ? { command: { title: 'Suggest', command: 'editor.action.triggerSuggest' } } : {}),
  };
}

const KINDS: Readonly<Record<Completion['kind'], CompletionItemKind>> = {
  service: CompletionItemKind.Module,
  action: CompletionItemKind.Function,
  arn: CompletionItemKind.Reference,
  operator: CompletionItemKind.Operator,
  'condition-key': CompletionItemKind.Property,
};
