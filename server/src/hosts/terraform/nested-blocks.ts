/**
 * Spells what goes into a document's nested blocks: conditions and principals, of which IAM has one object where
 * `aws_iam_policy_document` has a block for each member. Reads nothing.
 */
import type { Plain } from '../../finding/edit.ts';
import type { Site } from '../../policy/module.ts';
import { knownText, type Span } from '../../text/text.ts';
import { type Entry, entryOf, type ObjectValue, type Value } from '../../value/value.ts';
import { isObject, type Lines } from '../layout.ts';
import type { Printing } from '../spelling.ts';
import { conditionBlocks, principalBlock } from './statement.ts';

/** The blocks that an entry of a statement, of its Condition or of an operator in it becomes; undefined for any other. */
export function blocksFor(
  sites: readonly Site[],
  into: ObjectValue,
  key: string,
  plain: Plain,
  lines: Lines,
  printing: Printing,
): readonly string[] | undefined {
  for (const statement of statementsIn(sites)) {
    if (statement === into) return key === 'Condition' ? conditionBlocks(plain, lines, printing) : undefined;
    const conditions = entryOf(statement, 'Condition')?.value;
    if (conditions === into) return conditionBlocks({ entries: [[key, plain]] }, lines, printing);
    for (const operator of conditions?.kind === 'object' ? conditions.entries : []) {
      const name = operator.value === into ? knownText(operator.key) : undefined;
      if (name !== undefined)
        return conditionBlocks({ entries: [[name, { entries: [[key, plain]] }]] }, lines, printing);
    }
  }
  return undefined;
}

/** What takes the place of a Principal as a whole, and where; undefined for other values, and where several blocks make it up. */
export function principalFor(
  sites: readonly Site[],
  value: Value,
  plain: Plain,
  printing: Printing,
): { readonly span: Span; readonly block: (lines: Lines) => string | undefined } | undefined {
  if (!isObject(plain)) return undefined;
  for (const statement of statementsIn(sites))
    for (const key of ['Principal', 'NotPrincipal']) {
      const entry = entryOf(statement, key);
      if (entry?.value !== value || !isOneBlock(entry)) continue;
      return { span: entry.span, block: (lines) => principalBlock(key, plain, lines, printing) };
    }
  return undefined;
}

function isOneBlock({ value, span }: Entry): boolean {
  if (value.kind !== 'object') return true;
  const [only] = value.entries;
  return value.entries.length === 1 && only?.span.start === span.start && only.span.end === span.end;
}

/** The statements that are blocks. */
function statementsIn(sites: readonly Site[]): readonly ObjectValue[] {
  return sites.flatMap(({ value }) => {
    const list = value.kind === 'object' ? entryOf(value, 'Statement')?.value : undefined;
    const items = list?.kind === 'list' ? list.items : [];
    return items.flatMap(({ value: one }) => (one.kind === 'object' && one.spelling.notation === 'block' ? one : []));
  });
}
