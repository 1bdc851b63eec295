/**
 * Shape: reads plain kinds of things out of Values, and says at the very word where one is of another kind. What cannot
 * be read is undefined or left out; nothing throws. Knows no setting by name.
 */
import type { Plain } from '../finding/edit.ts';
import { knownText, type Span, spanOf } from '../text/text.ts';
import { type Entry, literalOf, type Value } from '../value/value.ts';
import { didYouMean } from './nearest.ts';

/** Takes a complaint: one present-tense clause about the text at `span`. */
export type Report = (span: Span, message: string) => void;

/** The letters of a text without its quotes, the first character of anything larger. */
export function wordOf(value: Value): Span {
  if (value.kind === 'text') return spanOf(value.text) ?? value.span;
  const long = value.kind === 'object' || value.kind === 'list';
  return long ? { ...value.span, end: Math.min(value.span.end, value.span.start + 1) } : value.span;
}

/** The letters of an entry's key, without quotes. */
export function keyWord(entry: Entry): Span {
  return spanOf(entry.key) ?? entry.keySpan;
}

/** The entries of an object by key; the last of equal keys counts. Complains of what is no object. */
export function entries(value: Value, name: string, report: Report): readonly Entry[] {
  if (value.kind !== 'object') {
    report(wordOf(value), `${name} takes an object`);
    return [];
  }
  const byKey = new Map<string, Entry>();
  for (const entry of value.entries) {
    const key = knownText(entry.key);
    if (key !== undefined) byKey.set(key, entry);
  }
  return [...byKey.values()];
}

/** The values of an object that may hold these keys only; complains of every other key. */
export function fields<Key extends string>(
  value: Value,
  name: string,
  keys: readonly Key[],
  report: Report,
): Partial<Record<Key, Value>> {
  const found: Partial<Record<Key, Value>> = {};
  for (const entry of entries(value, name, report)) {
    const key = keys.find((candidate) => candidate === entry.key.flat);
    if (key) found[key] = entry.value;
    else report(keyWord(entry), `\`${entry.key.flat}\` is not a key of ${name}${didYouMean(entry.key.flat, keys)}`);
  }
  return found;
}

/** The items of a list. */
export function list(value: Value | undefined, name: string, report: Report): readonly Value[] {
  if (value === undefined) return [];
  if (value.kind === 'list') return value.items.map((item) => item.value);
  report(wordOf(value), `${name} takes a list`);
  return [];
}

/** A string. */
export function text(value: Value | undefined, name: string, report: Report): string | undefined {
  if (value === undefined) return undefined;
  const literal = literalOf(value);
  if (literal === undefined) report(wordOf(value), `${name} takes a string`);
  return literal;
}

/** A list of strings, without those that `wrong` has a complaint about. */
export function texts(
  value: Value | undefined,
  name: string,
  report: Report,
  wrong?: (item: string) => string | undefined,
): readonly string[] {
  return list(value, name, report).flatMap((item) => {
    const literal = text(item, `each item of ${name}`, report);
    if (literal === undefined) return [];
    const complaint = wrong?.(literal);
    if (complaint === undefined) return [literal];
    report(wordOf(item), complaint);
    return [];
  });
}

/** One of a few words. */
export function oneOf<Word extends string>(
  value: Value | undefined,
  name: string,
  words: readonly Word[],
  report: Report,
): Word | undefined {
  const literal = text(value, name, report);
  if (value === undefined || literal === undefined) return undefined;
  const word = words.find((candidate) => candidate === literal);
  if (!word) report(wordOf(value), `\`${literal}\` is not ${alternatives(words)}${didYouMean(literal, words)}`);
  return word;
}

/** `a`, `b` or `c`. */
export function alternatives(words: readonly string[]): string {
  const quoted = words.map((word) => `\`${word}\``);
  return quoted.length < 2 ? quoted.join('') : `${quoted.slice(0, -1).join(', ')} or ${quoted[quoted.length - 1]}`;
}

/** The value as plain data; null for what could not be read. */
export function plain(value: Value): Plain {
  switch (value.kind) {
    case 'text':
      return knownText(value.text) ?? null;
    case 'scalar':
      return value.value;
    case 'list':
      return value.items.map((item) => plain(item.value));
    case 'object':
      return { entries: value.entries.map((entry) => [entry.key.flat, plain(entry.value)] as const) };
    case 'choice':
    case 'unknown':
      return null;
  }
}
