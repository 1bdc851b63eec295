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
  /** Whether the shelf before it would have given the same answers. */
  readonly isSame: boolean;
  /** What was parsed and found, for the next shelf. */
  readonly kept: Kept;
}

interface Kept {
  readonly sources: readonly Source[];
  readonly files: ReadonlyMap<string, TerraformFile>;
  readonly found: ReadonlyMap<string, FoundInFolder>;
}

interface FoundInFolder {
  readonly sites: FoundSites;
  /** The sources that were asked for on the way. */
  readonly taken: ReadonlySet<Source>;
}

/** A shelf with these sources, which takes over from another what is unchanged. `own` are those of the module itself, if it stands among them. */
export function openShelf(sources: readonly Source[], before: Shelf | undefined, own: readonly Source[] = []): Shelf {
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
  const isSame = before !== undefined && wouldGiveTheSame(before, sources, new Set(own.map(({ path }) => path)));
  const found = new Map<string, FoundInFolder>(isSame ? before.kept.found : []);
  let taken = new Set<Source>();

  const fileOf = (source: Source): TerraformFile => {
    const known = before?.kept.files.get(source.path);
    const file = known?.written === source.text ? known : readFile(source);
    files.set(source.path, file);
    return file;
  };
  const folder = (path: string) => {
    const held = byFolder.get(path) ?? [];
    const read = folders.get(path) ?? held.map(fileOf);
    folders.set(path, read);
    for (const source of held) taken.add(source);
    return read;
  };
  const findIn = (path: string): FoundInFolder => {
    const outer = taken;
    taken = new Set();
    const sites = findSites(scopeOf(folder(path), shelf));
    const inner = taken;
    taken = outer;
    return { sites, taken: inner };
  };
  const shelf: Shelf = {
    folder,
    file: (path) => {
      const source = byPath.get(path);
      if (source) taken.add(source);
      return source;
    },
    found: (path) => {
      const known = found.get(path) ?? findIn(path);
      found.set(path, known);
      for (const source of known.taken) taken.add(byPath.get(source.path) ?? source);
      return known.sites;
    },
    taken: () => [...taken],
    isSame,
    kept: { sources, files, found },
  };
  return shelf;
}

/** Whether sources are those of a shelf, but perhaps for some that nobody asked that shelf for. */
function wouldGiveTheSame(shelf: Shelf, sources: readonly Source[], but: ReadonlySet<string>): boolean {
  const [old, now] = [shelf.kept.sources, sources].map((all) => all.filter(({ path }) => !but.has(path)));
  return (
    old?.length === now?.length &&
    old?.every(({ path, text }, index) => now?.[index]?.path === path && now[index]?.text === text) === true &&
    shelf.taken().every(({ path }) => !but.has(path))
  );
}
