/**
 * Role action: how a statement takes in one action of IAM that names roles, on which of them, and whether a condition ties
 * it to services. Shared by the rules for passing roles and for making service-linked ones. Certain knowledge only.
 */
import { keyName, operatorOf, reaches } from '../policy/condition.ts';
import { type Answer, globIncludes, globMatches, isPattern } from '../policy/pattern.ts';
import type { Clause, ClauseItem, Condition, Statement } from '../policy/policy.ts';
import { displayText, HOLE, hasHole, knownText, type Span, spanOf } from '../text/text.ts';
import { literalOf } from '../value/value.ts';

/** The statement lets the action be done on all roles, or on all but some. */
export interface RoleAction {
  /** `named`: by its very name. `wildcard`: by a pattern. `negated`: a NotAction does not leave it out. */
  readonly by: 'named' | 'wildcard' | 'negated';
  /** `all`: a Resource takes in every role. `rest`: a NotResource leaves out some at most. */
  readonly on: 'all' | 'rest';
  readonly action: Clause;
  readonly resource: Clause;
  /** The items that take the action in; none of a NotAction. */
  readonly actions: readonly ClauseItem[];
  /** The items that take in every role; none of a NotResource. */
  readonly roles: readonly ClauseItem[];
}

/** How the statement takes in the action of IAM (in lower case, with prefix); undefined where it does not for certain, or only on named roles. */
export function roleActionOf(statement: Statement, name: string): RoleAction | undefined {
  const { action, resource } = statement;
  if (!action || !resource) return undefined;
  const actions = action.negated
    ? []
    : action.items.filter((item) => item.presence === 'always' && takesIn(item, name));
  const [first] = actions;
  if (action.negated ? mayLeaveOut(action, name) : !first) return undefined;
  const roles = resource.negated
    ? []
    : resource.items.filter((item) => item.presence === 'always' && takesEveryRole(item.text.flat));
  if (resource.negated ? mayLeaveOutAll(resource) : roles.length === 0) return undefined;
  return {
    by: first ? (isPattern(first.text.flat) ? 'wildcard' : 'named') : 'negated',
    on: resource.negated ? 'rest' : 'all',
    action,
    resource,
    actions,
    roles,
  };
}

/** Asked of every item of every Allow, so the first letter says no to most. */
function takesIn({ text }: ClauseItem, name: string): boolean {
  if (!/^[*?i]/i.test(text.flat)) return false;
  const pattern = knownText(text)?.toLowerCase();
  return pattern !== undefined && globMatches(pattern, name);
}

/** Whether a NotAction leaves the action out, or may do so once its holes are filled. */
function mayLeaveOut(clause: Clause, name: string): boolean {
  return (
    clause.open || clause.items.some(({ text }) => globMatches(text.flat.replaceAll(HOLE, '*').toLowerCase(), name))
  );
}

/** Whether a NotResource leaves every role out, or may do so once its holes are filled. */
function mayLeaveOutAll(clause: Clause): boolean {
  return (
    clause.open ||
    clause.items.length === 0 ||
    clause.items.some(({ text }) => takesEveryRole(hasHole(text) ? widest(text.flat) : text.flat))
  );
}

/** What a text with holes takes in at most: any letters in their place, and any account, of which a hole may hold some digits. */
function widest(flat: string): string {
  return flat
    .replaceAll(HOLE, '*')
    .replace(/\d{12}/g, '000000000000')
    .replace(/\*\d+|\d+\*/g, '*');
}

/**
 * Every role of some account: which account is no restriction, since only the account's own roles can be passed.
 * Invariant: a pattern with a hole takes in the roles without the hole's letter never, so it answers no.
 */
function takesEveryRole(flat: string): boolean {
  const fields = flat.split(':');
  return fields.length >= 6
    ? globIncludes(`${fields[2]}:${fields[3]}:${fields.slice(5).join(':')}`, 'iam::role/*')
    : globIncludes(flat, 'arn:aws:iam::000000000000:role/*');
}

/** The endings of Access Analyzer's codes for such statements, as in `PASS_ROLE_WITH_STAR_IN_RESOURCE`. */
export const ROLE_ACTION_CODES: Readonly<Record<RoleAction['on'], Readonly<Record<RoleAction['by'], string>>>> = {
  all: {
    named: 'STAR_IN_RESOURCE',
    wildcard: 'STAR_IN_ACTION_AND_RESOURCE',
    negated: 'STAR_IN_RESOURCE_AND_NOT_ACTION',
  },
  rest: {
    named: 'NOT_RESOURCE',
    wildcard: 'STAR_IN_ACTION_AND_NOT_RESOURCE',
    negated: 'NOT_ACTION_AND_NOT_RESOURCE',
  },
};

/**
 * Whether a condition demands a key of one of these names (in lower case) with values that are narrow enough. Unknown where
 * one may, once it is all known. A value that is not known counts as narrow: what it will be is no fault of the policy.
 */
export function isTied(statement: Statement, keys: readonly string[], isNarrow: (value: string) => boolean): Answer {
  const mine = statement.conditions.filter((condition) => keys.includes(keyName(condition) ?? ''));
  const answers = mine.map((condition) => tie(condition, isNarrow));
  if (answers.includes('yes')) return 'yes';
  return answers.includes('unknown') || statement.conditionsOpen ? 'unknown' : 'no';
}

function tie(condition: Condition, isNarrow: (value: string) => boolean): Answer {
  const operator = operatorOf(condition.operator);
  if (!operator) return 'unknown';
  if (operator.negated || operator.ifExists || operator.qualifier === 'ForAllValues' || operator.base === 'Null')
    return 'no';
  const wide = condition.values.filter(({ value }) => {
    const literal = literalOf(value);
    return literal !== undefined && LIKE.has(operator.base) && !isNarrow(literal);
  });
  if (wide.some(({ presence }) => presence === 'always')) return 'no';
  if (condition.values.length === 0 && !condition.open) return 'no';
  return wide.length > 0 || condition.presence === 'sometimes' ? 'unknown' : 'yes';
}

const LIKE: ReadonlySet<string> = new Set(['StringLike', 'ArnLike', 'ArnEquals']);

/** Whether a value names some services and not just any. */
export function namesService(value: string): boolean {
  return !globMatches(value, 'any-service-at-all.amazonaws.com');
}

/** Whether it is not known for certain when the statement counts: it is there only sometimes, or under a condition that cannot be seen. */
export function isUnsure(statement: Statement): boolean {
  return statement.presence === 'sometimes' || reaches(statement) === 'unknown';
}

/** Whether there may be conditions that cannot be seen, or that are not always there. */
export function hidesConditions({ conditions, conditionsOpen }: Statement): boolean {
  return conditionsOpen || conditions.some(({ presence }) => presence === 'sometimes');
}

/** What is named of a clause, and where it stands: one of its items, else its key. */
export function partOf(item: ClauseItem | undefined, clause: Clause): { readonly name: string; readonly span: Span } {
  if (item) return { name: displayText(item.text), span: item.span };
  const name = clause.negated ? `Not${clause.key}` : clause.key;
  return { name, span: spanOf(clause.entry.key) ?? clause.entry.keySpan };
}

/** What Access Analyzer calls a star in the place of roles to be passed. */
export function isStar({ text }: ClauseItem): boolean {
  return !hasHole(text) && (text.flat === '*' || /^arn:[^:]*:iam::\*:\*$/.test(text.flat));
}
