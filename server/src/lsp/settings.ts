/** Settings: what the user says in the editor. Total: whatever comes, the defaults stand in. */
import type { Preset } from '../config/config.ts';
import { PRESETS } from '../config/read.ts';
import type { Level } from '../finding/finding.ts';

/** `preset` is undefined where `leastwise.json` decides. */
export interface Settings {
  readonly enable: boolean;
  readonly preset: Preset | undefined;
  readonly level: Level;
}

/** What holds where nothing is set. */
export const DEFAULT_SETTINGS: Settings = { enable: true, preset: undefined, level: 'info' };

/** Reads the section `leastwise` of an editor's settings. */
export function readSettings(section: unknown): Settings {
  const values = record(section);
  return {
    enable: values.enable !== false,
    preset: PRESETS.find((preset) => preset === values.preset),
    level: LEVELS.find((level) => level === values.level) ?? DEFAULT_SETTINGS.level,
  };
}

/** The value as an object with unknown members; an empty one where it is none. */
export function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}

const LEVELS: readonly Level[] = ['error', 'warning', 'info'];
