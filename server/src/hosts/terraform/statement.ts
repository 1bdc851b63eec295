/** Spells a statement as a block of `aws_iam_policy_document`. Reads nothing. */
import type { Plain } from '../../finding/edit.ts';
import type { Spelling } from '../../value/value.ts';
import { isObject, type Lines } from '../layout.ts';
import { type Printing, spell } from '../spelling.ts';
import { argumentOf } from './blocks.ts';

const EXPRESSION: Spelling = { notation: 'hcl', layers: [] };

/** The block; undefined where the plain is no statement, or has a key that this does not spell. */
export function statementBlock(plain: Plain, lines: Lines, printing: Printing): string | undefined {
  if (!isObject(plain)) return undefined;
  const inner = lines.indent + lines.step;
  const rows: (readonly [name: string, text: string])[] = [];
  const blocks: string[] = [];
  for (const [key, value] of plain.entries) {
    if (key === 'Condition') {
      const conditions = conditionBlocks(value, { ...lines, indent: inner }, printing);
      if (!conditions) return undefined;
      blocks.push(...conditions);
      continue;
    }
    const name = argumentOf(key);
    const text = spell(name?.endsWith('s') ? [value].flat() : value, EXPRESSION, printing);
    if (name === undefined || text === undefined) return undefined;
    rows.push([name, text]);
  }
  const body = [aligned(rows, inner, lines.newline), ...blocks.map((block) => `${inner}${block}`)];
  return `statement {${lines.newline}${body.join(lines.newline + lines.newline)}${lines.newline}${lines.indent}}`;
}

/** `{ StringEquals: { key: values } }` as `condition` blocks, without blanks in front; undefined where the plain has another shape. */
export function conditionBlocks(plain: Plain, lines: Lines, printing: Printing): readonly string[] | undefined {
  if (!isObject(plain)) return undefined;
  const blocks = plain.entries.flatMap(([operator, tests]) => {
    if (!isObject(tests)) return [undefined];
    return tests.entries.map(([key, value]) => {
      const [test, variable, values] = [operator, key, [value].flat()].map((one) => spell(one, EXPRESSION, printing));
      if (test === undefined || variable === undefined || values === undefined) return undefined;
      const rows = [['test', test] as const, ['variable', variable] as const, ['values', values] as const];
      const body = aligned(rows, lines.indent + lines.step, lines.newline);
      return `condition {${lines.newline}${body}${lines.newline}${lines.indent}}`;
    });
  });
  return blocks.every((block) => block !== undefined) ? blocks : undefined;
}

/** `{ AWS: arns }` as a `principals` block, or as `not_principals`; undefined for more than one type. */
export function principalBlock(key: string, plain: Plain, lines: Lines, printing: Printing): string | undefined {
  const [only, ...others] = isObject(plain) ? plain.entries : [];
  if (!only || others.length > 0) return undefined;
  const [type, identifiers] = [only[0], [only[1]].flat()].map((one) => spell(one, EXPRESSION, printing));
  if (type === undefined || identifiers === undefined) return undefined;
  const rows = [['type', type] as const, ['identifiers', identifiers] as const];
  const name = key === 'Principal' ? 'principals' : 'not_principals';
  const body = aligned(rows, lines.indent + lines.step, lines.newline);
  return `${name} {${lines.newline}${body}${lines.newline}${lines.indent}}`;
}

function aligned(rows: readonly (readonly [name: string, text: string])[], indent: string, newline: string): string {
  const widest = Math.max(0, ...rows.map(([name]) => name.length));
  return rows.map(([name, text]) => `${indent}${name.padEnd(widest)} = ${text}`).join(newline);
}
