/**
 * An evaluator of its own for small JSON policies, written from the documentation alone: no product code, no regular
 * expression, globs by recursion. It looks for a request that one policy allows and another does not by trying them all.
 */

/** A policy as plain JSON. */
export interface PlainPolicy {
  readonly Version?: string;
  readonly Statement: readonly PlainStatement[];
}

/** A statement: lists everywhere, no principals. */
export interface PlainStatement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action?: readonly string[];
  readonly NotAction?: readonly string[];
  readonly Resource?: readonly string[];
  readonly NotResource?: readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

/** Values by key; a list under a key that is asked about as a list. */
export type PlainContext = Readonly<Record<string, string | readonly string[]>>;

/** A request. */
export interface PlainRequest {
  readonly action: string;
  readonly resource: string;
  readonly context: PlainContext;
}

/** What may be asked: every combination is a request. */
export interface Universe {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly contexts: readonly PlainContext[];
}

/** Whether the policy allows the request. */
export function allows(policy: PlainPolicy, request: PlainRequest): boolean {
  const matching = policy.Statement.filter((one) => matches(policy, one, request));
  return matching.some((one) => one.Effect === 'Allow') && !matching.some((one) => one.Effect === 'Deny');
}

function matches(policy: PlainPolicy, one: PlainStatement, request: PlainRequest): boolean {
  return (
    actionMatches(one, request.action) &&
    resourceMatches(policy, one, request.resource, request.context) &&
    conditionHolds(policy, one, request.context)
  );
}

/** A request of the universe that `proposed` allows and `existing` does not. */
export function findNew(existing: PlainPolicy, proposed: PlainPolicy, universe: Universe): PlainRequest | undefined {
  const all = [
    ...existing.Statement.map((one) => [existing, one] as const),
    ...proposed.Statement.map((one) => [proposed, one] as const),
  ];
  const bits = (test: (policy: PlainPolicy, one: PlainStatement) => boolean) =>
    all.reduce((sum, [policy, one], i) => sum | (test(policy, one) ? 1 << i : 0), 0);
  const allowed = (mask: number, policy: PlainPolicy) => {
    let answer = false;
    for (let i = 0; i < all.length; i++) {
      if (all[i]?.[0] !== policy || ((mask >> i) & 1) === 0) continue;
      if (all[i]?.[1].Effect === 'Deny') return false;
      answer = true;
    }
    return answer;
  };
  const actions = distinct(universe.actions, (action) => bits((_, one) => actionMatches(one, action)));
  const known = new Map<string, ReadonlyMap<number, string>>();
  const resourcesIn = (context: PlainContext) => {
    const name = JSON.stringify(VARIABLES.map((key) => context[key]));
    const found =
      known.get(name) ??
      distinct(universe.resources, (resource) =>
        bits((policy, one) => resourceMatches(policy, one, resource, context)),
      );
    known.set(name, found);
    return found;
  };
  const tried = new Set<string>();
  for (const context of universe.contexts) {
    const conditionMask = bits((policy, one) => conditionHolds(policy, one, context));
    const resources = resourcesIn(context);
    const name = `${conditionMask} ${VARIABLES.map((key) => context[key])}`;
    if (tried.has(name)) continue;
    tried.add(name);
    for (const [resourceMask, resource] of resources) {
      for (const [actionMask, action] of actions) {
        const mask = conditionMask & resourceMask & actionMask;
        if (allowed(mask, proposed) && !allowed(mask, existing)) return { action, resource, context };
      }
    }
  }
  return undefined;
}

/** The variables that resources of these policies may have. */
const VARIABLES = ['k:v', 'k:w'];

function distinct(values: readonly string[], maskOf: (value: string) => number): ReadonlyMap<number, string> {
  return new Map(values.map((value) => [maskOf(value), value]));
}

/** `*` is any run of characters of which `may` approves, `?` one; `\u0001`-marked characters are letters. */
function glob(pattern: string, text: string, may: (character: string) => boolean): boolean {
  if (pattern === '') return text === '';
  const [first = ''] = pattern;
  if (first === LETTER) return text !== '' && text[0] === pattern[1] && glob(pattern.slice(2), text.slice(1), may);
  if (first === '*') {
    for (let i = 0; ; i++) {
      if (glob(pattern.slice(1), text.slice(i), may)) return true;
      if (i >= text.length || !may(text[i] ?? '')) return false;
    }
  }
  if (text === '') return false;
  return (first === '?' ? may(text[0] ?? '') : first === text[0]) && glob(pattern.slice(1), text.slice(1), may);
}

const LETTER = '\u0001';
const any = () => true;
const noColon = (character: string) => character !== ':';

