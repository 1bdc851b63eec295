/** Draft: a policy on its way from one way of writing it in Terraform to another: IAM's elements over expressions in their own words, with comments. Plain data. */
import type { TerraformFile } from '../file.ts';
import type { HclSpan } from '../hcl/syntax.ts';

/** What a value becomes. */
export type Draft = Words | DraftList | DraftObject;

/** An expression of HCL as it stands; further lines without the blanks of the first. `bare`: what a string that is one interpolation holds. `holds` is what it is worth, where that can be told. */
export interface Words {
  readonly kind: 'words';
  readonly text: string;
  readonly bare?: string;
  readonly holds: 'text' | 'list' | 'unknown';
}

/** `broken`: it stood on several lines. */
export interface DraftList {
  readonly kind: 'list';
  readonly members: readonly Member[];
  readonly broken: boolean;
}

/** Elements in their order. */
export interface DraftObject {
  readonly kind: 'object';
  readonly members: readonly Keyed[];
}

/** Comments that go with a member: on lines above it, behind it, on lines below the last one. */
export interface Notes {
  readonly above: readonly string[];
  readonly behind: string;
  readonly below: readonly string[];
}

/** No comments. */
export const NO_NOTES: Notes = { above: [], behind: '', below: [] };

/** An item of a list. */
export interface Member {
  readonly value: Draft;
  readonly notes: Notes;
}

/** An entry: its key in letters where these are known, and as an expression. */
export interface Keyed extends Member {
  readonly key: string | undefined;
  readonly words: string;
}

/** A string in quotes. */
export function quoted(text: string): Words {
  const letters = JSON.stringify(text).replace(/[$%](?=\{)/g, (sign) => sign + sign);
  return { kind: 'words', text: letters, holds: 'text' };
}

/** An entry of a known key. */
export function keyed(key: string, value: Draft, notes: Notes = NO_NOTES): Keyed {
  return { key, words: quoted(key).text, value, notes };
}

/** The member of a key; undefined where there is none. */
export function memberOf(draft: DraftObject, key: string): Keyed | undefined {
  return draft.members.find((member) => member.key === key);
}

/** The comments of members that stand one after the other in a stretch of a file. */
export function notesOf(file: TerraformFile, whole: HclSpan, spans: readonly HclSpan[]): readonly Notes[] {
  const { text } = file.source;
  const comments = file.hcl.comments.filter(({ span }) => span.start >= whole.start && span.end <= whole.end);
  const between = (from: number, to: number) => comments.filter(({ span }) => span.start >= from && span.end <= to);
  const words = (list: typeof comments) => list.map(({ span }) => text.slice(span.start, span.end).trimEnd());
  return spans.map((span, i): Notes => {
    const before = spans[i - 1];
    const next = spans[i + 1]?.start ?? whole.end;
    const isBehind = (end: number) => (comment: (typeof comments)[number]) =>
      !text.slice(end, comment.span.start).includes('\n');
    const above = between(before?.end ?? whole.start, span.start).filter(
      (one) => !before || !isBehind(before.end)(one),
    );
    const after = between(span.end, next);
    const behind = after.filter(isBehind(span.end));
    const below = i === spans.length - 1 ? after.filter((one) => !behind.includes(one)) : [];
    return { above: words(above), behind: words(behind).join(' '), below: words(below) };
  });
}
