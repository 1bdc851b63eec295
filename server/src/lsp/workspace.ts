/**
 * Workspace: the open documents with what is known of them. Unsaved text counts before the disk; of each module only the
 * last analysis is kept, and only while one of its files is open. Speaks no protocol.
 */
import { dirname } from 'node:path';
import { type Analysis, type AnalysisContext, analyze, analyzeFurther, type ModuleAnalysis } from '../analysis.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { Config } from '../config/config.ts';
import type { Host } from '../hosts/host.ts';
import { hostOf } from '../hosts/index.ts';
import type { Source } from '../policy/module.ts';
import { CONFIGURATION_NAME, openConfigurations } from './configurations.ts';
import { openFolders } from './folders.ts';
import { isFile, pathOf, uriOf } from './paths.ts';
import type { Settings } from './settings.ts';

/** An open document, as far as it matters here. */
export interface OpenDocument {
  readonly uri: string;
  readonly languageId: string;
  readonly version: number;
  getText(): string;
}

/** What is known of an open document. `analysis` is undefined where no host reads it. */
export interface Inspection {
  readonly source: Source;
  readonly languageId: string;
  readonly config: Config;
  /** The file that the configuration was read from. */
  readonly configuration: Source | undefined;
  readonly today: string;
  readonly analysis: ModuleAnalysis | undefined;
}

/** What the workspace rests on. */
export interface Surroundings {
  readonly catalog: Catalog;
  /** The document of that URI, or all of them. */
  readonly document: (uri: string) => OpenDocument | undefined;
  readonly documents: () => readonly OpenDocument[];
  readonly settings: () => Settings;
  /** The day, `YYYY-MM-DD`. */
  readonly today: () => string;
  readonly onBug: (rule: string, path: string, error: unknown) => void;
}

/** Answers for open documents. */
export interface Workspace {
  /** Undefined for documents that are not open. */
  inspect(uri: string): Promise<Inspection | undefined>;
  /**
   * Runs the second wave of rules on the document's module, a little at a time, and tells whether it found something;
   * `inspect` then knows of it. Ends early, with false, once one of the module's texts is another.
   */
  further(uri: string): Promise<boolean>;
  /** The URI under which the editor knows the path, and the version of its text where it is open. */
  locate(path: string): { readonly uri: string; readonly version: number | null };
  /** Whether other open documents are read together with this one. */
  hasCompany(uri: string): boolean;
  /** The file may have come, gone or changed on the disk. */
  changedOnDisk(uri: string): void;
  closed(uri: string): void;
}

interface Kept {
  readonly sources: readonly Source[];
  readonly config: Config;
  readonly today: string;
  analysis: Analysis;
  /** The second wave, once it is under way. */
  further?: Promise<boolean>;
}

/** Milliseconds that the second wave runs before messages that came in meanwhile are answered. */
const SLICE = 3;

