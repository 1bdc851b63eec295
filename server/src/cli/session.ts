/**
 * A run over modules: reads their sources, analyzes them, and keeps what the reports need. Holds one module at a time;
 * prints nothing.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { type Analysis, type AnalysisContext, analyzeWhole, type ModuleAnalysis } from '../analysis.ts';
import type { Catalog } from '../catalog/catalog.ts';
import { unusedDirectives, unusedIgnores } from '../config/unused.ts';
import { KNOWN_NAMES, problemLevel } from '../features/configuration.ts';
import { type FindingRecord, locator, policyFinder, recordFinding, recordProblem } from '../features/finding-record.ts';
import { universeOf } from '../features/universe.ts';
import type { Problem } from '../finding/finding.ts';
import type { Host } from '../hosts/host.ts';
import { HOSTS, hostOf } from '../hosts/index.ts';
import type { IgnoreDirective, PolicyKind, Source } from '../policy/module.ts';
import { besideSources, type Disk, nothingSeen, type Seen } from './beside.ts';
import type { Configs, LoadedConfig } from './configs.ts';
import { type Decoded, decode, isBinary } from './decode.ts';
import { reasonOf } from './failure.ts';
import { folderOf, lastName, shown } from './paths.ts';
import type { Terminal } from './terminal.ts';

/** A file to check. `named` by the user rather than found; `text` where it does not come from the disk. Paths are absolute. */
export interface Target {
  readonly path: string;
  readonly named: boolean;
  readonly text?: string;
}

/** What a session rests on. `complain` takes one line about something that could not be done, which makes the exit code 2; `note` one that costs nothing. */
export interface SessionContext {
  readonly terminal: Terminal;
  readonly configs: Configs;
  readonly catalog: () => Catalog;
  readonly kind: PolicyKind | undefined;
  readonly fixes: 'with fixes' | 'without fixes';
  /** Whether flags keep rules silent that would speak otherwise: then nobody can tell which ignores are needed. */
  readonly narrowed: 'by flags' | 'no';
  readonly complain: (message: string) => void;
  readonly note: (message: string) => void;
}

/** The targets that one host reads together. */
export interface Group {
  readonly host: Host;
  readonly targets: readonly Target[];
}

/** What was read for a group. `targets` of it could be read; `files` are all sources, siblings included. */
export interface Reading {
  readonly sources: readonly Source[];
  readonly asked: ReadonlySet<string>;
  readonly decoded: ReadonlyMap<string, Decoded>;
  /** What the sources refer to beyond their module. */
  readonly beside: readonly Source[];
}

/**
 * What came of a group. `called` are findings in texts of other modules, as this one calls them: others may have said the
 * same. `texts` are of the files that records name.
 */
export interface Outcome {
  readonly records: readonly FindingRecord[];
  readonly called: readonly FindingRecord[];
  readonly texts: ReadonlyMap<string, string>;
  readonly files: number;
  readonly policies: number;
}

/** Groups targets as hosts read them together. A named file that no host knows by its name is read as JSON if it can be that. */
export function groupTargets(targets: readonly Target[]): readonly Group[] {
  const groups = new Map<string, { host: Host; targets: Target[] }>();
  for (const target of targets) {
    const host = hostOf(target.path) ?? HOSTS.find((candidate) => candidate.id === 'json');
    if (!host) continue;
    const name = `${host.id}:${host.moduleOf(target.path)}`;
    const group = groups.get(name);
    if (group) group.targets.push(target);
    else groups.set(name, { host, targets: [target] });
  }
  return [...groups.values()];
}

