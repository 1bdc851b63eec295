/** long-lived-credentials: keys and passwords of IAM users that do not end by themselves, made by a policy or let in by one. Says nothing of what they can do. */
import { arnOf } from '../policy/arn.ts';
import type { ClauseItem, Policy, Statement } from '../policy/policy.ts';
import { displayText, knownText } from '../text/text.ts';
import type { Draft, StatementRule } from './rule.ts';
import { isUser } from './trust/users.ts';

/** Source: IAM User Guide, "Security best practices in IAM": temporary credentials; "Alternatives to long-term access keys". */
export const longLivedCredentials: StatementRule = {
  id: 'long-lived-credentials',
  on: 'statement',
  summary: 'Credentials that never end by themselves are made for users, or let in',
  level: 'info',
  kinds: ['identity', 'resource', 'trust'],
  effect: 'Allow',
  subject: 'document',
  equivalents: ['checkov:CKV_AWS_273'],
  check: checkCredentials,
};

function* checkCredentials({ action, resource, principal }: Statement, policy: Policy): Iterable<Draft> {
  if (policy.kind !== 'identity') {
    const users = principal?.negated === false ? principal.items.filter(isUser) : [];
    const [first, ...others] = users;
    if (first)
      yield {
        message: `\`${displayText(first.text)}\` is a user, who comes with a key or password that never ends by itself`,
        span: first.span,
        related: others.map(({ span, text }) => ({ span, message: `\`${displayText(text)}\` is one too` })),
      };
    return;
  }
  const makers = action?.negated === false ? action.items.filter(({ text }) => MADE.has(nameOf(knownText(text)))) : [];
  const [maker, ...more] = makers;
  if (!maker || !resource?.items.some(isOfOthers)) return;
  yield {
    message: `\`${displayText(maker.text)}\` makes ${MADE.get(nameOf(knownText(maker.text)))} for users, which never end by themselves`,
    span: maker.span,
    related: more.map(({ span, text }) => ({ span, message: `\`${displayText(text)}\` does so too` })),
  };
}

function nameOf(text: string | undefined): string {
  return text?.toLowerCase() ?? '';
}

/** What actions make, by their names in lower case. As of 2026-11. */
const MADE: ReadonlyMap<string, string> = new Map([
  ['iam:createaccesskey', 'access keys'],
  ['iam:createloginprofile', 'passwords'],
  ['iam:createservicespecificcredential', 'credentials of a service'],
  ['iam:uploadsigningcertificate', 'signing certificates'],
  ['iam:uploadsshpublickey', 'SSH keys'],
]);

/** Whether the resource certainly is no one's own: to manage his own is what AWS proposes for users that there are. */
function isOfOthers({ text }: ClauseItem): boolean {
  const users = knownText(arnOf(text)?.resource ?? text) ?? OWN;
  return !users.includes(OWN);
}

const OWN = '${aws:username}';
