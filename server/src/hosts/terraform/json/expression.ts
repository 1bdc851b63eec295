/** Expressions of Terraform's JSON syntax as HCL's own: strings are templates, the rest stands for itself. Evaluates nothing. */
import type { Entry, TextValue, Value } from '../../../value/value.ts';
import { createScanner, type Scanner } from '../hcl/scanner.ts';
import type { Expression, HclProblem, HclSpan, ObjectEntry, Template, TemplatePart } from '../hcl/syntax.ts';
import { addLiteral, isSequence, readSequence, takeDoubled } from '../hcl/template.ts';
import type { Shadow } from './shadow.ts';

/** How strings are read: as templates over a text that HCL can be read from, or letter by letter. */
export interface Strings {
  readonly shadow: Shadow;
  /** Undefined where strings are letters only. */
  readonly scanner: Scanner | undefined;
}

/** Strings that are templates. */
export function templatesOver(shadow: Shadow): Strings {
  return { shadow, scanner: createScanner(shadow.text) };
}

/** Strings that are what they say. */
export function lettersOf(text: string): Strings {
  return { shadow: { text, unreadable: new Set() }, scanner: undefined };
}

/** What is wrong in the sequences that were read so far. */
export function problemsOf({ scanner }: Strings): readonly HclProblem[] {
  return scanner?.problems ?? [];
}

/** The value as an expression; what is not known is an empty `invalid` where it stands. Source: Terraform, "JSON Configuration Syntax", expression mapping. */
export function expressionOf(value: Value, strings: Strings): Expression {
  const span = offsetsOf(value.span);
  switch (value.kind) {
    case 'text':
      return templateOf(value, strings);
    case 'list':
      return { kind: 'list', items: value.items.map((item) => expressionOf(item.value, strings)), span, closed: true };
    case 'object':
      return { kind: 'object', entries: value.entries.map((entry) => entryOf(entry, strings)), span, closed: true };
    case 'scalar':
      if (value.value === null) return { kind: 'null', span };
      return typeof value.value === 'number'
        ? { kind: 'number', value: value.value, span }
        : { kind: 'boolean', value: value.value, span };
    case 'choice':
    case 'unknown':
      return { kind: 'invalid', span: { start: span.start, end: span.start } };
  }
}

/** The offsets of a place. */
export function offsetsOf({ start, end }: HclSpan): HclSpan {
  return { start, end };
}

function entryOf(entry: Entry, strings: Strings): ObjectEntry {
  const key: Value = { kind: 'text', span: entry.keySpan, spelling: entry.value.spelling, text: entry.key };
  return { key: expressionOf(key, strings), value: expressionOf(entry.value, strings), span: offsetsOf(entry.span) };
}

function templateOf(value: TextValue, strings: Strings): Template {
  const { scanner, shadow } = strings;
  const span = offsetsOf(value.span);
  const closed = span.end - span.start > 1 && shadow.text.charAt(span.end - 1) === '"';
  const sequences = closed && scanner !== undefined && /[$%]\{/.test(value.text.flat);
  const parts = !sequences
    ? lettersIn(value)
    : shadow.unreadable.has(span.start + 1)
      ? [unreadable({ start: span.start + 1, end: span.end - 1 })]
      : sequencesIn(span, scanner);
  return { kind: 'template', parts, span, closed };
}

/** The parts of a string without sequences. */
function lettersIn({ text }: TextValue): readonly TemplatePart[] {
  return text.parts.map((part): TemplatePart => {
    const span = offsetsOf(part.span);
    if (part.kind === 'hole') return unreadable(span);
    return part.kind === 'same'
      ? { kind: 'literal', span }
      : { kind: 'escape', text: text.flat.slice(part.at, part.at + part.length), span };
  });
}

/** A part of which nothing is known: a sequence, or what stands behind a string that is not closed. */
function unreadable(span: HclSpan): TemplatePart {
  const expression: Expression = { kind: 'variable', name: '', span };
  return { kind: 'interpolation', expression, stripLeft: false, stripRight: false, span };
}

function sequencesIn(span: HclSpan, scanner: Scanner): readonly TemplatePart[] {
  const parts: TemplatePart[] = [];
  scanner.at = span.start + 1;
  scanner.end = span.end - 1;
  scanner.line = 0;
  let literal = scanner.at;
  while (scanner.at < scanner.end) {
    const start = scanner.at;
    const part = escapeAt(scanner) ?? (isSequence(scanner) ? 'sequence' : undefined);
    if (part === undefined) {
      scanner.at++;
      continue;
    }
    const behind = scanner.at;
    scanner.at = start;
    addLiteral(scanner, parts, literal);
    scanner.at = behind;
    parts.push(part === 'sequence' ? readSequence(scanner) : part);
    literal = scanner.at;
  }
  addLiteral(scanner, parts, literal);
  return parts;
}

/** The escape at the position, JSON's or HCL's, taken. */
function escapeAt(scanner: Scanner): TemplatePart | undefined {
  const { text, at } = scanner;
  if (text.charAt(at) !== '\\') return takeDoubled(scanner);
  const length = text.charAt(at + 1) === 'u' ? 6 : 2;
  scanner.at = Math.min(at + length, scanner.end);
  return { kind: 'escape', text: decoded(text.slice(at, scanner.at)), span: { start: at, end: scanner.at } };
}

const LETTERS: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f' };

function decoded(spelled: string): string {
  const letter = spelled.charAt(1);
  if (letter === 'u') return String.fromCharCode(Number.parseInt(spelled.slice(2), 16) || 0xfffd);
  return LETTERS[letter] ?? letter;
}
