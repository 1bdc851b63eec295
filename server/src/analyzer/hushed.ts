/** Hushed: whether the user has taken back what AWS says, by turning off or ignoring the rule of ours that has the same check. Pure. */
import type { ModuleAnalysis } from '../analysis.ts';
import type { Config } from '../config/config.ts';
import type { Finding } from '../finding/finding.ts';
import type { Policy } from '../policy/policy.ts';
import { RULES } from '../rules/index.ts';
import { takenBack } from '../rules/judge.ts';

/** What decides about findings beside the text: the configuration, and the day for ignores that expire. */
export interface Governing {
  readonly config: Config;
  readonly today: string;
}

/** True where every rule that has the finding's code is off, or taken back there. */
export function isHushed(finding: Finding, policy: Policy, { module }: ModuleAnalysis, governing: Governing): boolean {
  const code = finding.accessAnalyzer;
  const rules = RULES.filter(({ accessAnalyzer }) => code !== undefined && accessAnalyzer?.includes(code));
  const statement = policy.statements.find(({ index }) => index === finding.statement?.index);
  const isBack = (id: string) =>
    takenBack({ finding, policy, statement, rule: { id } }, module, governing) !== undefined;
  if (rules.length === 0) return isBack(finding.rule);
  return rules.every(({ id }) => governing.config.rules.get(id)?.level === 'off' || isBack(id));
}
