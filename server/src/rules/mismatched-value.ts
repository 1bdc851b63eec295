/** mismatched-value: a value is nothing that its operator can compare, or the operator nothing for what the key holds. */
import { readBytes, readRange } from '../access/address.ts';
import { familyOf } from '../access/operators.ts';
import { type Decimal, printMoment, readMoment, readNumber } from '../access/quantity.ts';
import type { ConditionKey, KeyType } from '../catalog/service.ts';
import type { Fix, Level } from '../finding/finding.ts';
import type { Operator } from '../policy/condition.ts';
import type { Condition, ConditionItem, Policy, Statement } from '../policy/policy.ts';
import { displayText } from '../text/text.ts';
import { underOperator } from './condition-edits.ts';
import { conditionFacts } from './condition-facts.ts';
import { hasVariable, shown, wordOf } from './condition-words.ts';
import type { Draft, RuleContext, StatementRule } from './rule.ts';

/** Source: IAM User Guide, "IAM JSON policy elements: Condition operators"; W3C NOTE-datetime; types of keys by the service reference. */
export const mismatchedValue: StatementRule = {
  id: 'mismatched-value',
  on: 'statement',
  summary: 'A value of a condition is nothing that its operator compares, or the operator does not fit the key',
  level: 'error',
  kinds: 'all',
  clause: 'Condition',
  subject: 'document',
  accessAnalyzer: [
    'INVALID_DATE_VALUE',
    'TYPE_MISMATCH',
    'TYPE_MISMATCH_BOOLEAN',
    'TYPE_MISMATCH_DATE',
    'TYPE_MISMATCH_IP_RANGE',
    'TYPE_MISMATCH_NUMBER',
    'TYPE_MISMATCH_STRING',
  ],
  equivalents: ['parliament:MISMATCHED_TYPE', 'parliament:MISMATCHED_TYPE_OPERATION_TO_NULL'],
  check: checkConditions,
};

function* checkConditions(statement: Statement, _policy: Policy, context: RuleContext): Iterable<Draft> {
  for (const condition of statement.conditions) {
    const facts = conditionFacts(condition, context.catalog);
    const { operator, name } = facts;
    if (!operator) continue;
    const compared = comparedBy(operator);
    for (const item of condition.values) {
      const word = wordOf(item);
      if (word === undefined || hasVariable(word)) continue;
      const seconds = compared === 'Date' ? readNumber(word) : undefined;
      const draft = seconds
        ? undated(item, word, seconds, name, context)
        : unfit(item, word, compared, condition, facts.key);
      if (draft) yield draft;
    }
    const mismatch = mismatched(statement, condition, operator, facts.key);
    if (mismatch) yield mismatch;
  }
}

/** What an operator compares. */
type Compared = KeyType | 'Binary' | 'Null';

function comparedBy({ base }: Operator): Compared {
  switch (familyOf(base)) {
    case 'number':
      return 'Numeric';
    case 'moment':
      return 'Date';
    case 'bool':
      return 'Bool';
    case 'address':
      return 'IPAddress';
    case 'bytes':
      return 'Binary';
    case 'text':
      return base === 'Null' ? 'Null' : base.startsWith('Arn') ? 'ARN' : 'String';
  }
}

/** Whether a value is one that the operator can compare. Blanks around are forgiven, as AWS's readers may forgive them. */
const FITS: Readonly<Record<Exclude<Compared, 'String'>, (word: string) => boolean>> = {
  ARN: (word) => /^(?:arn:|[*?])/i.test(word),
  Bool: (word) => /^(?:true|false)$/i.test(word.trim()),
  Null: (word) => /^(?:true|false)$/i.test(word.trim()),
  Numeric: (word) => /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i.test(word.trim()),
  Date: (word) => readMoment(word.trim().toUpperCase()) !== undefined || RARE_DATE.test(word.trim()),
  IPAddress: (word) => readRange(word.trim()) !== undefined,
  Binary: (word) => readBytes(word.trim()) !== undefined,
};

/** ISO 8601 has more forms than AWS shows: weeks, days of the year, basic dates, fractions, zones of two digits. */
const RARE_DATE = /^\d{4}-?(?:W\d\d|\d{3}$)|^\d{8}T|^\d{4}-(?:0\d|1[0-2])-(?:[0-2]\d|3[01])T\d\d/i;

const NOUNS: Readonly<Record<Exclude<Compared, 'String'>, readonly [compares: string, none: string]>> = {
  ARN: ['ARNs', 'is none'],
  Bool: ['with `true` or `false`', 'is neither'],
  Null: ['with `true` or `false`', 'is neither'],
  Numeric: ['numbers', 'is none'],
  Date: ['moments', 'is none'],
  IPAddress: ['addresses', 'is no address and no range'],
  Binary: ['base64', 'is none'],
};

