/** Reads what sources refer to beyond their module: folders of modules that they call, files that they read in. Bounded; what is not there is passed over. */
import type { Host } from '../hosts/host.ts';
import type { Source } from '../policy/module.ts';

/** Folders and files beyond these are not followed. */
const MOST_PLACES = 200;
const MOST_FILES = 1000;

/** The disk, as far as it is needed here. A path that ends in a slash is a folder's. */
export interface Disk {
  /** The names in a folder; none where it cannot be listed. */
  readonly names: (folder: string) => readonly string[];
  /** The text of a file; undefined where there is none. */
  readonly text: (path: string) => string | undefined;
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
        const text = own.has(path) || found.has(path) || found.size >= MOST_FILES ? undefined : disk.text(path);
        if (text === undefined) continue;
        found.set(path, { path, text });
        if (host.reads(path)) waiting.push({ path, text });
      }
    }
  }
  return [...found.values()];
}

function filesIn(folder: string, host: Host, disk: Disk): readonly string[] {
  return disk.names(folder).flatMap((name) => (host.reads(name) ? [`${folder}${name}`] : []));
}
