/**
 * Walks folders for the files that hosts read, as git sees them: what `.gitignore` leaves out is passed over, and so is
 * what tools keep for themselves. Follows no symbolic link, and opens no file but `.gitignore`.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { type IgnoreRule, judgePath, readIgnoreRules } from './gitignore.ts';

/** Folders that are never entered, unless they are named themselves. */
const CLOSED: ReadonlySet<string> = new Set(['node_modules', '.terraform', 'cdk.out', '.git']);

/** What is wanted of a walk: which files, and what to do where a folder cannot be read. Paths are absolute, with forward slashes. */
export interface Walk {
  readonly wants: (path: string) => boolean;
  readonly found: (path: string) => void;
  readonly unreadable: (path: string, error: unknown) => void;
}

/** Rules and the folder that they are about, with a slash at its end. */
interface Layer {
  readonly folder: string;
  readonly rules: readonly IgnoreRule[];
}

/** Finds the wanted files of `folder` and below, in order of name. */
export function walkFolder(folder: string, walk: Walk): void {
  const top = folder.endsWith('/') ? folder : `${folder}/`;
  enter(top, layersAbove(top), walk);
}

function enter(folder: string, above: readonly Layer[], walk: Walk): void {
  let names: ReturnType<typeof list>;
  try {
    names = list(folder);
  } catch (error) {
    walk.unreadable(folder.slice(0, -1), error);
    return;
  }
  const own = names.some((entry) => entry.name === '.gitignore' && entry.isFile())
    ? readLayer(folder, '.gitignore')
    : undefined;
  const layers = own ? [own, ...above] : above;
  for (const entry of names) {
    const path = folder + entry.name;
    if (entry.isDirectory()) {
      if (!CLOSED.has(entry.name) && !isIgnored(path, 'folder', layers)) enter(`${path}/`, layers, walk);
    } else if (entry.isFile() && walk.wants(path) && !isIgnored(path, 'file', layers)) walk.found(path);
  }
}

function list(folder: string) {
  return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The innermost `.gitignore` that says anything decides. */
function isIgnored(path: string, kind: 'file' | 'folder', layers: readonly Layer[]): boolean {
  for (const { folder, rules } of layers) {
    const verdict = judgePath(rules, path.slice(folder.length).split('/'), kind);
    if (verdict !== 'unsaid') return verdict === 'ignored';
  }
  return false;
}

/** The rules of the folders above, up to the root of the repository, innermost first; none outside of a repository. */
function layersAbove(top: string): readonly Layer[] {
  const layers: Layer[] = [];
  for (let folder = top; ; ) {
    if (existsSync(`${folder}.git`)) {
      const local = readLayer(folder, '.git/info/exclude');
      return local ? [...layers, local] : layers;
    }
    const parent = dirname(folder.slice(0, -1) || '/').replaceAll('\\', '/');
    const next = parent.endsWith('/') ? parent : `${parent}/`;
    if (next === folder) return [];
    folder = next;
    const layer = readLayer(folder, '.gitignore');
    if (layer) layers.push(layer);
  }
}

function readLayer(folder: string, name: string): Layer | undefined {
  if (!existsSync(folder + name)) return undefined;
  try {
    const rules = readIgnoreRules(readFileSync(folder + name, 'utf8'));
    return rules.length > 0 ? { folder, rules } : undefined;
  } catch {
    // A `.gitignore` that cannot be read ignores nothing: more is checked, not less.
    return undefined;
  }
}
