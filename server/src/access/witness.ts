/**
 * Witness: requests out of points of the space, made as lifelike as they may be. Only proposes: whoever asks replays each
 * through evaluate before believing it.
 */
import { type Bits, hasBit, numbersOf } from './bits.ts';
import { ANY, isStar, type Pattern, takes, unknownIndex } from './glob.ts';
import type { Principal, Request } from './request.ts';
import type { Space } from './space.ts';
import type { StatementTerms } from './terms.ts';

/** Requests at the point, plainest first: as they are, then with variables and resources made to meet each other. */
export function* requestsAt(
  space: Space,
  point: readonly Bits[],
  statements: readonly StatementTerms[],
): Iterable<Request> {
  const names = actionNames(statements);
  for (const values of ['first', 'last'] as const) {
    const plain = requestAt(space, point, values, names);
    yield* lifelike(plain);
    const variables = withVariables(space, point);
    if (variables.length === 0 && !hasManyFamilies(space)) return;
    yield* meeting(plain, variables);
    const distinct = { ...plain, context: distinctValues(plain, variables) };
    yield distinct;
    yield* meeting(distinct, variables);
  }
}

function hasManyFamilies({ subjects }: Space): boolean {
  return [...subjects.keys.values()].some((families) => families.length > 1);
}

/** The request of the first classes at the point: keys are left out where they may be. Of several families of a key one gives the value. */
function requestAt(space: Space, point: readonly Bits[], values: 'first' | 'last', names: readonly string[]): Request {
  let [action, resource] = ['', ''];
  let principal: Principal | undefined;
  const context: Record<string, string | string[]> = {};
  space.dimensions.forEach((dimension, i) => {
    const own = point[i];
    const [first = 0] = own ? numbersOf(own) : [];
    switch (dimension.kind) {
      case 'action':
        action = spelled(dimension.samples[first] ?? '', names);
        return;
      case 'resource':
        resource = dimension.samples[first] ?? '';
        return;
      case 'principal':
        principal = space.subjects.principal.asks.size > 0 ? dimension.samples[first] : undefined;
        return;
      case 'key': {
        const sample = dimension.samples[first];
        if (sample !== undefined && (values === 'last' || context[dimension.key] === undefined))
          context[dimension.key] = sample;
        return;
      }
      case 'member': {
        const known = context[dimension.key];
        if (own && !hasBit(own, 0)) context[dimension.key] = [...(Array.isArray(known) ? known : []), dimension.sample];
        return;
      }
      case 'truth':
    }
  });
  return { action, resource, ...(principal === undefined ? {} : { principal }), context };
}

/** The actions of the statements as they are written, longest first. */
function actionNames(statements: readonly StatementTerms[]): readonly string[] {
  const texts = statements.flatMap(({ action }) => action?.terms.map(({ pattern }) => pattern.text) ?? []);
  return texts.map((text) => text.split(/[*?]/)[0] ?? '').sort((a, b) => b.length - a.length);
}

/** The action with the capitals of a pattern that it begins with. */
function spelled(action: string, names: readonly string[]): string {
  const name = names.find((text) => action.startsWith(text.toLowerCase()) && text !== '');
  return name === undefined ? action : name + action.slice(name.length);
}

/** The request with the usual partition and its action's own service, where the sample says nothing of either. */
function* lifelike(request: Request): Iterable<Request> {
  const parts = request.resource.split(':');
  const [service = ''] = request.action.split(':');
  if (parts.length >= 6) {
    const usual = parts.map((part, i) => (i === 1 && part === 'x' ? 'aws' : i === 2 && part === 'x' ? service : part));
    yield { ...request, resource: usual.join(':') };
  }
  yield request;
}

/** Alternatives with variables: of the resource, and of a key. */
interface Variable {
  readonly key: string | undefined;
  readonly pattern: Pattern;
}

