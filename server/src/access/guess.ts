/**
 * Guess: requests that a statement plainly allows, read off its first alternatives. Only proposes: whoever asks replays
 * each through evaluate before believing it.
 */
import { bind, lettersIn, type Pattern } from './glob.ts';
import type { Principal, Request } from './request.ts';
import type { PrincipalTerm, StatementTerms, Terms, Test } from './terms.ts';
import { isResource } from './witness.ts';

/** Alternatives of a clause that are tried. */
const MOST_ALTERNATIVES = 3;

/** A few requests for each Allow that has nothing unknown about it, those with the shortest texts first. */
export function* plainRequests(statements: readonly StatementTerms[]): Iterable<Request> {
  for (const { effect, guards, action, resource, principal, tests } of statements) {
    if (effect === 'Deny' || guards.length > 0) continue;
    const context = contextFor(tests);
    const asks = principalOf(principal);
    if (!context || !action || action.negated || asks === 'nobody') continue;
    const rest = { ...(asks === undefined ? {} : { principal: asks }), context };
    for (const star of ['', 'x']) {
      for (const name of textsOf(action, star, isAction))
        for (const text of resource ? textsOf(resource, star, isResource) : ['*'])
          yield { action: name, resource: text, ...rest };
    }
  }
}

function isAction(text: string): boolean {
  const colon = text.indexOf(':');
  return colon > 0 && colon < text.length - 1 && !text.includes(':', colon + 1);
}

/** The first alternatives with that text for a star; `x` where it takes one. */
function textsOf(clause: Terms, star: string, isWhole: (text: string) => boolean): readonly string[] {
  if (clause.negated) return [];
  return clause.terms.slice(0, MOST_ALTERNATIVES).flatMap(({ pattern, onlyIf }) => {
    if (onlyIf !== undefined || pattern.unknowns.length > 0) return [];
    if (pattern.text === '*') return isWhole('*') ? ['*'] : ['x:x'];
    const texts = [star, 'x'].map((one) => filled(pattern, one));
    return texts.find(isWhole) ?? [];
  });
}

function filled({ text }: Pattern, star: string): string {
  return text.replaceAll('*', star).replaceAll('?', 'x');
}

/** Tokens of all patterns of a policy, and of one of them, beyond which a replay is no longer cheap. */
const [MOST_TOKENS, LONGEST_PATTERN] = [4000, 300];

/**
 * Whether a guess is cheap to replay, and all that is asked of keys is asked of single texts, so that every text is a value
 * that a comparison allows for.
 */
export function canBeGuessedAbout(statements: readonly StatementTerms[]): boolean {
  let tokens = 0;
  for (const { action, resource, principal, tests } of statements) {
    for (const terms of [action?.terms, resource?.terms, principal?.terms, ...tests.map(({ values }) => values)]) {
      for (const { pattern } of terms ?? []) {
        tokens += pattern.tokens.length;
        if (pattern.tokens.length > LONGEST_PATTERN || tokens > MOST_TOKENS) return false;
      }
    }
  }
  return statements.every(({ tests }) =>
    tests.every(({ operator: { base, qualifier } }) => qualifier === undefined && /^(?:String|Arn|Null)/.test(base)),
  );
}

/** Undefined where no principal is asked about. */
function principalOf(clause: Terms<PrincipalTerm> | undefined): Principal | 'nobody' | undefined {
  if (!clause) return undefined;
  const [first] = clause.terms;
  if (!first || clause.negated || first.onlyIf !== undefined || first.pattern.unknowns.length > 0) return 'nobody';
  const { text } = first.pattern;
  if (text === '*') return '*';
  if (first.type === 'Service') return { Service: text };
  return first.type === 'AWS' && text.startsWith('arn:') && !text.endsWith(':root') ? { AWS: text } : 'nobody';
}

/**
 * What the tests ask for by their first values, the first test of a key counting; keys that only negated tests name are
 * left out. Undefined where that cannot be read off.
 */
export function contextFor(tests: readonly Test[]): Request['context'] | undefined {
  const context: Record<string, string> = {};
  for (const { operator, key, values } of tests) {
    const [first] = values;
    if (!first || first.onlyIf !== undefined) return undefined;
    const { base } = operator;
    if (operator.negated || (base === 'Null' && first.pattern.text === 'true')) continue;
    const bound = bind(first.pattern, (name) => (context[name] ??= name.endsWith('account') ? '111122223333' : 'x'));
    if (!bound || bound.unknowns.length > 0) return undefined;
    context[key] ??= base === 'Null' ? 'x' : lettersIn(bound.tokens.map((token) => (token < 0 ? LETTER : token)));
  }
  return context;
}

const LETTER = 'x'.charCodeAt(0);
