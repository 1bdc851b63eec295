/** Lists: what tests of multivalued keys ask of the classes that a list has values of. Source: IAM User Guide, "Set operators for multivalued context keys". */
import { type Bits, emptyBits, fullBits, holdsAll, union, without } from './bits.ts';
import type { Classes } from './classes.ts';
import {
  addRule,
  anyOf,
  axisOf,
  either,
  FALSE,
  memberWishes,
  opposite,
  type Plan,
  presence,
  TRUE,
  truth,
  type Wish,
} from './plan.ts';
import type { Principal } from './request.ts';
import type { Ask, Subject } from './subjects.ts';
import type { Test } from './terms.ts';

/** What a test of a list asks of the classes of its values: some value in, or no value outside. */
export function listWishes(plan: Plan, subject: Subject, test: Test, ask: Ask): readonly Wish[] {
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
