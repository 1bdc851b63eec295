/** Reads the files of a folder that are analyzed together with an open one. Bounded; remembers texts until told that they may have changed. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Source } from '../policy/module.ts';

/** Sources by folder. Invariant: as long as a file has the same time and size, the same Source object comes back. */
export interface Folders {
  /** The files of a folder that are read, in order of their paths; none where the folder cannot be listed. */
  sources(folder: string): Promise<readonly Source[]>;
  /** A single file, whatever its name; undefined where there is none. */
  file(path: string): Promise<Source | undefined>;
  /** The file or folder may have changed on the disk. Tells whether anybody has asked for it. */
  changed(path: string): boolean;
  /** Nobody needs any folder or file but these. */
  keep(needed: ReadonlySet<string>): void;
}

/** Files beyond these are passed over: nobody writes such policies, and an editor must not stall. */
const MOST_FILES = 400;
const MOST_BYTES = 5_000_000;

interface KeptFile {
  readonly modified: number;
  readonly size: number;
  readonly source: Source;
}

interface Folder {
  files: ReadonlyMap<string, KeptFile>;
  stale: boolean;
  reading: Promise<readonly Source[]> | undefined;
}

/** Folders in which the files that `reads` are looked at. */
export function openFolders(reads: (path: string) => boolean): Folders {
  const folders = new Map<string, Folder>();
  const files = new Map<string, { kept: KeptFile | undefined; stale: boolean }>();
  return {
    sources: (folder) => {
      const entry = folders.get(folder) ?? { files: new Map(), stale: true, reading: undefined };
      folders.set(folder, entry);
      if (entry.reading && !entry.stale) return entry.reading;
      if (!entry.stale) return Promise.resolve(listed(entry.files));
      entry.stale = false;
      const reading = readFolder(folder, entry.files, reads).then((files) => {
        entry.files = files;
        if (entry.reading === reading) entry.reading = undefined;
        return listed(files);
      });
      entry.reading = reading;
      return reading;
    },
    file: async (path) => {
      const entry = files.get(path) ?? { kept: undefined, stale: true };
      files.set(path, entry);
      if (entry.stale) {
        entry.stale = false;
        entry.kept = await readOne(path, entry.kept);
      }
      return entry.kept?.source;
    },
    changed: (path) => {
      const entries = [folders.get(path), folders.get(dirname(path)), files.get(path)].filter(
        (entry) => entry !== undefined,
      );
      for (const entry of entries) entry.stale = true;
      return entries.length > 0;
    },
    keep: (needed) => {
      for (const map of [folders, files]) for (const name of map.keys()) if (!needed.has(name)) map.delete(name);
    },
  };
}

function listed(files: ReadonlyMap<string, KeptFile>): readonly Source[] {
  return [...files.values()].map((file) => file.source);
}

async function readFolder(
  folder: string,
  before: ReadonlyMap<string, KeptFile>,
  reads: (path: string) => boolean,
): Promise<ReadonlyMap<string, KeptFile>> {
  const names = await readdir(folder).catch(() => []);
  const paths = names.map((name) => join(folder, name)).filter(reads);
  const files = await Promise.all(
    paths
      .sort()
      .slice(0, MOST_FILES)
      .map((path) => readOne(path, before.get(path))),
  );
  return new Map(files.flatMap((file) => (file ? [[file.source.path, file] as const] : [])));
}

async function readOne(path: string, before: KeptFile | undefined): Promise<KeptFile | undefined> {
  try {
    const found = await stat(path);
    const { mtimeMs: modified, size } = found;
    if (!found.isFile() || size > MOST_BYTES) return undefined;
    if (before && before.modified === modified && before.size === size) return before;
    return { modified, size, source: { path, text: withoutMark(await readFile(path, 'utf8')) } };
  } catch {
    return undefined;
  }
}

/** Editors count positions without the byte order mark. */
export function withoutMark(text: string): string {
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}
