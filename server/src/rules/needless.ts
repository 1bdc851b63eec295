/**
 * Needless: what reasoning about a whole policy finds out about its statements, once for all rules of the second wave.
 * Position-free and remembered by the policy's content, so that an edit elsewhere costs nothing. Certain knowledge only.
 */
import { canNeverHold, type Needless as NeedlessTerms, needlessStatements } from '../access/needless.ts';
import { type StatementTerms, type Test, termsOf } from '../access/terms.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { Fix } from '../finding/finding.ts';
import type { Policy, Statement } from '../policy/policy.ts';
import { knownText } from '../text/text.ts';
import { fingerprint } from '../value/fingerprint.ts';
import { canonicalValue, lacks } from '../value/value.ts';
import { eachDoesItsOwn } from './at-sight.ts';
import type { RuleContext } from './rule.ts';

/** A statement that does nothing of its own. `contradiction`: indexes of one or two of its conditions that never hold (together). */
export interface Needless extends NeedlessTerms {
  readonly contradiction?: readonly number[];
}

/** What it rests on. */
type Known = Pick<RuleContext, 'catalog' | 'facts'>;

/** What is known of the policy, found out now where it has not been before. */
export function needlessOf(policy: Policy, context: Known): readonly Needless[] {
  const steps = findNeedless(policy, context);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** The same in steps, between which whoever asked can stop; what was found out by then is forgotten. */
export function* findNeedless(policy: Policy, { catalog, facts }: Known): Generator<undefined, readonly Needless[]> {
  if (policy.statements.length < 2 && !policy.statements.some(mayBeDead)) return [];
  const before = ASKED.get(policy);
  if (before) return before;
  if (eachDoesItsOwn(policy, facts)) {
    ASKED.set(policy, NONE);
    return NONE;
  }
  const memory = REMEMBERED.get(catalog) ?? new Map<string, readonly Needless[]>();
  REMEMBERED.set(catalog, memory);
  const name = fingerprint(`${policy.language}${policy.open ? '…' : ''} ${canonicalValue(policy.document)}`);
  const found = memory.get(name) ?? (yield* reason(policy, catalog));
  if (memory.size > MOST_REMEMBERED) memory.clear();
  memory.set(name, found);
  ASKED.set(policy, found);
  return found;
}

/** Whether anything in the statement itself could keep every request from it. */
function mayBeDead({ action, resource, principal, conditions }: Statement): boolean {
  const mayBeEmpty = (clause: Statement['action' | 'resource' | 'principal']) =>
    clause !== undefined && (clause.negated || clause.items.length === 0);
  return conditions.length > 0 || mayBeEmpty(action) || mayBeEmpty(resource) || mayBeEmpty(principal);
}

const ASKED = new WeakMap<Policy, readonly Needless[]>();
const REMEMBERED = new WeakMap<Catalog, Map<string, readonly Needless[]>>();
const MOST_REMEMBERED = 500;
const NONE: readonly Needless[] = [];

function* reason(policy: Policy, catalog: Catalog): Generator<undefined, readonly Needless[]> {
  const isClear = (test: Test) => settles(test, catalog);
  const found = yield* needlessStatements(knownTerms(policy), isClear);
  return found.flatMap((one): readonly Needless[] => {
    const statement = policy.statements[one.index];
    if (!statement || repeats(statement)) return [];
    if (one.why !== 'dead') return [one];
    const isSound = (test: Test) => isClear(test) && !isMalformed(test, statement, policy);
    const all = statement.conditions.map((_, i) => i);
    if (!isDeadBy(all, statement, policy, isSound)) return [];
    const contradiction = contradictionIn(statement, policy, isSound);
    return [{ ...one, ...(contradiction ? { contradiction } : {}) }];
  });
}

/** The terms of the policy, where a Resource or Principal that may be there unseen is one that is not known. */
export function knownTerms(policy: Policy): readonly StatementTerms[] {
  return termsOf(policy).map((terms) => {
    const statement = policy.statements[terms.index];
    if (!statement) return terms;
    const unseen = (key: 'Resource' | 'Principal') =>
      lacks(statement.value, key) && lacks(statement.value, `Not${key}`)
        ? undefined
        : { negated: false, terms: [], hidden: `${key} of ${terms.index}` };
    return {
      ...terms,
      resource: terms.resource ?? unseen('Resource'),
      principal: terms.principal ?? unseen('Principal'),
    };
  });
}

/**
 * Whether it is certain when the test holds. Nobody documents what an operator without qualifier does with several values
 * of a key, nor what an empty list of values does; and a key that AWS does not define may hold several.
 */
function settles({ key, operator, values, hidden }: Test, catalog: Catalog): boolean {
  if (values.length === 0 && hidden === undefined) return false;
  if (operator.base === 'Null' || operator.qualifier) return true;
  return catalog.conditionKey(key)?.multivalued === false;
}

/** The same operator with the same key twice: nobody knows which of them counts. */
function repeats({ conditions }: Statement): boolean {
  const names = conditions.map(({ operator, key }) => `${operator.flat} ${key.flat}`.toLowerCase());
  return new Set(names).size < names.length;
}

/** A date, number, address or truth value that never holds by itself is none: AWS may refuse it, or read it in its own way. */
function isMalformed(test: Test, statement: Statement, policy: Policy): boolean {
  if (/^(String|Arn|Binary|Null)/.test(test.operator.base)) return false;
  return termsWith(statement, policy, []).every((terms) => canNeverHold({ ...terms, tests: [test] }));
}

function isDeadBy(
  indexes: readonly number[],
  statement: Statement,
  policy: Policy,
  isSound: (test: Test) => boolean,
): boolean {
  return termsWith(statement, policy, indexes).every((terms) =>
    canNeverHold({ ...terms, tests: terms.tests.filter(isSound) }),
  );
}

/** More conditions than this are not tried two by two. */
const MOST_CONDITIONS = 24;

/** One condition that never holds, else two that never hold together; undefined where it is not the conditions, or takes more of them. */
function contradictionIn(
  statement: Statement,
  policy: Policy,
  isSound: (test: Test) => boolean,
): readonly number[] | undefined {
  const { conditions } = statement;
  if (conditions.length > MOST_CONDITIONS || isDeadBy([], statement, policy, isSound)) return undefined;
  const all = conditions.map((_, i) => i);
  const alone = all.find((i) => isDeadBy([i], statement, policy, isSound));
  if (alone !== undefined) return [alone];
  for (const j of all) {
    const i = all.slice(0, j).find((first) => isDeadBy([first, j], statement, policy, isSound));
    if (i !== undefined) return [i, j];
  }
  return undefined;
}

function termsWith(statement: Statement, policy: Policy, indexes: readonly number[]): readonly StatementTerms[] {
  const conditions = indexes.flatMap((i) => statement.conditions[i] ?? []);
  return termsOf({ ...policy, open: false, statements: [{ ...statement, conditions }] });
}

/** How people call a statement: its Sid in backticks, else by its place. */
export function statementName({ sid, index }: Statement): string {
  const known = sid && knownText(sid.text);
  return known ? `\`${known}\`` : `statement ${index + 1}`;
}

/** The statements of those indexes, as one reads them: "`A`, `B` and statement 3". */
export function statementNames(statements: readonly Statement[]): string {
  const names = statements.map(statementName);
  if (names.length > 4) return `${names.slice(0, 3).join(', ')} and ${names.length - 3} more`;
  return names.length > 1 ? `${names.slice(0, -1).join(', ')} and ${names.at(-1)}` : (names[0] ?? '');
}

/** The way out of a statement that does nothing: it goes. None where it stands in no list, or is there only sometimes. */
export function removal(statement: Statement, policy: Policy): readonly Fix[] {
  if (statement.presence === 'sometimes') return [];
  for (const { key, value } of policy.document.entries) {
    if (knownText(key) !== 'Statement' || value.kind !== 'list') continue;
    const item = value.items.find((one) => one.value === statement.value);
    if (!item) continue;
    const edits = [{ kind: 'remove-item', from: value, item } as const];
    return [{ title: `Remove ${statementName(statement)}`, safety: 'same', edits, preferred: true }];
  }
  return [];
}
