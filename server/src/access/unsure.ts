/**
 * Unsure: alternatives of which it takes more than a class of values to tell whether they match: those with variables or
 * holes, and those that are there only sometimes. Each becomes a truth, tied to what is known of it.
 */
import { emptyBits } from './bits.ts';
import { addRule, axisOf, FALSE, missing, opposite, type Plan, present, TRUE, truth, type Wish } from './plan.ts';
import { type Ask, type Subject, shapeIn } from './subjects.ts';
import { implies } from './symbols.ts';

/** That some alternative matches: the column's classes, or a truth where there are unsure ones. Subjects that are no sets only. */
export function someMatch(plan: Plan, subject: Subject, ask: Ask): Wish {
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

/** More unsure alternatives than this are told apart by name only. */
const MOST_IMPLICATIONS = 40;

/** Whether an unsure alternative matches: within its outline, not without its variables, and along with whatever it implies. */
function unsureTruth(plan: Plan, subject: Subject, index: number): number {
  const one = subject.unsure[index];
  const name = `unsure ${subject.part} ${subject.key} ${subject.family} ${index}`;
  const tie = (dimension: number) => {
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
  };
  return truth(plan, name, tie, { kind: 'truth', ...(one ? { of: { subject, unsure: one } } : {}) });
}
