/** The hosts. Each is one line here. */
import type { Host } from './host.ts';
import { jsonHost } from './json/json.ts';
import { terraformHost } from './terraform/terraform.ts';

/** Every host; the first that reads a path has it. */
export const HOSTS: readonly Host[] = [jsonHost, terraformHost];

/** The host of a path; undefined where no host reads it. */
export function hostOf(path: string): Host | undefined {
  return HOSTS.find((host) => host.reads(path));
}
