/**
 * Stand-ins: what is sent to AWS in place of text that is known at deploy time only. They have the shape that the place
 * asks for, and equal symbols get equal ones, so that two versions of one file stay comparable. Pure.
 */
import { isHole, partAt, type Text } from '../text/text.ts';

/** The names of the members that lead to a text, from the document down: `Statement`, `Resource`; lists add nothing. */
export type Way = readonly string[];

/** The text with a stand-in for each hole. `words` sees to strings that are one hole as a whole. */
export function filledText(text: Text, way: Way): string {
  let filled = '';
  for (let at = 0; at < text.flat.length; at++) {
    if (!isHole(text, at)) {
      filled += text.flat[at];
      continue;
    }
    const symbol = partAt(text, at)?.symbol ?? '';
    filled += text.flat.length === 1 ? wholeStandIn(way, symbol) : partStandIn(text.flat, at, filled, way, symbol);
  }
  return filled;
}

/** What stands for all of a value that is not known. */
export function wholeStandIn(way: Way, symbol: string): string {
  const last = way.at(-1) ?? '';
  switch (way[1]) {
    case 'Effect':
      return 'Allow';
    case 'Sid':
      return `StandIn${mark(symbol)}`;
    case 'Action':
    case 'NotAction':
      return 's3:GetObject';
    case 'Resource':
    case 'NotResource':
      return `arn:aws:s3:::${name(symbol)}`;
    case 'Principal':
    case 'NotPrincipal':
      return principal(last, symbol);
    case 'Condition':
      return conditionValue(way[2] ?? '', last, symbol);
    default:
      return way[0] === 'Version' ? '2012-10-17' : name(symbol);
  }
}

function principal(type: string, symbol: string): string {
  if (type === 'Service') return 'ec2.amazonaws.com';
  if (type === 'Federated') return `arn:aws:iam::${account(symbol)}:oidc-provider/${name(symbol)}.example.com`;
  if (type === 'CanonicalUser') return mark(symbol).repeat(8);
  return `arn:aws:iam::${account(symbol)}:role/${name(symbol)}`;
}

/** By the operator where that says what it takes, else by the key's name. */
function conditionValue(operator: string, key: string, symbol: string): string {
  const plain = operator
    .replace(/^For(AnyValue|AllValues):/i, '')
    .replace(/IfExists$/i, '')
    .toLowerCase();
  if (plain === 'bool' || plain === 'null') return 'true';
  if (plain.startsWith('numeric')) return '1';
  if (plain.startsWith('date')) return '2030-01-01T00:00:00Z';
  if (plain.endsWith('ipaddress')) return '198.51.100.0/24';
  if (plain === 'binaryequals') return 'c3RhbmQtaW4=';
  const lower = key.toLowerCase();
  if (plain.startsWith('arn') || lower.endsWith('arn'))
    return lower.includes('principal')
      ? `arn:aws:iam::${account(symbol)}:role/${name(symbol)}`
      : `arn:aws:sns:us-east-1:${account(symbol)}:${name(symbol)}`;
  if (/account$|sourceowner$/.test(lower)) return account(symbol);
  if (lower.endsWith('orgid')) return organization(symbol);
  if (lower.endsWith('orgpaths')) return `${organization(symbol)}/*`;
  if (lower.endsWith('vpce') || lower.endsWith('vpceid')) return `vpce-0${mark(symbol)}${mark(symbol)}`;
  if (lower.endsWith('vpc')) return `vpc-0${mark(symbol)}${mark(symbol)}`;
  if (lower.endsWith('region')) return 'us-east-1';
  return name(symbol);
}

/** A hole among letters: what is around it tells which part of an ARN or of a name it is. */
function partStandIn(flat: string, at: number, before: string, way: Way, symbol: string): string {
  const [next = ''] = flat.slice(at + 1);
  if (before.startsWith('arn:')) {
    const field = before.split(':').length - 1;
    const isWhole = before.endsWith(':') && next === ':';
    if (isWhole && field < 5) return ['arn', 'aws', 's3', 'us-east-1', account(symbol)][field] ?? name(symbol);
    return field === 4 ? mark(symbol).replace(/\D/g, '0') : name(symbol);
  }
  if (way[1] === 'Principal' || way[1] === 'NotPrincipal') {
    if (way.at(-1) === 'Service')
      return at === 0 ? 'ec2' : /\.$/.test(before) && next === '' ? 'amazonaws.com' : 'us-east-1';
    if (at === 0 && way.at(-1) !== 'Federated') return `arn:aws:iam::${account(symbol)}:role/${name(symbol)}`;
  }
  if (way[1] === 'Action' || way[1] === 'NotAction') return at === 0 && next === ':' ? 's3' : 'GetObject';
  if (at === 0 && (way[1] === 'Resource' || way[1] === 'NotResource')) return `arn:aws:s3:::${name(symbol)}`;
  return name(symbol);
}

/** A name that a resource may bear. */
function name(symbol: string): string {
  return `stand-in-${mark(symbol)}`;
}

/** Twelve digits, of an account that is none of those in documentation. */
function account(symbol: string): string {
  return `9${String(Number.parseInt(mark(symbol), 16) + 10_000_000_000).padStart(11, '0')}`;
}

function organization(symbol: string): string {
  return `o-${mark(symbol)}${mark(symbol).slice(0, 2)}`;
}

/** Eight hexadecimal digits by the letters (FNV-1a). */
function mark(symbol: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < symbol.length; i++) hash = Math.imul(hash ^ symbol.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}
