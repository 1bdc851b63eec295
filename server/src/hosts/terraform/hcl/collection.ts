/**
 * Reads what holds several expressions: lists, objects, `for` expressions and the arguments of a call.
 * It never takes a closer that belongs to something around it.
 */
import {
  CLOSE_BRACE,
  CLOSE_BRACKET,
  CLOSE_PAREN,
  COLON,
  COMMA,
  DOT,
  END,
  EQUALS,
  GREATER,
  isCloser,
  NEWLINE,
  nameEnd,
} from './characters.ts';
import { readExpression } from './expression.ts';
import { hasOwner, skipJunk, startsEntry, takeCloser } from './recovery.ts';
import { peek, peekBeyond, report, type Scanner, skipBlanks, skipLines, spanOf } from './scanner.ts';
import type { BareKey, Expression, For, List, Name, ObjectEntry, ObjectExpression, ObjectKey } from './syntax.ts';

/** The list or `for` expression whose `[` stands at the position. */
export function readList(scanner: Scanner): List | For {
  const { at, newlineEnds } = scanner;
  scanner.at++;
  scanner.newlineEnds = false;
  scanner.brackets++;
  skipBlanks(scanner);
  const list = isForIntroduction(scanner) ? readFor(scanner, at, 'list') : readListItems(scanner, at);
  scanner.brackets--;
  scanner.newlineEnds = newlineEnds;
  return list;
}

/** The object or `for` expression whose `{` stands at the position. */
export function readObject(scanner: Scanner): ObjectExpression | For {
  const { at, newlineEnds } = scanner;
  scanner.at++;
  scanner.braces++;
  skipLines(scanner);
  const isFor = isForIntroduction(scanner);
  scanner.newlineEnds = !isFor;
  const object = isFor ? readFor(scanner, at, 'object') : readEntries(scanner, at);
  scanner.braces--;
  scanner.newlineEnds = newlineEnds;
  return object;
}

/** Expressions between brackets; `end` is behind the closer, or behind the last of them where that never comes. */
export interface Items {
  readonly items: readonly Expression[];
  readonly expand: boolean;
  readonly end: number;
  readonly closed: boolean;
}

/** The arguments of a call whose `(` stands at the position. */
export function readArguments(scanner: Scanner): Items {
  const { newlineEnds } = scanner;
  scanner.at++;
  scanner.newlineEnds = false;
  scanner.parens++;
  const read = readItems(scanner, CLOSE_PAREN, scanner.at);
  scanner.parens--;
  scanner.newlineEnds = newlineEnds;
  return read;
}

/** The identifiers before the `in` of a `for`, and the collection behind it. */
export function readForClause(scanner: Scanner): { variables: readonly Name[]; collection: Expression } {
  const variables: Name[] = [];
  for (let name = takeName(scanner); name !== undefined; name = takeName(scanner)) {
    variables.push(name);
    skipBlanks(scanner);
    if (peek(scanner) !== COMMA) break;
    scanner.at++;
  }
  if (variables.length === 0 || variables.length > 2)
    report(scanner, 'Expected one or two names', scanner.at, scanner.at);
  if (!takeWord(scanner, 'in')) report(scanner, 'Expected `in`', scanner.at, scanner.at);
  return { variables, collection: readExpression(scanner) };
}

/** Takes the word where it stands next. */
export function takeWord(scanner: Scanner, word: string): boolean {
  skipBlanks(scanner);
  const { text, at } = scanner;
  if (!text.startsWith(word, at) || nameEnd(text, at, scanner.end) !== at + word.length) return false;
  scanner.at += word.length;
  return true;
}

function readListItems(scanner: Scanner, start: number): List {
  const { items, expand, end, closed } = readItems(scanner, CLOSE_BRACKET, start + 1);
  if (expand) report(scanner, '`...` belongs to the arguments of a call', end - 1, end);
  return { kind: 'list', items, span: spanOf(start, end), closed };
}

/** Reads what stands behind an opener that ended at `start`. */
function readItems(scanner: Scanner, closer: number, start: number): Items {
  const items: Expression[] = [];
  let expand = false;
  let end = start;
  for (;;) {
    skipBlanks(scanner);
    const code = peek(scanner);
    if (code === closer) {
      scanner.at++;
      return { items, expand, end: scanner.at, closed: true };
    }
    if (code === END || (isCloser(code) && hasOwner(scanner, code)) || (scanner.line > end && startsEntry(scanner)))
      break;
    if (isCloser(code) || code === COMMA) {
      report(scanner, 'Expected an expression', scanner.at, scanner.at + 1);
      scanner.at++;
      continue;
    }
    const item = readExpression(scanner);
    items.push(item.kind === 'invalid' ? skipItem(scanner, item) : item);
    end = items.at(-1)?.span.end ?? end;
    skipBlanks(scanner);
    if (peek(scanner) === DOT && peekBeyond(scanner, 1) === DOT && peekBeyond(scanner, 2) === DOT) {
      expand = true;
      scanner.at += 3;
      end = scanner.at;
      skipBlanks(scanner);
    }
    if (peek(scanner) === COMMA) {
      scanner.at++;
      end = scanner.at;
    } else if (!isCloser(peek(scanner)) && peek(scanner) !== END && !(scanner.line > end && startsEntry(scanner))) {
      report(scanner, 'Expected `,`', end, end);
    }
  }
  report(scanner, `Expected \`${String.fromCharCode(closer)}\``, end, end);
  return { items, expand, end, closed: false };
}

