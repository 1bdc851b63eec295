/** attributes-without-select: an Allow names the attributes of a DynamoDB table that may be read, and a request that names none reads them all. */
import { hasBit } from '../catalog/bits.ts';
import type { Fix } from '../finding/finding.ts';
import { demands, keyName, operatorOf } from '../policy/condition.ts';
import type { Condition, Policy, Statement } from '../policy/policy.ts';
import { displayText } from '../text/text.ts';
import { wordOf } from './condition-words.ts';
import { addCondition } from './narrowing/conditions.ts';
import { hidesConditions } from './role-action.ts';
import type { Draft, RuleContext, StatementRule } from './rule.ts';

/** Source: DynamoDB Developer Guide, "Using IAM policy conditions for fine-grained access control"; Access Analyzer, "DynamoDB attributes without select". */
export const attributesWithoutSelect: StatementRule = {
  id: 'attributes-without-select',
  on: 'statement',
  summary: 'A list of readable attributes does not hold for requests that name no attributes',
  level: 'warning',
  kinds: 'all',
  effect: 'Allow',
  clause: 'Condition',
  subject: 'document',
  accessAnalyzer: ['DYNAMODB_ATTRIBUTES_WITHOUT_SELECT'],
  check: checkAttributes,
};

function* checkAttributes(statement: Statement, _policy: Policy, context: RuleContext): Iterable<Draft> {
  const named = statement.conditions.find((condition) => keyName(condition) === 'dynamodb:attributes');
  if (!named || hidesConditions(statement)) return;
  if (!lists(named) || statement.conditions.some((condition) => saves(condition, context))) return;
  const reading = readingOf(statement, context);
  if (reading.length === 0) return;
  yield {
    message: `\`${displayText(named.key)}\` does not hold for a read that names no attributes, so \`${reading[0]}\` returns them all`,
    span: named.keySpan,
    ...(statement.presence === 'sometimes' ? { level: 'info' } : {}),
    accessAnalyzer: 'DYNAMODB_ATTRIBUTES_WITHOUT_SELECT',
    accessAnalyzerType: 'SECURITY_WARNING',
    fixes: () => demandSelect(statement, reading.length),
  };
}

/** A condition that lists attributes; one that only asks whether any are named does not. */
function lists(condition: Condition): boolean {
  return operatorOf(condition.operator)?.base !== 'Null';
}

/** Whether the condition makes sure, or may do so, that a read names its attributes. */
function saves(condition: Condition, { config }: RuleContext): boolean {
  const key = keyName(condition);
  const operator = operatorOf(condition.operator);
  if (key === 'dynamodb:select')
    return operator?.negated === false && condition.values.every((item) => ENOUGH.includes(wordOf(item)));
  if (key !== 'dynamodb:attributes') return false;
  if (operator?.base === 'Null') return condition.values.every((item) => wordOf(item) !== 'true');
  return config.preset !== 'access-analyzer' && demands(condition);
}

/** What returns no attribute that was not named; a word that is not known may be one of them. */
const ENOUGH: readonly (string | undefined)[] = ['SPECIFIC_ATTRIBUTES', 'COUNT', undefined];

const READS: readonly string[] = ['GetItem', 'BatchGetItem', 'Query', 'Scan'];

/** The actions of the statement that return items, by full name. */
function readingOf(statement: Statement, { facts }: RuleContext): readonly string[] {
  const { actions, everyAction } = facts(statement);
  const mine = actions.find(({ service }) => service.prefix === 'dynamodb');
  const isThere = (name: string) => mine !== undefined && hasBit(mine.bits, mine.service.names.indexOf(name));
  return READS.filter((name) => everyAction || isThere(name)).map((name) => `dynamodb:${name}`);
}

/** Writes carry no `dynamodb:Select`: where the statement may hold some, the condition has to let them pass. */
function demandSelect(statement: Statement, reads: number): readonly Fix[] {
  const operator = statement.action?.items.length === reads ? 'StringEquals' : 'StringEqualsIfExists';
  const edits = addCondition(statement, operator, 'dynamodb:Select', ['SPECIFIC_ATTRIBUTES']);
  return edits ? [{ title: 'Demand that `dynamodb:Select` is `SPECIFIC_ATTRIBUTES`', safety: 'narrows', edits }] : [];
}
