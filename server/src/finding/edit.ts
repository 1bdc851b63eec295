/** Edits: changes said on the model and spelled by the host that read it. They hold no positions of their own. */
import type { Span } from '../text/text.ts';
import type { Entry, Item, ListValue, ObjectValue, TextValue, Value } from '../value/value.ts';

/** A value to be written; each host spells it its own way. */
export type Plain =
  | string
  | number
  | boolean
  | null
  | Reference
  | Written
  | readonly Plain[]
  | { readonly entries: readonly (readonly [string, Plain])[] };

/** The ARN of a thing of the module (by its id), with letters after it: `aws_s3_bucket.b.arn`, `!GetAtt B.Arn`, or a literal ARN. */
export interface Reference {
  readonly thing: string;
  readonly suffix: string;
}

/** What a value says, in the very words in which it stands: variables, references and all. For places that are spelled as it is. */
export interface Written {
  readonly written: Value;
}

/** One change. A host that cannot spell one of a fix's edits makes none of them. */
export type Edit =
  /** The characters from `from` to `to` of the value's text become `text`. */
  | {
      readonly kind: 'rewrite';
      readonly value: TextValue;
      readonly from: number;
      readonly to: number;
      readonly text: string;
    }
  /** The key of an entry becomes `key`. */
  | { readonly kind: 'rename'; readonly entry: Entry; readonly key: string }
  | { readonly kind: 'replace'; readonly value: Value; readonly plain: Plain }
  /** A new item; behind `after`, else at the front where the list has no items. */
  | { readonly kind: 'insert-item'; readonly into: ListValue; readonly plain: Plain; readonly after?: Item }
  /** A new entry; behind `after`, else at the front. */
  | {
      readonly kind: 'insert-entry';
      readonly into: ObjectValue;
      readonly key: string;
      readonly plain: Plain;
      readonly after?: Entry;
    }
  /** Some items of a list become others, or none, in the place of the first of them. */
  | {
      readonly kind: 'replace-items';
      readonly into: ListValue;
      readonly items: readonly Item[];
      readonly plain: readonly Plain[];
    }
  /** The items of a list in another order; those that it leaves out go. */
  | { readonly kind: 'reorder-items'; readonly into: ListValue; readonly items: readonly Item[] }
  /** Another item behind one, a copy of it with changes of its own; `edits` are said on the item and leave it as it is. */
  | { readonly kind: 'copy-item'; readonly into: ListValue; readonly item: Item; readonly edits: readonly Edit[] }
  /** An object that stands for a list of one becomes a list of itself and a copy; `edits` as of copies of items. */
  | { readonly kind: 'copy-object'; readonly value: ObjectValue; readonly edits: readonly Edit[] }
  | { readonly kind: 'remove-item'; readonly from: ListValue; readonly item: Item }
  | { readonly kind: 'remove-entry'; readonly from: ObjectValue; readonly entry: Entry };

/** A change to a source, as editors take it. */
export interface TextEdit {
  readonly span: Span;
  readonly newText: string;
}

/** The source after the edits that concern it; undefined where two edits overlap. */
export function applyEdits(source: string, content: string, edits: readonly TextEdit[]): string | undefined {
  const mine = edits
    .filter((edit) => edit.span.source === source)
    .sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
  let result = '';
  let at = 0;
  for (const edit of mine) {
    if (edit.span.start < at) return undefined;
    result += content.slice(at, edit.span.start) + edit.newText;
    at = edit.span.end;
  }
  return result + content.slice(at);
}
