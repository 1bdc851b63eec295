/**
 * Classes: the values that one part of a request can have, sorted so that no alternative of either policy tells two of a
 * class apart. One sample stands for all of its class. Knows no statements.
 */
import { type AddressRange, holdsRange, printAddress, readBytes, readRange } from './address.ts';
import { type Bits, emptyBits, setBit } from './bits.ts';
import type { ColonReading } from './evaluate.ts';
import { ANY, matchTokens, outline, PART_ANY, PART_STAR, type Pattern, plainOf, STAR } from './glob.ts';
import { type Domain, freeBetween, nestedClasses } from './nested.ts';
import { type Family, matchesPlain, shapeOf } from './operators.ts';
import { naming, roleOf, rootAccount } from './principals.ts';
import {
  between,
  compareDecimals,
  type Decimal,
  printMoment,
  printNumber,
  readMoment,
  readNumber,
} from './quantity.ts';
import { accountOf, type Principal } from './request.ts';
import { classify, type Tokens } from './strings.ts';

/** One alternative: `base` of the operator in conditions, `type` of principals. */
export interface Alternative {
  readonly pattern: Pattern;
  readonly base: string;
  readonly type: string;
}

/** Alternatives that are asked about together: the value matches one of them. */
export type Column = readonly Alternative[];

/** The classes by sample, and for each column the classes that match it. */
export interface Classes<S = string> {
  readonly samples: readonly S[];
  readonly members: readonly Bits[];
}

const letters = (text: string): Tokens => Array.from({ length: text.length }, (_, i) => text.charCodeAt(i));
const PART = [PART_ANY, PART_STAR];
const ANY_ACTION: Tokens = [...PART, 58, ...PART];
/** Well-formed ARNs: partition, service and resource are not empty. */
const ANY_RESOURCE: readonly Tokens[] = [
  letters('*'),
  [...letters('arn:'), ...PART, 58, ...PART, 58, PART_STAR, 58, PART_STAR, 58, ANY, STAR],
];

/** Sorts all actions of the form `service:name`, in lower case, today's and tomorrow's. */
export function actionClasses(columns: readonly Column[]): Classes | undefined {
  const sets = columns.map((column) => column.map(({ pattern }) => outline(pattern, 'free')));
  return nestedClasses(sets, ACTIONS) ?? classify(sets, [ANY_ACTION]);
}

/** Sorts all well-formed ARNs, and `*`. */
export function resourceClasses(columns: readonly Column[], colons: ColonReading): Classes | undefined {
  const sets = columns.map((column) => column.map(({ pattern }) => outline(pattern, colons)));
  return nestedClasses(sets, RESOURCES) ?? classify(sets, ANY_RESOURCE);
}

/** A service and a name with one colon between: what begins with more than one, or with it, is none. */
const ACTIONS: Domain = {
  has: (text) => text.indexOf(':') > 0 && text.indexOf(':') === text.lastIndexOf(':') && !text.endsWith(':'),
  within: (head, taken) => {
    const colon = head.indexOf(':');
    if (colon < 0) return freeBetween(head, ':x', taken);
    return colon > 0 && colon === head.lastIndexOf(':') ? freeBetween(head, '', taken) : undefined;
  },
};

/** Of beginnings that are no whole head of an ARN only the empty one is answered. */
const RESOURCES: Domain = {
  has: isResource,
  within: (head, taken) => {
    if (head === '') return taken('*') ? freeBetween('arn:', ':x:::x', taken) : '*';
    if (head.split(':', 6).length < 6) return 'unsure';
    return isResource(`${head}x`) ? freeBetween(head, '', taken) : undefined;
  },
};

function isResource(text: string): boolean {
  if (text === '*') return true;
  const [scheme, partition, service, , , ...resource] = text.split(':');
  return scheme === 'arn' && partition !== '' && service !== '' && resource.join(':') !== '';
}

/** Sorts the values of a condition key. Values are what the operators ask for: numbers under numeric operators, and so on. */
export function valueClasses(family: Family, columns: readonly Column[]): Classes | undefined {
  switch (family) {
    case 'text': {
      const sets = columns.map((column) => column.map(({ pattern, base }) => outline(pattern, shapeOf(base))));
      return nestedClasses(sets, TEXTS) ?? classify(sets, [[STAR]]);
    }
    case 'bool':
      return sorted(['true', 'false'], columns, (column, sample) =>
        column.some(({ pattern }) => matchTokens(outline(pattern, 'free'), sample)),
      );
    case 'number':
      return sorted(samplesAround(columns, readNumber, printNumber), columns, matchesColumn);
    case 'moment':
      return sorted(samplesAround(columns, readMoment, printMoment), columns, matchesColumn);
    case 'address':
      return addressClasses(columns);
    case 'bytes': {
      const given = columns.flatMap((column) => column.flatMap((x) => readBytes(plainOf(x.pattern) ?? '') ?? []));
      let other = 'AA==';
      while (given.includes(other)) other = `AAAA${other}`;
      return sorted([...new Set(given), other], columns, matchesColumn);
    }
  }
}

const TEXTS: Domain = { has: () => true, within: (head, taken) => freeBetween(head, '', taken) };

