/** Ignoring in the editor: which file takes a finding back, and the action that changes it. Opens no file. */
import { dirname, join, sep } from 'node:path';
import type { CodeAction, Diagnostic } from 'vscode-languageserver/node';
import type { ModuleAnalysis } from '../analysis.ts';
import { ignoreByComment, ignoreByEntry, mayIgnore } from '../features/ignoring.ts';
import type { TextEdit } from '../finding/edit.ts';
import type { Finding } from '../finding/finding.ts';
import { jsonHost } from '../hosts/json/json.ts';
import type { Desk } from './answers.ts';
import { CONFIGURATION_NAME } from './configurations.ts';
import { placesIn, toIgnoreAction } from './convert.ts';
import { isFile } from './paths.ts';
import type { Inspection } from './workspace.ts';

/** The action that takes the finding back with a reason to be filled in: by a comment, or in the nearest configuration, which is made where there is none. None where the client could not do it. */
export function ignoreFor(
  { source, configuration }: Inspection,
  analysis: ModuleAnalysis,
  finding: Finding,
  diagnostics: readonly Diagnostic[],
  { client, workspace }: Desk,
): readonly CodeAction[] {
  if (!mayIgnore(finding)) return [];
  const sources = [...analysis.module.sources, ...(configuration ? [configuration] : [])];
  const places = placesIn(sources, workspace.locate);
  const action = (title: string, change: Parameters<typeof toIgnoreAction>[2]) => [
    toIgnoreAction(title, finding, change, diagnostics, places, client),
  ];
  const comment = ignoreByComment(analysis, finding);
  if (comment) return action(comment.title, [comment.edit]);
  if (!isFile(source.path)) return [];
  const path = configuration?.path ?? join(folderOf(source.path, client.folders), CONFIGURATION_NAME);
  const entry = ignoreByEntry(finding, path, configuration);
  if (!entry) return [];
  if ('text' in entry.change) return client.createsFiles ? action(entry.title, { path, text: entry.change.text }) : [];
  const module = configuration && jsonHost.read([configuration], {});
  const edits: readonly TextEdit[] | undefined = module && jsonHost.print(module, entry.change.edits);
  return edits ? action(entry.title, edits) : [];
}

/** The workspace's folder that the file lies in, the innermost one; else its own. */
function folderOf(path: string, folders: readonly string[]): string {
  const around = folders.filter((folder) => path.startsWith(folder.endsWith(sep) ? folder : folder + sep));
  return around.sort((a, b) => b.length - a.length)[0] ?? dirname(path);
}
