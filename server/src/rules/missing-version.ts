/** missing-version: a policy without Version is read in the language of 2008, in which variables are plain letters. */
import type { Fix } from '../finding/finding.ts';
import type { Policy } from '../policy/policy.ts';
import { hasHole } from '../text/text.ts';
import { lacks, type Value, walkValue } from '../value/value.ts';
import type { DocumentRule, Draft } from './rule.ts';

/** Source: IAM User Guide, "IAM JSON policy elements: Version": the default is 2008-10-17, which knows no policy variables. */
export const missingVersion: DocumentRule = {
  id: 'missing-version',
  on: 'document',
  summary: 'A policy without Version is read by the rules of 2008, where policy variables are plain letters',
  level: 'warning',
  kinds: 'all',
  subject: 'document',
  accessAnalyzer: ['MISSING_VERSION'],
  check: checkVersion,
};

function* checkVersion(policy: Policy): Iterable<Draft> {
  if (policy.site.versionImplied || !lacks(policy.document, 'Version')) return;
  const variables = lettersOf(policy.document) === 'variables';
  const { source, start } = policy.document.span;
  yield {
    message: variables
      ? 'the policy has no `Version`, so its variables such as `${aws:username}` are read as plain letters'
      : 'the policy has no `Version`, so AWS reads it by the rules of 2008',
    span: { source, start, end: start + 1 },
    ...(variables ? {} : { level: 'info' as const }),
    accessAnalyzer: 'MISSING_VERSION',
    accessAnalyzerType: 'WARNING',
    fixes: () => [addVersion(policy)],
  };
}

/** Whether some text of the document holds a policy variable, is plain, or may hold one. */
function lettersOf(document: Value): 'variables' | 'plain' | 'unknown' {
  let answer: 'variables' | 'plain' | 'unknown' = 'plain';
  walkValue(document, (value) => {
    if (value.kind === 'text' && value.text.flat.includes('${')) answer = 'variables';
    const open =
      value.kind === 'unknown' || (value.kind === 'text' && hasHole(value.text)) || ('open' in value && value.open);
    if (open && answer === 'plain') answer = 'unknown';
    return true;
  });
  return answer;
}

function addVersion(policy: Policy): Fix {
  const same = lettersOf(policy.document) === 'plain';
  return {
    title: same ? 'Add `Version` 2012-10-17' : 'Add `Version` 2012-10-17, so that variables are read',
    safety: same ? 'same' : 'changes',
    preferred: true,
    edits: [{ kind: 'insert-entry', into: policy.document, key: 'Version', plain: '2012-10-17' }],
  };
}
