/**
 * Combine: one request against all the policies that apply to it, within an account and across two. Source: IAM User
 * Guide, "How AWS enforcement code logic evaluates requests to allow or deny access", "Policy evaluation for requests within
 * a single account", "Cross-account policy evaluation logic", "Permissions boundaries for IAM entities"; AWS KMS Developer Guide, "Key policies".
 */
import type { Answer } from '../policy/pattern.ts';
import { type Decision, evaluate, type Judgement, namings, statementMatches } from './evaluate.ts';
import { every, some } from './operators.ts';
import { roleOf, rootAccount, sessionRole } from './principals.ts';
import { accountOf, type ReadyRequest } from './request.ts';
import type { StatementTerms } from './terms.ts';

type Statements = readonly StatementTerms[];

/** The policies that apply to a request. What is absent does not exist. Each level of `scps` and `rcps` (root, unit, account) must allow by one of its policies. */
export interface PolicySet {
  readonly identity: readonly Statements[];
  readonly resource?: Statements | undefined;
  readonly boundary?: Statements | undefined;
  readonly session?: Statements | undefined;
  readonly scps: readonly (readonly Statements[])[];
  readonly rcps: readonly (readonly Statements[])[];
}

/**
 * What AWS decides. A Deny anywhere denies. Otherwise every RCP and SCP level must allow, and then: within one account
 * what the identity's policies allow inside of boundary and session, or what the resource's policy grants directly;
 * across accounts both; for services and for anybody at all, the resource's policy alone. Key policies and trust
 * policies must grant by themselves.
 */
export function evaluateSet(policies: PolicySet, request: ReadyRequest): Judgement {
  const all = everyPolicy(policies).map((statements) => evaluate(statements, request));
  const barring = barredByBoundary(policies, request);
  const denied = [
    ...all.filter(({ decision }) => decision === 'denied').flatMap(({ statements }) => statements),
    ...barring.flatMap(({ statement, answer }) => (answer === 'yes' ? [statement] : [])),
  ];
  if (denied.length > 0) return { decision: 'denied', statements: denied };
  const resource = policies.resource ? allows(policies.resource, request) : 'no';
  const identity = isRoot(request)
    ? 'yes'
    : every([some(policies.identity.map((policy) => allows(policy, request))), ceiling(policies, request)]);
  const granted = every([
    ...levels(policies.rcps, request),
    ...(isPrincipalOfAccount(request) ? levels(policies.scps, request) : []),
    grant(policies, request, identity, resource),
  ]);
  const doubtful = all.filter(({ decision, statements }) => decision === 'unknown' && hasDoubtfulDeny(statements));
  if (granted === 'no') return { decision: 'not-granted', statements: [] };
  const isSure = granted === 'yes' && doubtful.length === 0 && barring.every(({ answer }) => answer === 'no');
  const decision: Decision = isSure ? 'allowed' : 'unknown';
  return {
    decision,
    statements: all.filter((one) => one.decision === decision).flatMap(({ statements }) => statements),
  };
}

/**
 * The Denies with `NotPrincipal` of the resource's policy that a boundary brings upon whoever has it, named or not. Source:
 * IAM User Guide, "AWS JSON policy elements: NotPrincipal".
 */
function barredByBoundary(
  { boundary, resource = [] }: PolicySet,
  request: ReadyRequest,
): readonly { readonly statement: StatementTerms; readonly answer: Answer }[] {
  if (!boundary || !isPrincipalOfAccount(request) || isRoot(request)) return [];
  const barring = resource.filter(
    (one) => !isAllow(one) && one.principal?.negated && statementMatches(one, request) !== 'yes',
  );
  return barring.map((statement) => ({
    statement,
    answer: statementMatches({ ...statement, principal: undefined }, request),
  }));
}

function everyPolicy(set: PolicySet): readonly Statements[] {
  const single = [set.resource, set.boundary, set.session].filter((policy) => policy !== undefined);
  return [...set.identity, ...single, ...set.scps.flat(), ...set.rcps.flat()];
}

function hasDoubtfulDeny(statements: Statements): boolean {
  return statements.some(({ effect }) => effect === 'Deny');
}

