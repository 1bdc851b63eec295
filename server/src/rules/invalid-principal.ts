/** invalid-principal: a Principal element, or a value that names a service, has a form that AWS refuses or that never matches. */
import { isPattern } from '../policy/pattern.ts';
import type { Policy, PrincipalClause, PrincipalItem, Statement } from '../policy/policy.ts';
import { isCertainly, keyFor, PRINCIPAL_TYPES } from '../policy/principal.ts';
import { displayText, HOLE, hasHole, knownText, type Span, spanOf } from '../text/text.ts';
import type { Entry } from '../value/value.ts';
import {
  everybody,
  listUnderKey,
  oneAccount,
  removeElement,
  rightKey,
  textUnderKey,
  underKey,
} from './principal/fixes.ts';
import { serviceValues, wrongService } from './principal/services.ts';
import type { Draft, RuleContext, StatementRule } from './rule.ts';

/** Source: IAM User Guide, "AWS JSON policy elements: Principal"; Organizations User Guide, "SCP syntax" and "RCP syntax"; Access Analyzer's checks of the Principal element. */
export const invalidPrincipal: StatementRule = {
  id: 'invalid-principal',
  on: 'statement',
  summary: 'A principal has a form that AWS refuses, or stands where the kind of policy takes none',
  level: 'error',
  kinds: 'all',
  subject: 'document',
  implies: ['wildcard-principal'],
  accessAnalyzer: [
    'INVALID_PRINCIPAL_FORMAT',
    'INVALID_PRINCIPAL_KEY',
    'UNSUPPORTED_PRINCIPAL',
    'UNSUPPORTED_WILDCARD_IN_PRINCIPAL',
    'FEDERATED_PRINCIPAL_NOT_SUPPORTED',
    'INVALID_SERVICE_PRINCIPAL_FORMAT',
    'ROLE_TRUST_POLICY_UNSUPPORTED_WILDCARD_IN_PRINCIPAL',
    'ROLE_TRUST_POLICY_SYNTAX_ERROR_NOTPRINCIPAL',
    'SCP_SYNTAX_ERROR_PRINCIPAL',
    'RCP_SYNTAX_ERROR_PRINCIPAL',
  ],
  equivalents: [
    'parliament:UNKNOWN_PRINCIPAL',
    'parliament:UNKNOWN_FEDERATION_SOURCE',
    'cfn-lint:E3512',
    'cfn-lint:E3530',
  ],
  check: checkPrincipal,
};

function* checkPrincipal(statement: Statement, policy: Policy, context: RuleContext): Iterable<Draft> {
  yield* serviceValues(statement, policy, context);
  const clause = statement.principal;
  if (!clause || clause.entry.presence === 'sometimes') return;
  const refusal = refused(clause, statement, policy);
  if (refusal) {
    yield refusal;
    return;
  }
  if (policy.kind === 'rcp') yield* notEverybody(clause);
  else yield* checkForm(clause, policy, context);
}

/** Kinds of policy that take no such element at all. */
function refused(clause: PrincipalClause, statement: Statement, policy: Policy): Draft | undefined {
  const name = `\`${clause.negated ? 'NotPrincipal' : 'Principal'}\``;
  const here = { span: keySpan(clause.entry), fixes: () => removeElement(statement, clause.entry, name) };
  switch (policy.kind) {
    case 'scp':
      return {
        ...here,
        ...error('SCP_SYNTAX_ERROR_PRINCIPAL'),
        message: `${name} stands in a service control policy, which holds for all who act in the accounts that it is attached to`,
      };
    case 'identity':
    case 'boundary':
    case 'session':
      return {
        ...here,
        ...error('UNSUPPORTED_PRINCIPAL'),
        message: `${name} stands in a policy of an identity, which holds for those whom it is attached to`,
      };
  }
  if (!clause.negated) return undefined;
  const where = { span: here.span, fixes: () => [] };
  if (policy.kind === 'rcp')
    return {
      ...where,
      ...error('RCP_SYNTAX_ERROR_PRINCIPAL'),
      message: '`NotPrincipal` stands in a resource control policy, which takes only `"Principal": "*"`',
    };
  if (isCertainly('trust', policy))
    return {
      ...where,
      ...error('ROLE_TRUST_POLICY_SYNTAX_ERROR_NOTPRINCIPAL'),
      message: '`NotPrincipal` stands in a trust policy, which has to name those who may assume the role',
    };
  return undefined;
}

/** Resource control policies apply to everybody. `{ "AWS": "*" }` says the same, and is left to AWS. */
function* notEverybody({ entry, items }: PrincipalClause): Iterable<Draft> {
  const named = items.find(({ text, presence }) => presence === 'always' && knownText(text) !== '*' && !hasHole(text));
  if (!named) return;
  yield {
    ...error('RCP_SYNTAX_ERROR_PRINCIPAL'),
    message: `\`${named.text.flat}\` stands in a resource control policy, which takes only \`"Principal": "*"\``,
    span: named.span,
    fixes: () => everybody(entry),
  };
}

