/** Reads what sources refer to beyond their module: folders of modules that they call, files that they read in. Bounded; what is not there is passed over. */
import type { Host } from '../hosts/host.ts';
import type { Source } from '../policy/module.ts';

/** Folders and files beyond these are not followed. */
const MOST_PLACES = 200;
const MOST_FILES = 1000;

/** The disk, as far as it is needed here, read once a run. */
export interface Disk {
  /** The names in a folder; none where it cannot be listed. */
  readonly names: (folder: string) => readonly string[];
  /** A file; undefined where there is none. */
  readonly source: (path: string) => Source | undefined;
}

/** What modules of a run referred to so far: folders by their names, files by their paths. */
export interface Seen {
  readonly folders: Map<string, readonly string[]>;
  readonly files: Map<string, Source | undefined>;
}

/** Nothing yet. */
export function nothingSeen(): Seen {
  return { folders: new Map(), files: new Map() };
}

/** The sources that those of a module refer to, and those that these refer to. */
export function besideSources(host: Host, sources: readonly Source[], disk: Disk): readonly Source[] {
  if (!host.beside) return [];
  const own = new Set(sources.map(({ path }) => path));
  const found = new Map<string, Source>();
  const asked = new Set<string>();
  const waiting = [...sources];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    for (const place of host.beside(next)) {
      if (asked.has(place) || asked.size >= MOST_PLACES) continue;
      asked.add(place);
      for (const path of place.endsWith('/') ? filesIn(place, host, disk) : [place]) {
        const source = own.has(path) || found.has(path) || found.size >= MOST_FILES ? undefined : disk.source(path);
        if (!source) continue;
        found.set(path, source);
        if (host.reads(path)) waiting.push(source);
      }
    }
  }
  return [...found.values()];
}

function filesIn(folder: string, host: Host, disk: Disk): readonly string[] {
  return disk.names(folder).flatMap((name) => (host.reads(name) ? [`${folder}${name}`] : []));
}
