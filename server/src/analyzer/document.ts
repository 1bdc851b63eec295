/**
 * Document: a policy as the JSON that is sent to AWS, and the way back from a place in it to the words in the user's file.
 * One line of ASCII, so that lines, columns, bytes and characters are all the same count. Pure.
 */
import type { Policy } from '../policy/policy.ts';
import { displayText, hasHole, knownText, type Span, spanOf, type Text } from '../text/text.ts';
import { type Entry, entryOf, type ListValue, type ObjectValue, type Value } from '../value/value.ts';
import { filledText, type Way, wholeStandIn } from './stand-ins.ts';

/** A piece of the document: its letters from `start` to `end`, and the value of the file that they show. */
export interface Piece {
  readonly start: number;
  readonly end: number;
  readonly value: Value | undefined;
  /** What the letters stand in for, as the file has it. */
  readonly standsFor: string | undefined;
  /** Members in order, names may repeat; items of lists. */
  readonly members: readonly Member[];
  readonly items: readonly Piece[];
  /** Something of it is left out, since it is known at deploy time only. */
  readonly partial: boolean;
}

/** A member of an object in the document. */
export interface Member {
  readonly name: string;
  /** The letters of the name, quotes included. */
  readonly start: number;
  readonly end: number;
  readonly entry: Entry | undefined;
  readonly standsFor: string | undefined;
  readonly piece: Piece;
}

/** The whole document. */
export interface Document {
  readonly text: string;
  readonly root: Piece;
}

/** The policy as JSON; undefined where none of its statements can be seen. */
export function documentOf(policy: Policy): Document | undefined {
  if (policy.statements.length === 0 && policy.open) return undefined;
  const writer = new Writer();
  const root = writer.object(policy.document, [], policy.site.versionImplied ? IMPLIED_VERSION : []);
  return { text: writer.text, root };
}

const IMPLIED_VERSION: readonly (readonly [string, string])[] = [['Version', '2012-10-17']];

/** Writes values one after the other. Its identity is the text written so far. */
class Writer {
  text = '';

  object(object: ObjectValue, way: Way, implied: readonly (readonly [string, string])[] = []): Piece {
    const start = this.text.length;
    const members: Member[] = [];
    let partial = object.open;
    this.text += '{';
    for (const [name, text] of implied) {
      if (entryOf(object, name)) continue;
      members.push(
        this.member(name, undefined, undefined, members.length, () => this.string(text, undefined, undefined)),
      );
    }
    for (const entry of object.entries) {
      const known = knownText(entry.key);
      if (entry.presence === 'sometimes') partial = true;
      if (isLeftOut(entry, way)) {
        partial = true;
        continue;
      }
      const name = known ?? filledText(entry.key, [...way, '']);
      const standsFor = known === undefined ? displayText(entry.key) : undefined;
      const below = [...way, name];
      members.push(this.member(name, entry, standsFor, members.length, () => this.value(entry.value, below)));
    }
    this.text += '}';
    return { start, end: this.text.length, value: object, standsFor: undefined, members, items: [], partial };
  }

  member(
    name: string,
    entry: Entry | undefined,
    standsFor: string | undefined,
    index: number,
    write: () => Piece,
  ): Member {
    if (index > 0) this.text += ',';
    const start = this.text.length;
    this.text += ascii(name);
    const end = this.text.length;
    this.text += ':';
    return { name, start, end, entry, standsFor, piece: write() };
  }

  value(value: Value, way: Way): Piece {
    switch (value.kind) {
      case 'object':
        return this.object(value, way);
      case 'list':
        return this.list(value, way);
      case 'text':
        return this.textOf(value, value.text, way);
      case 'scalar':
        return this.raw(
          JSON_NUMBER.test(value.raw) ? value.raw : JSON.stringify(scalarOf(value.value, value.raw)),
          value,
          undefined,
        );
      case 'choice': {
        const [first] = value.options;
        const piece = first ? this.value(first, way) : this.unknown(value, way, value.symbol ?? '');
        return { ...piece, standsFor: piece.standsFor ?? `a choice` };
      }
      case 'unknown':
        return this.unknown(value, way, value.symbol);
    }
  }

  list(list: ListValue, way: Way): Piece {
    const start = this.text.length;
    const items: Piece[] = [];
    let partial = list.open;
    this.text += '[';
    for (const { value, presence } of list.items) {
      if (presence === 'sometimes') partial = true;
      if (value.kind === 'unknown' && way.length === 1) {
        partial = true;
        continue;
      }
      if (items.length > 0) this.text += ',';
      items.push(this.value(value, way));
    }
    if (items.length === 0 && list.open && way.length > 1) items.push(this.unknown(list, way, list.openSymbol ?? ''));
    this.text += ']';
    return { start, end: this.text.length, value: list, standsFor: undefined, members: [], items, partial };
  }

  unknown(value: Value, way: Way, symbol: string): Piece {
    const isPrincipal = way.length === 2 && /^(Not)?Principal$/.test(way[1] ?? '');
    const standsFor = symbol === '' ? 'something' : `\${${symbol}}`;
    if (!isPrincipal) return this.string(wholeStandIn(way, symbol), value, standsFor);
    const text = JSON.stringify({ AWS: wholeStandIn([...way, 'AWS'], symbol) });
    return this.raw(text, value, standsFor);
  }

  textOf(value: Value, text: Text, way: Way): Piece {
    return hasHole(text)
      ? this.string(filledText(text, way), value, displayText(text))
      : this.string(text.flat, value, undefined);
  }

  string(text: string, value: Value | undefined, standsFor: string | undefined): Piece {
    return this.raw(ascii(text), value, standsFor);
  }

  raw(letters: string, value: Value | undefined, standsFor: string | undefined): Piece {
    const start = this.text.length;
    this.text += letters;
    return { start, end: this.text.length, value, standsFor, members: [], items: [], partial: false };
  }
}

const JSON_NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;

function scalarOf(value: number | boolean | null, raw: string): number | boolean | null | string {
  return typeof value === 'number' ? raw : value;
}

/** What has no stand-in that would not change the question: statements, conditions, operators and keys that are not known. */
function isLeftOut({ key, value }: Entry, way: Way): boolean {
  const isNameless = hasHole(key) && key.flat.length === 1;
  if (isNameless) return true;
  const depth = way.length;
  const name = key.flat;
  const isEmpty = value.kind === 'unknown' || (value.kind === 'object' && value.open && value.entries.length === 0);
  if (depth === 0) return name === 'Statement' && value.kind === 'unknown';
  if (depth === 1) return name === 'Condition' && isEmpty;
  return depth === 2 && way[1] === 'Condition' && isEmpty;
}

function ascii(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\uffff]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** The words of the file that a value's letters are: without its quotes where that is one piece of one file. */
export function wordsOf(value: Value): Span {
  return (value.kind === 'text' ? spanOf(value.text) : undefined) ?? value.span;
}
