/** redundant-principal: a principal of a list is named by another of the same list. */
import { roleOf, rootAccount, sessionRole } from '../access/principals.ts';
import type { Policy, PrincipalItem, Statement } from '../policy/policy.ts';
import { isCertainly } from '../policy/principal.ts';
import { canonicalText, displayText } from '../text/text.ts';
import { withoutRepeated } from './principal/fixes.ts';
import type { Draft, StatementRule } from './rule.ts';

/** Source: Access Analyzer, "Redundant principal in role trust policy"; IAM User Guide, "AWS JSON policy elements: Principal". */
export const redundantPrincipal: StatementRule = {
  id: 'redundant-principal',
  on: 'statement',
  summary: 'A principal of a list is named by another of the same list',
  level: 'info',
  kinds: ['resource', 'trust', 'endpoint'],
  clause: 'Principal',
  subject: 'document',
  accessAnalyzer: ['REDUNDANT_PRINCIPAL_IN_ROLE_TRUST_POLICY'],
  check: checkPrincipals,
};

function* checkPrincipals(statement: Statement, policy: Policy): Iterable<Draft> {
  const first = new Map<string, PrincipalItem>();
  const roles = new Map<string | undefined, PrincipalItem>();
  for (const item of statement.principal?.items ?? []) {
    if (item.presence === 'sometimes') continue;
    const text = canonicalText(item.text);
    const name = `${item.type} ${rootAccount(text) ?? text}`;
    const same = first.get(name);
    if (same) yield repeated(item, same);
    else first.set(name, item);
    roles.set(roleOf(text), item);
  }
  if (!isCertainly('trust', policy)) return;
  for (const item of first.values()) {
    const parent = roles.get(sessionRole(canonicalText(item.text)) ?? '');
    if (parent) yield session(item, parent);
  }
}

function repeated(item: PrincipalItem, other: PrincipalItem): Draft {
  const [own, outer] = [displayText(item.text), displayText(other.text)];
  return {
    message: own === outer ? `\`${own}\` stands here twice` : `\`${own}\` is the same principal as \`${outer}\``,
    span: item.span,
    related: [{ span: other.span, message: `\`${outer}\` stands here` }],
    unnecessary: item.span,
    fixes: () => withoutRepeated(item),
  };
}

function session(item: PrincipalItem, role: PrincipalItem): Draft {
  const [own, outer] = [displayText(item.text), displayText(role.text)];
  return {
    message: `\`${own}\` is a session of \`${outer}\``,
    span: item.span,
    related: [{ span: role.span, message: `\`${outer}\` takes in all of its sessions` }],
    unnecessary: item.span,
    accessAnalyzer: 'REDUNDANT_PRINCIPAL_IN_ROLE_TRUST_POLICY',
    accessAnalyzerType: 'SUGGESTION',
    fixes: () => withoutRepeated(item),
  };
}
