/**
 * Plan: a space of requests in the making: its dimensions, where the classes of each subject lie in them, truths, and the
 * rules that tie them. Knows no statements.
 */
import {
  type Bits,
  emptyBits,
  fullBits,
  hasBit,
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
import type { Subject, Subjects, Unsure } from './subjects.ts';

/** What the coordinates of a dimension mean: samples of classes (of keys the first is "missing"), whether a list has a value of a class, or false and true, be it of an unsure alternative. */
export type Dimension =
  | { readonly kind: 'action' | 'resource'; readonly samples: readonly string[] }
  | { readonly kind: 'principal'; readonly samples: readonly Principal[] }
  | { readonly kind: 'key'; readonly key: string; readonly samples: readonly (string | undefined)[] }
  | { readonly kind: 'member'; readonly key: string; readonly sample: string }
  | { readonly kind: 'truth'; readonly of?: { readonly subject: Subject; readonly unsure: Unsure } };

/** Where a subject's classes lie. `first` is its dimension, of a set subject that of its first class. */
export interface Axis {
  readonly first: number;
  readonly classes: Classes<string | Principal>;
}

/** A space in the making. */
export interface Plan {
  readonly colons: ColonReading;
  readonly subjects: Subjects;
  readonly dimensions: Dimension[];
  readonly rules: Box[];
  readonly truths: Map<string, number>;
  readonly axes: Map<Subject, Axis>;
}

/** One dimension and the coordinates wanted there. */
export type Wish = readonly [dimension: number, allowed: Bits];

/** The coordinate of what does not hold, and of what does. */
export const FALSE = oneBit(2, 0);
export const TRUE = oneBit(2, 1);

/** The number of coordinates of a dimension. */
export function sizeOf(dimension: Dimension): number {
  return 'samples' in dimension ? dimension.samples.length : 2;
}

/** Sorts what the subject can be into classes and makes dimensions of them; false where that would take too long. */
export function addAxis(plan: Plan, subject: Subject): boolean {
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
      for (let i = 0; i < samples.length; i++) if (hasBit(bits, i)) setBit(moved, i + 1);
      return moved;
    }),
  };
}

/** The wish that is met where the other is not. */
export function opposite(plan: Plan, [dimension, allowed]: Wish): Wish {
  return [dimension, without(everything(plan, dimension), allowed)];
}

function everything({ dimensions }: Plan, dimension: number): Bits {
  const meaning = dimensions[dimension];
  return fullBits(meaning ? sizeOf(meaning) : 0);
}

/** No request lies where all the wishes are met. */
export function addRule(plan: Plan, wishes: readonly Wish[]): void {
  const box = boxFrom(plan, wishes);
  if (box) plan.rules.push(box);
}

/** The wishes as one box; undefined where they contradict each other. */
export function boxFrom(plan: Plan, wishes: readonly Wish[]): Box | undefined {
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

/** The dimension of a truth by name; `tie` adds its rules when it is new. */
export function truth(
  plan: Plan,
  name: string,
  tie: (dimension: number) => void = () => {},
  meaning: Dimension = { kind: 'truth' },
): number {
  const known = plan.truths.get(name);
  if (known !== undefined) return known;
  const dimension = plan.dimensions.push(meaning) - 1;
  plan.truths.set(name, dimension);
  tie(dimension);
  return dimension;
}

/** Where the classes of a subject lie. */
export function axisOf({ axes }: Plan, subject: Subject): Axis {
  return axes.get(subject) ?? { first: 0, classes: { samples: [], members: [] } };
}

/** Every class but "missing". */
export function present({ dimensions }: Plan, { part }: Subject, { first, classes }: Axis): Bits {
  const all = fullBits(classes.samples.length);
  return part === 'key' && dimensions[first]?.kind === 'key' ? without(all, oneBit(classes.samples.length, 0)) : all;
}

/** That a key is missing, where it is no list. */
export function missing(plan: Plan, key: string): readonly Wish[] {
  const [subject] = plan.subjects.keys.get(key) ?? [];
  return !subject || subject.set ? [] : [opposite(plan, presence(plan, subject))];
}

/** That a key is there. */
export function presence(plan: Plan, subject: Subject): Wish {
  const axis = axisOf(plan, subject);
  if (!subject.set) return [axis.first, present(plan, subject, axis)];
  return [anyOf(plan, subject, fullBits(axis.classes.samples.length), 'any value'), TRUE];
}

/** A truth: some value of the list is in one of the classes. */
export function anyOf(plan: Plan, subject: Subject, classes: Bits, name: string): number {
  return truth(plan, `${name} ${subject.key} ${subject.family} ${classes.join(',')}`, (dimension) => {
    const members = memberWishes(plan, subject, classes);
    for (const wish of members) addRule(plan, [[dimension, FALSE], wish]);
    addRule(plan, [[dimension, TRUE], ...members.map((wish) => opposite(plan, wish))]);
  });
}

/** For each of the classes, that the list has a value of it. */
export function memberWishes(plan: Plan, subject: Subject, classes: Bits): readonly Wish[] {
  const { first, classes: all } = axisOf(plan, subject);
  return all.samples.flatMap((_, i): readonly Wish[] => (hasBit(classes, i) ? [[first + i, TRUE]] : []));
}

/** That one of two wishes is met. */
export function either(plan: Plan, a: Wish, b: Wish): Wish {
  if (a[0] === b[0]) return [a[0], union(a[1], b[1])];
  const any = truth(plan, `either ${a[0]} ${a[1].join(',')} or ${b[0]} ${b[1].join(',')}`, (dimension) => {
    for (const wish of [a, b]) addRule(plan, [[dimension, FALSE], wish]);
    addRule(plan, [[dimension, TRUE], opposite(plan, a), opposite(plan, b)]);
  });
  return [any, TRUE];
}