/** Whether an Allow of the policy matches, Denies aside: those are looked at once for all policies. */
function allows(statements: Statements, request: ReadyRequest): Answer {
  return some(statements.filter(isAllow).map((statement) => statementMatches(statement, request)));
}

function isAllow({ effect }: StatementTerms): boolean {
  return effect === 'Allow';
}

function levels(policies: readonly (readonly Statements[])[], request: ReadyRequest): readonly Answer[] {
  return policies.map((level) => some(level.map((policy) => allows(policy, request))));
}

/** Boundary and session policy, where there are any. A federated user has only what a session policy passes on. Source: IAM User Guide, "Permissions for GetFederationToken". */
function ceiling({ boundary, session }: PolicySet, request: ReadyRequest): Answer {
  const within = (policy: Statements | undefined) => (policy ? allows(policy, request) : 'yes');
  return every([within(boundary), session || !isFederated(request) ? within(session) : 'no']);
}

function grant(policies: PolicySet, request: ReadyRequest, identity: Answer, resource: Answer): Answer {
  if (!isPrincipalOfAccount(request)) return resource;
  if (isCrossAccount(request)) return every([identity, resource]);
  const direct = directGrant(policies, request);
  return needsOwnGrant(request) ? some([direct, every([identity, resource])]) : some([identity, direct]);
}

/**
 * Whether the resource's policy grants to a principal of its own account without the identity's policies. Naming the
 * session or the user bypasses an implicit deny of boundary and session policy, and so does everyone with a condition on
 * `aws:PrincipalArn`; naming a session's role, or everyone without it, does not. Naming the account only lets the identity's policies decide.
 */
function directGrant(policies: PolicySet, request: ReadyRequest): Answer {
  const grants = (policies.resource ?? []).filter(isAllow).map((statement): Answer => {
    const matches = statementMatches(statement, request);
    const ways = namings(statement, request);
    if (matches === 'no') return 'no';
    if (ways.includes('itself')) return matches;
    if (ways.includes('role')) return every([matches, ceiling(policies, request)]);
    if (ways.includes('everyone') && (!isSession(request) || namesByCondition(statement))) return matches;
    if (ways.includes('everyone')) return every([matches, ceiling(policies, request)]);
    return ways.includes('account') ? 'no' : every([matches, 'unknown']);
  });
  return some(grants);
}

function namesByCondition({ tests }: StatementTerms): boolean {
  return tests.some(({ key, operator }) => key === 'aws:principalarn' && operator.base !== 'Null' && !operator.negated);
}

/** Roles act through sessions. */
function isSession(request: ReadyRequest): boolean {
  const arn = arnOfPrincipal(request) ?? '';
  return [sessionRole(arn), roleOf(arn)].some(Boolean) || isFederated(request);
}

function isFederated(request: ReadyRequest): boolean {
  return arnOfPrincipal(request)?.split(':')[5]?.startsWith('federated-user/') === true;
}

/** The root of an account has no policies of its own and all of the account's permissions. */
function isRoot(request: ReadyRequest): boolean {
  return rootAccount(arnOfPrincipal(request) ?? '') !== undefined;
}

function arnOfPrincipal({ principal }: ReadyRequest): string | undefined {
  return typeof principal === 'object' && 'AWS' in principal ? principal.AWS : undefined;
}

/** Users, roles, sessions and roots have policies of their own; services, providers and anybody have none. Nobody named stands for the identity itself. */
function isPrincipalOfAccount({ principal }: ReadyRequest): boolean {
  return principal === undefined || (principal !== '*' && 'AWS' in principal);
}

/** Whether the principal's account is another than the resource's. Where either is not told, they are taken to be one. */
function isCrossAccount(request: ReadyRequest): boolean {
  const own = request.resourceAccount ?? accountOf(request.resource);
  const asks = accountOf(arnOfPrincipal(request) ?? '');
  return own !== undefined && asks !== undefined && own !== asks;
}

/** KMS keys and roles to assume: their own policy must allow, whatever the identity's policies say. */
function needsOwnGrant({ action, resource }: ReadyRequest): boolean {
  if (action.startsWith('kms:')) return resource.includes(':key/');
  return (action.startsWith('sts:assumerole') || action === 'sts:tagsession') && resource.includes(':role/');
}
