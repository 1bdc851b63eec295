/** What `Ref` and `Fn::GetAtt` of a resource give: ARNs as far as the template tells, by a table kept by hand. Evaluates properties only as it is told to. */
import data from '../../../data/cloudformation-arns.json' with { type: 'json' };
import { holeText, joinText, knownText, type Span, sliceText, spelledText, type Text } from '../../text/text.ts';
import type { Resource, Scope } from './scope.ts';

/** What a property of a resource says, where it is a text. */
export type PropertyText = (resource: Resource, property: string) => Text | undefined;

/** Where a value is asked for, and what tells of properties. */
export interface Asked {
  readonly span: Span;
  readonly property: PropertyText;
}

/** What `Ref` of a resource gives: its ARN, its name, or something that has no name but its own. */
export function refText(resource: Resource, asked: Asked): Text {
  const row = rowOf(resource.type);
  const [own] = row?.attributes ?? [];
  if (row && own && row.ref === 'arn') return arnText(resource, own.arn, asked);
  return row && row.ref !== '-' ? nameText(resource, row.ref, asked) : holeText(resource.id, asked.span);
}

/** What an attribute of a resource gives: an ARN where the table has one. */
export function attributeText(resource: Resource, attribute: string, asked: Asked): Text {
  const row = rowOf(resource.type);
  const known = row?.attributes.find(({ name }) => name === attribute);
  if (known) return arnText(resource, known.arn, asked);
  const name = row && row.ref === attribute ? row.ref : undefined;
  return name === undefined ? holeText(`${resource.id}.${attribute}`, asked.span) : nameText(resource, name, asked);
}

/** The role that SAM makes for a function or state machine that has none: `Ref` gives its name, the attribute `Arn` its ARN. */
export function samRole(id: string, scope: Scope): Resource | undefined {
  const maker = scope.resources.get(id.slice(0, -'Role'.length));
  if (!id.endsWith('Role') || !maker || !/^AWS::Serverless::(?:Function|StateMachine)$/.test(maker.type))
    return undefined;
  return { ...maker, id, type: 'AWS::IAM::Role', properties: undefined };
}

/** How the ARN of a resource is said. */
export interface ArnWords {
  /** `B.Arn`, or `B` where `Ref` gives the ARN. */
  readonly name: string;
  readonly by: 'attribute' | 'Ref';
  /** Letters at the end of what is so said that are no part of the resource's own ARN: log groups have `:*` there. */
  readonly tail: string;
  /** The ARN without them as a template of `Fn::Sub`, where it can be put together from what there is. */
  readonly template: string | undefined;
}

/** How the ARN of the resource of that name and type is said; undefined where the table knows of none. */
export function arnWords(id: string, type: string): ArnWords | undefined {
  const row = rowOf(type);
  const [own] = row?.attributes ?? [];
  if (!row || !own) return undefined;
  const tail = own.arn.endsWith(':*') ? ':*' : '';
  const letters = own.arn
    .slice(0, own.arn.length - tail.length)
    .replace(/~/g, '${AWS::Region}')
    .replace(/#/g, '${AWS::AccountId}')
    .replaceAll(`{${row.ref}}`, `\${${id}}`);
  const template = /(?<!\$)\{/.test(letters) ? undefined : `arn:\${AWS::Partition}:${letters}`;
  return row.ref === 'arn'
    ? { name: id, by: 'Ref', tail, template }
    : { name: `${id}.${own.name}`, by: 'attribute', tail, template };
}

interface Attribute {
  readonly name: string;
  /** What stands behind `arn:PARTITION:`, with marks. */
  readonly arn: string;
}

interface Row {
  readonly ref: string;
  readonly attributes: readonly Attribute[];
}

let table: ReadonlyMap<string, string> | undefined;

function rowOf(type: string): Row | undefined {
  table ??= new Map(data.types.map((line) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)]));
  const line = type.startsWith('AWS::') ? table.get(type.slice('AWS::'.length)) : undefined;
  if (line === undefined) return undefined;
  const [first = '', ...rest] = line.split(' | ');
  const [ref = '-', ...own] = first.split(' ');
  const attributes = [own, ...rest.map((part) => part.split(' '))].map(([name = '', , arn = '']) => ({ name, arn }));
  return { ref, attributes };
}

/** The letters of the table, with the partition in front and marks as what they stand for. */
function arnText(resource: Resource, arn: string, asked: Asked): Text {
  const { span } = asked;
  const pieces: Text[] = [spelledText('derived', 'arn:', span), holeText('AWS::Partition', span), letters(':', span)];
  for (const piece of arn.split(/([~#]|\{[^}]*\})/)) {
    if (piece === '~') pieces.push(holeText('AWS::Region', span));
    else if (piece === '#') pieces.push(holeText('AWS::AccountId', span));
    else if (piece.startsWith('{')) pieces.push(markText(resource, piece.slice(1, -1), asked));
    else if (piece !== '') pieces.push(letters(piece, span));
  }
  return joinText(pieces);
}

function letters(text: string, span: Span): Text {
  return spelledText('derived', text, span);
}

function markText(resource: Resource, mark: string, asked: Asked): Text {
  if (mark === '=') return holeText(resource.id, asked.span);
  if (mark.startsWith('!')) return holeText(`${resource.id}.${mark.slice(1)}`, asked.span);
  if (!mark.startsWith('^')) return nameText(resource, mark, asked);
  const property = mark.slice(1);
  if (!has(resource, property))
    return property === 'Path' ? letters('', asked.span) : nameText(resource, property, asked);
  const text = asked.property(resource, property);
  if (text?.flat.startsWith('/') && knownText(sliceText(text, 0, 1)) === '/')
    return sliceText(text, 1, text.flat.length);
  return holeText(`${resource.id}.${property}`, asked.span);
}

function has({ properties }: Resource, name: string): boolean {
  return properties?.open === true || (properties?.entries.some(({ key }) => key.flat === name) ?? false);
}

/** What the property says; else the name that CloudFormation makes up, which is what `Ref` gives where that is the name. */
function nameText(resource: Resource, property: string, asked: Asked): Text {
  const said = asked.property(resource, property);
  if (said) return said;
  const isRef = rowOf(resource.type)?.ref === property;
  return holeText(isRef ? resource.id : `${resource.id}.${property}`, asked.span);
}
