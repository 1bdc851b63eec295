/**
 * Space: all requests as points of a finite space, and statements as boxes in it. One dimension per part of a request,
 * whose coordinates are classes of values; truths of unsure alternatives are dimensions of their own, tied by rules: boxes
 * in which no request lies. Decides nothing.
 */
import {
  type Bits,
  emptyBits,
  fullBits,
  holdsAll,
  intersect,
  isEmpty,
  oneBit,
  setBit,
  union,
  without,
} from './bits.ts';
import { actionClasses, type Classes, principalClasses, resourceClasses, valueClasses } from './classes.ts';
import type { ColonReading } from './evaluate.ts';
import type { Principal } from './request.ts';
import type { Box } from './search.ts';
import { type Ask, type Subject, type Subjects, shapeIn, subjectOfTest, subjectsOf } from './subjects.ts';
import { implies } from './symbols.ts';
import type { StatementTerms, Terms, Test } from './terms.ts';

/** What the coordinates of a dimension mean: samples of classes (of keys the first is "missing"), whether a list has a value of a class, or false and true. */
export type Dimension =
  | { readonly kind: 'action' | 'resource'; readonly samples: readonly string[] }
  | { readonly kind: 'principal'; readonly samples: readonly Principal[] }
  | { readonly kind: 'key'; readonly key: string; readonly samples: readonly (string | undefined)[] }
  | { readonly kind: 'member'; readonly key: string; readonly sample: string }
  | { readonly kind: 'truth' };

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

function sizeOf(dimension: Dimension): number {
  return 'samples' in dimension ? dimension.samples.length : 2;
}

/** Where a subject's classes lie. `first` is its dimension, of a set subject that of its first class. */
interface Axis {
  readonly first: number;
  readonly classes: Classes<string | Principal>;
}

interface Plan {
  readonly colons: ColonReading;
  readonly subjects: Subjects;
  readonly dimensions: Dimension[];
  readonly rules: Box[];
  readonly truths: Map<string, number>;
  readonly axes: Map<Subject, Axis>;
}

/** One dimension and the coordinates wanted there. */
type Wish = readonly [dimension: number, allowed: Bits];

const FALSE = oneBit(2, 0);
const TRUE = oneBit(2, 1);

function addAxis(plan: Plan, subject: Subject): boolean {
  const first = plan.dimensions.length;
  if (subject.part === 'principal') {
    const classes = principalClasses(subject.columns);
    plan.axes.set(subject, { first, classes });
    plan.dimensions.push({ kind: 'principal', samples: classes.samples });
    return true;
  }
  const classes = textClasses(plan, subject);
  if (!classes) return false;
  const { samples } = classes;
  if (subject.part !== 'key') plan.dimensions.push({ kind: subject.part, samples });
  else if (!subject.set) plan.dimensions.push({ kind: 'key', key: subject.key, samples: [undefined, ...samples] });
  else for (const sample of samples) plan.dimensions.push({ kind: 'member', key: subject.key, sample });
  plan.axes.set(subject, { first, classes: subject.part === 'key' && !subject.set ? withMissing(classes) : classes });
  return true;
}

function textClasses({ colons }: Plan, subject: Subject): Classes | undefined {
  if (subject.part === 'action') return actionClasses(subject.columns);
  if (subject.part === 'resource') return resourceClasses(subject.columns, colons);
  return valueClasses(subject.family, subject.columns);
}

