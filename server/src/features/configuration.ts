/** Configuration as every front end reads it: the names that it may refer to are those of the registered rules and packs. Opens no files. */

import type { Config } from '../config/config.ts';
import { type ConfigReading, type KnownNames, readConfig } from '../config/read.ts';
import { configSchema } from '../config/schema.ts';
import type { Level, Problem } from '../finding/finding.ts';
import { DUTY_IDS, PACK_IDS } from '../identities/packs.ts';
import { levelOf } from '../rules/charge.ts';
import { RULES, ruleOf } from '../rules/index.ts';

/** The names that a configuration may refer to. */
export const KNOWN_NAMES: KnownNames = {
  rules: RULES.map((rule) => rule.id),
  duties: DUTY_IDS,
  packs: PACK_IDS,
};

/** Reads a configuration file's text; never throws. */
export function readConfiguration(path: string, text: string): ConfigReading {
  return readConfig(path, text, KNOWN_NAMES);
}

/** The level of a problem under a configuration: that of the rule with its id, warning where no rule has it. */
export function problemLevel(problem: Problem, config: Config): Level | 'off' {
  const rule = ruleOf(problem.id);
  return rule ? levelOf(rule, config) : (config.rules.get(problem.id)?.level ?? 'warning');
}

/** The schema of `leastwise.json` as `schema/leastwise.schema.json` holds it, with a newline at its end. */
export function printedSchema(): string {
  return `${JSON.stringify(configSchema(RULES, KNOWN_NAMES), undefined, 2)}\n`;
}
