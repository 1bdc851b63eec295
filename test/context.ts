/** What tests analyze with: the committed catalog, every host, and configurations said in a line. Holds no expectations. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Analysis, type AnalysisContext, analyzeWhole, type ModuleAnalysis } from '../server/src/analysis.ts';
import { type Catalog, openCatalog } from '../server/src/catalog/catalog.ts';
import { type Config, DEFAULT_CONFIG } from '../server/src/config/config.ts';
import { readConfiguration } from '../server/src/features/configuration.ts';
import { hostOf } from '../server/src/hosts/index.ts';
import type { PolicyKind, Source } from '../server/src/policy/module.ts';

/** The project's folder: tests and scripts run there. */
export const ROOT = process.cwd();

let opened: Catalog | undefined;

/** The committed catalog, opened once. */
export function catalog(): Catalog {
  if (opened) return opened;
  const file = readFileSync(join(ROOT, 'server/data/catalog.bin'));
  opened = openCatalog((offset, length) => file.subarray(offset, offset + length));
  return opened;
}

/** What an analysis may be given beyond its sources. */
export interface Circumstances {
  readonly kind?: PolicyKind;
  readonly config?: Config;
  readonly today?: string;
}

/** A bug that the analysis caught; tests fail on the first. */
export class CaughtBug extends Error {}

/** The context of an analysis in a test: a bug in a rule or host is thrown on. */
export function contextOf(circumstances: Circumstances = {}): AnalysisContext {
  const { kind, today } = circumstances;
  return {
    catalog: catalog(),
    hosts: hostOf,
    config: () => circumstances.config ?? DEFAULT_CONFIG,
    ...(kind ? { kind } : {}),
    ...(today ? { today } : {}),
    onBug: (rule, path, error) => {
      throw new CaughtBug(`${rule} on ${path}: ${error instanceof Error ? error.stack : String(error)}`);
    },
  };
}

/** Analyzes one source. Throws where the analysis itself threw. */
export function analyzeText(path: string, text: string, circumstances: Circumstances = {}): ModuleAnalysis | undefined {
  return analyzeAll([{ path, text }], circumstances).of(path);
}

/** Analyzes sources of any number of modules, with both waves of rules. */
export function analyzeAll(sources: readonly Source[], circumstances: Circumstances = {}): Analysis {
  return analyzeWhole(sources, contextOf(circumstances));
}

/** A configuration from the text of a `leastwise.json`; throws where something of it is not understood. */
export function configOf(json: string): Config {
  const { config, problems } = readConfiguration('leastwise.json', json);
  const [problem] = problems;
  if (problem) throw new Error(`config: ${problem.message}`);
  return config;
}
