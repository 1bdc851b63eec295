/**
 * Reads `leastwise.json`: JSON, with comments. Pure and total: what is wrong becomes a problem at the very word, and the
 * default stands in for what cannot be read. Finding the file, and deciding what a problem costs, is the front ends' work.
 */
import type { Plain } from '../finding/edit.ts';
import type { Level, Problem } from '../finding/finding.ts';
import { PLACEHOLDER } from '../finding/placeholder.ts';
import { sourceText } from '../text/text.ts';
import { readJson } from '../value/json.ts';
import { type Entry, PLAIN_JSON, type Value } from '../value/value.ts';
import { type Config, DEFAULT_CONFIG, type Ignore, type Never, type Preset, type RuleSetting } from './config.ts';
import { CONFLICT_KEYS, DUTY_KEYS, POWER_KEYS, REQUIREMENT_KEYS, readConflicts, readDuties } from './duties.ts';
import { didYouMean } from './nearest.ts';
import {
  alternatives,
  entries,
  fields,
  keyWord,
  list,
  oneOf,
  plain,
  type Report,
  text,
  texts,
  wordOf,
} from './shape.ts';

/** The names that a configuration may refer to. `duties` are those of the packs. */
export interface KnownNames {
  readonly rules: readonly string[];
  readonly duties: readonly string[];
  readonly packs: readonly string[];
}

/** What was read. `intact` is false where the text is no JSON object: then little of what it says may have been read. */
export interface ConfigReading {
  readonly config: Config;
  readonly problems: readonly Problem[];
  readonly intact: boolean;
}

/** The presets, for arguments and the schema. */
export const PRESETS: readonly Preset[] = ['recommended', 'access-analyzer', 'all'];

/** What a rule's level may be set to. */
export const SETTINGS: readonly (Level | 'off')[] = ['error', 'warning', 'info', 'off'];

/** The keys of each object of the file, for the schema. */
export const CONFIG_KEYS = {
  root: ['$schema', 'preset', 'rules', 'accounts', 'organization', 'never', 'packs', 'duties', 'conflicts', 'ignore'],
  accounts: ['own', 'trusted'],
  never: ['actions', 'resources', 'unless', 'because'],
  duty: DUTY_KEYS,
  power: POWER_KEYS,
  requirement: REQUIREMENT_KEYS,
  conflict: CONFLICT_KEYS,
  ignore: ['rule', 'file', 'sid', 'reason', 'until'],
} as const;

