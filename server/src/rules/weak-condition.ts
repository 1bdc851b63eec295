/** weak-condition: a condition on who calls, from where or with MFA that requests without its key meet, or that a Deny does not catch them by. Knows nothing of single services. */
import { isAbsentFromOthers, saysWhereFrom } from '../catalog/binding-keys.ts';
import type { Edit } from '../finding/edit.ts';
import type { Fix } from '../finding/finding.ts';
import { keyName, type Operator } from '../policy/condition.ts';
import type { Condition, Policy, Statement } from '../policy/policy.ts';
import { displayText, knownText } from '../text/text.ts';
import { operatorName, underOperator } from './condition-edits.ts';
import { conditionFacts } from './condition-facts.ts';
import { wordOf } from './condition-words.ts';
import { addCondition } from './narrowing/conditions.ts';
import { type Draft, isOfKind, type RuleContext, type StatementRule } from './rule.ts';

/** Source: IAM User Guide, "IAM JSON policy elements: Condition operators" (`IfExists`, `Null`), "Set operators for multivalued context keys", "aws:MultiFactorAuthPresent". */
export const weakCondition: StatementRule = {
  id: 'weak-condition',
  on: 'statement',
  summary: 'A condition is met by requests that do not carry its key, so that it binds nobody',
  level: 'warning',
  kinds: 'all',
  clause: 'Condition',
  subject: 'document',
  equivalents: ['parliament:BAD_PATTERN_FOR_MFA', 'iam-policy-validator:mfa_condition_antipattern'],
  check: checkConditions,
};

function* checkConditions(statement: Statement, policy: Policy, { catalog }: RuleContext): Iterable<Draft> {
  const { answer } = statement.effect;
  if (statement.conditionsOpen || (answer !== 'Allow' && answer !== 'Deny')) return;
  for (const condition of statement.conditions) {
    const facts = conditionFacts(condition, catalog);
    const { operator, name = '' } = facts;
    if (!operator) continue;
    if (answer === 'Deny') {
      if (isMfa(name)) yield* missedByDeny(condition, operator, statement, policy);
    } else if (mayBeGuarded(condition, statement)) continue;
    else if (isMfa(name) && (operator.base === 'Null' || operator.base === 'Bool')) {
      yield* allowsWithoutMfa(condition, operator, statement);
    } else if (isAbsentFromOthers(name) && isAbout(name, policy) && isPositive(operator)) {
      if (operator.ifExists) yield holdsWithout(condition, operator, statement);
      else if (operator.qualifier === 'ForAllValues' && facts.key?.multivalued) yield emptySet(condition, statement);
    }
  }
}

function isMfa(name: string): boolean {
  return name === 'aws:multifactorauthpresent' || name === 'aws:multifactorauthage';
}

/** `NullIfExists` is no operator; other rules say so. */
function isPositive({ negated, base }: Operator): boolean {
  return !negated && base !== 'Null';
}

/** In the policy of an identity the caller is known; what it does not say is where the caller is, how it signed in, and which tags it has. */
function isAbout(name: string, policy: Policy): boolean {
  if (saysWhereFrom(name) || isMfa(name) || name.startsWith('aws:principaltag/')) return true;
  return isOfKind(policy, ['resource', 'trust']);
}

/** Whether another condition asks for the same key. */
function mayBeGuarded(condition: Condition, { conditions }: Statement): boolean {
  const key = keyName(condition);
  return conditions.some((other) => other !== condition && keyName(other) === key);
}

function holdsWithout(condition: Condition, operator: Operator, statement: Statement): Draft {
  const key = displayText(condition.key);
  const name = keyName(condition) ?? '';
  return {
    message: `\`${displayText(condition.operator)}\` also holds if the request carries no \`${key}\`, as ${withoutKey(name)}`,
    span: condition.operatorSpan,
    ...(SENT_BY_SERVICES.test(name) ? { level: 'info' } : {}),
    fixes: () => withOperator(statement, condition, { ...operator, ifExists: false }, `which needs \`${key}\``),
  };
}

