/** Policies in a line, for tests of what they allow. Holds no expectations. */
import { readDocument } from '../../server/src/access/documents.ts';
import type { StatementTerms } from '../../server/src/access/terms.ts';
import { termsOf } from '../../server/src/access/terms.ts';
import { readPolicy } from '../../server/src/policy/read.ts';
import { EMPTY, holeText, joinText, sourceText, type Text } from '../../server/src/text/text.ts';
import { readJson } from '../../server/src/value/json.ts';
import { PLAIN_JSON } from '../../server/src/value/value.ts';

/** A statement as plain JSON. */
export type Json = Readonly<Record<string, unknown>>;

/** An Allow; `more` adds or replaces elements. */
export function allow(Action: unknown, Resource: unknown = '*', more: Json = {}): Json {
  return { Effect: 'Allow', Action, Resource, ...more };
}

/** A Deny. */
export function deny(Action: unknown, Resource: unknown = '*', more: Json = {}): Json {
  return { ...allow(Action, Resource, more), Effect: 'Deny' };
}

/** A policy of Version 2012-10-17 as JSON text. */
export function policy(...statements: readonly Json[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: statements });
}

/** The terms of a policy; throws where it cannot be read. */
export function terms(...statements: readonly Json[]): readonly StatementTerms[] {
  const read = readDocument(policy(...statements), undefined);
  if (typeof read === 'string') throw new Error(read);
  return read;
}

/** The terms of a policy whose text has holes: `<<name>>` is one, wherever it stands. */
export function termsWithHoles(...statements: readonly Json[]): readonly StatementTerms[] {
  const content = policy(...statements).replace(/"<<<(\w+)>>>"/g, '<<$1>>');
  const texts: Text[] = [EMPTY];
  let at = 0;
  for (const found of content.matchAll(/<<(\w+)>>/g)) {
    texts.push(sourceText('p', content, at, found.index));
    at = found.index + found[0].length;
    texts.push(holeText(found[1] ?? '', { source: 'p', start: found.index, end: at }));
  }
  texts.push(sourceText('p', content, at));
  const span = { source: 'p', start: 0, end: content.length };
  const { value } = readJson(joinText(texts), span, PLAIN_JSON);
  const read = value && readPolicy({ value, kind: undefined, address: '', span, versionImplied: false });
  if (!read) throw new Error(`no policy: ${content}`);
  return termsOf(read);
}
