/** The blocks of a statement as IAM's objects: `principals` by type, `condition` by operator and key, joined as the provider joins them. */
import { canonicalText, holeText, knownText, type Span, spelledText, type Text } from '../../text/text.ts';
import {
  type Entry,
  type Item,
  joinNames,
  literalOf,
  type Presence,
  type Spelling,
  unseenName,
  type Value,
} from '../../value/value.ts';
import { binding, type Evaluation, HCL, nameOf, UNSETTLED, unknownOf } from './evaluation.ts';
import { spanIn, type TerraformFile } from './file.ts';
import type { Body, Expression, HclSpan } from './hcl/syntax.ts';
import type { Repeated } from './repetition.ts';
import { textArgument, textsArgument, withPolicyVariables } from './texts.ts';

/** The spelling of what blocks make up together: it has keys to rename, and no letters of its own to replace. */
export const BLOCK: Spelling = { notation: 'block', layers: [] };

/** `principals` or `not_principals` blocks as one entry; undefined where there are none. `*` alone is the bare `*`, as the provider renders it. */
export function principalEntry(
  key: 'Principal' | 'NotPrincipal',
  uses: readonly Repeated[],
  file: TerraformFile,
  evaluation: Evaluation,
): Entry | undefined {
  const whole = wholeOf(uses, file);
  if (!whole) return undefined;
  const members = uses.map((use): Entry => {
    const type = keyed(use, 'type', file, evaluation);
    const value = texts(use, 'identifiers', file, evaluation);
    return { ...type, value, presence: use.presence, span: spanIn(file.source, use.block.span) };
  });
  const [only] = members;
  const anyone =
    members.length === 1 && only && only.presence === 'always' && knownText(only.key) === '*'
      ? loneStar(only.value)
      : undefined;
  const entries = joinByKey(members, (a, b) => joinedValue(a, b, 'always'));
  const value: Value = anyone ?? {
    kind: 'object',
    span: whole.span,
    spelling: BLOCK,
    entries,
    open: uses.some((use) => use.more || use.presence === 'sometimes'),
    openSymbol: dynamicName(uses, file, evaluation),
  };
  return { ...whole, key: spelledText('derived', key, whole.keySpan), value };
}

/** The dynamic ones of the blocks by their text. */
function dynamicName(uses: readonly Repeated[], file: TerraformFile, evaluation: Evaluation): string | undefined {
  const blocks = new Set(uses.flatMap(({ dynamic, block }) => (dynamic ? [block] : [])));
  return joinNames([...blocks].map(({ span }) => nameOf(span, file, evaluation)));
}

function loneStar(identifiers: Value): Value | undefined {
  if (identifiers.kind !== 'list' || identifiers.open || identifiers.items.length !== 1) return undefined;
  const [item] = identifiers.items;
  return item?.presence === 'always' && literalOf(item.value) === '*' ? item.value : undefined;
}

/**
 * `condition` blocks as one entry; undefined where there are none. Versions of the provider differ on two blocks with
 * the same test and variable (the last one counts, or the values add up), so their values are there sometimes.
 */
export function conditionEntry(
  uses: readonly Repeated[],
  file: TerraformFile,
  evaluation: Evaluation,
): Entry | undefined {
  const whole = wholeOf(uses, file);
  if (!whole) return undefined;
  const operators = uses.map((use): Entry => {
    const span = spanIn(file.source, use.block.span);
    const value = texts(use, 'values', file, evaluation);
    const variable: Entry = { ...keyed(use, 'variable', file, evaluation), value, presence: 'always', span };
    const object: Value = { kind: 'object', span, spelling: BLOCK, entries: [variable], open: false };
    return { ...keyed(use, 'test', file, evaluation), value: object, presence: use.presence, span };
  });
  const entries = joinByKey(operators, joinedOperators);
  const value: Value = {
    kind: 'object',
    span: whole.span,
    spelling: BLOCK,
    entries,
    open: uses.some((use) => use.more || use.presence === 'sometimes'),
    openSymbol: dynamicName(uses, file, evaluation),
  };
  return { ...whole, key: spelledText('derived', 'Condition', whole.keySpan), value };
}

/** From the first block to the end of the last. */
function wholeOf(uses: readonly Repeated[], file: TerraformFile): Omit<Entry, 'key' | 'value'> | undefined {
  const first = uses[0]?.block;
  const last = uses.at(-1)?.block;
  if (!first || !last) return undefined;
  const span = spanIn(file.source, { start: first.span.start, end: last.span.end });
  const presence = uses.some((use) => use.presence === 'always') ? 'always' : 'sometimes';
  return { keySpan: spanIn(file.source, first.typeSpan), presence, span };
}

