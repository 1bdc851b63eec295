/** redundant-condition: a condition always holds or never does, or a value of it adds nothing to another. */
import { holdsRange, readRange } from '../access/address.ts';
import { familyOf } from '../access/operators.ts';
import { compareDecimals, type Decimal, readMoment, readNumber } from '../access/quantity.ts';
import type { Edit } from '../finding/edit.ts';
import type { Fix } from '../finding/finding.ts';
import type { Operator } from '../policy/condition.ts';
import { globIncludes, isPattern } from '../policy/pattern.ts';
import type { Condition, ConditionItem, Policy, Statement } from '../policy/policy.ts';
import { displayText } from '../text/text.ts';
import { withoutCondition } from './condition-edits.ts';
import { conditionFacts } from './condition-facts.ts';
import { removeValues, shown, wordOf } from './condition-words.ts';
import type { Draft, RuleContext, StatementRule } from './rule.ts';

/** Source: IAM User Guide, "Conditions with multiple context keys or values": values are alternatives, so the widest decides. */
export const redundantCondition: StatementRule = {
  id: 'redundant-condition',
  on: 'statement',
  summary: 'A condition always or never holds, or a value of it adds nothing to another',
  level: 'warning',
  kinds: 'all',
  clause: 'Condition',
  subject: 'document',
  accessAnalyzer: [
    'REDUNDANT_CONDITION_VALUE_NUM',
    'REDUNDANT_KEY_DUE_TO_WILDCARD_IN_CONDITION',
    'REDUNDANT_STATEMENT_DUE_TO_WILDCARD_IN_CONDITION',
  ],
  check: checkConditions,
};

function* checkConditions(statement: Statement, _policy: Policy, { catalog }: RuleContext): Iterable<Draft> {
  for (const condition of statement.conditions) {
    const { operator } = conditionFacts(condition, catalog);
    if (!operator) continue;
    const decided = decidedByStar(condition, operator, statement);
    if (decided) yield decided;
    else if (condition.values[1]) yield* redundantIn(condition, operator);
  }
}

/** `*` takes in every value, so that only a missing key can make a difference; here it makes none. */
function decidedByStar(condition: Condition, operator: Operator, statement: Statement): Draft | undefined {
  const { base, qualifier, negated, ifExists } = operator;
  if (base !== 'StringLike' || !condition.values.some(isStar)) return undefined;
  const name = `\`${displayText(condition.operator)}\` on \`${shown(displayText(condition.key))}\``;
  if (!negated && (qualifier === 'ForAllValues' || (ifExists && qualifier === undefined)))
    return {
      message: `${name} always holds, since \`*\` takes in every value and the key may be missing`,
      span: condition.keySpan,
      level: 'info',
      unnecessary: condition.entry.span,
      accessAnalyzer: 'REDUNDANT_KEY_DUE_TO_WILDCARD_IN_CONDITION',
      accessAnalyzerType: 'SUGGESTION',
      fixes: () => [
        { title: 'Remove the condition', safety: 'same', edits: removeKey(condition, statement), preferred: true },
      ],
    };
  if (negated && qualifier === 'ForAnyValue' && !ifExists)
    return {
      message: `${name} never holds, since \`*\` takes in every value`,
      span: condition.keySpan,
      unnecessary: statement.value.span,
      accessAnalyzer: 'REDUNDANT_STATEMENT_DUE_TO_WILDCARD_IN_CONDITION',
      accessAnalyzerType: 'SUGGESTION',
    };
  return undefined;
}

function isStar(item: ConditionItem): boolean {
  return item.presence === 'always' && /^\*+$/.test(wordOf(item) ?? '');
}

/** Takes the operator out with its last key, and the Condition with its last operator. */
function removeKey(condition: Condition, statement: Statement): readonly Edit[] {
  const from = statement.value;
  const whole = from.entries.filter((entry) => entry === statement.conditionEntry);
  if (statement.conditions.length === 1) return whole.map((entry) => ({ kind: 'remove-entry', from, entry }));
  return withoutCondition(statement, condition) ?? [];
}

/** A value with what it is compared by; `reach` is the word with a star for each policy variable, which may be anything. */
interface Value {
  readonly item: ConditionItem;
  readonly word: string;
  readonly reach: string;
  readonly place: number;
}

function* redundantIn(condition: Condition, { base }: Operator): Iterable<Draft> {
  const values = condition.values.flatMap((item, place): readonly Value[] => {
    const word = wordOf(item);
    return word === undefined || item.presence === 'sometimes' ? [] : [{ item, word, reach: reachOf(word), place }];
  });
  const bound = BOUNDS.get(base);
  if (bound) yield* beyond(condition, values, bound);
  else if (base !== 'Bool' && base !== 'Null') yield* takenIn(condition, values, base);
}

/** Operators that compare with a bound, and which bound is the loosest. */
const BOUNDS: ReadonlyMap<string, 'greatest' | 'least'> = new Map([
  ['NumericLessThan', 'greatest'],
  ['NumericLessThanEquals', 'greatest'],
  ['NumericGreaterThan', 'least'],
  ['NumericGreaterThanEquals', 'least'],
  ['DateLessThan', 'greatest'],
  ['DateLessThanEquals', 'greatest'],
  ['DateGreaterThan', 'least'],
  ['DateGreaterThanEquals', 'least'],
]);

