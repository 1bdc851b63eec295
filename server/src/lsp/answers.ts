/** Answers: what the server says of one inspected document, in the protocol's words. Knows neither connection nor disk. */
import type { CodeAction, Diagnostic, DocumentSymbol, Hover, Range } from 'vscode-languageserver/node';
import type { Catalog } from '../catalog/catalog.ts';
import { unusedIgnores } from '../config/unused.ts';
import { findingsIn, fixesIn, fixesOfAll } from '../features/actions.ts';
import { problemLevel, readConfiguration } from '../features/configuration.ts';
import { type Display, shownFindings } from '../features/diagnostics.ts';
import { hoverAt } from '../features/hover.ts';
import { type Status, statusOf } from '../features/status.ts';
import { symbolsOf } from '../features/symbols.ts';
import { universeOf } from '../features/universe.ts';
import type { Finding } from '../finding/finding.ts';
import { atLeast } from '../rules/charge.ts';
import { offsetAt, type Position } from '../text/lines.ts';
import type { Client } from './client.ts';
import {
  fadingOf,
  linesIn,
  type Places,
  placesIn,
  toCodeAction,
  toDiagnostic,
  toFixAll,
  toSymbols,
} from './convert.ts';
import { ignoreFor } from './ignoring.ts';
import type { Settings } from './settings.ts';
import { type Inspection, isConfiguration, type Workspace } from './workspace.ts';

/** What all answers rest on. */
export interface Desk {
  readonly catalog: Catalog;
  readonly workspace: Workspace;
  readonly client: Client;
  readonly settings: Settings;
  readonly trusted: boolean;
}

/** The diagnostics of the document. */
export function diagnosticsFor(inspection: Inspection, desk: Desk): Diagnostic[] {
  const places = placesOf(inspection, desk);
  if (isConfiguration(inspection.source.path)) {
    return configurationFindings(inspection, desk).map((finding) => toDiagnostic(finding, places, desk.client));
  }
  const { analysis, source } = inspection;
  if (!analysis) return [];
  const display = displayOf(inspection, desk);
  const shown = shownFindings(analysis, source.path, display);
  const called = inspection.callers.flatMap(({ findings }) =>
    findings.filter(({ level }) => atLeast(level, display.level)),
  );
  return [...shown, ...called, ...hiddenByStrangers(inspection, desk)].flatMap((finding) => [
    toDiagnostic(finding, places, desk.client),
    ...fadingOf(finding, places),
  ]);
}

/** The hover at a position; null where there is nothing to say. */
export function hoverFor({ analysis, source }: Inspection, position: Position, desk: Desk): Hover | null {
  const offset = offsetAt(linesIn(source), position);
  const hover = analysis && hoverAt(analysis, source.path, offset, desk.catalog);
  if (!analysis || !hover) return null;
  const places = placesIn(analysis.module.sources, desk.workspace.locate);
  const kind = desk.client.plainHover ? 'plaintext' : 'markdown';
  return { contents: { kind, value: hover.markdown }, range: places.range(hover.span) };
}

/** The quick fixes for a range, each proved. `diagnostics` are those that the client sent along. */
export function actionsFor(
  inspection: Inspection,
  range: Range,
  diagnostics: readonly Diagnostic[],
  desk: Desk,
): CodeAction[] {
  const { analysis, source } = inspection;
  if (!analysis) return [];
  const places = placesOf(inspection, desk);
  const lines = linesIn(source);
  const shown = shownFindings(analysis, source.path, displayOf(inspection, desk));
  const [start, end] = [offsetAt(lines, range.start), offsetAt(lines, range.end)];
  const fixes = fixesIn(analysis, shown, start, end, universeOf(desk.catalog));
  const ignoring = findingsIn(shown, start, end).flatMap((finding) =>
    ignoreFor(inspection, analysis, finding, diagnostics, desk),
  );
  return [...fixes.map((fix) => toCodeAction(fix, diagnostics, places, desk.client)), ...ignoring];
}

/** All that can be mended in the document without a change of what is allowed, as one action; none where that is nothing. */
export function fixAllFor(inspection: Inspection, desk: Desk): CodeAction[] {
  const { analysis, source } = inspection;
  if (!analysis) return [];
  const shown = shownFindings(analysis, source.path, displayOf(inspection, desk));
  const edits = fixesOfAll(analysis, shown, (path) => path === source.path).flat();
  return edits.length === 0 ? [] : [toFixAll(edits, placesOf(inspection, desk), desk.client)];
}

/** The outline. */
export function symbolsFor(inspection: Inspection, desk: Desk): DocumentSymbol[] {
  const { analysis, source } = inspection;
  return analysis ? toSymbols(symbolsOf(analysis, source.path), placesOf(inspection, desk)) : [];
}

/** The answer to `leastwise/status`: the status with positions in place of offsets. */
export type StatusAnswer = Omit<Status, 'hidden'> & {
  readonly enabled: boolean;
  readonly trusted: boolean;
  readonly isConfiguration: boolean;
  readonly hidden: readonly (Omit<Status['hidden'][number], 'start'> & { readonly line: number })[];
};

/** Why the document is, or is not, seen as a policy, and what is not shown. */
export function statusFor(inspection: Inspection, desk: Desk): StatusAnswer {
  const { source, analysis, config, today } = inspection;
  const status = statusOf(source, analysis, { catalog: desk.catalog, config, today });
  const places = placesOf(inspection, desk);
  return {
    ...status,
    enabled: desk.settings.enable,
    trusted: desk.trusted,
    isConfiguration: isConfiguration(source.path),
    hidden: status.hidden.map(({ start, ...one }) => ({
      ...one,
      line: places.range({ source: source.path, start, end: start }).start.line,
    })),
  };
}

/** Places of all sources that are read together with the document. */
export function placesOf({ analysis, source, callers }: Inspection, { workspace }: Desk): Places {
  const modules = [...(analysis ? [analysis] : []), ...callers.map((caller) => caller.analysis)];
  const sources = modules.flatMap(({ module }) => [...module.sources, ...(module.beside ?? [])]);
  return placesIn(analysis ? sources : [source], workspace.locate);
}

/** VS Code says itself what is no JSON, and so do all editors that call a document JSON. */
function displayOf({ languageId }: Inspection, { settings }: Desk): Display {
  return { syntax: languageId === 'json' || languageId === 'jsonc' ? 'theirs' : 'ours', level: settings.level };
}

/** In a workspace that the user does not trust, its own ignores cannot silence a finding: it is shown as information, with the reason. */
function hiddenByStrangers({ analysis, source }: Inspection, { trusted, settings }: Desk): readonly Finding[] {
  if (trusted || !analysis || settings.level !== 'info') return [];
  return analysis.judgement.ignored.flatMap(({ finding, by }) =>
    finding.span.source === source.path && 'reason' in by
      ? [{ ...finding, level: 'info', message: `${finding.message} (ignored by this workspace: ${by.reason})` }]
      : [],
  );
}

function configurationFindings({ source, today }: Inspection, { settings }: Desk): readonly Omit<Finding, 'fixes'>[] {
  const { config, problems } = readConfiguration(source.path, source.text);
  const expired = unusedIgnores(config, new Set(), today, () => false);
  return [...problems, ...expired].flatMap((problem) => {
    const level = problemLevel(problem, config);
    if (level === 'off' || !atLeast(level, settings.level)) return [];
    return [{ rule: problem.id, level, message: problem.message, span: problem.span, related: [] }];
  });
}
