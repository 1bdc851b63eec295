/** Finds the `leastwise.json` that governs a file: the nearest at or above it, an unsaved one before the one on the disk. */
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Config, DEFAULT_CONFIG, type Preset } from '../config/config.ts';
import { readConfiguration } from '../features/configuration.ts';
import type { Source } from '../policy/module.ts';
import { withoutMark } from './folders.ts';
import { isFile } from './paths.ts';

/** The name of every configuration file. */
export const CONFIGURATION_NAME = 'leastwise.json';

/** Configurations by place. Invariant: the same text gives the same Config object. */
export interface Configurations {
  /** What governs the file at `path`, and the file that says so, where there is one; `preset` counts before what it says. */
  nearest(path: string, preset: Preset | undefined): Promise<Governing>;
  /** Some configuration file may have come, gone or changed. */
  changed(): void;
}

/** A configuration with the file that it was read from. */
export interface Governing {
  readonly config: Config;
  readonly source: Source | undefined;
}

/** Configurations; `buffer` gives the text of an open file. */
export function openConfigurations(buffer: (path: string) => Source | undefined): Configurations {
  let onDisk = new Map<string, Promise<Source | undefined>>();
  const read = new Map<string, { readonly text: string; readonly configs: Map<string, Config> }>();
  const find = async (path: string): Promise<Source | undefined> => {
    for (let folder = dirname(path); ; folder = dirname(folder)) {
      const file = join(folder, CONFIGURATION_NAME);
      const known = onDisk.get(file) ?? readSource(file);
      onDisk.set(file, known);
      const source = buffer(file) ?? (await known);
      if (source || folder === dirname(folder)) return source;
    }
  };
  return {
    nearest: async (path, preset) => {
      const source = isFile(path) ? await find(path) : undefined;
      const name = source?.path ?? '';
      const text = source?.text ?? '';
      const known = read.get(name);
      const kept = known?.text === text ? known : { text, configs: new Map<string, Config>() };
      read.set(name, kept);
      const before = kept.configs.get(preset ?? '');
      if (before) return { config: before, source };
      const config = source ? readConfiguration(source.path, source.text).config : DEFAULT_CONFIG;
      const made = preset ? { ...config, preset } : config;
      kept.configs.set(preset ?? '', made);
      return { config: made, source };
    },
    changed: () => {
      onDisk = new Map();
    },
  };
}

async function readSource(path: string): Promise<Source | undefined> {
  try {
    return { path, text: withoutMark(await readFile(path, 'utf8')) };
  } catch {
    return undefined;
  }
}
