/** Reads the typed view off a site's Value. Total: any Value gives a Policy, or undefined where there is no document to see. */
import { knownText, type Span, spanOf } from '../text/text.ts';
import {
  type Entry,
  entryOf,
  type Item,
  type ListValue,
  lacks,
  literalOf,
  type ObjectValue,
  type Presence,
  type TextValue,
  type Value,
} from '../value/value.ts';
import { DOCUMENT_ELEMENTS, STATEMENT_ELEMENTS } from './elements.ts';
import { doubtOfShape, kindByShape } from './kind.ts';
import type { Site } from './module.ts';
import type {
  Clause,
  ClauseItem,
  Condition,
  ConditionItem,
  Due,
  Effect,
  Policy,
  PrincipalClause,
  PrincipalItem,
  Statement,
  Stray,
} from './policy.ts';

/** The policy at a site; undefined where its value is not an object. */
export function readPolicy(site: Site): Policy | undefined {
  const document = site.value;
  if (document.kind !== 'object') return undefined;
  const strays: Stray[] = [];
  const version = entryOf(document, 'Version');
  const list = entryOf(document, 'Statement');
  const found: { value: ObjectValue; presence: Presence }[] = [];
  const complete = list ? gather(list.value, list.presence, found, strays) : lacks(document, 'Statement');
  const statements = found.map(({ value, presence }, index) => readStatement(value, presence, index));
  for (const entry of document.entries) strange(entry, DOCUMENT_KEYS, strays);
  expectText('Version', version, strays);
  expectText('Id', entryOf(document, 'Id'), strays);
  return {
    site,
    kind: site.kind ?? kindByShape(statements),
    doubt: site.kind ? undefined : doubtOfShape(statements),
    document,
    version,
    language: languageOf(document, version, site),
    statements,
    open: !complete,
    strays,
  };
}

const DOCUMENT_KEYS: ReadonlySet<string> = new Set(DOCUMENT_ELEMENTS);
const STATEMENT_KEYS: ReadonlySet<string> = new Set(STATEMENT_ELEMENTS);

function strange(entry: Entry, known: ReadonlySet<string>, strays: Stray[]): void {
  const name = knownText(entry.key);
  if (name === undefined || known.has(name)) return;
  strays.push({ reason: 'unknown-element', name, span: spanOf(entry.key) ?? entry.keySpan, value: entry.value });
}

function expectText(name: string, entry: Entry | undefined, strays: Stray[]): void {
  if (entry && isOther(entry.value)) strays.push(misshapen(name, entry.value, 'text'));
}

function expectEffect(value: Value | undefined, strays: Stray[]): void {
  if (value && value.kind !== 'text' && value.kind !== 'choice') strays.push(misshapen('Effect', value, 'text'));
}

/** Whether a value that is to be a text is certainly none. Nobody documents what IAM makes of null. */
function isOther(value: Value): boolean {
  return value.kind === 'object' || value.kind === 'list' || (value.kind === 'scalar' && value.value !== null);
}

function misshapen(name: string, value: Value, due: Due): Stray {
  return { reason: 'wrong-shape', name, span: value.span, value, due };
}

/** Collects the statements; false where some may be hidden. */
function gather(
  value: Value,
  presence: Presence,
  into: { value: ObjectValue; presence: Presence }[],
  strays: Stray[],
): boolean {
  switch (value.kind) {
    case 'object':
      into.push({ value, presence });
      return true;
    case 'list': {
      let complete = !value.open;
      for (const item of value.items)
        complete = gather(item.value, both(presence, item.presence), into, strays) && complete;
      return complete;
    }
    case 'choice': {
      let complete = true;
      for (const option of value.options) complete = gather(option, 'sometimes', into, strays) && complete;
      return complete;
    }
    case 'unknown':
      return false;
    case 'text':
    case 'scalar':
      strays.push(misshapen('Statement', value, 'object'));
      return true;
  }
}

function both(a: Presence, b: Presence): Presence {
  return a === 'always' && b === 'always' ? 'always' : 'sometimes';
}

function languageOf(document: ObjectValue, version: Entry | undefined, site: Site): Policy['language'] {
  if (!version) return site.versionImplied ? '2012-10-17' : lacks(document, 'Version') ? '2008-10-17' : 'unknown';
  const text = literalOf(version.value);
  return text === '2012-10-17' || text === '2008-10-17' ? text : 'unknown';
}

