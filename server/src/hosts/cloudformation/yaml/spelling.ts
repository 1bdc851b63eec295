/** How collections of YAML are spelled. Plain data. */
import type { Spelling } from '../../../value/value.ts';

/** The spelling of block collections. */
export const BLOCK_YAML: Spelling = { notation: 'yaml', layers: [] };

/** The spelling of flow collections, which JSON is a part of. */
export const FLOW_YAML: Spelling = { notation: 'json', layers: ['yaml-flow'] };
