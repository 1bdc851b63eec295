/** The façade: sources in, findings out. Pure and total; a bug in a rule or host is caught, reported to `onBug`, and the rest goes on. */
import type { Catalog } from './catalog/catalog.ts';
import type { Config } from './config/config.ts';
import type { Edit, TextEdit } from './finding/edit.ts';
import type { Finding } from './finding/finding.ts';
import type { Form, Host, ReadOptions } from './hosts/host.ts';
import type { Module, PolicyKind, Source } from './policy/module.ts';
import type { Policy } from './policy/policy.ts';
import { readPolicy } from './policy/read.ts';
import { type Bench, type Judgement, judge, judgeFurther } from './rules/judge.ts';

/** What an analysis rests on beside the sources. `hosts` and `config` answer for a path. */
export interface AnalysisContext {
  readonly catalog: Catalog;
  readonly hosts: (path: string) => Host | undefined;
  readonly config: (path: string) => Config;
  /** Every JSON file is a policy document of this kind. */
  readonly kind?: PolicyKind;
  /** Sources that are not analyzed themselves, but that others refer to: modules that they call, files that they read in. */
  readonly beside?: readonly Source[];
  /** The day, `YYYY-MM-DD`, for ignores that expire; none does where it is absent. */
  readonly today?: string;
  readonly onBug?: (rule: string, path: string, error: unknown) => void;
}

/** One module with all that is known of it. `judgement` holds findings, what they swallowed and what was taken back. */
export interface ModuleAnalysis {
  readonly module: Module;
  readonly host: Host;
  /** How the module was read, to read it again after an edit. */
  readonly reading: ReadOptions;
  readonly policies: readonly Policy[];
  readonly judgement: Judgement;
}

/** Everything about the sources, by module; `of` gives the module of a path. */
export interface Analysis {
  readonly modules: readonly ModuleAnalysis[];
  readonly findings: readonly Finding[];
  readonly of: (path: string) => ModuleAnalysis | undefined;
}

/** Analyzes sources of any number of modules. Modules whose texts are those of `previous`, under the same catalog and config, are taken over. */
export function analyze(sources: readonly Source[], context: AnalysisContext, previous?: Analysis): Analysis {
  const groups = new Map<string, { host: Host; sources: Source[] }>();
  for (const source of sources) {
    const host = context.hosts(source.path);
    if (!host) continue;
    const name = `${host.id}:${host.moduleOf(source.path)}`;
    const group = groups.get(name);
    if (group) group.sources.push(source);
    else groups.set(name, { host, sources: [source] });
  }
  const modules = [...groups.values()].flatMap(
    (group) => analyzeModule(group.host, group.sources, sources, context, previous) ?? [],
  );
  return collect(modules);
}

/**
 * The same with the second wave of rules, which takes longer. Yields whenever a piece of work is done: whoever has no more
 * use for the answer takes no further step.
 */
export function* analyzeFurther(analysis: Analysis, context: AnalysisContext): Generator<undefined, Analysis> {
  const modules: ModuleAnalysis[] = [];
  for (const one of analysis.modules) {
    const bench = benchFor(one.module.sources[0]?.path ?? '', context);
    const judgement = yield* judgeFurther(one.module, one.policies, one.judgement, bench);
    modules.push({ ...one, judgement });
  }
  return collect(modules);
}

/** Everything about the sources by both waves, at once. */
export function analyzeWhole(sources: readonly Source[], context: AnalysisContext, previous?: Analysis): Analysis {
  const steps = analyzeFurther(analyze(sources, context, previous), context);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** On its own, so that what it hands out holds nothing of the analysis before it. */
function collect(modules: readonly ModuleAnalysis[]): Analysis {
  const byPath = new Map(
    modules.flatMap((module) => module.module.sources.map((source) => [source.path, module] as const)),
  );
  return { modules, findings: modules.flatMap((module) => module.judgement.findings), of: (path) => byPath.get(path) };
}

/** The edits as text changes; undefined where the host cannot spell one of them. */
export function print(analysis: ModuleAnalysis, edits: readonly Edit[]): readonly TextEdit[] | undefined {
  return analysis.host.print(analysis.module, edits);
}

/** Other ways to write down the policy at an offset; none where the host has no other. */
export function formsAt({ host, module }: ModuleAnalysis, path: string, offset: number): readonly Form[] {
  return host.forms?.(module, path, offset) ?? [];
}

function analyzeModule(
  host: Host,
  sources: readonly Source[],
  all: readonly Source[],
  context: AnalysisContext,
  previous?: Analysis,
): ModuleAnalysis | undefined {
  const path = sources[0]?.path ?? '';
  const old = previous?.of(path);
  try {
    const beside = host.beside ? [...(context.beside ?? []), ...(all.length > sources.length ? all : [])] : [];
    const reading: ReadOptions = {
      ...(context.kind ? { kind: context.kind } : {}),
      ...(beside.length > 0 ? { beside } : {}),
    };
    const module = host.read(sources, reading, old?.module);
    const known = new Map(old?.policies.map((policy) => [policy.site, policy]));
    const policies = module.sites.flatMap((site) => known.get(site) ?? readPolicy(site) ?? []);
    const judgement = judge(module, policies, { ...benchFor(path, context), again: old !== undefined });
    return { module, host, reading, policies, judgement };
  } catch (error) {
    context.onBug?.(`host:${host.id}`, path, error);
    return undefined;
  }
}

function benchFor(path: string, context: AnalysisContext): Bench {
  return {
    catalog: context.catalog,
    config: context.config(path),
    ...(context.today === undefined ? {} : { today: context.today }),
    onBug: (rule, error) => context.onBug?.(rule, path, error),
  };
}
