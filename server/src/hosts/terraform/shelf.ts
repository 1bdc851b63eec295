/** The shelf: what a module reads beside its own files, parsed once and kept as long as the texts stay the same. Opens nothing. */
import type { Source } from '../../policy/module.ts';
import { folderOf } from './beside.ts';
import { isSettings, readFile, type TerraformFile } from './file.ts';
import { type Library, scopeOf } from './scope.ts';
import { type FoundSites, findSites } from './sites.ts';

/** A library over sources that were handed over, with what modules of it say by themselves. */
export interface Shelf extends Library {
  /** What is found in the module of a folder. */
  readonly found: (folder: string) => FoundSites;
  /** The sources that were asked for so far. */
  readonly taken: () => readonly Source[];
  /** What was parsed and found, for the next shelf. */
  readonly kept: Kept;
}

interface Kept {
  readonly sources: readonly Source[];
  readonly files: ReadonlyMap<string, TerraformFile>;
  readonly found: ReadonlyMap<string, FoundSites>;
}

/** A shelf with these sources, which takes over from another what is unchanged. */
export function openShelf(sources: readonly Source[], before: Shelf | undefined): Shelf {
  const byFolder = new Map<string, Source[]>();
  const byPath = new Map<string, Source>();
  for (const source of sources) {
    byPath.set(source.path, source);
    if (!/\.(tf|tofu)(\.json)?$/i.test(source.path) || isSettings(source.path)) continue;
    const folder = folderOf(source.path);
    const others = byFolder.get(folder);
    if (others) others.push(source);
    else byFolder.set(folder, [source]);
  }
  const files = new Map<string, TerraformFile>();
  const folders = new Map<string, readonly TerraformFile[]>();
  const isSame =
    before?.kept.sources.length === sources.length &&
    before.kept.sources.every(({ path, text }, index) => sources[index]?.path === path && sources[index].text === text);
  const found = new Map<string, FoundSites>(isSame ? before.kept.found : []);
  const taken = new Set<Source>();

  const fileOf = (source: Source): TerraformFile => {
    const known = before?.kept.files.get(source.path);
    const file = known?.written === source.text ? known : readFile(source);
    files.set(source.path, file);
    taken.add(source);
    return file;
  };
  const folder = (path: string) => {
    const read = folders.get(path) ?? (byFolder.get(path) ?? []).map(fileOf);
    folders.set(path, read);
    return read;
  };
  const shelf: Shelf = {
    folder,
    file: (path) => {
      const source = byPath.get(path);
      if (source) taken.add(source);
      return source;
    },
    found: (path) => {
      const known = found.get(path) ?? findSites(scopeOf(folder(path), shelf));
      found.set(path, known);
      return known;
    },
    taken: () => [...taken],
    kept: { sources, files, found },
  };
  return shelf;
}