function readStatement(value: ObjectValue, presence: Presence, index: number): Statement {
  const strays: Stray[] = [];
  for (const entry of value.entries) strange(entry, STATEMENT_KEYS, strays);
  const sid = entryOf(value, 'Sid');
  const effect = readEffect(value);
  expectText('Sid', sid, strays);
  if (effect.answer === 'invalid') expectEffect(effect.entry?.value, strays);
  const conditionEntry = entryOf(value, 'Condition');
  const conditions: Condition[] = [];
  const closed = conditionEntry ? readConditions(conditionEntry, conditions, strays) : lacks(value, 'Condition');
  return {
    index,
    value,
    presence,
    sid: sid?.value.kind === 'text' ? sid.value : undefined,
    effect,
    action: readClause(value, 'Action', strays),
    resource: readClause(value, 'Resource', strays),
    principal: readPrincipal(value, strays),
    conditions,
    conditionsOpen: !closed,
    conditionEntry,
    strays,
    head: headOf(value, sid, effect.entry),
  };
}

function headOf(value: ObjectValue, sid: Entry | undefined, effect: Entry | undefined): Span {
  for (const entry of [sid, effect]) {
    const span = entry?.value.kind === 'text' ? spanOf(entry.value.text) : undefined;
    if (span && span.source === value.span.source) return span;
  }
  const { source, start, end } = value.span;
  return { source, start, end: Math.min(start + 1, end) };
}

function readEffect(statement: ObjectValue): Effect {
  const entry = entryOf(statement, 'Effect');
  if (!entry) return { answer: lacks(statement, 'Effect') ? 'missing' : 'unknown', entry: undefined };
  if (entry.presence === 'sometimes') return { answer: 'unknown', entry };
  const options = entry.value.kind === 'choice' ? entry.value.options : [entry.value];
  const answers = new Set(options.map(effectWord));
  const [only] = answers;
  return { answer: answers.size === 1 && only ? only : 'unknown', entry };
}

function effectWord(value: Value): Effect['answer'] {
  if (value.kind === 'unknown' || value.kind === 'choice') return 'unknown';
  if (value.kind !== 'text') return 'invalid';
  const word = knownText(value.text);
  if (word === undefined) return 'unknown';
  return word === 'Allow' || word === 'Deny' ? word : 'invalid';
}

function readClause(statement: ObjectValue, key: 'Action' | 'Resource', strays: Stray[]): Clause | undefined {
  const positive = entryOf(statement, key);
  const entry = positive ?? entryOf(statement, `Not${key}`);
  if (!entry) return undefined;
  const items: ClauseItem[] = [];
  const complete = gatherTexts(entry.value, entry.presence, undefined, items, strays, positive ? key : `Not${key}`);
  return { key, negated: !positive, entry, items, open: !complete };
}

/** Collects texts; false where some may be hidden. */
function gatherTexts(
  value: Value,
  presence: Presence,
  list: ListValue | undefined,
  into: ClauseItem[],
  strays: Stray[],
  name: string,
): boolean {
  switch (value.kind) {
    case 'text':
      into.push({ value, text: value.text, span: spanOf(value.text) ?? value.span, presence, list });
      return true;
    case 'list':
      return gatherItems(value, value.items, presence, into, strays, name) && !value.open;
    case 'choice':
      return value.options
        .map((option) => isNull(option) || gatherTexts(option, 'sometimes', undefined, into, strays, name))
        .every(Boolean);
    case 'unknown':
      return false;
    case 'object':
    case 'scalar':
      strays.push(misshapen(name, value, 'texts'));
      return true;
  }
}

/** An option that leaves the element out, as far as anybody documents. */
function isNull(value: Value): boolean {
  return value.kind === 'scalar' && value.value === null;
}

function gatherItems(
  list: ListValue,
  items: readonly Item[],
  presence: Presence,
  into: ClauseItem[],
  strays: Stray[],
  name: string,
): boolean {
  let complete = true;
  for (const item of items) {
    if (item.value.kind === 'list') strays.push(misshapen(name, item.value, 'text'));
    else complete = gatherTexts(item.value, both(presence, item.presence), list, into, strays, name) && complete;
  }
  return complete;
}