function expressionOf(body: Body, name: string): Expression | undefined {
  for (const item of body.items) if (item.kind === 'attribute' && item.name === name) return item.value;
  return undefined;
}

/** An argument whose string becomes a key; a hole at the block's name where it is missing. */
function keyed(
  use: Repeated,
  name: string,
  file: TerraformFile,
  evaluation: Evaluation,
): Pick<Entry, 'key' | 'keySpan'> {
  const expression = expressionOf(use.body, name);
  const value = expression
    ? binding(use.names, evaluation, () => textArgument(expression, file, evaluation)?.value)
    : undefined;
  const keySpan = spanIn(file.source, expression?.span ?? use.block.typeSpan);
  return { key: value?.kind === 'text' ? value.text : missing(name, keySpan, evaluation), keySpan };
}

function missing(name: string, span: Span, evaluation: Evaluation): Text {
  evaluation.reads.add(UNSETTLED);
  return holeText(`${name}@${span.start}`, span);
}

/** An argument whose strings become values. */
function texts(use: Repeated, name: string, file: TerraformFile, evaluation: Evaluation): Value {
  const expression = expressionOf(use.body, name);
  const none: HclSpan = { start: use.block.typeSpan.end, end: use.block.typeSpan.end };
  if (!expression) return unknownOf({ kind: 'invalid', span: none }, file, evaluation);
  const given = binding(use.names, evaluation, () => textsArgument(expression, file, evaluation));
  return given
    ? withPolicyVariables(given.value)
    : { kind: 'list', span: spanIn(file.source, expression.span), spelling: HCL, items: [], open: false };
}

/** Entries with equal keys as one, in order of first appearance. */
function joinByKey(entries: readonly Entry[], join: (a: Entry, b: Entry) => Entry): readonly Entry[] {
  const byKey = new Map<string, Entry>();
  for (const entry of entries) {
    const name = canonicalText(entry.key);
    const before = byKey.get(name);
    byKey.set(name, before ? join(before, entry) : entry);
  }
  return [...byKey.values()];
}

function reaching(a: Span, b: Span): Span {
  return { source: a.source, start: Math.min(a.start, b.start), end: Math.max(a.end, b.end) };
}

/** Two lists of one key as one list, which no single bracket encloses. */
function joinedValue(a: Entry, b: Entry, presence: Presence): Entry {
  const span = reaching(a.span, b.span);
  const both = [a, b].flatMap((entry) => itemsOf(entry, presence));
  const open = [a, b].some(({ value }) => value.kind !== 'text' && (value.kind !== 'list' || value.open));
  const certain = presence === 'always' && a.presence === 'always' && b.presence === 'always';
  const openSymbol = certain ? joinNames([a, b].map(({ value }) => unseenName(value))) : undefined;
  const value: Value = { kind: 'list', span, spelling: BLOCK, items: both, open, openSymbol };
  return { ...a, span, presence: lasting(a, b), value };
}

function lasting(a: Entry, b: Entry): Presence {
  return a.presence === 'always' || b.presence === 'always' ? 'always' : 'sometimes';
}

function itemsOf(entry: Entry, presence: Presence): readonly Item[] {
  const sure = presence === 'always' && entry.presence === 'always';
  if (entry.value.kind === 'text') return [{ value: entry.value, presence: sure ? 'always' : 'sometimes' }];
  if (entry.value.kind !== 'list') return [];
  return sure
    ? entry.value.items
    : entry.value.items.map((item): Item => ({ value: item.value, presence: 'sometimes' }));
}

function joinedOperators(a: Entry, b: Entry): Entry {
  if (a.value.kind !== 'object' || b.value.kind !== 'object') return a;
  const span = reaching(a.span, b.span);
  const own = [a, b].flatMap((operator) =>
    operator.value.kind === 'object' ? entriesOf(operator.value.entries, operator.presence) : [],
  );
  const entries = joinByKey(own, (first, second) => joinedValue(first, second, 'sometimes'));
  return {
    ...a,
    span,
    presence: lasting(a, b),
    value: { kind: 'object', span, spelling: BLOCK, entries, open: a.value.open || b.value.open },
  };
}

function entriesOf(entries: readonly Entry[], presence: Presence): readonly Entry[] {
  return presence === 'always' ? entries : entries.map((entry): Entry => ({ ...entry, presence }));
}
