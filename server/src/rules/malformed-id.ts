/** malformed-id: an id of a network, an account or an organization has not the form of one, so that no request has it. */
import type { Fix } from '../finding/finding.ts';
import { isPattern } from '../policy/pattern.ts';
import type { ConditionItem, Policy, Statement } from '../policy/policy.ts';
import { conditionFacts } from './condition-facts.ts';
import { hasVariable, shown, wordOf } from './condition-words.ts';
import type { Draft, RuleContext, StatementRule } from './rule.ts';

/** Source: IAM User Guide, "AWS global condition context keys"; Access Analyzer, "Invalid vpc format" and "Invalid vpce format"; Organizations API Reference, Organization `Id`. */
export const malformedId: StatementRule = {
  id: 'malformed-id',
  on: 'statement',
  summary: 'An id in a condition has not the form of one, so that no request has it',
  level: 'error',
  kinds: 'all',
  clause: 'Condition',
  subject: 'document',
  accessAnalyzer: ['INVALID_VPC_FORMAT', 'INVALID_VPCE_FORMAT'],
  check: checkIds,
};

function* checkIds(statement: Statement, _policy: Policy, { catalog }: RuleContext): Iterable<Draft> {
  for (const condition of statement.conditions) {
    const { operator, name } = conditionFacts(condition, catalog);
    const form = FORMS.get(name ?? '');
    if (!form || !operator?.base.startsWith('String')) continue;
    for (const item of condition.values) {
      const word = wordOf(item);
      if (word === undefined || form.pattern.test(word) || hasVariable(word) || isPattern(word)) continue;
      yield {
        message: `\`${shown(word)}\` is no id of ${form.what}: ${form.rule}`,
        span: item.span,
        ...form.said,
        fixes: () => corrected(item, word, form),
      };
    }
  }
}

/** What ids look like; `said` is what Access Analyzer says, where it looks at them too. */
interface Form {
  readonly what: string;
  readonly rule: string;
  readonly pattern: RegExp;
  readonly said?: Pick<Draft, 'accessAnalyzer' | 'accessAnalyzerType'>;
}

const ACCOUNT: Form = { what: 'an account', rule: 'it has 12 digits', pattern: /^\d{12}$/ };
const ORGANIZATION: Form = {
  what: 'an organization',
  rule: 'it is `o-` and 10 to 32 lower-case letters or digits',
  pattern: /^o-[a-z0-9]{10,32}$/,
};

/** By key, in lower case. */
const FORMS: ReadonlyMap<string, Form> = new Map([
  [
    'aws:sourcevpc',
    {
      what: 'a VPC',
      rule: 'it is `vpc-` and 8 or 17 letters or digits',
      pattern: /^vpc-(?:[A-Za-z0-9]{8}|[A-Za-z0-9]{17})$/,
      said: { accessAnalyzer: 'INVALID_VPC_FORMAT', accessAnalyzerType: 'ERROR' },
    },
  ],
  [
    'aws:sourcevpce',
    {
      what: 'a VPC endpoint',
      rule: 'it is `vpce-` and 8 or 17 letters or digits',
      pattern: /^vpce-(?:[A-Za-z0-9]{8}|[A-Za-z0-9]{17})$/,
      said: { accessAnalyzer: 'INVALID_VPCE_FORMAT', accessAnalyzerType: 'ERROR' },
    },
  ],
  ...['aws:principalaccount', 'aws:resourceaccount', 'aws:sourceaccount', 'aws:vpceaccount'].map(
    (key): [string, Form] => [key, ACCOUNT],
  ),
  ...['aws:principalorgid', 'aws:resourceorgid', 'aws:sourceorgid', 'aws:vpceorgid'].map((key): [string, Form] => [
    key,
    ORGANIZATION,
  ]),
]);

/** An account with dashes or without the zeros in front that a number loses. */
function corrected({ value }: ConditionItem, word: string, form: Form): readonly Fix[] {
  const digits = word.replace(/[-\s]/g, '');
  if (form !== ACCOUNT || !/^\d{9,12}$/.test(digits)) return [];
  const account = digits.padStart(12, '0');
  return [
    {
      title: `Write \`${account}\``,
      safety: 'changes',
      edits: [{ kind: 'replace', value, plain: account }],
      preferred: true,
    },
  ];
}