/** Reads a group's targets, and the files beside them that belong to their module. */
export function readGroup(group: Group, context: SessionContext): Reading {
  const decoded = new Map<string, Decoded>();
  const asked = new Set<string>();
  for (const target of group.targets) {
    const file =
      target.text === undefined
        ? readTarget(target.path, context)
        : { text: target.text, encoding: 'utf8' as const, exact: true };
    if (!file) continue;
    const foreign = hostOf(target.path) === undefined && !/^\s*[[{]/.test(file.text);
    decoded.set(target.path, foreign ? NOTHING : file);
    asked.add(target.path);
  }
  for (const path of siblings(group, decoded)) {
    const file = readTarget(path, context);
    if (file) decoded.set(path, file);
  }
  const sources = [...decoded].map(([path, { text }]): Source => {
    const known = seenBy(context).files.get(path);
    return known?.text === text ? known : { path, text };
  });
  const beside = besideSources(group.host, sources, diskOf(context));
  return { sources, asked, decoded, beside };
}

/** A file larger than this cannot be held as one text. */
const LARGEST = 400_000_000;

function readTarget(path: string, context: SessionContext): Decoded | undefined {
  try {
    const bytes = readFileSync(path);
    if (isBinary(bytes)) return NOTHING;
    // A file that never says so holds no policy; where it is large, that is worth asking first.
    const plain = bytes[0] !== 0xff && bytes.length > 1_000_000 && context.kind === undefined && /\.json$/i.test(path);
    if (plain && !MARKS.some((mark) => bytes.includes(mark))) return NOTHING;
    if (bytes.length > LARGEST) throw new Error('it is too large');
    return decode(bytes);
  } catch (error) {
    context.complain(`${shown(context.terminal.folder, path)} cannot be read: ${reasonOf(error)}`);
    return undefined;
  }
}

/** What the modules of one run have referred to so far. */
function seenBy(context: SessionContext): Seen {
  const seen = SEEN.get(context) ?? nothingSeen();
  SEEN.set(context, seen);
  return seen;
}

const SEEN = new WeakMap<SessionContext, Seen>();

/** What modules refer to need not be there. */
function diskOf(context: SessionContext): Disk {
  const { folders, files } = seenBy(context);
  return {
    names: (folder) => {
      const names = folders.get(folder) ?? folderNames(folder);
      folders.set(folder, names);
      return names;
    },
    source: (path) => {
      if (files.has(path)) return files.get(path);
      const text = existsSync(path) ? readTarget(path, context)?.text : undefined;
      const source = text === undefined ? undefined : { path, text };
      files.set(path, source);
      return source;
    },
  };
}

/** Policies have statements, in Terraform's JSON syntax and in its plans also with a small letter. */
const MARKS = ['Statement', '"statement"'];

/** A file that holds no policy, whatever else it holds. */
const NOTHING: Decoded = { text: '', encoding: 'utf8', exact: false };

/** The other files of a module that is a folder; none where a module is one file. */
function siblings(group: Group, read: ReadonlyMap<string, Decoded>): readonly string[] {
  const [first] = read.keys();
  if (first === undefined || group.host.moduleOf(first) === first) return [];
  const module = group.host.moduleOf(first);
  const folder = folderOf(first);
  const names = folderNames(folder).filter((name) => group.host.reads(name));
  return names
    .map((name) => (folder === '/' ? `/${name}` : `${folder}/${name}`))
    .filter((path) => !read.has(path) && group.host.moduleOf(path) === module);
}

function folderNames(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => entry.name)
      .sort();
  } catch {
    // Standard input may bear a name in a folder that does not exist.
    return [];
  }
}

/** Analyzes sources of one group. */
export function analyzeGroup(
  group: Group,
  sources: readonly Source[],
  beside: readonly Source[],
  context: SessionContext,
  previous?: Analysis,
): Analysis {
  const analysis: AnalysisContext = {
    get catalog() {
      return context.catalog();
    },
    hosts: () => group.host,
    config: (path) => context.configs.nearest(folderOf(path)).config,
    ...(context.kind ? { kind: context.kind } : {}),
    beside,
    today: context.terminal.today,
    onBug: (rule, path, error) =>
      context.complain(
        `internal error in ${rule} on ${shown(context.terminal.folder, path)}: ${error instanceof Error ? error.message : String(error)}`,
      ),
  };
  return analyzeWhole(sources, analysis, previous);
}