function* checkForm(clause: PrincipalClause, policy: Policy, context: RuleContext): Iterable<Draft> {
  const { value } = clause.entry;
  switch (value.kind) {
    case 'text':
      yield* bareText(clause, policy, context);
      return;
    case 'list':
      if (value.items.length === 0 || value.open) return;
      yield {
        ...error('INVALID_PRINCIPAL_FORMAT'),
        message: `a list stands where \`{ "AWS": [ … ] }\` or \`"*"\` is wanted`,
        span: value.span,
        fixes: () => listUnderKey(value),
      };
      return;
    case 'object':
      yield* unknownKeys(value.entries);
      for (const item of clause.items) yield* checkItem(item, clause, policy, context);
  }
}

/** A text without a key: `*`, which trust policies do not take, or what is missing its key. */
function* bareText(clause: PrincipalClause, policy: Policy, context: RuleContext): Iterable<Draft> {
  for (const item of clause.items) {
    const text = knownText(item.text);
    if (text === undefined) return;
    if (text !== '*') {
      yield {
        ...error('INVALID_PRINCIPAL_FORMAT'),
        message: `\`${text}\` stands without a key such as \`AWS\``,
        span: item.span,
        fixes: () => textUnderKey(item.value, text),
      };
    } else if (isCertainly('trust', policy)) {
      yield {
        ...error('ROLE_TRUST_POLICY_UNSUPPORTED_WILDCARD_IN_PRINCIPAL'),
        message: '`*` stands in a trust policy, which has to name those who may assume the role',
        span: item.span,
        fixes: () => oneAccount(item.value, policy, context.config),
      };
    }
  }
}

function* unknownKeys(entries: readonly Entry[]): Iterable<Draft> {
  for (const entry of entries) {
    const key = entry.presence === 'always' ? knownText(entry.key) : undefined;
    if (key === undefined || PRINCIPAL_TYPES.includes(key)) continue;
    yield {
      ...error('INVALID_PRINCIPAL_KEY'),
      message: `\`${key}\` is none of the kinds of principals: \`AWS\`, \`Service\`, \`Federated\` and \`CanonicalUser\``,
      span: keySpan(entry),
      fixes: () => rightKey(entry, key, entries),
    };
  }
}

function* checkItem(
  item: PrincipalItem,
  clause: PrincipalClause,
  policy: Policy,
  context: RuleContext,
): Iterable<Draft> {
  if (item.presence === 'sometimes' || !PRINCIPAL_TYPES.includes(item.type)) return;
  if (item.type === 'Federated' && hasNoRoles(policy)) {
    yield {
      ...error('FEDERATED_PRINCIPAL_NOT_SUPPORTED'),
      message: `\`${displayText(item.text)}\` is an identity provider, which only trust policies of roles name`,
      span: item.span,
    };
  } else if (hasWildcard(item)) {
    const within = /[^*?]/.test(item.text.flat);
    yield {
      ...error('UNSUPPORTED_WILDCARD_IN_PRINCIPAL'),
      message: `\`${displayText(item.text)}\` ${within ? 'has' : 'is'} a wildcard, which \`${item.type}\` does not take${within ? ' within a name' : ''}`,
      span: item.span,
    };
  } else {
    const text = knownText(item.text);
    if (text === undefined) return;
    if (item.type === 'Service') yield* wrongService(item, text, clause, context);
    if (item.type === 'AWS') yield* wrongIdentity(item, text, clause);
  }
}

/** Whether nothing in the policy can be about assuming a role, so that identity providers mean nothing in it. */
function hasNoRoles(policy: Policy): boolean {
  return (
    isCertainly('resource', policy) &&
    policy.statements.every(
      ({ action }) =>
        action?.negated === false &&
        !action.open &&
        action.items.every(({ text }) => !hasHole(text) && !/^(\*$|sts:)/i.test(text.flat)),
    )
  );
}

/** `*` alone is everybody for `AWS`; for an identity provider it is no provider, which is another rule's to say. */
function hasWildcard({ type, text }: PrincipalItem): boolean {
  if (!isPattern(text.flat)) return false;
  return (type !== 'AWS' && type !== 'Federated') || /[^*?]/.test(text.flat.replaceAll(HOLE, ''));
}

/** What stands under `AWS` and is no account, user, role or session. */
function* wrongIdentity(item: PrincipalItem, text: string, clause: PrincipalClause): Iterable<Draft> {
  const key = keyFor(text);
  if (key !== undefined && key !== 'AWS') {
    yield {
      message: `\`${text}\` stands under \`AWS\` and belongs under \`${key}\``,
      span: item.span,
      fixes: () => underKey(item, clause, key),
    };
  } else if (/^\d+$/.test(text) && text.length !== 12) {
    yield { message: `\`${text}\` has ${text.length} digits, and an account id has 12`, span: item.span };
  }
}

function keySpan({ key, keySpan: whole }: Entry): Span {
  return spanOf(key) ?? whole;
}

function error(code: string): Pick<Draft, 'accessAnalyzer' | 'accessAnalyzerType'> {
  return { accessAnalyzer: code, accessAnalyzerType: 'ERROR' };
}
