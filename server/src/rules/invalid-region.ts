/** invalid-region: a condition compares a key that holds a Region with what is none, so that no request has the value. */
import { PARTITIONS_DATE, partitionOf, similarRegion } from '../catalog/partitions.ts';
import type { Fix } from '../finding/finding.ts';
import { isPattern } from '../policy/pattern.ts';
import type { ConditionItem, Policy, Statement } from '../policy/policy.ts';
import { isUnfilled } from './arn-words.ts';
import { conditionFacts } from './condition-facts.ts';
import { hasVariable, shown, wordOf } from './condition-words.ts';
import type { Draft, RuleContext, StatementRule } from './rule.ts';

/** Source: Access Analyzer policy check reference, "Error – Invalid Region"; the table's date is named, since AWS opens Regions every year. */
export const invalidRegion: StatementRule = {
  id: 'invalid-region',
  on: 'statement',
  summary: 'A condition names a Region that AWS does not have',
  level: 'warning',
  kinds: 'all',
  clause: 'Condition',
  subject: 'document',
  accessAnalyzer: ['INVALID_REGION'],
  check: checkRegions,
};

function* checkRegions(statement: Statement, _policy: Policy, { catalog }: RuleContext): Iterable<Draft> {
  for (const condition of statement.conditions) {
    const { operator, name } = conditionFacts(condition, catalog);
    if (!REGIONS.has(name ?? '') || !operator?.base.startsWith('String')) continue;
    const free = operator.base === 'StringEqualsIgnoreCase';
    for (const item of condition.values) yield* valueDrafts(item, free);
  }
}

/** Keys whose values are Regions, in lower case. Source: Service Authorization Reference. */
const REGIONS: ReadonlySet<string> = new Set([
  'account:targetregion',
  'aws:requestedregion',
  'cloudformation:targetregion',
  'dsql:witnessregion',
  'ec2:region',
  'ec2:vpceserviceregion',
  'identitystore:primaryregion',
  'kms:primaryregion',
  'kms:replicaregion',
  's3:destinationregion',
  'secretsmanager:addreplicaregions',
  'secretsmanager:secretprimaryregion',
  'ses:replicaregion',
  'sso:primaryregion',
]);

function* valueDrafts(item: ConditionItem, free: boolean): Iterable<Draft> {
  const word = wordOf(item);
  if (word === undefined || isPattern(word) || hasVariable(word)) return;
  if (word === '' && item.presence === 'sometimes') return;
  if (partitionOf(free ? word.toLowerCase() : word) !== undefined) return;
  const meant = similarRegion(word);
  yield {
    message: word === '' ? 'the Region is empty' : `\`${shown(word)}\` is no Region known as of ${PARTITIONS_DATE}`,
    span: item.span,
    level: meant === undefined && isUnfilled(word) ? 'info' : 'warning',
    accessAnalyzer: 'INVALID_REGION',
    accessAnalyzerType: 'ERROR',
    fixes: () => (meant === undefined ? [] : replacing(item, meant)),
  };
}

function replacing({ value }: ConditionItem, meant: string): readonly Fix[] {
  const edits = [{ kind: 'replace', value, plain: meant }] as const;
  return [{ title: `Replace with \`${meant}\``, safety: 'changes', preferred: true, edits }];
}
