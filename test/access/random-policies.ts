/** Random small policies and the universes in which they can be tried out, from a seed. Knows no semantics. */
import type { PlainContext, PlainPolicy, PlainStatement, Universe } from './plain-checker.ts';

/** Numbers from 0 to `n` - 1, the same for the same seed. */
export type Dice = (n: number) => number;

/** Dice with a seed (mulberry32). */
export function diceOf(seed: number): Dice {
  let state = seed >>> 0;
  return (n) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % n;
  };
}

/** Two policies, the second mostly a variation of the first, with requests to try. */
export interface Draw {
  readonly existing: PlainPolicy;
  readonly proposed: PlainPolicy;
  readonly universe: Universe;
}

const ACTIONS = ['a:a', 'a:b', 'A:A', 'a:*', 'b:*', '*', 'a:?', '*:a', 'a:aa*', 'a:*b', '*a*', 'b:a?'];
const FRONTS = [
  'arn:p:s:::',
  'arn:p:s:r:c:',
  'arn:p:s:*:c:',
  'arn:*:s:r:c:',
  'arn:p:s:?:*:',
  'arn:p:s*:',
  'arn:p:s:r:c*',
];
const SHORT = ['*', 'arn:p:*', 'arn:p:s*', 'arn:*:t:*', 'arn:p:s:r:*'];
const LETTERS = ['a', 'b', '/', '*', '?', ':', 'a', '*'];
const VARIABLES = ['${k:v}', "${k:v, 'a'}", '${*}', '${k:w}'];

/** What may stand under a key: its operators, values in policies, and values in requests (undefined: missing). */
interface Key {
  readonly name: string;
  readonly operators: readonly string[];
  readonly values: readonly string[];
  readonly given: readonly (string | readonly string[] | undefined)[];
}

const STRINGS = [
  'StringEquals',
  'StringNotEquals',
  'StringLike',
  'StringNotLike',
  'StringEqualsIgnoreCase',
  'StringNotEqualsIgnoreCase',
];
const TEXTS = ['a', 'A', 'b', 'a*', '*b', '?', 'ab', '*', 'a?', '${k:v}', '${*}'];
const LISTS = [
  undefined,
  ['a'],
  ['b'],
  ['A'],
  ['ab'],
  ['x'],
  ['a', 'b'],
  ['a', 'x'],
  ['b', 'x'],
  ['a', 'ab'],
  ['A', 'b'],
  ['a', 'b', 'x'],
  ['B', 'ba'],
];
const ARN_TEXTS = [
  'arn:p:s:::a',
  'arn:p:s:*:c:a*',
  'arn:*:a',
  '*',
  'arn:p:s:::*',
  'arn:p:*:*:*:?',
  'arn:p:s*',
  'arn:p:s:::a:*',
];
const ARNS = [
  undefined,
  'arn:p:s:::a',
  'arn:p:s:r:c:a',
  'arn:p:s:r:c:ab',
  'arn:p:t:::b',
  'arn:p:s:::a:b',
  'arn:x:a',
  'arn:p:s',
  'x',
  'arn:p:s:::x',
  'arn:p:x:::xx',
];
const DAYS = ['2024-01-01T00:00:00Z', '2024-06-01T00:00:00Z', '2025-01-01'];

const KEYS: readonly Key[] = [
  {
    name: 's',
    operators: [...STRINGS, ...STRINGS.map((name) => `${name}IfExists`), 'Null'],
    values: TEXTS,
    given: [undefined, '', 'a', 'A', 'b', 'B', 'ab', 'aB', 'aa', 'bb', 'x', '*', 'ax', 'xb', '${*}', '${k:v}'],
  },
  {
    name: 'm',
    operators: [
      ...['ForAllValues', 'ForAnyValue'].flatMap((set) => STRINGS.map((name) => `${set}:${name}`)),
      'Null',
      'StringEquals',
      'StringNotLike',
    ],
    values: TEXTS.slice(0, 9),
    given: LISTS,
  },
  {
    name: 'n',
    operators: [
      'NumericEquals',
      'NumericNotEquals',
      'NumericLessThan',
      'NumericLessThanEquals',
      'NumericGreaterThan',
      'NumericGreaterThanEqualsIfExists',
      'Null',
    ],
    values: ['1', '2', '3.5'],
    given: [undefined, '0', '1', '1.5', '2', '3', '3.5', '4'],
  },
  {
    name: 'd',
    operators: ['DateEquals', 'DateNotEquals', 'DateLessThan', 'DateGreaterThanEquals', 'DateLessThanIfExists'],
    values: DAYS,
    given: [
      undefined,
      ...DAYS,
      '2023-01-01T00:00:00Z',
      '2024-03-01T00:00:00Z',
      '2024-07-01T01:00:00Z',
      '2026-01-01T00:00:00Z',
    ],
  },
  {
    name: 'i',
    operators: ['IpAddress', 'NotIpAddress', 'IpAddressIfExists', 'Null'],
    values: ['10.0.0.0/8', '10.0.0.0/9', '10.128.0.0/9', '10.1.2.3', '0.0.0.0/0'],
    given: [undefined, '10.1.2.3', '10.1.2.4', '10.200.0.1', '11.0.0.1', '2001:db8::1'],
  },
  {
    name: 't',
    operators: ['Bool', 'BoolIfExists', 'Null'],
    values: ['true', 'false'],
    given: [undefined, 'true', 'false'],
  },
  {
    name: 'r',
    operators: ['ArnLike', 'ArnNotLike', 'ArnEquals', 'StringLike', 'ArnNotEqualsIfExists'],
    values: ARN_TEXTS,
    given: ARNS,
  },
];