/** Reads the text of the configuration file at `path`. Every problem has the id `configuration`. */
export function readConfig(path: string, content: string, known: KnownNames): ConfigReading {
  const problems: Problem[] = [];
  const report: Report = (span, message) => problems.push({ id: 'configuration', span, message });
  const whole = { source: path, start: 0, end: content.length };
  const reading = readJson(sourceText(path, content), whole, PLAIN_JSON);
  const mistakes = reading.problems.filter(({ span }) => !/^\/[/*]/.test(content.slice(span.start, span.start + 2)));
  for (const mistake of mistakes) report(mistake.span, mistake.message);
  // A key that stands twice is a slip in a file that can be read for the rest.
  const intact =
    reading.value?.kind === 'object' && mistakes.every(({ message }) => message.endsWith('stands twice in one object'));
  if (!reading.value) report({ ...whole, end: 0 }, 'the configuration is empty; `{}` is the least that it can be');
  const config = reading.value ? readRoot(path, reading.value, known, report) : { ...DEFAULT_CONFIG, path };
  return { config, problems: problems.sort((a, b) => a.span.start - b.span.start), intact };
}

function readRoot(path: string, value: Value, known: KnownNames, report: Report): Config {
  const root = fields(value, 'the configuration', CONFIG_KEYS.root, report);
  const accounts = root.accounts ? fields(root.accounts, '`accounts`', CONFIG_KEYS.accounts, report) : {};
  const duties = root.duties ? readDuties(root.duties, report) : [];
  const dutyNames = [...known.duties, ...duties.map((duty) => duty.id)];
  const packs = root.packs
    ? texts(root.packs, '`packs`', report, (name) => unknownName('pack', name, known.packs))
    : DEFAULT_CONFIG.packs;
  if (root.$schema) text(root.$schema, '`$schema`', report);
  return {
    path,
    preset: oneOf(root.preset, '`preset`', PRESETS, report) ?? DEFAULT_CONFIG.preset,
    rules: root.rules ? readRules(root.rules, known.rules, report) : DEFAULT_CONFIG.rules,
    accounts: {
      own: texts(accounts.own, '`own`', report, wrongAccount),
      trusted: texts(accounts.trusted, '`trusted`', report, wrongAccount),
    },
    organization: readOrganization(root.organization, report),
    never: list(root.never, '`never`', report).flatMap((item) => readNever(item, report) ?? []),
    packs,
    duties,
    conflicts: readConflicts(root.conflicts, dutyNames, report),
    ignore: list(root.ignore, '`ignore`', report).flatMap((item) => readIgnore(item, known.rules, report) ?? []),
  };
}

function unknownName(noun: string, name: string, names: readonly string[]): string | undefined {
  return names.includes(name) ? undefined : `there is no ${noun} \`${name}\`${didYouMean(name, names)}`;
}

function wrongAccount(id: string): string | undefined {
  return /^\d{12}$/.test(id) ? undefined : `\`${id}\` is not an account id, which has 12 digits`;
}

function readOrganization(value: Value | undefined, report: Report): string | undefined {
  const id = text(value, '`organization`', report);
  if (value === undefined || id === undefined) return undefined;
  if (/^o-[a-z0-9]+$/.test(id)) return id;
  report(wordOf(value), `\`${id}\` is not an organization id, which begins with \`o-\``);
  return undefined;
}

function readRules(value: Value, names: readonly string[], report: Report): ReadonlyMap<string, RuleSetting> {
  const rules = new Map<string, RuleSetting>();
  for (const entry of entries(value, '`rules`', report)) {
    const id = entry.key.flat;
    const complaint = unknownName('rule', id, names);
    if (complaint) report(keyWord(entry), complaint);
    const setting = readSetting(entry, report);
    if (!complaint && setting) rules.set(id, setting);
  }
  return rules;
}

function readSetting(entry: Entry, report: Report): RuleSetting | undefined {
  const { value } = entry;
  const name = `\`${entry.key.flat}\``;
  if (value.kind === 'text') return { level: oneOf(value, name, SETTINGS, report), options: {} };
  const [level, options, more] = value.kind === 'list' ? value.items.map((item) => item.value) : [];
  if (!level) {
    report(wordOf(value), `${name} takes ${alternatives(SETTINGS)}, or a list of that and an object of options`);
    return undefined;
  }
  if (more) report(wordOf(more), `${name} takes a level and an object of options, and nothing more`);
  return { level: oneOf(level, name, SETTINGS, report), options: options ? readOptions(options, name, report) : {} };
}

function readOptions(value: Value, name: string, report: Report): Readonly<Record<string, Plain>> {
  return Object.fromEntries(
    entries(value, `the options of ${name}`, report).map((entry) => [entry.key.flat, plain(entry.value)]),
  );
}

function readNever(value: Value, report: Report): Never | undefined {
  const before = fields(value, 'an item of `never`', CONFIG_KEYS.never, report);
  const actions = texts(before.actions, '`actions`', report);
  const because = text(before.because, '`because`', report);
  const unless = text(before.unless, '`unless`', report);
  if (value.kind !== 'object') return undefined;
  if (!before.actions) report(wordOf(value), 'an item of `never` has no `actions`');
  if (!before.because) report(wordOf(value), 'an item of `never` has no `because`');
  if (actions.length === 0) return undefined;
  const resources = before.resources ? texts(before.resources, '`resources`', report) : ['*'];
  return { actions, resources, because: because ?? '', ...(unless === undefined ? {} : { unless }) };
}

function readIgnore(value: Value, rules: readonly string[], report: Report): Ignore | undefined {
  const item = fields(value, 'an item of `ignore`', CONFIG_KEYS.ignore, report);
  if (value.kind !== 'object') return undefined;
  const rule = text(item.rule, '`rule`', report);
  const file = text(item.file, '`file`', report);
  const sid = text(item.sid, '`sid`', report);
  const reason = text(item.reason, '`reason`', report);
  const until = readDay(item.until, report);
  const complaint = rule === undefined || rule === '*' ? undefined : unknownName('rule', rule, rules);
  if (item.rule && complaint) report(wordOf(item.rule), complaint);
  if (!item.rule) report(wordOf(value), 'an item of `ignore` has no `rule`');
  if (!item.reason) report(wordOf(item.rule ?? value), 'an item of `ignore` has no `reason`');
  else if (reason?.trim() === '') report(item.reason.span, 'the reason is empty');
  else if (reason?.includes(PLACEHOLDER)) report(wordOf(item.reason), 'the reason is left to be filled in');
  // Where anything is amiss the item takes nothing back: a finding too many is seen, one too few is not.
  const sound = rule !== undefined && !complaint && reason !== undefined && reason.trim() !== '' && until !== 'no day';
  const readable = (!item.file || file !== undefined) && (!item.sid || sid !== undefined);
  if (!sound || !readable) return undefined;
  return {
    rule,
    reason,
    span: value.span,
    ...(file === undefined ? {} : { file }),
    ...(sid === undefined ? {} : { sid }),
    ...(until === undefined ? {} : { until }),
  };
}

function readDay(value: Value | undefined, report: Report): string | 'no day' | undefined {
  if (value === undefined) return undefined;
  const day = text(value, '`until`', report);
  if (day === undefined) return 'no day';
  if (isDay(day)) return day;
  report(wordOf(value), `\`${day}\` is not a day, which is written \`2027-01-31\``);
  return 'no day';
}

/** Whether the text is a day of the calendar, `YYYY-MM-DD`. */
function isDay(day: string): boolean {
  const [, year, month, date] = (/^(\d{4})-(\d{2})-(\d{2})$/.exec(day) ?? []).map(Number);
  if (year === undefined || month === undefined || date === undefined) return false;
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
  return date >= 1 && date <= days;
}
