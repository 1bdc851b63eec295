/**
 * Find: the paths to more rights that one holder of a policy can take, statement by statement: each is told where the
 * statement stands that decides how far it leads. Remembered by the policy's content. Certain knowledge only.
 */
import type { Request } from '../../access/request.ts';
import type { Test } from '../../access/terms.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import type { EscalationPath } from '../../catalog/escalation-paths.ts';
import type { Policy, Statement } from '../../policy/policy.ts';
import { fingerprint } from '../../value/fingerprint.ts';
import { canonicalValue } from '../../value/value.ts';
import { bindingOf } from '../binding.ts';
import type { RuleContext } from '../rule.ts';
import { type Candidate, candidatesIn } from './candidates.ts';
import { type Question, samePrincipal } from './questions.ts';
import { type Inquiry, inquireInto } from './steps.ts';

/** A step that can be taken: by which statement (its index), and a request for it. */
export interface Step {
  readonly action: string;
  readonly index: number;
  readonly request: Request;
}

/**
 * A path that can be taken. `anywhere`: on whatever there is. `conditional`: the same, but conditions hold a step back.
 * `named`: on what is named. The first step is the one that decides.
 */
export interface Escalation {
  readonly path: EscalationPath;
  readonly reach: 'anywhere' | 'conditional' | 'named';
  readonly steps: readonly Step[];
}

/** The paths that the statement decides, in the order of the table. */
export function escalationsOf(statement: Statement, policy: Policy, context: RuleContext): readonly Escalation[] {
  return found(policy, context).get(statement.index) ?? [];
}

type Found = ReadonlyMap<number, readonly Escalation[]>;

const ASKED = new WeakMap<Policy, Found>();
const REMEMBERED = new WeakMap<Catalog, Map<string, Found>>();
const MOST_REMEMBERED = 200;
const NOTHING: Found = new Map();

function found(policy: Policy, context: RuleContext): Found {
  const before = ASKED.get(policy);
  if (before) return before;
  // Statements that cannot be seen may deny.
  const candidates = policy.open ? [] : candidatesIn(policy, context);
  const answer = candidates.length === 0 ? NOTHING : remembered(policy, candidates, context);
  ASKED.set(policy, answer);
  return answer;
}

function remembered(policy: Policy, candidates: readonly Candidate[], context: RuleContext): Found {
  const memory = REMEMBERED.get(context.catalog) ?? new Map<string, Found>();
  REMEMBERED.set(context.catalog, memory);
  const name = fingerprint(`${policy.language} ${canonicalValue(policy.document)}`);
  const answer = memory.get(name) ?? find(policy, candidates, context);
  if (memory.size > MOST_REMEMBERED) memory.clear();
  memory.set(name, answer);
  return answer;
}

/** Ways of one statement that are looked for: what matters is that there is one. */
export const MOST_WAYS = 20;

function find(policy: Policy, candidates: readonly Candidate[], context: RuleContext): Found {
  const concerned = new Set(candidates.flatMap(({ by }) => by.flat()));
  const statements = policy.statements.filter((one) => concerned.has(one) || one.effect.answer !== 'Allow');
  const inquiry = inquireInto({ ...policy, statements }, context.catalog);
  const all = new Map<number, Escalation[]>();
  for (const { path, by } of candidates) {
    const [anchor = ''] = path.decisive;
    for (const statement of by[path.steps.indexOf(anchor)] ?? []) {
      if (inquiry.isSpent()) return all;
      const mine = all.get(statement.index) ?? [];
      // An administrator has every way: one is enough to tell, and others do not lean on it.
      const isFull = context.facts(statement).everyAction;
      if (mine.length === (isFull ? 1 : MOST_WAYS)) continue;
      const alike = by.map((those) => those.filter((one) => context.facts(one).everyAction === isFull));
      const escalation = take({ path, by: alike }, statement, inquiry);
      // On what is named, and under a condition besides: there is nothing more to ask for.
      const isCareful = escalation?.reach === 'named' && bindingOf(statement) === 'narrowed';
      const isIdle = isCareful || (path.doubt !== undefined && escalation?.reach !== 'anywhere');
      if (escalation && !isIdle) all.set(statement.index, [...mine, escalation]);
    }
  }
  return all;
}

