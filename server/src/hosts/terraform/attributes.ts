/**
 * What is known of attributes of resources before anything is deployed: the ARN that a resource of its type will have, as
 * far as the module's text tells its parts, and names that the text gives. Knows no policies.
 */
import data from '../../../data/terraform-arns.json' with { type: 'json' };
import {
  hasHole,
  holeText,
  joinText,
  knownText,
  originText,
  type Part,
  type Span,
  spelledText,
  type Text,
} from '../../text/text.ts';
import type { TextValue } from '../../value/value.ts';
import { type Evaluation, evaluationOf, HCL, restOf, take } from './evaluation.ts';
import { attributeOf } from './file.ts';
import type { Resource, Scope } from './scope.ts';
import { embedded } from './template.ts';
import { knownOf } from './traversal.ts';

type Templates = Readonly<Record<string, Readonly<Record<string, string | undefined>> | undefined>>;

/** The day of the table. */
export const ARNS_DATE: string = data.date;
const TYPES: Readonly<Record<'resource' | 'data', Templates>> = { resource: data.resources, data: data.data };

/**
 * The text of what the path names (`aws_s3_bucket`, `b`, `arn`), at the place of the expression of that name. Undefined
 * where the path names no attribute of the module's resources of which the table knows the form.
 */
export function attributeValue(
  path: readonly string[],
  name: string,
  span: Span,
  scope: Scope,
  account: Evaluation,
): TextValue | undefined {
  const mode = path[0] === 'data' ? 'data' : 'resource';
  const [type, label, ...rest] = mode === 'data' ? path.slice(1) : path;
  if (type === undefined || label === undefined || !type.startsWith('aws_')) return undefined;
  const attribute = rest.at(-1);
  if (attribute === undefined) return undefined;
  const instance = scope.prefix + path.slice(0, -1).join('.');
  const asked = `${instance}.${attribute} ${name}`;
  const known = scope.known.get(asked);
  if (known?.value.kind === 'text') {
    account.left -= known.size;
    take(known, account);
    return { ...known.value, span, text: embedded(known.value, span) };
  }
  const address = `${mode === 'data' ? 'data.' : ''}${type}.${label}`;
  account.reads.add(scope.prefix + address);
  const resource = scope.resources.get(address);
  if (!resource) return undefined;
  const { block } = resource.named;
  const several = (attributeOf(block, 'count') ?? attributeOf(block, 'for_each')) !== undefined;
  if (rest.length !== (several ? 2 : 1)) return undefined;
  const own = { ...evaluationOf(scope), left: account.left, depth: account.depth, deepest: account.depth };
  own.reads.add(scope.prefix + address);
  const place = { resource, instance, several, span, scope, account: own };
  const given = providerValue(type, attribute, place);
  const template = given ? undefined : TYPES[mode][type]?.[attribute];
  const text = given ?? (template === undefined ? undefined : filled(template, place));
  const size = account.left - own.left;
  const ended = restOf(own, account.depth);
  account.left -= size;
  take(ended, account);
  if (!text) return undefined;
  const value: TextValue = { kind: 'text', span, spelling: HCL, text: hasHole(text) ? originText(text, name) : text };
  scope.known.set(asked, { value, size, origins: [], ...ended });
  return value;
}

/** What is known of an instance of a resource; `instance` is what expressions call it. */
interface Place {
  readonly resource: Resource;
  readonly instance: string;
  readonly several: boolean;
  readonly span: Span;
  readonly scope: Scope;
  /** An account of its own, with what whoever asks has left. */
  readonly account: Evaluation;
}

/** The attributes of data sources that tell about the provider itself. */
const OF_PROVIDER: ReadonlyMap<string, 'partition' | 'region' | 'account_id'> = new Map([
  ['aws_partition.partition', 'partition'],
  ['aws_partition.id', 'partition'],
  ['aws_region.name', 'region'],
  ['aws_region.region', 'region'],
  ['aws_region.id', 'region'],
  ['aws_caller_identity.account_id', 'account_id'],
  ['aws_caller_identity.id', 'account_id'],
]);