/** A workspace without any knowledge yet. */
export function openWorkspace(surroundings: Surroundings): Workspace {
  const buffers = openBuffers(surroundings);
  const configurations = openConfigurations((path) => buffers.source(path));
  const folders = openFolders((path) => readsFolder(hostOf(path), path));
  const kept = new Map<string, Kept>();

  const onDisk = (host: Host, path: string): Promise<readonly Source[]> =>
    readsFolder(host, path) && isFile(path) ? folders.sources(dirname(path)) : Promise.resolve([]);

  const together = (host: Host, source: Source, files: readonly Source[]): readonly Source[] => {
    const module = host.moduleOf(source.path);
    if (module === source.path) return [source];
    const all = new Map(files.map((file) => [file.path, file] as const));
    for (const path of buffers.paths()) {
      const open = buffers.source(path);
      if (open) all.set(path, open);
    }
    const mine = [...all.values()].filter(({ path }) => buffers.host(path) === host && host.moduleOf(path) === module);
    return mine.sort((a, b) => (a.path < b.path ? -1 : 1));
  };

  const analysisOf = (
    host: Host,
    source: Source,
    sources: readonly Source[],
    config: Config,
    today: string,
  ): Analysis => {
    const name = moduleName(host, source.path);
    const before = kept.get(name);
    if (before && before.config === config && before.today === today && same(before.sources, sources))
      return before.analysis;
    const analysis = analyze(sources, contextOf({ config, today }), before?.analysis);
    kept.set(name, { sources, config, today, analysis });
    return analysis;
  };

  const contextOf = ({ config, today }: Pick<Kept, 'config' | 'today'>): AnalysisContext => ({
    catalog: surroundings.catalog,
    hosts: buffers.host,
    config: () => config,
    today,
    onBug: surroundings.onBug,
  });

  const isCurrent = (name: string, one: Kept): boolean =>
    kept.get(name) === one && one.sources.every((source) => (buffers.source(source.path) ?? source) === source);

  const secondWave = async (name: string, one: Kept): Promise<boolean> => {
    const steps = analyzeFurther(one.analysis, contextOf(one));
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      if (!isCurrent(name, one)) return false;
      for (const start = performance.now(); performance.now() - start < SLICE; ) {
        const step = steps.next();
        if (!step.done) continue;
        const found = chargesOf(step.value) > chargesOf(one.analysis);
        if (found) one.analysis = step.value;
        return found;
      }
    }
  };

  const inspect: Workspace['inspect'] = async (uri) => {
    const path = pathOf(uri);
    const host = isConfiguration(path) ? undefined : buffers.host(path);
    const files = host ? await onDisk(host, path) : [];
    const governing = await configurations.nearest(path, surroundings.settings().preset);
    const { config, source: configuration } = governing;
    // No waiting from here on, so that all that follows speaks of one and the same text.
    const source = buffers.source(path);
    if (!source) return undefined;
    const today = surroundings.today();
    const known = { source, languageId: buffers.document(path)?.languageId ?? '', config, configuration, today };
    if (!host) return { ...known, analysis: undefined };
    const analysis = analysisOf(host, source, together(host, source, files), config, today);
    return { ...known, analysis: analysis.of(path) };
  };

  return {
    inspect,
    further: async (uri) => {
      const path = pathOf(uri);
      const host = isConfiguration(path) ? undefined : buffers.host(path);
      await inspect(uri);
      const name = host && moduleName(host, path);
      const one = name === undefined ? undefined : kept.get(name);
      if (name === undefined || !one) return false;
      one.further ??= secondWave(name, one);
      return one.further;
    },
    locate: (path) => {
      const document = buffers.document(path);
      return document ? { uri: document.uri, version: document.version } : { uri: uriOf(path), version: null };
    },
    hasCompany: (uri) => {
      const path = pathOf(uri);
      if (isConfiguration(path)) return true;
      const host = buffers.host(path);
      const name = host && moduleName(host, path);
      return buffers
        .paths()
        .some((other) => other !== path && name !== undefined && name === nameOf(buffers.host(other), other));
    },
    changedOnDisk: (uri) => {
      const path = pathOf(uri);
      if (isConfiguration(path)) configurations.changed();
      else folders.changed(path);
    },
    closed: (uri) => {
      const path = pathOf(uri);
      if (isConfiguration(path)) configurations.changed();
      const open = new Set(
        buffers
          .paths()
          .filter((other) => other !== path)
          .map((other) => nameOf(buffers.host(other), other)),
      );
      for (const name of kept.keys()) if (!open.has(name)) kept.delete(name);
      if (![...buffers.paths()].some((other) => other !== path && dirname(other) === dirname(path)))
        folders.forget(dirname(path));
      buffers.forget(path);
    },
  };
}

/** Whether the path is that of a configuration file. */
export function isConfiguration(path: string): boolean {
  return /(^|[/\\])leastwise\.json$/.test(path) && path.endsWith(CONFIGURATION_NAME);
}

/** How much was found, shown or not. */
function chargesOf({ modules }: Analysis): number {
  return modules.reduce((sum, { judgement }) => sum + judgement.charges.length, 0);
}

function moduleName(host: Host, path: string): string {
  return `${host.id}:${host.moduleOf(path)}`;
}

function nameOf(host: Host | undefined, path: string): string | undefined {
  return host && moduleName(host, path);
}

function readsFolder(host: Host | undefined, path: string): boolean {
  return host !== undefined && host.moduleOf(path) !== path;
}

function same(a: readonly Source[], b: readonly Source[]): boolean {
  return a.length === b.length && a.every((source, index) => source === b[index]);
}

interface Buffers {
  paths(): readonly string[];
  document(path: string): OpenDocument | undefined;
  /** The same object as long as the text is the same. */
  source(path: string): Source | undefined;
  /** By name; by the editor's word on the language where the name tells nothing. */
  readonly host: (path: string) => Host | undefined;
  forget(path: string): void;
}

function openBuffers({ document, documents }: Surroundings): Buffers {
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
