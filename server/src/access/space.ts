/**
 * Space: all requests as points of a finite space, and statements as boxes in it. One dimension per part of a request,
 * whose coordinates are classes of values; truths of unsure alternatives are dimensions of their own, tied by rules: boxes
 * in which no request lies. Decides nothing.
 */
import { emptyBits } from './bits.ts';
import type { ColonReading } from './evaluate.ts';
import { lettersIn } from './glob.ts';
import { listWishes } from './lists.ts';
import {
  addAxis,
  addRule,
  boxFrom,
  type Dimension,
  either,
  FALSE,
  opposite,
  type Plan,
  presence,
  sizeOf,
  TRUE,
  truth,
  type Wish,
} from './plan.ts';
import type { Box } from './search.ts';
import { type Subject, type Subjects, subjectOfTest, subjectsOf } from './subjects.ts';
import type { StatementTerms, Terms, Test } from './terms.ts';
import { someMatch } from './unsure.ts';

/** The space. A statement without a box matches no request. */
export interface Space {
  readonly dimensions: readonly Dimension[];
  readonly sizes: readonly number[];
  readonly rules: readonly Box[];
  readonly boxes: ReadonlyMap<StatementTerms, Box | undefined>;
  readonly subjects: Subjects;
}

/** The space in which the statements can be told apart; undefined where it would be too large. */
export function spaceOf(statements: readonly StatementTerms[], colons: ColonReading): Space | undefined {
  const subjects = subjectsOf(statements);
  const plan: Plan = { colons, subjects, dimensions: [], rules: [], truths: new Map(), axes: new Map() };
  for (const subject of [subjects.action, subjects.resource, subjects.principal, ...[...subjects.keys.values()].flat()])
    if (!addAxis(plan, subject)) return undefined;
  for (const own of subjects.keys.values()) linkFamilies(plan, own);
  const boxes = new Map(statements.map((statement) => [statement, boxOf(plan, statement)]));
  return { dimensions: plan.dimensions, sizes: plan.dimensions.map(sizeOf), rules: plan.rules, boxes, subjects };
}

/** A key is missing from all of its families or from none. */
function linkFamilies(plan: Plan, families: readonly Subject[]): void {
  const [main, ...others] = families.map((subject) => presence(plan, subject));
  for (const other of others) {
    if (!main) continue;
    addRule(plan, [main, opposite(plan, other)]);
    addRule(plan, [opposite(plan, main), other]);
  }
}

function boxOf(plan: Plan, statement: StatementTerms): Box | undefined {
  const { action, resource, principal } = plan.subjects;
  const wishes: Wish[] = [
    ...statement.guards.map(({ symbol, holds }): Wish => [truth(plan, `guard ${symbol}`), holds ? TRUE : FALSE]),
    ...clauseWish(plan, action, statement.action),
    ...clauseWish(plan, resource, statement.resource),
    ...clauseWish(plan, principal, statement.principal),
    ...statement.tests.flatMap((test) => testWishes(plan, test)),
  ];
  return boxFrom(plan, wishes);
}

function clauseWish(plan: Plan, subject: Subject, clause: Terms | undefined): readonly Wish[] {
  const ask = clause && subject.asks.get(clause);
  if (!clause || !ask) return [];
  const wish = someMatch(plan, subject, ask);
  return [clause.negated ? opposite(plan, wish) : wish];
}

function testWishes(plan: Plan, test: Test): readonly Wish[] {
  const subject = subjectOfTest(plan.subjects, test);
  if (!subject) return [];
  if (test.operator.base === 'Null') return nullWishes(plan, subject, test);
  const ask = subject.asks.get(test);
  if (!ask) return [];
  if (subject.set) return listWishes(plan, subject, test, ask);
  const match = someMatch(plan, subject, ask);
  if (test.operator.negated) return [opposite(plan, match)];
  return [test.operator.ifExists ? either(plan, match, opposite(plan, presence(plan, subject))) : match];
}

/** `Null` with both words always holds, with neither never; with a hole it may do either. */
function nullWishes(plan: Plan, subject: Subject, test: Test): readonly Wish[] {
  const words = test.values.map(({ pattern }) => lettersIn(pattern.tokens));
  if (
    test.hidden !== undefined ||
    test.values.some(({ pattern, onlyIf }) => onlyIf !== undefined || pattern.unknowns.length > 0)
  )
    return [[truth(plan, `null ${test.key} ${words.join(',')} ${test.hidden ?? ''}`), TRUE]];
  const there = presence(plan, subject);
  const wishes = [
    ...(words.includes('true') ? [opposite(plan, there)] : []),
    ...(words.includes('false') ? [there] : []),
  ];
  if (wishes.length === 2) return [];
  return wishes.length === 1 ? wishes : [[there[0], emptyBits(sizeOf(plan.dimensions[there[0]] ?? { kind: 'truth' }))]];
}