/** The classes with "missing" before them, which nothing matches. */
function withMissing({ samples, members }: Classes): Classes {
  return {
    samples: ['', ...samples],
    members: members.map((bits) => {
      const moved = emptyBits(samples.length + 1);
      for (let i = 0; i < samples.length; i++) if (((bits[i >> 5] ?? 0) >>> (i & 31)) & 1) setBit(moved, i + 1);
      return moved;
    }),
  };
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

function opposite(plan: Plan, [dimension, allowed]: Wish): Wish {
  return [dimension, without(everything(plan, dimension), allowed)];
}

function everything({ dimensions }: Plan, dimension: number): Bits {
  const meaning = dimensions[dimension];
  return fullBits(meaning ? sizeOf(meaning) : 0);
}

/** No request lies where all the wishes are met. */
function addRule(plan: Plan, wishes: readonly Wish[]): void {
  const box = boxFrom(plan, wishes);
  if (box) plan.rules.push(box);
}

/** The wishes as one box; undefined where they contradict each other. */
function boxFrom(plan: Plan, wishes: readonly Wish[]): Box | undefined {
  const allowed = new Map<number, Bits>();
  for (const [dimension, bits] of wishes) {
    const known = allowed.get(dimension);
    const both = known ? intersect(known, bits) : bits;
    if (isEmpty(both)) return undefined;
    allowed.set(dimension, both);
  }
  const tight = [...allowed].filter(([dimension, bits]) => !holdsAll(bits, everything(plan, dimension)));
  return { dimensions: tight.map(([dimension]) => dimension), allowed: tight.map(([, bits]) => bits) };
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

/** The dimension of a truth by name; `tie` adds its rules when it is new. */
function truth(plan: Plan, name: string, tie: (dimension: number) => void = () => {}): number {
  const known = plan.truths.get(name);
  if (known !== undefined) return known;
  const dimension = plan.dimensions.push({ kind: 'truth' }) - 1;
  plan.truths.set(name, dimension);
  tie(dimension);
  return dimension;
}

function clauseWish(plan: Plan, subject: Subject, clause: Terms | undefined): readonly Wish[] {
  const ask = clause && subject.asks.get(clause);
  if (!clause || !ask) return [];
  const wish = someMatch(plan, subject, ask);
  return [clause.negated ? opposite(plan, wish) : wish];
}

/** That some alternative matches: the column's classes, or a truth where there are unsure ones. Subjects that are no sets only. */
function someMatch(plan: Plan, subject: Subject, ask: Ask): Wish {
  const axis = axisOf(plan, subject);
  const sure: Wish = [axis.first, axis.classes.members[ask.column] ?? emptyBits(axis.classes.samples.length)];
  if (ask.unsure.length === 0) return sure;
  const unsure = ask.unsure.map((index): Wish => [unsureTruth(plan, subject, index), TRUE]);
  const name = `some ${subject.part} ${subject.key} ${subject.family} ${ask.column} ${ask.unsure.join(',')}`;
  const any = truth(plan, name, (dimension) => {
    for (const wish of [sure, ...unsure]) addRule(plan, [[dimension, FALSE], wish]);
    addRule(plan, [[dimension, TRUE], ...[sure, ...unsure].map((wish) => opposite(plan, wish))]);
  });
  return [any, TRUE];
}

function axisOf({ axes }: Plan, subject: Subject): Axis {
  return axes.get(subject) ?? { first: 0, classes: { samples: [], members: [] } };
}

/** More unsure alternatives than this are told apart by name only. */
const MOST_IMPLICATIONS = 40;

/** Whether an unsure alternative matches: within its outline, not without its variables, and along with whatever it implies. */
function unsureTruth(plan: Plan, subject: Subject, index: number): number {
  const name = (i: number) => `unsure ${subject.part} ${subject.key} ${subject.family} ${i}`;
  return truth(plan, name(index), (dimension) => {
    const one = subject.unsure[index];
    const axis = axisOf(plan, subject);
    if (!one) return;
    const inside = one.over === undefined ? present(plan, subject, axis) : axis.classes.members[one.over];
    if (inside) addRule(plan, [[dimension, TRUE], opposite(plan, [axis.first, inside])]);
    for (const key of one.needs) for (const gone of missing(plan, key)) addRule(plan, [[dimension, TRUE], gone]);
    const fallback = one.fallback && axis.classes.members[one.fallback.column];
    for (const gone of one.fallback ? missing(plan, one.fallback.key) : []) {
      if (!fallback) continue;
      addRule(plan, [[dimension, FALSE], gone, [axis.first, fallback]]);
      addRule(plan, [[dimension, TRUE], gone, opposite(plan, [axis.first, fallback])]);
    }
    if (subject.unsure.length > MOST_IMPLICATIONS) return;
    subject.unsure.forEach((other, i) => {
      if (i === index || other.over === undefined || one.over === undefined) return;
      if (other.onlyIf !== undefined && other.onlyIf !== one.onlyIf) return;
      const shape = shapeIn(subject, one.alternative, plan.colons);
      if (shapeIn(subject, other.alternative, plan.colons) !== shape) return;
      if (!implies(one.alternative.pattern, other.alternative.pattern, shape)) return;
      addRule(plan, [
        [dimension, TRUE],
        [unsureTruth(plan, subject, i), FALSE],
      ]);
    });
  });
}

/** Every class but "missing". */
function present({ dimensions }: Plan, { part }: Subject, { first, classes }: Axis): Bits {
  const all = fullBits(classes.samples.length);
  return part === 'key' && dimensions[first]?.kind === 'key' ? without(all, oneBit(classes.samples.length, 0)) : all;
}

/** That a key is missing, where it is no list. */
function missing(plan: Plan, key: string): readonly Wish[] {
  const [subject] = plan.subjects.keys.get(key) ?? [];
  return !subject || subject.set ? [] : [opposite(plan, presence(plan, subject))];
}

/** That a key is there. */
function presence(plan: Plan, subject: Subject): Wish {
  const axis = axisOf(plan, subject);
  if (!subject.set) return [axis.first, present(plan, subject, axis)];
  return [anyOf(plan, subject, fullBits(axis.classes.samples.length), 'any value'), TRUE];
}

/** A truth: some value of the list is in one of the classes. */
function anyOf(plan: Plan, subject: Subject, classes: Bits, name: string): number {
  return truth(plan, `${name} ${subject.key} ${subject.family} ${classes.join(',')}`, (dimension) => {
    const members = memberWishes(plan, subject, classes);
    for (const wish of members) addRule(plan, [[dimension, FALSE], wish]);
    addRule(plan, [[dimension, TRUE], ...members.map((wish) => opposite(plan, wish))]);
  });
}

/** For each of the classes, that the list has a value of it. */
function memberWishes(plan: Plan, subject: Subject, classes: Bits): readonly Wish[] {
  const { first, classes: all } = axisOf(plan, subject);
  return all.samples.flatMap((_, i): readonly Wish[] =>
    ((classes[i >> 5] ?? 0) >>> (i & 31)) & 1 ? [[first + i, TRUE]] : [],
  );
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

/** That one of two wishes is met. */
function either(plan: Plan, a: Wish, b: Wish): Wish {
  if (a[0] === b[0]) return [a[0], union(a[1], b[1])];
  const any = truth(plan, `either ${a[0]} ${a[1].join(',')} or ${b[0]} ${b[1].join(',')}`, (dimension) => {
    for (const wish of [a, b]) addRule(plan, [[dimension, FALSE], wish]);
    addRule(plan, [[dimension, TRUE], opposite(plan, a), opposite(plan, b)]);
  });
  return [any, TRUE];
}

/** `Null` with both words always holds, with neither never; with a hole it may do either. */
function nullWishes(plan: Plan, subject: Subject, test: Test): readonly Wish[] {
  const words = test.values.map(({ pattern }) => String.fromCharCode(...pattern.tokens.map((token) => token & 0xffff)));
  if (test.hidden !== undefined || test.values.some(({ pattern, onlyIf }) => onlyIf ?? pattern.unknowns.length > 0))
    return [[truth(plan, `null ${test.key} ${words.join(',')} ${test.hidden ?? ''}`), TRUE]];
  const there = presence(plan, subject);
  const wishes = [
    ...(words.includes('true') ? [opposite(plan, there)] : []),
    ...(words.includes('false') ? [there] : []),
  ];
  if (wishes.length === 2) return [];
  return wishes.length === 1 ? wishes : [[there[0], emptyBits(sizeOf(plan.dimensions[there[0]] ?? { kind: 'truth' }))]];
}

/** What a test of a list asks of the classes of its values: some value in, or no value outside. */
function listWishes(plan: Plan, subject: Subject, test: Test, ask: Ask): readonly Wish[] {
  const { classes } = axisOf(plan, subject);
  const all = fullBits(classes.samples.length);
  const sure = classes.members[ask.column] ?? emptyBits(classes.samples.length);
  const possible = ask.unsure.reduce((bits, index) => union(bits, overOf(subject, index, classes, all)), sure);
  const { negated, ifExists, qualifier } = test.operator;
  const plainNegation = qualifier === undefined && negated;
  const [least, most] = negated ? [without(all, possible), without(all, sure)] : [sure, possible];
  const name = `list ${ask.column} ${ask.unsure.join(',')}`;
  if (qualifier === 'ForAllValues' || plainNegation) {
    if (ask.unsure.length === 0)
      return memberWishes(plan, subject, without(all, least)).map((wish) => opposite(plan, wish));
    return [[allIn(plan, subject, least, most, name), TRUE]];
  }
  const any: Wish = [someIn(plan, subject, least, most, name), TRUE];
  return [ifExists && qualifier === undefined ? either(plan, any, opposite(plan, presence(plan, subject))) : any];
}

function overOf(subject: Subject, index: number, classes: Classes<string | Principal>, all: Bits): Bits {
  const over = subject.unsure[index]?.over;
  return over === undefined ? all : (classes.members[over] ?? all);
}

/** A truth: all values are in; certain where they are in `least`, ruled out where one is not in `most`. */
function allIn(plan: Plan, subject: Subject, least: Bits, most: Bits, name: string): number {
  const all = fullBits(axisOf(plan, subject).classes.samples.length);
  return truth(plan, `all ${name} ${subject.key} ${subject.family} ${least.join(',')}`, (dimension) => {
    for (const wish of memberWishes(plan, subject, without(all, most))) addRule(plan, [[dimension, TRUE], wish]);
    const others = memberWishes(plan, subject, without(all, least));
    addRule(plan, [[dimension, FALSE], ...others.map((wish) => opposite(plan, wish))]);
  });
}

/** A truth: some value is in; certain where one is in `least`, ruled out where none is in `most`. */
function someIn(plan: Plan, subject: Subject, least: Bits, most: Bits, name: string): number {
  if (holdsAll(least, most)) return anyOf(plan, subject, least, 'any value');
  return truth(plan, `some ${name} ${subject.key} ${subject.family} ${least.join(',')}`, (dimension) => {
    for (const wish of memberWishes(plan, subject, least)) addRule(plan, [[dimension, FALSE], wish]);
    const possible = memberWishes(plan, subject, most);
    addRule(plan, [[dimension, TRUE], ...possible.map((wish) => opposite(plan, wish))]);
  });
}