/** What Access Analyzer says of a value or an operator. */
type Said = Pick<Draft, 'accessAnalyzer' | 'accessAnalyzerType'>;

const MISMATCH: Said = { accessAnalyzer: 'TYPE_MISMATCH', accessAnalyzerType: 'WARNING' };

const SAID: Readonly<Record<Exclude<Compared, 'String' | 'ARN'>, Said>> = {
  Bool: { accessAnalyzer: 'TYPE_MISMATCH_BOOLEAN', accessAnalyzerType: 'WARNING' },
  Null: { accessAnalyzer: 'TYPE_MISMATCH_BOOLEAN', accessAnalyzerType: 'WARNING' },
  Numeric: { accessAnalyzer: 'TYPE_MISMATCH_NUMBER', accessAnalyzerType: 'WARNING' },
  Date: { accessAnalyzer: 'TYPE_MISMATCH_DATE', accessAnalyzerType: 'WARNING' },
  IPAddress: { accessAnalyzer: 'TYPE_MISMATCH_IP_RANGE', accessAnalyzerType: 'ERROR' },
  Binary: { accessAnalyzer: 'TYPE_MISMATCH_STRING', accessAnalyzerType: 'WARNING' },
};

function unfit(
  item: ConditionItem,
  word: string,
  compared: Compared,
  condition: Condition,
  key: ConditionKey | undefined,
): Draft | undefined {
  if (compared === 'String') return undefined;
  if (FITS[compared](word)) return undefined;
  const [compares, none] = NOUNS[compared];
  const codeOfArn = isPlain(key, condition) ? MISMATCH : undefined;
  return {
    message: `\`${displayText(condition.operator)}\` compares ${compares}, and \`${shown(word)}\` ${none}`,
    span: item.span,
    ...(compared === 'IPAddress' ? {} : { level: 'warning' }),
    ...(compared === 'ARN' ? codeOfArn : SAID[compared]),
    fixes: () => rewritten(item, word, compared),
  };
}

/** Words whose meaning is plain. */
function rewritten({ value }: ConditionItem, word: string, compared: Compared): readonly Fix[] {
  const meant = compared === 'Bool' || compared === 'Null' ? TRUTH.get(word.trim().toLowerCase()) : undefined;
  const plain = compared === 'Date' ? meantDate(word.trim()) : meant;
  return plain === undefined
    ? []
    : [{ title: `Write \`${plain}\``, safety: 'changes', edits: [{ kind: 'replace', value, plain }], preferred: true }];
}

const TRUTH: ReadonlyMap<string, string> = new Map([
  ['yes', 'true'],
  ['1', 'true'],
  ['no', 'false'],
  ['0', 'false'],
]);

/** A date with slashes, or with a blank before its time. */
function meantDate(word: string): string | undefined {
  const meant = word.replace(/^(\d{4})\/(\d\d)\/(\d\d)/, '$1-$2-$3').replace(/^(\S{10}) +(?=\d)/, '$1T');
  return readMoment(meant) ? meant : undefined;
}

/** The key that is there for seconds, and one that is not known and may be it. */
const COUNTING: ReadonlySet<string | undefined> = new Set(['aws:epochtime', undefined]);

/** Digits alone: up to four may be a year, eight look like a date, and more are seconds that nobody can read. */
function undated(
  item: ConditionItem,
  word: string,
  seconds: Decimal,
  key: string | undefined,
  { config }: RuleContext,
): Draft | undefined {
  const isEpoch = /^\d{9,11}(?:\.\d+)?$/.test(word);
  if (isEpoch && COUNTING.has(key) && config.preset !== 'access-analyzer') return undefined;
  const moment = printed(seconds);
  const isYear = /^\d{1,4}$/.test(word);
  return {
    message: isYear
      ? `\`${word}\` may be read as a year or as seconds since 1970`
      : `\`${shown(word)}\` is read as seconds since 1970, which is ${moment ? `\`${moment}\`` : 'beyond the year 9999'}`,
    span: item.span,
    level: isEpoch ? 'info' : 'warning',
    accessAnalyzer: 'INVALID_DATE_VALUE',
    accessAnalyzerType: 'WARNING',
    fixes: () => dates(item, word, isEpoch ? moment : undefined),
  };
}

function printed(seconds: Decimal): string | undefined {
  const moment = printMoment(seconds);
  return moment.includes('T') ? moment : undefined;
}

function dates({ value }: ConditionItem, word: string, moment: string | undefined): readonly Fix[] {
  const write = (plain: string, title: string, safety: Fix['safety']): readonly Fix[] => [
    { title, safety, edits: [{ kind: 'replace', value, plain }], preferred: true },
  ];
  if (moment !== undefined) return write(moment, `Write \`${moment}\``, 'same');
  if (/^\d{4}$/.test(word))
    return write(`${word}-01-01`, `Write \`${word}-01-01\`, the first day of that year`, 'changes');
  const day = `${word.slice(0, 4)}-${word.slice(4, 6)}-${word.slice(6)}`;
  return readMoment(day) ? write(day, `Write \`${day}\`, the day that was meant`, 'changes') : [];
}

