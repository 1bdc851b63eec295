/** Paths and URIs. Documents that are no files go by their URI; nothing here looks at a disk. */
import { fileURLToPath, pathToFileURL } from 'node:url';

/** The path of a `file:` URI; any other URI, or one that names no local file, is its own path. */
export function pathOf(uri: string): string {
  if (!uri.startsWith('file:')) return uri;
  try {
    return fileURLToPath(uri);
  } catch {
    return uri;
  }
}

/** The URI of a path as {@link pathOf} gives it. An editor may spell it otherwise: open documents keep their own. */
export function uriOf(path: string): string {
  return isFile(path) ? pathToFileURL(path).href : path;
}

/** Whether the path is one of the file system, not a URI. */
export function isFile(path: string): boolean {
  return !/^[a-z][a-z0-9+.-]+:/i.test(path);
}
