/** Reads `data "aws_iam_policy_document"` as a draft of the document that it renders. Undefined where that takes more than its own blocks. */
import { STATEMENT_ARGUMENTS } from '../blocks.ts';
import { type Evaluation, evaluationOf } from '../evaluation.ts';
import { attributeOf, type TerraformFile } from '../file.ts';
import type { Attribute, Block, BodyItem } from '../hcl/syntax.ts';
import type { Scope } from '../scope.ts';
import { literalOf } from '../walk.ts';
import {
  type Draft,
  type DraftObject,
  type Keyed,
  keyed,
  type Member,
  NO_NOTES,
  type Notes,
  notesOf,
  quoted,
} from './draft.ts';
import { draftOf, wordsOf } from './from-expression.ts';

/** The document that the block renders. */
export function fromBlock(block: Block, file: TerraformFile, scope: Scope): DraftObject | undefined {
  const evaluation = evaluationOf(scope);
  const reading: Reading = { file, evaluation };
  const members: Keyed[] = [];
  const statements: Member[] = [];
  for (const [item, notes] of noted(block, file)) {
    if (item.kind === 'block') {
      const value = item.type === 'statement' ? statementOf(item, reading) : undefined;
      if (!value) return undefined;
      statements.push({ value, notes });
      continue;
    }
    const key = DOCUMENT_KEYS.get(item.name);
    const value = key && textOf(item, reading);
    if (!key || !value) return undefined;
    members.push(keyed(key, value, notes));
  }
  if (!block.closed || statements.length === 0) return undefined;
  const version = members.some(({ key }) => key === 'Version') ? [] : [keyed('Version', quoted('2012-10-17'))];
  const all: Draft = { kind: 'list', members: statements, broken: true };
  return { kind: 'object', members: [...version, ...members, keyed('Statement', all)] };
}

interface Reading {
  readonly file: TerraformFile;
  readonly evaluation: Evaluation;
}

const DOCUMENT_KEYS: ReadonlyMap<string, string> = new Map([
  ['version', 'Version'],
  ['policy_id', 'Id'],
]);

function noted(block: Block, file: TerraformFile): readonly (readonly [item: BodyItem, notes: Notes])[] {
  const { items } = block.body;
  const notes = notesOf(
    file,
    block.bodySpan,
    items.map(({ span }) => span),
  );
  return items.map((item, i) => [item, notes[i] ?? NO_NOTES]);
}

function statementOf(block: Block, reading: Reading): DraftObject | undefined {
  const members: Keyed[] = [];
  for (const [item, notes] of noted(block, reading.file)) {
    if (item.kind === 'block') {
      if (!addBlock(item, notes, members, reading)) return undefined;
      continue;
    }
    const row = STATEMENT_ARGUMENTS.get(item.name);
    const value = row && (row.holds === 'text' ? textOf(item, reading) : textsOf(item, reading));
    if (!row || !value) return undefined;
    members.push(keyed(row.key, row.holds === 'texts with variables' ? withDollars(value) : value, notes));
  }
  if (!block.closed) return undefined;
  if (members.some(({ key }) => key === 'Effect')) return { kind: 'object', members };
  const sid = members.findIndex(({ key }) => key === 'Sid') + 1;
  return {
    kind: 'object',
    members: [...members.slice(0, sid), keyed('Effect', quoted('Allow')), ...members.slice(sid)],
  };
}

/** A string that is one for certain: what is null would not be left out elsewhere. */
function textOf({ value }: Attribute, { file, evaluation }: Reading): Draft | undefined {
  const words = wordsOf(value, file, evaluation);
  return value.kind !== 'heredoc' && words.holds === 'text' ? words : undefined;
}

function textsOf({ value }: Attribute, { file, evaluation }: Reading): Draft | undefined {
  const draft = draftOf(value, file, evaluation);
  if (draft?.kind === 'list') return draft.members.length > 0 ? draft : undefined;
  return draft?.kind === 'words' && draft.holds === 'list' ? draft : undefined;
}

/** The provider reads `&{` as `${`. */
function withDollars(draft: Draft): Draft {
  switch (draft.kind) {
    case 'words':
      return { ...draft, text: draft.text.replaceAll('&{', () => '$${') };
    case 'list':
      return { ...draft, members: draft.members.map((one) => ({ ...one, value: withDollars(one.value) })) };
    case 'object':
      return draft;
  }
}

