/** Users: principals that are IAM users, who sign in with keys and passwords of their own. */
import type { PrincipalItem } from '../../policy/policy.ts';

/** Whether the principal is a user for certain, whatever else of it is known. */
export function isUser({ type, text, presence }: PrincipalItem): boolean {
  return type === 'AWS' && presence === 'always' && /^arn:[^:]*:iam::[^:]*:user\//.test(text.flat);
}
