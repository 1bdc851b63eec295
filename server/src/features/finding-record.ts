/** Finding records: findings as the plain data that the command line prints and the library returns. Knows no files; names of paths come from outside. */
import type { Request } from '../access/request.ts';
import type { Universe } from '../access/universe.ts';
import type { ModuleAnalysis } from '../analysis.ts';
import type { Finding, Level, Problem, Safety } from '../finding/finding.ts';
import type { Module, PolicyKind } from '../policy/module.ts';
import type { Policy } from '../policy/policy.ts';
import { type ProvedFix, provedFixes } from '../proof.ts';
import { type Lines, linesOf, type Position, positionAt } from '../text/lines.ts';
import { contains, type Span } from '../text/text.ts';

/** Lines and characters count from 0, characters in UTF-16 units, as in the Language Server Protocol. */
export interface Range {
  readonly start: Position;
  readonly end: Position;
}

/** A place in a file. */
export interface Place {
  readonly file: string;
  readonly range: Range;
}

/** A fix with its edits spelled out. `lost` is a request that is allowed and no longer is after a fix that narrows. */
export interface FixRecord {
  readonly title: string;
  readonly safety: Safety;
  readonly edits: readonly (Place & { readonly newText: string })[];
  /** How many policies the edits change, where it is more than one. */
  readonly policies?: number;
  readonly lost?: Request;
}

/** A finding as JSON has it. What does not apply is absent. */
export interface FindingRecord extends Place {
  readonly rule: string;
  readonly level: Level;
  readonly message: string;
  readonly policyKind?: PolicyKind;
  /** How people name the place of the policy: `aws_iam_policy.deploy.policy`. */
  readonly address?: string;
  readonly statement?: { readonly index: number; readonly sid?: string };
  readonly accessAnalyzer?: string;
  readonly accessAnalyzerType?: Finding['accessAnalyzerType'];
  /** IAM Access Analyzer was asked, and says so too. */
  readonly confirmed?: true;
  /** A page about it, where no rule's page is. */
  readonly page?: string;
  readonly related?: readonly (Place & { readonly message: string })[];
  readonly fixes?: readonly FixRecord[];
}

/** Where a span stands, in the words of whoever asks. */
export type Locate = (span: Span) => Place;

/** Makes places of spans in these sources; a span of another source gets the range of its first character. Lines are counted once a source. */
export function locator(
  sources: readonly { readonly path: string; readonly text: string }[],
  nameOf: (path: string) => string,
): Locate {
  const counted = new Map<string, Lines>();
  const lines = (path: string): Lines => {
    const known = counted.get(path);
    if (known) return known;
    const made = linesOf(sources.find((source) => source.path === path)?.text ?? '');
    counted.set(path, made);
    return made;
  };
  return (span) => ({
    file: nameOf(span.source),
    range: { start: positionAt(lines(span.source), span.start), end: positionAt(lines(span.source), span.end) },
  });
}

/** One finding of a module; `policyOf` is {@link policyFinder} of it. Fixes are worked out and proved only where there is a universe to find lost requests in. */
export function recordFinding(
  analysis: ModuleAnalysis,
  finding: Finding,
  policyOf: PolicyOf,
  locate: Locate,
  fixes: Universe | 'without fixes',
): FindingRecord {
  const { rule, level, message, statement, accessAnalyzer, accessAnalyzerType, page } = finding;
  const policy = finding.address === undefined ? policyOf(finding) : undefined;
  const address = finding.address ?? policy?.site.address ?? '';
  const proved = fixes === 'without fixes' ? [] : provedFixes(analysis, finding, fixes);
  const { file, range } = locate(finding.span);
  return {
    rule,
    level,
    message,
    file,
    ...(policy ? { policyKind: policy.kind } : {}),
    ...(address === '' ? {} : { address }),
    ...(statement ? { statement } : {}),
    range,
    ...(accessAnalyzer === undefined ? {} : { accessAnalyzer }),
    ...(accessAnalyzerType === undefined ? {} : { accessAnalyzerType }),
    ...(finding.confirmed ? { confirmed: true } : {}),
    ...(page === undefined ? {} : { page }),
    ...(finding.related.length > 0
      ? { related: finding.related.map((one) => ({ ...locate(one.span), message: one.message })) }
      : {}),
    ...(proved.length > 0 ? { fixes: proved.map((one) => recordFix(one, locate)) } : {}),
  };
}

/** A problem of a configuration as a finding of the rule that has its id. */
export function recordProblem(problem: Problem, level: Level, locate: Locate): FindingRecord {
  const { file, range } = locate(problem.span);
  return { rule: problem.id, level, message: problem.message, file, range };
}

function recordFix({ fix, edits, policies, lost }: ProvedFix, locate: Locate): FixRecord {
  return {
    title: fix.title,
    safety: fix.safety,
    edits: edits.map((edit) => ({ ...locate(edit.span), newText: edit.newText })),
    ...(policies > 1 ? { policies } : {}),
    ...(lost ? { lost } : {}),
  };
}

/** Answers which policy a finding is about, for many findings of one module. */
export type PolicyOf = (finding: Finding) => Policy | undefined;

/** The policy that a finding is about is the innermost that holds its place, or the first that reads it from elsewhere. Policies are ordered once, a question costs a bisection. */
export function policyFinder({ policies, module }: ModuleAnalysis): PolicyOf {
  const [only, another] = policies;
  if (!another) return () => only;
  const ordered = [...policies].sort((a, b) => compare(a.site.span, b.site.span));
  return ({ span }) => holderOf(ordered, span) ?? readerOf(policies, module, span);
}

/** Policies that lie inside of one another are rare; no more than this are passed on the way out. */
const DEEPEST_NEST = 20;

function holderOf(ordered: readonly Policy[], span: Span): Policy | undefined {
  let low = 0;
  let high = ordered.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const policy = ordered[middle];
    if (policy && compare(policy.site.span, span) <= 0) low = middle + 1;
    else high = middle;
  }
  for (let i = low - 1; i >= Math.max(0, low - DEEPEST_NEST); i--) {
    const policy = ordered[i];
    if (policy && contains(policy.site.span, span)) return policy;
  }
  return undefined;
}

function readerOf(policies: readonly Policy[], module: Module, span: Span): Policy | undefined {
  const reading = module.readings.find(({ origin }) => contains(origin, span));
  const site = reading && module.sites[reading.site];
  return policies.find((policy) => policy.site === site);
}

/** By source, then by start; of two with one start the larger comes first. */
function compare(a: Span, b: Span): number {
  if (a.source !== b.source) return a.source < b.source ? -1 : 1;
  return a.start - b.start || b.end - a.end;
}