/** Services mostly carry these, and others are hardly meant. */
const SENT_BY_SERVICES = /^aws:source(arn|account|orgid|orgpaths)$/;

/** Whose requests do not carry the key. */
function withoutKey(name: string): string {
  if (isMfa(name)) return 'those that are signed with an access key do not';
  if (name.startsWith('aws:principaltag/')) return 'those of callers without the tag do not';
  return saysWhereFrom(name) ? 'those from elsewhere do not' : 'those of strangers do not';
}

function emptySet(condition: Condition, statement: Statement): Draft {
  const key = displayText(condition.key);
  return {
    message: `\`${displayText(condition.operator)}\` also holds if the request carries no \`${key}\`, as ${withoutKey(keyName(condition) ?? '')}`,
    span: condition.operatorSpan,
    fixes: () => demanding(statement, 'Null', key, 'false', `Demand \`${key}\` too`),
  };
}

/** A Deny of requests without MFA: those that are signed with an access key carry neither key, so a test of a value misses them. */
function* missedByDeny(
  condition: Condition,
  operator: Operator,
  statement: Statement,
  policy: Policy,
): Iterable<Draft> {
  const isTest = operator.base === 'Bool' ? hasOnly(condition, 'false') : /^NumericGreater/.test(operator.base);
  if (!isTest || policy.open || policy.statements.some(mayDenyKeys)) return;
  yield {
    message: `requests that are signed with an access key carry no \`${displayText(condition.key)}\`, so this Deny misses them`,
    span: condition.operatorSpan,
    fixes: () => withOperator(statement, condition, { ...operator, ifExists: true }, 'which denies these too'),
  };
}

/** Whether a statement may deny what carries no sign of MFA. */
function mayDenyKeys({ effect, conditions, conditionsOpen }: Statement): boolean {
  if (effect.answer === 'Allow') return false;
  return conditionsOpen || conditions.some((condition) => isMfa(keyName(condition) ?? '') && holdsForKeys(condition));
}

function holdsForKeys({ operator }: Condition): boolean {
  return /IfExists$|^Null$|Not/i.test(operator.flat);
}

function* allowsWithoutMfa(condition: Condition, operator: Operator, statement: Statement): Iterable<Draft> {
  const key = displayText(condition.key);
  if (operator.base === 'Null') {
    if (hasOnly(condition, 'false'))
      yield {
        message: `\`${key}\` is also there, as \`false\`, in sessions that began without MFA`,
        span: condition.operatorSpan,
        fixes: () => demanding(statement, 'Bool', 'aws:MultiFactorAuthPresent', 'true', 'Demand MFA'),
      };
  } else if (hasOnly(condition, 'false') && isBeyondIam(statement)) {
    yield {
      message: 'this is allowed only to those who have not used MFA',
      span: condition.operatorSpan,
      level: 'info',
    };
  } else if (operator.ifExists && hasOnly(condition, 'true')) yield holdsWithout(condition, operator, statement);
}

/** Who has no MFA yet has to be let in to set it up, and nowhere else. */
function isBeyondIam({ action }: Statement): boolean {
  if (action?.negated) return true;
  return action?.items.some(({ text }) => !/^(iam|sts):/i.test(knownText(text) ?? 'iam:')) ?? false;
}

function hasOnly({ values, open }: Condition, word: string): boolean {
  return !open && values.length > 0 && values.every((item) => wordOf(item)?.toLowerCase() === word);
}

function withOperator(statement: Statement, condition: Condition, operator: Operator, meaning: string): readonly Fix[] {
  const name = operatorName(operator);
  return narrowing(`Use \`${name}\`, ${meaning}`, underOperator(statement, condition, name));
}

function demanding(statement: Statement, operator: string, key: string, value: string, title: string): readonly Fix[] {
  return narrowing(title, addCondition(statement, operator, key, [value]));
}

function narrowing(title: string, edits: readonly Edit[] | undefined): readonly Fix[] {
  return edits ? [{ title, safety: 'narrows', preferred: true, edits }] : [];
}
