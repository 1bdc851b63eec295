/** Writes values as blocks of YAML: a member a line, in the style of the file. Undefined where a reference cannot be spelled. */
import type { Plain, Written } from '../../../finding/edit.ts';
import { isObject } from '../../layout.ts';
import { isList, type Printing, spell } from '../../spelling.ts';
import type { Style } from './layout.ts';
import { mayBePlain } from './plain.ts';
import { BLOCK_YAML, FLOW_YAML } from './spelling.ts';

/** Where and how to write. `indent` is that of the key or dash that the value stands behind; `like`: how the scalar there is written now. */
export interface BlockWriting extends Style {
  readonly indent: string;
  readonly printing: Printing;
  readonly like: 'plain' | 'quoted';
}

/** A string on one line. */
export function spellScalar(text: string, { quote, like }: Pick<BlockWriting, 'quote' | 'like'>): string {
  if (like === 'plain' && mayBePlain(text)) return text;
  const controls = [...text].some((letter) => letter < ' ');
  return quote === '"' || controls || text.includes("'") ? JSON.stringify(text) : `'${text}'`;
}

/** A value as it stands behind a key: on the same line, or from the next line on. `entries`: an object without anything before its first key. */
export function spellInBlock(
  plain: Plain,
  writing: BlockWriting,
  form: 'value' | 'entries' = 'value',
): string | undefined {
  const { indent, step, dashStep, newline } = writing;
  if (isObject(plain)) {
    if (plain.entries.length === 0) return '{}';
    const inner = form === 'entries' ? indent : indent + step;
    const lines = plain.entries.map(([key, value]) => spellEntry(key, value, { ...writing, indent: inner }));
    if (lines.includes(undefined)) return undefined;
    const text = lines.join(`${newline}${inner}`);
    return form === 'entries' ? text : `${newline}${inner}${text}`;
  }
  if (Array.isArray(plain)) {
    if (plain.length === 0) return '[]';
    const inner = indent + dashStep;
    const text = spellMembers(plain, { ...writing, indent: inner });
    return text === undefined ? undefined : `${newline}${inner}${text}`;
  }
  return spellOne(plain, writing);
}

/** Items of a list, each behind its dash; the first without its indentation. */
export function spellMembers(items: readonly Plain[], writing: BlockWriting): string | undefined {
  const { indent, newline } = writing;
  const lines = items.map((item) => {
    if (isObject(item) && item.entries.length > 0)
      return spellInBlock(item, { ...writing, indent: `${indent}  ` }, 'entries');
    return typeof item === 'object' && item !== null && (isList(item) || 'entries' in item)
      ? spell(item, FLOW_YAML, writing.printing)
      : spellOne(item, writing);
  });
  return lines.includes(undefined) ? undefined : lines.map((line) => `- ${line}`).join(`${newline}${indent}`);
}

function spellEntry(key: string, value: Plain, writing: BlockWriting): string | undefined {
  const text = spellInBlock(value, writing);
  if (text === undefined) return undefined;
  const name = mayBePlain(key) ? key : JSON.stringify(key);
  return `${name}:${/^\r?\n/.test(text) ? '' : ' '}${text}`;
}

function spellOne(plain: Plain, writing: BlockWriting): string | undefined {
  if (typeof plain === 'string') return spellScalar(plain, writing);
  if (typeof plain === 'object' && plain !== null && 'thing' in plain)
    return writing.printing.reference(plain, BLOCK_YAML);
  if (typeof plain === 'object' && plain !== null && 'written' in plain) return wordsOf(plain, writing);
  return spell(plain, FLOW_YAML, writing.printing);
}

/** The words of the source, where they stand in a block and on one line, so that they mean the same elsewhere in one. */
function wordsOf({ written: { span, spelling } }: Written, { printing }: BlockWriting): string | undefined {
  const words = printing.content(span.source)?.slice(span.start, span.end);
  const inBlock = spelling.notation === 'yaml' && !spelling.layers.includes('yaml-flow');
  return inBlock && words && !/\n|^[&*]/.test(words) ? words : undefined;
}
