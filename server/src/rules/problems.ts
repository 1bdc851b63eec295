/** Problems: what Access Analyzer makes of a text that is no JSON. It names the first slip and says nothing else; by other presets all are said. */
import type { Config } from '../config/config.ts';
import type { Problem } from '../finding/finding.ts';
import type { Module } from '../policy/module.ts';
import type { Policy } from '../policy/policy.ts';
import { contains } from '../text/text.ts';

/** The policies that rules are to look at. What is wrong outside of all policies is wrong of all in the file. */
export function readable(
  policies: readonly Policy[],
  { problems, sites }: Module,
  { preset }: Config,
): readonly Policy[] {
  const errors = preset === 'access-analyzer' ? problems.filter((problem) => problem.accessAnalyzer) : [];
  if (errors.length === 0) return policies;
  const spoiled = errors.flatMap(({ span }) => sites.find((site) => contains(site.span, span)) ?? span.source);
  return policies.filter(({ site }) => !spoiled.includes(site) && !spoiled.includes(site.span.source));
}

/** The problems of hosts that are to be shown. */
export function saidProblems({ problems, sites }: Module, { preset }: Config): readonly Problem[] {
  if (preset !== 'access-analyzer') return problems;
  const seen = new Set<string>();
  const inOrder = [...problems].sort((a, b) => a.span.start - b.span.start);
  return inOrder.filter(({ accessAnalyzer, span }) => {
    const name = `${span.source} ${sites.findIndex((site) => contains(site.span, span))}`;
    return !accessAnalyzer || (!seen.has(name) && seen.add(name));
  });
}
