/** The library: checks policies that are handed over as text. Reads no file but its own catalog, and never throws whatever the text. */
import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import type { Comparison } from './access/compare.ts';
import { compareDocuments, type DocumentQuestion, type Evaluation, evaluateDocuments } from './access/documents.ts';
import { analyzeWhole } from './analysis.ts';
import { type Catalog, openCatalog } from './catalog/catalog.ts';
import { DEFAULT_CONFIG } from './config/config.ts';
import type { ConfigReading } from './config/read.ts';
import { withCalled } from './features/called.ts';
import { problemLevel, readConfiguration } from './features/configuration.ts';
import { type DifferenceReport, differenceOf } from './features/difference.ts';
import { type FindingRecord, locator, policyFinder, recordFinding, recordProblem } from './features/finding-record.ts';
import { universeOf } from './features/universe.ts';
import { HOSTS, hostOf } from './hosts/index.ts';
import type { PolicyKind, Source } from './policy/module.ts';

/** A request, its principal, and what comparing and evaluating answer. */
export type { Comparison } from './access/compare.ts';
export type { DocumentQuestion, DocumentSet, Evaluation, StatementRef } from './access/documents.ts';
export type { Principal, Request } from './access/request.ts';
/** What a policy gains and loses, as plain data. */
export type { AccessChange, DifferenceReport, LevelActions } from './features/difference.ts';
/** A finding, a fix and a place as plain data. */
export type { FindingRecord as Finding, FixRecord as Fix, Place, Range } from './features/finding-record.ts';

/** What a policy is attached to; and a file as it is handed over, whose `path` names it and decides its language. */
export type { PolicyKind, Source } from './policy/module.ts';

/** What `leastwise.json` holds, as data: see docs/configuration.md. What is wrong in it comes back as findings of rule `configuration` in the file `leastwise.json`. */
export type Config = Readonly<Record<string, unknown>>;

/** Sources that belong together, as the files of a Terraform folder do. `kind` makes every JSON source a policy of that kind. */
export interface CheckInput {
  readonly sources: readonly Source[];
  readonly kind?: PolicyKind;
  readonly config?: Config;
}

/**
 * What is wrong with the policies in the sources, in order of source and place, each finding with every fix that is
 * proved. Lines and characters count from 0. A source in a language that is not known is read as JSON.
 */
export function check(input: Source | CheckInput): { findings: FindingRecord[] } {
  const { sources, kind, config }: CheckInput = 'sources' in input ? input : { sources: [input] };
  const reading = config === undefined ? undefined : readGiven(config);
  const analysis = analyzeWhole(sources, {
    get catalog() {
      return sharedCatalog();
    },
    hosts: (path) => hostOf(path) ?? HOSTS.find((host) => host.id === 'json'),
    config: () => reading?.config ?? DEFAULT_CONFIG,
    ...(kind ? { kind } : {}),
    today: new Date().toISOString().slice(0, 10),
  });
  const findings = reading ? [...configFindings(reading)] : [];
  const called: FindingRecord[] = [];
  for (const module of analysis.modules) {
    const universe = universeOf(sharedCatalog());
    const policyOf = policyFinder(module);
    const locate = locator([...module.module.sources, ...(module.module.beside ?? [])], (path) => path);
    const own = new Set(module.module.sources.map(({ path }) => path));
    for (const finding of module.judgement.findings)
      (own.has(finding.span.source) ? findings : called).push(
        recordFinding(module, finding, policyOf, locate, universe),
      );
  }
  return { findings: [...withCalled(findings, called)] };
}

/** Two policies as JSON text. `kind` is what both are; without it their shape tells. `typed` makes the witness one of actions and resources that AWS has, where that can be; the verdict is the same. */
export interface CompareInput {
  readonly existing: string;
  readonly proposed: string;
  readonly kind?: PolicyKind;
  readonly mode?: 'untyped' | 'typed';
}

/** Whether `proposed` allows a request that `existing` does not, with such a request. A policy that cannot be read is `unknown`, with the reason. */
export function compare({ existing, proposed, kind, mode }: CompareInput): Comparison {
  const universe = mode === 'typed' ? universeOf(sharedCatalog()) : undefined;
  return compareDocuments({ existing, proposed, kind, universe });
}

/** What `proposed` gains and loses against `existing`, its actions by access level, each with a request. Says at least what differs: what could not be told is counted. */
export function difference({ existing, proposed, kind }: Omit<CompareInput, 'mode'>): DifferenceReport {
  return differenceOf({ existing, proposed, kind }, sharedCatalog());
}

/** What one policy, or all that apply, say of a request, and the statements that decide. A policy that cannot be read is `unknown`, with the reason. */
export function evaluate(question: DocumentQuestion): Evaluation {
  return evaluateDocuments(question);
}

/** A configuration that was handed over, with the text that places in it are about. */
interface GivenConfig extends ConfigReading {
  readonly text: string;
}

const CONFIG_NAME = 'leastwise.json';

function readGiven(config: Config): GivenConfig {
  const text = printed(config);
  return { ...readConfiguration(CONFIG_NAME, text), text };
}

/** The configuration as text; what cannot be written down, such as a circle, is no configuration. */
function printed(config: Config): string {
  try {
    return JSON.stringify(config, undefined, 2) ?? '';
  } catch {
    return '';
  }
}

function* configFindings({ problems, config, text }: GivenConfig): Iterable<FindingRecord> {
  const locate = locator([{ path: CONFIG_NAME, text }], (path) => path);
  for (const problem of problems) {
    const level = problemLevel(problem, config);
    if (level !== 'off') yield recordProblem(problem, level, locate);
  }
}

let opened: Catalog | undefined;

/** The catalog, opened when first needed. Throws where the package has none. */
function sharedCatalog(): Catalog {
  opened ??= openCatalog(catalogParts());
  return opened;
}

/** Reads parts of the catalog's file, and keeps no file open: parts are few, and each is read once. */
function catalogParts(): (offset: number, length: number) => Uint8Array {
  const places = [join(__dirname, 'data', 'catalog.bin'), join(__dirname, '..', 'data', 'catalog.bin')];
  const path = places.find((place) => existsSync(place));
  if (path === undefined) throw new Error(`the catalog is missing: there is no ${places[0]}`);
  return (offset, length) => {
    const descriptor = openSync(path, 'r');
    try {
      const bytes = new Uint8Array(length);
      return bytes.subarray(0, readSync(descriptor, bytes, 0, length, offset));
    } finally {
      closeSync(descriptor);
    }
  };
}
