/** invalid-version: Version names an edition of the policy language that there is not. */
import type { Policy } from '../policy/policy.ts';
import { spanOf } from '../text/text.ts';
import { literalOf } from '../value/value.ts';
import type { DocumentRule, Draft } from './rule.ts';

/** Source: IAM User Guide, "IAM JSON policy elements: Version": 2012-10-17 or 2008-10-17. */
export const invalidVersion: DocumentRule = {
  id: 'invalid-version',
  on: 'document',
  summary: 'Version is neither 2012-10-17 nor 2008-10-17',
  level: 'error',
  kinds: 'all',
  subject: 'document',
  accessAnalyzer: ['INVALID_VERSION'],
  equivalents: [
    'cfn-lint:W2511',
    'parliament:INVALID_VERSION',
    'parliament:OLD_VERSION',
    'cfn-lint:E3512',
    'cfn-lint:E3510',
    'cfn-lint:E3530',
  ],
  check: checkVersion,
};

const VERSIONS: readonly string[] = ['2012-10-17', '2008-10-17'];

function* checkVersion({ version }: Policy): Iterable<Draft> {
  const value = version?.value;
  const word = literalOf(value);
  if (value?.kind !== 'text' || word === undefined || VERSIONS.includes(word)) return;
  yield {
    message: `\`${word}\` is no version of the policy language; there are \`2012-10-17\` and \`2008-10-17\``,
    span: spanOf(value.text) ?? value.span,
    accessAnalyzer: 'INVALID_VERSION',
    accessAnalyzerType: 'ERROR',
    fixes: () => [
      {
        title: 'Replace with `2012-10-17`, in which variables are read',
        safety: 'changes',
        preferred: true,
        edits: [{ kind: 'rewrite', value, from: 0, to: word.length, text: '2012-10-17' }],
      },
    ],
  };
}
