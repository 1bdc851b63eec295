/** invalid-trust-policy: a trust policy has what AWS refuses, or lets somebody assume the role in a way that they cannot. */
import { demands, keyName } from '../policy/condition.ts';
import { federationOf } from '../policy/federation.ts';
import { isPattern } from '../policy/pattern.ts';
import type { Clause, Policy, PrincipalItem, Statement } from '../policy/policy.ts';
import { isCertainly } from '../policy/principal.ts';
import { displayText, hasHole, knownText, spanOf } from '../text/text.ts';
import type { Draft, RuleContext, StatementRule } from './rule.ts';
import { type Assumer, type Assuming, assumerOf, assumesRole, mayTakeIn, takenIn } from './trust/actions.ts';
import { addActions, asProvider, removeResource, rightAction } from './trust/fixes.ts';

/** Source: IAM User Guide, "AWS JSON policy elements: Principal"; STS API Reference; IAM Roles Anywhere User Guide, "Trust model"; Access Analyzer's checks of role trust policies. */
export const invalidTrustPolicy: StatementRule = {
  id: 'invalid-trust-policy',
  on: 'statement',
  summary: 'A trust policy has what AWS refuses, or trusts somebody in a way that cannot take effect',
  level: 'error',
  kinds: ['trust', 'resource'],
  subject: 'document',
  accessAnalyzer: [
    'ROLE_TRUST_POLICY_SYNTAX_ERROR_RESOURCE',
    'MISMATCHED_ACTION_FOR_PRINCIPAL',
    'MISSING_ACTION_FOR_ROLES_ANYWHERE_TRUST_POLICY',
    'MISSING_ACTION_FOR_CONDITION_KEY',
    'INVALID_FEDERATED_PRINCIPAL_SYNTAX_IN_ROLE_TRUST_POLICY',
  ],
  equivalents: ['cfn-lint:E3530'],
  check: checkStatement,
};

function* checkStatement(statement: Statement, policy: Policy, context: RuleContext): Iterable<Draft> {
  if (statement.resource) yield* ownResource(statement, statement.resource, policy);
  const isTrust = isCertainly('trust', policy);
  const { principal, action, effect } = statement;
  if (!principal || principal.negated) return;
  if (isTrust) for (const item of principal.items) yield* wrongProvider(item, policy, context);
  if (effect.answer !== 'Allow' || !action || !assumesRole(statement)) return;
  yield* mismatches(action, principal.items.map(assumerOf), principal.open);
  if (isTrust && !policy.open) yield* missingActions(statement, action, policy);
}

/** A trust policy is about the role that has it. */
function* ownResource(statement: Statement, clause: Clause, policy: Policy): Iterable<Draft> {
  const { entry, negated } = clause;
  const isTrust =
    policy.site.kind === 'trust' || (policy.site.kind === undefined && policy.statements.every(trustsInWords));
  if (!isTrust || entry.presence === 'sometimes') return;
  const name = negated ? 'NotResource' : 'Resource';
  yield {
    message: `\`${name}\` stands in a trust policy, which is about its own role`,
    span: spanOf(entry.key) ?? entry.keySpan,
    ...error('ROLE_TRUST_POLICY_SYNTAX_ERROR_RESOURCE'),
    fixes: () => removeResource(statement, entry, name),
  };
}

/** Only a role can be assumed by a service or an identity provider, so such a statement belongs to one, whatever else it says. */
function trustsInWords({ effect, action, principal }: Statement): boolean {
  if (effect.answer !== 'Allow' || action?.open !== false || principal?.open !== false) return false;
  return (
    principal.items.every(({ type }) => type === 'Service' || type === 'Federated') &&
    action.items.every(({ text }) => /^sts:(AssumeRole|TagSession|SetSourceIdentity)/i.test(knownText(text) ?? ''))
  );
}

function* wrongProvider(item: PrincipalItem, policy: Policy, context: RuleContext): Iterable<Draft> {
  const text = knownText(item.text);
  if (item.type !== 'Federated' || item.presence === 'sometimes' || text === undefined) return;
  const { kind } = federationOf(item);
  const fixes = () => asProvider(item, text, policy, context.config);
  if (kind === 'invalid' && (text === '*' || !isPattern(text)))
    yield {
      message: `\`${text}\` is neither the ARN of an identity provider nor a domain name`,
      span: item.span,
      ...error('INVALID_FEDERATED_PRINCIPAL_SYNTAX_IN_ROLE_TRUST_POLICY'),
      fixes,
    };
  else if (kind === 'domain')
    yield {
      message: `\`${text}\` is trusted by its name, and AWS knows only Cognito, Google, Facebook and Amazon by name`,
      span: item.span,
      level: 'warning',
      fixes,
    };
}

