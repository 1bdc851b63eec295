/** Puts an ignore into a configuration, said as edits on what stands there. Spells nothing and opens no file. */
import type { Edit, Plain } from '../finding/edit.ts';
import { sourceText } from '../text/text.ts';
import { readJson } from '../value/json.ts';
import { entryOf, PLAIN_JSON } from '../value/value.ts';
import type { Ignore } from './config.ts';

/** The edits that add the ignore to the text of the configuration at `path`; undefined where that holds no object, or an `ignore` that is no list. */
export function addIgnore(path: string, content: string, ignore: Omit<Ignore, 'span'>): readonly Edit[] | undefined {
  const whole = { source: path, start: 0, end: content.length };
  const { value: root } = readJson(sourceText(path, content), whole, PLAIN_JSON);
  if (root?.kind !== 'object') return undefined;
  const list = entryOf(root, 'ignore')?.value;
  if (!list) {
    const last = root.entries.at(-1);
    const plain = [plainOf(ignore)];
    return [{ kind: 'insert-entry', into: root, key: 'ignore', plain, ...(last ? { after: last } : {}) }];
  }
  if (list.kind !== 'list') return undefined;
  const last = list.items.at(-1);
  return [{ kind: 'insert-item', into: list, plain: plainOf(ignore), ...(last ? { after: last } : {}) }];
}

/** A configuration that holds nothing but the ignore. */
export function newConfiguration(ignore: Omit<Ignore, 'span'>): string {
  const members = named(ignore).map(([key, text]) => `      ${JSON.stringify(key)}: ${JSON.stringify(text)}`);
  return `{\n  "ignore": [\n    {\n${members.join(',\n')}\n    }\n  ]\n}\n`;
}

function plainOf(ignore: Omit<Ignore, 'span'>): Plain {
  return { entries: named(ignore) };
}

function named({ rule, file, sid, reason, until }: Omit<Ignore, 'span'>): readonly (readonly [string, string])[] {
  const all = [
    ['rule', rule],
    ['file', file],
    ['sid', sid],
    ['reason', reason],
    ['until', until],
  ] as const;
  return all.flatMap(([key, text]) => (text === undefined ? [] : [[key, text] as const]));
}
