/** missing-mfa: a second factor can be taken away, or a role assumed by a user, with nothing but an access key. */
import { keyName } from '../policy/condition.ts';
import type { Policy, Statement } from '../policy/policy.ts';
import { displayText, knownText } from '../text/text.ts';
import { demandMfa } from './narrowing/callers.ts';
import type { Draft, StatementRule } from './rule.ts';
import { assumesRole } from './trust/actions.ts';
import { isUser } from './trust/users.ts';

/** Source: IAM User Guide, "AWS: Allows MFA-authenticated IAM users to manage their own MFA device", "Secure API access with MFA". */
export const missingMfa: StatementRule = {
  id: 'missing-mfa',
  on: 'statement',
  summary: 'A second factor is taken away, or a role assumed by a user, without a second factor',
  level: 'warning',
  kinds: ['identity', 'trust'],
  effect: 'Allow',
  subject: 'document',
  implies: ['long-lived-credentials'],
  equivalents: ['trivy:AWS-0123'],
  check: checkMfa,
};

function* checkMfa(statement: Statement, policy: Policy): Iterable<Draft> {
  if (policy.open || policy.statements.some((other) => mayAskForMfa(other, statement))) return;
  if (policy.kind === 'identity') yield* deactivating(statement);
  else yield* byUsers(statement);
}

function* deactivating(statement: Statement): Iterable<Draft> {
  const { action, resource, presence } = statement;
  const items = action?.negated === false ? action.items : [];
  const item = items.find(({ text }) => knownText(text)?.toLowerCase() === 'iam:deactivatemfadevice');
  if (!item || resource?.negated !== false) return;
  const isOwn = resource.items.some(({ text }) => text.flat.endsWith(':user/${aws:username}'));
  yield {
    message: isOwn
      ? `\`${displayText(item.text)}\` lets whoever has a user’s access key take the user’s second factor away`
      : `\`${displayText(item.text)}\` takes second factors away, and no condition asks for one`,
    span: item.span,
    ...(isOwn && presence === 'always' ? {} : { level: 'info' }),
    fixes: () => demandMfa(statement),
  };
}

function* byUsers(statement: Statement): Iterable<Draft> {
  const users = statement.principal?.negated === false ? statement.principal.items.filter(isUser) : [];
  const [first, ...others] = users;
  if (!first || !assumesRole(statement)) return;
  yield {
    message: `\`${displayText(first.text)}\` may assume the role with an access key alone`,
    span: first.span,
    related: others.map(({ span, text }) => ({ span, message: `\`${displayText(text)}\` may do so too` })),
    level: 'info',
    fixes: () => demandMfa(statement),
  };
}

/** Whether the statement itself asks for MFA, or a Deny does, or may. */
function mayAskForMfa(other: Statement, statement: Statement): boolean {
  if (other !== statement && other.effect.answer === 'Allow') return false;
  return (
    other.conditionsOpen ||
    other.conditions.some((condition) => keyName(condition)?.startsWith('aws:multifactorauth') !== false)
  );
}
