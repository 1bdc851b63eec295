/** orphaned-principal: a principal is named by its unique id, which is what AWS leaves of a role or user that was deleted. */
import type { Statement } from '../policy/policy.ts';
import { ownerOfId } from '../policy/principal.ts';
import { knownText } from '../text/text.ts';
import { withoutGrantTo } from './principal/fixes.ts';
import type { Draft, StatementRule } from './rule.ts';

/** Source: IAM User Guide, "AWS JSON policy elements: Principal" and "Unique identifiers"; Access Analyzer, "Invalid role reference" and "Invalid user reference". */
export const orphanedPrincipal: StatementRule = {
  id: 'orphaned-principal',
  on: 'statement',
  summary: 'A principal is named by the unique id that is left of a deleted role or user',
  level: 'warning',
  kinds: ['resource', 'trust', 'endpoint'],
  clause: 'Principal',
  subject: 'document',
  accessAnalyzer: ['INVALID_ROLE_REFERENCE', 'INVALID_USER_REFERENCE'],
  check: checkPrincipals,
};

function* checkPrincipals(statement: Statement): Iterable<Draft> {
  for (const item of statement.principal?.items ?? []) {
    const id = item.type === 'AWS' && item.presence === 'always' ? knownText(item.text) : undefined;
    const owner = ownerOfId(id ?? '');
    if (!owner) continue;
    yield {
      message: `\`${id}\` is the unique id of a ${owner}, which is what is left of one that was deleted`,
      span: item.span,
      accessAnalyzer: owner === 'role' ? 'INVALID_ROLE_REFERENCE' : 'INVALID_USER_REFERENCE',
      accessAnalyzerType: 'WARNING',
      fixes: () => withoutGrantTo(item, statement),
    };
  }
}
