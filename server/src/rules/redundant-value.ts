/** redundant-value: an action or resource of a list is taken in by another of the same list. */
import type { Fix } from '../finding/finding.ts';
import { globIncludes, isPattern } from '../policy/pattern.ts';
import type { Clause, ClauseItem, Policy, Statement } from '../policy/policy.ts';
import { displayText, HOLE, type Text } from '../text/text.ts';
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
  if (clause.items.length < 2) return;
  const values = clause.items.map((item, place) => readItem(item, place, clause.key));
  const first = new Map<string, Value>();
  for (const value of values)
    if (value.item.presence === 'always' && !first.has(value.name)) first.set(value.name, value);
  const wide = [...first.values()].filter(({ flat }) => isPattern(flat));
  const compared = byService(wide.slice(0, Math.floor(MOST_COMPARED / values.length)), clause.key);
  for (const value of values) {
    const same = first.get(value.name);
    const outer = same && same.place < value.place ? same : firstAround(value, compared, clause.key);
    if (outer) yield draft(value.item, outer.item, clause.key);
  }
}

/** Wide values by the service that they name, since no other takes in what names it. */
function byService(values: readonly Value[], key: Clause['key']): ReadonlyMap<string, readonly Value[]> {
  const groups = new Map<string, Value[]>();
  for (const value of values) {
    const service = serviceOf(value.flat, key);
    groups.set(service, [...(groups.get(service) ?? []), value]);
  }
  return groups;
}

/** The first of the wide values that takes the value in. */
function firstAround(value: Value, wide: ReturnType<typeof byService>, key: Clause['key']): Value | undefined {
  const [own, any] = [serviceOf(value.anything, key), ''].map((service) =>
    wide.get(service)?.find((one) => takesIn(one, value)),
  );
  return [own, any].flatMap((one) => one ?? []).sort((a, b) => a.place - b.place)[0];
}

/** What stands before the colon behind the service: `s3`, `arn:aws:s3`; empty where that is not written out. */
function serviceOf(text: string, key: Clause['key']): string {
  const service = text.split(':', FIELDS[key]).join(':');
  return [service].find((name) => !isPattern(name)) ?? '';
}

const FIELDS: Readonly<Record<Clause['key'], number>> = { Action: 1, Resource: 3 };

/** Pairs of values that are compared in one list; what is left of longer lists is compared letter by letter only. */
const MOST_COMPARED = 200_000;

/**
 * An item; `name` is equal for equal text, `holes` for equal symbols, `place` counts in the list. `anything` is the text
 * with a star for each policy variable.
 */
interface Value {
  readonly item: ClauseItem;
  readonly place: number;
  readonly name: string;
  readonly flat: string;
  readonly holes: string;
  readonly anything: string;
}

function readItem(item: ClauseItem, place: number, key: Clause['key']): Value {
  const flat = key === 'Action' ? item.text.flat.toLowerCase() : item.text.flat;
  const holes = symbolsOf(item.text);
  const anything = flat.includes('${') ? flat.replace(/\$\{[^}]*\}?/g, '*') : flat;
  return { item, place, name: `${flat}\0${holes}`, flat, holes, anything };
}

function symbolsOf(text: Text): string {
  return text.parts.flatMap((part) => (part.kind === 'hole' ? [part.symbol] : [])).join('\0');
}

/**
 * Whether all that the inner one names the outer one names too, whatever holes and policy variables stand for. Holes of
 * the outer one have to stand in the inner one too; of two that name the same the first one stays.
 */
function takesIn(outer: Value, inner: Value): boolean {
  if (outer.holes !== '' && outer.holes !== inner.holes) return false;
  const reach = outer.holes === '' ? inner.anything.replaceAll(HOLE, '*') : inner.anything;
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
