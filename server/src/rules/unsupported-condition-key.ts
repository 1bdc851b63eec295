/** unsupported-condition-key: a condition asks for a key that the requests of an action never carry, so that the statement does nothing for it. */
import { disjoint } from '../catalog/bits.ts';
import { KEY_NOTES_DATE, keyNotes } from '../catalog/key-notes.ts';
import { type Match, matchesEverything } from '../catalog/match.ts';
import type { ConditionKey } from '../catalog/service.ts';
import { needsKey } from '../policy/condition.ts';
import { isPattern } from '../policy/pattern.ts';
import type { ClauseItem, Condition, Policy, Statement } from '../policy/policy.ts';
import { displayText } from '../text/text.ts';
import { carriersOf } from './carriers.ts';
import { conditionFacts } from './condition-facts.ts';
import type { Draft, RuleContext, StatementRule } from './rule.ts';

/** Source: Service Authorization Reference; policy check reference, "Unsupported action for condition key": actions with wildcards are not looked at. */
export const unsupportedConditionKey: StatementRule = {
  id: 'unsupported-condition-key',
  on: 'statement',
  summary: 'A condition asks for a key that the requests of an action never carry',
  level: 'warning',
  kinds: 'all',
  clause: 'Condition',
  subject: 'document',
  accessAnalyzer: ['UNSUPPORTED_ACTION_FOR_CONDITION_KEY', 'USE_CONDITION_KEY_ONLY_WITH_SUPPORTED_SERVICES'],
  equivalents: ['parliament:UNKNOWN_CONDITION_FOR_ACTION'],
  check: checkKeys,
};

function* checkKeys(statement: Statement, _policy: Policy, context: RuleContext): Iterable<Draft> {
  for (const condition of statement.conditions) {
    const { name = '', operator } = conditionFacts(condition, context.catalog);
    if (keyNotes().endpointOwner.has(name)) yield* ofEndpoint(statement, condition, context);
    else if (operator && needsKey(operator) && condition.presence === 'always')
      yield* ofService(name, statement, condition, context);
  }
}

/** A key of one service beside actions that do not carry it. */
function* ofService(name: string, statement: Statement, condition: Condition, context: RuleContext): Iterable<Draft> {
  const { action } = statement;
  if (!action || action.negated) return;
  const lacking = lackingActions(name, statement, condition, context);
  const [first, ...rest] = lacking;
  if (!first) return;
  const key = displayText(condition.key);
  yield {
    message: `\`${displayText(first.text)}\` never carries \`${key}\`, so that the statement does nothing for it`,
    span: first.span,
    related: [
      ...rest.map((item) => ({ span: item.span, message: `\`${displayText(item.text)}\` never carries it either` })),
      { span: condition.keySpan, message: `\`${key}\` stands here` },
    ],
    accessAnalyzer: 'UNSUPPORTED_ACTION_FOR_CONDITION_KEY',
    accessAnalyzerType: 'ERROR',
  };
}

function lackingActions(
  name: string,
  statement: Statement,
  condition: Condition,
  context: RuleContext,
): readonly ClauseItem[] {
  const { key } = conditionFacts(condition, context.catalog);
  const prefix = name.slice(0, name.indexOf(':'));
  const written = () => literals(statement, context);
  if (isProvided(prefix)) {
    if (context.config.preset !== 'access-analyzer') return [];
    return written().flatMap(([item, match]) =>
      item.text.flat.toLowerCase() === 'sts:tagsession' && !carries(match, key) ? [item] : [],
    );
  }
  // A key that AWS does not define may be anywhere, and so may a global one.
  if (!key || key.category !== undefined) return [];
  const whole = keyNotes().wellDescribed.has(prefix);
  return written().flatMap(([item, match]) =>
    (whole || match.service.prefix !== prefix) && !carries(match, key) ? [item] : [],
  );
}

/** The actions of a positive clause that are written out and always there. */
function literals(statement: Statement, { facts }: RuleContext): readonly (readonly [ClauseItem, Match])[] {
  const { items } = facts(statement);
  return (statement.action?.items ?? []).flatMap((item, index) => {
    const [match] = items[index] ?? [];
    return match && item.presence === 'always' && !isPattern(item.text.flat) ? [[item, match] as const] : [];
  });
}

/** Whether identity providers put keys of that prefix into the session, which then carries them everywhere. */
function isProvided(prefix: string): boolean {
  return /^(saml|sts)$|[./]/.test(prefix);
}

function carries({ service, bits }: Match, key: ConditionKey | undefined): boolean {
  return key !== undefined && !disjoint(bits, carriersOf(service, key));
}

/** A key about the owner of a VPC endpoint beside services that do not tell it: also where a `NotAction` or a `*` takes them in. */
function* ofEndpoint(statement: Statement, condition: Condition, { facts }: RuleContext): Iterable<Draft> {
  const { action } = statement;
  if (!action) return;
  const { items } = facts(statement);
  const outside = action.negated
    ? []
    : action.items.filter((item, index) => item.presence === 'always' && reachesOutside(item, items[index] ?? []));
  const [first] = outside;
  if (!first && !action.negated) return;
  const key = displayText(condition.key);
  const what = first ? `\`${displayText(first.text)}\`` : '`NotAction`';
  yield {
    message: `\`${key}\` is in requests to some services only as of ${KEY_NOTES_DATE}, and ${what} goes beyond them`,
    span: condition.keySpan,
    related: first
      ? outside.map((item) => ({ span: item.span, message: `\`${displayText(item.text)}\` goes beyond them` }))
      : [{ span: action.entry.keySpan, message: '`NotAction` stands here' }],
    accessAnalyzer: 'USE_CONDITION_KEY_ONLY_WITH_SUPPORTED_SERVICES',
    accessAnalyzerType: 'WARNING',
  };
}

function reachesOutside(item: ClauseItem, matches: readonly Match[]): boolean {
  const written = item.text.flat.toLowerCase();
  const { endpointOwnerServices, endpointOwnerExceptions } = keyNotes();
  if (matchesEverything(written) || endpointOwnerExceptions.has(written)) return true;
  return matches.some(({ service }) => !endpointOwnerServices.has(service.prefix));
}
