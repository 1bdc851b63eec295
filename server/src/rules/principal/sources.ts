/** Conditions that say for whom a service acts, or from where: put in, or in the place of keys that do not. */
import type { Edit, Plain } from '../../finding/edit.ts';
import type { Fix } from '../../finding/finding.ts';
import { PLACEHOLDER } from '../../finding/placeholder.ts';
import { isAccountId } from '../../policy/arn.ts';
import { keyName } from '../../policy/condition.ts';
import type { Condition, Policy, Statement } from '../../policy/policy.ts';
import { entryOf, lacks, literalOf, type ObjectValue } from '../../value/value.ts';
import { whereaboutsOf } from '../narrowing/arns.ts';
import { leavesOpen } from '../narrowing/order.ts';
import { demandSourceArn } from '../narrowing/source-arns.ts';
import type { RuleContext } from '../rule.ts';

/** Demands the resource for which the service acts, or its account: that of the policy's ARNs or of the configuration, else one to be filled in. None where others than services are allowed too: they have no source. */
export function demandSource(statement: Statement, policy: Policy, context: RuleContext): readonly Fix[] {
  const { principal } = statement;
  if (!principal || principal.open || principal.items.some(({ type }) => type !== 'Service')) return [];
  const { account } = whereaboutsOf(policy, context.config);
  const whose = account.startsWith(PLACEHOLDER) ? 'to be filled in' : `account \`${account}\``;
  const accounts = narrowed(statement, 'aws:SourceAccount', account, `Demand \`aws:SourceAccount\`, ${whose}`);
  const sources = demandSourceArn(statement, policy, context);
  const fixes = sources.some(leavesOpen) ? [...accounts, ...sources] : [...sources, ...accounts];
  return fixes.map((fix, index) => ({ ...fix, preferred: index === 0 }));
}

/** Demands one VPC, which nothing in the text tells. */
export function demandVpc(statement: Statement): readonly Fix[] {
  return narrowed(statement, 'aws:SourceVpc', `${PLACEHOLDER}VPC`, 'Demand `aws:SourceVpc`, to be filled in');
}

/** The key of the source that has the same values: accounts for accounts, organizations for organizations. */
export function sourceKeyInstead(condition: Condition): readonly Fix[] {
  const { entry, values } = condition;
  const name = keyName(condition) ?? '';
  const areAccounts = values.every(({ value }) => isAccountId(literalOf(value) ?? ''));
  const instead = SOURCE_OF.get(name) ?? (areAccounts ? ACCOUNT_OF.get(name) : undefined);
  if (instead === undefined) return [];
  return [
    {
      title: `Compare \`${instead}\` instead: whom the service acts for`,
      safety: 'changes',
      preferred: true,
      edits: [{ kind: 'rename', entry, key: instead }],
    },
  ];
}

const SOURCE_OF: ReadonlyMap<string, string> = new Map([
  ['aws:principalorgid', 'aws:SourceOrgID'],
  ['aws:principalorgpaths', 'aws:SourceOrgPaths'],
]);

const ACCOUNT_OF: ReadonlyMap<string, string> = new Map([
  ['aws:referer', 'aws:SourceAccount'],
  ['aws:sourceowner', 'aws:SourceAccount'],
]);

function narrowed(statement: Statement, key: string, value: string, title: string): readonly Fix[] {
  const edit = withCondition(statement, key, value);
  return edit ? [{ title, safety: 'narrows', preferred: true, edits: [edit] }] : [];
}

/** `StringEquals` of key and value beside the conditions that stand there; undefined where some of them cannot be seen. */
function withCondition({ value, conditionEntry }: Statement, key: string, text: string): Edit | undefined {
  const tests: Plain = { entries: [[key, text]] };
  if (!conditionEntry) {
    return lacks(value, 'Condition') ? inserted(value, 'Condition', { entries: [['StringEquals', tests]] }) : undefined;
  }
  if (conditionEntry.value.kind !== 'object' || conditionEntry.presence === 'sometimes') return undefined;
  const equals = entryOf(conditionEntry.value, 'StringEquals');
  if (!equals) return inserted(conditionEntry.value, 'StringEquals', tests);
  return equals.value.kind === 'object' && equals.presence === 'always' ? inserted(equals.value, key, text) : undefined;
}

function inserted(into: ObjectValue, key: string, plain: Plain): Edit {
  const after = into.entries.at(-1);
  return { kind: 'insert-entry', into, key, plain, ...(after ? { after } : {}) };
}
