/**
 * Reads a text as HCL: the file's body, its blocks and attributes. It takes any text, half-typed or binary, and never
 * throws; where the grammar is broken it reports a problem and goes on with what follows.
 */
import {
  CLOSE_BRACE,
  COLON,
  COMMA,
  END,
  EQUALS,
  isCloser,
  lineEnd,
  NEWLINE,
  nameEnd,
  OPEN_BRACE,
  QUOTE,
} from './characters.ts';
import { readExpression } from './expression.ts';
import { skipJunk, startsAttribute, stringEnd } from './recovery.ts';
import {
  createScanner,
  crossLine,
  MAX_DEPTH,
  peek,
  peekBeyond,
  report,
  type Scanner,
  skipBlanks,
  skipLines,
  spanOf,
} from './scanner.ts';
import type { Attribute, Block, BodyItem, HclFile, Label } from './syntax.ts';

/**
 * The tree of a text, with its problems and comments. Linear in the length of the text, and of bounded depth: what is
 * nested deeper than 200 levels reads as `invalid`.
 */
export function parseHcl(text: string): HclFile {
  const scanner = createScanner(text);
  const items: BodyItem[] = [];
  while (scanner.at < text.length) {
    readItems(scanner, items);
    // Something unclosed ended here, before a top-level header; or a closer has no opener.
    scanner.end = text.length;
    if (isCloser(peek(scanner))) skipStray(scanner);
  }
  const hurried = scanner.rereads <= 0 ? ({ isHurried: true } as const) : {};
  return { text, body: { items }, problems: scanner.problems, comments: scanner.comments, ...hurried };
}

/** Reads to a closer or the end. */
function readItems(scanner: Scanner, items: BodyItem[]): void {
  for (;;) {
    skipLines(scanner);
    const code = peek(scanner);
    if (code === END || code === CLOSE_BRACE) return;
    const item = readItem(scanner);
    if (item === undefined) continue;
    items.push(item);
    finishItem(scanner, item);
  }
}

/** An attribute or block; undefined where none stands, behind the junk that stands there instead. */
function readItem(scanner: Scanner): BodyItem | undefined {
  const { text, at } = scanner;
  const nameStop = nameEnd(text, at, scanner.end);
  if (nameStop === at) {
    skipStray(scanner);
    return undefined;
  }
  scanner.at = nameStop;
  skipBlanks(scanner);
  const code = peek(scanner);
  if ((code === EQUALS && peekBeyond(scanner, 1) !== EQUALS) || code === COLON)
    return readAttribute(scanner, at, nameStop);
  return readBlock(scanner, at, nameStop);
}

function readAttribute(scanner: Scanner, start: number, nameStop: number): Attribute {
  if (peek(scanner) === COLON) report(scanner, 'Expected `=`', scanner.at, scanner.at + 1);
  scanner.at++;
  const value = readExpression(scanner);
  return {
    kind: 'attribute',
    name: scanner.text.slice(start, nameStop),
    nameSpan: spanOf(start, nameStop),
    value,
    span: spanOf(start, value.span.end),
  };
}

function readBlock(scanner: Scanner, start: number, typeStop: number): Block | undefined {
  const labels: Label[] = [];
  for (let label = readLabel(scanner); label !== undefined; label = readLabel(scanner)) labels.push(label);
  if (peek(scanner) !== OPEN_BRACE) {
    const stop = labels.at(-1)?.span.end ?? typeStop;
    report(scanner, labels.length > 0 ? 'Expected `{`' : 'Expected `=` or `{`', start, stop);
    skipJunk(scanner, 'item');
    return undefined;
  }
  scanner.at++;
  const bodyStart = scanner.at;
  const items: BodyItem[] = [];
  readBlockItems(scanner, items);
  const bodyStop = scanner.at;
  const closed = peek(scanner) === CLOSE_BRACE;
  if (closed) scanner.at++;
  else report(scanner, 'This block is never closed', start, typeStop);
  return {
    kind: 'block',
    type: scanner.text.slice(start, typeStop),
    typeSpan: spanOf(start, typeStop),
    labels,
    body: { items },
    bodySpan: spanOf(bodyStart, bodyStop),
    span: spanOf(start, scanner.at),
    closed,
  };
}

/** Reads to the block's closing brace or the end; what is nested too deep is skipped. */
function readBlockItems(scanner: Scanner, items: BodyItem[]): void {
  scanner.depth++;
  scanner.braces++;
  if (scanner.depth > MAX_DEPTH) {
    report(scanner, 'This is nested too deep to be read', scanner.at - 1, scanner.at);
    while (scanner.at < scanner.end && peek(scanner) !== CLOSE_BRACE) {
      skipJunk(scanner, 'closer');
      if (isCloser(peek(scanner)) && peek(scanner) !== CLOSE_BRACE) scanner.at++;
    }
  } else readItems(scanner, items);
  scanner.braces--;
  scanner.depth--;
}

function readLabel(scanner: Scanner): Label | undefined {
  const { text, at, end } = scanner;
  if (peek(scanner) !== QUOTE) {
    const stop = nameEnd(text, at, end);
    if (stop === at) return undefined;
    scanner.at = stop;
    skipBlanks(scanner);
    return { text: text.slice(at, stop), span: spanOf(at, stop) };
  }
  const stop = Math.min(stringEnd(text, at, end), lineEnd(text, at, end));
  const closed = stop > at + 1 && text.charCodeAt(stop - 1) === QUOTE;
  if (!closed) report(scanner, 'This string is never closed', at, stop);
  scanner.at = stop;
  skipBlanks(scanner);
  return { text: text.slice(at + 1, closed ? stop - 1 : stop), span: spanOf(at, stop) };
}

/** What may follow an item on its line: nothing, or a closer; a comma or the next attribute is a problem, but read on. */
function finishItem(scanner: Scanner, item: BodyItem): void {
  skipBlanks(scanner);
  const code = peek(scanner);
  if (code === END || code === NEWLINE || code === CLOSE_BRACE) return;
  const isReported = scanner.line > item.span.end || (item.kind === 'attribute' && item.value.kind === 'invalid');
  if (!isReported) report(scanner, 'Expected a new line', scanner.at, scanner.at + 1);
  if (code === COMMA) scanner.at++;
  else if (!startsAttribute(scanner)) skipJunk(scanner, 'item');
}

/** Steps over what cannot start an item, and over the rest of its line where that is no item either. */
function skipStray(scanner: Scanner): void {
  const { at } = scanner;
  if (peek(scanner) === NEWLINE) {
    crossLine(scanner);
    return;
  }
  report(scanner, 'Expected an attribute or a block', at, at + 1);
  if (isCloser(peek(scanner)) || peek(scanner) === COMMA) {
    scanner.at++;
    return;
  }
  skipJunk(scanner, 'item');
  if (scanner.at === at) scanner.at++;
}