/** Statements that are tried for a step other than the first. */
const MOST_TRIED = 24;

/** The path with the statement for its first decisive step, and the best of the others for each other step. */
function take({ path, by }: Candidate, anchor: Statement, inquiry: Inquiry): Escalation | undefined {
  const [first = ''] = path.decisive;
  const others = path.steps.filter((step) => step !== first);
  const choices = others.map((step) =>
    bestFirst((by[path.steps.indexOf(step)] ?? []).slice(0, MOST_TRIED), step, path, inquiry),
  );
  let fallback: Escalation | undefined;
  for (const chosen of combinations(choices)) {
    const pairs = [[first, anchor] as const, ...others.map((step, i) => [step, chosen[i] ?? anchor] as const)];
    const steps = together(pairs, path, inquiry);
    if (!steps) continue;
    const reach = reachOf(pairs, path, inquiry);
    if (reach === 'anywhere') return { path, reach, steps };
    if (fallback?.reach !== 'conditional') fallback = { path, reach, steps };
  }
  return fallback;
}

/** Those that allow the step at all; those that hold nothing back first. One that asks nothing of the principal stands for all after it. */
function bestFirst(
  statements: readonly Statement[],
  step: string,
  path: EscalationPath,
  inquiry: Inquiry,
): readonly Statement[] {
  if (statements.length === 1) return statements;
  const able = statements.filter((statement) => inquiry.ask(statement, questionOf(step, path, 'somewhere')));
  const isFree = (statement: Statement) => reachOf([[step, statement]], path, inquiry) === 'anywhere';
  const sorted = [...able.filter(isFree), ...able.filter((statement) => !isFree(statement))];
  const plain = sorted.findIndex((statement) => inquiry.principalTests(statement).length === 0 && isFree(statement));
  return plain < 0 ? sorted : sorted.slice(0, plain + 1);
}

/** Combinations that are tried for one path. */
const MOST_COMBINATIONS = 24;

function combinations(choices: readonly (readonly Statement[])[]): readonly (readonly Statement[])[] {
  return choices.reduce<readonly (readonly Statement[])[]>(
    (all, own) => all.flatMap((chosen) => own.map((one) => [...chosen, one])).slice(0, MOST_COMBINATIONS),
    [[]],
  );
}

type Pair = readonly [step: string, statement: Statement];

/** A request for each step by one principal; undefined where no such principal was found. */
function together(pairs: readonly Pair[], path: EscalationPath, inquiry: Inquiry): readonly Step[] | undefined {
  const asked = pairs.flatMap(([, statement]) => inquiry.principalTests(statement));
  const steps: Step[] = [];
  let principal: readonly Test[] = asked;
  for (const [step, statement] of pairs) {
    const request = inquiry.ask(statement, { ...questionOf(step, path, 'somewhere'), principal });
    if (!request) return undefined;
    steps.push({ action: step, index: statement.index, request });
    if (steps.length === 1) principal = samePrincipal(request, asked);
  }
  return steps;
}

/** Anywhere: every decisive step can be taken on what nobody named, and no condition holds a step back. */
function reachOf(pairs: readonly Pair[], path: EscalationPath, inquiry: Inquiry): Escalation['reach'] {
  const decisive = pairs.filter(([step]) => path.decisive.includes(step));
  const isNamed = ([step, statement]: Pair) => !inquiry.ask(statement, questionOf(step, path, 'anywhere'));
  if (decisive.some(isNamed)) return 'named';
  const isFree = (pair: Pair) => {
    const binding = bindingOf(pair[1]);
    return binding === 'free' || (binding === 'narrowed' && !decisive.includes(pair));
  };
  return pairs.every(isFree) ? 'anywhere' : 'conditional';
}

function questionOf(step: string, { receivers }: EscalationPath, where: Question['where']): Question {
  return { step, where, receivers: step === 'iam:PassRole' ? receivers : [], principal: [] };
}
