/** missing-version: a policy without Version is read in the language of 2008, in which variables are plain letters. */
import type { Fix } from '../finding/finding.ts';
import type { Policy } from '../policy/policy.ts';
import { HOLE, hasHole } from '../text/text.ts';
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
  equivalents: ['parliament:NO_VERSION'],
  check: checkVersion,
};

function* checkVersion(policy: Policy): Iterable<Draft> {
  if (policy.site.versionImplied || !lacks(policy.document, 'Version')) return;
  const variable = variableOf(policy.document);
  const { source, start } = policy.document.span;
  yield {
    message: variable
      ? `the policy has no \`Version\`, so \`${variable}\` is read as plain letters`
      : 'the policy has no `Version`, so AWS reads it by the rules of 2008',
    span: { source, start, end: start + 1 },
    ...(variable ? {} : { level: 'info' as const }),
    accessAnalyzer: 'MISSING_VERSION',
    accessAnalyzerType: 'WARNING',
    fixes: () => [addVersion(policy)],
  };
}

/** The first policy variable of the document. */
function variableOf(document: Value): string | undefined {
  let found: string | undefined;
  walkValue(document, (value) => {
    if (value.kind === 'text') found ??= /\$\{[^}]*\}/.exec(value.text.flat)?.[0];
    return found === undefined;
  });
  return found?.replaceAll(HOLE, '…');
}

/** Whether the whole document can be seen. */
function isKnown(document: Value): boolean {
  let known = true;
  walkValue(document, (value) => {
    if (value.kind === 'unknown' || (value.kind === 'text' && hasHole(value.text)) || ('open' in value && value.open))
      known = false;
    return known;
  });
  return known;
}

function addVersion(policy: Policy): Fix {
  const same = variableOf(policy.document) === undefined && isKnown(policy.document);
  return {
    title: same ? 'Add `Version` 2012-10-17' : 'Add `Version` 2012-10-17, so that variables are read',
    safety: same ? 'same' : 'changes',
    preferred: true,
    edits: [{ kind: 'insert-entry', into: policy.document, key: 'Version', plain: '2012-10-17' }],
  };
}
