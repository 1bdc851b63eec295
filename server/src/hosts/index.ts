/** The hosts. Each is one line here. */
import type { Host } from './host.ts';
import { jsonHost } from './json/json.ts';

/** Every host; the first that reads a path has it. */
export const HOSTS: readonly Host[] = [jsonHost];

/** The host of a path; undefined where no host reads it. */
export function hostOf(path: string): Host | undefined {
  return HOSTS.find((host) => host.reads(path));
}