/** Keys of AWS that hold a moment, which numbers may be compared with too. */
const COUNTED: ReadonlySet<string> = new Set(['aws:epochtime', 'aws:tokenissuetime']);

function mismatched(
  statement: Statement,
  condition: Condition,
  operator: Operator,
  key: ConditionKey | undefined,
): Draft | undefined {
  const compared = comparedBy(operator);
  if (!key || compared === 'Null' || compared === 'Binary' || isComparable(compared, key, condition)) return undefined;
  const words = condition.values.map((item) => (item.presence === 'always' ? wordOf(item) : undefined));
  const never = words.find((word) => word !== undefined && !hasVariable(word) && !HOLDS[key.type](word));
  const level: Level = never === undefined ? 'info' : 'warning';
  const name = displayText(condition.operator);
  return {
    message: `\`${displayText(condition.key)}\` holds ${HELD[key.type]}, and \`${name}\` compares ${COMPARES[compared]}${level === 'warning' ? `, so that it never is \`${shown(never ?? '')}\`` : ''}`,
    span: condition.keySpan,
    level,
    ...MISMATCH,
    fixes: () => otherOperator(statement, condition, operator, key, words),
  };
}

/** Whether the operator can compare what the key holds. Text may hold anything: of keys that others name, as tags, nobody knows what. */
function isComparable(
  compared: Exclude<Compared, 'Null' | 'Binary'>,
  key: ConditionKey,
  condition: Condition,
): boolean {
  if (compared === key.type || compared === 'ARN') return true;
  if (key.type === 'ARN') return compared === 'String';
  if (key.type === 'String') return !isPlain(key, condition);
  return compared === 'Numeric' && COUNTED.has(key.name.toLowerCase());
}

/** A key of text whose name AWS spells out. */
function isPlain(key: ConditionKey | undefined, condition: Condition): boolean {
  return key?.type === 'String' && key.name.toLowerCase() === condition.key.flat.toLowerCase();
}

/** Whether the letters of a word are what a key of the type may be spelled like. */
const HOLDS: Readonly<Record<KeyType, (word: string) => boolean>> = {
  String: () => true,
  ARN: FITS.ARN,
  Bool: (word) => /^(?:true|false|\*)$/.test(word),
  Numeric: (word) => /[*?]/.test(word) || FITS.Numeric(word),
  Date: (word) => /[*?]/.test(word) || FITS.Date(word),
  IPAddress: (word) => /[*?]/.test(word) || (FITS.IPAddress(word) && !word.includes('/')),
};

const HELD: Readonly<Record<KeyType, string>> = {
  String: 'text',
  ARN: 'an ARN',
  Bool: '`true` or `false`',
  Numeric: 'a number',
  Date: 'a moment',
  IPAddress: 'an address',
};

const COMPARES: Readonly<Record<KeyType, string>> = {
  String: 'letters',
  ARN: 'ARNs',
  Bool: '`true` and `false`',
  Numeric: 'numbers',
  Date: 'moments',
  IPAddress: 'addresses',
};

/** The operator of the key's type that says the same, where there is one and it can compare all values. */
function otherOperator(
  statement: Statement,
  condition: Condition,
  operator: Operator,
  key: ConditionKey,
  words: readonly (string | undefined)[],
): readonly Fix[] {
  const found = BASES[key.type];
  if (!found || !operator.base.startsWith('String') || condition.open) return [];
  const base = found.names[operator.negated ? 1 : 0];
  if (base === undefined) return [];
  if (words.some((word) => word === undefined || !found.fits(word))) return [];
  const name = `${operator.qualifier ? `${operator.qualifier}:` : ''}${base}${operator.ifExists ? 'IfExists' : ''}`;
  const edits = underOperator(statement, condition, name);
  const title = `Use \`${name}\`, which compares ${COMPARES[key.type]}`;
  return edits ? [{ title, safety: 'changes', edits, preferred: true }] : [];
}

/** Positive and negated; there is no negated `Bool`. */
const BASES: Readonly<Partial<Record<KeyType, { names: readonly string[]; fits: (word: string) => boolean }>>> = {
  Bool: { names: ['Bool'], fits: FITS.Bool },
  Numeric: { names: ['NumericEquals', 'NumericNotEquals'], fits: FITS.Numeric },
  IPAddress: { names: ['IpAddress', 'NotIpAddress'], fits: FITS.IPAddress },
};
