/**
 * ARN fields: the colon-separated fields of a Resource item as far as they are certain, whatever holes, wildcards and
 * policy variables stand for. For rules that judge one field; knows no services. Source: IAM User Guide, "Amazon Resource Names".
 */
import { HOLE, hasHole, isHole, knownText, partAt, sliceText, type Text } from '../text/text.ts';

/** A field: offsets in the item's text, and its letters. */
export interface ArnField {
  readonly from: number;
  readonly to: number;
  /** The letters as they stand, wildcards and variables included; holes are one character each. */
  readonly flat: string;
  /** The letters, where they are all known and stand for themselves: no hole, wildcard or policy variable. */
  readonly literal: string | undefined;
  /** The letters, where they are all known; wildcards and variables included. */
  readonly known: string | undefined;
}

/** An item taken apart. */
export interface ArnFields {
  /** Those of the first five fields that end in a colon for certain: `arn`, partition, service, region, account. */
  readonly head: readonly ArnField[];
  /** What follows the fifth colon; undefined where there is none, or none for certain. */
  readonly resource: ArnField | undefined;
  /** Fewer than six fields, and nothing that may stand for the others: no hole, no policy variable, no star before a slash. */
  readonly short: boolean;
}

/**
 * The fields of a text. What stands behind a hole is not certain, since it may hold colons; unless its name says that it
 * is one field (`data.aws_region.current.name`). Of a text with fewer than six fields nothing is certain behind a policy
 * variable or a `*`, unless a slash before it tells that it is the resource's.
 */
export function arnFields(text: Text): ArnFields {
  const head: ArnField[] = [];
  let from = 0;
  let open = false;
  let wide = -1;
  for (let at = 0; at < text.flat.length && head.length < 5; at++) {
    const letter = text.flat[at];
    if (letter === '$' && text.flat[at + 1] === '{') {
      const end = text.flat.indexOf('}', at);
      open ||= end < 0;
      at = end < 0 ? at : end;
      if (wide < 0) wide = head.length;
    } else if (letter === '*' && wide < 0 && !text.flat.slice(from, at).includes('/')) wide = head.length;
    else if (isHole(text, at) && !isOneField(text, at)) open = true;
    else if (letter === ':' && !open) {
      head.push(fieldOf(text, from, at));
      from = at + 1;
    }
  }
  if (head.length === 5) return { head, resource: fieldOf(text, from, text.flat.length), short: false };
  return {
    head: wide < 0 ? head : head.slice(0, wide),
    resource: undefined,
    short: wide < 0 && !open && !hasHole(text),
  };
}

function fieldOf(text: Text, from: number, to: number): ArnField {
  const flat = text.flat.slice(from, to);
  const known = flat.includes(HOLE) ? knownText(sliceText(text, from, to)) : flat;
  return {
    from,
    to,
    flat,
    known,
    literal: known !== undefined && !/[*?$]/.test(known) ? known : undefined,
  };
}

/** A reference whose name says that it stands for a partition, a Region or an account. */
function isOneField(text: Text, at: number): boolean {
  return ONE_FIELD.test(partAt(text, at)?.symbol ?? '');
}

const ONE_FIELD =
  /aws_(partition|region|caller_identity)\.|\bAWS::(Partition|Region|AccountId)\b|(^|[._-])(partition|region|account|account_?id)$/i;
