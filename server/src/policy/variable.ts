/**
 * Variable: where policy variables (`${aws:username}`) stand in a text, and what is wrong with their spelling. Knows no
 * keys and no versions of the language. Linear in the text. Source: IAM User Guide, "IAM policy elements: Variables and tags".
 */
import { HOLE, type Text } from '../text/text.ts';

/** One `${…}`, from `at` to `end` of the flat text. */
export interface Variable {
  readonly at: number;
  readonly end: number;
  /** What stands between the braces, without a default value; blanks included. */
  readonly name: string;
  /**
   * `brace`: it is not closed. `empty`: nothing is named. `quote`: the default value lacks a quote. `space`: a blank in the
   * name. Undefined where it is well formed, or a hole lies in it.
   */
  readonly fault: 'brace' | 'empty' | 'quote' | 'space' | undefined;
}

/** The variables of a text in order, the first of very many; `${*}`, `${?}` and `${$}` stand for those characters and are none. */
export function variablesOf({ flat }: Text): readonly Variable[] {
  if (!flat.includes('${')) return NONE;
  const found: Variable[] = [];
  for (const { 0: spelled, index } of flat.matchAll(SPELLED)) {
    const variable = readVariable(spelled, index);
    if (variable.fault !== undefined || !ESCAPED.has(variable.name)) found.push(variable);
    if (found.length === MOST) break;
  }
  return found;
}

/** A text of more was written by no person; what is left of it is not looked at. */
const MOST = 50;

const NONE: readonly Variable[] = [];
const ESCAPED: ReadonlySet<string> = new Set(['*', '?', '$']);

/** With a default value in quotes, which may hold anything; else up to the brace, the next variable or the end. */
const SPELLED = /\$\{[^},'$]*,\s*'[^']*'\s*\}|\$\{(?:[^}$]|\$(?!\{))*\}?/g;

function readVariable(spelled: string, at: number): Variable {
  const closed = spelled.endsWith('}');
  const body = spelled.slice(2, closed ? -1 : undefined);
  const comma = body.indexOf(',');
  const name = comma < 0 ? body : body.slice(0, comma);
  const place = { at, end: at + spelled.length, name };
  if (body.includes(HOLE)) return { ...place, fault: undefined };
  if (!closed) return { ...place, fault: 'brace' };
  if (body.trim() === '') return { ...place, fault: 'empty' };
  if (comma >= 0 && !/^'.*'$/s.test(body.slice(comma + 1).trim())) return { ...place, fault: 'quote' };
  return { ...place, fault: /\s/.test(name) ? 'space' : undefined };
}

/** Whether the name has the form of a condition key, `prefix:name`: what other tools fill in (`${bucket}`, `${AWS::Region}`) has not, and a hole may not. */
export function isKeyLike({ name }: Variable): boolean {
  return KEY_LIKE.test(name);
}

const KEY_LIKE = new RegExp(`^\\s*[\\w.-]+\\s*:\\s*[^:\\s${HOLE}]`);
