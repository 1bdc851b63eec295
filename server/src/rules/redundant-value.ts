/** redundant-value: an action or resource of a list is taken in by another of the same list. */
import type { Fix } from '../finding/finding.ts';
import { globIncludes, isPattern } from '../policy/pattern.ts';
import type { Clause, ClauseItem, Policy, Statement } from '../policy/policy.ts';
import { displayText, HOLE, hasHole, type Text } from '../text/text.ts';
import type { Draft, RuleContext, StatementRule } from './rule.ts';

/** Source: IAM Access Analyzer policy checks, "Suggestion – Redundant action" and "Redundant resource", as recorded: one list, actions in any letter case. */
export const redundantValue: StatementRule = {
  id: 'redundant-value',
  on: 'statement',
  summary: 'An action or resource of a list is taken in by another of the same list',
  level: 'info',
  kinds: 'all',
  subject: 'document',
  accessAnalyzer: ['REDUNDANT_ACTION', 'REDUNDANT_RESOURCE'],
  check: checkValues,
};

function* checkValues(statement: Statement, _policy: Policy, _context: RuleContext): Iterable<Draft> {
  if (statement.action) yield* redundantIn(statement.action);
  if (statement.resource) yield* redundantIn(statement.resource);
}

function* redundantIn(clause: Clause): Iterable<Draft> {
  for (const { item, outer } of redundantItems(clause)) yield draft(item, outer, clause.key);
}

/** The items that others of the clause take in, each with such another one. Of two that name the same the later one. */
export function* redundantItems(clause: Clause): Iterable<{ readonly item: ClauseItem; readonly outer: ClauseItem }> {
  if (areApart(clause)) return;
  const values = clause.items.map((item, place) => readItem(item, place, clause.key));
  const first = new Map<string, Value>();
  for (const value of values)
    if (value.item.presence === 'always' && !first.has(value.name)) first.set(value.name, value);
  const wide = [...first.values()].filter(({ flat }) => isPattern(flat));
  const compared = wide.slice(0, Math.floor(MOST_COMPARED / values.length));
  for (const value of values) {
    const same = first.get(value.name);
    const outer = same && same.place < value.place ? same : compared.find((one) => takesIn(one, value));
    if (outer) yield { item: value.item, outer: outer.item };
  }
}

/** Whether it can be told at sight that none takes in another: no wildcards, and no two of the same letters. */
function areApart({ items }: Clause): boolean {
  if (items.some(({ text }) => isPattern(text.flat))) return false;
  return new Set(items.map(({ text }) => text.flat.toLowerCase())).size === items.length;
}

/** Pairs of values that are compared in one list; what is left of longer lists is compared letter by letter only. */
const MOST_COMPARED = 200_000;

/**
 * An item; `name` is equal for equal text, `holes` for equal symbols, `place` counts in the list. `anything` is the text
 * with a star for each policy variable, `reach` with one for each hole too; `head` is what stands before its first wildcard.
 */
interface Value {
  readonly item: ClauseItem;
  readonly place: number;
  readonly name: string;
  readonly flat: string;
  readonly holes: string;
  readonly anything: string;
  readonly reach: string;
  readonly head: string;
}

function readItem(item: ClauseItem, place: number, key: Clause['key']): Value {
  const flat = key === 'Action' ? item.text.flat.toLowerCase() : item.text.flat;
  const holes = symbolsOf(item.text);
  const anything = flat.includes('${') ? flat.replace(/\$\{[^}]*\}?/g, '*') : flat;
  const reach = hasHole(item.text) ? anything.replaceAll(HOLE, '*') : anything;
  const head = flat.slice(0, Math.max(0, flat.search(/[*?]/)));
  return { item, place, name: `${flat}\0${holes}`, flat, holes, anything, reach, head };
}

function symbolsOf(text: Text): string {
  return hasHole(text) ? text.parts.flatMap((part) => (part.kind === 'hole' ? [part.symbol] : [])).join('\0') : '';
}

/**
 * Whether all that the inner one names the outer one names too, whatever holes and policy variables stand for. Holes of
 * the outer one have to stand in the inner one too; of two that name the same the first one stays.
 */
function takesIn(outer: Value, inner: Value): boolean {
  if (outer.holes !== '' && outer.holes !== inner.holes) return false;
  const reach = outer.holes === '' ? inner.reach : inner.anything;
  if (!reach.startsWith(outer.head)) return false;
  return globIncludes(outer.flat, reach) && !(globIncludes(reach, outer.flat) && inner.place <= outer.place);
}

function draft(item: ClauseItem, outer: ClauseItem, key: Clause['key']): Draft {
  const [own, other] = [displayText(item.text), displayText(outer.text)];
  const isSame = own.toLowerCase() === other.toLowerCase();
  return {
    message: own === other ? `\`${own}\` stands here twice` : `\`${own}\` is ${isSame ? '' : 'part of '}\`${other}\``,
    span: item.span,
    related: [{ span: outer.span, message: `\`${other}\` stands here` }],
    unnecessary: item.span,
    accessAnalyzer: key === 'Action' ? 'REDUNDANT_ACTION' : 'REDUNDANT_RESOURCE',
    accessAnalyzerType: 'SUGGESTION',
    fixes: () => removals(item, `Remove \`${own}\``),
  };
}

/** None where the item stands in no list of the text. */
function removals({ list, value }: ClauseItem, title: string): readonly Fix[] {
  return (list ? [list] : []).flatMap((from) =>
    from.items
      .filter((member) => member.value === value)
      .map((item): Fix => ({ title, safety: 'same', edits: [{ kind: 'remove-item', from, item }], preferred: true })),
  );
}
