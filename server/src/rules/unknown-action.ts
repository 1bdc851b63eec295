/** unknown-action: an action, or a pattern of actions, that takes in nothing that the catalog knows. */
import { isRetiredAction } from '../catalog/retired.ts';
import { isPattern } from '../policy/pattern.ts';
import type { Policy, Statement } from '../policy/policy.ts';
import { type ActionName, respell, unmatchedNames } from './action-name.ts';
import type { Draft, RuleContext, StatementRule } from './rule.ts';

/** Source: Service Authorization Reference; worded softly, since AWS adds actions every week. */
export const unknownAction: StatementRule = {
  id: 'unknown-action',
  on: 'statement',
  summary: 'An action, or a pattern of actions, takes in nothing that the catalog knows',
  level: 'warning',
  kinds: 'all',
  clause: 'Action',
  subject: 'document',
  accessAnalyzer: ['INVALID_ACTION'],
  equivalents: ['parliament:UNKNOWN_ACTION', 'cfn-lint:W3037'],
  check: checkActions,
};

function* checkActions(statement: Statement, _policy: Policy, context: RuleContext): Iterable<Draft> {
  let left = MOST;
  for (const name of unmatchedNames(statement, context.facts(statement))) {
    const { whole, item } = name;
    if (whole === undefined || !isUnknown(name, context)) continue;
    if (whole === '' && item.presence === 'sometimes') continue;
    if (left-- === 0) return;
    yield {
      message: messageOf(name, whole, context),
      span: item.span,
      ...(isPast(whole, context) ? {} : INVALID),
      fixes: () =>
        context.catalog
          .suggest(whole)
          .map(({ name: meant }, index) => respell(item, 0, item.text.flat.length, meant, meant, index === 0)),
    };
  }
}

const INVALID = { accessAnalyzer: 'INVALID_ACTION', accessAnalyzerType: 'ERROR' } as const;

/** Whether it was an action once, and is no operation's name: Access Analyzer goes on accepting those, nobody knows for how long. */
function isPast(whole: string, { catalog }: RuleContext): boolean {
  return isRetiredAction(whole, catalog) && catalog.suggest(whole)[0]?.kind !== 'operation';
}

/** A statement with more unknown actions than this is no policy of AWS; what is said of the first ones is enough. */
const MOST = 50;

/** A prefix that the catalog does not know is another rule's business. */
function isUnknown({ prefix }: ActionName, { catalog }: RuleContext): boolean {
  return prefix === undefined || prefix === '' || isPattern(prefix) || catalog.service(prefix) !== undefined;
}

function messageOf({ prefix }: ActionName, whole: string, context: RuleContext): string {
  const { catalog } = context;
  if (whole === '') return 'the action is empty';
  if (!prefix) return `\`${whole}\` names no service, as in \`s3:GetObject\``;
  if (isPattern(whole)) return `\`${whole}\` matches no action known as of ${catalog.date}`;
  if (isPast(whole, context)) return `\`${whole}\` was an action once and is none any more, as of ${catalog.date}`;
  const [first] = catalog.suggest(whole);
  if (first?.kind === 'operation')
    return `\`${whole}\` is the name of an API operation; the action that it needs is \`${first.name}\``;
  return `\`${whole}\` is no action known as of ${catalog.date}`;
}
