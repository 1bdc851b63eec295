/** What modules refer to beyond their own folder, read from the disk: within the workspace only, and bounded. */
import { sep } from 'node:path';
import type { Host } from '../hosts/host.ts';
import type { Source } from '../policy/module.ts';
import type { Buffers } from './buffers.ts';
import type { Folders } from './folders.ts';
import { isFile } from './paths.ts';

/** Places beyond these are not followed. */
const MOST_PLACES = 60;

/** What was read, and the places that were asked for: folders, which end in a slash, and files. */
export interface Beside {
  readonly sources: readonly Source[];
  readonly places: ReadonlySet<string>;
}

/** Nothing. */
export const NOTHING_BESIDE: Beside = { sources: [], places: new Set() };

/** The sources that those of a module refer to, and those that these refer to. `open` gives the text of an open document. */
export async function besideSources(
  host: Host,
  sources: readonly Source[],
  folders: Folders,
  workspace: readonly string[],
  open: (path: string) => Source | undefined,
): Promise<Beside> {
  if (!host.beside) return NOTHING_BESIDE;
  const found = new Map<string, Source>();
  const places = new Set<string>();
  const waiting = [...sources];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    for (const place of host.beside(next)) {
      if (places.has(place) || places.size >= MOST_PLACES || !isWithin(place, workspace)) continue;
      places.add(place);
      for (const source of await read(place, folders)) {
        if (found.has(source.path)) continue;
        found.set(source.path, source);
        if (host.reads(source.path)) waiting.push(open(source.path) ?? source);
      }
    }
  }
  return places.size === 0 ? NOTHING_BESIDE : { sources: [...found.values()], places };
}

/** The same with open documents in the place of what is on the disk, those that are nowhere else included. */
export function withOpen(beside: Beside, host: Host, buffers: Pick<Buffers, 'paths' | 'source'>): Beside {
  if (beside === NOTHING_BESIDE) return beside;
  const { places } = beside;
  const all = new Map(beside.sources.map((source) => [source.path, source] as const));
  for (const path of buffers.paths()) {
    const isIn = host.reads(path) && places.has(path.replace(/[^/\\]*$/, ''));
    const open = isIn || places.has(path) ? buffers.source(path) : undefined;
    if (open) all.set(path, open);
  }
  return { places, sources: [...all.values()] };
}

async function read(place: string, folders: Folders): Promise<readonly Source[]> {
  if (/[/\\]$/.test(place)) return folders.sources(place.slice(0, -1));
  const source = await folders.file(place);
  return source ? [source] : [];
}

function isWithin(place: string, workspace: readonly string[]): boolean {
  return isFile(place) && workspace.some((folder) => place.startsWith(folder.endsWith(sep) ? folder : folder + sep));
}