/** Those that must match at the point, then the others. */
function withVariables({ dimensions, subjects }: Space, point: readonly Bits[]): readonly Variable[] {
  const must = dimensions.flatMap((dimension, i): readonly Variable[] => {
    const own = point[i];
    if (dimension.kind !== 'truth' || !dimension.of || !own || hasBit(own, 0)) return [];
    const { subject, unsure } = dimension.of;
    return [{ key: subject.part === 'key' ? subject.key : undefined, pattern: unsure.alternative.pattern }];
  });
  const all = [subjects.resource, ...[...subjects.keys.values()].flat()].flatMap(({ part, key, unsure }) =>
    unsure.map(
      ({ alternative }): Variable => ({ key: part === 'key' ? key : undefined, pattern: alternative.pattern }),
    ),
  );
  const own = [...must, ...all].filter(({ pattern }) => pattern.unknowns.some(({ kind }) => kind === 'variable'));
  return own.filter((one, i) => own.findIndex((other) => other.key === one.key && other.pattern === one.pattern) === i);
}

/** Changes values of variables so that patterns meet what the request has, and what it has so that it meets the patterns. */
function* meeting(request: Request, variables: readonly Variable[]): Iterable<Request> {
  for (const { key, pattern } of variables.slice(0, MOST_VARIABLES)) {
    for (const star of ['', 'x']) {
      const filled = fill(pattern, request.context, star);
      if (filled === undefined) continue;
      if (key !== undefined) yield { ...request, context: { ...request.context, [key]: filled } };
      else if (isResource(filled)) yield { ...request, resource: filled };
    }
    const text = key === undefined ? request.resource : request.context[key];
    if (typeof text !== 'string') continue;
    for (const values of solutions(pattern, text)) yield { ...request, context: { ...request.context, ...values } };
  }
}

/** Alternatives with variables that are played with. */
const MOST_VARIABLES = 20;

/** Whether the text is `*` or a well-formed ARN. */
export function isResource(text: string): boolean {
  return text === '*' || /^arn:[^:]+:[^:]+:[^:]*:[^:]*:.+$/s.test(text);
}

/** The pattern with the values that the request has, and its stars filled; undefined where a value is missing. */
function fill(pattern: Pattern, context: Request['context'], star: string): string | undefined {
  let text = '';
  for (const token of pattern.tokens) {
    const unknown = pattern.unknowns[unknownIndex(token)];
    if (unknown?.kind === 'variable') {
      const value = context[unknown.key] ?? unknown.fallback;
      if (typeof value !== 'string') return undefined;
      text += value;
    } else if (unknown || isStar(token)) text += star;
    else text += token < 0 ? 'x' : String.fromCharCode(token & 0xffff);
  }
  return text;
}

/** Values of the variables with which the pattern matches the text: the first few. */
function solutions(pattern: Pattern, text: string): readonly Readonly<Record<string, string>>[] {
  const found: Record<string, string>[] = [];
  const budget = { left: 5000 };
  const go = (p: number, t: number, values: Record<string, string>): void => {
    if (found.length >= 4 || budget.left-- < 0) return;
    const token = pattern.tokens[p];
    if (token === undefined) {
      if (t === text.length) found.push(values);
      return;
    }
    const unknown = pattern.unknowns[unknownIndex(token)];
    const known = unknown?.kind === 'variable' ? values[unknown.key] : undefined;
    if (known !== undefined) {
      if (text.startsWith(known, t)) go(p + 1, t + known.length, values);
    } else if (unknown || isStar(token)) {
      for (let end = t; end <= text.length; end++)
        go(p + 1, end, unknown?.kind === 'variable' ? { ...values, [unknown.key]: text.slice(t, end) } : values);
    } else if (t < text.length && (token === ANY || takes(token, text.charCodeAt(t)))) go(p + 1, t + 1, values);
  };
  if (pattern.tokens.length <= 500) go(0, 0, {});
  return found;
}

/** The context with a value of its own for each variable that has one. */
function distinctValues({ context }: Request, variables: readonly Variable[]): Request['context'] {
  const keys = variables.flatMap(({ pattern }) =>
    pattern.unknowns.flatMap((unknown) => (unknown.kind === 'variable' ? [unknown.key] : [])),
  );
  const changed = [...new Set(keys)].filter((key) => typeof context[key] === 'string');
  return { ...context, ...Object.fromEntries(changed.map((key, i) => [key, `value-${i + 1}`])) };
}
