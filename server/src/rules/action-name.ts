/** Action names as they stand in a clause: prefix and name, each with its place in the text. For the rules about unknown ones. */

import { matchesEverything } from '../catalog/match.ts';
import type { Fix } from '../finding/finding.ts';
import type { ClauseItem, Statement } from '../policy/policy.ts';
import { knownText, sliceText } from '../text/text.ts';
import type { Facts } from './facts.ts';

/** An item of an Action clause, taken apart at its first colon; `prefix` is undefined where it is not known. */
export interface ActionName {
  readonly item: ClauseItem;
  readonly prefix: string | undefined;
  /** The offset of the colon in the text; -1 where there is none. */
  readonly colon: number;
  /** The whole text where it is known. */
  readonly whole: string | undefined;
}

/** The items of the statement's Action or NotAction that take in nothing that the catalog knows, those that are not known included. */
export function unmatchedNames(statement: Statement, facts: Facts): readonly ActionName[] {
  const names: ActionName[] = [];
  for (const [index, item] of (statement.action?.items ?? []).entries()) {
    if (facts.items[index]?.length !== 0) continue;
    const whole = knownText(item.text);
    if (whole !== undefined && matchesEverything(whole)) continue;
    const colon = item.text.flat.indexOf(':');
    names.push({ item, colon, prefix: colon < 0 ? undefined : knownText(sliceText(item.text, 0, colon)), whole });
  }
  return names;
}

/** Replaces a part of the item's text by what was meant. */
export function respell(
  item: ClauseItem,
  from: number,
  to: number,
  text: string,
  meant: string,
  preferred: boolean,
): Fix {
  return {
    title: `Replace with \`${meant}\``,
    safety: 'changes',
    edits: [{ kind: 'rewrite', value: item.value, from, to, text }],
    ...(preferred ? { preferred } : {}),
  };
}
