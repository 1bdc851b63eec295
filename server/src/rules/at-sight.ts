/**
 * At sight: the policies of which no statement can be needless, told from the statements' own words and sets of bits. They
 * are most of all policies, and for them nothing has to be reasoned about. Certain answers only: what is not known of a
 * statement may make it, or another one, needless.
 */
import { and, andNot, type Bits, isEmpty, or } from '../catalog/bits.ts';
import { matchesEverything } from '../catalog/match.ts';
import type { Service } from '../catalog/service.ts';
import { keyName, needsKey, operatorOf } from '../policy/condition.ts';
import { globIncludes, isPattern } from '../policy/pattern.ts';
import type { Clause, Condition, Policy, PrincipalClause, Statement } from '../policy/policy.ts';
import { hasHole, knownText } from '../text/text.ts';
import type { Facts } from './facts.ts';

/** Whether every statement certainly does something of its own. False where that takes more than a look. */
export function eachDoesItsOwn(policy: Policy, facts: (statement: Statement) => Facts): boolean {
  if (policy.open || !policy.statements.every(canHold)) return false;
  if (policy.statements.length < 2) return true;
  const shared = sharedActions(policy, facts);
  return policy.statements.every(
    (statement) => (shared && hasOthers(facts(statement), shared)) || standsOut(statement, policy, facts),
  );
}

/** The actions that more than one statement takes in; undefined where some statement may take in what cannot be listed. */
function sharedActions(
  { statements }: Policy,
  facts: (statement: Statement) => Facts,
): ReadonlyMap<Service, Bits> | undefined {
  const seen = new Map<Service, Bits>();
  const shared = new Map<Service, Bits>();
  for (const statement of statements) {
    if (!isListed(statement.action)) return undefined;
    const own = new Map<Service, Bits>();
    for (const matches of facts(statement).items)
      for (const { service, bits } of matches) own.set(service, or(own.get(service) ?? NO_BITS, bits));
    for (const [service, bits] of own) {
      const before = seen.get(service);
      if (before) shared.set(service, or(shared.get(service) ?? NO_BITS, and(before, bits)));
      seen.set(service, before ? or(before, bits) : bits);
    }
  }
  return shared;
}

const NO_BITS: Bits = new Uint32Array();

function hasOthers({ actions }: Facts, shared: ReadonlyMap<Service, Bits>): boolean {
  return actions.some(({ service, bits }) => !isEmpty(andNot(bits, shared.get(service) ?? NO_BITS)));
}

/** Whether nothing that can be seen of the statement keeps every request from it. */
function canHold({ effect, action, resource, principal, conditions }: Statement): boolean {
  if ((effect.answer !== 'Allow' && effect.answer !== 'Deny') || !action) return false;
  return [action, resource, principal].every(namesSomething) && eachHoldsAlone(conditions);
}

function namesSomething(clause: Clause | PrincipalClause | undefined): boolean {
  return !clause || (!clause.negated && clause.items.some(({ presence }) => presence === 'always'));
}

/** Whether no condition rules itself or another one out: each asks for another key, by values without variables of these. */
function eachHoldsAlone(conditions: readonly Condition[]): boolean {
  if (conditions.length === 0) return true;
  const keys = new Set(conditions.map(keyName));
  return keys.size === conditions.length && conditions.every((condition) => holdsAlone(condition, keys));
}

function holdsAlone({ operator: name, values }: Condition, keys: ReadonlySet<string | undefined>): boolean {
  const operator = operatorOf(name);
  if (!operator || values.length === 0) return false;
  const mayFail = operator.negated && operator.qualifier === 'ForAnyValue';
  return values.every(({ value }) => {
    if (value.kind !== 'text') return true;
    const { flat } = value.text;
    return !variablesIn(flat).some((key) => keys.has(key)) && !(mayFail && (isPattern(flat) || hasHole(value.text)));
  });
}

/** The keys of the variables of a text, in lower case. */
function variablesIn(flat: string): readonly string[] {
  if (!flat.includes('${')) return [];
  return [...flat.matchAll(/\$\{([^},]*)/g)].map(([, key = '']) => key.trim().toLowerCase());
}

/**
 * Whether one of the statement's actions, on the first of its resources and with none but the keys that it asks for, is
 * certainly of no other statement that could stand in for it.
 */
function standsOut(statement: Statement, policy: Policy, facts: (statement: Statement) => Facts): boolean {
  const { actions, everyAction } = facts(statement);
  if (everyAction || actions.length === 0) return false;
  const resource = statement.resource?.items[0];
  const text = resource && knownText(resource.text);
  const isFixed = text === undefined ? !resource : !text.includes('${');
  const left = new Map<Service, Bits>(actions.map(({ service, bits }) => [service, bits]));
  // A variable asks for its key too.
  const asked = isFixed ? new Set(statement.conditions.map(keyName)) : undefined;
  for (const other of policy.statements) {
    if (other === statement || !mayStandIn(other, statement, text, asked)) continue;
    if (!isListed(other.action)) return false;
    for (const matches of facts(other).items)
      for (const { service, bits } of matches) {
        const rest = left.get(service);
        if (rest) left.set(service, andNot(rest, bits));
      }
  }
  return [...left.values()].some((bits) => !isEmpty(bits));
}

/** Whether the other may do what the statement does: by its effect, on the resource, for requests with no other keys than those `asked` for, any where that is undefined. */
function mayStandIn(
  other: Statement,
  { effect }: Statement,
  resource: string | undefined,
  asked: ReadonlySet<string | undefined> | undefined,
): boolean {
  if (effect.answer === 'Deny' && other.effect.answer === 'Allow') return false;
  if (resource !== undefined && !mayTakeIn(other.resource, resource)) return false;
  if (!asked) return true;
  return other.conditions.every((condition) => {
    const operator = operatorOf(condition.operator);
    const key = keyName(condition);
    if (!operator || key === undefined || condition.presence !== 'always') return true;
    return asked.has(key) || !needsKey(operator);
  });
}

/** Whether the clause may take in all that the pattern matches. One with `${` may be anything. */
function mayTakeIn(clause: Clause | undefined, pattern: string): boolean {
  if (!clause || clause.negated || clause.open || pattern.includes('${')) return true;
  return clause.items.some(({ text }) => {
    const known = knownText(text);
    return known === undefined || known.includes('${') || globIncludes(known, pattern);
  });
}

/** Whether the actions that the clause takes in are those of its items and no others. */
function isListed(clause: Clause | undefined): boolean {
  return (
    clause !== undefined &&
    !clause.negated &&
    !clause.open &&
    clause.items.every(({ text }) => {
      const known = knownText(text);
      return known !== undefined && !matchesEverything(known);
    })
  );
}
