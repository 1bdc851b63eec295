/** Spells a draft as `data "aws_iam_policy_document"`. Undefined where a document has no argument for something of it. */
import { argumentOf } from '../blocks.ts';
import { type Draft, type DraftObject, type Keyed, memberOf, NO_NOTES, type Notes, quoted } from './draft.ts';
import { noted, type Row, spellDraft, spellRows } from './layout.ts';

const STEP = '  ';

/** The block, without a line end behind it. */
export function toBlock(draft: DraftObject, name: string): string | undefined {
  const parts: string[] = [];
  const rows: Row[] = [];
  if (!memberOf(draft, 'Version')) rows.push({ name: 'version', value: '"2008-10-17"', notes: NO_NOTES });
  for (const { key, value, notes } of draft.members) {
    if (key === 'Statement') {
      const statements = statementsOf(value, notes);
      if (!statements) return undefined;
      parts.push(...statements);
      continue;
    }
    const argument = key === 'Version' || key === 'Id' ? argumentOf(key) : undefined;
    if (argument === undefined || value.kind !== 'words' || value.holds === 'list') return undefined;
    const isImplied = key === 'Version' && value.text === '"2012-10-17"';
    if (!isImplied) rows.push({ name: argument, value: spellDraft(value, STEP, 'block'), notes });
  }
  const head = rows.length > 0 ? [spellRows(rows, STEP)] : [];
  return parts.length === 0
    ? undefined
    : `data "aws_iam_policy_document" "${name}" {\n${STEP}${[...head, ...parts].join(`\n\n${STEP}`)}\n}`;
}

function statementsOf(value: Draft, outer: Notes): readonly string[] | undefined {
  const members = value.kind === 'list' ? value.members : [{ value, notes: outer }];
  const blocks = members.map(({ value: one, notes }) => {
    const block = one.kind === 'object' ? statementOf(one) : undefined;
    return block && noted(block, notes, STEP);
  });
  return blocks.every((block) => block !== undefined) ? blocks : undefined;
}

function statementOf({ members }: DraftObject): string | undefined {
  const indent = STEP + STEP;
  const rows: Row[] = [];
  const blocks: string[] = [];
  for (const member of members) {
    const { key, value, notes } = member;
    if (key === 'Sid' && value.kind === 'words' && value.text === '""') continue;
    if (key === 'Principal' || key === 'NotPrincipal' || key === 'Condition') {
      const found = key === 'Condition' ? conditionsOf(value, indent) : principalsOf(key, value, indent);
      if (!found) return undefined;
      blocks.push(...found.map((block, i) => noted(block, i === 0 ? notes : NO_NOTES, indent)));
      continue;
    }
    const argument = key !== undefined && ELEMENTS.has(key) ? argumentOf(key) : undefined;
    const text = argument === undefined ? undefined : argumentText(argument, member, indent);
    if (argument === undefined || text === undefined) return undefined;
    rows.push({ name: argument, value: text, notes });
  }
  const parts = [...(rows.length > 0 ? [spellRows(rows, indent)] : []), ...blocks];
  return `statement {\n${indent}${parts.join(`\n\n${indent}`)}\n${STEP}}`;
}

const ELEMENTS: ReadonlySet<string> = new Set('Sid Effect Action NotAction Resource NotResource'.split(' '));

function argumentText(argument: string, { value, key }: Keyed, indent: string): string | undefined {
  if (argument.endsWith('s')) {
    const list = asList(value);
    const isAction = key === 'Action' || key === 'NotAction';
    return list && spellDraft(isAction ? list : withAmpersands(list), indent, 'block');
  }
  return value.kind === 'words' && value.holds !== 'list' ? spellDraft(value, indent, 'block') : undefined;
}

/** A list, or what is one; a single string as a list of it. Undefined where it may be either. */
function asList(value: Draft): Draft | undefined {
  if (value.kind === 'list')
    return value.members.every((one) => one.value.kind === 'words') && value.members.length > 0 ? value : undefined;
  if (value.kind === 'object' || value.holds === 'unknown') return undefined;
  return value.holds === 'list' ? value : { kind: 'list', members: [{ value, notes: NO_NOTES }], broken: false };
}

/** IAM's own variables as the provider likes them, so that nobody takes them for Terraform's. */
function withAmpersands(draft: Draft): Draft {
  switch (draft.kind) {
    case 'words':
      return draft.text.startsWith('"') ? { ...draft, text: draft.text.replaceAll('$${', '&{') } : draft;
    case 'list':
      return { ...draft, members: draft.members.map((one) => ({ ...one, value: withAmpersands(one.value) })) };
    case 'object':
      return draft;
  }
}

function principalsOf(key: string, value: Draft, indent: string): readonly string[] | undefined {
  const name = key === 'Principal' ? 'principals' : 'not_principals';
  const everybody = value.kind === 'words' && value.text === '"*"';
  const types = everybody
    ? [{ key: '*', words: '"*"', value: quoted('*'), notes: NO_NOTES }]
    : value.kind === 'object'
      ? value.members
      : [];
  return blocksOf(types, indent, ({ words, value: identifiers }) => [
    name,
    [['type', words]],
    'identifiers',
    identifiers,
  ]);
}

function conditionsOf(value: Draft, indent: string): readonly string[] | undefined {
  if (value.kind !== 'object') return undefined;
  const blocks = value.members.map((operator) => {
    const keys = operator.value.kind === 'object' ? operator.value.members : [];
    const first = keys.map((one, i) => (i === 0 ? { ...one, notes: joined(operator.notes, one.notes) } : one));
    return blocksOf(first, indent, ({ words, value: values }) => [
      'condition',
      [
        ['test', operator.words],
        ['variable', words],
      ],
      'values',
      values,
    ]);
  });
  return blocks.length > 0 && blocks.every((block) => block !== undefined) ? blocks.flat() : undefined;
}

function joined(outer: Notes, inner: Notes): Notes {
  return { ...inner, above: [...outer.above, ...inner.above] };
}

type Nested = readonly [
  block: string,
  rows: readonly (readonly [name: string, words: string])[],
  list: string,
  values: Draft,
];

function blocksOf(
  members: readonly Keyed[],
  indent: string,
  nested: (member: Keyed) => Nested,
): readonly string[] | undefined {
  const blocks = members.map((member) => {
    const [block, own, name, values] = nested(member);
    const list = asList(values);
    if (!list) return undefined;
    const inner = indent + STEP;
    const rows = own.map(([row, words]): Row => ({ name: row, value: words.replaceAll('$${', '&{'), notes: NO_NOTES }));
    const last: Row = { name, value: spellDraft(withAmpersands(list), inner, 'block'), notes: NO_NOTES };
    return noted(`${block} {\n${inner}${spellRows([...rows, last], inner)}\n${indent}}`, member.notes, indent);
  });
  return blocks.length > 0 && blocks.every((block) => block !== undefined) ? blocks : undefined;
}