/** What the reports need of an analysis, for the files that were asked for. */
export function outcomeOf(analysis: Analysis, reading: Pick<Reading, 'asked'>, context: SessionContext): Outcome {
  const records: FindingRecord[] = [];
  const called: FindingRecord[] = [];
  const texts = new Map<string, string>();
  let policies = 0;
  let files = 0;
  const names = new Map<string, string>();
  const name = (path: string) => {
    const known = names.get(path) ?? shown(context.terminal.folder, path);
    names.set(path, known);
    return known;
  };
  for (const module of analysis.modules) {
    const all = [...module.module.sources, ...(module.module.beside ?? [])];
    const locate = locator(all, name);
    const policyOf = policyFinder(module);
    const own = new Set(module.module.sources.map(({ path }) => path));
    const mine = module.judgement.findings.filter(({ span, related }) =>
      own.has(span.source)
        ? reading.asked.has(span.source)
        : related.some((other) => reading.asked.has(other.span.source)),
    );
    const loaded = context.configs.nearest(folderOf(module.module.sources[0]?.path ?? ''));
    const problems = unused(module, loaded, context).filter((problem) => reading.asked.has(problem.span.source));
    const fixes = context.fixes === 'with fixes' && mine.length > 0 ? universeOf(context.catalog()) : 'without fixes';
    for (const finding of mine) {
      const record = recordFinding(module, finding, policyOf, locate, fixes);
      (own.has(finding.span.source) ? records : called).push(record);
    }
    records.push(...leveled(problems, loaded, locate));
    if (mine.length > 0 || problems.length > 0) for (const source of all) texts.set(name(source.path), source.text);
    const held = module.module.sites.map((site) => site.span.source).filter((path) => reading.asked.has(path));
    policies += held.length;
    files += new Set(held).size;
  }
  return { records, called, texts, files, policies };
}

/** Marks the configuration's ignores that were used, and tells of the comments that were not. */
function unused(module: ModuleAnalysis, loaded: LoadedConfig, context: SessionContext): readonly Problem[] {
  const used = new Set<IgnoreDirective>();
  for (const { by } of module.judgement.ignored) {
    if ('finding' in by) continue;
    if (by.directive) used.add(by.directive);
    if (by.ignore) loaded.used.add(by.ignore);
  }
  return tellsUnused(loaded, context) ? unusedDirectives(module.module.directives, used, KNOWN_NAMES.rules) : [];
}

function leveled(
  problems: readonly Problem[],
  config: LoadedConfig,
  locate: ReturnType<typeof locator>,
): readonly FindingRecord[] {
  return problems.flatMap((problem) => {
    const level = problemLevel(problem, config.config);
    return level === 'off' ? [] : [recordProblem(problem, level, locate)];
  });
}

/** What is wrong with the configurations of the run; `seen` says whether all files below one were looked at. */
export function configOutcome(context: SessionContext, seen: (config: LoadedConfig) => boolean): Outcome {
  const records: FindingRecord[] = [];
  const texts = new Map<string, string>();
  for (const loaded of context.configs.loaded()) {
    const { path } = loaded.config;
    const name = shown(context.terminal.folder, path);
    const locate = locator([{ path, text: loaded.text }], () => name);
    const whole = tellsUnused(loaded, context) && seen(loaded);
    const ignores = unusedIgnores(loaded.config, loaded.used, context.terminal.today, () => whole);
    const found = leveled([...loaded.problems, ...ignores], loaded, locate);
    if (found.length > 0) texts.set(name, loaded.text);
    records.push(...found);
  }
  return { records, called: [], texts, files: 0, policies: 0 };
}

/** Whether an ignore that took nothing back can be told from one whose rule had no say. */
function tellsUnused(loaded: LoadedConfig, context: SessionContext): boolean {
  return context.narrowed === 'no' && loaded.config.preset !== 'access-analyzer';
}

/** Whether a found file is worth reading: some host reads it, and it is no configuration of ours. */
export function isWanted(path: string): boolean {
  return hostOf(path) !== undefined && lastName(path) !== 'leastwise.json';
}
