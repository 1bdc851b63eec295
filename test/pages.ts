/**
 * The runner of pages: executes every example of a Markdown page and says what differs. Knows no test framework, writes
 * no file.
 *
 * A rule's page, `docs/rules/<id>.md`, is
 * - the line `# <id>`, the rule's summary as one line, and a line `Level: …` that `npm run generate` writes;
 * - prose that says why, then `## Flags`, `## Leaves alone` and `## When to ignore it`, in this order.
 *
 * An example is a fence of `json`, `hcl` or `yaml`. Words behind the language: `file=PATH` (which decides the host and
 * hints at a kind), `kind=KIND`, `config={…}` with the keys of `leastwise.json`, `today=YYYY-MM-DD`, `all` (findings of
 * all rules are listed, not only of the page's), `brief` (fixes are tried but not shown), and `with` on a fence that is
 * one more source of the example above. A source named `leastwise.json` is the configuration of its example.
 *
 * In *Flags* a `findings` block follows each example; it shows all findings of the page's rule as {@link drawFindings}
 * draws them. For each fix, in order, a `fixed` block follows, with title, safety and maybe `preferred` behind the word and
 * the whole text after the fix as content. Every fix is tried, shown or not: its finding goes away, the file stays readable.
 *
 * In *Leaves alone* no finding of the rule may come, and a line right before or after the example names the words that
 * save it: ``Saved by: `words` ``. They are taken out (`→` names what takes their place), and the rule must then speak.
 * A comma stands between words that save alone each, `and` between those that are taken out together. The words stand
 * once in the example, or else once behind its language. `Always silent: reason` is for examples that no words save.
 *
 * On other pages (`test/pages/*.md`) each example is followed by a `findings` block with the findings of all rules.
 */
import { basename } from 'node:path';
import type { ModuleAnalysis } from '../server/src/analysis.ts';
import type { Config, Ignore } from '../server/src/config/config.ts';
import { unusedDirectives, unusedIgnores } from '../server/src/config/unused.ts';
import { KNOWN_NAMES, problemLevel, readConfiguration } from '../server/src/features/configuration.ts';
import { applyEdits } from '../server/src/finding/edit.ts';
import type { Finding, Fix, Problem } from '../server/src/finding/finding.ts';
import type { IgnoreDirective, Source } from '../server/src/policy/module.ts';
import { proveFix } from '../server/src/proof.ts';
import { analyzeAll } from './context.ts';
import { drawFindings } from './drawing.ts';
import { type Example, type Fence, readPage, type Saviour, type Settings, settingsOf } from './page-format.ts';

/** One thing that is not as the page says. `line` counts from 1. */
export interface Complaint {
  readonly line: number;
  readonly message: string;
  /** What the page should hold instead, where `--update` can mend it. */
  readonly mend?: { readonly from: number; readonly to: number; readonly text: string };
}

/** Everything that differs, one after the other as it is found. `rule` is undefined for pages of no rule. */
export function* runPage(markdown: string, rule: string | undefined): Generator<Complaint> {
  const page = readPage(markdown);
  yield* page.complaints;
  for (const example of page.examples) {
    try {
      if (example.section === 'leaves alone') yield* runSilent(example, rule);
      else yield* runFlagged(example, rule, markdown);
    } catch (error) {
      yield { line: example.fences[0].line, message: error instanceof Error ? error.message : String(error) };
    }
  }
}

/** The page with all blocks mended that stand; complaints of other kinds stay. */
export function mendPage(markdown: string, complaints: readonly Complaint[]): string {
  let mended = markdown;
  const mends = complaints.flatMap((complaint) => complaint.mend ?? []).sort((a, b) => b.from - a.from);
  for (const { from, to, text } of mends) mended = mended.slice(0, from) + text + mended.slice(to);
  return mended;
}

/** An example that is ready to be analyzed. */
export interface Case {
  readonly sources: readonly [Source, ...Source[]];
  readonly settings: Settings;
}

/** The sources and settings of an example; throws where its words say nothing known. */
export function caseOf(fences: Example['fences']): Case {
  const [first, ...others] = fences;
  const settings = settingsOf(first.language, first.words);
  const more = others.map((fence) => ({ path: settingsOf(fence.language, fence.words).path, text: fence.text }));
  return { sources: [{ path: settings.path, text: first.text }, ...more], settings };
}

