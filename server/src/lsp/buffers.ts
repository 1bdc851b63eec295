/** Buffers: the open documents of an editor by their paths, as sources that stay the same objects as long as their texts do. */
import type { Host } from '../hosts/host.ts';
import { hostOf } from '../hosts/index.ts';
import type { Source } from '../policy/module.ts';
import { pathOf, uriOf } from './paths.ts';

/** An open document, as far as it matters here. */
export interface OpenDocument {
  readonly uri: string;
  readonly languageId: string;
  readonly version: number;
  getText(): string;
}

/** Where open documents are asked for. */
export interface Editor {
  /** The document of that URI, or all of them. */
  readonly document: (uri: string) => OpenDocument | undefined;
  readonly documents: () => readonly OpenDocument[];
}

/** Open documents by their paths. */
export interface Buffers {
  paths(): readonly string[];
  document(path: string): OpenDocument | undefined;
  /** The same object as long as the text is the same. */
  source(path: string): Source | undefined;
  /** By name; by the editor's word on the language where the name tells nothing. */
  readonly host: (path: string) => Host | undefined;
  forget(path: string): void;
}

/** The documents that an editor has open. */
export function openBuffers({ document, documents }: Editor): Buffers {
  const sources = new Map<string, { readonly version: number; readonly source: Source }>();
  const find = (path: string) =>
    document(uriOf(path)) ?? documents().find((candidate) => pathOf(candidate.uri) === path);
  return {
    paths: () => documents().map((open) => pathOf(open.uri)),
    document: find,
    source: (path) => {
      const open = find(path);
      if (!open) return undefined;
      const known = sources.get(path);
      if (known?.version === open.version) return known.source;
      const source = { path, text: open.getText() };
      sources.set(path, { version: open.version, source });
      return source;
    },
    host: (path) => hostOf(path) ?? hostOf(STAND_IN[find(path)?.languageId ?? ''] ?? ''),
    forget: (path) => sources.delete(path),
  };
}

/** A file name by which the host of a language is found. */
const STAND_IN: Readonly<Record<string, string>> = {
  json: 'policy.json',
  jsonc: 'policy.json',
  terraform: 'main.tf',
  opentofu: 'main.tf',
  yaml: 'template.yaml',
  cloudformation: 'template.yaml',
};
