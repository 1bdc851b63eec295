/** The configurations of a run: the nearest `leastwise.json` of each folder, or the one that was named. Reads each file once. */
import { existsSync, readFileSync } from 'node:fs';
import { type Config, DEFAULT_CONFIG, type Ignore, type Preset } from '../config/config.ts';
import { readConfiguration } from '../features/configuration.ts';
import type { Problem } from '../finding/finding.ts';
import { linesOf, positionAt } from '../text/lines.ts';
import { decode } from './decode.ts';
import { Failure, reasonOf } from './failure.ts';
import { folderOf } from './paths.ts';

/** The name of the configuration file. */
export const CONFIG_NAME = 'leastwise.json';

/** A configuration that was read, with its text for places in it. `trouble` is why it is no configuration at all. */
export interface LoadedConfig {
  readonly config: Config;
  readonly text: string;
  readonly problems: readonly Problem[];
  readonly trouble: string | undefined;
  /** The ignores that took a finding back. */
  readonly used: Set<Ignore>;
}

/** The configurations of a run. Paths are absolute. */
export interface Configs {
  /** The one for files of that folder. */
  readonly nearest: (folder: string) => LoadedConfig;
  /** Takes in the file at that path, whether anything lies below it or not. */
  readonly load: (path: string) => LoadedConfig;
  /** All that were read, defaults left out. */
  readonly loaded: () => readonly LoadedConfig[];
}

/** `named` is the file that serves all folders; it must be readable JSON. `preset` overrides what files say. */
export function openConfigs(named: string | undefined, preset: Preset | undefined): Configs {
  const files = new Map<string, LoadedConfig>();
  const folders = new Map<string, LoadedConfig>();
  const defaults: LoadedConfig = {
    config: withPreset(DEFAULT_CONFIG, preset),
    text: '',
    problems: [],
    trouble: undefined,
    used: new Set(),
  };
  const load = (path: string): LoadedConfig => {
    const known = files.get(path);
    if (known) return known;
    const made = read(path, preset);
    files.set(path, made);
    return made;
  };
  const nearest = (folder: string): LoadedConfig => {
    const known = folders.get(folder);
    if (known) return known;
    const own = `${folder === '/' ? '' : folder}/${CONFIG_NAME}`;
    const parent = folderOf(folder);
    const found = existsSync(own) ? load(own) : parent === folder || parent === '' ? defaults : nearest(parent);
    folders.set(folder, found);
    return found;
  };
  const one = named === undefined ? undefined : load(named);
  if (one?.trouble !== undefined) throw new Failure(one.trouble);
  return { nearest: one ? () => one : nearest, load, loaded: () => [...files.values()] };
}

function withPreset(config: Config, preset: Preset | undefined): Config {
  return preset ? { ...config, preset } : config;
}

function read(path: string, preset: Preset | undefined): LoadedConfig {
  let text: string;
  try {
    text = decode(readFileSync(path)).text;
  } catch (error) {
    const config = withPreset({ ...DEFAULT_CONFIG, path }, preset);
    return {
      config,
      text: '',
      problems: [],
      trouble: `the configuration ${path} cannot be read: ${reasonOf(error)}`,
      used: new Set(),
    };
  }
  const { config, problems, intact } = readConfiguration(path, text);
  return {
    config: withPreset(config, preset),
    text,
    problems,
    trouble: intact ? undefined : noConfiguration(path, text, problems),
    used: new Set(),
  };
}

function noConfiguration(path: string, text: string, problems: readonly Problem[]): string {
  const [first] = problems;
  const { line, character } = positionAt(linesOf(text), first?.span.start ?? 0);
  return `the configuration ${path}:${line + 1}:${character + 1} is not valid: ${first?.message ?? 'it is no JSON object'}`;
}
