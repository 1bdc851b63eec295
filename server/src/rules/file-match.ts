/** File match: globs for files, as `leastwise.json` uses them. Compares strings only; opens nothing. */
import { globMatches } from '../policy/pattern.ts';

/** Whether a path is one of those that a glob relative to the configuration's folder names. `**` crosses folders, `*` does not; a glob for a folder names all below it. */
export function fileMatches(glob: string, path: string, configPath: string): boolean {
  const folder = configPath.replace(/[^/\\]*$/, '').replaceAll('\\', '/');
  const file = path.replaceAll('\\', '/');
  const relative = file.startsWith(folder) ? file.slice(folder.length) : file;
  return segmentsMatch(glob.replace(/^\.\//, '').split('/'), relative.replace(/^\.\//, '').split('/'));
}

function segmentsMatch(glob: readonly string[], path: readonly string[]): boolean {
  const [first, ...rest] = glob;
  if (first === undefined) return true;
  if (first === '**') return rest.length === 0 || path.some((_, i) => segmentsMatch(rest, path.slice(i)));
  const [here, ...below] = path;
  return here !== undefined && globMatches(first, here) && segmentsMatch(rest, below);
}