/** What came out of a case. `module` is undefined where the case is nothing but a configuration. */
export interface Run {
  readonly module: ModuleAnalysis | undefined;
  readonly findings: readonly Finding[];
}

/** Analyzes a case; throws on a bug, and where no host reads its first source. */
export function runCase({ sources, settings }: Case): Run {
  const configuration = sources.find((source) => basename(source.path) === 'leastwise.json');
  const reading = configuration && readConfiguration(configuration.path, configuration.text);
  const config = reading?.config ?? settings.config;
  const others = sources.filter((source) => source !== configuration);
  const [first] = others;
  const module = first && analyzeAll(others, { ...settings, config }).of(first.path);
  if (first && !module) throw new Error(`no host reads ${first.path}`);
  const problems = [...(reading?.problems ?? []), ...(module ? unused(module, config, settings.today) : [])];
  const said = problems.flatMap((problem) => {
    const level = problemLevel(problem, config);
    return level === 'off'
      ? []
      : [{ rule: problem.id, level, message: problem.message, span: problem.span, related: [] }];
  });
  return { module, findings: [...(module?.judgement.findings ?? []), ...said] };
}

/** Ignores that take nothing back, as the front ends report them. */
function unused({ module, judgement }: ModuleAnalysis, config: Config, today: string | undefined): readonly Problem[] {
  const ignores = new Set<Ignore>();
  const directives = new Set<IgnoreDirective>();
  for (const { by } of judgement.ignored) {
    if ('ignore' in by && by.ignore) ignores.add(by.ignore);
    if ('directive' in by && by.directive) directives.add(by.directive);
  }
  return [
    ...unusedIgnores(config, ignores, today, () => true),
    ...unusedDirectives(module.directives, directives, KNOWN_NAMES.rules),
  ];
}

function listed({ findings }: Run, rule: string | undefined, all: boolean): readonly Finding[] {
  return rule === undefined || all ? findings : findings.filter((finding) => finding.rule === rule);
}

function* runFlagged(example: Example, rule: string | undefined, markdown: string): Generator<Complaint> {
  const { line } = example.fences[0];
  const given = caseOf(example.fences);
  const run = runCase(given);
  const findings = listed(run, rule, given.settings.all);
  if (rule !== undefined && !findings.some((finding) => finding.rule === rule)) {
    yield { line, message: `\`${rule}\` does not speak here` };
  }
  const drawn = drawFindings(findings, given.sources);
  if (!example.findings) yield { line, message: `a findings block is missing after this example:\n${drawn}` };
  else yield* compared(example.findings, 'findings', drawn, markdown);
  const tried: Fixed[] = [];
  for (const finding of findings) {
    for (const fix of finding.fixes?.() ?? []) {
      const fixed = tryFix(given, run, finding, fix);
      if (fixed === undefined) continue;
      tried.push(fixed);
      for (const message of fixed.broken) yield { line, message: `the fix ${fixed.info} ${message}:\n${fixed.text}` };
    }
  }
  const unshown = given.settings.brief || (rule === undefined && example.fixed.length === 0);
  if (!unshown) yield* comparedFixes(example, tried, markdown);
}

function* comparedFixes(example: Example, tried: readonly Fixed[], markdown: string): Generator<Complaint> {
  for (const [i, fixed] of tried.entries()) {
    const fence = example.fixed[i];
    if (fence) yield* compared(fence, `fixed ${fixed.info}`, fixed.text, markdown);
    else yield { line: example.fences[0].line, message: `a \`fixed\` block is missing for: ${fixed.info}` };
  }
  for (const fence of example.fixed.slice(tried.length)) yield { line: fence.line, message: 'no fix makes this text' };
}

function* compared(fence: Fence, info: string, text: string, markdown: string): Generator<Complaint> {
  const stands = markdown.slice(...fence.info).trimEnd();
  if (stands === info && fence.text === text) return;
  const [from] = fence.info;
  const [, to] = fence.body;
  const shown = difference(`${stands}\n${fence.text}`, `${info}\n${text}`);
  yield { line: fence.line, message: `the block differs:\n${shown}`, mend: { from, to, text: `${info}\n${text}` } };
}