/** Draws two policies and their universe. */
export function draw(dice: Dice): Draw {
  const keys = [pick(dice, KEYS), pick(dice, KEYS)];
  const existing = policyOf(dice, keys);
  const proposed = dice(5) === 0 ? policyOf(dice, keys) : varied(dice, existing, keys);
  return dice(2) === 0
    ? { existing, proposed, universe: universeOf(keys, [existing, proposed]) }
    : { existing: proposed, proposed: existing, universe: universeOf(keys, [existing, proposed]) };
}

function pick<T>(dice: Dice, list: readonly T[]): T {
  const found = list[dice(list.length)];
  if (found === undefined) throw new Error('nothing to pick from');
  return found;
}

function some<T>(dice: Dice, most: number, one: () => T): readonly T[] {
  return Array.from({ length: 1 + dice(most) }, one);
}

function policyOf(dice: Dice, keys: readonly Key[]): PlainPolicy {
  return {
    Version: dice(6) === 0 ? '2008-10-17' : '2012-10-17',
    Statement: some(dice, 3, () => statementOf(dice, keys)),
  };
}

function statementOf(dice: Dice, keys: readonly Key[]): PlainStatement {
  const actions = some(dice, 2, () => pick(dice, ACTIONS));
  const resources = some(dice, 3, () => resourceOf(dice));
  return {
    Effect: dice(3) === 0 ? 'Deny' : 'Allow',
    ...(dice(6) === 0 ? { NotAction: actions } : { Action: actions }),
    ...(dice(6) === 0 ? { NotResource: resources } : { Resource: resources }),
    ...(dice(2) === 0 ? {} : { Condition: conditionOf(dice, keys) }),
  };
}

function resourceOf(dice: Dice): string {
  if (dice(4) === 0) return pick(dice, SHORT);
  const tail = some(dice, 3, () => (dice(12) === 0 ? pick(dice, VARIABLES) : pick(dice, LETTERS)));
  return pick(dice, FRONTS) + tail.join('');
}

function conditionOf(dice: Dice, keys: readonly Key[]): NonNullable<PlainStatement['Condition']> {
  const entries = some(dice, 2, () => {
    const key = pick(dice, keys);
    const operator = pick(dice, key.operators);
    const values = operator === 'Null' ? [pick(dice, ['true', 'false'])] : some(dice, 3, () => pick(dice, key.values));
    return [operator, { [key.name]: values }] as const;
  });
  return Object.fromEntries(entries);
}

/** The policy with one thing changed. */
function varied(dice: Dice, policy: PlainPolicy, keys: readonly Key[]): PlainPolicy {
  const at = dice(policy.Statement.length);
  const [kind, fresh] = [dice(7), statementOf(dice, keys)];
  const Statement = policy.Statement.flatMap((one, i): readonly PlainStatement[] => {
    if (i !== at) return [one];
    const { Action: _, NotAction: __, ...withoutAction } = one;
    const { Resource: ___, NotResource: ____, ...withoutResource } = one;
    const { Condition: _____, ...withoutCondition } = one;
    switch (kind) {
      case 0:
        return policy.Statement.length > 1 ? [] : [fresh];
      case 1:
        return [one, fresh];
      case 2:
        return [{ ...withoutAction, Action: fresh.Action ?? ['*'] }];
      case 3:
        return [{ ...withoutResource, Resource: fresh.Resource ?? ['*'] }];
      case 4:
        return [{ ...withoutCondition, ...(fresh.Condition ? { Condition: fresh.Condition } : {}) }];
      case 5:
        return [{ ...one, Effect: one.Effect === 'Allow' ? 'Deny' : 'Allow' }];
      default:
        return [one, { ...withoutCondition, ...(one.Condition ? {} : { Condition: conditionOf(dice, keys) }) }];
    }
  });
  return { ...policy, Statement };
}

const TAILS = [
  'a',
  'b',
  '/',
  ':',
  'x',
  ...['a', 'b', '/', ':', 'x'].flatMap((a) => ['a', 'b', ':', 'x'].map((b) => a + b)),
  'aab',
  'aba',
  'axb',
  'bxa',
  'a:b',
  'x/x',
  '*',
  'a*',
  '*a',
];
const STARTS = [
  'arn:p:s:::',
  'arn:p:s:r:c:',
  'arn:q:s:r:c:',
  'arn:p:s:x:c:',
  'arn:p:t:r:c:',
  'arn:p:sx::c:',
  'arn:p:s:x:y:',
  'arn:p:s:r:cx:',
];
const RESOURCES = ['*', ...STARTS.flatMap((start) => TAILS.map((tail) => start + tail))];
const ASKED = ['a:a', 'a:b', 'b:a', 'b:b', 'a:aa', 'a:ab', 'a:aab', 'x:x', 'b:ax', 'xa:x', 'a:x', 'x:a', 'x:xb'];

function universeOf(keys: readonly Key[], policies: readonly PlainPolicy[]): Universe {
  const text = JSON.stringify(policies);
  let contexts: PlainContext[] = [{}];
  const variables = ['k:v', 'k:w'].filter((name) => text.includes(`{${name}`));
  const names = new Set(keys);
  const given = [
    ...[...names].map(({ name, given }) => ({ name, given })),
    ...variables.map((name) => ({ name, given: [undefined, 'a', 'b', '*'] })),
  ];
  for (const { name, given: values } of given.filter(
    (key) => text.includes(`"${key.name}"`) || variables.includes(key.name),
  ))
    contexts = contexts.flatMap((context) =>
      values.map((value) => (value === undefined ? context : { ...context, [name]: value })),
    );
  return {
    actions: ASKED,
    resources: RESOURCES,
    contexts: contexts.length > 400 ? contexts.filter((_, i) => i % 5 < 2) : contexts,
  };
}
