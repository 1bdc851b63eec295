/** never: a policy grants what a guardrail of `leastwise.json` says that nothing may grant. */
import { grants } from '../access/grants.ts';
import type { StatementTerms } from '../access/terms.ts';
import { eachBit } from '../catalog/bits.ts';
import type { Catalog } from '../catalog/catalog.ts';
import { matchesEverything } from '../catalog/match.ts';
import type { Config, Never } from '../config/config.ts';
import { globMatches, isPattern } from '../policy/pattern.ts';
import type { ClauseItem, Policy, Statement } from '../policy/policy.ts';
import { displayText, knownText } from '../text/text.ts';
import { lacks } from '../value/value.ts';
import { fileMatches } from './file-match.ts';
import { knownTerms } from './needless.ts';
import { reachOf } from './reach.ts';
import type { Draft, RuleContext, StatementRule } from './rule.ts';

/** Answers for one policy what IAM Access Analyzer's CheckAccessNotGranted does. Boundaries and the like grant nothing. */
export const never: StatementRule = {
  id: 'never',
  on: 'statement',
  summary: 'A statement grants what the configuration says that nothing may grant',
  level: 'error',
  wave: 'second',
  kinds: ['identity', 'resource', 'trust'],
  subject: 'document',
  check: checkNever,
};

function* checkNever(statement: Statement, policy: Policy, { config, catalog }: RuleContext): Iterable<Draft> {
  const guardrails = config.never.filter((guardrail) => !isExempt(statement, guardrail, config));
  for (const guardrail of guardrails) {
    const terms = knownTerms(policy);
    const allow = terms.filter(({ index }) => index === statement.index);
    const denies = terms.filter(({ effect }) => effect === 'Deny');
    const asked = { actions: actionsOf(guardrail, catalog), resources: guardrail.resources };
    const isGranted = (statements: readonly StatementTerms[]) =>
      grants([...statements, ...denies], asked).answer === 'yes';
    if (!isGranted(allow)) continue;
    const items = statement.action?.negated ? [] : (statement.action?.items ?? []);
    const item = items.find((_, i) => isGranted(allow.map((one) => onlyAction(one, i))));
    yield {
      message: `${granted(item)} what nothing may grant (${listed(guardrail)}): ${guardrail.because}`,
      span: item?.span ?? statement.action?.entry.keySpan ?? statement.head,
    };
  }
}

/** The statement with one item of its Action clause. */
function onlyAction(terms: StatementTerms, index: number): StatementTerms {
  const { action } = terms;
  return { ...terms, action: action && { ...action, terms: action.terms.slice(index, index + 1) } };
}

function isExempt(statement: Statement, { unless }: Never, config: Config): boolean {
  if (unless === undefined) return false;
  const sid = statement.sid && knownText(statement.sid.text);
  const mayBeNamed = sid === undefined && !lacks(statement.value, 'Sid');
  return (
    mayBeNamed ||
    (sid !== undefined && globMatches(unless, sid)) ||
    fileMatches(unless, statement.value.span.source, config.path)
  );
}

/** The actions that a guardrail is about: those that there are and that act on its resources, so that none is accused of granting what AWS does not have. */
function actionsOf(guardrail: Never, catalog: Catalog): readonly string[] {
  const memory = SPELLED.get(catalog) ?? new WeakMap<Never, readonly string[]>();
  SPELLED.set(catalog, memory);
  const actions =
    memory.get(guardrail) ?? guardrail.actions.flatMap((pattern) => spelledOut(pattern, guardrail.resources, catalog));
  memory.set(guardrail, actions);
  return actions;
}

const SPELLED = new WeakMap<Catalog, WeakMap<Never, readonly string[]>>();

/** Patterns of services that are not known stay as they are. */
function spelledOut(pattern: string, resources: readonly string[], catalog: Catalog): readonly string[] {
  if (matchesEverything(pattern)) {
    return resources.flatMap((resource) => {
      const prefix = resource.split(':', 3)[2];
      return prefix === undefined || isPattern(prefix) ? [pattern] : spelledOut(`${prefix}:*`, [resource], catalog);
    });
  }
  const matches = catalog.match(pattern);
  if (matches.length === 0) return catalog.service(pattern.slice(0, pattern.indexOf(':'))) ? [] : [pattern];
  const anywhere = resources.some(matchesEverything);
  return matches.flatMap(({ service, bits }) => {
    const reach = reachOf(service, resources);
    const acting = [...eachBit(bits)].filter(
      (index) => anywhere || service.resourcesOf(index).some(({ type }) => reach.touches(type)),
    );
    return acting.map((index) => `${service.prefix}:${service.names[index]}`);
  });
}

function granted(item: ClauseItem | undefined): string {
  return item ? `\`${displayText(item.text)}\` grants` : 'this statement grants';
}

function listed({ actions, resources }: Never): string {
  const shown = (all: readonly string[]) =>
    `\`${all[0] ?? '*'}\`${all.length > 1 ? ` and ${all.length - 1} more` : ''}`;
  return resources.every((resource) => resource === '*') ? shown(actions) : `${shown(actions)} on ${shown(resources)}`;
}
