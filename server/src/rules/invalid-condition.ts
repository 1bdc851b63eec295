/** invalid-condition: a condition that IAM cannot read as it is written, or whose answer does not depend on the request. */
import { nearestWord } from '../config/nearest.ts';
import type { Fix } from '../finding/finding.ts';
import { OPERATOR_NAMES, type Operator, operatorOf } from '../policy/condition.ts';
import type { Condition, Policy, Statement } from '../policy/policy.ts';
import { displayText, knownText, spanOf } from '../text/text.ts';
import type { Entry, Item, Value } from '../value/value.ts';
import { operatorEntries, operatorName, renamedOperator } from './condition-edits.ts';
import { conditionFacts } from './condition-facts.ts';
import { type KeyFault, keyFault, nearKeys } from './key-fault.ts';
import type { Draft, RuleContext, StatementRule } from './rule.ts';

/** Source: IAM User Guide, "IAM JSON policy elements: Condition operators" and the policy check reference. */
export const invalidCondition: StatementRule = {
  id: 'invalid-condition',
  on: 'statement',
  summary: 'A condition is written in a way that IAM does not read, or that says nothing',
  level: 'error',
  kinds: 'all',
  clause: 'Condition',
  subject: 'document',
  accessAnalyzer: [
    'INVALID_CONDITION_OPERATOR',
    'INVALID_CONDITION_KEY_FORMAT',
    'MISSING_TAG_KEY_IN_CONDITION',
    'INVALID_CONDITION_DATA_TYPE',
    'INVALID_CONDITION_MULTIPLE_BOOLEAN',
    'NULL_WITH_IF_EXISTS',
    'NULL_WITH_QUALIFIER',
  ],
  equivalents: ['parliament:UNKNOWN_OPERATOR', 'cfn-lint:E3510'],
  check: checkConditions,
};

function* checkConditions(statement: Statement, _policy: Policy, context: RuleContext): Iterable<Draft> {
  for (const entry of operatorEntries(statement)) yield* faultsOfOperator(entry, statement);
  for (const condition of statement.conditions) {
    const { operator, name = MISSING } = conditionFacts(condition, context.catalog);
    const draft = KEY_DRAFTS.get(keyFault(name, context.catalog));
    if (draft) yield draft(condition, statement, context);
    yield* mixedTypes(condition);
    if (operator?.base === 'Bool' || operator?.base === 'Null') yield* severalBooleans(condition, operator);
  }
}

/** Stands for a key that is not known, which has no fault. */
const MISSING = 'aws:sourceip';

/** One finding for an operator, however many keys stand under it. */
function* faultsOfOperator(entry: Entry, statement: Statement): Iterable<Draft> {
  const name = knownText(entry.key);
  if (name === undefined) return;
  const operator = operatorOf(entry.key);
  if (!operator) {
    yield {
      message: `${quote(name)} is no condition operator`,
      span: spanOf(entry.key) ?? entry.keySpan,
      accessAnalyzer: 'INVALID_CONDITION_OPERATOR',
      accessAnalyzerType: 'ERROR',
      fixes: () => respelled(entry, statement, nearOperator(name)),
    };
  } else if (operator.base === 'Null' && operator.ifExists) {
    yield {
      message: `\`${name}\` asks whether a key is there only if it is there; \`Null\` takes no \`IfExists\``,
      span: spanOf(entry.key) ?? entry.keySpan,
      accessAnalyzer: 'NULL_WITH_IF_EXISTS',
      accessAnalyzerType: 'ERROR',
      fixes: () => respelled(entry, statement, 'Null'),
    };
  } else if (operator.base === 'Null' && operator.qualifier) {
    yield {
      message: `\`${name}\` is always ${operator.qualifier === 'ForAllValues'}, whatever the request`,
      span: spanOf(entry.key) ?? entry.keySpan,
      level: 'warning',
      accessAnalyzer: 'NULL_WITH_QUALIFIER',
      accessAnalyzerType: 'SUGGESTION',
      fixes: () => respelled(entry, statement, 'Null'),
    };
  }
}

/** The words in backticks, which would be nothing around nothing. */
function quote(written: string): string {
  return written === '' ? 'an empty text' : `\`${written}\``;
}

/** Another name for the operator, where the text has a place for it. */
function respelled(entry: Entry, statement: Statement, name: string | undefined): readonly Fix[] {
  const edits = name && renamedOperator(statement, entry, name);
  return edits ? [{ title: `Replace with \`${name}\``, safety: 'changes', preferred: true, edits }] : [];
}

