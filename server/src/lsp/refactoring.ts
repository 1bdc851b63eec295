/** Refactoring: refactors in the protocol's words. A client that asks again for what was chosen gets titles first: to prove all that is offered takes a reading of the module for each. */
import type { CodeAction, Position, Range } from 'vscode-languageserver/node';
import { provedRefactors, refactorsAt } from '../features/refactors/refactors.ts';
import { offsetAt } from '../text/lines.ts';
import { type Desk, placesOf } from './answers.ts';
import { linesIn, REFACTORS, refactorKind, toRefactor } from './convert.ts';
import { record } from './settings.ts';
import type { Inspection } from './workspace.ts';

/** Which refactor was chosen, and where. */
export interface Chosen {
  readonly textDocument: { readonly uri: string };
  readonly position: Position;
}

/** What can be said otherwise at the start of a range, of the kinds that `isWanted`: proved and with edits, or, where the client asks for these later, by title. */
export function refactorsFor(
  inspection: Inspection,
  uri: string,
  { start }: Range,
  isWanted: (kind: string) => boolean,
  desk: Desk,
): CodeAction[] {
  const { analysis } = inspection;
  if (!analysis || !REFACTORS.some(isWanted)) return [];
  const found = refactorsIn(inspection, start, desk).filter(({ kind }) => isWanted(refactorKind(kind)));
  if (!desk.client.resolvesEdits) {
    const places = placesOf(inspection, desk);
    return provedRefactors(analysis, found).map((one) => toRefactor(one, places, desk.client));
  }
  const data: Chosen = { textDocument: { uri }, position: start };
  const titles = new Map(found.map(({ title, kind }) => [title, { title, kind: refactorKind(kind), data }]));
  return [...titles.values()];
}

/** The chosen one with its edit; undefined where it is not proved, or not there any more. */
export function resolveRefactor(
  inspection: Inspection,
  { title, kind }: CodeAction,
  { position }: Chosen,
  desk: Desk,
): CodeAction | undefined {
  const { analysis } = inspection;
  const ways = refactorsIn(inspection, position, desk).filter(
    (one) => one.title === title && refactorKind(one.kind) === kind,
  );
  const [proved] = analysis ? provedRefactors(analysis, ways) : [];
  return proved && toRefactor(proved, placesOf(inspection, desk), desk.client);
}

/** What a code action of ours says of itself; undefined for others. */
export function chosenRefactor({ data }: CodeAction): Chosen | undefined {
  const { textDocument, position } = record(data);
  const { uri } = record(textDocument);
  const { line, character } = record(position);
  if (typeof uri !== 'string' || typeof line !== 'number' || typeof character !== 'number') return undefined;
  return { textDocument: { uri }, position: { line, character } };
}

function refactorsIn({ analysis, source }: Inspection, position: Position, { catalog }: Desk) {
  const offset = offsetAt(linesIn(source), position);
  return analysis ? refactorsAt(analysis, { path: source.path, offset }, catalog) : [];
}
