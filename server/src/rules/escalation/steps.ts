/**
 * Steps: whether a statement certainly lets one step of a path be taken, with a request for an answer. Decided by `access`:
 * each question is put to one Allow and the Denies that may name its action, as they are at least and at most.
 */
import { evaluate, statementMatches } from '../../access/evaluate.ts';
import {
  globOf,
  hasHoles,
  lettersOf,
  lowered,
  matchPattern,
  type Pattern,
  plainOf,
  type Unknown,
  unknownIndex,
} from '../../access/glob.ts';
import { allowsWithin } from '../../access/grants.ts';
import { contextFor } from '../../access/guess.ts';
import { testHolds } from '../../access/operators.ts';
import { type Request, readyRequest } from '../../access/request.ts';
import { sharedText } from '../../access/shared-text.ts';
import { type StatementTerms, type Term, type Terms, type Test, termsOf } from '../../access/terms.ts';
import { atLeast } from '../../access/views.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import { isOnOthers, stepNeeds } from '../../catalog/escalation-paths.ts';
import { meets } from '../../identities/holding.ts';
import type { Policy, Statement } from '../../policy/policy.ts';
import { contextOf, isOfPrincipal, nameOf, placesOf, type Question } from './questions.ts';

/** Answers about one policy; remembered, and none where there were too many. */
export interface Inquiry {
  /** A request for the step that the statement allows and no Deny may take away; undefined where none is certain. */
  readonly ask: (statement: Statement, question: Question) => Request | undefined;
  /** Whether there is nothing more to be learnt: too much was asked. */
  readonly isSpent: () => boolean;
  /** What the statement asks of whoever makes the request. */
  readonly principalTests: (statement: Statement) => readonly Test[];
}

/** Work for the answers about one policy, some ten milliseconds: a guess costs one, a search more, by the Denies in it. */
const MOST_WORK = 2000;
const [COST_OF_SEARCH, COST_OF_DENY] = [10, 5];

/** Begins to ask about a policy. */
export function inquireInto(policy: Policy, catalog: Catalog): Inquiry {
  const terms = atLeast(termsOf(policy).map(withNames));
  const allows = new Map(terms.flatMap((one) => (one.effect === 'Allow' ? [[one.index, one] as const] : [])));
  const denies = terms.flatMap((one) => (one.effect === 'Deny' ? [forAnybody(one)] : []));
  const answers = new Map<string, Request | undefined>();
  const budget = { left: MOST_WORK };
  return {
    ask: (statement, question) => {
      const allow = allows.get(statement.index);
      if (!allow) return undefined;
      const name = `${statement.index} ${question.where} ${nameOf(question)}`;
      if (answers.has(name) || budget.left < 0) return answers.get(name);
      const answer = answerTo(question, allow, denies, { catalog, budget });
      answers.set(name, answer);
      return answer;
    },
    isSpent: () => budget.left < 0,
    principalTests: ({ index }) => allows.get(index)?.tests.filter(({ key }) => isOfPrincipal(key)) ?? [],
  };
}

/** An Allow whose references to resources have names of their own: which they are makes no difference here. */
function withNames(statement: StatementTerms): StatementTerms {
  const { resource, effect } = statement;
  if (effect === 'Deny' || !resource || resource.negated) return statement;
  return {
    ...statement,
    resource: { ...resource, terms: resource.terms.map((term) => ({ ...term, pattern: named(term.pattern) })) },
  };
}

/** The ARN with letters for what is known only at deploy time: partition, Region, account, and what follows the type. */
function named(pattern: Pattern): Pattern {
  if (!hasHoles(pattern)) return pattern;
  const tokens: number[] = [];
  let colons = 0;
  let isTyped = false;
  for (const token of pattern.tokens) {
    const isHole = pattern.unknowns[unknownIndex(token)]?.kind === 'hole';
    if (isHole && colons !== 1 && colons !== 3 && colons !== 4 && !isTyped) return pattern;
    if (token === COLON) colons += 1;
    if (colons >= 5 && (token === SLASH || (token === COLON && colons > 5))) isTyped = true;
    tokens.push(...(isHole ? lettersOf(USUAL[colons] ?? 'name').tokens : [token]));
  }
  const unknowns = pattern.unknowns.map((one): Unknown => (one.kind === 'hole' ? { kind: 'anything' } : one));
  return { ...pattern, tokens, unknowns, name: `named ${pattern.name}` };
}

/** The fields of an ARN that say where it is. */
const USUAL: Readonly<Record<number, string>> = { 1: 'aws', 3: 'eu-central-1', 4: '111122223333' };
const COLON = 58;
const SLASH = 47;

/** Who holds the policy is not known: a Deny that spares some may meet them. */
function forAnybody(deny: StatementTerms): StatementTerms {
  return { ...deny, tests: deny.tests.filter(({ key }) => !isOfPrincipal(key)) };
}

interface Means {
  readonly catalog: Catalog;
  readonly budget: { left: number };
}

