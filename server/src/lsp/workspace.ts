/**
 * Workspace: the open documents with what is known of them. Unsaved text counts before the disk; of each module only the
 * last analysis is kept, and only while one of its files is open. Speaks no protocol.
 */
import { dirname } from 'node:path';
import { type Analysis, type AnalysisContext, analyze, analyzeFurther, type ModuleAnalysis } from '../analysis.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { Config } from '../config/config.ts';
import type { Finding } from '../finding/finding.ts';
import type { Host } from '../hosts/host.ts';
import { hostOf } from '../hosts/index.ts';
import type { Source } from '../policy/module.ts';
import { type Beside, besideSources, NOTHING_BESIDE, withOpen } from './beside.ts';
import { type Editor, openBuffers } from './buffers.ts';
import { CONFIGURATION_NAME, openConfigurations } from './configurations.ts';
import { openFolders } from './folders.ts';
import { isFile, pathOf, uriOf } from './paths.ts';
import type { Settings } from './settings.ts';

/** What is known of an open document. `analysis` is undefined where no host reads it. */
export interface Inspection {
  readonly source: Source;
  readonly languageId: string;
  readonly config: Config;
  /** The file that the configuration was read from. */
  readonly configuration: Source | undefined;
  readonly today: string;
  readonly analysis: ModuleAnalysis | undefined;
  /** Open modules that call the document's, or read it, and have something to say of its text that it does not say itself. */
  readonly callers: readonly Caller[];
}

/** A module with what it finds in a text of another. */
export interface Caller {
  readonly analysis: ModuleAnalysis;
  readonly findings: readonly Finding[];
}

/** What the workspace rests on. */
export interface Surroundings extends Editor {
  readonly catalog: Catalog;
  readonly settings: () => Settings;
  /** The folders of the workspace: beyond them nothing is read but what lies beside an open document. */
  readonly folders: () => readonly string[];
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
  /** The file may have come, gone or changed on the disk. Tells whether that may change an answer. */
  changedOnDisk(uri: string): boolean;
  closed(uri: string): void;
}

interface Kept {
  readonly sources: readonly Source[];
  readonly beside: Beside;
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
    beside: Beside,
    config: Config,
    today: string,
  ): Analysis => {
    const name = moduleName(host, source.path);
    const before = kept.get(name);
    const isSame = before && same(before.sources, sources) && same(before.beside.sources, beside.sources);
    if (before && before.config === config && before.today === today && isSame) return before.analysis;
    const analysis = analyze(sources, contextOf({ config, today, beside }), before?.analysis);
    kept.set(name, { sources, beside, config, today, analysis });
    return analysis;
  };

  const callersOf = (path: string, own: ModuleAnalysis | undefined): readonly Caller[] => {
    const said = new Set(own?.judgement.findings.map(placeOf));
    return [...kept.values()].flatMap((one) => {
      if (!isRead(one, path) || !isFresh(one)) return [];
      return one.analysis.modules.flatMap((analysis): readonly Caller[] => {
        const findings = analysis.judgement.findings.filter(
          (finding) => finding.span.source === path && !said.has(placeOf(finding)),
        );
        for (const finding of findings) said.add(placeOf(finding));
        return findings.length > 0 ? [{ analysis, findings }] : [];
      });
    });
  };

  const isFresh = ({ sources, beside }: Kept): boolean =>
    [...sources, ...beside.sources].every((source) => (buffers.source(source.path) ?? source) === source);

  const contextOf = ({ config, today, beside }: Pick<Kept, 'config' | 'today' | 'beside'>): AnalysisContext => ({
    catalog: surroundings.catalog,
    beside: beside.sources,
    hosts: buffers.host,
    config: () => config,
    today,
    onBug: surroundings.onBug,
  });

  const isCurrent = (name: string, one: Kept): boolean => kept.get(name) === one && isFresh(one);

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
    const before = buffers.source(path);
    const referred =
      host && before && isFile(path)
        ? await besideSources(
            host,
            together(host, before, files),
            folders,
            [dirname(path), ...surroundings.folders()],
            buffers.source,
          )
        : NOTHING_BESIDE;
    const governing = await configurations.nearest(path, surroundings.settings().preset);
    const { config, source: configuration } = governing;
    // No waiting from here on, so that all that follows speaks of one and the same text.
    const source = buffers.source(path);
    if (!source) return undefined;
    const today = surroundings.today();
    const known = { source, languageId: buffers.document(path)?.languageId ?? '', config, configuration, today };
    if (!host) return { ...known, analysis: undefined, callers: [] };
    const analysis = analysisOf(
      host,
      source,
      together(host, source, files),
      withOpen(referred, host, buffers),
      config,
      today,
    ).of(path);
    return { ...known, analysis, callers: callersOf(path, analysis) };
  };

  /** Brings modules up to date that read the document; tells whether what they find in it is another then. */
  const ask = async (path: string, own: ModuleAnalysis | undefined): Promise<boolean> => {
    const readers = [...kept.values()].filter((one) => isRead(one, path) && !isFresh(one));
    if (readers.length === 0) return false;
    for (const { sources } of readers) {
      const open = sources.find((source) => buffers.source(source.path));
      if (open) await inspect(uriOf(open.path));
    }
    return callersOf(path, own).length > 0;
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
      one.further ??= secondWave(name, one).then(async (found) => (await ask(path, one.analysis.of(path))) || found);
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
      if ([...kept.values()].some((one) => isRead(one, path))) return true;
      return buffers
        .paths()
        .some((other) => other !== path && name !== undefined && name === nameOf(buffers.host(other), other));
    },
    changedOnDisk: (uri) => {
      const path = pathOf(uri);
      if (!isConfiguration(path)) return folders.changed(path);
      configurations.changed();
      return true;
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
      const needed = new Set(buffers.paths().flatMap((other) => (other === path ? [] : [dirname(other)])));
      for (const { beside } of kept.values())
        for (const place of beside.places) needed.add(place.replace(/[/\\]$/, ''));
      folders.keep(needed);
      buffers.forget(path);
    },
  };
}

/** Whether the path is that of a configuration file. */
export function isConfiguration(path: string): boolean {
  return /(^|[/\\])leastwise\.json$/.test(path) && path.endsWith(CONFIGURATION_NAME);
}

/** Whether a module reads the file beside its own. */
function isRead({ beside }: Kept, path: string): boolean {
  return beside.sources.some((source) => source.path === path);
}

function placeOf({ rule, span }: Finding): string {
  return `${rule} ${span.start} ${span.end} ${span.source}`;
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
