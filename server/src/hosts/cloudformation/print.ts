/**
 * Spells edits of templates. What is written as JSON is (flow collections, JSON in texts, templates in JSON) is spelled as
 * JSON; what is written in blocks of YAML is spelled in lines as those around it are, comments kept.
 */
import { applyEdits, type Edit, type Plain, type TextEdit } from '../../finding/edit.ts';
import type { Module } from '../../policy/module.ts';
import { partAt, type Span, spanOf } from '../../text/text.ts';
import type { Entry, Item, ListValue, ObjectValue, TextValue, Value } from '../../value/value.ts';
import { printEdits } from '../edits.ts';
import { reorderItems } from '../order.ts';
import { encode, type Printing } from '../spelling.ts';
import { isJson } from './json.ts';
import { withPseudoParameters } from './pseudo.ts';
import { referenceIn } from './reference.ts';
import { blankBefore, dashOf, indentOf, lineEnd, lineStart, newlineOf, styleOf } from './yaml/layout.ts';
import { columnOf, editAt, withoutLines } from './yaml/lines.ts';
import { mayBePlain } from './yaml/plain.ts';
import { type BlockWriting, spellInBlock, spellMembers, spellScalar } from './yaml/write.ts';

/** All edits of one fix, or undefined where one of them cannot be spelled. */
export function printTemplate(module: Module, edits: readonly Edit[]): readonly TextEdit[] | undefined {
  const [source] = module.sources;
  if (!source) return undefined;
  const language = isJson(source.text) ? 'json' : 'yaml';
  const printing: Printing = {
    content: (path) => (path === source.path ? source.text : undefined),
    reference: (reference, spelling) => referenceIn(module.things, reference, spelling, language),
  };
  const paper: Paper = { source: source.path, content: source.text, printing };
  const own = module.things.length > 0 ? printAll(withPseudoParameters(edits), paper) : undefined;
  return own ?? printAll(edits, paper);
}

/** The text that is edited, and what its host lends. */
interface Paper {
  readonly source: string;
  readonly content: string;
  readonly printing: Printing;
}

type Printed = readonly TextEdit[] | undefined;

function printAll(edits: readonly Edit[], paper: Paper): Printed {
  const printed: TextEdit[] = [];
  for (const edit of edits) {
    const texts = printOne(edit, paper);
    if (!texts) return undefined;
    printed.push(...texts);
  }
  return printed;
}

function printOne(edit: Edit, paper: Paper): Printed {
  switch (edit.kind) {
    case 'rewrite':
      return isYaml(edit.value)
        ? rewrite(edit.value, edit.from, edit.to, edit.text, paper)
        : printEdits([edit], paper.printing);
    case 'rename':
      return rename(edit.entry, edit.key, paper) ?? printEdits([edit], paper.printing);
    case 'replace':
      return isYaml(edit.value) ? replace(edit.value, edit.plain, paper) : printEdits([edit], paper.printing);
    case 'insert-item':
      return isYaml(edit.into)
        ? insertItem(edit.into, edit.plain, edit.after, paper)
        : printEdits([edit], paper.printing);
    case 'insert-entry':
      return isYaml(edit.into)
        ? insertEntry(edit.into, edit.key, edit.plain, edit.after, paper)
        : printEdits([edit], paper.printing);
    case 'replace-items':
      return isYaml(edit.into)
        ? replaceItems(edit.into, edit.items, edit.plain, paper)
        : printEdits([edit], paper.printing);
    case 'reorder-items': {
      const { into, items } = edit;
      if (!isYaml(into) || isFlow(into)) return printEdits([edit], paper.printing);
      const remove = (gone: readonly Item[]) => removeItems(into, gone, paper);
      return reorderItems(into, items, paper.content, { by: 'dashes', remove });
    }
    case 'copy-item':
      return isYaml(edit.into) ? copyItem(edit.into, edit.item, edit.edits, paper) : printEdits([edit], paper.printing);
    case 'copy-object':
      return isYaml(edit.value) ? copyObject(edit.value, edit.edits, paper) : printEdits([edit], paper.printing);
    case 'remove-item':
      return isYaml(edit.from) ? removeItems(edit.from, [edit.item], paper) : printEdits([edit], paper.printing);
    case 'remove-entry':
      return isYaml(edit.from) ? removeEntry(edit.from, edit.entry, paper) : printEdits([edit], paper.printing);
  }
}

function isYaml({ spelling }: Value): boolean {
  return spelling.notation === 'yaml';
}

function isFlow({ spelling }: Value): boolean {
  return spelling.layers.includes('yaml-flow');
}

