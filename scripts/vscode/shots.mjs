// Where screenshots are kept, for people to look at: a folder that git ignores.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../ensure.mjs';

/** The folder, relative to the project's. */
export const shotsFolder = process.env.LEASTWISE_SHOTS ?? 'shots';

/** The path of the screenshot `name`, in a folder that exists. */
export function shotFile(name) {
  const folder = join(root, shotsFolder);
  mkdirSync(folder, { recursive: true });
  return join(folder, `${name}.png`);
}