/** What stands where an item should, as one invalid expression; at least one character, so that reading goes on. */
function skipItem(scanner: Scanner, item: Expression): Expression {
  const { at } = scanner;
  if (at > item.span.end || isCloser(peek(scanner)) || peek(scanner) === END) return item;
  skipJunk(scanner, 'item');
  if (scanner.at === at) scanner.at++;
  return { kind: 'invalid', span: spanOf(item.span.start, scanner.at) };
}

function readEntries(scanner: Scanner, start: number): ObjectExpression {
  const entries: ObjectEntry[] = [];
  let end = start + 1;
  for (;;) {
    skipLines(scanner);
    const code = peek(scanner);
    if (code === CLOSE_BRACE) {
      scanner.at++;
      return { kind: 'object', entries, span: spanOf(start, scanner.at), closed: true };
    }
    if (code === END || (isCloser(code) && hasOwner(scanner, code))) break;
    if (isCloser(code) || code === COMMA) {
      report(scanner, 'Expected a key', scanner.at, scanner.at + 1);
      scanner.at++;
      continue;
    }
    const before = scanner.at;
    const entry = readEntry(scanner);
    if (scanner.at === before) {
      skipJunk(scanner, 'item');
      if (scanner.at === before) scanner.at++;
      continue;
    }
    entries.push(entry);
    end = finishEntry(scanner, entry);
  }
  report(scanner, 'Expected `}`', end, end);
  return { kind: 'object', entries, span: spanOf(start, end), closed: false };
}

/** Steps over what separates entries; gives where the last token ended. */
function finishEntry(scanner: Scanner, entry: ObjectEntry): number {
  skipBlanks(scanner);
  const { end } = entry.span;
  const code = peek(scanner);
  if (code === COMMA) {
    scanner.at++;
    return scanner.at;
  }
  if (code === NEWLINE || code === END || isCloser(code)) return end;
  if (entry.value.kind !== 'invalid' && scanner.line <= end) report(scanner, 'Expected `,` or a new line', end, end);
  if (!startsEntry(scanner)) skipJunk(scanner, 'item');
  return end;
}

function readEntry(scanner: Scanner): ObjectEntry {
  const key = readKey(scanner);
  skipBlanks(scanner);
  const code = peek(scanner);
  if (code === EQUALS || code === COLON) {
    // `=>` belongs to `for` alone; read as `=` it keeps the value.
    if (peekBeyond(scanner, 1) === GREATER) report(scanner, 'Expected `=`', scanner.at, scanner.at + 2);
    scanner.at += peekBeyond(scanner, 1) === GREATER ? 2 : 1;
    const value = readExpression(scanner);
    return { key, value, span: spanOf(key.span.start, value.span.end) };
  }
  const { end } = key.span;
  if (key.kind !== 'invalid') report(scanner, 'Expected `=`', end, end);
  return { key, value: { kind: 'invalid', span: spanOf(end, end) }, span: spanOf(key.span.start, end) };
}

/** A name that stands alone, up to the sign, newline or closer behind it, is a bare key. */
function readKey(scanner: Scanner): ObjectKey {
  const { at } = scanner;
  const key = readExpression(scanner);
  const isName = key.kind === 'variable' || key.kind === 'boolean' || key.kind === 'null';
  if (!isName || key.span.start !== at) return key;
  return { kind: 'identifier', name: scanner.text.slice(at, key.span.end), span: key.span } satisfies BareKey;
}

function isForIntroduction(scanner: Scanner): boolean {
  const { text, at, end } = scanner;
  const stop = nameEnd(text, at, end);
  if (stop !== at + 3 || !text.startsWith('for', at)) return false;
  let next = stop;
  while (next < end && text.charCodeAt(next) <= 32) next++;
  return nameEnd(text, next, end) > next;
}

function readFor(scanner: Scanner, start: number, form: 'list' | 'object'): For {
  scanner.at += 3;
  const { variables, collection } = readForClause(scanner);
  if (peek(scanner) === COLON) scanner.at++;
  else report(scanner, 'Expected `:`', collection.span.end, collection.span.end);
  const first = readExpression(scanner);
  const isKeyed = peek(scanner) === EQUALS && peekBeyond(scanner, 1) === GREATER;
  if (isKeyed) scanner.at += 2;
  if (isKeyed !== (form === 'object')) {
    report(scanner, isKeyed ? 'A key belongs in braces' : 'Expected `=>`', first.span.start, first.span.end);
  }
  const value = isKeyed ? readExpression(scanner) : first;
  const grouping = takeEllipsis(scanner);
  const groupingEnd = grouping ? scanner.at : value.span.end;
  const condition = takeWord(scanner, 'if') ? readExpression(scanner) : undefined;
  const end = condition?.span.end ?? groupingEnd;
  const stop = takeCloser(scanner, form === 'list' ? CLOSE_BRACKET : CLOSE_BRACE, end);
  return {
    kind: 'for',
    form,
    variables,
    collection,
    key: isKeyed ? first : undefined,
    value,
    grouping,
    condition,
    span: spanOf(start, stop),
    closed: stop > end,
  };
}

function takeEllipsis(scanner: Scanner): boolean {
  skipBlanks(scanner);
  if (peek(scanner) !== DOT || peekBeyond(scanner, 1) !== DOT || peekBeyond(scanner, 2) !== DOT) return false;
  scanner.at += 3;
  return true;
}

function takeName(scanner: Scanner): Name | undefined {
  skipBlanks(scanner);
  const { text, at } = scanner;
  const stop = nameEnd(text, at, scanner.end);
  if (stop === at || (stop === at + 2 && text.startsWith('in', at))) return undefined;
  scanner.at = stop;
  return { name: text.slice(at, stop), span: spanOf(at, stop) };
}