/** The lines that differ: `-` as the page has them, `+` as they come out. */
function difference(stands: string, comes: string): string {
  const old = stands.split('\n');
  const now = comes.split('\n');
  let head = 0;
  while (head < old.length && head < now.length && old[head] === now[head]) head++;
  let tail = 0;
  while (tail < old.length - head && tail < now.length - head && old.at(-1 - tail) === now.at(-1 - tail)) tail++;
  const gone = old.slice(head, old.length - tail).map((line) => `  - ${line}`);
  const came = now.slice(head, now.length - tail).map((line) => `  + ${line}`);
  return [...gone, ...came].join('\n');
}

/** A fix that was carried out. `broken` are clauses about what it does wrong. */
export interface Fixed {
  readonly info: string;
  readonly text: string;
  readonly broken: readonly string[];
}

/** Carries a fix out and judges again; undefined where the host cannot spell it or it cannot be proved, so that nobody is offered it. */
export function tryFix(given: Case, run: Run, finding: Finding, fix: Fix): Fixed | undefined {
  const edits = run.module && proveFix(run.module, finding, fix)?.edits;
  if (!edits) return undefined;
  const info = `"${fix.title.replaceAll('`', "'")}" ${fix.safety}${fix.preferred ? ' preferred' : ''}`;
  const after: Source[] = [];
  for (const source of given.sources) {
    const text = applyEdits(source.path, source.text, edits);
    if (text === undefined) return { info, text: '', broken: ['has edits that overlap'] };
    after.push({ path: source.path, text });
  }
  const changed = after.filter((source, i) => source.text !== given.sources[i]?.text);
  const text =
    changed.length === 1 ? (changed[0]?.text ?? '') : changed.map((one) => `${one.path}:\n${one.text}`).join('');
  const [first, ...others] = after;
  if (changed.length === 0 || !first) return { info, text, broken: ['changes nothing'] };
  const again = runCase({ sources: [first, ...others], settings: given.settings });
  return { info, text, broken: broken(run, again, finding) };
}

function broken(before: Run, after: Run, finding: Finding): readonly string[] {
  const same = ({ findings }: Run) =>
    findings.filter((other) => other.rule === finding.rule && other.message === finding.message).length;
  const complaints: string[] = [];
  if (same(after) >= same(before)) complaints.push('leaves its finding');
  const problems = ({ module }: Run) => module?.module.problems.length ?? 0;
  if (problems(after) > problems(before)) complaints.push('leaves a file that cannot be read');
  const policies = ({ module }: Run) => module?.policies.length ?? 0;
  if (policies(after) < policies(before)) complaints.push('loses a policy');
  return complaints;
}

function* runSilent(example: Example, rule: string | undefined): Generator<Complaint> {
  const { line } = example.fences[0];
  const given = caseOf(example.fences);
  const findings = listed(runCase(given), rule, false);
  if (findings.length > 0) yield { line, message: `the example is flagged:\n${drawFindings(findings, given.sources)}` };
  const unwanted = example.findings ?? example.fixed[0];
  if (unwanted) yield { line: unwanted.line, message: 'an example that is left alone has no blocks' };
  if (example.saviours.length === 0 && !example.alwaysSilent) {
    yield { line, message: 'a line is missing that says what saves the example: Saved by: `words`' };
  }
  for (const saviour of example.saviours) yield* unsaved(example, saviour, rule);
}

/** The example without its saviour must be flagged. */
function* unsaved(example: Example, saviour: Saviour, rule: string | undefined): Generator<Complaint> {
  let [first, ...others] = example.fences;
  for (const { words, instead } of saviour.changes) {
    if (occurrences(first.text, words) === 1) first = { ...first, text: first.text.replace(words, () => instead) };
    else if (occurrences(first.text, words) === 0 && occurrences(first.words, words) === 1) {
      first = { ...first, words: first.words.replace(words, () => instead) };
    } else {
      const at = others.findIndex((fence) => occurrences(fence.text, words) === 1);
      const fence = others[at];
      if (fence) others = others.with(at, { ...fence, text: fence.text.replace(words, () => instead) });
      else yield { line: saviour.line, message: `\`${words}\` does not stand exactly once in the example` };
    }
  }
  if (listed(runCase(caseOf([first, ...others])), rule, false).length > 0) return;
  const named = saviour.changes
    .map(({ words, instead }) => `\`${words}\`${instead ? ` → \`${instead}\`` : ''}`)
    .join(' and ');
  yield { line: saviour.line, message: `${named} saves nothing: the rule is silent without it too` };
}

function occurrences(text: string, words: string): number {
  return text.split(words).length - 1;
}
