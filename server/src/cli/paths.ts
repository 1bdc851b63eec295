/** Paths as the commands hold them: absolute, with forward slashes; and as they print them. Touches no file. */
import { isAbsolute, relative, resolve } from 'node:path';

/** The absolute path with forward slashes. */
export function absolute(folder: string, path: string): string {
  return resolve(folder, path).replaceAll('\\', '/');
}

/** The path as it is printed: relative to the working folder with forward slashes, absolute outside of it. */
export function shown(folder: string, path: string): string {
  const top = folder.replaceAll('\\', '/');
  if (path.startsWith(top.endsWith('/') ? top : `${top}/`))
    return path.slice(top.endsWith('/') ? top.length : top.length + 1);
  const way = relative(folder, path);
  return way === '' || way.startsWith('..') || isAbsolute(way) ? path : way.replaceAll('\\', '/');
}

/** The folder of an absolute path, without a slash at its end but for the root. */
export function folderOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash <= 0 ? path.slice(0, slash + 1) : path.slice(0, slash);
}

/** The last name of a path. */
export function lastName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
