/** invalid-rcp: a resource control policy says what Organizations does not take in one. */
import { matchesEverything } from '../catalog/match.ts';
import { RCP_SERVICES_DATE, supportsRcp } from '../catalog/rcp-services.ts';
import { isPattern } from '../policy/pattern.ts';
import type { Clause, ClauseItem, Policy, PrincipalClause, Statement } from '../policy/policy.ts';
import { displayText, HOLE, knownText, type Span, spanOf } from '../text/text.ts';
import { partOf } from './role-action.ts';
import type { Draft, RuleContext, StatementRule } from './rule.ts';

/** Source: Organizations User Guide, "RCP syntax" and "List of AWS services that support RCPs"; Access Analyzer, "RCP syntax error …". */
export const invalidRcp: StatementRule = {
  id: 'invalid-rcp',
  on: 'statement',
  summary: 'A resource control policy says what Organizations does not take in one',
  level: 'error',
  kinds: ['rcp'],
  subject: 'document',
  accessAnalyzer: ['RCP_SYNTAX_ERROR_ACTION', 'RCP_SYNTAX_ERROR_ALLOW', 'RCP_SYNTAX_ERROR_NOTACTION'],
  check: checkStatement,
};

function* checkStatement(statement: Statement, _policy: Policy, context: RuleContext): Iterable<Draft> {
  const { action, effect } = statement;
  if (effect.answer === 'Allow') yield* checkAllow(statement, context);
  if (action?.negated)
    yield {
      message: 'a resource control policy cannot have `NotAction`',
      span: partOf(undefined, action).span,
      accessAnalyzer: 'RCP_SYNTAX_ERROR_NOTACTION',
      accessAnalyzerType: 'ERROR',
    };
  else for (const named of byService(action?.items ?? [])) yield* checkActions(named, statement, context);
}

/** An Allow is for `RCPFullAWSAccess` alone, which is AWS's own and allows everything to everybody. */
function* checkAllow(statement: Statement, { config }: RuleContext): Iterable<Draft> {
  const { action, conditions, conditionEntry, effect, principal, resource } = statement;
  const limits: Limit[] = [];
  // Elsewhere a Principal that is not `*` is a finding of its own, whatever the effect.
  if (config.preset === 'access-analyzer' && isLimit(principal)) limits.push(limitBy(principal));
  if (isLimit(resource)) limits.push(limitBy(resource));
  const condition = conditions.some(({ presence }) => presence === 'always') ? conditionEntry : undefined;
  if (condition) limits.push({ name: 'Condition', span: condition.keySpan });
  const [first, ...others] = limits;
  if (first)
    yield {
      message: `the \`${first.name}\` limits an \`Allow\`, which a resource control policy cannot`,
      span: first.span,
      related: others.map(({ name, span }) => ({ span, message: `the \`${name}\` limits it too` })),
      accessAnalyzer: 'RCP_SYNTAX_ERROR_ALLOW',
      accessAnalyzerType: 'ERROR',
    };
  else if (isLimit(action))
    yield {
      message: 'a resource control policy can only deny: `Allow` stands in the `RCPFullAWSAccess` of AWS alone',
      span: effect.entry?.value.span ?? statement.head,
    };
}

interface Limit {
  readonly name: string;
  readonly span: Span;
}

/** Whether there is such a clause and it takes in less than everything, whatever its holes stand for. */
function isLimit<T extends Clause | PrincipalClause>(clause: T | undefined): clause is T {
  if (!clause || clause.negated) return clause !== undefined;
  const { items, open } = clause;
  return !open && items.length > 0 && items.every(({ text }) => !/^\*+$/.test(text.flat.replaceAll(HOLE, '*')));
}

function limitBy({ entry }: Clause | PrincipalClause): Limit {
  return { name: entry.key.flat, span: spanOf(entry.key) ?? entry.keySpan };
}

/** The items by what stands before their colon: a service that takes no part is one fault, however many actions of it are named. */
function byService(items: readonly ClauseItem[]): readonly Named[] {
  const groups = new Map<string, Named>();
  for (const item of items) {
    const prefix = prefixOf(item);
    const name = isPattern(prefix) ? item.text.flat : prefix.toLowerCase();
    const { first = item, others = [] } = groups.get(name) ?? {};
    groups.set(name, { first, others: first === item ? others : [...others, item] });
  }
  return [...groups.values()];
}

/** The items that name one service, in their order. */
interface Named {
  readonly first: ClauseItem;
  readonly others: readonly ClauseItem[];
}

function prefixOf({ text }: ClauseItem): string {
  return text.flat.split(':', 1)[0] ?? '';
}

function* checkActions({ first, others }: Named, { effect }: Statement, context: RuleContext): Iterable<Draft> {
  const prefix = prefixOf(first);
  if (prefix.includes(HOLE)) return;
  const code = {
    span: first.span,
    related: others.map((other) => ({ span: other.span, message: `\`${displayText(other.text)}\` is another` })),
    accessAnalyzer: 'RCP_SYNTAX_ERROR_ACTION',
    accessAnalyzerType: 'ERROR',
  } as const;
  if (isPattern(prefix)) {
    const name = `\`${displayText(first.text)}\``;
    if (effect.answer === 'Deny' || !matchesEverything(knownText(first.text) ?? ''))
      yield { message: `${name} names no service, which every action of a resource control policy has to`, ...code };
    return;
  }
  const strange = context.catalog.service(prefix) === undefined;
  if (supportsRcp(prefix) || (strange && context.config.preset !== 'access-analyzer')) return;
  yield {
    message: `\`${prefix}\` is not among the services that resource control policies apply to as of ${RCP_SERVICES_DATE}`,
    level: 'warning',
    ...code,
  };
}
