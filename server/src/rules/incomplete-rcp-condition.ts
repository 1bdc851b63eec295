/** incomplete-rcp-condition: a Deny of a resource control policy meets callers that it was not written for, since they lack the key that it tests. */
import type { Fix } from '../finding/finding.ts';
import { keyName, operatorOf } from '../policy/condition.ts';
import type { Condition, Policy, Statement } from '../policy/policy.ts';
import { displayText } from '../text/text.ts';
import { wordOf } from './condition-words.ts';
import { addCondition } from './narrowing/conditions.ts';
import { hidesConditions } from './role-action.ts';
import type { Draft, RuleContext, StatementRule } from './rule.ts';

/** Source: Access Analyzer, "RCP missing …"; which calls carry which keys: IAM User Guide, "AWS global condition context keys". */
export const incompleteRcpCondition: StatementRule = {
  id: 'incomplete-rcp-condition',
  on: 'statement',
  summary: 'A Deny of a resource control policy meets callers that lack the key that it tests',
  level: 'warning',
  kinds: ['rcp'],
  effect: 'Deny',
  clause: 'Condition',
  subject: 'document',
  accessAnalyzer: [
    'RCP_MISSING_RELATED_PRINCIPAL_CONDITION_KEY',
    'RCP_MISSING_RELATED_SERVICE_PRINCIPAL_CONDITION_KEY',
    'RCP_MISSING_SERVICE_CONDITION_KEY_NULL_CHECK',
  ],
  check: checkConditions,
};

function* checkConditions(statement: Statement, _policy: Policy, { config }: RuleContext): Iterable<Draft> {
  const { conditions } = statement;
  if (hidesConditions(statement)) return;
  const literally = config.preset === 'access-analyzer';
  const met = conditions.filter(holdsWithoutKey);
  const principal = met.filter((one) => isPrincipalKey(keyName(one)));
  const source = met.filter((one) => isSourceKey(keyName(one)));
  const services = !leavesServicesOut(conditions);
  if (services) yield* draft(principal, SERVICES_DENIED, statement);
  if (!leavesPrincipalsOut(conditions, literally)) yield* draft(source, PRINCIPALS_DENIED, statement);
  if (services && !conditions.some(needsSource)) yield* draft(source, UNSOURCED_DENIED, statement);
}

/** What is said of a Deny, and the condition that was forgotten. */
interface Forgotten {
  readonly accessAnalyzer: string;
  /** Who is denied, for a sentence that names the key. */
  readonly denied: string;
  readonly operator: string;
  readonly key: string;
  readonly value: string;
  readonly title: string;
}

const SERVICES_DENIED: Forgotten = {
  accessAnalyzer: 'RCP_MISSING_RELATED_PRINCIPAL_CONDITION_KEY',
  denied: 'AWS services that call for you, which have no',
  operator: 'BoolIfExists',
  key: 'aws:PrincipalIsAWSService',
  value: 'false',
  title: 'Leave AWS services out of the Deny',
};

const PRINCIPALS_DENIED: Forgotten = {
  accessAnalyzer: 'RCP_MISSING_RELATED_SERVICE_PRINCIPAL_CONDITION_KEY',
  denied: 'your own users and roles, which have no',
  operator: 'BoolIfExists',
  key: 'aws:PrincipalIsAWSService',
  value: 'true',
  title: 'Keep the Deny to AWS services',
};

const UNSOURCED_DENIED: Forgotten = {
  accessAnalyzer: 'RCP_MISSING_SERVICE_CONDITION_KEY_NULL_CHECK',
  denied: 'AWS services whose calls come without',
  operator: 'Null',
  key: 'aws:SourceAccount',
  value: 'false',
  title: 'Keep the Deny to calls that name their source',
};

function* draft([first, ...others]: readonly Condition[], forgotten: Forgotten, statement: Statement): Iterable<Draft> {
  if (!first) return;
  const { accessAnalyzer, denied, operator, key, value, title } = forgotten;
  yield {
    message: `the Deny meets ${denied} \`${displayText(first.key)}\``,
    span: first.keySpan,
    related: others.map((one) => ({ span: one.keySpan, message: `nor \`${displayText(one.key)}\`` })),
    ...(isGrave([first, ...others], statement) ? {} : { level: 'info' }),
    accessAnalyzer,
    accessAnalyzerType: 'WARNING',
    fixes: (): readonly Fix[] => {
      const edits = addCondition(statement, operator, key, [value]);
      return edits ? [{ title: `${title} by \`${operator}\` \`${key}\` \`${value}\``, safety: 'changes', edits }] : [];
    },
  };
}

/**
 * Whether the Deny is one of a perimeter, which meets all calls of the actions. One that makes an exception of some roles,
 * or asks for more, may well name what no service ever does.
 */
function isGrave(on: readonly Condition[], { conditions, presence }: Statement): boolean {
  const asksForMore = conditions.some((one) => keyName(one) !== 'aws:principalisawsservice' && failsWithoutKey(one));
  return (
    presence === 'always' && !asksForMore && !on.every((one) => /^aws:principal(arn|tag\/)/.test(keyName(one) ?? ''))
  );
}

/** Keys of users and roles; calls of AWS services carry none of them. */
function isPrincipalKey(key: string | undefined): boolean {
  return (
    key === 'aws:principalorgid' ||
    key === 'aws:principalaccount' ||
    key === 'aws:principalarn' ||
    key === 'aws:principalorgpaths' ||
    key?.startsWith('aws:principaltag/') === true
  );
}

/** Keys of the resource for which an AWS service calls; calls of users and roles carry none of them. */
function isSourceKey(key: string | undefined): boolean {
  return (
    key === 'aws:sourceorgid' || key === 'aws:sourceaccount' || key === 'aws:sourcearn' || key === 'aws:sourceorgpaths'
  );
}

/** Whether the condition holds for a call that lacks its key. */
function holdsWithoutKey({ operator }: Condition): boolean {
  const known = operatorOf(operator);
  if (known?.qualifier) return known.ifExists || known.qualifier === 'ForAllValues';
  return known !== undefined && (known.ifExists || known.negated);
}

/** Whether the condition holds only for a call that has its key, or may do so once all is known. */
function failsWithoutKey(condition: Condition): boolean {
  if (operatorOf(condition.operator)?.base === 'Null') return says(condition, 'false');
  return !holdsWithoutKey(condition);
}

/** A condition that no call of an AWS service meets, or may be one. */
function leavesServicesOut(conditions: readonly Condition[]): boolean {
  return conditions.some((one) => {
    const key = keyName(one);
    if (key === 'aws:principalisawsservice') return says(one, 'false');
    // Whoever names the services that are not meant has thought of them.
    if (key?.startsWith('aws:principalservicename')) return true;
    return isPrincipalKey(key) && failsWithoutKey(one);
  });
}

/** A condition that no call of a user or role meets, or may be one; to Access Analyzer only the one that says so. */
function leavesPrincipalsOut(conditions: readonly Condition[], literally: boolean): boolean {
  return conditions.some((one) => {
    if (keyName(one) === 'aws:principalisawsservice') return says(one, 'true');
    return !literally && needsSource(one);
  });
}

function needsSource(condition: Condition): boolean {
  return isSourceKey(keyName(condition)) && failsWithoutKey(condition);
}

/** Whether the condition asks for that truth value, or may do so. */
function says({ open, values }: Condition, word: string): boolean {
  return open || values.some((item) => [word, undefined].includes(wordOf(item)?.toLowerCase()));
}
