/** invalid-kms-key: a condition compares a key that holds the ARN of a KMS key with what can be none. */
import { globsOverlap } from '../policy/pattern.ts';
import type { Policy, Statement } from '../policy/policy.ts';
import { conditionFacts } from './condition-facts.ts';
import { hasVariable, shown, wordOf } from './condition-words.ts';
import type { Draft, RuleContext, StatementRule } from './rule.ts';

/** Sources: Access Analyzer policy check reference, "Error – Invalid KMS key value"; Amazon S3 User Guide, "Protecting data with server-side encryption". */
export const invalidKmsKey: StatementRule = {
  id: 'invalid-kms-key',
  on: 'statement',
  summary: 'A condition asks for a KMS key by what is not the ARN of one',
  level: 'error',
  kinds: 'all',
  clause: 'Condition',
  subject: 'document',
  accessAnalyzer: ['INVALID_KMS_KEY_VALUE'],
  check: checkKeys,
};

function* checkKeys(statement: Statement, _policy: Policy, { catalog }: RuleContext): Iterable<Draft> {
  for (const condition of statement.conditions) {
    const { operator, name } = conditionFacts(condition, catalog);
    if (!KEYS.test(name ?? '') || !/^(String|Arn)/.test(operator?.base ?? '')) continue;
    for (const item of condition.values) {
      const word = wordOf(item);
      if (word === undefined || hasVariable(word) || canBeKey(word, operator?.base)) continue;
      if (word === '' && item.presence === 'sometimes') continue;
      const said = `\`${shown(word)}\` is no ARN of a KMS key, and the request has the ARN whatever its caller writes`;
      yield {
        message: word === '' ? 'the value is empty, and a KMS key has an ARN' : said,
        span: item.span,
        accessAnalyzer: 'INVALID_KMS_KEY_VALUE',
        accessAnalyzerType: 'ERROR',
      };
    }
  }
}

/** The keys that AWS documents to hold ARNs only; older ones of some services hold ids and aliases too. */
const KEYS = /^(s3|s3express):x-amz-server-side-encryption-aws-kms-key-id$|:[a-z]*kmskeyarns?$/;

/** Whether the ARN of a key may be the value, or match it where wildcards are read. */
function canBeKey(word: string, base: string | undefined): boolean {
  if (base === 'StringEquals' || base === 'StringEqualsIgnoreCase') return KEY.test(word);
  const [arn = '', , service = '', , , ...resource] = word.split(':');
  if (resource.length === 0) return globsOverlap(word, 'arn:*:kms:*:*:key/*');
  return globsOverlap(arn, 'arn') && globsOverlap(service, 'kms') && globsOverlap(resource.join(':'), 'key/*');
}

const KEY = /^arn:[a-z-]+:kms:[a-z0-9-]+:\d{12}:key\/.+$/i;