function readPrincipal(statement: ObjectValue, strays: Stray[]): PrincipalClause | undefined {
  const positive = entryOf(statement, 'Principal');
  const entry = positive ?? entryOf(statement, 'NotPrincipal');
  if (!entry) return undefined;
  const items: PrincipalItem[] = [];
  const complete = gatherPrincipals(
    entry.value,
    entry.presence,
    items,
    strays,
    positive ? 'Principal' : 'NotPrincipal',
  );
  return { negated: !positive, entry, items, open: !complete };
}

function gatherPrincipals(
  value: Value,
  presence: Presence,
  into: PrincipalItem[],
  strays: Stray[],
  name: string,
): boolean {
  switch (value.kind) {
    case 'object': {
      let complete = !value.open;
      for (const entry of value.entries) {
        const type = knownText(entry.key);
        const texts: ClauseItem[] = [];
        complete =
          gatherTexts(entry.value, both(presence, entry.presence), undefined, texts, strays, name) &&
          type !== undefined &&
          complete;
        if (type !== undefined) for (const item of texts) into.push({ ...item, type });
      }
      return complete;
    }
    case 'text':
      into.push({
        value,
        text: value.text,
        span: spanOf(value.text) ?? value.span,
        presence,
        list: undefined,
        type: '*',
      });
      return true;
    case 'choice':
      return value.options
        .map((option) => isNull(option) || gatherPrincipals(option, 'sometimes', into, strays, name))
        .every(Boolean);
    case 'unknown':
      return false;
    case 'list':
    case 'scalar':
      if (!isNull(value)) strays.push(misshapen(name, value, 'principals'));
      return true;
  }
}

/** Collects the conditions; false where some may be hidden. */
function readConditions(entry: Entry, into: Condition[], strays: Stray[]): boolean {
  if (entry.value.kind === 'unknown' || entry.value.kind === 'choice') return false;
  if (entry.value.kind !== 'object') {
    if (!isNull(entry.value)) strays.push(misshapen('Condition', entry.value, 'object'));
    return true;
  }
  let complete = !entry.value.open;
  for (const operator of entry.value.entries) {
    const presence = both(entry.presence, operator.presence);
    if (operator.value.kind === 'unknown' || operator.value.kind === 'choice') complete = false;
    else if (operator.value.kind !== 'object') {
      if (!isNull(operator.value)) strays.push(misshapen('Condition', operator.value, 'object'));
    } else {
      complete = complete && !operator.value.open && knownText(operator.key) !== undefined;
      for (const key of operator.value.entries) into.push(readCondition(operator, key, presence, strays));
    }
  }
  return complete && into.every((condition) => knownText(condition.key) !== undefined);
}

function readCondition(operator: Entry, key: Entry, presence: Presence, strays: Stray[]): Condition {
  const values: ConditionItem[] = [];
  const complete = gatherConditionValues(key.value, 'always', values, strays);
  return {
    operator: operator.key,
    operatorSpan: spanOf(operator.key) ?? operator.keySpan,
    key: key.key,
    keySpan: spanOf(key.key) ?? key.keySpan,
    values,
    open: !complete,
    presence: both(presence, key.presence),
    entry: key,
  };
}

function gatherConditionValues(value: Value, presence: Presence, into: ConditionItem[], strays: Stray[]): boolean {
  switch (value.kind) {
    case 'text':
      into.push({ value, span: textSpan(value), presence });
      return true;
    case 'scalar':
      into.push({ value, span: value.span, presence });
      return true;
    case 'list':
      return (
        value.items
          .map((item) => {
            if (item.value.kind === 'list') strays.push(misshapen('Condition', item.value, 'values'));
            return gatherConditionValues(item.value, both(presence, item.presence), into, strays);
          })
          .every(Boolean) && !value.open
      );
    case 'choice':
      return value.options.map((option) => gatherConditionValues(option, 'sometimes', into, strays)).every(Boolean);
    case 'unknown':
      return false;
    case 'object':
      strays.push(misshapen('Condition', value, 'values'));
      return true;
  }
}

function textSpan(value: TextValue): Span {
  return spanOf(value.text) ?? value.span;
}