/** Letters in a scalar; a plain one gets quotes where it needs them then. */
function rewrite(value: TextValue, from: number, to: number, text: string, paper: Paper): Printed {
  for (let at = from; at < to; ) {
    const part = partAt(value.text, at);
    if (!part || part.kind === 'derived' || part.kind === 'hole') return undefined;
    at = part.at + part.length;
  }
  const { layers } = value.spelling;
  const span = from === to ? caret(value, from) : spanOf(value.text, from, to);
  if (!span || (layers.includes('yaml-block') && text.includes('\n'))) return undefined;
  const edit = { span, newText: encode(text, value.spelling) };
  if (!layers.includes('yaml-plain')) return [edit];
  const whole = spanOf(value.text);
  if (!whole) return undefined;
  const { content } = paper;
  const letters = content.slice(whole.start, span.start) + edit.newText + content.slice(span.end, whole.end);
  if (mayBePlain(letters)) return [edit];
  if (letters.includes('\n')) return undefined;
  return [{ span: whole, newText: spellScalar(letters, { ...styleOf(content), like: 'quoted' }) }];
}

/** The place between two characters of a text. */
function caret({ text, span }: TextValue, at: number): Span | undefined {
  const before = at > 0 ? spanOf(text, at - 1, at) : undefined;
  if (before) return { ...before, start: before.end };
  const after = spanOf(text, at, at + 1);
  if (after) return { ...after, end: after.start };
  return span.end - span.start === 2 ? { ...span, start: span.start + 1, end: span.start + 1 } : undefined;
}