/** Only the loosest bound counts. */
function* beyond(condition: Condition, values: readonly Value[], loosest: 'greatest' | 'least'): Iterable<Draft> {
  const operator = displayText(condition.operator);
  const [read, code] = /numeric/i.test(operator) ? NUMBERS : DATES;
  const bounds = values.flatMap((value) => {
    const amount = read(value.word);
    return amount ? [{ value, amount }] : [];
  });
  const [head, ...tail] = bounds;
  if (!head) return;
  const sign = loosest === 'greatest' ? 1 : -1;
  const wide = tail.reduce((best, one) => (compareDecimals(one.amount, best.amount) * sign > 0 ? one : best), head);
  const words = `\`${shown(wide.value.word)}\``;
  const [first, ...others] = bounds.filter((one) => one !== wide).map(({ value }) => value);
  if (!first) return;
  yield {
    message: `\`${shown(first.word)}\` adds nothing to ${words}: one bound is enough for \`${operator}\`, and the ${loosest} counts`,
    span: first.item.span,
    level: 'info',
    related: [
      { span: wide.value.item.span, message: `${words} stands here` },
      ...others.map(({ item, word }) => ({ span: item.span, message: `\`${shown(word)}\` adds nothing either` })),
    ],
    unnecessary: first.item.span,
    ...code,
    fixes: () => removal(condition, [first, ...others], `Keep ${words} alone`),
  };
}

/** How bounds are read, and what Access Analyzer says of them. */
type Reading = readonly [
  read: (word: string) => Decimal | undefined,
  said: Pick<Draft, 'accessAnalyzer' | 'accessAnalyzerType'>,
];

const NUMBERS: Reading = [
  readNumber,
  { accessAnalyzer: 'REDUNDANT_CONDITION_VALUE_NUM', accessAnalyzerType: 'SUGGESTION' },
];

/** Moments in ISO 8601: digits alone may be a year or seconds. */
const DATES: Reading = [(word) => (word.includes('-') ? readMoment(word) : undefined), {}];

/** Characters that are compared with characters for one list; what is left of longer lists is compared as a whole only. */
const MOST_STEPS = 20_000_000;

function* takenIn(condition: Condition, values: readonly Value[], base: string): Iterable<Draft> {
  const named = (word: string) => (base === 'StringEqualsIgnoreCase' ? word.toLowerCase() : word);
  const first = new Map<string, Value>();
  for (const value of values) if (!first.has(named(value.word))) first.set(named(value.word), value);
  const compared = [...first.values()].filter(({ word }) => isWide(word, base)).slice(0, mostOf(values));
  for (const value of values) {
    const same = first.get(named(value.word)) ?? value;
    const outer = same.place < value.place ? same : compared.find((one) => takesIn(one, value, base));
    if (!outer) continue;
    const [own, other] = [shown(value.word), shown(outer.word)];
    const part = same === outer ? '' : 'part of ';
    yield {
      message: own === other ? `\`${own}\` stands here twice` : `\`${own}\` is ${part}\`${other}\``,
      span: value.item.span,
      level: 'info',
      related: [{ span: outer.item.span, message: `\`${other}\` stands here` }],
      unnecessary: value.item.span,
      fixes: () => removal(condition, [value], `Remove \`${own}\``),
    };
  }
}

/** How many of them may be compared with all. */
function mostOf(values: readonly Value[]): number {
  const lengths = values.map(({ word }) => word.length + 1);
  const total = lengths.reduce((sum, length) => sum + length, 0);
  const longest = lengths.reduce((most, length) => Math.max(most, length), 0);
  return Math.floor(MOST_STEPS / (total * longest));
}

/** Values that may take in others; ARNs are compared part by part, so that their patterns are left alone. */
function isWide(word: string, base: string): boolean {
  return base === 'StringLike' ? isPattern(word) : familyOf(base) === 'address';
}

/** Whether all that the inner one takes in the outer one takes in too; of two that are equal the first one stays. */
function takesIn(outer: Value, inner: Value, base: string): boolean {
  const includes = base === 'StringLike' ? patternIncludes : rangeIncludes;
  return includes(outer, inner) && !(inner.place <= outer.place && includes(inner, outer));
}

function reachOf(word: string): string {
  return word.includes('${') ? word.replace(/\$\{[^}]*\}?/g, '*') : word;
}

/** A policy variable of the inner one may be anything; one of the outer one is taken for letters, which takes in less. */
function patternIncludes(outer: Value, inner: Value): boolean {
  return globIncludes(outer.word, inner.reach);
}

function rangeIncludes(outer: Value, inner: Value): boolean {
  const [wide, narrow] = [readRange(outer.word), readRange(inner.word)];
  return wide !== undefined && narrow !== undefined && holdsRange(wide, narrow);
}

function removal(condition: Condition, values: readonly Value[], title: string): readonly Fix[] {
  const items = values.map(({ item }) => item);
  return [{ title, safety: 'same', edits: removeValues(condition, items), preferred: true }];
}