/** The operator that was meant: each of its parts is put right alone. */
function nearOperator(written: string): string | undefined {
  const start = written.indexOf(':') + 1;
  const qualifier = start === 0 ? '' : nearestWord(written.slice(0, start), ['ForAllValues:', 'ForAnyValue:']);
  const word = written.slice(start);
  const suffix = /if_?exists?$/i.exec(word)?.[0] ?? '';
  const bare = word.slice(0, word.length - suffix.length);
  const base = ALIASES.get(bare.toLowerCase()) ?? nearestWord(bare, OPERATOR_NAMES);
  if (qualifier === undefined || base === undefined) return undefined;
  return base === 'Null' ? base : `${qualifier}${base}${suffix && 'IfExists'}`;
}

/** What other languages and older habits call operators. */
const ALIASES: ReadonlyMap<string, string> = new Map([
  ['equals', 'StringEquals'],
  ['notequals', 'StringNotEquals'],
  ['like', 'StringLike'],
  ['notlike', 'StringNotLike'],
  ['stringmatches', 'StringLike'],
  ['stringmatch', 'StringLike'],
  ['stringin', 'StringEquals'],
  ['stringnotin', 'StringNotEquals'],
  ['notstringequals', 'StringNotEquals'],
  ['notstringlike', 'StringNotLike'],
  ['ipnotaddress', 'NotIpAddress'],
  ['boolean', 'Bool'],
  ['exists', 'Null'],
]);

type KeyDraft = (condition: Condition, statement: Statement, context: RuleContext) => Draft;

function formatDraft(condition: Condition, statement: Statement, context: RuleContext): Draft {
  const written = displayText(condition.key);
  return {
    message: `${quote(written)} is no condition key: a key is a prefix, a colon and a name, as in \`aws:SourceIp\``,
    span: condition.keySpan,
    accessAnalyzer: 'INVALID_CONDITION_KEY_FORMAT',
    accessAnalyzerType: 'ERROR',
    fixes: () =>
      nearKeys(written, statement, context).map((key) => ({
        title: `Replace with \`${key}\``,
        safety: 'changes',
        edits: [{ kind: 'rename', entry: condition.entry, key }],
      })),
  };
}

function tagKeyDraft(condition: Condition): Draft {
  const written = displayText(condition.key);
  return {
    message: `\`${written}\` names no tag; the key of a tag follows a slash, as in \`${written.replace(/\/$/, '')}/team\``,
    span: condition.keySpan,
    accessAnalyzer: 'MISSING_TAG_KEY_IN_CONDITION',
    accessAnalyzerType: 'ERROR',
  };
}

/** What is wrong with the writing of a key; keys that are written right and do not exist are another rule's. */
const KEY_DRAFTS: ReadonlyMap<KeyFault | undefined, KeyDraft> = new Map([
  ['format', formatDraft],
  ['tag-key', tagKeyDraft],
]);

/** Text beside numbers or booleans in one list. Items that are there only sometimes, and unknown ones, count for nothing. */
function* mixedTypes({ entry, key }: Condition): Iterable<Draft> {
  if (entry.value.kind !== 'list') return;
  let first: Item | undefined;
  for (const item of entry.value.items) {
    const type = item.presence === 'always' ? typeOf(item.value) : undefined;
    if (!type) continue;
    first ??= item;
    const begins = typeOf(first.value);
    if (type === begins) continue;
    const { items } = entry.value;
    yield {
      message: `the values of \`${displayText(key)}\` are ${begins} and ${type} at once`,
      span: item.value.span,
      level: 'warning',
      related: [{ span: first.value.span, message: `the list begins with ${begins}` }],
      accessAnalyzer: 'INVALID_CONDITION_DATA_TYPE',
      accessAnalyzerType: 'ERROR',
      fixes: () => quoted(items),
    };
    return;
  }
}

function typeOf(value: Value): 'text' | 'numbers' | 'booleans' | undefined {
  switch (value.kind) {
    case 'text':
      return 'text';
    case 'scalar':
      return value.value === null ? undefined : typeof value.value === 'number' ? 'numbers' : 'booleans';
    default:
      return undefined;
  }
}

/** All as text: IAM compares the letters, whatever the JSON type. */
function quoted(items: readonly Item[]): readonly Fix[] {
  const edits = items.flatMap(({ value }) =>
    value.kind === 'scalar' && value.value !== null ? [{ kind: 'replace', value, plain: value.raw } as const] : [],
  );
  return [{ title: 'Write all values as text', safety: 'same', preferred: true, edits }];
}

/** `Bool` and `Null` compare with one value. */
function* severalBooleans(condition: Condition, operator: Operator): Iterable<Draft> {
  const sure = condition.values.filter(({ presence }) => presence === 'always');
  const [, second] = sure;
  if (!second) return;
  yield {
    message: `\`${operatorName(operator)}\` compares \`${displayText(condition.key)}\` with one value, and here are ${sure.length}`,
    span: second.span,
    level: 'warning',
    related: sure.slice(0, 1).map(({ span }) => ({ span, message: 'the first value' })),
    accessAnalyzer: 'INVALID_CONDITION_MULTIPLE_BOOLEAN',
    accessAnalyzerType: 'ERROR',
  };
}
