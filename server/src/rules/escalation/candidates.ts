/**
 * Candidates: which paths to more rights a policy's Allows name all steps of, by sets of bits and nothing else. Whether
 * the steps can be taken is another question: conditions, resources and Denies are not looked at.
 */
import { hasBit } from '../../catalog/bits.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import { type EscalationPath, escalationPaths } from '../../catalog/escalation-paths.ts';
import type { Service } from '../../catalog/service.ts';
import { globMatches } from '../../policy/pattern.ts';
import type { ClauseItem, Policy, Statement } from '../../policy/policy.ts';
import { knownText } from '../../text/text.ts';
import type { Facts } from '../facts.ts';
import type { RuleContext } from '../rule.ts';

/** A path with the statements that name each of its steps, in the order of its steps. */
export interface Candidate {
  readonly path: EscalationPath;
  readonly by: readonly (readonly Statement[])[];
}

/** The paths of which every step is named. Microseconds where there are none, as in most policies. */
export function candidatesIn(policy: Policy, context: RuleContext): readonly Candidate[] {
  const allows = policy.statements.filter(isGrant);
  const named = allows.map(context.facts);
  const prefixes = new Set<string>();
  for (const { actions, everyAction } of named) {
    if (everyAction) prefixes.add('*');
    for (const { service } of actions) prefixes.add(service.prefix);
  }
  const found: Candidate[] = [];
  for (const { path, steps } of readyPaths(context)) {
    if (!prefixes.has('*') && !steps.every(({ prefix, isKnown }) => !isKnown || prefixes.has(prefix))) continue;
    const by = steps.map((step) => allows.filter((statement, i) => named[i] && names(named[i], statement, step)));
    if (by.every((statements) => statements.length > 0)) found.push({ path, by });
  }
  return found;
}

/** A path made ready for many policies. */
interface ReadyPath {
  readonly path: EscalationPath;
  readonly steps: readonly ReadyStep[];
}

interface ReadyStep {
  readonly prefix: string;
  readonly name: string;
  readonly lower: string;
  /** AWS took some back. */
  readonly isKnown: boolean;
}

const READY = new WeakMap<Catalog, readonly ReadyPath[]>();

function readyPaths({ catalog }: RuleContext): readonly ReadyPath[] {
  const known = READY.get(catalog);
  if (known) return known;
  const ready = escalationPaths().map((path) => {
    const steps = path.steps.map((step) => {
      const [prefix = '', name = ''] = step.split(':');
      // Reads no more of the catalog than it has to.
      const isKnown = path.doubt === undefined || catalog.hasAction(step);
      return { prefix, name, lower: step.toLowerCase(), isKnown };
    });
    return { path, steps };
  });
  READY.set(catalog, ready);
  return ready;
}

/** The item of the statement that names the step: the most literal one. */
export function itemNaming(statement: Statement, step: string): ClauseItem | undefined {
  const lower = step.toLowerCase();
  const naming = (statement.action?.items ?? []).filter(
    ({ text, presence }) => presence === 'always' && globMatches(knownText(text)?.toLowerCase() ?? '', lower),
  );
  return naming.find(({ text }) => text.flat.length === step.length) ?? naming[0];
}

/** An Allow that is there for certain and names what it allows. One with NotAction has a finding of its own. */
function isGrant({ effect, presence, action, resource }: Statement): boolean {
  return effect.answer === 'Allow' && presence === 'always' && !!action && !action.negated && !!resource;
}

function names({ everyAction, actions }: Facts, statement: Statement, step: ReadyStep): boolean {
  if (everyAction) return true;
  const found = actions.find(({ service }) => service.prefix === step.prefix);
  const index = found ? indexIn(found.service, step.name) : -1;
  return found && index >= 0 ? hasBit(found.bits, index) : !step.isKnown && spells(statement, step.lower);
}

const INDEXES = new WeakMap<Service, Map<string, number>>();

function indexIn(service: Service, name: string): number {
  const known = INDEXES.get(service) ?? new Map<string, number>();
  INDEXES.set(service, known);
  const index = known.get(name) ?? service.names.indexOf(name);
  known.set(name, index);
  return index;
}

/** Whether an item is the very name. */
function spells({ action }: Statement, lower: string): boolean {
  return (action?.items ?? []).some(
    ({ text, presence }) =>
      presence === 'always' && text.flat.length === lower.length && knownText(text)?.toLowerCase() === lower,
  );
}
