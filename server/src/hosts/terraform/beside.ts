/** What Terraform files refer to beyond their folder: modules that they call, templates and files that they read in. Looks at letters only; opens nothing. */
import type { Source } from '../../policy/module.ts';

/** Paths of folders, with a slash at the end, and of files, as far as they are written out. May name more than is there. */
export function besideOf(source: Source): readonly string[] {
  const known = KNOWN.get(source);
  if (known) return known;
  const found = new Set<string>();
  const folder = folderOf(source.path);
  for (const [, way = ''] of source.text.matchAll(CALLS)) add(found, resolved(folder, `${way}/`));
  for (const [, way = ''] of source.text.matchAll(FILES)) {
    const path = pathTold(way);
    if (path !== undefined && READABLE.test(path)) add(found, resolved(folder, path));
  }
  found.delete(folder);
  const paths = [...found];
  KNOWN.set(source, paths);
  return paths;
}

const KNOWN = new WeakMap<Source, readonly string[]>();

/** In either syntax. Registries, hosts and archives have other sources. */
const CALLS = /\bsource"?\s*[=:]\s*"(\.\.?(?:\/[^"$%\\]*)?)"/g;
const FILES = /\b(?:templatefile|file)\s*\(\s*\\?"((?:[^"\\$%]|\$\{\s*path\.\w+\s*\})+)\\?"/g;
const READABLE = /\.(?:json|jsonc|tpl|tftpl|tmpl|template|tftemplate)$/i;

function add(into: Set<string>, path: string | undefined): void {
  if (path !== undefined) into.add(path);
}

/** The path that an argument of `file` names, from the folder of its file; undefined for one that another folder decides. */
export function pathTold(words: string): string | undefined {
  const way = words.replace(/^\$\{\s*path\.module\s*\}\//, '');
  return way.includes('${') ? undefined : way;
}

/** The folder of a path, with its slash. */
export function folderOf(path: string): string {
  return path.replace(/[^/\\]*$/, '');
}

/** The path from a folder (empty, or with a slash at its end) on; undefined where it leaves what has a name. */
export function resolved(folder: string, way: string): string | undefined {
  if (/^(?:[/\\]|[A-Za-z]:)/.test(way)) return undefined;
  const slash = folder.includes('\\') && !folder.includes('/') ? '\\' : '/';
  const steps = folder.split(/[/\\]/);
  steps.pop();
  for (const step of way.split('/')) {
    if (step === '' || step === '.') continue;
    if (step !== '..') steps.push(step);
    else if (steps.length === 0 || steps.at(-1) === '..') steps.push('..');
    else if (steps.length === 1 && steps[0] === '') return undefined;
    else steps.pop();
  }
  const path = steps.join(slash);
  return way.endsWith('/') && steps.length > 0 ? `${path}${slash}` : path;
}
