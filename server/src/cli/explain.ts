/** The commands `rules` and `explain`: what the rules are. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { nearestWord } from '../config/nearest.ts';
import { globMatches } from '../policy/pattern.ts';
import { RULES, ruleOf } from '../rules/index.ts';
import type { Flags } from './arguments.ts';
import { type ExitCode, Failure } from './failure.ts';
import type { Terminal } from './terminal.ts';
import { packageFolder } from './version.ts';

/** Lists the rules: id, level, summary. */
export function listRules(flags: Flags, terminal: Terminal): ExitCode {
  if (flags.value('format') === 'json') {
    const rules = RULES.map(({ id, level, summary, accessAnalyzer, equivalents }) => ({
      id,
      level,
      summary,
      ...(accessAnalyzer ? { accessAnalyzer } : {}),
      ...(equivalents ? { equivalents } : {}),
    }));
    terminal.out(`${JSON.stringify(rules, undefined, 2)}\n`);
    return 0;
  }
  const width = Math.max(...RULES.map((rule) => rule.id.length));
  terminal.out(RULES.map((rule) => `${rule.id.padEnd(width)}  ${rule.level.padEnd(7)}  ${rule.summary}\n`).join(''));
  return 0;
}

/** Prints the page of a rule, or its summary where the package has no page. */
export function explainRule(id: string, terminal: Terminal): ExitCode {
  const rule = ruleOf(id);
  if (!rule) throw new Failure(`there is no rule \`${id}\`${suggestion(id)}`);
  const page = join(packageFolder(), 'docs', 'rules', `${rule.id}.md`);
  const text = existsSync(page)
    ? readFileSync(page, 'utf8')
    : `# ${rule.id}\n\n${rule.summary}\n\nLevel: ${rule.level}.\n`;
  terminal.out(text.endsWith('\n') ? text : `${text}\n`);
  return 0;
}

function suggestion(id: string): string {
  const ids = RULES.map((rule) => rule.id);
  const near = nearestWord(id, ids);
  const pattern = `*${id.toLowerCase().replaceAll('_', '-')}*`;
  const likely = near === undefined ? ids.filter((candidate) => globMatches(pattern, candidate)) : [near];
  if (likely.length === 0) return '; `leastwise rules` lists them';
  return `; did you mean ${likely.map((candidate) => `\`${candidate}\``).join(', ')}?`;
}
