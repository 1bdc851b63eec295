/** wildcard-in-account-or-region: an ARN names a resource of any account, where strangers can have one of that name and let the caller in. */
import { hasBit } from '../catalog/bits.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { Fix } from '../finding/finding.ts';
import { type ArnField, arnFields } from '../policy/arn-fields.ts';
import { reaches } from '../policy/condition.ts';
import type { Clause, ClauseItem, Policy, Statement } from '../policy/policy.ts';
import { displayText, knownText, spanOf } from '../text/text.ts';
import { whereaboutsOf } from './narrowing/arns.ts';
import type { Draft, RuleContext, StatementRule } from './rule.ts';

/** Source: IAM User Guide, "The confused deputy problem" and "AWS services that work with IAM" (resource-based policies). */
export const wildcardInAccountOrRegion: StatementRule = {
  id: 'wildcard-in-account-or-region',
  on: 'statement',
  summary: 'An ARN names a resource of any account, those of strangers included',
  level: 'info',
  kinds: ['identity'],
  effect: 'Allow',
  clause: 'Resource',
  subject: 'document',
  check: checkAccounts,
};

/**
 * By the ARN's service field: what begins the names of resources that other accounts can open to strangers, and the
 * service whose actions reach them. Kept by hand, as of 2026-11.
 */
const OPENED: ReadonlyMap<string, Opened> = new Map([
  ['dynamodb', { type: /^table\//, prefix: 'dynamodb' }],
  ['ecr', { type: /^repository\//, prefix: 'ecr' }],
  ['events', { type: /^event-bus\//, prefix: 'events' }],
  ['iam', { type: /^role\//, prefix: 'sts', action: 'AssumeRole' }],
  ['kinesis', { type: /^stream\//, prefix: 'kinesis' }],
  ['kms', { type: /^(key|alias)\//, prefix: 'kms' }],
  ['lambda', { type: /^function:/, prefix: 'lambda' }],
  ['secretsmanager', { type: /^secret:/, prefix: 'secretsmanager' }],
  ['sns', { type: /^/, prefix: 'sns' }],
  ['sqs', { type: /^/, prefix: 'sqs' }],
]);

interface Opened {
  readonly type: RegExp;
  readonly prefix: string;
  readonly action?: string;
}

function* checkAccounts(statement: Statement, policy: Policy, context: RuleContext): Iterable<Draft> {
  const { action, resource } = statement;
  if (action?.negated !== false || resource?.negated !== false || statement.presence === 'sometimes') return;
  const found = resource.items.flatMap((item): readonly (readonly [ClauseItem, ArnField])[] => {
    const account = item.presence === 'always' ? anyAccountIn(item, action, context.catalog) : undefined;
    return account ? [[item, account]] : [];
  });
  const [first, ...others] = found;
  if (!first || reaches(statement) !== 'as written') return;
  const spanIn = ([item, { from, to }]: readonly [ClauseItem, ArnField]) => spanOf(item.text, from, to) ?? item.span;
  yield {
    message: `\`${displayText(first[0].text)}\` may be in any account, a stranger’s included`,
    span: spanIn(first),
    related: others.map((one) => ({ span: spanIn(one), message: `\`${displayText(one[0].text)}\` may be too` })),
    fixes: () => inOneAccount(found, policy, context),
  };
}

/** The account field, where it is a star, the name behind it begins with letters of its own, and an action reaches what has it. */
function anyAccountIn({ text }: ClauseItem, action: Clause, catalog: Catalog): ArnField | undefined {
  const { head, resource } = arnFields(text);
  const [, , service, , account] = head;
  const name = resource?.flat ?? '';
  const opened = OPENED.get(service?.literal ?? '');
  if (account?.known !== '*' || !opened?.type.test(name) || !/^[\w.]/.test(name.replace(opened.type, '')))
    return undefined;
  return isReached(action, opened, catalog) ? account : undefined;
}

function isReached({ items }: Clause, { prefix, action }: Opened, catalog: Catalog): boolean {
  const patterns = items.flatMap(({ text, presence }) => (presence === 'always' ? (knownText(text) ?? []) : []));
  return patterns
    .flatMap((pattern) => catalog.match(pattern))
    .some(
      ({ service: { prefix: own, names }, bits }) =>
        own === prefix && (action === undefined || hasBit(bits, names.indexOf(action))),
    );
}

function inOneAccount(
  found: readonly (readonly [ClauseItem, ArnField])[],
  policy: Policy,
  { config }: RuleContext,
): readonly Fix[] {
  const { account } = whereaboutsOf(policy, config);
  const edits = found.map(
    ([item, { from, to }]) => ({ kind: 'rewrite', value: item.value, from, to, text: account }) as const,
  );
  const title = /^\d/.test(account)
    ? `Name resources of account \`${account}\` only`
    : 'Name resources of one account only, to be filled in';
  return [{ title, safety: 'narrows', edits }];
}
