/** deny-not-principal: a Deny with NotPrincipal meets more callers than it seems to: those that it names, too, where it leaves out their account. */
import type { Policy, PrincipalClause, Statement } from '../policy/policy.ts';
import { knownText, spanOf } from '../text/text.ts';
import { lacks } from '../value/value.ts';
import type { Draft, StatementRule } from './rule.ts';

/** Source: IAM User Guide, "AWS JSON policy elements: NotPrincipal", "Specifying NotPrincipal with Deny". */
export const denyNotPrincipal: StatementRule = {
  id: 'deny-not-principal',
  on: 'statement',
  summary: 'A Deny with NotPrincipal may meet those whom it names',
  level: 'warning',
  kinds: ['resource'],
  effect: 'Deny',
  clause: 'Principal',
  subject: 'document',
  equivalents: ['iam-policy-validator:not_principal'],
  check: checkPrincipal,
};

function* checkPrincipal({ principal, value }: Statement, _policy: Policy): Iterable<Draft> {
  if (!principal?.negated || !lacks(value, 'Principal')) return;
  const alone = principal.open ? undefined : withoutAccount(principal);
  const span = spanOf(principal.entry.key) ?? principal.entry.keySpan;
  if (alone) {
    const { name, account } = alone;
    yield {
      message: `this Deny may meet \`${name}\` too, since \`NotPrincipal\` does not name account \`${account}\``,
      span,
    };
  } else {
    const message =
      '`NotPrincipal` in a Deny meets sessions and callers with a permissions boundary that it seems to leave out';
    yield { message, span, level: 'info' };
  }
}

/** A user or role whose account is certainly not named beside it. */
function withoutAccount({ items }: PrincipalClause): { readonly name: string; readonly account: string } | undefined {
  const names = items.map(({ text }) => knownText(text) ?? '');
  if (names.includes('')) return undefined;
  for (const name of names) {
    const account = /^arn:[^:]*:(?:iam|sts)::(\d{12}):(?:user|role|assumed-role)\//.exec(name)?.[1];
    if (account !== undefined && !names.some((other) => isAccount(other, account))) return { name, account };
  }
  return undefined;
}

function isAccount(name: string, account: string): boolean {
  return name === account || name.endsWith(`::${account}:root`);
}