/** The first five parts keep to themselves; patterns with fewer have a last star that does not. */
function arnGlob(pattern: string, text: string): boolean {
  const parts = splitParts(pattern);
  if (parts.length < 6) {
    if (!pattern.endsWith('*') || pattern.endsWith(`${LETTER}*`)) return glob(pattern, text, noColon);
    for (let i = 0; i <= text.length; i++) if (glob(pattern.slice(0, -1), text.slice(0, i), noColon)) return true;
    return false;
  }
  const given = text.split(':');
  if (given.length < 6) return false;
  for (let i = 0; i < 5; i++) if (!glob(parts[i] ?? '', given[i] ?? '', noColon)) return false;
  return glob(parts.slice(5).join(':'), given.slice(5).join(':'), any);
}

function splitParts(pattern: string): readonly string[] {
  return pattern.split(':').map((part) => (part.endsWith(LETTER) ? part.slice(0, -1) : part));
}

function actionMatches(one: PlainStatement, action: string): boolean {
  const some = (list: readonly string[]) => list.some((text) => glob(text.toLowerCase(), action.toLowerCase(), any));
  return one.NotAction ? !some(one.NotAction) : some(one.Action ?? []);
}

function resourceMatches(policy: PlainPolicy, one: PlainStatement, resource: string, context: PlainContext): boolean {
  const some = (list: readonly string[]) =>
    list.some((text) => {
      const filled = substitute(policy, text, context);
      return filled !== undefined && arnGlob(filled, resource);
    });
  return one.NotResource ? !some(one.NotResource) : some(one.Resource ?? []);
}

/** Values are letters, whatever they hold; undefined where a variable has no value. */
function substitute(policy: PlainPolicy, text: string, context: PlainContext): string | undefined {
  if (policy.Version !== '2012-10-17') return text;
  let filled = '';
  let rest = text;
  for (let at = rest.indexOf('${'); at >= 0 && rest.includes('}'); at = rest.indexOf('${')) {
    const end = rest.indexOf('}', at);
    const [name = '', fallback] = rest.slice(at + 2, end).split(', ');
    const own = context[name];
    const value = '*?$'.includes(name) ? name : typeof own === 'string' ? own : fallback?.slice(1, -1);
    if (value === undefined) return undefined;
    filled += rest.slice(0, at) + Array.from(value, (character) => LETTER + character).join('');
    rest = rest.slice(end + 1);
  }
  return filled + rest;
}

function conditionHolds(policy: PlainPolicy, one: PlainStatement, context: PlainContext): boolean {
  return Object.entries(one.Condition ?? {}).every(([operator, keys]) =>
    Object.entries(keys).every(([key, values]) => holds(policy, operator, context[key], values, context)),
  );
}

function holds(
  policy: PlainPolicy,
  operator: string,
  given: string | readonly string[] | undefined,
  values: readonly string[],
  context: PlainContext,
): boolean {
  const list = given === undefined ? [] : typeof given === 'string' ? [given] : given;
  if (operator === 'Null') return values.some((value) => value.toLowerCase() === String(list.length === 0));
  const [set, name = ''] = operator.includes(':') ? operator.split(':') : ['', operator];
  const ifExists = name.endsWith('IfExists');
  const base = ifExists ? name.slice(0, -'IfExists'.length) : name;
  const negated = base.includes('Not');
  const plain = base.replace('Not', '');
  const one = (value: string) => values.some((text) => compares(policy, plain, text, value, context)) !== negated;
  if (set === 'ForAllValues') return list.every(one);
  if (set === 'ForAnyValue') return list.some(one);
  if (list.length === 0) return negated || ifExists;
  return negated ? list.every(one) : list.some(one);
}

function compares(policy: PlainPolicy, operator: string, text: string, value: string, context: PlainContext): boolean {
  const filled = operator.startsWith('String') || operator.startsWith('Arn') ? substitute(policy, text, context) : text;
  if (filled === undefined) return false;
  const literal = filled.split(LETTER).join('');
  const [a, b] = [Number(value), Number(text)];
  switch (operator) {
    case 'StringEquals':
      return literal === value;
    case 'StringEqualsIgnoreCase':
      return literal.toLowerCase() === value.toLowerCase();
    case 'StringLike':
      return glob(filled, value, any);
    case 'ArnLike':
    case 'ArnEquals':
      return arnGlob(filled, value);
    case 'Bool':
      return text.toLowerCase() === value.toLowerCase();
    case 'NumericEquals':
      return a === b;
    case 'NumericLessThan':
      return a < b;
    case 'NumericLessThanEquals':
      return a <= b;
    case 'NumericGreaterThan':
      return a > b;
    case 'NumericGreaterThanEquals':
      return a >= b;
    case 'DateEquals':
      return Date.parse(value) === Date.parse(text);
    case 'DateLessThan':
      return Date.parse(value) < Date.parse(text);
    case 'DateGreaterThanEquals':
      return Date.parse(value) >= Date.parse(text);
    case 'IpAddress':
      return inRange(text, value);
    default:
      throw new Error(`no such operator: ${operator}`);
  }
}

function inRange(range: string, address: string): boolean {
  const [network = '', prefix = '32'] = range.split('/');
  const number = (text: string) => text.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const size = 2 ** (32 - Number(prefix));
  return !address.includes(':') && Math.floor(number(network) / size) === Math.floor(number(address) / size);
}
