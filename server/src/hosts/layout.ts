/** Layout: objects over several lines, as the lines beside them are. Spells no blocks. */
import type { Plain } from '../finding/edit.ts';
import type { Spelling } from '../value/value.ts';
import { isList, keyOf, type Printing, spell } from './spelling.ts';

/** How lines begin and end. `indent` is that of the line which the value begins on. */
export interface Lines {
  readonly indent: string;
  readonly step: string;
  readonly newline: string;
}

/** Columns that a value may take before it gets lines of its own. */
const WIDE = 90;

/** The value with each entry of the outermost object on a line; what lies inside only where it is too long. Undefined as {@link spell} has it. */
export function spellInLines(plain: Plain, spelling: Spelling, printing: Printing, lines: Lines): string | undefined {
  const line = spell(plain, spelling, printing);
  if (line === undefined || !isObject(plain)) return line;
  const inner: Lines = { ...lines, indent: lines.indent + lines.step };
  const json = spelling.notation === 'json';
  const keys = plain.entries.map(([key]) => keyOf(key, spelling, printing));
  const widest = Math.max(0, ...keys.map((key) => key.length));
  const entries = plain.entries.map(([, value], i) => {
    const short = spell(value, spelling, printing) ?? '';
    const key = keys[i] ?? '';
    const text = short.length > WIDE ? spellInLines(value, spelling, printing, inner) : short;
    return `${json ? key : key.replace(' = ', ' = '.padStart(3 + widest - key.length))}${text}`;
  });
  const gap = `${json ? ',' : ''}${lines.newline}${inner.indent}`;
  return `{${lines.newline}${inner.indent}${entries.join(gap)}${lines.newline}${lines.indent}}`;
}

/** Whether it is an object to be written. */
export function isObject(plain: Plain): plain is Extract<Plain, { readonly entries: readonly unknown[] }> {
  return typeof plain === 'object' && plain !== null && 'entries' in plain && !isList(plain);
}

/** One step of indentation, as the first indented line of the file has it. */
export function stepOf(content: string): string {
  return /\n([ \t]+)\S/.exec(content)?.[1] ?? '  ';
}

/** How lines of the text end. */
export function newlineOf(content: string): string {
  return content.includes('\r\n') ? '\r\n' : '\n';
}