function matchesColumn(column: Column, sample: string): boolean {
  return column.some(({ pattern, base }) => matchesPlain(base, plainOf(pattern) ?? '', sample));
}

/** The classes of samples of which at least one lies in every class. */
function sorted<S, C>(
  samples: readonly S[],
  columns: readonly C[],
  matches: (column: C, sample: S) => boolean,
): Classes<S> {
  const found = new Map<string, { sample: S; met: readonly number[] }>();
  for (const sample of samples) {
    const met = columns.flatMap((column, i) => (matches(column, sample) ? [i] : []));
    if (!found.has(met.join(','))) found.set(met.join(','), { sample, met });
  }
  const classes = [...found.values()];
  const members = columns.map(() => emptyBits(classes.length));
  classes.forEach(({ met }, index) => {
    for (const i of met) {
      const column = members[i];
      if (column) setBit(column, index);
    }
  });
  return { samples: classes.map(({ sample }) => sample), members };
}

/** Each number that is named, and one between each two and beyond each end. */
function samplesAround(
  columns: readonly Column[],
  read: (text: string) => Decimal | undefined,
  print: (value: Decimal) => string,
): readonly string[] {
  const given = columns.flatMap((column) => column.flatMap((x) => read(plainOf(x.pattern) ?? '') ?? []));
  given.sort(compareDecimals);
  const samples: Decimal[] = [between(undefined, given[0])];
  given.forEach((value, i) => {
    const next = given[i + 1];
    if (next && compareDecimals(value, next) === 0) return;
    samples.push(value, between(value, next));
  });
  return samples.map(print);
}

/** One address of each stretch between two ends of ranges, in both families. */
function addressClasses(columns: readonly Column[]): Classes {
  const read = columns.map((column) => column.flatMap((x) => readRange(plainOf(x.pattern) ?? '') ?? []));
  const points = ([4, 6] as const).flatMap((family) => {
    const starts = new Set<bigint>(family === 4 ? [SAMPLE_4, 0n] : [SAMPLE_6, 0n]);
    for (const range of read.flat()) {
      if (range.family !== family) continue;
      starts.add(range.low);
      if (range.high < (family === 4 ? LAST_4 : LAST_6)) starts.add(range.high + 1n);
    }
    return [...starts].map((low): AddressRange => ({ family, low, high: low }));
  });
  const classes = sorted(points, read, (ranges, point) => ranges.some((range) => holdsRange(range, point)));
  return { ...classes, samples: classes.samples.map(({ family, low }) => printAddress(family, low)) };
}

const LAST_4 = (1n << 32n) - 1n;
const LAST_6 = (1n << 128n) - 1n;
/** 198.51.100.7 and 2001:db8::7, of the ranges kept for documentation. */
const SAMPLE_4 = 0xc6336407n;
const SAMPLE_6 = (0x20010db8n << 96n) + 7n;

/** Sorts all principals: those that are named, sessions of named roles, others of named accounts, strangers of each type, and anybody. */
export function principalClasses(columns: readonly Column[]): Classes<Principal> {
  const texts = columns.flatMap((column) => column.map(({ type, pattern }) => [type, plainOf(pattern) ?? ''] as const));
  const arns = texts.filter(([type]) => type === 'AWS').map(([, text]) => text);
  const accounts = new Set(arns.flatMap((arn) => accountOf(arn) ?? []));
  const samples: Principal[] = [
    ...arns.filter((arn) => arn !== '*' && rootAccount(arn) === undefined).map((AWS) => ({ AWS })),
    ...arns.flatMap((arn) => sessionIn(arn)),
    ...[...accounts].map((account) => ({ AWS: strangerIn(account, arns) })),
    { AWS: strangerIn(freshAccount(accounts), arns) },
    ...named(texts, 'Service').map((Service) => ({ Service })),
    ...named(texts, 'Federated').map((Federated) => ({ Federated })),
    ...named(texts, 'CanonicalUser').map((CanonicalUser) => ({ CanonicalUser })),
    '*',
  ];
  return sorted(samples, columns, (column, sample) =>
    column.some(({ type, pattern }) => naming(type, plainOf(pattern) ?? '', sample) !== undefined),
  );
}

function sessionIn(arn: string): readonly Principal[] {
  const [account, role] = roleOf(arn)?.split('/') ?? [];
  const partition = arn.split(':')[1];
  return role === undefined ? [] : [{ AWS: `arn:${partition}:sts::${account}:assumed-role/${role}/session` }];
}

function strangerIn(account: string, taken: readonly string[]): string {
  let name = `arn:aws:iam::${account}:user/someone`;
  while (taken.includes(name)) name += '-else';
  return name;
}

function freshAccount(taken: ReadonlySet<string>): string {
  let account = 999900001111;
  while (taken.has(String(account))) account -= 1;
  return String(account);
}

/** The texts of a type, and one that is none of them. */
function named(texts: readonly (readonly [type: string, text: string])[], type: string): readonly string[] {
  const own = texts.filter((text) => text[0] === type && text[1] !== '*').map(([, text]) => text);
  let other = type === 'Service' ? 'other.amazonaws.com' : 'other';
  while (own.includes(other)) other = `an${other}`;
  return [...new Set(own), other];
}
