/** Condition words: what stands in a condition's values where it is certain, and how values are taken out. Never throws. */
import type { Edit } from '../finding/edit.ts';
import { PLACEHOLDER } from '../finding/placeholder.ts';
import type { Condition, ConditionItem } from '../policy/policy.ts';
import { knownText } from '../text/text.ts';

/** The value as IAM compares it, numbers and booleans by their spelling; undefined for null and where a part is a hole or left to be filled in. */
export function wordOf({ value }: ConditionItem): string | undefined {
  if (value.kind === 'text') return value.text.flat.includes(PLACEHOLDER) ? undefined : knownText(value.text);
  return value.value === null ? undefined : value.raw;
}

/** A word for messages: long ones are cut. */
export function shown(word: string): string {
  return word.length > LONGEST_SHOWN ? `${word.slice(0, LONGEST_SHOWN)}…` : word;
}

const LONGEST_SHOWN = 80;

/** Whether the word holds a policy variable, so that its meaning is decided by the request. */
export function hasVariable(word: string): boolean {
  return word.includes('${');
}

/** The edits that take these values out of their list; none where they do not all stand in one, or nothing would be left of it. */
export function removeValues(condition: Condition, items: readonly ConditionItem[]): readonly Edit[] {
  const list = condition.entry.value;
  if (list.kind !== 'list') return [];
  const members = list.items.filter((member) => items.some((item) => item.value === member.value));
  if (members.length !== items.length || members.length === list.items.length) return [];
  const [only] = members;
  return members.length === 1 && only
    ? [{ kind: 'remove-item', from: list, item: only }]
    : [{ kind: 'replace-items', into: list, items: members, plain: [] }];
}
