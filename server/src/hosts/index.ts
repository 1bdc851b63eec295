/** The hosts. Each is one line here. */
import { cloudformationHost } from './cloudformation/cloudformation.ts';
import type { Host } from './host.ts';
import { jsonHost } from './json/json.ts';
import { terraformHost } from './terraform/terraform.ts';

/** Every host; the first that reads a path has it. */
export const HOSTS: readonly Host[] = [terraformHost, jsonHost, cloudformationHost];

/** The host of a path; undefined where no host reads it. */
export function hostOf(path: string): Host | undefined {
  return HOSTS.find((host) => host.reads(path));
}