/**
 * Actions that do not fit a principal: those that none of the principals can do, and those beside which a principal has
 * none that it can do. Access Analyzer names the action first, then the principals.
 */
function* mismatches(action: Clause, assumers: readonly Assumer[], open: boolean): Iterable<Draft> {
  const assuming = action.items.map((item) => ({ item, names: takenIn(item) })).filter(({ names }) => names.length > 0);
  const all = assuming.flatMap(({ names }) => names);
  for (const { item, names } of assuming) {
    if (item.presence === 'sometimes') continue;
    const idle = !open && !assumers.some((one) => meet(one.by, names));
    const wrong = assumers.filter(
      (one) => one.item.presence === 'always' && (idle || (!action.open && !meet(one.by, all))),
    );
    const [first, ...others] = wrong;
    if (!first) continue;
    yield {
      message: `\`${item.text.flat}\` does not fit \`${displayText(first.item.text)}\`, which is ${first.is}`,
      span: item.span,
      related: wrong.map((one) => ({ span: one.item.span, message: `\`${displayText(one.item.text)}\` is ${one.is}` })),
      ...error('MISMATCHED_ACTION_FOR_PRINCIPAL'),
      fixes: () => rightAction(action, item, [first, ...others], idle ? 'replace' : 'add'),
    };
  }
}

function meet(some: readonly Assuming[], others: readonly Assuming[]): boolean {
  return some.some((name) => others.includes(name));
}

/** What services do when they assume a role, beside assuming it. In lower case, with AWS's spelling. */
const NEEDED: ReadonlyMap<string, readonly string[]> = new Map([
  ['rolesanywhere.amazonaws.com', ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity']],
  ['pods.eks.amazonaws.com', ['sts:AssumeRole', 'sts:TagSession']],
]);

function* missingActions(statement: Statement, action: Clause, policy: Policy): Iterable<Draft> {
  for (const item of statement.principal?.items ?? []) {
    const service = item.type === 'Service' && item.presence === 'always' ? (knownText(item.text) ?? '') : '';
    const missing = (NEEDED.get(service) ?? []).filter((name) => !mayAllow(policy, item, name));
    const [first] = missing;
    if (first === undefined || policy.statements.find((one) => mayTrust(one, item)) !== statement) continue;
    const isAnywhere = service.startsWith('rolesanywhere');
    yield {
      message: `\`${service}\` needs ${missing.map((name) => `\`${name}\``).join(' and ')} too`,
      span: item.span,
      ...(isAnywhere ? error('MISSING_ACTION_FOR_ROLES_ANYWHERE_TRUST_POLICY') : { level: 'warning' }),
      fixes: () => addActions(action, missing),
    };
  }
  yield* missingForKeys(statement, action, policy);
}

/** Keys that are in a request only where another action is allowed too. Source: IAM User Guide, "AWS STS condition context keys". */
function actionForKey(key: string): string | undefined {
  if (key === 'sts:sourceidentity') return 'sts:SetSourceIdentity';
  return /^(sts:transitivetagkeys$|aws:requesttag\/)/.test(key) ? 'sts:TagSession' : undefined;
}

function* missingForKeys(statement: Statement, action: Clause, policy: Policy): Iterable<Draft> {
  for (const condition of statement.conditions) {
    const name = actionForKey(keyName(condition) ?? '');
    if (name === undefined || !demands(condition)) continue;
    if (policy.statements.some((one) => one.effect.answer !== 'Deny' && mayTakeIn(one.action, name.toLowerCase())))
      continue;
    yield {
      message: `\`${displayText(condition.key)}\` is in no request, since nothing allows \`${name}\``,
      span: condition.keySpan,
      ...error('MISSING_ACTION_FOR_CONDITION_KEY'),
      fixes: () => addActions(action, [name]),
    };
  }
}

/** Whether a statement allows a principal to do it, or may. */
function mayAllow({ statements }: Policy, item: PrincipalItem, name: string): boolean {
  return statements.some((one) => mayTrust(one, item) && mayTakeIn(one.action, name.toLowerCase()));
}

function mayTrust({ effect, principal }: Statement, { type, text }: PrincipalItem): boolean {
  if (effect.answer === 'Deny') return false;
  if (!principal || principal.open) return true;
  return principal.items.some((one) => one.type === type && (hasHole(one.text) || one.text.flat === text.flat));
}

function error(code: string): Pick<Draft, 'accessAnalyzer' | 'accessAnalyzerType'> {
  return { accessAnalyzer: code, accessAnalyzerType: 'ERROR' };
}