function rename({ key: text, keySpan, value }: Entry, key: string, { content }: Paper): Printed {
  if (value.spelling.notation !== 'yaml') return undefined;
  const [first] = text.parts;
  const quoted = /['"]/.test(content[keySpan.start] ?? '');
  if (first?.kind !== 'same' || text.parts.length > 1) return undefined;
  if (quoted) return /['"\\]/.test(key) ? undefined : [{ span: first.span, newText: key }];
  return [{ span: keySpan, newText: mayBePlain(key) ? key : JSON.stringify(key) }];
}

function writingAt(indent: string, value: Value, { content, printing }: Paper): BlockWriting {
  const first = content[value.span.start];
  const quote = value.kind === 'text' && (first === '"' || first === "'") ? first : undefined;
  const style = styleOf(content);
  return { ...style, quote: quote ?? style.quote, indent, printing, like: quote ? 'quoted' : 'plain' };
}

/** A value in the place of another: behind its key or dash, in lines of its own where it takes several. */
function replace(value: Value, plain: Plain, paper: Paper): Printed {
  const { content, source, printing } = paper;
  const { start, end } = value.span;
  if (isFlow(value)) {
    const flow = { ...value, spelling: { notation: 'json', layers: ['yaml-flow'] } } as const;
    return printEdits([{ kind: 'replace', value: flow, plain }], printing);
  }
  const stop = content[end - 1] === '\n' && end > start ? end - 1 : end;
  const before = blankBefore(content, start);
  const behind = content[before - 1];
  if (behind !== ':' && behind !== '-') {
    const same = spellInBlock(plain, writingAt(indentOf(content, start), value, paper));
    return same === undefined || same.includes('\n') ? undefined : [editAt(source, start, stop, same)];
  }
  const indent =
    behind === '-' ? ' '.repeat(columnOf(content, before - 1) + 2) : indentOf(content, keyBefore(content, before));
  const text = spellInBlock(plain, writingAt(indent, value, paper));
  if (text === undefined) return undefined;
  const gap = text.startsWith('\n') || text.startsWith('\r') ? '' : ' ';
  return [editAt(source, before, stop, `${gap}${text}`)];
}

/** Where the key begins whose colon ends at `colon`: the first letter of its line, behind any dashes. */
function keyBefore(content: string, colon: number): number {
  const start = lineStart(content, colon - 1);
  return start + (/^[ ]*(?:-[ ]+)*/.exec(content.slice(start, colon))?.[0].length ?? 0);
}

function insertItem(list: ListValue, plain: Plain, after: Item | undefined, paper: Paper): Printed {
  const { content, source } = paper;
  const anchor = after ?? list.items[0];
  const dash = anchor && dashOf(content, list.span, anchor.value.span);
  if (!anchor || dash === undefined) return undefined;
  const indent = ' '.repeat(columnOf(content, dash));
  const text = spellMembers([plain], writingAt(indent, anchor.value, paper));
  if (text === undefined) return undefined;
  if (after) {
    const at = lineEnd(content, anchor.value.span);
    return [editAt(source, at, at, `${newlineOf(content)}${indent}${text}`)];
  }
  return [editAt(source, dash, dash, `${text}${newlineOf(content)}${indent}`)];
}

function insertEntry(object: ObjectValue, key: string, plain: Plain, after: Entry | undefined, paper: Paper): Printed {
  const { content, source } = paper;
  const [first] = object.entries;
  if (!first || first.span.start < object.span.start) return undefined;
  const indent = ' '.repeat(columnOf(content, first.span.start));
  const text = spellInBlock({ entries: [[key, plain]] }, writingAt(indent, object, paper), 'entries');
  if (text === undefined) return undefined;
  if (after && object.span.start <= after.span.start && after.span.end <= object.span.end) {
    const at = lineEnd(content, after.span);
    return [editAt(source, at, at, `${newlineOf(content)}${indent}${text}`)];
  }
  return [editAt(source, first.span.start, first.span.start, `${text}${newlineOf(content)}${indent}`)];
}

function removeItems(list: ListValue, gone: readonly Item[], { content, source }: Paper): Printed {
  if (gone.length === list.items.length) {
    const before = blankBefore(content, list.span.start);
    return content[before - 1] === ':' ? [editAt(source, before, list.span.end, ' []')] : undefined;
  }
  const edits: TextEdit[] = [];
  for (const item of gone) {
    const dash = dashOf(content, list.span, item.value.span);
    if (dash === undefined) return undefined;
    const edit = withoutLines(dash, item.value.span, list.span, content, source);
    if (!edit) return undefined;
    edits.push(edit);
  }
  return edits;
}

function removeEntry(object: ObjectValue, entry: Entry, { content, source }: Paper): Printed {
  if (entry.span.start < object.span.start || entry.span.end > object.span.end) return undefined;
  if (object.entries.length === 1) {
    const before = blankBefore(content, object.span.start);
    return content[before - 1] === ':' ? [editAt(source, before, object.span.end, ' {}')] : undefined;
  }
  return only(withoutLines(entry.span.start, entry.span, object.span, content, source));
}

function only(edit: TextEdit | undefined): Printed {
  return edit && [edit];
}

function replaceItems(list: ListValue, items: readonly Item[], plain: readonly Plain[], paper: Paper): Printed {
  const { content, source } = paper;
  const [first, ...others] = items;
  if (!first) return undefined;
  if (plain.length === 0) return items.length === list.items.length ? undefined : removeItems(list, items, paper);
  const dash = dashOf(content, list.span, first.value.span);
  if (dash === undefined) return undefined;
  const rest = others.length > 0 ? removeItems(list, others, paper) : [];
  const [one] = plain;
  if (plain.length === 1 && one !== undefined && rest) {
    const replaced = replace(first.value, one, paper);
    return replaced && [...replaced, ...rest];
  }
  const text = spellMembers(plain, writingAt(' '.repeat(columnOf(content, dash)), first.value, paper));
  return text === undefined || !rest ? undefined : [editAt(source, dash, first.value.span.end, text), ...rest];
}

/** The lines of an item, edited, behind it. */
function copyItem(list: ListValue, item: Item, edits: readonly Edit[], paper: Paper): Printed {
  const { content, source } = paper;
  const dash = dashOf(content, list.span, item.value.span);
  const inner = printAll(edits, paper);
  if (dash === undefined || !inner) return undefined;
  const at = lineEnd(content, item.value.span);
  const copy = edited(source, content, dash, at, inner);
  if (copy === undefined) return undefined;
  const indent = ' '.repeat(columnOf(content, dash));
  return [editAt(source, at, at, `${newlineOf(content)}${indent}${copy}`)];
}

/** An object that stands for a list of one becomes a list of itself and a copy, both a step further in. */
function copyObject(value: ObjectValue, edits: readonly Edit[], paper: Paper): Printed {
  const { content, source } = paper;
  const inner = printAll(edits, paper);
  const { start, end } = value.span;
  const column = columnOf(content, start);
  if (!inner || !/^ *$/.test(content.slice(start - column, start))) return undefined;
  const copy = edited(source, content, start, end, inner);
  if (copy === undefined) return undefined;
  const own = content.slice(start, end);
  const further = (text: string) => `- ${text.replace(/(\r?\n)(?=[^\r\n])/g, '$1  ')}`;
  return [editAt(source, start, end, `${further(own)}${newlineOf(content)}${' '.repeat(column)}${further(copy)}`)];
}

/** The text between two places after edits; undefined where one lies outside. */
function edited(
  source: string,
  content: string,
  start: number,
  end: number,
  edits: readonly TextEdit[],
): string | undefined {
  if (!edits.every(({ span }) => start <= span.start && span.end <= end)) return undefined;
  const moved = edits.map(({ span, newText }) => editAt(source, span.start - start, span.end - start, newText));
  return applyEdits(source, content.slice(start, end), moved);
}