function answerTo(
  question: Question,
  allow: StatementTerms,
  denies: readonly StatementTerms[],
  { catalog, budget }: Means,
): Request | undefined {
  budget.left -= 1;
  const places = placesOf(question, catalog);
  const action = { negated: false, terms: [{ pattern: lowered(globOf(question.step)) }] };
  const others = onOthers(question.step, { ...allow, action });
  const resource = others && near(others.resource, places);
  if (!others || !resource || (question.where === 'anywhere' && isTiedToOthers(question.step, others)))
    return undefined;
  const mine = denies.flatMap((deny) => {
    const on = mayName(deny.action, question.step.toLowerCase()) ? near(deny.resource, places) : undefined;
    return on ? [{ ...deny, action, resource: on }] : [];
  });
  const own = { ...others, resource };
  const target: StatementTerms = {
    ...own,
    resource: { negated: false, terms: places },
    tests: [...contextOf(question), ...question.principal],
  };
  if (isOutOfReach(own, target)) return undefined;
  const guessed = guess(own, mine, target);
  budget.left -= 1 + mine.length / COST_OF_DENY;
  if (guessed) return guessed;
  budget.left -= COST_OF_SEARCH + COST_OF_DENY * mine.length;
  if (budget.left < 0) return undefined;
  const found = allowsWithin([own, ...mine], [target], 'parts');
  if (found.answer !== 'yes') return undefined;
  const plain = plainer(found.witness);
  return isAsked(plain, [own, ...mine], target) ? plain : found.witness;
}

/** Whether a key of which the target fixes the values has none that the Allow takes: no search is needed for that. */
function isOutOfReach(own: StatementTerms, target: StatementTerms): boolean {
  return target.tests.some(({ key, operator, values }) => {
    const asked = own.tests.filter((one) => one.key === key);
    if (asked.length === 0) return false;
    const contexts = operator.base === 'Null' ? [{}] : values.map(({ pattern }) => ({ [key]: pattern.text }));
    return !contexts.some((context) => {
      const ready = readyRequest({ action: '', resource: '', context });
      return asked.every((one) => testHolds(one, ready) !== 'no');
    });
  });
}

/** A request that can be read off, where it is one that is asked for: most can, and at no cost. */
function guess(own: StatementTerms, denies: readonly StatementTerms[], target: StatementTerms): Request | undefined {
  const action = target.action?.terms[0]?.pattern.text;
  const context = contextFor([...target.tests, ...own.tests]);
  if (action === undefined || !context || own.guards.length > 0) return undefined;
  for (const region of ['eu-central-1', ''])
    for (const resource of resourcesOf(own, target)) {
      const request = plainer({ action, resource, context }, region);
      if (isAsked(request, [own, ...denies], target)) return request;
    }
  return undefined;
}

/** Resources of both that are tried. */
const MOST_RESOURCES = 12;

function* resourcesOf({ resource }: StatementTerms, target: StatementTerms): Iterable<string> {
  const own = resource && !resource.negated ? resource.terms : [EVERYTHING];
  let left = MOST_RESOURCES;
  for (const place of target.resource?.terms ?? [])
    for (const { pattern } of own) {
      if (left-- === 0) return;
      const text = sharedText(pattern, place.pattern);
      if (text !== undefined) yield text;
    }
}

const EVERYTHING: Term = { pattern: globOf('*') };

function isAsked(request: Request, statements: readonly StatementTerms[], target: StatementTerms): boolean {
  const ready = readyRequest(request);
  return statementMatches(target, ready) === 'yes' && evaluate(statements, ready).decision === 'allowed';
}

/** The request with a lifelike partition, account, Region and name; nothing stands for Region and account where there is none. */
function plainer(witness: Request, usualRegion = 'eu-central-1'): Request {
  const [arn, partition, service, region, account, ...name] = witness.resource.split(':');
  if (account === undefined || name.length === 0) return witness;
  const own = (part: string | undefined, usual: string) => (part === '' || part === 'x' ? usual : part);
  const resource = [
    ...[arn, own(partition, 'aws'), service],
    service === 'iam' ? region : own(region, usualRegion),
    usualRegion === '' ? account : own(account, '111122223333'),
    name.join(':').replace(/(?<=[/:])x?(?=[/:]|$)/g, 'name'),
  ].join(':');
  return { ...witness, resource };
}

/** Whether the statement does not certainly reach what the step needs as well to run anything, as a document. */
function isTiedToOthers(step: string, { resource }: StatementTerms): boolean {
  const needed = stepNeeds(step);
  if (needed === undefined || !resource || resource.negated) return false;
  return !resource.terms.some(({ pattern }) => meets(pattern.text, needed));
}

/** The clause without what is somewhere else; undefined where nothing is left of it. */
function near(clause: Terms | undefined, places: readonly Term[]): Terms | undefined {
  if (!clause) return { negated: true, terms: [] };
  const terms = clause.terms.filter(
    ({ pattern }) => pattern.unknowns.length > 0 || places.some((place) => meets(pattern.text, place.pattern.text)),
  );
  return terms.length === 0 && !clause.negated ? undefined : { ...clause, terms };
}

function mayName(action: Terms | undefined, step: string): boolean {
  if (!action) return true;
  const answers = action.terms.map(({ pattern }) => matchPattern(pattern, step, 'free'));
  return action.negated ? !answers.includes('yes') : answers.some((answer) => answer !== 'no');
}

/** The statement without what leads nowhere: rights over oneself, and roles to assume that are named in full. */
function onOthers(step: string, allow: StatementTerms): StatementTerms | undefined {
  const { resource } = allow;
  if (!resource || resource.negated) return allow;
  const leadsOn = ({ pattern }: Term) => {
    if (step === 'sts:AssumeRole') return plainOf(pattern) === undefined;
    return !isOnOthers(step) || !pattern.unknowns.some((one) => one.kind === 'variable' && OWN.has(one.key));
  };
  const terms = resource.terms.filter(leadsOn);
  return terms.length === 0 ? undefined : { ...allow, resource: { negated: false, terms } };
}

const OWN: ReadonlySet<string> = new Set(['aws:username', 'aws:userid']);