const NESTED: ReadonlyMap<string, string> = new Map([
  ['principals', 'Principal'],
  ['not_principals', 'NotPrincipal'],
  ['condition', 'Condition'],
]);

/** Adds what a nested block says to the element that blocks of its type make up; false where that cannot be told. */
function addBlock(block: Block, outer: Notes, members: Keyed[], reading: Reading): boolean {
  const inside = noted(block, reading.file).flatMap(([, { above, behind, below }]) => [
    ...above,
    ...(behind ? [behind] : []),
    ...below,
  ]);
  const notes: Notes = { ...outer, above: [...outer.above, ...inside] };
  const key = NESTED.get(block.type);
  const inner = key === 'Condition' ? conditionOf(block, reading) : principalOf(block, reading);
  if (!key || !inner) return false;
  const place = members.findIndex((member) => member.key === key);
  const before = members[place];
  const [added] = inner.members;
  if (!before || !added) {
    const lone = key !== 'Condition' && added?.key === '*' ? quoted('*') : undefined;
    const value: DraftObject = { kind: 'object', members: inner.members.map((one) => ({ ...one, notes })) };
    members.push(lone ? keyed(key, lone, notes) : keyed(key, value));
    return true;
  }
  if (before.value.kind !== 'object' || added.key === '*') return false;
  const joined = joinedWith(before.value, { ...added, notes });
  if (joined) members[place] = { ...before, value: joined };
  return joined !== undefined;
}

/** Two of one operator are one with both keys; two of one key are read differently by versions of the provider. */
function joinedWith(object: DraftObject, added: Keyed): DraftObject | undefined {
  const place = object.members.findIndex(({ words }) => words === added.words);
  const before = object.members[place];
  if (!before) return { kind: 'object', members: [...object.members, added] };
  const [first, second] = [before.value, added.value];
  if (first.kind !== 'object' || second.kind !== 'object') return undefined;
  if (second.members.some(({ words }) => first.members.some((one) => one.words === words))) return undefined;
  const value: DraftObject = {
    kind: 'object',
    members: [...first.members, ...second.members.map((one) => ({ ...one, notes: added.notes }))],
  };
  return { kind: 'object', members: object.members.map((one, i) => (i === place ? { ...before, value } : one)) };
}

function principalOf(block: Block, reading: Reading): DraftObject | undefined {
  const [type, identifiers] = [attributeOf(block, 'type'), attributeOf(block, 'identifiers')];
  const key = type && textKey(type, reading);
  const value = identifiers && textsOf(identifiers, reading);
  if (!key || !value || !isWhole(block, 2) || (key.key === '*' && !isStar(value))) return undefined;
  return { kind: 'object', members: [{ ...key, value: withDollars(value), notes: NO_NOTES }] };
}

function isStar(draft: Draft): boolean {
  const [only, ...others] = draft.kind === 'list' ? draft.members : [];
  return others.length === 0 && only?.value.kind === 'words' && only.value.text === '"*"';
}

function conditionOf(block: Block, reading: Reading): DraftObject | undefined {
  const [test, variable] = [attributeOf(block, 'test'), attributeOf(block, 'variable')];
  const values = attributeOf(block, 'values');
  const [operator, key] = [test && textKey(test, reading), variable && textKey(variable, reading)];
  const value = values && textsOf(values, reading);
  if (!operator || !key || !value || !isWhole(block, 3)) return undefined;
  const inner: DraftObject = { kind: 'object', members: [{ ...key, value: withDollars(value), notes: NO_NOTES }] };
  return { kind: 'object', members: [{ ...operator, value: inner, notes: NO_NOTES }] };
}

/** Whether the block ends, and holds just so many items. */
function isWhole({ body, closed }: Block, count: number): boolean {
  return closed && body.items.length === count;
}

function textKey({ value }: Attribute, { file, evaluation }: Reading): Pick<Keyed, 'key' | 'words'> | undefined {
  const words = wordsOf(value, file, evaluation);
  if (words.holds !== 'text' || value.kind === 'heredoc') return undefined;
  return { key: literalOf(value, file.source.text), words: words.text };
}