function providerValue(type: string, attribute: string, place: Place): Text | undefined {
  const what = OF_PROVIDER.get(`${type}.${attribute}`);
  const chosen = ['name', 'region', 'endpoint'].some((argument) => attributeOf(place.resource.named.block, argument));
  return what === undefined || chosen ? undefined : ofProvider(what, place);
}

/** One name for what all resources of one provider share, so that they are equal. */
function ofProvider(what: 'partition' | 'region' | 'account_id', { resource, span, scope }: Place): Text {
  const { named, file } = resource;
  const provider = attributeOf(named.block, 'provider')?.value;
  const words = provider
    ? file.source.text.slice(provider.span.start, provider.span.end).replace(/[^\w.-]/g, '')
    : 'aws';
  return holeText(`${scope.providers}aws_provider.${words.replace(/^aws\.?/, '')}.${what}`.replace('..', '.'), span);
}

/** The template with each `${…}` filled in. */
function filled(template: string, place: Place): Text {
  const pieces = piecesOf(template);
  const text = joinText(
    pieces.map((piece, index) => (index % 2 === 0 ? spelledText('derived', piece, place.span) : partOf(piece, place))),
  );
  return { flat: text.flat, parts: inOne(text.parts) };
}

/** Letters that stand together as one part: all of them come from the one expression. */
function inOne(parts: readonly Part[]): readonly Part[] {
  const joined: Part[] = [];
  for (const part of parts) {
    const last = joined.at(-1);
    if (last?.kind === 'derived' && part.kind === 'derived')
      joined[joined.length - 1] = { ...last, length: last.length + part.length };
    else joined.push(part);
  }
  return joined;
}

/** Letters and names of what is filled in, in turn. */
function piecesOf(template: string): readonly string[] {
  const known = PIECES.get(template);
  if (known) return known;
  const pieces = template.split(/\$\{([^}]*)\}/);
  PIECES.set(template, pieces);
  return pieces;
}

const PIECES = new Map<string, readonly string[]>();

/** `Partition`, `Region`, `Account`; `argument`, `argument=default`; `.attribute` and `?what` are decided by AWS. */
function partOf(part: string, place: Place): Text {
  const { resource, instance, span } = place;
  if (part === 'Partition') return ofProvider('partition', place);
  if (part === 'Account') return ofProvider('account_id', place);
  if (part === 'Region') {
    const own = attributeOf(resource.named.block, 'region');
    return own ? (argumentText('region', place) ?? holeText(`${instance}.region`, span)) : ofProvider('region', place);
  }
  if (part.startsWith('.')) return holeText(`${instance}${part}`, span);
  if (part.startsWith('?')) return holeText(`${instance} ${part}`, span);
  const [argument = '', standard] = part.split('=');
  const given = attributeOf(resource.named.block, argument);
  if (!given && standard !== undefined) return spelledText('derived', standard, span);
  return (given && argumentText(argument, place)) ?? holeText(`${instance}.${argument}`, span);
}

/**
 * What the text gives an argument. Of a resource that there are several of only what is the same for all counts, and what
 * may be an ARN is not the name that the argument is taken for.
 */
function argumentText(argument: string, { resource, several, span, account }: Place): Text | undefined {
  const { named, file } = resource;
  const attribute = attributeOf(named.block, argument);
  if (!attribute) return undefined;
  const known = knownOf(`${named.address}.${argument}`, { file, attribute }, account);
  take(known, account);
  account.left -= known.size;
  const { value } = known;
  if (account.left < 0 || value.kind !== 'text' || value.text.flat.includes(':')) return undefined;
  if (several && knownText(value.text) === undefined) return undefined;
  return embedded(value, span);
}
