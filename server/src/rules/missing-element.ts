/** missing-element: a policy without statements, or a statement without an element that its kind of policy needs. Speaks of closed objects only. */
import { DOCUMENT_ELEMENTS, STATEMENT_ELEMENTS } from '../policy/elements.ts';
import { assumes } from '../policy/kind.ts';
import type { PolicyKind } from '../policy/module.ts';
import type { Policy, Statement } from '../policy/policy.ts';
import { knownText } from '../text/text.ts';
import { entryOf, lacks } from '../value/value.ts';
import { isMisspelt } from './element-name.ts';
import { type Draft, isOfKind, type RuleContext, type StatementRule } from './rule.ts';

/** Source: IAM User Guide, "Grammar of the IAM JSON policy language" and "IAM JSON policy elements reference". */
export const missingElement: StatementRule = {
  id: 'missing-element',
  on: 'statement',
  summary: 'The policy lacks its statements, or a statement lacks its Action, Resource or Principal',
  level: 'error',
  kinds: 'all',
  subject: 'document',
  accessAnalyzer: ['MISSING_ACTION', 'MISSING_PRINCIPAL', 'MISSING_RESOURCE', 'MISSING_STATEMENT'],
  equivalents: ['cfn-lint:E3510', 'cfn-lint:E3512', 'parliament:MALFORMED', 'cfn-lint:E3530'],
  check: checkStatement,
  checkDocument,
};

function* checkStatement(statement: Statement, policy: Policy, { config }: RuleContext): Iterable<Draft> {
  const observed = config.preset === 'access-analyzer';
  if (isMissing('Action', statement, observed)) yield missing('Action', statement);
  if (isMissing('Principal', statement, observed) && isOfKind(policy, OF_RESOURCES))
    yield missing('Principal', statement);
  if (isMissing('Resource', statement, observed) && needsResource(statement, policy, observed))
    yield missing('Resource', statement);
}

/** Policies that say whom they are about. */
const OF_RESOURCES: readonly PolicyKind[] = ['resource', 'trust', 'rcp'];

/** Policies that say what they are about. */
const OF_IDENTITIES: readonly PolicyKind[] = ['identity', 'boundary', 'session', 'scp', 'rcp'];

type Element = 'Action' | 'Principal' | 'Resource';

const CLAUSES = { Action: 'action', Principal: 'principal', Resource: 'resource' } as const;

/** A misspelt element is said to be one already; Access Analyzer says both. */
function isMissing(element: Element, { value, strays, [CLAUSES[element]]: clause }: Statement, observed: boolean) {
  if (clause || !lacks(value, element)) return false;
  return (
    observed ||
    !(isMisspelt(element, strays, STATEMENT_ELEMENTS) || isMisspelt(`Not${element}`, strays, STATEMENT_ELEMENTS))
  );
}

/**
 * A trust policy has none, by whatever name it goes: Access Analyzer tells it from its actions. Some services put the
 * resource in themselves (ECR, EFS), so what AWS makes of its absence is certain only for those of which it is documented.
 */
function needsResource(statement: Statement, policy: Policy, observed: boolean): boolean {
  if (isOfKind(policy, OF_IDENTITIES)) return true;
  if (!isOfKind(policy, ['resource'])) return false;
  if (observed) return isNoTrust(statement);
  return (statement.action?.items ?? []).some(({ text }) => DEMANDING.test(text.flat));
}

/** Whether the statement can be said to be none of a trust policy: it has no actions, or one that assumes no role. */
function isNoTrust({ action, value }: Statement): boolean {
  if (!action) return lacks(value, 'Action');
  return action.items.some(({ text }) => !assumes(knownText(text) ?? '*'));
}

/** Services that refuse a policy whose statements name no resource. */
const DEMANDING = /^(kms|lambda|s3|secretsmanager|sns|sqs):/i;

function missing(element: Element, { head }: Statement): Draft {
  return {
    message: `the statement has neither \`${element}\` nor \`Not${element}\``,
    span: head,
    accessAnalyzer: `MISSING_${element.toUpperCase()}`,
    accessAnalyzerType: 'ERROR',
  };
}

/** Only where the place says that this is a policy. A document in blocks without statements is one that others add to. */
function* checkDocument({ document, site, strays }: Policy, { config }: RuleContext): Iterable<Draft> {
  if (site.kind === undefined || document.spelling.notation === 'block') return;
  const entry = entryOf(document, 'Statement');
  const said = config.preset !== 'access-analyzer' && isMisspelt('Statement', strays, DOCUMENT_ELEMENTS);
  const absent = lacks(document, 'Statement') && !said;
  const list = entry?.presence === 'always' && entry.value.kind === 'list' ? entry.value : undefined;
  const empty = list !== undefined && list.items.length === 0 && !list.open;
  if (!absent && !empty) return;
  const { source, start } = document.span;
  yield {
    message: empty ? '`Statement` is empty, so the policy says nothing' : 'the policy has no `Statement`',
    span: list?.span ?? { source, start, end: start + 1 },
    accessAnalyzer: 'MISSING_STATEMENT',
    accessAnalyzerType: 'ERROR',
  };
}
